-- A user's live locks are counted before he gets another one.
CREATE INDEX coupon_lock_of_user ON coupon_lock (partner_id, holder);

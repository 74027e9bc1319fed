-- Alone in its migration: a new value of a type can be used once its transaction has committed.
ALTER TYPE coupon_event ADD VALUE 'voided';
ALTER TYPE coupon_event ADD VALUE 'lifted';

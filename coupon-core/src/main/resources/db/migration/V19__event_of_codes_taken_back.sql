-- Alone in its migration, as V17.
ALTER TYPE coupon_event ADD VALUE 'unassigned';

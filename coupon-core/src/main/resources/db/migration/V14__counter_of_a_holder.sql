-- The counter of each holder is looked up by its key. As a join it was planned, in a session that began while there were
-- no holders, to read all of them, and stayed so: a new home paid for that with each assign until it was first analyzed.
CREATE OR REPLACE FUNCTION coupon_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT book_id, holder FROM changed WHERE holder IS NOT NULL) a
    JOIN coupon_book b ON b.id = a.book_id AND b.max_codes_per_user > 0
    WHERE coalesce((SELECT h.held FROM coupon_holder h WHERE h.book_id = a.book_id AND h.holder = a.holder), 0) < (
      SELECT count(*) FROM coupon c WHERE c.book_id = a.book_id AND c.holder = a.holder))
  THEN PERFORM refuse('a holder has more codes of the book than its counter says');
  END IF;
  RETURN NULL;
END $$;

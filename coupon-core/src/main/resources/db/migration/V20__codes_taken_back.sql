-- A code that is not in use can be taken back from its holder: it becomes void, or free again.

-- As before, but an assigned code keeps its holder only while it is in use; it never goes from one to another at once.
CREATE OR REPLACE FUNCTION coupon_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  redeem_limit integer;
BEGIN
  IF OLD.state = 'void' AND NEW.state = 'free' THEN
    IF NOT EXISTS (SELECT FROM coupon_block k WHERE k.partner_id = OLD.partner_id AND k.code = OLD.code) THEN
      PERFORM refuse('a code that no order has made void stays void');
    END IF;
    IF NEW.expires_at <= coupon_clock() THEN
      PERFORM refuse('an expired code stays void');
    END IF;
  ELSIF OLD.state = 'void' AND NEW.state <> 'void' THEN
    PERFORM refuse(format('a code cannot go from %s to %s', OLD.state, NEW.state));
  END IF;
  IF OLD.holder IS NOT NULL AND NEW.holder IS DISTINCT FROM OLD.holder THEN
    IF NEW.holder IS NOT NULL THEN
      PERFORM refuse('an assigned code does not go from one holder to another');
    END IF;
    IF OLD.redeemed_count > 0 OR EXISTS (
      SELECT FROM coupon_lock l
      WHERE l.partner_id = OLD.partner_id AND l.code = OLD.code AND l.locked_until > coupon_clock())
    THEN PERFORM refuse('a code in use keeps its holder');
    END IF;
  END IF;
  IF OLD.state = 'free' AND NEW.state = 'assigned' AND NEW.expires_at <= coupon_clock() THEN
    PERFORM refuse('an expired code cannot be assigned');
  END IF;
  IF NEW.redeemed_count > OLD.redeemed_count THEN
    SELECT max_redeems_per_user INTO redeem_limit FROM coupon_book WHERE id = NEW.book_id;
    IF redeem_limit > 0 AND NEW.redeemed_count > redeem_limit THEN
      PERFORM refuse(format('a code of this book can be redeemed %s times at most', redeem_limit));
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- Whose code is taken back has one less. At the end of the transaction: until then it may have been promised another one.
CREATE FUNCTION coupon_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT h.held FROM coupon_holder h WHERE h.book_id = OLD.book_id AND h.holder = OLD.holder)
    <> (SELECT count(*) FROM coupon c WHERE c.book_id = OLD.book_id AND c.holder = OLD.holder)
  THEN PERFORM refuse('the counter of a holder whose code is taken back is not that of the codes');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER coupon_taken_back AFTER UPDATE ON coupon DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.holder IS NOT NULL AND NEW.holder IS NULL) EXECUTE FUNCTION coupon_taken_back();

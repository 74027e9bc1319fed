-- A book can be paused, which keeps its codes from being assigned and locked, and closed, which also keeps new codes out, for good.
-- What is locked can be redeemed under either. Programs ask first; here it is held once more, for those that asked a moment too early.

CREATE TYPE book_state AS ENUM ('open', 'paused', 'closed');
ALTER TABLE coupon_book ADD COLUMN state book_state NOT NULL DEFAULT 'open';
GRANT UPDATE (state) ON coupon_book TO coupon_worker;

-- As before, and a closed book stays as it is.
CREATE OR REPLACE FUNCTION coupon_book_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.most_codes_per_user := NEW.max_codes_per_user;
    NEW.most_redeems_per_user := NEW.max_redeems_per_user;
    RETURN NEW;
  END IF;
  IF OLD.state = 'closed' THEN
    PERFORM refuse('a closed book does not change');
  END IF;
  IF NEW.version <= OLD.version THEN
    PERFORM refuse('a change of a book counts up its version');
  END IF;
  IF NEW.expires_at IS DISTINCT FROM OLD.expires_at AND NEW.expires_at <= coupon_clock() THEN
    PERFORM refuse('a book gets no end that has passed');
  END IF;
  NEW.most_codes_per_user := higher_limit(OLD.most_codes_per_user, NEW.max_codes_per_user);
  NEW.most_redeems_per_user := higher_limit(OLD.most_redeems_per_user, NEW.max_redeems_per_user);
  RETURN NEW;
END $$;

-- As before, and into no closed book.
CREATE OR REPLACE FUNCTION coupon_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT partner_id, book_id, load_id FROM added) a
    WHERE NOT EXISTS (
      SELECT FROM code_load l
      WHERE l.id = a.load_id AND l.partner_id = a.partner_id AND l.book_id = a.book_id))
  THEN PERFORM refuse('a code must belong to the partner and the book of its load');
  END IF;
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT book_id FROM added) a
    WHERE (SELECT b.state FROM coupon_book b WHERE b.id = a.book_id) = 'closed')
  THEN PERFORM refuse('a closed book takes no codes');
  END IF;
  RETURN NULL;
END $$;

-- As before, and from no book that is not open. Once per statement: a look at its book for each code would cost assigns a tenth.
DROP TRIGGER coupon_assigned ON coupon;
CREATE OR REPLACE FUNCTION coupon_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT book_id FROM formerly WHERE state = 'free') f
    WHERE (SELECT b.state FROM coupon_book b WHERE b.id = f.book_id) <> 'open'
      AND EXISTS (SELECT FROM changed c WHERE c.book_id = f.book_id AND c.state = 'assigned'))
  THEN PERFORM refuse('a code is assigned only while its book is open');
  END IF;
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT book_id, holder FROM changed WHERE holder IS NOT NULL) a
    JOIN coupon_book b ON b.id = a.book_id AND b.max_codes_per_user > 0
    WHERE coalesce((SELECT h.held FROM coupon_holder h WHERE h.book_id = a.book_id AND h.holder = a.holder), 0) < (
      SELECT count(*) FROM coupon c WHERE c.book_id = a.book_id AND c.holder = a.holder))
  THEN PERFORM refuse('a holder has more codes of the book than its counter says');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER coupon_assigned AFTER UPDATE ON coupon
  REFERENCING OLD TABLE AS formerly NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION coupon_assigned();

-- As before, and only while the book is open: also more time for a lock that is there.
CREATE OR REPLACE FUNCTION coupon_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  right_now timestamptz := coupon_clock();
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.locked_until > right_now AND NEW.token <> OLD.token THEN
    PERFORM refuse('a live lock cannot be replaced');
  END IF;
  IF NEW.locked_until > right_now + interval '3600 seconds' THEN
    PERFORM refuse('a lock holds for 3600 seconds at most');
  END IF;
  IF NOT EXISTS (
    SELECT FROM coupon c
    WHERE c.partner_id = NEW.partner_id AND c.code = NEW.code
      AND c.book_id = NEW.book_id AND c.holder = NEW.holder)
  THEN PERFORM refuse('only the holder of a code can lock it');
  END IF;
  IF (SELECT b.state FROM coupon_book b WHERE b.id = NEW.book_id) <> 'open' THEN
    PERFORM refuse('a code is locked only while its book is open');
  END IF;
  RETURN NEW;
END $$;

-- The rules that no program may break, each refused with SQLSTATE 23514 (check_violation) and a sentence.

CREATE FUNCTION refuse(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', rule USING ERRCODE = 'check_violation';
END $$;

-- Codes come in with their load, and a load belongs to one book of one partner.
-- Once a statement, not once a row: a foreign key would cost a COPY a look-up for each of its millions.
CREATE FUNCTION coupon_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT partner_id, book_id, load_id FROM added) a
    WHERE NOT EXISTS (
      SELECT FROM code_load l
      WHERE l.id = a.load_id AND l.partner_id = a.partner_id AND l.book_id = a.book_id))
  THEN PERFORM refuse('a code must belong to the partner and the book of its load');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER coupon_inserted AFTER INSERT ON coupon
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION coupon_inserted();

CREATE FUNCTION coupon_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  redeem_limit integer;
BEGIN
  IF OLD.state <> NEW.state AND OLD.state <> 'free' THEN
    PERFORM refuse(format('a code cannot go from %s to %s', OLD.state, NEW.state));
  END IF;
  IF OLD.holder IS NOT NULL AND NEW.holder IS DISTINCT FROM OLD.holder THEN
    PERFORM refuse('an assigned code keeps its holder');
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
CREATE TRIGGER coupon_changed BEFORE UPDATE ON coupon
  FOR EACH ROW EXECUTE FUNCTION coupon_changed();

-- Where a book limits the codes of a user, no code goes to a holder whose counter has not been raised for it first.
CREATE FUNCTION coupon_assigned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT book_id, holder FROM changed WHERE holder IS NOT NULL) a
    JOIN coupon_book b ON b.id = a.book_id AND b.max_codes_per_user > 0
    LEFT JOIN coupon_holder h ON h.book_id = a.book_id AND h.holder = a.holder
    WHERE coalesce(h.held, 0) < (
      SELECT count(*) FROM coupon c WHERE c.book_id = a.book_id AND c.holder = a.holder))
  THEN PERFORM refuse('a holder has more codes of the book than its counter says');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER coupon_assigned AFTER UPDATE ON coupon
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION coupon_assigned();

CREATE FUNCTION coupon_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'free' THEN
    PERFORM refuse('only a free code can be removed');
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER coupon_deleted BEFORE DELETE ON coupon
  FOR EACH ROW EXECUTE FUNCTION coupon_deleted();

CREATE FUNCTION coupon_holder_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  code_limit integer;
BEGIN
  SELECT max_codes_per_user INTO code_limit FROM coupon_book WHERE id = NEW.book_id;
  IF code_limit > 0 AND NEW.held > code_limit THEN
    PERFORM refuse(format('a user can hold %s codes of this book at most', code_limit));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER coupon_holder_counted BEFORE INSERT OR UPDATE ON coupon_holder
  FOR EACH ROW EXECUTE FUNCTION coupon_holder_counted();

CREATE FUNCTION coupon_locked() RETURNS trigger LANGUAGE plpgsql AS $$
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
  RETURN NEW;
END $$;
CREATE TRIGGER coupon_locked BEFORE INSERT OR UPDATE ON coupon_lock
  FOR EACH ROW EXECUTE FUNCTION coupon_locked();

CREATE FUNCTION coupon_redeemed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reversed_at IS NOT NULL THEN
    PERFORM refuse('a redemption begins unreversed');
  END IF;
  IF NOT EXISTS (
    SELECT FROM coupon_lock l
    WHERE l.partner_id = NEW.partner_id AND l.code = NEW.code
      AND l.book_id = NEW.book_id AND l.holder = NEW.holder
      AND l.locked_until > coupon_clock())
  THEN PERFORM refuse('a redemption needs a live lock of the holder');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER coupon_redeemed BEFORE INSERT ON coupon_redeem_log
  FOR EACH ROW EXECUTE FUNCTION coupon_redeemed();

CREATE FUNCTION coupon_redeems_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT partner_id, book_id, code FROM added) a
    JOIN coupon_book b ON b.id = a.book_id AND b.max_redeems_per_user > 0
    WHERE b.max_redeems_per_user < (
      SELECT count(*) FROM coupon_redeem_log r
      WHERE r.partner_id = a.partner_id AND r.code = a.code AND r.reversed_at IS NULL))
  THEN PERFORM refuse('a code has more redemptions than its book allows');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER coupon_redeems_counted AFTER INSERT ON coupon_redeem_log
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION coupon_redeems_counted();

CREATE FUNCTION coupon_reversed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.reversed_at IS NOT NULL THEN
    PERFORM refuse('a redemption is reversed once');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER coupon_reversed BEFORE UPDATE ON coupon_redeem_log
  FOR EACH ROW EXECUTE FUNCTION coupon_reversed();

CREATE FUNCTION command_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT OLD.parked OR NEW.partner_id <> OLD.partner_id THEN
    PERFORM refuse('a request is answered once');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER command_answered BEFORE UPDATE ON command_outcome
  FOR EACH ROW EXECUTE FUNCTION command_answered();

-- A partner can make codes void, and lift that. A code that nobody holds changes its state; one that somebody holds stays as it is,
-- with a row in a table of its own that keeps it from being locked: the table of codes has millions, and orders are few.
-- A row here also tells a code that an order has made void from one that is void because its time is over: only that can be lifted.

CREATE TABLE coupon_block (
  partner_id integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  reason text,                                 -- the partner's own words
  request_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT coupon_clock(),
  PRIMARY KEY (partner_id, code),
  FOREIGN KEY (partner_id, code) REFERENCES coupon
);
ALTER TABLE coupon_block ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON coupon_block FOR SELECT TO coupon_edge
  USING (partner_id = ANY ((SELECT coupon_partners())::integer[]));
CREATE POLICY all_rows ON coupon_block TO coupon_worker, coupon_ops USING (true) WITH CHECK (true);
GRANT SELECT ON coupon_block TO coupon_edge, coupon_worker, coupon_ops;
GRANT INSERT, DELETE ON coupon_block TO coupon_worker;

-- Of the codes that somebody holds: those that an order has made void. They are among the assigned.
ALTER TABLE coupon_book_delta ADD COLUMN blocked integer NOT NULL DEFAULT 0;

-- What happens to a code that nobody holds has no holder.
ALTER TABLE coupon_audit ALTER COLUMN holder DROP NOT NULL;

CREATE FUNCTION coupon_blocked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state coupon_state;
  spent boolean;
BEGIN
  SELECT c.state, b.max_redeems_per_user > 0 AND c.redeemed_count >= b.max_redeems_per_user
  INTO state, spent
  FROM coupon c JOIN coupon_book b ON b.id = c.book_id
  WHERE c.partner_id = NEW.partner_id AND c.code = NEW.code;
  IF state = 'free' THEN
    PERFORM refuse('a code that nobody holds is made void by its state');
  END IF;
  IF spent THEN
    PERFORM refuse('a code of which every use is spent is not made void');
  END IF;
  IF EXISTS (
    SELECT FROM coupon_lock l
    WHERE l.partner_id = NEW.partner_id AND l.code = NEW.code AND l.locked_until > coupon_clock())
  THEN PERFORM refuse('a code is not made void under a live lock');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER coupon_blocked BEFORE INSERT ON coupon_block
  FOR EACH ROW EXECUTE FUNCTION coupon_blocked();

-- As before, but a code that an order has made void may become free again.
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
  ELSIF OLD.state <> NEW.state AND OLD.state <> 'free' THEN
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

-- As before, and no code that an order has made void.
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
  IF EXISTS (SELECT FROM coupon_block k WHERE k.partner_id = NEW.partner_id AND k.code = NEW.code) THEN
    PERFORM refuse('a void code cannot be locked');
  END IF;
  RETURN NEW;
END $$;

-- As before, with the counts of blocked codes, and two rules about them.
CREATE OR REPLACE VIEW invariant_violation (rule, place) AS

SELECT 'codes of a load = accepted - removed',
       format('load %s: %s codes, %s accepted, %s removed', l.id, coalesce(c.n, 0), coalesce(p.accepted, 0), coalesce(l.rows_removed, 0))
FROM code_load l
LEFT JOIN (SELECT load_id, count(*) AS n FROM coupon GROUP BY load_id) c ON c.load_id = l.id
LEFT JOIN (SELECT load_id, sum(rows_accepted) AS accepted FROM code_load_part GROUP BY load_id) p ON p.load_id = l.id
WHERE NOT l.dry_run
  AND NOT (l.on_duplicate = 'fail' AND l.state IN ('queued', 'running')) -- all or nothing, at its end
  AND coalesce(c.n, 0) <> coalesce(p.accepted, 0) - coalesce(l.rows_removed, 0)

UNION ALL
SELECT 'a dry run keeps no code', format('load %s', l.id)
FROM code_load l
WHERE l.dry_run AND EXISTS (SELECT FROM coupon c WHERE c.load_id = l.id)

UNION ALL
SELECT 'counts of a book = its codes',
       format('book %s: counted %s/%s/%s/%s/%s, has %s/%s/%s/%s/%s (free/assigned/void/redeemed/blocked)', b.id,
         coalesce(d.free, 0), coalesce(d.assigned, 0), coalesce(d.void, 0), coalesce(d.redeemed, 0), coalesce(d.blocked, 0),
         coalesce(c.free, 0), coalesce(c.assigned, 0), coalesce(c.void, 0), coalesce(c.redeemed, 0), coalesce(k.blocked, 0))
FROM coupon_book b
LEFT JOIN (
  SELECT book_id, sum(free) AS free, sum(assigned) AS assigned, sum(void) AS void, sum(redeemed) AS redeemed,
         sum(blocked) AS blocked
  FROM coupon_book_delta GROUP BY book_id) d ON d.book_id = b.id
LEFT JOIN (
  SELECT book_id,
         count(*) FILTER (WHERE state = 'free') AS free,
         count(*) FILTER (WHERE state = 'assigned') AS assigned,
         count(*) FILTER (WHERE state = 'void') AS void,
         sum(redeemed_count) AS redeemed
  FROM coupon GROUP BY book_id) c ON c.book_id = b.id
LEFT JOIN (
  SELECT c.book_id, count(*) AS blocked
  FROM coupon_block k JOIN coupon c ON c.partner_id = k.partner_id AND c.code = k.code AND c.state = 'assigned'
  GROUP BY c.book_id) k ON k.book_id = b.id
WHERE (coalesce(d.free, 0), coalesce(d.assigned, 0), coalesce(d.void, 0), coalesce(d.redeemed, 0), coalesce(d.blocked, 0))
   <> (coalesce(c.free, 0), coalesce(c.assigned, 0), coalesce(c.void, 0), coalesce(c.redeemed, 0), coalesce(k.blocked, 0))

UNION ALL
SELECT 'a code that an order has made void is not free', format('partner %s, code of book %s', c.partner_id, c.book_id)
FROM coupon_block k JOIN coupon c ON c.partner_id = k.partner_id AND c.code = k.code
WHERE c.state = 'free'

UNION ALL
SELECT 'a code that an order has made void has no live lock', format('partner %s, code of book %s', l.partner_id, l.book_id)
FROM coupon_block k JOIN coupon_lock l ON l.partner_id = k.partner_id AND l.code = k.code
WHERE l.locked_until > coupon_clock()

UNION ALL
SELECT 'redemptions of a code = its counter', format('partner %s, code of book %s: counter %s, log %s', c.partner_id, c.book_id, c.redeemed_count, coalesce(r.n, 0))
FROM coupon c
FULL JOIN (
  SELECT partner_id, code, count(*) AS n FROM coupon_redeem_log WHERE reversed_at IS NULL GROUP BY partner_id, code) r
  ON r.partner_id = c.partner_id AND r.code = c.code
WHERE coalesce(c.redeemed_count, 0) <> coalesce(r.n, 0)

UNION ALL
SELECT 'a code is not redeemed beyond its limit', format('partner %s, code of book %s: %s of %s', c.partner_id, b.id, c.redeemed_count, b.most_redeems_per_user)
FROM coupon c JOIN coupon_book b ON b.id = c.book_id
WHERE b.most_redeems_per_user > 0 AND c.redeemed_count > b.most_redeems_per_user

UNION ALL
SELECT 'a holder''s counter = the codes assigned to that holder', format('book %s: counter %s, codes %s', coalesce(h.book_id, c.book_id), coalesce(h.held, 0), coalesce(c.n, 0))
FROM coupon_holder h
FULL JOIN (
  SELECT book_id, holder, count(*) AS n FROM coupon WHERE holder IS NOT NULL GROUP BY book_id, holder) c
  ON c.book_id = h.book_id AND c.holder = h.holder
WHERE coalesce(h.held, 0) <> coalesce(c.n, 0)

UNION ALL
SELECT 'a holder has no more codes than the book allows', format('book %s: %s of %s', b.id, h.held, b.most_codes_per_user)
FROM coupon_holder h JOIN coupon_book b ON b.id = h.book_id
WHERE b.most_codes_per_user > 0 AND h.held > b.most_codes_per_user

UNION ALL
SELECT 'each version of a book after the first = a change of it', format('book %s: version %s, %s changes', b.id, b.version, coalesce(c.n, 0))
FROM coupon_book b
LEFT JOIN (SELECT book_id, count(*) AS n FROM coupon_book_change GROUP BY book_id) c ON c.book_id = b.id
WHERE b.version <> 1 + coalesce(c.n, 0)

UNION ALL
SELECT 'a lock''s code is assigned to the lock''s user', format('partner %s, code of book %s', l.partner_id, l.book_id)
FROM coupon_lock l
LEFT JOIN coupon c ON c.partner_id = l.partner_id AND c.code = l.code
WHERE c.holder IS DISTINCT FROM l.holder OR c.book_id IS DISTINCT FROM l.book_id

UNION ALL
SELECT 'a finished request for codes has its outcome', format('load %s is %s', l.id, l.state)
FROM code_load l
WHERE l.kind IN ('generate', 'request')
  AND l.state NOT IN ('queued', 'running')
  AND l.created_at > coupon_clock() - interval '30 days'
  AND NOT EXISTS (SELECT FROM command_outcome o WHERE o.request_id = l.public_id)
  AND NOT EXISTS (SELECT FROM command_forgotten f WHERE f.request_id = l.public_id)

UNION ALL
SELECT 'every row''s partner is its book''s partner', format('%s of book %s has partner %s', t.kind, t.book_id, t.partner_id)
FROM (
  SELECT DISTINCT 'a code' AS kind, partner_id, book_id FROM coupon
  UNION ALL SELECT DISTINCT 'a lock', partner_id, book_id FROM coupon_lock
  UNION ALL SELECT DISTINCT 'a redemption', partner_id, book_id FROM coupon_redeem_log
  UNION ALL SELECT DISTINCT 'an audit row', partner_id, book_id FROM coupon_audit
  UNION ALL SELECT DISTINCT 'a load', partner_id, book_id FROM code_load
  UNION ALL SELECT DISTINCT 'a count', partner_id, book_id FROM coupon_book_delta) t
LEFT JOIN coupon_book b ON b.id = t.book_id
WHERE b.partner_id IS DISTINCT FROM t.partner_id;

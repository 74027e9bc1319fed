-- A book can be changed: by a statement that counts up its version, and with a row that says what was asked for.

ALTER TABLE coupon_book
  ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  -- The highest limits that the book ever had; 0: once it had none. A limit may fall below what users hold: they keep it.
  ADD COLUMN most_codes_per_user integer,
  ADD COLUMN most_redeems_per_user integer;
UPDATE coupon_book SET most_codes_per_user = max_codes_per_user, most_redeems_per_user = max_redeems_per_user;
ALTER TABLE coupon_book
  ALTER COLUMN most_codes_per_user SET NOT NULL,
  ALTER COLUMN most_redeems_per_user SET NOT NULL;

-- The higher of two limits, of which 0 is none.
CREATE FUNCTION higher_limit(one integer, other integer) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN 0 IN (one, other) THEN 0 ELSE greatest(one, other) END;

CREATE FUNCTION coupon_book_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.most_codes_per_user := NEW.max_codes_per_user;
    NEW.most_redeems_per_user := NEW.max_redeems_per_user;
    RETURN NEW;
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
CREATE TRIGGER coupon_book_written BEFORE INSERT OR UPDATE ON coupon_book
  FOR EACH ROW EXECUTE FUNCTION coupon_book_written();

-- What was done to a book: one row per version after the first, in the transaction that made it.
CREATE TABLE coupon_book_change (
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  version integer NOT NULL CHECK (version > 1),
  request_id uuid NOT NULL,
  asked json NOT NULL,                         -- the command
  at timestamptz NOT NULL DEFAULT coupon_clock(),
  PRIMARY KEY (partner_id, book_id, version),
  FOREIGN KEY (partner_id, book_id) REFERENCES coupon_book (partner_id, id)
);
ALTER TABLE coupon_book_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON coupon_book_change FOR SELECT TO coupon_edge
  USING (partner_id = ANY ((SELECT coupon_partners())::integer[]));
CREATE POLICY all_rows ON coupon_book_change TO coupon_worker, coupon_sweep, coupon_ops USING (true) WITH CHECK (true);
GRANT SELECT ON coupon_book_change TO coupon_edge, coupon_worker, coupon_ops;
GRANT INSERT ON coupon_book_change TO coupon_worker;
GRANT UPDATE (version, name, metadata, max_codes_per_user, max_redeems_per_user, starts_at, expires_at, lock_seconds)
  ON coupon_book TO coupon_worker;

-- As before, but a counter is refused only where it rises: after its book's limit has fallen it may be above it, and is lowered.
CREATE OR REPLACE FUNCTION coupon_holder_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  code_limit integer;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.held <= OLD.held THEN
    RETURN NEW;
  END IF;
  SELECT max_codes_per_user INTO code_limit FROM coupon_book WHERE id = NEW.book_id;
  IF code_limit > 0 AND NEW.held > code_limit THEN
    PERFORM refuse(format('a user can hold %s codes of this book at most', code_limit));
  END IF;
  RETURN NEW;
END $$;

-- As before, but for three rules: limits are the highest that a book ever had, and its changes make its version.
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
       format('book %s: counted %s/%s/%s/%s, has %s/%s/%s/%s (free/assigned/void/redeemed)', b.id,
         coalesce(d.free, 0), coalesce(d.assigned, 0), coalesce(d.void, 0), coalesce(d.redeemed, 0),
         coalesce(c.free, 0), coalesce(c.assigned, 0), coalesce(c.void, 0), coalesce(c.redeemed, 0))
FROM coupon_book b
LEFT JOIN (
  SELECT book_id, sum(free) AS free, sum(assigned) AS assigned, sum(void) AS void, sum(redeemed) AS redeemed
  FROM coupon_book_delta GROUP BY book_id) d ON d.book_id = b.id
LEFT JOIN (
  SELECT book_id,
         count(*) FILTER (WHERE state = 'free') AS free,
         count(*) FILTER (WHERE state = 'assigned') AS assigned,
         count(*) FILTER (WHERE state = 'void') AS void,
         sum(redeemed_count) AS redeemed
  FROM coupon GROUP BY book_id) c ON c.book_id = b.id
WHERE (coalesce(d.free, 0), coalesce(d.assigned, 0), coalesce(d.void, 0), coalesce(d.redeemed, 0))
   <> (coalesce(c.free, 0), coalesce(c.assigned, 0), coalesce(c.void, 0), coalesce(c.redeemed, 0))

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

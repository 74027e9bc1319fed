-- Requests whose answer was dropped at the end of its retention. Whoever asks about one is told so; without a row here
-- it would look like a request that is still in its queue. Dropped as long after the answer as the answer was kept.
CREATE TABLE command_forgotten (
  request_id uuid PRIMARY KEY,
  partner_id integer NOT NULL REFERENCES partner,
  forgotten_at timestamptz NOT NULL DEFAULT coupon_clock()
);
CREATE INDEX command_forgotten_by_time ON command_forgotten USING brin (forgotten_at);

ALTER TABLE command_forgotten ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON command_forgotten FOR SELECT TO coupon_edge
  USING (partner_id = ANY ((SELECT coupon_partners())::integer[]));
CREATE POLICY all_rows ON command_forgotten TO coupon_sweep, coupon_ops USING (true) WITH CHECK (true);
GRANT SELECT ON command_forgotten TO coupon_edge, coupon_sweep, coupon_ops;
GRANT INSERT (request_id, partner_id), UPDATE (forgotten_at), DELETE ON command_forgotten TO coupon_sweep;

-- As before, but for one rule: a request for codes whose answer was dropped has had it.
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
SELECT 'a code is not redeemed beyond its limit', format('partner %s, code of book %s: %s of %s', c.partner_id, b.id, c.redeemed_count, b.max_redeems_per_user)
FROM coupon c JOIN coupon_book b ON b.id = c.book_id
WHERE b.max_redeems_per_user > 0 AND c.redeemed_count > b.max_redeems_per_user

UNION ALL
SELECT 'a holder''s counter = the codes assigned to that holder', format('book %s: counter %s, codes %s', coalesce(h.book_id, c.book_id), coalesce(h.held, 0), coalesce(c.n, 0))
FROM coupon_holder h
FULL JOIN (
  SELECT book_id, holder, count(*) AS n FROM coupon WHERE holder IS NOT NULL GROUP BY book_id, holder) c
  ON c.book_id = h.book_id AND c.holder = h.holder
WHERE coalesce(h.held, 0) <> coalesce(c.n, 0)

UNION ALL
SELECT 'a holder has no more codes than the book allows', format('book %s: %s of %s', b.id, h.held, b.max_codes_per_user)
FROM coupon_holder h JOIN coupon_book b ON b.id = h.book_id
WHERE b.max_codes_per_user > 0 AND h.held > b.max_codes_per_user

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

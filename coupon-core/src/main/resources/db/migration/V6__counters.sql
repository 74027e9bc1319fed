-- What is asked for at each poll is counted when it happens.

-- Bytes of the object that a part has behind it: in a compressed file they are not those of its text, which its position counts.
ALTER TABLE code_load_part ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
UPDATE code_load_part p
SET bytes = position - range_from
FROM code_load l
WHERE l.id = p.load_id AND l.kind = 'import';

-- How many rows of a part were refused for which reason. Stays when the rows themselves are past their retention.
CREATE TABLE code_reject_count (
  load_id integer NOT NULL REFERENCES code_load,
  part integer NOT NULL,
  reason text NOT NULL,
  rows bigint NOT NULL CHECK (rows > 0),
  PRIMARY KEY (load_id, part, reason)
);
INSERT INTO code_reject_count (load_id, part, reason, rows)
SELECT load_id, part, reason, count(*)
FROM code_reject
GROUP BY load_id, part, reason;

-- The sentences belong to the reason, and are written into the report.
ALTER TABLE code_reject DROP COLUMN message, DROP COLUMN hint;

ALTER TABLE code_reject_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON code_reject_count FOR SELECT TO coupon_edge
  USING (load_id IN (SELECT id FROM code_load));
CREATE POLICY all_rows ON code_reject_count TO coupon_ops USING (true);
GRANT SELECT ON code_reject_count TO coupon_edge, coupon_ops;
GRANT SELECT, INSERT, UPDATE ON code_reject_count TO coupon_ingest;
REVOKE SELECT (load_id, reason) ON code_reject FROM coupon_edge;
DROP POLICY own_rows ON code_reject;

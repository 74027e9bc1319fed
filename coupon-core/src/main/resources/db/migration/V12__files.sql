-- What a partner says of its file, what is allowed to be wrong in it, and what looks wrong and is kept.
ALTER TABLE code_load
  ADD COLUMN stated_layout json,                 -- what the upload said of the file; null: nothing
  ADD COLUMN max_rejects bigint CHECK (max_rejects >= 0), -- with more, nothing of the file is kept; null: no bound
  ADD COLUMN duplicate_code text,                -- a code for which an all-or-nothing file fails,
  ADD COLUMN duplicate_offset bigint;            -- and the byte of the file at which it stands

-- Rows that were kept and look like mistakes; counted like rejects, with the rows they speak of.
CREATE TABLE code_warning_count (
  load_id integer NOT NULL REFERENCES code_load,
  part integer NOT NULL,
  warning text NOT NULL,
  rows bigint NOT NULL,
  example text NOT NULL,                         -- the first of them
  PRIMARY KEY (load_id, part, warning)
);
ALTER TABLE code_warning_count ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON code_warning_count FOR SELECT TO coupon_edge
  USING (load_id IN (SELECT id FROM code_load));
CREATE POLICY all_rows ON code_warning_count TO coupon_ops USING (true);
GRANT SELECT ON code_warning_count TO coupon_edge, coupon_ops;
GRANT SELECT, INSERT, UPDATE ON code_warning_count TO coupon_ingest;

-- Layouts that were found before these could be stated.
UPDATE code_load
SET layout = (layout::jsonb || jsonb_build_object('trim', false, 'fields', json_array_length(layout -> 'columns'),
  'possibleDelimiters', layout ->> 'delimiter'))::json
WHERE layout IS NOT NULL;

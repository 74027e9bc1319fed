-- What operators ask of a load, with who and why. An ingest process carries it out, as a statement of the database.

ALTER TABLE code_load
  ADD COLUMN held_at timestamptz,                 -- stopped by an operator: led by nobody until it is restarted
  ADD COLUMN attempt integer NOT NULL DEFAULT 1;  -- jobs of the load so far; its positions are its own, not theirs

CREATE TABLE load_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  load_id integer NOT NULL REFERENCES code_load,
  action text NOT NULL CHECK (action IN ('stop', 'restart', 'recover', 'abandon')),
  who text NOT NULL CHECK (length(who) BETWEEN 1 AND 100),
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
  ordered_at timestamptz NOT NULL DEFAULT coupon_clock(),
  done_at timestamptz,
  refusal text,                                   -- why it was not done; null: it was
  CHECK (refusal IS NULL OR done_at IS NOT NULL)
);
CREATE INDEX load_order_open ON load_order (id) WHERE done_at IS NULL;
CREATE INDEX load_order_of_load ON load_order (load_id);

GRANT SELECT, INSERT (load_id, action, who, why) ON load_order TO coupon_ops;
GRANT SELECT, UPDATE (done_at, refusal) ON load_order TO coupon_ingest;

-- How often a command was tried by itself and did not end: this tells a command that fails from one that was only
-- in the hands of workers that died. Rows are rare: a command that is done at its first try has none.
CREATE TABLE command_try (
  request_id uuid PRIMARY KEY,
  tries integer NOT NULL DEFAULT 1 CHECK (tries > 0),
  last_at timestamptz NOT NULL DEFAULT coupon_clock()
);
GRANT SELECT, INSERT, UPDATE (tries, last_at) ON command_try TO coupon_worker;
GRANT SELECT, DELETE ON command_try TO coupon_sweep;
GRANT SELECT ON command_try TO coupon_ops;

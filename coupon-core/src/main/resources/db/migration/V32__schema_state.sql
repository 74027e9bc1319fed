-- What programs ask when they start: the newest step of this schema, and the oldest version of programs that runs on it,
-- named by the newest step which that version knows. A step that takes something away which programs before still use
-- replaces this view with a higher second number; no other step touches it (docs/decisions.md, Schema).
CREATE VIEW schema_state (version, oldest_programs) AS
  SELECT max(version::integer), 32
  FROM flyway_schema_history
  WHERE success;
GRANT SELECT ON schema_state TO coupon_edge, coupon_worker, coupon_ingest, coupon_sweep, coupon_ops;

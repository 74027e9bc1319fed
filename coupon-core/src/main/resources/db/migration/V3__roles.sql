-- One role a program, each with no more than its work needs. They cannot log in until a home gives them a password.

DO $$
DECLARE
  program text;
BEGIN
  FOREACH program IN ARRAY ARRAY['coupon_edge', 'coupon_worker', 'coupon_ingest', 'coupon_sweep', 'coupon_ops'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = program) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', program);
    END IF;
  END LOOP;
END $$;
-- PostgreSQL refuses COPY FROM into a table whose row-level security applies to the role. The grants below bound the role instead.
-- Only an owner that has BYPASSRLS itself can give it, and on Aurora none has: V30 does without it, and takes it away again.
DO $$
BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER ROLE coupon_ingest BYPASSRLS;
  END IF;
END $$;
-- The one change of a migration that was on main already. Homes remember the checksum that this file had before, and with
-- the eight letters at the end of this line it has the same one (docs/decisions.md, Homes): mjewaynk

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO coupon_edge, coupon_worker, coupon_ingest, coupon_sweep, coupon_ops;

-- The partners whose rows the edge may see in this transaction: SET LOCAL "coupon.partners" = '1,2'. Unset: none.
CREATE FUNCTION coupon_partners() RETURNS integer[]
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(nullif(current_setting('coupon.partners', true), ''), ',')::integer[];

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['coupon_book', 'coupon_book_delta', 'code_load', 'code_load_part', 'coupon',
                                      'coupon_lock', 'coupon_redeem_log', 'coupon_audit', 'command_outcome'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY own_rows ON %I FOR SELECT TO coupon_edge
                    USING (partner_id = ANY ((SELECT coupon_partners())::integer[]))', tenant_table);
    EXECUTE format('CREATE POLICY all_rows ON %I TO coupon_worker, coupon_sweep, coupon_ops
                    USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('GRANT SELECT ON %I TO coupon_edge, coupon_worker, coupon_ingest, coupon_sweep, coupon_ops', tenant_table);
  END LOOP;
END $$;
GRANT SELECT ON partner TO coupon_edge, coupon_worker, coupon_ingest, coupon_sweep, coupon_ops;
-- A reject has its partner by its load; the edge counts reasons and never reads the rows themselves.
ALTER TABLE code_reject ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON code_reject FOR SELECT TO coupon_edge
  USING (load_id IN (SELECT id FROM code_load));
CREATE POLICY all_rows ON code_reject TO coupon_sweep, coupon_ops USING (true) WITH CHECK (true);
GRANT SELECT (load_id, reason) ON code_reject TO coupon_edge;
GRANT SELECT ON code_reject TO coupon_ingest, coupon_sweep, coupon_ops;
GRANT SELECT ON coupon_book_pick, coupon_holder TO coupon_worker, coupon_ingest, coupon_sweep, coupon_ops;

GRANT INSERT ON coupon_book, coupon_book_pick, coupon_book_delta, coupon_holder, coupon_lock, coupon_redeem_log,
  coupon_audit, command_outcome, code_load, code_load_part TO coupon_worker;
GRANT INSERT (partner_id, book_id, load_id, pick, code, expires_at) ON coupon TO coupon_worker;
GRANT UPDATE (state, holder, assigned_at, redeemed_count) ON coupon TO coupon_worker;
GRANT UPDATE (held) ON coupon_holder TO coupon_worker;
GRANT UPDATE (holder, token, locked_until) ON coupon_lock TO coupon_worker;
GRANT DELETE ON coupon_lock TO coupon_worker;
GRANT UPDATE (reversed_at, reversed_by, reversal_reason) ON coupon_redeem_log TO coupon_worker;
GRANT UPDATE (next_pick) ON coupon_book_pick TO coupon_worker;
GRANT UPDATE (status, body, parked, finished_at, fingerprint, kind) ON command_outcome TO coupon_worker;

GRANT INSERT (partner_id, book_id, load_id, pick, code, expires_at) ON coupon TO coupon_ingest;
GRANT DELETE ON coupon TO coupon_ingest;
-- To pass over codes that are just being assigned, an undo must be able to lock rows, which takes the right to update a column:
-- this one, which decides nothing.
GRANT UPDATE (pick) ON coupon TO coupon_ingest;
GRANT INSERT, UPDATE, DELETE ON code_load_part, code_reject TO coupon_ingest;
GRANT SELECT, INSERT, DELETE ON code_staged TO coupon_ingest;
GRANT INSERT, UPDATE ON code_load TO coupon_ingest;
GRANT UPDATE (next_pick) ON coupon_book_pick TO coupon_ingest;
GRANT INSERT ON coupon_book_delta, command_outcome TO coupon_ingest;
GRANT UPDATE (status, body, parked, finished_at, fingerprint, kind) ON command_outcome TO coupon_ingest;

GRANT DELETE ON coupon_lock, command_outcome, coupon_audit, code_reject TO coupon_sweep;
GRANT UPDATE (state) ON coupon TO coupon_sweep;
-- To pass over locks that somebody is taking over, the sweep must be able to lock rows, which takes the right to update a column:
-- this one, of which a trigger refuses any change.
GRANT UPDATE (book_id) ON coupon_lock TO coupon_sweep;
GRANT INSERT, DELETE ON coupon_book_delta TO coupon_sweep;

GRANT INSERT (name, client_id), UPDATE (disabled_at) ON partner TO coupon_ops;

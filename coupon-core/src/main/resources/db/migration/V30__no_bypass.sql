-- No role has BYPASSRLS. To give that right an owner must have it, and the owner of a schema on Aurora has LOGIN, CREATEDB
-- and CREATEROLE at most.

-- Homes made before this step have it. Whoever cannot take it away has not given it.
DO $$
BEGIN
  IF (SELECT rolbypassrls FROM pg_roles WHERE rolname = 'coupon_ingest') THEN
    ALTER ROLE coupon_ingest NOBYPASSRLS;
  END IF;
END $$;

-- The two tables that COPY writes into: PostgreSQL refuses COPY FROM where row-level security applies to the role. The edge
-- has had no right to code_reject since V6; every other role has always seen all rows of both.
ALTER TABLE coupon DISABLE ROW LEVEL SECURITY;
DROP POLICY own_rows ON coupon;
DROP POLICY all_rows ON coupon;
ALTER TABLE code_reject DISABLE ROW LEVEL SECURITY;
DROP POLICY all_rows ON code_reject;

-- What stands before the codes instead: the edge sees its partners' rows through this view, and nothing of the table. A
-- barrier, so that no condition of a query is tried on other rows. It has the table's name, and the edge finds it first.
REVOKE SELECT ON coupon FROM coupon_edge;
CREATE SCHEMA edge;
GRANT USAGE ON SCHEMA edge TO coupon_edge;
CREATE VIEW edge.coupon WITH (security_barrier) AS
  SELECT * FROM public.coupon
  WHERE partner_id = ANY ((SELECT coupon_partners())::integer[]);
GRANT SELECT ON edge.coupon TO coupon_edge;
ALTER ROLE coupon_edge SET search_path = edge, public;

-- Everywhere else the right is replaced by a policy. The grants bound the role, as before.
DO $$
DECLARE
  tenant_table regclass;
BEGIN
  FOR tenant_table IN
    SELECT oid FROM pg_class
    WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
      AND has_any_column_privilege('coupon_ingest', oid, 'SELECT, INSERT, UPDATE')
  LOOP
    EXECUTE format('CREATE POLICY ingest_rows ON %s TO coupon_ingest USING (true) WITH CHECK (true)', tenant_table);
  END LOOP;
END $$;

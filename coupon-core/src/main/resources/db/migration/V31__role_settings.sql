-- What holds for every connection of a program. Settings of its role and not of the connection, because RDS Proxy refuses a
-- connection that brings "options". They are read when a connection begins.

-- A caller learns within two seconds that the database is away. The role has no right to write; that its transactions only
-- read holds even if somebody grants it one.
ALTER ROLE coupon_edge SET statement_timeout = '1500ms';
ALTER ROLE coupon_edge SET default_transaction_read_only = on;

-- Below the time for which a message is hidden from other workers.
ALTER ROLE coupon_worker SET statement_timeout = '30s';
ALTER ROLE coupon_worker SET lock_timeout = '10s';
ALTER ROLE coupon_sweep SET statement_timeout = '30s';
ALTER ROLE coupon_sweep SET lock_timeout = '10s';

-- Long enough for a chunk that waits for the codes of another. The trigger on coupon keeps the rows of a statement until its
-- end: with this much memory, not in a file.
ALTER ROLE coupon_ingest SET statement_timeout = '100s';
ALTER ROLE coupon_ingest SET work_mem = '16MB';

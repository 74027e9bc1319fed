-- Partners, books, codes, holders, locks, redemptions.
-- Rules about money are held here as well as in Java: whatever a program forgets, a constraint or a trigger refuses.

-- The one clock of the service. Not now(): a transaction that waited for a row would judge a lock by the time it began.
-- Tests replace this function in their own database to set the time.
CREATE FUNCTION coupon_clock() RETURNS timestamptz
  LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN clock_timestamp();

CREATE TYPE coupon_state AS ENUM ('free', 'assigned', 'void');
CREATE TYPE coupon_event AS ENUM ('assigned', 'locked', 'unlocked', 'redeemed', 'reversed');
CREATE TYPE load_kind AS ENUM ('import', 'generate', 'request');
CREATE TYPE load_state AS ENUM
  ('queued', 'running', 'completed', 'completed_with_rejects', 'failed', 'cancelled', 'undone');

CREATE TABLE partner (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  client_id text NOT NULL UNIQUE,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE coupon_book (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,
  partner_id integer NOT NULL REFERENCES partner,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  max_codes_per_user integer NOT NULL CHECK (max_codes_per_user >= 0),        -- 0: no limit
  max_redeems_per_user integer NOT NULL CHECK (max_redeems_per_user >= 0),    -- 0: no limit
  starts_at timestamptz,
  expires_at timestamptz,
  lock_seconds integer NOT NULL CHECK (lock_seconds BETWEEN 1 AND 3600),
  metadata json,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (partner_id, id),
  CHECK (expires_at > starts_at)
);

-- The next free pick number of a book. Apart from the book, and taken in a transaction of its own, so that two chunks never wait for each other.
CREATE TABLE coupon_book_pick (
  book_id integer PRIMARY KEY REFERENCES coupon_book,
  next_pick integer NOT NULL DEFAULT 0
);

-- A book's counts, appended by whoever changes them and folded by the sweep: the sum of a book's rows is its count.
CREATE TABLE coupon_book_delta (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  free integer NOT NULL DEFAULT 0,
  assigned integer NOT NULL DEFAULT 0,
  void integer NOT NULL DEFAULT 0,
  redeemed integer NOT NULL DEFAULT 0,
  FOREIGN KEY (partner_id, book_id) REFERENCES coupon_book (partner_id, id)
);
CREATE INDEX coupon_book_delta_of_book ON coupon_book_delta (book_id);

-- One load: a file, a generation or the codes of one request. Its codes carry its id.
CREATE TABLE code_load (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id uuid NOT NULL UNIQUE,              -- the upload's id, or the request's
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  kind load_kind NOT NULL,
  state load_state NOT NULL DEFAULT 'queued',
  reason text,                                 -- why it failed, in a sentence for the partner
  file_name text,
  object_key text,
  object_etag text,
  sha256 text,                                 -- as declared, base64
  bytes_total bigint NOT NULL DEFAULT 0,
  on_duplicate text NOT NULL DEFAULT 'skip' CHECK (on_duplicate IN ('skip', 'fail')),
  dry_run boolean NOT NULL DEFAULT false,
  default_expires_at timestamptz,
  rows_expected bigint,                        -- known for a generation
  generator json,                              -- what to generate, and the key of the permutation
  layout json,                                 -- delimiter and columns of the file, as its first line has them
  rows_removed bigint,                         -- by an undo
  rejects_key text,                            -- objects that the load left behind
  summary_key text,
  codes_key text,
  cancel_requested_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  UNIQUE (partner_id, book_id, id),
  FOREIGN KEY (partner_id, book_id) REFERENCES coupon_book (partner_id, id),
  CHECK (state <> 'failed' OR reason IS NOT NULL)
);
CREATE INDEX code_load_of_partner ON code_load (partner_id, id);

-- A byte range of a file (or a counter range of a generation): position and counts commit with the rows they speak of.
CREATE TABLE code_load_part (
  load_id integer NOT NULL REFERENCES code_load,
  part integer NOT NULL,
  partner_id integer NOT NULL,
  range_from bigint NOT NULL,
  range_to bigint NOT NULL,
  position bigint NOT NULL,
  lines bigint NOT NULL DEFAULT 0,
  rows_read bigint NOT NULL DEFAULT 0,
  rows_accepted bigint NOT NULL DEFAULT 0,
  rows_duplicate bigint NOT NULL DEFAULT 0,
  rows_rejected bigint NOT NULL DEFAULT 0,
  twins_in_file bigint NOT NULL DEFAULT 0,     -- of the duplicates: so many have their twin in the same load,
  twins_in_other_books bigint NOT NULL DEFAULT 0, -- so many in another book; the rest were in this book before
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (load_id, part),
  CHECK (rows_read = rows_accepted + rows_duplicate + rows_rejected)
);

-- A row that was refused; kept until its load's retention is over.
CREATE TABLE code_reject (
  load_id integer NOT NULL REFERENCES code_load,
  part integer NOT NULL,
  line bigint NOT NULL,                        -- within the part, from 0; the parts' line counts give the file's
  byte_offset bigint NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  hint text NOT NULL,
  raw text NOT NULL,                           -- the line as it came, cut at its bound
  PRIMARY KEY (load_id, part, line)
);

-- Codes of a load that does not keep them, or not yet: a dry run, or a file of which nothing is kept if one code exists.
CREATE TABLE code_staged (
  load_id integer NOT NULL REFERENCES code_load,
  code text COLLATE "C" NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (load_id, code)
);

-- Narrow on purpose: this table has the millions.
CREATE TABLE coupon (
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  load_id integer NOT NULL,
  pick integer NOT NULL,                       -- random within the chunk that brought it
  redeemed_count integer NOT NULL DEFAULT 0 CHECK (redeemed_count >= 0),
  state coupon_state NOT NULL DEFAULT 'free',
  code text COLLATE "C" NOT NULL CHECK (octet_length(code) BETWEEN 1 AND 64),
  expires_at timestamptz,
  holder text,
  assigned_at timestamptz,
  PRIMARY KEY (partner_id, code),
  CONSTRAINT assigned_codes_have_a_holder CHECK ((state = 'assigned') = (holder IS NOT NULL)),
  CONSTRAINT assigned_codes_have_a_time CHECK ((holder IS NULL) = (assigned_at IS NULL)),
  CONSTRAINT only_assigned_codes_are_redeemed CHECK (redeemed_count = 0 OR state = 'assigned')
);
CREATE INDEX coupon_free ON coupon (book_id, pick) WHERE state = 'free';
CREATE INDEX coupon_of_holder ON coupon (book_id, holder) WHERE holder IS NOT NULL;
CREATE INDEX coupon_expiring ON coupon (expires_at) WHERE state = 'free' AND expires_at IS NOT NULL;

CREATE TABLE coupon_holder (
  book_id integer NOT NULL REFERENCES coupon_book,
  holder text NOT NULL,
  held integer NOT NULL CHECK (held >= 0),
  PRIMARY KEY (book_id, holder)
);

-- At most one row a code; a row whose time is over is as good as none.
CREATE TABLE coupon_lock (
  partner_id integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  book_id integer NOT NULL,
  holder text NOT NULL,
  token text NOT NULL,
  locked_until timestamptz NOT NULL,
  PRIMARY KEY (partner_id, code),
  FOREIGN KEY (partner_id, code) REFERENCES coupon
);
CREATE INDEX coupon_lock_of_book ON coupon_lock (book_id);
CREATE INDEX coupon_lock_by_end ON coupon_lock (locked_until);

CREATE TABLE coupon_redeem_log (
  id uuid PRIMARY KEY,                         -- the redemption's id: that of the request which made it
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  holder text NOT NULL,
  redeemed_at timestamptz NOT NULL DEFAULT coupon_clock(),
  reversed_at timestamptz,
  reversed_by uuid,                            -- the request that reversed it
  reversal_reason text,
  FOREIGN KEY (partner_id, code) REFERENCES coupon,
  CHECK ((reversed_at IS NULL) = (reversed_by IS NULL))
);
CREATE INDEX coupon_redeem_log_of_code ON coupon_redeem_log (partner_id, code);

-- Who changed which code, and when; one row a change, in the change's transaction.
CREATE TABLE coupon_audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partner_id integer NOT NULL,
  book_id integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  event coupon_event NOT NULL,
  holder text NOT NULL,
  request_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT coupon_clock()
);
CREATE INDEX coupon_audit_of_code ON coupon_audit (partner_id, code);
CREATE INDEX coupon_audit_by_time ON coupon_audit USING brin (at);

-- The answer to a command, written last in the transaction of its effects. No row: not finished.
CREATE TABLE command_outcome (
  request_id uuid PRIMARY KEY,
  partner_id integer NOT NULL REFERENCES partner,
  kind text NOT NULL,
  fingerprint bytea NOT NULL,                  -- of the command, so that a key used for another body is noticed
  status smallint NOT NULL CHECK (status BETWEEN 200 AND 599),
  body json NOT NULL,
  parked boolean NOT NULL DEFAULT false,       -- answered for a dead letter; a redrive may replace it
  finished_at timestamptz NOT NULL DEFAULT coupon_clock()
);
CREATE INDEX command_outcome_by_time ON command_outcome USING brin (finished_at);

-- The audit chain: each entry holds the SM3 of the one before. Appended under the lock of the head,
-- which is taken last of all.

CREATE TABLE audit_head (
  only_row boolean PRIMARY KEY CHECK (only_row),
  entry_number bigint NOT NULL,
  written_at timestamptz NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32)
);
COMMENT ON TABLE audit_head IS
  'class: local. The last entry; its row lock is the sequencer of the chain.';
INSERT INTO audit_head VALUES (true, 0, '-infinity', decode(repeat('00', 32), 'hex'));

CREATE TABLE audit (
  entry_number bigint PRIMARY KEY,
  written_at timestamptz NOT NULL,
  action smallint NOT NULL,
  actor text NOT NULL,
  first_number bigint,
  last_number bigint,
  object text NOT NULL,
  content_digest bytea NOT NULL CHECK (length(content_digest) = 32),
  digest bytea NOT NULL CHECK (length(digest) = 32)
);
COMMENT ON TABLE audit IS
  'class: local. action: journal/audit.h. first_number and last_number name the journal positions '
  'or inquiries that the entry covers, content_digest is over their rows.';

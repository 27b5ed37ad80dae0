-- The audit chain: each entry holds the SM3 of the one before. Appended under the lock of the head,
-- which is taken last of all. docs/formats/audit.md says what each digest is over.

CREATE TABLE audit_head (
  only_row boolean PRIMARY KEY CHECK (only_row),
  entry_number bigint NOT NULL,
  written_at timestamptz NOT NULL,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  inquiry_number bigint NOT NULL
);
COMMENT ON TABLE audit_head IS
  'class: local. The last entry and the last inquiry; its row lock is the sequencer of both.';
INSERT INTO audit_head SELECT true, 0, timestamptz 'epoch', decode(repeat('00', 32), 'hex'),
  coalesce(max(inquiry_id), 0) FROM inquiry;

CREATE TABLE audit (
  entry_number bigint PRIMARY KEY,
  written_at timestamptz NOT NULL,
  action smallint NOT NULL,
  actor text NOT NULL,
  first_number bigint NOT NULL,
  last_number bigint NOT NULL,
  object text NOT NULL,
  content_digest bytea NOT NULL CHECK (length(content_digest) = 32),
  digest bytea NOT NULL CHECK (length(digest) = 32)
);
COMMENT ON TABLE audit IS
  'class: local. action: journal/audit.h. first_number and last_number name the journal positions '
  'or inquiries that the entry covers (0 and 0: none), content_digest is over their rows.';

-- Numbers of inquiries come from the head, dense and in the order of the chain.
ALTER TABLE inquiry ALTER COLUMN inquiry_id DROP IDENTITY;

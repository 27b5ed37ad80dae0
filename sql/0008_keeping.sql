-- Safe keeping: what was purged, how far ends by date were told, and when backups were made.

CREATE TABLE purged_record (
  subject_id bigint NOT NULL,
  record_id bigint NOT NULL,
  position bigint NOT NULL,
  purged_at timestamptz NOT NULL,
  due_on date NOT NULL,
  PRIMARY KEY (subject_id, record_id)
);
COMMENT ON TABLE purged_record IS
  'class: subject. Records whose content was purged: that one was there and its dates stay.';

CREATE TABLE purged_document (
  dataset_id integer NOT NULL,
  authority_id integer NOT NULL,
  document_digest bytea NOT NULL CHECK (length(document_digest) = 32),
  PRIMARY KEY (dataset_id, authority_id, document_digest)
);
COMMENT ON TABLE purged_document IS
  'class: key. Keyed digests of the documents of purged records and sealed rows, so that one that '
  'is handed in again is known.';

CREATE TABLE purge_state (
  only_row boolean PRIMARY KEY CHECK (only_row),
  ledger_lines bigint NOT NULL,
  rules integer[] NOT NULL,
  ran_at timestamptz
);
COMMENT ON TABLE purge_state IS
  'class: local. Lines of the ledger outside the database that took effect here, and the pack '
  'versions by which the last whole purge looked.';
INSERT INTO purge_state VALUES (true, 0, '{}', NULL);

ALTER TABLE sealed_record ADD COLUMN purge_at date;
CREATE INDEX sealed_record_purge ON sealed_record (purge_at);
COMMENT ON COLUMN sealed_record.purge_at IS
  'When retention ends, found by opening the row once; null: not looked at under these rules.';

ALTER TABLE batch ADD COLUMN staging_ended_at timestamptz;
COMMENT ON COLUMN batch.staging_ended_at IS
  'When the cells and contents of refused and pending rows were emptied because of their age.';

-- Ends by date. Idempotent: an end stands here once, in the same transaction as its journal row.
CREATE TABLE told_end (
  subject_id bigint NOT NULL,
  record_id bigint NOT NULL,
  kind smallint NOT NULL,
  ended_on date NOT NULL,
  PRIMARY KEY (subject_id, record_id, kind, ended_on)
);
COMMENT ON TABLE told_end IS
  'class: subject. Ends of which the journal has a due row. kind: journal/journal.h.';

CREATE TABLE ticker (
  only_row boolean PRIMARY KEY CHECK (only_row),
  told_through date,
  telling_through date,
  telling_after bigint NOT NULL,
  telling_to bigint NOT NULL,
  rules integer[] NOT NULL,
  ran_at timestamptz
);
COMMENT ON TABLE ticker IS
  'class: local. Ends up to told_through stand in the journal as due rows; telling_*: a run that '
  'was begun and the position it came to. Never the source of truth.';
INSERT INTO ticker VALUES (true, NULL, NULL, 0, 0, '{}', NULL);

CREATE TABLE backup_made (
  backup_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  folder text NOT NULL,
  position bigint NOT NULL,
  bytes bigint NOT NULL
);
COMMENT ON TABLE backup_made IS 'class: local. Backups that were finished, for the status.';

CREATE TABLE city_setting (
  name text PRIMARY KEY,
  value text NOT NULL,
  basis text NOT NULL,
  basis_status text NOT NULL CHECK (basis_status IN ('verified', 'unverified'))
);
COMMENT ON TABLE city_setting IS
  'class: reference. Numbers that a city chooses, each with its basis (catalogue/city.h).';

-- Ties between subjects, and records that went to another subject. Everything is appended; what
-- stands at a position is the last event up to it.

-- Each event is written under both subjects, so that either asks one subject only.
CREATE TABLE subject_link (
  subject_id bigint NOT NULL REFERENCES subject,
  link_number integer NOT NULL,
  position bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),
  is_from boolean NOT NULL,
  other_subject bigint NOT NULL,
  form smallint NOT NULL,
  happened_on date NOT NULL,
  document text NOT NULL,
  authority_id integer NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (subject_id, link_number)
);
COMMENT ON TABLE subject_link IS
  'class: subject. kind, form: registry/links.h (alias, unalias, succession, its revocation). '
  'is_from: this subject is the duplicate, or the one that was merged or divided.';

ALTER TABLE subject ADD COLUMN alias_of bigint;
COMMENT ON COLUMN subject.alias_of IS
  'The subject of which this one is a duplicate registration now; its past is in subject_link.';

ALTER TABLE record_version ADD COLUMN moved_subject bigint;
COMMENT ON COLUMN record_version.moved_subject IS
  'Of a version that was moved (change 5): where the record went; of the version that it made '
  'there: where it came from.';

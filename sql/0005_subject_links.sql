-- Ties between subjects, and records that went to another subject. Everything is appended; what
-- stands at a position is the last event up to it.

-- Each event is written under both subjects, so that either asks one subject only. Both rows hold
-- the same position, that of the first of the two entries of the journal: the tie begins and ends
-- at once for both.
CREATE TABLE subject_link (
  subject_id bigint NOT NULL REFERENCES subject,
  link_number integer NOT NULL,
  position bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),
  is_from boolean NOT NULL,
  other_subject bigint NOT NULL,
  form smallint NOT NULL CHECK (form BETWEEN 0 AND 2),
  happened_on date NOT NULL,
  document text NOT NULL,
  authority_id integer NOT NULL,
  actor text NOT NULL,
  approved_by text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (subject_id, link_number)
);
-- The last change of any tie, asked for by each chunk of a hand-in.
CREATE INDEX subject_link_position ON subject_link (position);
COMMENT ON TABLE subject_link IS
  'class: subject. kind, form: registry/links.h (alias, its end, succession, its revocation). '
  'is_from: this subject is the duplicate, or the one that was merged or divided. approved_by: the '
  'second person, "" where none is needed.';

ALTER TABLE subject ADD COLUMN alias_of bigint;
COMMENT ON COLUMN subject.alias_of IS
  'The subject of which this one is a duplicate registration now; its past is in subject_link.';

ALTER TABLE record_version ADD COLUMN moved_subject bigint;
COMMENT ON COLUMN record_version.moved_subject IS
  'Of a version that was moved (change 5): where the record went; of the one that arrived there '
  '(change 6): where it came from. Null of all others.';

-- The source of each move, under both subjects, with the number that both versions have.
CREATE TABLE record_move (
  subject_id bigint NOT NULL,
  record_id bigint NOT NULL,
  version integer NOT NULL,
  other_subject bigint NOT NULL,
  is_from boolean NOT NULL,
  happened_on date NOT NULL,
  document text NOT NULL,
  authority_id integer NOT NULL,
  actor text NOT NULL,
  approved_by text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (subject_id, record_id, version)
);
COMMENT ON TABLE record_move IS
  'class: subject. Why a record went to another subject. is_from: it left this subject. '
  'approved_by: the second person, "" where none is needed.';

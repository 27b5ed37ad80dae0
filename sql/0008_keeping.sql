-- Purge: what was purged, so that it stays gone. The same lines stand in the ledger outside the
-- database and are replayed before a restored one answers.

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

-- How far the ticker has told of ends by date.
CREATE TABLE ticker (
  only_row boolean PRIMARY KEY CHECK (only_row),
  told_through date
);
COMMENT ON TABLE ticker IS
  'class: local. Ends up to this day stand in the journal as due rows; never the source of truth.';
INSERT INTO ticker VALUES (true, NULL);

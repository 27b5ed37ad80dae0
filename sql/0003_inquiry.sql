-- The inquiry log: who asked about whom. Every time is passed in.

CREATE TABLE inquiry (
  inquiry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asked_at timestamptz NOT NULL,
  asker text NOT NULL,
  code text,
  subject_id bigint,
  matter text NOT NULL,
  as_of date NOT NULL,
  position bigint NOT NULL,
  outcome smallint NOT NULL
);
CREATE INDEX inquiry_subject ON inquiry (subject_id, inquiry_id);
COMMENT ON TABLE inquiry IS
  'class: local. Each check, written before its answer leaves. code is the folded credit code, '
  'null for an invalid one (it may be a person''s number). subject_id is null for an unknown '
  'subject, so it is in no key and the table is not distributed. outcome: measure/answer.h.';

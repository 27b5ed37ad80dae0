-- What was decided about pending rows. Kept to rank and to suppress, never to bind by itself.

CREATE TABLE pending_decision (
  batch_id bigint NOT NULL,
  row_number bigint NOT NULL,
  decision_number integer NOT NULL,
  kind smallint NOT NULL,
  state smallint NOT NULL,
  to_subject bigint,
  party_ordinal integer,
  fact text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL,
  decided_by text,
  decided_at timestamptz,
  reason text NOT NULL,
  content_digest bytea,
  replaced_subject bigint,
  replaced_record bigint,
  position bigint,
  PRIMARY KEY (batch_id, row_number, decision_number)
);
COMMENT ON TABLE pending_decision IS
  'class: local. kind, state: archive/pending.h. What takes two persons is proposed by one and '
  'decided by another; position is that of the first change that followed. content_digest: of the '
  'row, null where its content may not be kept. replaced_*: the record that was taken down.';
CREATE INDEX pending_decision_content ON pending_decision (content_digest);

CREATE INDEX batch_row_pending ON batch_row (batch_id, row_number) WHERE fate = 4;

-- Which key file belongs to this database: another one would answer for nobody, quietly.

CREATE TABLE key_mark (
  only_row boolean PRIMARY KEY CHECK (only_row),
  mark bytea NOT NULL CHECK (length(mark) = 32)
);
COMMENT ON TABLE key_mark IS
  'class: local. A digest under the oldest key "record" of the key file that was first used here.';

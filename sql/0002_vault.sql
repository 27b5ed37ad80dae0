-- The vault: rows of natural persons, sealed. Nothing here can be read without the key file.
-- No foreign keys: what refers to a person would spread.

CREATE TABLE sealed_record (
  sealed_id bigint GENERATED ALWAYS AS IDENTITY,
  key_digest bytea NOT NULL CHECK (length(key_digest) = 32),
  version integer NOT NULL CHECK (version >= 1),
  key_number integer NOT NULL,
  person_digest bytea NOT NULL CHECK (length(person_digest) = 32),
  content_digest bytea NOT NULL CHECK (length(content_digest) = 32),
  dataset_id integer NOT NULL,
  authority_id integer NOT NULL,
  batch_id bigint NOT NULL,
  row_number bigint NOT NULL,
  sealed_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  ciphertext bytea NOT NULL,
  PRIMARY KEY (key_digest, version)
);
CREATE INDEX sealed_record_person ON sealed_record (person_digest);
CREATE INDEX sealed_record_batch ON sealed_record (batch_id);
COMMENT ON TABLE sealed_record IS
  'class: key. Versions of personal rows. key_number names the key of the three digests; the key '
  'of the ciphertext is named in its first bytes. The newest version that was not withdrawn '
  'stands.';

CREATE TABLE vault_key (
  purpose text NOT NULL,
  number integer NOT NULL,
  check_digest bytea NOT NULL CHECK (length(check_digest) = 32),
  PRIMARY KEY (purpose, number)
);
COMMENT ON TABLE vault_key IS
  'class: local. A digest under each key in use, so that a wrong key file is refused before it '
  'seals.';

-- Who calls: staff with their sessions, and keys of other systems. Secrets are kept as digests.

CREATE TABLE staff (
  staff_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login_name text NOT NULL UNIQUE,
  display_name text NOT NULL,
  authority_id integer REFERENCES authority,
  roles smallint NOT NULL CHECK (roles > 0),
  password_hash text NOT NULL,
  password_at timestamptz NOT NULL,
  failures integer NOT NULL,
  locked_until timestamptz,
  totp_secret bytea,
  totp_key integer,
  totp_step bigint NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  disabled_at timestamptz,
  disabled_by text
);
COMMENT ON TABLE staff IS
  'class: local. roles: bits of access/roles.h. password_hash: argon2id. failures: sign-ins that '
  'failed since the last that did not. totp_secret: SM4-GCM under key totp_key of "staff-seal"; '
  'totp_step: the last code that was taken.';

CREATE TABLE staff_session (
  session_digest bytea PRIMARY KEY CHECK (length(session_digest) = 32),
  staff_id bigint NOT NULL,
  begun_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
COMMENT ON TABLE staff_session IS
  'class: local. Sessions that may still be used, by the SM3 of their token.';
CREATE INDEX staff_session_of ON staff_session (staff_id);

CREATE TABLE api_key (
  key_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  secret_digest bytea NOT NULL CHECK (length(secret_digest) = 32),
  name text NOT NULL,
  authority_id integer REFERENCES authority,
  roles smallint NOT NULL CHECK (roles > 0),
  matters text[] NOT NULL,
  datasets text[] NOT NULL,
  networks text[] NOT NULL,
  last_day date NOT NULL,
  per_minute integer NOT NULL CHECK (per_minute > 0),
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  revoked_at timestamptz,
  revoked_by text
);
COMMENT ON TABLE api_key IS
  'class: local. secret_digest: SM3 of the 32 bytes. matters, datasets, networks: empty means all. '
  'last_day: the last day on which the key serves.';

CREATE TABLE access_state (
  only_row boolean PRIMARY KEY CHECK (only_row),
  key_changes bigint NOT NULL,
  unknown_names bigint NOT NULL
);
COMMENT ON TABLE access_state IS
  'class: local. key_changes counts what happened to keys: who holds them in memory looks at it. '
  'unknown_names: sign-ins with a login name that is not there.';
INSERT INTO access_state VALUES (true, 0, 0);

-- Times are milliseconds since 1970 in UTC. Ids of sessions, sign-ins and hand-offs are SHA-256 hashes of secrets.
-- Every table that says anything about a person has the columns tenant and object, by which Forget finds it.

-- +goose Up
CREATE TABLE sessions (
	id       BYTEA   NOT NULL PRIMARY KEY,
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	name     TEXT    NOT NULL,
	username TEXT    NOT NULL,
	created  BIGINT  NOT NULL,
	seen     BIGINT  NOT NULL,
	expires  BIGINT  NOT NULL
);
CREATE INDEX sessions_person ON sessions (tenant, object);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	resource TEXT    NOT NULL,
	sealed   BYTEA   NOT NULL,
	expires  BIGINT  NOT NULL,
	PRIMARY KEY (tenant, object, resource)
);
CREATE INDEX tokens_expires ON tokens (expires);

CREATE TABLE leases (
	name   BYTEA   NOT NULL PRIMARY KEY,
	holder TEXT    NOT NULL,
	until  BIGINT  NOT NULL
);

CREATE TABLE sign_ins (
	id        BYTEA   NOT NULL PRIMARY KEY,
	nonce     TEXT    NOT NULL,
	verifier  TEXT    NOT NULL,
	next      TEXT    NOT NULL,
	browser   TEXT    NOT NULL,
	challenge TEXT    NOT NULL,
	expires   BIGINT  NOT NULL
);
CREATE INDEX sign_ins_expires ON sign_ins (expires);

CREATE TABLE hand_offs (
	id        BYTEA   NOT NULL PRIMARY KEY,
	tenant    TEXT    NOT NULL,
	object    TEXT    NOT NULL,
	name      TEXT    NOT NULL,
	username  TEXT    NOT NULL,
	next      TEXT    NOT NULL,
	challenge TEXT    NOT NULL,
	expires   BIGINT  NOT NULL
);
CREATE INDEX hand_offs_expires ON hand_offs (expires);

CREATE TABLE preferences (
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	organization TEXT    NOT NULL,
	app          TEXT    NOT NULL,
	updated      BIGINT  NOT NULL,
	PRIMARY KEY (tenant, object)
);

CREATE TABLE dashboard_choices (
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	organization TEXT    NOT NULL,
	app          TEXT    NOT NULL,
	dashboard    TEXT    NOT NULL,
	personal     BOOLEAN NOT NULL,
	updated      BIGINT  NOT NULL,
	PRIMARY KEY (tenant, object, organization, app)
);

-- +goose Down
DROP TABLE dashboard_choices;
DROP TABLE preferences;
DROP TABLE hand_offs;
DROP TABLE sign_ins;
DROP TABLE leases;
DROP TABLE tokens;
DROP TABLE sessions;

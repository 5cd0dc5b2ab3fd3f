-- Times are milliseconds since 1970 in UTC. Ids of sessions, sign-ins and hand-offs are SHA-256 hashes of secrets.
-- Every table that says anything about a person has the columns tenant and object, by which Forget finds it.

-- +goose Up
CREATE TABLE sessions (
	id       BLOB    NOT NULL PRIMARY KEY,
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	name     TEXT    NOT NULL,
	username TEXT    NOT NULL,
	created  INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	expires  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions (tenant, object);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	resource TEXT    NOT NULL,
	sealed   BLOB    NOT NULL,
	expires  INTEGER NOT NULL,
	PRIMARY KEY (tenant, object, resource)
);
CREATE INDEX tokens_expires ON tokens (expires);

CREATE TABLE leases (
	name   BLOB    NOT NULL PRIMARY KEY,
	holder TEXT    NOT NULL,
	until  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sign_ins (
	id        BLOB    NOT NULL PRIMARY KEY,
	nonce     TEXT    NOT NULL,
	verifier  TEXT    NOT NULL,
	next      TEXT    NOT NULL,
	browser   TEXT    NOT NULL,
	challenge TEXT    NOT NULL,
	expires   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_ins_expires ON sign_ins (expires);

CREATE TABLE hand_offs (
	id        BLOB    NOT NULL PRIMARY KEY,
	tenant    TEXT    NOT NULL,
	object    TEXT    NOT NULL,
	name      TEXT    NOT NULL,
	username  TEXT    NOT NULL,
	next      TEXT    NOT NULL,
	challenge TEXT    NOT NULL,
	expires   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX hand_offs_expires ON hand_offs (expires);

CREATE TABLE preferences (
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	organization TEXT    NOT NULL,
	app          TEXT    NOT NULL,
	updated      INTEGER NOT NULL,
	PRIMARY KEY (tenant, object)
) WITHOUT ROWID;

CREATE TABLE dashboard_choices (
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	organization TEXT    NOT NULL,
	app          TEXT    NOT NULL,
	dashboard    TEXT    NOT NULL,
	personal     BOOLEAN NOT NULL,
	updated      INTEGER NOT NULL,
	PRIMARY KEY (tenant, object, organization, app)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE dashboard_choices;
DROP TABLE preferences;
DROP TABLE hand_offs;
DROP TABLE sign_ins;
DROP TABLE leases;
DROP TABLE tokens;
DROP TABLE sessions;

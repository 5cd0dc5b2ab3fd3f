-- What the bot remembers: which activities it has heard, which of them wait to be answered (sealed, and gone once answered), in
-- which conversations it is, who is signed in to it, and codes of sign-ins that their person has not confirmed yet.

-- +goose Up
CREATE TABLE heard (
	id BLOB    NOT NULL PRIMARY KEY,
	at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX heard_at ON heard (at);

CREATE TABLE turns (
	seq          INTEGER NOT NULL PRIMARY KEY,
	id           BLOB    NOT NULL UNIQUE,
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	conversation BLOB    NOT NULL,
	sealed       BLOB    NOT NULL,
	epoch        INTEGER NOT NULL,
	at           INTEGER NOT NULL,
	holder       TEXT    NOT NULL,
	until        INTEGER NOT NULL,
	tries        INTEGER NOT NULL
);
CREATE INDEX turns_conversation ON turns (conversation, seq);
CREATE INDEX turns_person ON turns (tenant, object);

CREATE TABLE conversations (
	id     BLOB    NOT NULL PRIMARY KEY,
	tenant TEXT    NOT NULL,
	object TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	at     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_person ON conversations (tenant, object);

CREATE TABLE bot_sessions (
	tenant TEXT    NOT NULL,
	object TEXT    NOT NULL,
	since  INTEGER NOT NULL,
	seen   INTEGER NOT NULL,
	PRIMARY KEY (tenant, object)
) WITHOUT ROWID;
CREATE INDEX bot_sessions_seen ON bot_sessions (seen);

CREATE TABLE bot_codes (
	tenant  TEXT    NOT NULL,
	object  TEXT    NOT NULL,
	code    BLOB    NOT NULL,
	tries   INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	PRIMARY KEY (tenant, object)
) WITHOUT ROWID;
CREATE INDEX bot_codes_expires ON bot_codes (expires);

-- +goose Down
DROP TABLE bot_codes;
DROP TABLE bot_sessions;
DROP TABLE conversations;
DROP TABLE turns;
DROP TABLE heard;

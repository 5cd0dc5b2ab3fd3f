-- What the bot remembers: which activities it has heard, which of them wait to be answered (sealed, and gone once answered), in
-- which conversations it is, who is signed in to it, and codes of sign-ins that their person has not confirmed yet.

-- +goose Up
CREATE TABLE heard (
	id BYTEA   NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL
);
CREATE INDEX heard_at ON heard (at);

CREATE TABLE turns (
	seq          BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	id           BYTEA   NOT NULL UNIQUE,
	tenant       TEXT    NOT NULL,
	object       TEXT    NOT NULL,
	conversation BYTEA   NOT NULL,
	sealed       BYTEA   NOT NULL,
	epoch        BIGINT NOT NULL,
	at           BIGINT NOT NULL,
	holder       TEXT    NOT NULL,
	until        BIGINT NOT NULL,
	tries        BIGINT NOT NULL
);
CREATE INDEX turns_conversation ON turns (conversation, seq);
CREATE INDEX turns_person ON turns (tenant, object);

CREATE TABLE conversations (
	id     BYTEA   NOT NULL PRIMARY KEY,
	tenant TEXT    NOT NULL,
	object TEXT    NOT NULL,
	kind   TEXT    NOT NULL,
	at     BIGINT NOT NULL
);
CREATE INDEX conversations_person ON conversations (tenant, object);

CREATE TABLE bot_sessions (
	tenant TEXT    NOT NULL,
	object TEXT    NOT NULL,
	since  BIGINT NOT NULL,
	seen   BIGINT NOT NULL,
	PRIMARY KEY (tenant, object)
);
CREATE INDEX bot_sessions_seen ON bot_sessions (seen);

CREATE TABLE bot_codes (
	tenant  TEXT    NOT NULL,
	object  TEXT    NOT NULL,
	code    BYTEA   NOT NULL,
	tries   BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	PRIMARY KEY (tenant, object)
);
CREATE INDEX bot_codes_expires ON bot_codes (expires);

-- +goose Down
DROP TABLE bot_codes;
DROP TABLE bot_sessions;
DROP TABLE conversations;
DROP TABLE turns;
DROP TABLE heard;

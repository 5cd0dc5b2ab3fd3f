-- Where tabs of channels, chats and meetings lead, without anything of what is there; who made them, apart, so that a pin outlives
-- the wish to be forgotten; and rows in organizations that are to be taken away.

-- +goose Up
CREATE TABLE pins (
	tenant       TEXT   NOT NULL,
	id           TEXT   NOT NULL,
	organization TEXT   NOT NULL,
	app          TEXT   NOT NULL,
	pinned_table TEXT   NOT NULL,
	record       TEXT   NOT NULL,
	pinned_view  TEXT   NOT NULL,
	personal     BOOLEAN NOT NULL,
	lists        TEXT   NOT NULL,
	beside       BOOLEAN NOT NULL,
	team         TEXT   NOT NULL,
	team_group   TEXT   NOT NULL,
	channel      TEXT   NOT NULL,
	chat         TEXT   NOT NULL,
	meeting      TEXT   NOT NULL,
	link         TEXT   NOT NULL,
	created      INTEGER NOT NULL,
	changed      INTEGER NOT NULL,
	opened       INTEGER NOT NULL,
	removed      INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pins_organization ON pins (tenant, organization, created);
CREATE INDEX pins_channel ON pins (tenant, channel);
CREATE INDEX pins_team ON pins (tenant, team);
CREATE INDEX pins_chat ON pins (tenant, chat);

CREATE TABLE pin_creators (
	tenant TEXT NOT NULL,
	object TEXT NOT NULL,
	pin    TEXT NOT NULL,
	PRIMARY KEY (tenant, object, pin)
) WITHOUT ROWID;
CREATE UNIQUE INDEX pin_creators_pin ON pin_creators (tenant, pin);

CREATE TABLE pin_rows (
	tenant       TEXT   NOT NULL,
	id           TEXT   NOT NULL,
	organization TEXT   NOT NULL,
	since        INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE INDEX pin_rows_organization ON pin_rows (tenant, organization);

-- +goose Down
DROP TABLE pin_rows;
DROP TABLE pin_creators;
DROP TABLE pins;

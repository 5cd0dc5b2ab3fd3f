-- What the latest saved choice of a person put aside, so that it can be taken back for a while, and the tenants that an
-- operator has switched off.

-- +goose Up
CREATE TABLE undos (
	tenant             TEXT    NOT NULL,
	object             TEXT    NOT NULL,
	saved              INTEGER  NOT NULL,
	organization       TEXT    NOT NULL,
	app                TEXT    NOT NULL,
	board_organization TEXT    NOT NULL,
	board_app          TEXT    NOT NULL,
	board              TEXT    NOT NULL,
	board_personal     BOOLEAN NOT NULL,
	expires            INTEGER  NOT NULL,
	PRIMARY KEY (tenant, object)
) WITHOUT ROWID;
CREATE INDEX undos_expires ON undos (expires);

CREATE TABLE stopped_tenants (
	tenant TEXT    NOT NULL PRIMARY KEY,
	since  INTEGER  NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE stopped_tenants;
DROP TABLE undos;

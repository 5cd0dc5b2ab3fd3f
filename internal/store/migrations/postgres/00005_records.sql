-- Which write of a record has been sent and how it ended, without anything that was written, and which version of a record a
-- person saw last.

-- +goose Up
CREATE TABLE writes (
	id           TEXT   NOT NULL PRIMARY KEY,
	tenant       TEXT   NOT NULL,
	object       TEXT   NOT NULL,
	organization TEXT   NOT NULL,
	record_table TEXT   NOT NULL,
	record       TEXT   NOT NULL,
	state        TEXT   NOT NULL,
	version      TEXT   NOT NULL,
	made         TEXT   NOT NULL,
	at           BIGINT NOT NULL
);
CREATE INDEX writes_person ON writes (tenant, object);
CREATE INDEX writes_at ON writes (at);

CREATE TABLE looks (
	tenant       TEXT   NOT NULL,
	object       TEXT   NOT NULL,
	organization TEXT   NOT NULL,
	record_table TEXT   NOT NULL,
	record       TEXT   NOT NULL,
	version      TEXT   NOT NULL,
	at           BIGINT NOT NULL,
	PRIMARY KEY (tenant, object, organization, record_table, record)
);
CREATE INDEX looks_at ON looks (at);

-- +goose Down
DROP TABLE looks;
DROP TABLE writes;

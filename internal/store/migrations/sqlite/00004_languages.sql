-- The language that a person chose for themselves, in place of the one that Teams or their browser asks for.

-- +goose Up
CREATE TABLE languages (
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	language TEXT    NOT NULL,
	updated  INTEGER NOT NULL,
	PRIMARY KEY (tenant, object)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE languages;

-- The language that a person chose for themselves, in place of the one that Teams or their browser asks for.

-- +goose Up
CREATE TABLE languages (
	tenant   TEXT    NOT NULL,
	object   TEXT    NOT NULL,
	language TEXT    NOT NULL,
	updated  BIGINT NOT NULL,
	PRIMARY KEY (tenant, object)
);

-- +goose Down
DROP TABLE languages;

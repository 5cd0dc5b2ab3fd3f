-- What a person agreed to, and which people were erased: a one-way number of the person, kept for an hour, and the number of
-- erasures so far. An insertion about a person looks for a mark with a higher number than its request began with.

-- +goose Up
CREATE TABLE consents (
	tenant  TEXT    NOT NULL,
	object  TEXT    NOT NULL,
	subject TEXT    NOT NULL,
	given   INTEGER NOT NULL,
	PRIMARY KEY (tenant, object, subject)
) WITHOUT ROWID;

CREATE TABLE erasures (
	mark  BLOB    NOT NULL PRIMARY KEY,
	epoch INTEGER NOT NULL,
	until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE erasure_epoch (
	single INTEGER NOT NULL PRIMARY KEY CHECK (single = 1),
	epoch  INTEGER NOT NULL
);
INSERT INTO erasure_epoch (single, epoch) VALUES (1, 0);

CREATE INDEX sessions_seen ON sessions (seen);
CREATE INDEX hand_offs_person ON hand_offs (tenant, object);

-- +goose Down
DROP INDEX hand_offs_person;
DROP INDEX sessions_seen;
DROP TABLE erasure_epoch;
DROP TABLE erasures;
DROP TABLE consents;

package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// sqliteReaders is how many connections only read; writing has one, because SQLite has one writer.
const sqliteReaders = 4

// sqliteOptions sets the waiting time for locks before the journal mode, because opening a file that another process
// recovers already needs it. Deleted content is overwritten, and a commit is on disk before it is acknowledged.
const sqliteOptions = "_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=secure_delete(ON)&_pragma=trusted_schema(OFF)"

// openSQLite opens the file at path, creating it readable by this user alone.
func openSQLite(ctx context.Context, path string) (*database, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	address := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + sqliteOptions
	writer, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := sound(ctx, writer); err != nil {
		return nil, fmt.Errorf("%s: %w", path, closing(err, writer))
	}
	if err := migrate(ctx, writer, goose.DialectSQLite3, "sqlite"); err != nil {
		return nil, fmt.Errorf("%s: %w", path, closing(err, writer))
	}
	reader, err := sql.Open("sqlite", address+"&_pragma=query_only(ON)")
	if err != nil {
		return nil, closing(err, writer)
	}
	reader.SetMaxOpenConns(sqliteReaders)
	reader.SetMaxIdleConns(sqliteReaders)
	// The write-ahead log keeps overwritten pages until it is emptied.
	scrub := func(ctx context.Context) error {
		_, err := writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
		return err
	}
	return &database{writer: &pool{DB: writer}, reader: &pool{DB: reader}, scrub: scrub}, nil
}

// sound refuses a damaged file.
func sound(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the file is damaged: %s", verdict)
	}
	return nil
}

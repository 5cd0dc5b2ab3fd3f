package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/pintab/pintab/internal/crm"
)

// sqliteReaders is how many connections only read; writing has one, because SQLite has one writer.
const sqliteReaders = 4

// sqliteOptions sets the waiting time for locks before the journal mode, because opening a file that another process
// recovers already needs it. Deleted content is overwritten, and a commit is on disk before it is
// acknowledged; no temporary files are written.
const sqliteOptions = "_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=secure_delete(ON)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(OFF)"

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
	return &database{
		writer: &pool{DB: writer}, reader: &pool{DB: reader},
		alone:   func(context.Context, *sql.Tx, []crm.StoredTable) error { return nil }, // there is one writer at a time anyway
		scrub:   func(ctx context.Context) error { return rewrite(ctx, writer) },
		rewrite: func(ctx context.Context) error { return rewrite(ctx, writer) },
	}, nil
}

// rewrite writes the whole file anew: although deleted content is overwritten, copies of it stay behind where rows moved
// from one page to another.
func rewrite(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	return emptyLog(ctx, db)
}

// emptyLog empties the write-ahead log, which keeps overwritten pages until then. SQLite waits for readers for as long as
// for any lock, and says when that was not enough.
func emptyLog(ctx context.Context, db *sql.DB) error {
	for {
		var busy, pages, moved int
		if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil || busy == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
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

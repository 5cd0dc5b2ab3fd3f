package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

// Store is one database. All methods are safe for concurrent use, also by several processes on one PostgreSQL.
type Store struct {
	// Now is the clock that decides what has expired; Open sets time.Now.
	Now func() time.Time

	db *database
	// together commits what arrives for the bot.
	together *group
}

// Open opens the database at url, "sqlite:<path>" or "postgres://…", and brings its tables up to date. A SQLite file is
// created when it is missing and refused when it is damaged.
func Open(ctx context.Context, url string) (*Store, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	var db *database
	var err error
	switch scheme {
	case "sqlite":
		db, err = openSQLite(ctx, rest)
	case "postgres", "postgresql":
		db, err = openPostgres(ctx, url)
	default:
		return nil, errors.New(`the database address starts with neither "sqlite:" nor "postgres://"`)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &Store{Now: time.Now, db: db, together: &group{db: db}}, nil
}

// Ping asks the database for a sign of life.
func (s *Store) Ping(ctx context.Context) error { return failed(s.db.ping(ctx)) }

// Close lets go of the database.
func (s *Store) Close() error { return s.db.close() }

// failed turns an error of a driver into a fault; nil stays nil.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Unreachable, "store.unavailable")
}

// found reads a row's fields into dest and reports whether there was a row.
func found(r row, dest ...any) (bool, error) {
	switch err := r.Scan(dest...); {
	case err == nil:
		return true, nil
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	default:
		return false, failed(err)
	}
}

// millis is how a time is kept.
func millis(t time.Time) int64 { return t.UnixMilli() }

// instant reads what millis wrote.
func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

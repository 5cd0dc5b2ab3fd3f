package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/privacy"
)

// postgresConnections is how many connections one process holds at most.
const postgresConnections = 16

// openPostgres connects and migrates; several processes that start at once migrate one after the other. pgx is used
// through database/sql on its own connections, which costs the same as its own pool (BenchmarkPreference).
func openPostgres(ctx context.Context, address string) (*database, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // the error of pgx may quote the password
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, closing(err, db)
	}
	if err := migrate(ctx, db, goose.DialectPostgres, "postgres", goose.WithSessionLocker(locker)); err != nil {
		return nil, closing(err, db)
	}
	shared := &pool{DB: db}
	// What deleted rows leave in the server's files is for the server's own vacuum.
	return &database{
		writer: shared, reader: shared, alone: lockTables,
		scrub:   func(context.Context) error { return nil },
		rewrite: func(ctx context.Context) error { return rewriteTables(ctx, db) },
	}, nil
}

// rewriteTables writes each table anew, into another file; nobody reads or writes a table while that lasts.
func rewriteTables(ctx context.Context, db *sql.DB) error {
	for _, t := range privacy.Inventory() {
		if _, err := db.ExecContext(ctx, "VACUUM (FULL) "+t.Name); err != nil {
			return err
		}
	}
	return nil
}

// lockTables waits for writers of these tables that have not committed yet, whose rows a deletion would not see, and makes
// new ones wait.
func lockTables(ctx context.Context, tx *sql.Tx, tables []crm.StoredTable) error {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN SHARE ROW EXCLUSIVE MODE")
	return err
}

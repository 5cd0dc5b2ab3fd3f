package store

import (
	"context"
	"database/sql"
	"sync"

	"github.com/pintab/pintab/internal/crm"
)

// database is one database with all that differs between the drivers. SQLite has one writer and several readers;
// PostgreSQL has the same pool for both.
type database struct {
	writer *pool
	reader *pool
	// alone keeps everybody else from writing to the tables until the transaction ends, having waited for those who are.
	alone func(ctx context.Context, tx *sql.Tx, tables []crm.StoredTable) error
	// scrub removes what deleted rows leave behind in files that this process owns.
	scrub func(ctx context.Context) error
	// rewrite does so in the files of the database's server too, however long that keeps others waiting.
	rewrite func(ctx context.Context) error
}

// read runs a query that gives at most one row and changes nothing.
func (d *database) read(ctx context.Context, query string, args ...any) row {
	return d.reader.row(ctx, query, args)
}

// take runs a statement that changes something and gives at most one row (RETURNING).
func (d *database) take(ctx context.Context, query string, args ...any) row {
	return d.writer.row(ctx, query, args)
}

// exec runs a statement and gives the number of rows it changed.
func (d *database) exec(ctx context.Context, query string, args ...any) (int64, error) {
	statement, err := d.writer.statement(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// atomically runs statements in one transaction.
func (d *database) atomically(ctx context.Context, statements func(tx *sql.Tx) error) error {
	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := statements(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (d *database) ping(ctx context.Context) error {
	var one int
	return d.reader.row(ctx, "SELECT 1", nil).Scan(&one)
}

func (d *database) close() error {
	if d.reader == d.writer {
		return d.writer.Close()
	}
	return closing(d.reader.Close(), d.writer.DB)
}

// closing closes db and gives err, or the error of closing when there is no other.
func closing(err error, db *sql.DB) error {
	if failed := db.Close(); err == nil {
		return failed
	}
	return err
}

// pool is a pool of connections that compiles each statement once for each connection; there are as many statements as
// this package has constants.
type pool struct {
	*sql.DB
	statements sync.Map // query to *sql.Stmt
}

func (p *pool) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, ok := p.statements.Load(query); ok {
		return known.(*sql.Stmt), nil
	}
	made, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if known, loaded := p.statements.LoadOrStore(query, made); loaded {
		return known.(*sql.Stmt), made.Close()
	}
	return made, nil
}

func (p *pool) row(ctx context.Context, query string, args []any) row {
	statement, err := p.statement(ctx, query)
	if err != nil {
		return noRow{err}
	}
	return statement.QueryRowContext(ctx, args...)
}

// row is one row or the reason why there is none; sql.ErrNoRows when there is none to give.
type row interface{ Scan(dest ...any) error }

// noRow is a row that could not be asked for.
type noRow struct{ err error }

func (r noRow) Scan(...any) error { return r.err }

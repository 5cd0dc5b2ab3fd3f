package engine

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// firstVersion is where version numbers start; real organizations are never near zero.
const firstVersion = 1_000_000

// DB is one organization's rows. It is safe for use by several goroutines.
type DB struct {
	model   *schema.Model
	opts    Options
	tables  map[string]*table
	ordered []*table // as in the model
	readers *readers
	write   *sql.DB
	version atomic.Int64

	texts textIndexes
	words words

	mu         sync.Mutex           // guards what follows
	writing    sync.Mutex           // held by a Load or a Change
	writer     writer               // guarded by writing
	auditing   atomic.Bool          // the organization keeps audit rows
	points     map[string][]pointer // by table, the lookups that point to it
	rights     atomic.Int64         // grows when callers' rights may have changed
	callers    map[string]*Caller
	currencies map[string]currency
}

// Open opens or creates an organization's file and creates tables and indexes that the model has and the file lacks. An
// empty path keeps everything in memory until Close.
func Open(ctx context.Context, path string, model *schema.Model, opts Options) (*DB, error) {
	byName, err := tables(model)
	if err != nil {
		return nil, err
	}
	if path != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("engine: %w", err)
		}
	}
	db := &DB{model: model, opts: opts, tables: byName, callers: map[string]*Caller{}}
	for _, t := range model.Tables {
		db.ordered = append(db.ordered, byName[t.LogicalName])
	}
	db.points = map[string][]pointer{}
	for name := range byName {
		db.points[name] = db.pointers(name)
	}
	db.opts.LCID = cmp.Or(opts.LCID, 1033)
	db.opts.PageSize = cmp.Or(opts.PageSize, 5000)
	db.opts.QuickFindLimit = cmp.Or(opts.QuickFindLimit, 10_000)
	db.opts.FiscalStart = cmp.Or(opts.FiscalStart, Date{time.January, 1})
	if opts.Now == nil {
		db.opts.Now = time.Now
	}
	db.readers, db.write = connections(path)
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := db.create(ctx); err != nil {
		return err
	}
	db.version.Store(firstVersion)
	var stored int64
	switch err := db.write.QueryRowContext(ctx, `SELECT version FROM "~state"`).Scan(&stored); {
	case err == nil:
		db.version.Store(stored)
		if err := db.index(ctx); err != nil {
			return err
		}
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("engine: reading the version: %w", err)
	}
	if err := db.findTextIndexes(ctx); err != nil {
		return err
	}
	if err := db.forget(ctx); err != nil {
		return err
	}
	if err := db.auditSwitch(ctx); err != nil {
		return err
	}
	return db.loadCurrencies(ctx)
}

// Close ends all use of the file.
func (db *DB) Close() error {
	err := db.readers.close()
	db.writing.Lock()
	defer db.writing.Unlock()
	db.writer.forget()
	return errors.Join(err, db.write.Close())
}

// Model is the data model that the organization was opened with.
func (db *DB) Model() *schema.Model { return db.model }

// Options are what the organization was opened with, defaults filled in.
func (db *DB) Options() Options { return db.opts }

// Empty reports whether no row was ever loaded.
func (db *DB) Empty(context.Context) (bool, error) { return db.version.Load() == firstVersion, nil }

// Version is a number that grows with every change of any row.
func (db *DB) Version() int64 { return db.version.Load() }

// Tables lists the logical names of all tables in the model's order.
func (db *DB) Tables() []string {
	names := make([]string, 0, len(db.ordered))
	for _, t := range db.ordered {
		names = append(names, t.LogicalName)
	}
	return names
}

// rows runs a query and hands every row to each, which must not keep the values, nor run a query of its own.
func (db *DB) rows(ctx context.Context, text string, args []any, width int, each func(values []any) error) error {
	c, err := db.readers.take(ctx)
	if err != nil {
		return fmt.Errorf("engine: running a query: %w", err)
	}
	defer db.readers.give(c)
	row := make([]any, width)
	return c.query(ctx, text, args, func(values []driver.Value) error {
		for i := range row {
			row[i] = values[i]
		}
		return each(row)
	})
}

package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// The sizes between which a text index is worth its room, in rows of the table. Below the first a scan is as fast; above
// the second, building takes longer than a person waits, so that only a first Load builds it.
const (
	textIndexFrom = 5_000
	textIndexUpTo = 250_000
)

// textIndexes are the trigram indexes of text columns: for each column a contentless FTS5 table of the folded text, kept in
// step by triggers, so that whoever writes rows need not know of it. They narrow what a pattern can match; the pattern
// itself is still compared, so that an answer never depends on whether there is an index.
//
// An index refers to rows by SQLite's rowid, which VACUUM may renumber: no file of an organization is ever vacuumed.
type textIndexes struct {
	mu    sync.Mutex
	ready map[*column]bool
	sizes map[*table]size // what roughly found out
}

func (c *column) textIndex() string { return "text/" + c.table.LogicalName + "/" + c.LogicalName }

// comparable is the SQL of a column's folded text, prefix being the row ("new.").
func (c *column) comparable(prefix string) string {
	if c.folded != "" {
		return prefix + c.folded
	}
	return "fold(" + prefix + c.sql + ")"
}

// indexable reports whether a column's text can have an index.
func (c *column) indexable() bool {
	return !c.table.union && (c.kind == kText || c.kind == kMemo)
}

// findTextIndexes notes which indexes the file has.
func (db *DB) findTextIndexes(ctx context.Context) error {
	rows, err := db.write.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'text/%/%' AND sql LIKE 'CREATE VIRTUAL%'`)
	if err != nil {
		return fmt.Errorf("engine: reading the file: %w", err)
	}
	defer rows.Close()
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	db.texts.ready = map[*column]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("engine: reading the file: %w", err)
		}
		parts := strings.Split(name, "/")
		if t := db.tables[parts[1]]; t != nil && t.byName[parts[2]] != nil {
			db.texts.ready[t.byName[parts[2]]] = true
		}
	}
	return rows.Err()
}

func (db *DB) hasTextIndex(c *column) bool {
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	return db.texts.ready[c]
}

// wantTextIndex builds a column's index when its table has grown to need one, and reports whether it is there. It gives up
// when somebody is writing: a scan answers as well.
func (db *DB) wantTextIndex(ctx context.Context, c *column, rows int64) bool {
	if db.hasTextIndex(c) {
		return true
	}
	if rows > textIndexUpTo || !db.writing.TryLock() {
		return false
	}
	defer db.writing.Unlock()
	if db.hasTextIndex(c) {
		return true
	}
	soon, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	conn, err := db.write.Conn(soon)
	if err != nil {
		return false
	}
	defer conn.Close()
	return db.buildTextIndex(ctx, conn, c) == nil
}

// buildTextIndex fills a column's index and puts its triggers into the file, all or nothing.
func (db *DB) buildTextIndex(ctx context.Context, conn *sql.Conn, c *column) error {
	err := inTransaction(ctx, conn, c.createTextIndex())
	if err != nil {
		return fmt.Errorf("engine: indexing %s.%s: %w", c.table.LogicalName, c.LogicalName, err)
	}
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	db.texts.ready[c] = true
	return nil
}

func (c *column) createTextIndex() []string {
	index, t := quoted(c.textIndex()), c.table.sql
	old, now := c.comparable("old."), c.comparable("new.")
	name := func(suffix string) string { return quoted(c.textIndex() + suffix) }
	return []string{
		"CREATE VIRTUAL TABLE " + index + " USING fts5(x, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')",
		"INSERT INTO " + index + "(" + index + ", rank) VALUES ('hashsize', 4194304)",
		"INSERT INTO " + index + "(rowid, x) SELECT rowid, " + c.comparable("") + " FROM " + t + " WHERE " + c.sql + " IS NOT NULL",
		"INSERT INTO " + index + "(" + index + ") VALUES ('optimize')",
		"CREATE TRIGGER " + name("+") + " AFTER INSERT ON " + t + " WHEN new." + c.sql + " IS NOT NULL BEGIN " +
			"INSERT INTO " + index + "(rowid, x) VALUES (new.rowid, " + now + "); END",
		"CREATE TRIGGER " + name("-") + " AFTER DELETE ON " + t + " WHEN old." + c.sql + " IS NOT NULL BEGIN " +
			"INSERT INTO " + index + "(" + index + ", rowid, x) VALUES ('delete', old.rowid, " + old + "); END",
		"CREATE TRIGGER " + name("=") + " AFTER UPDATE OF " + c.written() + " ON " + t + " WHEN old." + c.sql + " IS NOT new." + c.sql + " BEGIN " +
			"INSERT INTO " + index + "(" + index + ", rowid, x) SELECT 'delete', old.rowid, " + old + " WHERE old." + c.sql + " IS NOT NULL; " +
			"INSERT INTO " + index + "(rowid, x) SELECT new.rowid, " + now + " WHERE new." + c.sql + " IS NOT NULL; END",
	}
}

// written lists the columns of the file that hold the text.
func (c *column) written() string {
	if c.folded != "" {
		return c.sql + ", " + c.folded
	}
	return c.sql
}

// inTransaction runs statements on the writing connection and undoes them all when one fails.
func inTransaction(ctx context.Context, conn *sql.Conn, statements []string) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, s := range append(slices.Clip(statements), "COMMIT") {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // the error above is the one to tell
			return err
		}
	}
	return nil
}

// enoughToGrow is how many changes of an organization can make a difference to whether a table is big.
const enoughToGrow = textIndexFrom / 10

// size is how many rows a table had when the organization was at a version.
type size struct{ rows, version int64 }

// roughly is how many rows a table has had. Every new row raises the organization's version, so that it has to be found out
// again only after many changes.
func (db *DB) roughly(ctx context.Context, t *table) (int64, error) {
	version := db.version.Load()
	db.texts.mu.Lock()
	known, ok := db.texts.sizes[t]
	db.texts.mu.Unlock()
	if ok && version-known.version < enoughToGrow {
		return known.rows, nil
	}
	n, err := db.rowsOf(ctx, t)
	if err != nil {
		return 0, err
	}
	db.texts.mu.Lock()
	defer db.texts.mu.Unlock()
	if db.texts.sizes == nil {
		db.texts.sizes = map[*table]size{}
	}
	db.texts.sizes[t] = size{n, version}
	return n, nil
}

// rowsOf is how many rows a table has had, which costs no counting.
func (db *DB) rowsOf(ctx context.Context, t *table) (n int64, err error) {
	err = db.rows(ctx, "SELECT coalesce(max(rowid), 0) FROM "+t.sql, nil, 1, func(v []any) error {
		n, _ = v[0].(int64)
		return nil
	})
	return n, err
}

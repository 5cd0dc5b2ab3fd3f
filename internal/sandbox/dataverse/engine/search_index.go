package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/crmxml"
)

// words are the full text indexes behind Dataverse search: for each searchable table a contentless FTS5 table of the folded
// text of the columns that its quick find view looks at, kept in step by triggers. They are built by a first Load of a big
// table, or else by the first search.
type words struct {
	mu      sync.Mutex
	version int64                // of the organization when columns was read
	stamp   [2]int64             // of the views when columns was read
	columns map[*table][]*column // what is searched, by table; nil before it was read
	list    []SearchTable        // the same, with what the quick find views show
	asked   int64                // of the organization when on was read
	on      bool                 // the organization has Dataverse search
}

func (t *table) wordIndex() string { return "words/" + t.LogicalName }

// vocabulary is the table of all words of an index.
func (t *table) vocabulary() string { return "words/" + t.LogicalName + "#" }

// searchedColumns finds what each searchable table is searched by: the find columns of its quick find view, and its name.
func searchedColumns(tables []*table, views []storedView) map[*table][]*column {
	searched := map[*table][]*column{}
	add := func(t *table, name string) {
		if c := t.byName[strings.ToLower(name)]; c != nil && c.indexable() && !c.Hidden && !slices.Contains(searched[t], c) {
			searched[t] = append(searched[t], c)
		}
	}
	for _, t := range tables {
		if t.Searchable && !t.union {
			add(t, t.PrimaryName)
		}
	}
	var find func(t *table, list []crmxml.Filter, within bool)
	find = func(t *table, list []crmxml.Filter, within bool) {
		for i := range list {
			quick := within || list[i].QuickFind
			for _, c := range list[i].Conditions {
				if quick && c.EntityName == "" {
					add(t, c.Attribute)
				}
			}
			find(t, list[i].Filters, quick)
		}
	}
	seen := map[*table]bool{}
	for _, v := range views {
		if v.kind == quickFindView && v.table.Searchable && !v.table.union && !seen[v.table] {
			seen[v.table] = true
			find(v.table, v.fetch.Entity.Filters, false)
		}
	}
	return searched
}

// shownColumns are the columns that each table's quick find view shows.
func shownColumns(views []storedView) map[*table][]string {
	shown := map[*table][]string{}
	for _, v := range views {
		if v.kind != quickFindView || shown[v.table] != nil {
			continue
		}
		for _, a := range v.fetch.Entity.Attributes {
			if c := v.table.byName[strings.ToLower(a.Name)]; c != nil && !c.Hidden && c.kind != kNone {
				shown[v.table] = append(shown[v.table], c.LogicalName)
			}
		}
	}
	return shown
}

// searchTables lists what tables are searched by, in the model's order of tables.
func (db *DB) searchTables(searched map[*table][]*column, shown map[*table][]string) []SearchTable {
	var list []SearchTable
	for _, t := range db.ordered {
		if columns := searched[t]; len(columns) > 0 {
			one := SearchTable{Name: t.LogicalName, Shown: shown[t]}
			for _, c := range columns {
				one.Columns = append(one.Columns, c.LogicalName)
			}
			list = append(list, one)
		}
	}
	return list
}

// searched gives what each table is searched by, with the indexes for it in place.
func (db *DB) searched(ctx context.Context) (map[*table][]*column, error) {
	version := db.version.Load()
	db.words.mu.Lock()
	defer db.words.mu.Unlock()
	if db.words.columns != nil && db.words.version == version {
		return db.words.columns, nil
	}
	stamp, err := db.viewStamp(ctx)
	if err != nil {
		return nil, err
	}
	if db.words.columns == nil || db.words.stamp != stamp {
		views, err := db.storedViews(ctx)
		if err != nil {
			return nil, err
		}
		columns := searchedColumns(db.ordered, views)
		if err := db.wantWords(ctx, columns); err != nil {
			return nil, err
		}
		db.words.columns, db.words.list, db.words.stamp = columns, db.searchTables(columns, shownColumns(views)), stamp
	}
	db.words.version = version
	return db.words.columns, nil
}

// viewStamp changes with every change of a view.
func (db *DB) viewStamp(ctx context.Context) (stamp [2]int64, err error) {
	if db.tables["savedquery"] == nil {
		return stamp, nil
	}
	err = db.rows(ctx, `SELECT count(*), coalesce(max("versionnumber"), 0) FROM savedquery`, nil, 2, func(v []any) error {
		stamp[0], _ = v[0].(int64)
		stamp[1], _ = v[1].(int64)
		return nil
	})
	return stamp, err
}

// wantWords builds the indexes that are missing, or that have other columns than they should.
func (db *DB) wantWords(ctx context.Context, columns map[*table][]*column) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	defer conn.Close()
	for _, t := range db.ordered {
		wanted := columns[t]
		if len(wanted) == 0 {
			continue
		}
		have, err := indexedWords(ctx, conn, t)
		if err != nil {
			return err
		}
		if !slices.EqualFunc(have, wanted, func(name string, c *column) bool { return name == c.LogicalName+"~" }) {
			if err := db.buildWords(ctx, conn, t, wanted); err != nil {
				return err
			}
		}
	}
	return nil
}

func indexedWords(ctx context.Context, conn *sql.Conn, t *table) (names []string, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT name FROM pragma_table_info(?) ORDER BY cid`, t.wordIndex())
	if err != nil {
		return nil, fmt.Errorf("engine: reading the file: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("engine: reading the file: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// buildWords fills a table's index and puts its triggers into the file, all or nothing.
func (db *DB) buildWords(ctx context.Context, conn *sql.Conn, t *table, columns []*column) error {
	index, vocabulary := quoted(t.wordIndex()), quoted(t.vocabulary())
	var names, plain, old, now, differs, written []string
	for _, c := range columns {
		names = append(names, quoted(c.LogicalName+"~"))
		plain, old, now = append(plain, c.comparable("")), append(old, c.comparable("old.")), append(now, c.comparable("new."))
		differs = append(differs, "old."+c.sql+" IS NOT new."+c.sql)
		written = append(written, c.written())
	}
	list := func(parts []string) string { return strings.Join(parts, ", ") }
	trigger := func(suffix, when, body string) string {
		return "CREATE TRIGGER " + quoted(t.wordIndex()+suffix) + " AFTER " + when + " BEGIN " + body + " END"
	}
	drop := "INSERT INTO " + index + "(" + index + ", rowid, " + list(names) + ") VALUES ('delete', old.rowid, " + list(old) + ");"
	add := "INSERT INTO " + index + "(rowid, " + list(names) + ") VALUES (new.rowid, " + list(now) + ");"
	err := inTransaction(ctx, conn, []string{
		"DROP TABLE IF EXISTS " + vocabulary, "DROP TABLE IF EXISTS " + index,
		"DROP TRIGGER IF EXISTS " + quoted(t.wordIndex()+"+"), "DROP TRIGGER IF EXISTS " + quoted(t.wordIndex()+"-"), "DROP TRIGGER IF EXISTS " + quoted(t.wordIndex()+"="),
		"CREATE VIRTUAL TABLE " + index + " USING fts5(" + list(names) + ", content='', columnsize=0, prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
		"CREATE VIRTUAL TABLE " + vocabulary + " USING fts5vocab(" + literal(t.wordIndex()) + ", 'row')",
		"INSERT INTO " + index + "(" + index + ", rank) VALUES ('hashsize', 4194304)",
		"INSERT INTO " + index + "(rowid, " + list(names) + ") SELECT rowid, " + list(plain) + " FROM " + t.sql,
		"INSERT INTO " + index + "(" + index + ") VALUES ('optimize')",
		trigger("+", "INSERT ON "+t.sql, add),
		trigger("-", "DELETE ON "+t.sql, drop),
		trigger("=", "UPDATE OF "+list(written)+" ON "+t.sql+" WHEN "+strings.Join(differs, " OR "), drop+" "+add),
	})
	if err != nil {
		return fmt.Errorf("engine: indexing the words of %s: %w", t.LogicalName, err)
	}
	return nil
}

package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
)

// bigTable is how many rows a first Load gives a table before it gets the indexes that only a big one needs.
const bigTable = 20_000

// viewIndexes is how many indexes the views of one table may ask for.
const viewIndexes = 8

// storedView is a system view as the organization keeps it.
type storedView struct {
	table *table
	kind  int64 // querytype
	fetch *crmxml.Fetch
}

// Microsoft's querytype of a quick find view (savedquery table reference).
const quickFindView = 4

// storedViews reads the active system views; one that cannot be read is none.
func (db *DB) storedViews(ctx context.Context) ([]storedView, error) {
	t := db.tables["savedquery"]
	if t == nil {
		return nil, nil
	}
	var list []storedView
	text := fmt.Sprintf("SELECT %s, %s, %s FROM savedquery WHERE %s = 0 ORDER BY %s, %s", t.or("returnedtypecode", "''"), t.or("querytype", "0"), t.or("fetchxml", "''"),
		t.or("statecode", "0"), t.or("isdefault", "NULL")+" DESC", t.pk.sql)
	err := db.rows(ctx, text, nil, 3, func(v []any) error {
		name, _ := v[0].(string)
		kind, _ := v[1].(int64)
		xml, _ := v[2].(string)
		of := db.tables[name]
		f, err := crmxml.ParseFetch(xml)
		if of == nil || err != nil || f.Entity.Name != name {
			return nil
		}
		list = append(list, storedView{of, kind, f})
		return nil
	})
	return list, err
}

// indexBig gives the tables that a first load has filled beyond a size what keeps their views, searches and patterns fast.
// Small tables go without: their indexes would cost every start and every write, and save nothing.
func (db *DB) indexBig(ctx context.Context) error {
	big := map[*table]bool{}
	for _, t := range db.ordered {
		if t.union {
			continue
		}
		n, err := db.rowsOf(ctx, t)
		if err != nil {
			return err
		}
		if n >= bigTable {
			big[t] = true
		}
	}
	if len(big) == 0 {
		return nil
	}
	views, err := db.storedViews(ctx)
	if err != nil {
		return err
	}
	searched := searchedColumns(db.ordered, views)
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	defer conn.Close()
	for _, t := range db.ordered {
		if !big[t] {
			continue
		}
		if err := inTransaction(ctx, conn, append(t.viewIndexes(views), "PRAGMA analysis_limit = 1000", "ANALYZE "+t.sql)); err != nil {
			return fmt.Errorf("engine: indexing the views of %s: %w", t.LogicalName, err)
		}
		for _, c := range t.patterned(searched[t]) {
			if err := db.buildTextIndex(ctx, conn, c); err != nil {
				return err
			}
		}
		if columns := searched[t]; t.Searchable && len(columns) > 0 {
			if err := db.buildWords(ctx, conn, t, columns); err != nil {
				return err
			}
		}
	}
	return nil
}

// patterned are the columns in which people look for a piece of text: the name and what quick find looks at.
func (t *table) patterned(searched []*column) []*column {
	list := slices.Clone(searched)
	if name := t.byName[t.PrimaryName]; name != nil && name.indexable() && !slices.Contains(list, name) {
		list = append(list, name)
	}
	return list
}

// viewIndexes are the statements for the indexes that serve lists in their order: all rows by name, and for each view the
// columns that it compares with one value, then the column that it is sorted by.
func (t *table) viewIndexes(views []storedView) []string {
	have := t.indexes()
	var statements []string
	add := func(columns []string) {
		list := strings.Join(columns, ", ")
		// What there is of a single column leaves rows without a value out, and so cannot give an order to all.
		covered := func(other string) bool {
			return other == list && len(columns) > 1 || strings.HasPrefix(other, list+",")
		}
		if len(columns) == 0 || len(statements) == viewIndexes || slices.ContainsFunc(have, covered) ||
			slices.ContainsFunc(statements, func(s string) bool { return strings.HasSuffix(s, "("+list+")") }) {
			return
		}
		have = append(have, list)
		name := quoted(t.LogicalName + "#view" + strconv.Itoa(len(statements)) + "#" + strings.NewReplacer(`"`, "", ", ", ".").Replace(list))
		statements = append(statements, "CREATE INDEX IF NOT EXISTS "+name+" ON "+t.sql+" ("+list+")")
	}
	if name := t.byName[t.PrimaryName]; name != nil && name.indexable() && name.folded != "" {
		add([]string{name.folded})
	}
	for _, v := range views {
		if v.table == t && !v.fetch.Aggregate && len(v.fetch.Entity.Orders) > 0 {
			add(t.viewColumns(&v.fetch.Entity))
		}
	}
	return statements
}

func (t *table) viewColumns(e *crmxml.Entity) []string {
	var equal []string
	for _, f := range e.Filters {
		if strings.EqualFold(f.Type, "or") || f.QuickFind {
			continue
		}
		for _, c := range f.Conditions {
			column := t.byName[strings.ToLower(c.Attribute)]
			if c.EntityName == "" && column != nil && column.kind != kNone && (c.Operator == "eq" || c.Operator == "eq-userid") && !slices.Contains(equal, column.indexed()) {
				equal = append(equal, column.indexed())
			}
		}
	}
	slices.Sort(equal)
	order := e.Orders[0]
	by := t.byName[strings.ToLower(order.Attribute)]
	if order.EntityName != "" || by == nil || by.kind == kMemo || by.kind == kNone || by.kind == kGUID || len(by.Options) > 0 || slices.Contains(equal, by.indexed()) {
		return nil
	}
	return append(equal, by.indexed())
}

// indexed is the column of the file that comparing and sorting use.
func (c *column) indexed() string {
	if c.folded != "" {
		return c.folded
	}
	return c.sql
}

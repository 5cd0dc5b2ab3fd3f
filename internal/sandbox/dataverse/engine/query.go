package engine

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
)

// The service's limits on one query.
const (
	maxConditions = 500
	maxLinks      = 15
	maxValues     = 2000
	maxAggregated = 50_000
	maxCounted    = 5_000
	maxPattern    = 4000 // characters of a text to compare with
)

// frag is a piece of SQL with its parameters in the order of their places.
type frag struct {
	sql  string
	args []any
	find *finder // of a condition: the rows that it can hold for, when an index knows; nil otherwise
}

func text(sql string, args ...any) frag { return frag{sql: sql, args: args} }

// and joins what is not empty.
func and(list ...frag) frag { return combine(list, " AND ") }

func combine(list []frag, between string) frag {
	var parts []string
	var args []any
	for _, f := range list {
		if f.sql != "" {
			parts, args = append(parts, f.sql), append(args, f.args...)
		}
	}
	switch len(parts) {
	case 0:
		return frag{}
	case 1:
		return frag{sql: parts[0], args: args}
	}
	return frag{sql: "(" + strings.Join(parts, between) + ")", args: args}
}

func marks(n int) string {
	if n == 0 {
		return "NULL"
	}
	return "?" + strings.Repeat(", ?", n-1)
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// source is a table within a query.
type source struct {
	*table
	sql  string // the table's name within the statement
	link string // alias of the link-entity; "" for the query's own table
}

// query is one fetch on its way to SQL.
type query struct {
	ctx   context.Context // of the one Fetch that the query is for: whether an index helps is asked while binding
	db    *DB
	c     *Caller
	o     FetchOptions
	f     *crmxml.Fetch
	now   time.Time // in the person's time zone
	zone  *time.Location
	root  *source
	count struct{ aliases, links, conditions, values int }
	// joined are the tables whose columns are there to use, in the order they were joined.
	joined  []*source
	outs    []*output
	orders  []*order
	from    []frag // the joins, each with its ON
	where   []frag
	linked  []*linked
	aliases map[string]bool // aliases of link-entities, in lower case
	quick   bool            // there is a quick-find filter
	// indexFrom is how many rows a table has before text indexes are considered.
	indexFrom int64
}

func (db *DB) newQuery(c *Caller, f *crmxml.Fetch, o FetchOptions) *query {
	return &query{ctx: context.Background(), indexFrom: textIndexFrom, aliases: map[string]bool{}, db: db, c: c, f: f, o: o, zone: c.TimeZone, now: db.opts.Now().In(c.TimeZone)}
}

func (q *query) source(t *table, link string) *source {
	s := &source{table: t, sql: "t" + strconv.Itoa(q.count.aliases), link: link}
	q.count.aliases++
	return s
}

// table finds a table and checks that the person may read any of it.
func (q *query) table(name string) (*table, error) {
	t := q.db.tables[strings.ToLower(strings.TrimSpace(name))]
	if t == nil {
		return nil, refuse(CodeUnknownTable, "The entity with a name = '%s' with namemapping = 'Logical' was not found in the MetadataCache.", name)
	}
	return t, q.c.may(t, "Read")
}

// named finds a joined table by the alias of its link-entity, or by its name where the link has no alias.
func (q *query) named(name string) (*source, error) {
	for _, s := range q.joined {
		if s.link != "" && strings.EqualFold(s.link, name) {
			return s, nil
		}
	}
	var found *source
	for _, s := range q.joined {
		if s.LogicalName == strings.ToLower(name) {
			found = s
			break
		}
	}
	if found == nil {
		return nil, refuse(CodeInvalidLink, "The link-entity '%s' that the query refers to is not part of it, or not at that place.", name)
	}
	return found, nil
}

// field is a column of a source as a query means it.
type field struct {
	src *source
	col *column
	// name means the text behind a lookup or choice: "ownerid" asked for as "owneridname".
	name bool
}

// field resolves a column's name. The companions that the service has for lookups and choices ("owneridname") are
// understood as well.
func (q *query) field(s *source, name string) (field, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if c := s.column(name); c != nil && !c.Hidden && c.kind != kNone {
		return field{src: s, col: c}, nil
	}
	if base, ok := strings.CutSuffix(name, "name"); ok {
		if c := s.column(base); c != nil && !c.Hidden && (c.Type.IsLookup() || len(c.Options) > 0) && c.kind != kMulti {
			return field{src: s, col: c, name: true}, nil
		}
	}
	return field{}, refuse(CodeUnknownColumn, "'%s' entity doesn't contain attribute with Name = '%s' and NameMapping = 'Logical'.", s.SchemaName, name)
}

func (q *query) readable(f field) bool { return q.c.CanReadColumn(f.src.Table, f.col.Column) }

// raw is the SQL of a column's value: NULL for whom column security keeps it from.
func (q *query) raw(f field) string {
	switch {
	case !q.readable(f):
		return "NULL"
	case f.name:
		return q.nameOf(f, false)
	}
	return f.src.sql + "." + f.col.sql
}

// compared is the SQL of what the column is compared and grouped by.
func (q *query) compared(f field) string {
	switch {
	case !q.readable(f):
		return "NULL"
	case f.name:
		return q.nameOf(f, true)
	case f.col.folded != "":
		return f.src.sql + "." + f.col.folded
	case f.col.kind == kMemo:
		return "fold(" + f.src.sql + "." + f.col.sql + ")"
	}
	return f.src.sql + "." + f.col.sql
}

// kindOf is the kind of what compared gives.
func (f field) kind() kind {
	if f.name {
		return kText
	}
	return f.col.kind
}

// target is the SQL of the table that a lookup points to.
func (q *query) target(f field) string {
	if f.col.target == "" || !q.readable(f) {
		return "NULL"
	}
	return f.src.sql + "." + f.col.target
}

// nameOf is the text that a lookup or choice shows, as SQL.
func (q *query) nameOf(f field, folded bool) string {
	return q.nameFor(f, f.src.sql+"."+f.col.sql, f.src.sql+"."+f.col.target, folded)
}

// nameFor is nameOf for a value, and a lookup's target, that stand somewhere else in the statement.
func (q *query) nameFor(f field, value, target string, folded bool) string {
	switch {
	case !f.col.Type.IsLookup():
		return q.labelOf(f, value, folded)
	case len(f.col.Targets) == 0:
		return "NULL"
	case f.col.target == "":
		return q.nameIn(f.col.Targets[0], value, folded)
	}
	var b strings.Builder
	b.WriteString("(CASE " + target)
	for _, name := range f.col.Targets {
		if t := q.db.tables[name]; t != nil {
			b.WriteString(" WHEN '" + t.LogicalName + "' THEN " + q.nameIn(name, value, folded))
		}
	}
	b.WriteString(" WHEN '' THEN NULL END)")
	return b.String()
}

// nameIn looks a row's name up. It needs no right on the other table, as the name of a lookup needs none in the service.
func (q *query) nameIn(target, value string, folded bool) string {
	t := q.db.tables[target]
	if t == nil || t.byName[t.PrimaryName] == nil {
		return "NULL"
	}
	name := t.byName[t.PrimaryName]
	if !q.c.CanReadColumn(t.Table, name.Column) {
		return "NULL"
	}
	column := "n." + name.sql
	if folded && name.folded != "" {
		column = "n." + name.folded
	}
	return "(SELECT " + column + " FROM " + t.sql + " n WHERE n." + t.pk.sql + " = " + value + ")"
}

// labelOf spells a choice's labels out; labels are the model's, quoted for SQL.
func (q *query) labelOf(f field, value string, folded bool) string {
	var b strings.Builder
	b.WriteString("(CASE " + value)
	for _, option := range f.col.Options {
		label := option.Label.In(q.c.LCID)
		if folded {
			label = fold(label)
		}
		b.WriteString(" WHEN " + strconv.Itoa(option.Value) + " THEN " + literal(label))
	}
	b.WriteString(" WHEN NULL THEN NULL END)")
	return b.String()
}

// literal quotes a text of the model for SQL.
func literal(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, "\x00", ""), "'", "''") + "'"
}

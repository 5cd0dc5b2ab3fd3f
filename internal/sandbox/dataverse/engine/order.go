package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// order is one sort key.
type order struct {
	field field
	name  string // in a paging cookie
	sql   frag   // what is compared
	raw   frag   // what a cookie tells
	desc  bool
	at    int // position of raw in a row
	rank  map[int64]int64
}

// sorts binds the orders of an entity or link-entity. Sorting follows what people see: lookups by name, choices by label.
func (q *query) sorts(s *source, list []crmxml.Order) error {
	for _, o := range list {
		src := s
		if o.EntityName != "" {
			other, err := q.named(o.EntityName)
			if err != nil {
				return err
			}
			src = other
		}
		name := o.Attribute
		if name == "" {
			name = o.Alias
			if i := slices.IndexFunc(q.outs, func(out *output) bool { return out.Alias == o.Alias }); i >= 0 && o.Alias != "" {
				q.sortBy(q.outs[i].field, o.Descending)
				continue
			}
		}
		f, err := q.field(src, name)
		if err != nil {
			return err
		}
		q.sortBy(f, o.Descending)
	}
	return nil
}

func (q *query) sortBy(f field, desc bool) {
	o := &order{field: f, desc: desc, name: f.col.LogicalName}
	if f.src.link != "" {
		o.name = f.src.link + "." + o.name
	}
	switch {
	case f.col.Type.IsLookup():
		o.field.name = true
	case len(f.col.Options) > 0 && f.col.kind == kInt && !q.o.RawOrder && !q.f.UseRawOrderBy && !f.name:
		o.rank = q.ranks(f.col)
	}
	o.sql, o.raw = text(q.compared(o.field)), text(q.raw(o.field))
	if o.rank != nil && q.readable(f) {
		var b strings.Builder
		b.WriteString("(CASE " + q.raw(f))
		for _, option := range f.col.Options {
			b.WriteString(" WHEN " + strconv.Itoa(option.Value) + " THEN " + strconv.FormatInt(o.rank[int64(option.Value)], 10))
		}
		b.WriteString(" ELSE -1 END)")
		o.sql = text("CASE WHEN " + q.raw(f) + " IS NULL THEN NULL ELSE " + b.String() + " END")
	}
	for _, other := range q.orders {
		if other.sql.sql == o.sql.sql {
			return // a second time changes nothing
		}
	}
	q.orders = append(q.orders, o)
}

// ranks orders a choice's values by their labels.
func (q *query) ranks(c *column) map[int64]int64 {
	options := slices.Clone(c.Options)
	slices.SortStableFunc(options, func(a, b schema.Option) int {
		return cmp.Compare(fold(a.Label.In(q.c.LCID)), fold(b.Label.In(q.c.LCID)))
	})
	ranks := map[int64]int64{}
	for i, option := range options {
		ranks[int64(option.Value)] = int64(i)
	}
	return ranks
}

// tieBreakers make the order total, so that pages neither repeat nor miss a row.
func (q *query) tieBreakers() {
	for _, s := range q.joined {
		f := field{src: s, col: s.pk}
		o := &order{field: f, name: s.pk.LogicalName, sql: text(q.compared(f)), raw: text(q.raw(f))}
		if s.link != "" {
			o.name = s.link + "." + s.pk.LogicalName
		}
		if !slices.ContainsFunc(q.orders, func(other *order) bool { return other.sql.sql == o.sql.sql }) {
			q.orders = append(q.orders, o)
		}
	}
}

func (q *query) orderBy() frag {
	var parts []frag
	for _, o := range q.orders {
		part := o.sql
		if part.sql == "NULL" {
			continue
		}
		if o.desc {
			part.sql += " DESC"
		}
		parts = append(parts, part)
	}
	list := sequence(", ", parts...)
	if list.sql == "" {
		return frag{}
	}
	return sequence("", text(" ORDER BY "), list)
}

// tell writes a sort key's value for a cookie.
func (o *order) tell(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case int64:
		if o.field.kind() == kTime {
			return time.Unix(x, 0).UTC().Format(time.RFC3339)
		}
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return ""
}

// key reads a cookie's value back into what the key is compared with.
func (o *order) key(s string) (any, bool) {
	switch o.field.kind() {
	case kText, kMemo:
		return fold(s), true
	case kGUID:
		id := guid(s)
		return id, id != ""
	case kTime:
		t, err := time.Parse(time.RFC3339, s)
		return t.Unix(), err == nil
	case kInt, kBool:
		n, err := strconv.ParseInt(s, 10, 64)
		if rank, ok := o.rank[n]; ok && o.rank != nil {
			n = rank
		} else if o.rank != nil {
			n = -1
		}
		return n, err == nil
	case kReal:
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	return s, true
}

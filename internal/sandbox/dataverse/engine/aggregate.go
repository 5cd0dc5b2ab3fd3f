package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// aggregate answers one row for each group. The rows that are grouped are taken by an inner query that stops above the
// service's limit, so that no query costs more than that.
func (q *query) aggregate(ctx context.Context) (*Page, error) {
	inner, err := q.aggregates()
	if err != nil {
		return nil, err
	}
	size, paged, err := q.size()
	if err != nil {
		return nil, err
	}
	if err := q.sortGroups(); err != nil {
		return nil, err
	}
	limit := maxAggregated
	if q.f.AggregateLimit > 0 {
		limit = min(limit, q.f.AggregateLimit)
	}
	list, width := q.list()
	list = sequence(", ", list, text("sum(count(*)) OVER ()"))
	page := max(q.f.Page, 1)
	statement := sequence("", text("SELECT "), list, text(" FROM (SELECT "), inner, q.body(), text(" LIMIT ?)", limit+1))
	if groups := q.groupBy(); slices.ContainsFunc(q.outs, func(o *output) bool { return o.GroupBy }) {
		statement = sequence("", statement, groups)
	}
	statement = sequence("", statement, q.orderBy(), text(" LIMIT ? OFFSET ?", size+1, (page-1)*size))
	var rows [][]any
	err = q.db.rows(ctx, statement.sql, statement.args, width+1, func(values []any) error {
		if n, _ := values[width].(int64); n > int64(limit) {
			return refuse(CodeAggregateLimit, "AggregateQueryRecordLimit exceeded. Cannot perform this operation.")
		}
		rows = append(rows, append([]any(nil), values...))
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer := &Page{Table: q.root.Table, Number: page, Total: -1}
	if len(rows) > size {
		rows, answer.More = rows[:size], paged
		answer.Cookie = cookie{page: page}.String()
	}
	if err := q.shape(ctx, answer, rows); err != nil {
		return nil, err
	}
	if (q.f.ReturnTotalRecordCount || q.o.Count) && !answer.More && page == 1 {
		answer.Total = len(rows)
	}
	return answer, nil
}

// aggregates binds the attributes; the answer is the inner select list.
func (q *query) aggregates() (frag, error) {
	var inner []frag
	attributes := []crmxml.Attribute{}
	var sources []*source
	walk := func(s *source, list []crmxml.Attribute) {
		for _, a := range list {
			attributes, sources = append(attributes, a), append(sources, s)
		}
	}
	walk(q.root, q.f.Entity.Attributes)
	q.eachLinked(q.linked, func(l *linked) { walk(l.src, l.Attributes) })
	if len(attributes) > maxOutputs/2 { // each may take several columns of the inner query
		return frag{}, refuse(CodeInvalidQuery, "An aggregate query has more than %d attributes.", maxOutputs/2)
	}
	for i, a := range attributes {
		f, err := q.field(sources[i], a.Name)
		if err != nil {
			return frag{}, err
		}
		if strings.TrimSpace(a.Alias) == "" {
			return frag{}, refuse(CodeInvalidQuery, "An alias is needed for the attribute '%s' of an aggregate query.", a.Name)
		}
		if slices.ContainsFunc(q.outs, func(o *output) bool { return o.Name == a.Alias }) {
			return frag{}, refuse(CodeInvalidQuery, "The alias '%s' is used for more than one attribute.", a.Alias)
		}
		o := &output{field: f, Column: Column{Name: a.Alias, Alias: a.Alias, Table: f.src.Table, Column: f.col.Column, Link: f.src.link}}
		bind := q.aggregated
		if a.GroupBy {
			bind = q.grouped
		}
		if inner, err = bind(inner, o, a, strconv.Itoa(i)); err != nil {
			return frag{}, err
		}
		q.outs = append(q.outs, o)
	}
	if len(q.outs) == 0 {
		return frag{}, refuse(CodeInvalidQuery, "An aggregate query has to name what it aggregates.")
	}
	return sequence(", ", inner...), nil
}

func (q *query) eachLinked(list []*linked, do func(*linked)) {
	for _, l := range list {
		do(l)
		q.eachLinked(l.kids, do)
	}
}

var dateGroupings = []string{"day", "week", "month", "quarter", "year", "fiscal-period", "fiscal-year"}

// grouped binds a groupby attribute: group is what falls together, the rest is what it is shown by.
func (q *query) grouped(inner []frag, o *output, a crmxml.Attribute, n string) ([]frag, error) {
	o.GroupBy = true
	o.group = text("g" + n)
	key := text(q.compared(o.field))
	if grouping := strings.ToLower(a.DateGrouping); grouping != "" {
		if !slices.Contains(dateGroupings, grouping) || o.field.kind() != kTime {
			return nil, refuse(CodeInvalidQuery, "The date grouping '%s' of '%s' is not valid.", a.DateGrouping, a.Name)
		}
		o.DateGrouping = grouping
		key = q.datePart(o.field, grouping)
		if a.UserTimeZone == "0" || strings.EqualFold(a.UserTimeZone, "false") {
			key.args[1] = "UTC"
		}
	}
	inner = append(inner, sequence(" ", key, text("AS g"+n)))
	o.sql = o.group
	switch {
	case o.field.kind() == kText || o.field.kind() == kMemo:
		inner = append(inner, text(q.raw(o.field)+" AS r"+n))
		o.sql = text("min(r" + n + ")")
	case o.lookup() && o.field.col.target != "":
		inner = append(inner, text(q.target(o.field)+" AS k"+n))
		o.second = text("min(k" + n + ")")
	}
	return inner, nil
}

func (q *query) aggregated(inner []frag, o *output, a crmxml.Attribute, n string) ([]frag, error) {
	o.Aggregate = strings.ToLower(strings.TrimSpace(a.Aggregate))
	numeric := o.field.kind() == kInt || o.field.kind() == kReal
	if base := q.baseOf(o.field); base != nil && o.Aggregate != "countcolumn" && o.Aggregate != "count" {
		o.field.col, o.base = base, true // amounts of several currencies add up in the base currency alone
	}
	value := "v" + n
	switch o.Aggregate {
	case "count":
		o.sql = text("count(*)")
		return append(inner, text("1 AS "+value)), nil
	case "countcolumn":
		o.sql = text("count(" + value + ")")
		if a.Distinct {
			o.sql = text("count(DISTINCT " + value + ")")
		}
	case "min", "max":
		if !numeric && o.field.kind() != kTime {
			return nil, refuse(CodeInvalidQuery, "The aggregate '%s' does not fit the attribute '%s'.", a.Aggregate, a.Name)
		}
		o.sql = text(o.Aggregate + "(" + value + ")")
	case "sum", "avg":
		if !numeric || len(o.field.col.Options) > 0 {
			return nil, refuse(CodeInvalidQuery, "The aggregate '%s' does not fit the attribute '%s'.", a.Aggregate, a.Name)
		}
		o.sql = text(o.Aggregate + "(" + value + ")")
		switch {
		case o.field.kind() == kInt && o.Aggregate == "avg":
			o.sql = text("CAST(avg(" + value + ") AS INTEGER)")
		case o.Aggregate == "sum" && q.readable(o.field):
			o.sql = text("coalesce(sum(" + value + "), 0)") // the service's sum of nothing
		}
	case "":
		return nil, refuse(CodeInvalidQuery, "The attribute '%s' of an aggregate query is neither aggregated nor grouped by.", a.Name)
	default:
		return nil, refuse(CodeInvalidQuery, "The aggregate '%s' is not valid.", a.Aggregate)
	}
	return append(inner, text(q.compared(o.field)+" AS "+value)), nil
}

// baseOf is the mirror of an amount in base currency.
func (q *query) baseOf(f field) *column {
	for _, c := range f.src.columns {
		if f.col.Type == schema.Money && c.money == f.col {
			return c
		}
	}
	return nil
}

// sortGroups binds the orders of an aggregate query; groups themselves break ties.
func (q *query) sortGroups() error {
	orders := append([]crmxml.Order(nil), q.f.Entity.Orders...)
	q.eachLinked(q.linked, func(l *linked) { orders = append(orders, l.Orders...) })
	for _, want := range orders {
		i := slices.IndexFunc(q.outs, func(o *output) bool {
			return want.Alias != "" && o.Alias == want.Alias || want.Alias == "" && (o.Alias == want.Attribute || o.field.col.LogicalName == strings.ToLower(want.Attribute))
		})
		if i < 0 {
			return refuse(CodeInvalidQuery, "The order of an aggregate query names an alias that it does not have: '%s'.", want.Alias+want.Attribute)
		}
		q.orders = append(q.orders, &order{field: q.outs[i].field, sql: text(q.groupKey(q.outs[i])), raw: text("NULL"), desc: want.Descending})
	}
	for _, o := range q.outs {
		if o.GroupBy {
			q.orders = append(q.orders, &order{field: o.field, sql: o.group, raw: text("NULL")})
		}
	}
	return nil
}

// groupKey is what a group or aggregate sorts by: names for lookups, labels for choices.
func (q *query) groupKey(o *output) string {
	switch {
	case !o.GroupBy:
		return o.sql.sql
	case o.lookup():
		return q.nameFor(o.field, o.group.sql, o.second.sql, true)
	case len(o.field.col.Options) > 0 && o.field.kind() == kInt && !q.o.RawOrder && !q.f.UseRawOrderBy:
		return q.labelOf(o.field, o.group.sql, true)
	}
	return o.group.sql
}

// groupText is the text of a part of a date.
func (q *query) groupText(grouping string, n int64) string {
	german := q.c.LCID&0x3ff == 7
	switch grouping {
	case "fiscal-period":
		if german {
			return fmt.Sprintf("Quartal %d GJ%d", n%100, n/100)
		}
		return fmt.Sprintf("Quarter %d FY%d", n%100, n/100)
	case "fiscal-year":
		if german {
			return fmt.Sprintf("GJ%d", n)
		}
		return fmt.Sprintf("FY%d", n)
	}
	return q.c.formats.integer(n)
}

package engine

import (
	"context"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Fetch runs a query with the person's rights. Refusals are of type *Error.
func (db *DB) Fetch(ctx context.Context, c *Caller, f *crmxml.Fetch, o FetchOptions) (*Page, error) {
	q := db.newQuery(c, f, o)
	q.ctx = ctx
	if err := q.bind(); err != nil {
		return nil, err
	}
	switch {
	case f.Aggregate:
		return q.aggregate(ctx)
	case f.Distinct:
		return q.distinct(ctx)
	}
	return q.plain(ctx)
}

// bind resolves everything that the query names.
func (q *query) bind() error {
	t, err := q.table(q.f.Entity.Name)
	if err != nil {
		return err
	}
	q.root = q.source(t, "")
	q.joined = []*source{q.root}
	from, kids, err := q.joins(q.root, q.f.Entity.Links)
	if err != nil {
		return err
	}
	q.from, q.linked = []frag{from}, kids
	filter, err := q.filters(q.root, q.f.Entity.Filters)
	if err != nil {
		return err
	}
	visible := frag{}
	if !q.c.ownsAll(t, q.f.Entity.Filters) {
		visible = q.visible(q.root)
	}
	q.where = append([]frag{filter, visible}, q.where...)
	if q.o.Since > 0 {
		if err := q.since(); err != nil {
			return err
		}
	}
	if q.f.Aggregate {
		return nil // its attributes and orders mean something else
	}
	if err := q.selects(q.root, &q.f.Entity.Body); err != nil {
		return err
	}
	if err := q.selectLinked(kids); err != nil {
		return err
	}
	if err := q.sorts(q.root, q.f.Entity.Orders); err != nil {
		return err
	}
	return q.sortLinked(kids)
}

func (q *query) selectLinked(list []*linked) error {
	for _, l := range list {
		if err := q.selects(l.src, &l.Body); err != nil {
			return err
		}
		if err := q.selectLinked(l.kids); err != nil {
			return err
		}
	}
	return nil
}

func (q *query) sortLinked(list []*linked) error {
	for _, l := range list {
		if err := q.sorts(l.src, l.Orders); err != nil {
			return err
		}
		if err := q.sortLinked(l.kids); err != nil {
			return err
		}
	}
	return nil
}

// body is FROM and WHERE.
func (q *query) body(more ...frag) frag {
	from := sequence(" ", append([]frag{text(" FROM " + q.root.table.sql + " " + q.root.sql)}, q.from...)...)
	if where := and(append(append([]frag{}, q.where...), more...)...); where.sql != "" {
		return sequence(" WHERE ", from, where)
	}
	return from
}

// size is the number of rows of a page; paged is false for top queries.
func (q *query) size() (n int, paged bool, err error) {
	limit := q.db.opts.PageSize
	switch {
	case q.f.Top < 0 || q.f.Count < 0 || q.f.Page < 0:
		return 0, false, refuse(CodeInvalidArgument, "The page, count and top of a query are not negative.")
	case q.f.Page > 1_000_000:
		return 0, false, refuse(CodeInvalidArgument, "The page number is too large.")
	case q.f.Top > 0 && (q.f.Page > 0 || q.f.Count > 0):
		return 0, false, refuse(CodeInvalidArgument, "The top attribute can't be specified with paging attribute page.")
	case q.f.Top > 0:
		return min(q.f.Top, limit), false, nil
	case q.f.Count > 0:
		limit = min(limit, q.f.Count)
	}
	if q.o.MaxPageSize > 0 {
		limit = min(limit, q.o.MaxPageSize)
	}
	return limit, true, nil
}

// plain answers rows as they are.
func (q *query) plain(ctx context.Context) (*Page, error) {
	size, paged, err := q.size()
	if err != nil {
		return nil, err
	}
	statement, width, err := q.selection(size)
	if err != nil {
		return nil, err
	}
	if err := q.limitQuickFind(ctx); err != nil {
		return nil, err
	}
	page := max(q.f.Page, 1)
	var rows [][]any
	err = q.db.rows(ctx, statement.sql, statement.args, width+1, func(values []any) error {
		rows = append(rows, append([]any(nil), values...))
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer := &Page{Table: q.root.Table, Number: page, Total: -1}
	if len(rows) > size {
		rows = rows[:size]
		answer.More = paged
	}
	if answer.More {
		answer.Cookie = q.cookieFor(page, rows[0], rows[len(rows)-1])
	}
	if err := q.shape(ctx, answer, rows); err != nil {
		return nil, err
	}
	for i, row := range rows {
		answer.Rows[i].Version, _ = row[width].(int64)
	}
	return answer, q.total(ctx, answer)
}

// selection is the statement for the rows of a page and one more; behind width columns stands the row's version number.
func (q *query) selection(size int) (statement frag, width int, err error) {
	q.imply()
	q.tieBreakers()
	list, width := q.list()
	list = sequence(", ", list, text(q.root.sql+`."versionnumber"`))
	place, offset, err := q.place(size)
	return sequence("", text("SELECT "), list, q.body(place), q.orderBy(), text(" LIMIT ? OFFSET ?", size+1, offset)), width, err
}

// list is the select list: the columns, then the sort keys that are not among them.
func (q *query) list() (list frag, width int) {
	var parts []frag
	add := func(f frag) int {
		parts = append(parts, f)
		return len(parts) - 1
	}
	for _, o := range q.outs {
		o.at = add(o.sql)
		if o.second.sql != "" {
			add(o.second)
		}
	}
	for _, o := range q.orders {
		if o.at = slices.IndexFunc(parts, func(p frag) bool { return p.sql == o.raw.sql && len(p.args) == 0 }); o.at < 0 {
			o.at = add(o.raw)
		}
	}
	return sequence(", ", parts...), len(parts)
}

// place is where the page starts: behind a cookie's place, or after a number of rows.
func (q *query) place(size int) (frag, int, error) {
	if q.f.Page <= 1 {
		return frag{}, 0, nil
	}
	offset := (q.f.Page - 1) * size
	if q.f.PagingCookie == "" {
		return frag{}, offset, nil
	}
	c, ok := parseCookie(q.f.PagingCookie)
	if !ok {
		return frag{}, 0, refuse(CodeInvalidPagingCookie, "Malformed XML in the Paging Cookie")
	}
	if c.page != q.f.Page-1 {
		return frag{}, offset, nil
	}
	part, ok := q.behind(c)
	if !ok {
		return frag{}, 0, refuse(CodeInvalidPagingCookie, "The Paging Cookie does not belong to this query.")
	}
	return part, 0, nil
}

// total counts the rows of all pages when the query asks for it.
func (q *query) total(ctx context.Context, answer *Page) error {
	if !q.f.ReturnTotalRecordCount && !q.o.Count {
		return nil
	}
	if answer.Number == 1 && !answer.More && q.f.Top == 0 {
		answer.Total = len(answer.Rows)
		return nil
	}
	n, err := q.matches(ctx, maxCounted+1)
	answer.Total, answer.TotalLimited = min(n, maxCounted), n > maxCounted
	return err
}

// matches counts the rows of all pages, up to a limit.
func (q *query) matches(ctx context.Context, limit int) (n int, err error) {
	rows := sequence("", text("SELECT 1"), q.body())
	if q.f.Distinct {
		rows = sequence("", rows, q.groupBy())
	}
	statement := sequence("", text("SELECT count(*) FROM ("), rows, text(" LIMIT ?)", limit))
	err = q.db.rows(ctx, statement.sql, statement.args, 1, func(values []any) error {
		counted, _ := values[0].(int64)
		n = int(counted)
		return nil
	})
	return n, err
}

// limitQuickFind refuses a search that finds too much, as organizations do unless they switch it off.
func (q *query) limitQuickFind(ctx context.Context) error {
	limit := q.db.opts.QuickFindLimit
	if !q.quick || limit < 0 {
		return nil
	}
	n, err := q.matches(ctx, limit+1)
	if err == nil && n > limit {
		err = refuse(CodeQuickFindLimit, "QuickFindQueryRecordLimit exceeded. Cannot perform this operation.")
	}
	return err
}

// distinct answers rows that differ in what is shown of them; text that differs in case alone is the same.
func (q *query) distinct(ctx context.Context) (*Page, error) {
	size, paged, err := q.size()
	if err != nil {
		return nil, err
	}
	if len(q.outs) == 0 {
		q.imply()
	}
	for _, o := range q.outs {
		o.group = o.sql
		if o.Aggregate == "" {
			o.group = text(q.compared(o.field))
			o.sql = text("min(" + q.raw(o.field) + ")")
			if o.second.sql != "" {
				o.second.sql = "min(" + o.second.sql + ")"
			}
		}
	}
	version := text("NULL")
	if q.keyed() {
		version = text("min(" + q.root.sql + `."versionnumber")`)
	}
	for _, o := range q.orders {
		o.sql.sql, o.raw.sql = "min("+o.sql.sql+")", "min("+o.raw.sql+")"
	}
	for _, o := range q.outs { // a total order over what is shown
		if o.group.sql != "NULL" && o.Aggregate == "" {
			q.orders = append(q.orders, &order{field: o.field, sql: text("min(" + o.group.sql + ")"), raw: text("NULL")})
		}
	}
	list, width := q.list()
	list = sequence(", ", list, version)
	page := max(q.f.Page, 1)
	statement := sequence("", text("SELECT "), list, q.body(), q.groupBy(), q.orderBy(), text(" LIMIT ? OFFSET ?", size+1, (page-1)*size))
	var rows [][]any
	if err := q.db.rows(ctx, statement.sql, statement.args, width+1, func(values []any) error {
		rows = append(rows, append([]any(nil), values...))
		return nil
	}); err != nil {
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
	for i, row := range rows {
		answer.Rows[i].Version, _ = row[width].(int64)
	}
	return answer, q.total(ctx, answer)
}

// keyed reports whether the answer shows the table's own key.
func (q *query) keyed() bool {
	for _, o := range q.outs {
		if o.field.src == q.root && o.field.col == q.root.pk && o.Aggregate == "" {
			return true
		}
	}
	return false
}

func (q *query) groupBy() frag {
	var parts []frag
	for _, o := range q.outs {
		if o.group.sql != "" && o.group.sql != "NULL" {
			parts = append(parts, o.group)
		}
	}
	if len(parts) == 0 {
		return text(" GROUP BY 1 + 0")
	}
	return sequence("", text(" GROUP BY "), sequence(", ", parts...))
}

// convert turns what SQLite keeps into a cell's value.
func (o *output) convert(v any) any {
	if o.field.name || v == nil {
		return v
	}
	c := o.field.col
	switch x := v.(type) {
	case int64:
		switch {
		case o.Aggregate == "count" || o.Aggregate == "countcolumn" || o.Aggregate == "CountChildren" || o.DateGrouping != "":
			return x
		case c.kind == kBool:
			return x != 0
		case c.kind == kTime:
			return time.Unix(x, 0).UTC()
		case c.kind == kReal:
			return float64(x)
		}
	case float64:
		if c.kind == kInt && o.Aggregate != "avg" {
			return int64(x)
		}
	}
	return v
}

// money reports whether the values are amounts.
func (o *output) money() bool { return o.Column.Column.Type == schema.Money }

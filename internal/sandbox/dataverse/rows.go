package dataverse

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// largestPage is the service's limit on rows per answer.
const largestPage = 5000

const formattedValue = "OData.Community.Display.V1.FormattedValue"

// rows answers a collection.
func (c *call) rows(at target) error {
	if stored := c.options.Custom; stored["fetchXml"] != "" || stored["savedQuery"] != "" || stored["userQuery"] != "" {
		return c.fetchRows(at)
	}
	if c.tracks() {
		return c.changes(at)
	}
	if c.options.Apply != nil {
		return c.aggregate(at)
	}
	q := newQuery(c.org, at.table)
	if at.narrow != nil {
		at.narrow(q)
	}
	expands, err := q.shape(c.options)
	if err != nil {
		return err
	}
	return c.list(at, q, expands)
}

// shape adds $select, $filter, $orderby and $expand to a query.
func (q *query) shape(o odata.Options) ([]*expansion, error) {
	if err := selectColumns(q.root, o.Select); err != nil {
		return nil, err
	}
	if err := q.where(o.Filter); err != nil {
		return nil, err
	}
	if err := q.orderBy(o.OrderBy); err != nil {
		return nil, err
	}
	return q.expand(q.root, o.Expand, 0)
}

// list runs a query page by page for @odata.nextLink.
func (c *call) list(at target, q *query, expands []*expansion) error {
	f := q.fetch()
	o := engine.FetchOptions{MaxPageSize: min(c.prefer.MaxPageSize, largestPage), RawOrder: true, Count: c.options.Count}
	o.SkipFormat = !c.prefer.Includes(formattedValue)
	f.Page = 1
	top := c.options.Top
	switch {
	case top != nil && *top == 0:
		f.Count = 1
	case top != nil:
		f.Count, o.MaxPageSize = min(*top, largestPage), 0 // $top and a page size exclude each other; $top wins
	case c.options.SkipToken != "":
		if err := c.resume(f); err != nil {
			return err
		}
	}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, o)
	if err != nil {
		return err
	}
	if top != nil && *top == 0 {
		page.Rows = nil
	}
	w := c.writer(page, q.root, expands)
	if err := w.related(); err != nil {
		return err
	}
	w.head(c.context(at.name + selection(c.options.Select, c.options.Expand)))
	w.collectionAnnotations(c.options.Count)
	if page.More && top == nil {
		w.member("@odata.nextLink", c.nextLink(page))
	}
	w.values()
	return w.send(http.StatusOK)
}

// row answers one row.
func (c *call) row(at target) error { return c.sendRow(at, http.StatusOK) }

// sendRow answers one row with a status, which is not 200 when the row is new.
func (c *call) sendRow(at target, status int) error {
	q := newQuery(c.org, at.table)
	q.equals(at.table.PrimaryID, at.id)
	if err := selectColumns(q.root, c.options.Select); err != nil {
		return err
	}
	expands, err := q.expand(q.root, c.options.Expand, 0)
	if err != nil {
		return err
	}
	o := engine.FetchOptions{RawOrder: true, SkipFormat: !c.prefer.Includes(formattedValue)}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), o)
	if err != nil {
		return err
	}
	if len(page.Rows) == 0 {
		return c.missing(at)
	}
	tag := etag(page.Rows[0].Version)
	c.w.Header().Set("ETag", tag)
	if status == http.StatusOK && c.r.Method != http.MethodPatch && c.unchanged(tag) && len(expands) == 0 && c.prefer.Annotations == "" {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w := c.writer(page, q.root, expands)
	if err := w.related(); err != nil {
		return err
	}
	w.head(c.context(at.table.SetName + selection(c.options.Select, c.options.Expand) + "/$entity"))
	w.modelVersion()
	w.row(0)
	return w.send(status)
}

// unchanged reports whether If-None-Match names the version. Microsoft's samples send the bare word null with every
// request, which means that there is no such header.
func (c *call) unchanged(tag string) bool {
	for candidate := range strings.SplitSeq(c.r.Header.Get("If-None-Match"), ",") {
		if strings.TrimSpace(candidate) == tag {
			return true
		}
	}
	return false
}

func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

// count answers /$count, which stops at 5000 as the service's does.
func (c *call) count(at target) error {
	if c.tracks() {
		return c.countChanges(at)
	}
	q := newQuery(c.org, at.table)
	if at.narrow != nil {
		at.narrow(q)
	}
	if err := q.where(c.options.Filter); err != nil {
		return err
	}
	q.root.want(at.table.PrimaryID)
	f := q.fetch()
	f.Page, f.Count = 1, 1
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{Count: true, SkipFormat: true})
	if err != nil {
		return err
	}
	return c.sendText(strconv.Itoa(page.Total))
}

// property answers one column of a row, as JSON or raw.
func (c *call) property(at target, column *schema.Column, name string, rest []odata.Segment) error {
	raw := len(rest) == 1 && rest[0].Name == "$value" && !rest[0].Call
	if len(rest) > 0 && !raw {
		return notFound(rest[0].Name)
	}
	page, err := c.one(at, engine.FetchOptions{SkipFormat: true}, column.LogicalName)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(page.Columns, func(p engine.Column) bool { return p.Column.LogicalName == column.LogicalName && p.Link == "" })
	if i < 0 || page.Rows[0].Cells[i].Value == nil {
		return c.sendNothing()
	}
	value := appendValue(nil, page.Columns[i], page.Rows[0].Cells[i].Value)
	if raw {
		return c.sendText(rawText(page.Columns[i], page.Rows[0].Cells[i].Value))
	}
	b := append([]byte(nil), `{"@odata.context":`...)
	b = appendString(b, c.context(at.table.SetName+"("+at.id+")/"+name))
	b = append(b, `,"value":`...)
	return c.send(append(append(b, value...), '}'))
}

// references answers $ref: addresses instead of rows.
func (c *call) references(at target) error {
	link := func(id string) string { return c.root + at.table.SetName + "(" + id + ")" }
	if at.id != "" {
		if err := c.visible(at); err != nil {
			return err
		}
		b := append([]byte(nil), `{"@odata.context":`...)
		b = appendString(b, c.context("$ref"))
		b = append(b, `,"@odata.id":`...)
		return c.send(append(appendString(b, link(at.id)), '}'))
	}
	q := newQuery(c.org, at.table)
	if at.narrow != nil {
		at.narrow(q)
	}
	if err := q.where(c.options.Filter); err != nil {
		return err
	}
	q.root.want(at.table.PrimaryID)
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	if err != nil {
		return err
	}
	b := append([]byte(nil), `{"@odata.context":`...)
	b = appendString(b, c.context("Collection($ref)"))
	b = append(b, `,"value":[`...)
	for i, row := range page.Rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(append(b, `{"@odata.id":`...), link(row.ID)), '}')
	}
	return c.send(append(b, "]}"...))
}

// selection is the part of a context address that says what was selected and expanded.
func selection(columns []string, expands []odata.Expand) string {
	list := slices.Clone(columns)
	for _, e := range expands {
		list = append(list, e.Name+selection(e.Select, e.Expand)+map[bool]string{true: "", false: "()"}[len(e.Select)+len(e.Expand) > 0])
	}
	if len(list) == 0 {
		return ""
	}
	return "(" + strings.Join(list, ",") + ")"
}

package dataverse

import (
	"maps"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const (
	maxExpandDepth = 4
	// maxExpanded rows of one collection are held for one answer; more are refused rather than left out.
	maxExpanded = 50000
	// expandChunk parents are asked about at once.
	expandChunk = 400
)

// expansion is one item of $expand. A single-valued property is a joined source in the same query, one per table it may
// lead to; a collection is a query of its own, whose rows are kept by parent.
type expansion struct {
	spec    odata.Expand
	parent  *source
	singles []single

	relation *metadata.Relation
	many     *schema.ManyToMany
	rows     map[string][][]byte
	counts   map[string]int // for $count, which $top does not limit
	more     map[string]pageToken
}

// single is a table that a single-valued property leads to.
type single struct {
	source   *source
	relation *metadata.Relation
	expands  []*expansion
}

func (x *expansion) isCollection() bool { return x.relation != nil || x.many != nil }

// expand adds $expand to a query.
func (q *query) expand(s *source, specs []odata.Expand, depth int) ([]*expansion, error) {
	if depth > maxExpandDepth || len(specs) > 15 {
		return nil, bad("The $expand is nested too deeply or has too many items.")
	}
	var list []*expansion
	for _, spec := range specs {
		x := &expansion{spec: spec, parent: s}
		table := s.table.LogicalName
		x.relation, x.many = q.graph.Collection(table, spec.Name), q.graph.ManyToMany(table, spec.Name)
		var err error
		if ways := q.graph.Single(table, spec.Name); len(ways) > 0 {
			x.relation, x.many = nil, nil
			err = q.expandSingle(x, ways, depth)
		} else if !x.isCollection() {
			err = noProperty(spec.Name, table)
		} else {
			s.want(s.table.PrimaryID)
			if x.relation != nil {
				s.want(x.relation.Key)
			}
		}
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

func (q *query) expandSingle(x *expansion, ways []*metadata.Relation, depth int) error {
	if o := x.spec.Options; o.Filter != nil || o.OrderBy != nil || o.Top != nil || o.Count {
		return bad("Only $select and $expand are supported on the single-valued navigation property '" + x.spec.Name + "'.")
	}
	for _, way := range ways {
		to := q.follow(x.parent, way)
		names := x.spec.Select
		if len(ways) > 1 {
			names = known(way.One, names)
		}
		if err := selectColumns(to, names); err != nil {
			return err
		}
		to.want(way.Key)
		children, err := q.expand(to, x.spec.Expand, depth+1)
		if err != nil {
			return err
		}
		x.singles = append(x.singles, single{to, way, children})
	}
	return nil
}

// known drops the columns that one of several possible tables does not have.
func known(t *schema.Table, names []string) []string {
	if len(names) == 0 {
		return nil
	}
	list := []string{t.PrimaryID}
	for _, name := range names {
		if columnOf(t, name) != nil {
			list = append(list, name)
		}
	}
	return list
}

// load runs a collection's query for the parents on a page: for all of them together, and again for each that has more
// rows than one page holds, because only a query of its own can go on from there.
func (x *expansion) load(c *call, parents []string) error {
	x.rows, x.counts, x.more = map[string][][]byte{}, map[string]int{}, map[string]pageToken{}
	size := c.pageSize()
	if len(parents) == 1 && x.paged() {
		return x.first(c, parents[0], size)
	}
	total := 0
	for rest := parents; len(rest) > 0; {
		chunk := rest[:min(expandChunk, len(rest))]
		rest = rest[len(chunk):]
		for number, cookie := 1, ""; ; number++ {
			page, err := x.fetch(c, chunk, engine.FetchOptions{}, pageToken{Page: number, Cookie: cookie})
			if err != nil {
				return err
			}
			if total += len(page.Rows); total > maxExpanded {
				return bad("$expand of '" + x.spec.Name + "' would bring more than " + itoa(maxExpanded) + " rows; ask for fewer rows, or follow the collection of one row.")
			}
			if !page.More {
				break
			}
			cookie = page.Cookie
		}
	}
	for _, parent := range parents {
		if x.paged() && len(x.rows[parent]) > size {
			if err := x.first(c, parent, size); err != nil {
				return err
			}
		}
	}
	return nil
}

// paged reports whether what a page does not hold comes with a link.
func (x *expansion) paged() bool { return x.spec.Top == nil && !x.spec.Ref }

// first reads the first page of one parent's collection.
func (x *expansion) first(c *call, parent string, size int) error {
	delete(x.rows, parent)
	page, err := x.fetch(c, []string{parent}, engine.FetchOptions{MaxPageSize: size, Count: x.spec.Count}, pageToken{Page: 1})
	if err != nil {
		return err
	}
	if x.spec.Count {
		x.counts[parent] = page.Total
	}
	if page.More {
		x.more[parent] = pageToken{Page: page.Number + 1, Cookie: page.Cookie}
	}
	return nil
}

// pageSize is how many rows the client takes at once.
func (c *call) pageSize() int {
	if n := c.prefer.MaxPageSize; n > 0 && n < largestPage {
		return n
	}
	return largestPage
}

// rest is the address of the further rows of one parent's collection; "" when all are there.
func (x *expansion) rest(c *call, id, parent string) string {
	page, there := x.more[parent]
	if !there {
		return ""
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(x.spec.Text)) {
		pairs = append(pairs, name+"="+encodeComponent(x.spec.Text[name]))
		for _, alias := range slices.Sorted(maps.Keys(c.options.Aliases)) {
			if pair := alias + "=" + encodeComponent(c.options.Aliases[alias]); strings.Contains(x.spec.Text[name], alias) && !slices.Contains(pairs, pair) {
				pairs = append(pairs, pair)
			}
		}
	}
	address := x.parent.table.SetName + "(" + id + ")/" + x.spec.Name
	if len(pairs) > 0 {
		address += "?" + strings.Join(pairs, "&")
	}
	return c.linkTo(address, page)
}

// fetch reads one page of a collection and sorts its rows to their parents.
func (x *expansion) fetch(c *call, parents []string, o engine.FetchOptions, from pageToken) (*engine.Page, error) {
	q, link := x.query(c, parents)
	expands, err := q.shape(x.spec.Options)
	if err != nil {
		return nil, err
	}
	asked := append([]string(nil), q.root.attributes...)
	all := q.root.all
	if x.relation != nil {
		q.root.want(x.relation.Column.LogicalName)
	}
	f := q.fetch()
	f.Page, f.PagingCookie = from.Page, from.Cookie
	if o.MaxPageSize == 0 {
		f.Count = largestPage
	}
	o.RawOrder, o.SkipFormat = true, !c.prefer.Includes(formattedValue)
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, o)
	if err != nil {
		return nil, err
	}
	w := c.writer(page, q.root, expands)
	if !all && x.relation != nil {
		w.shape.keep(asked)
	}
	if err := w.related(); err != nil {
		return nil, err
	}
	at := x.parentColumn(page, link)
	for i, row := range page.Rows {
		parent, _ := row.Cells[at].Value.(string)
		x.counts[parent]++
		if top := x.spec.Top; top != nil && len(x.rows[parent]) >= *top {
			continue
		}
		w.b = nil
		if x.spec.Ref {
			w.reference(q.root.table, row.ID)
		} else {
			w.object(i)
		}
		x.rows[parent] = append(x.rows[parent], w.b)
	}
	return page, nil
}

// query asks for the rows behind the collection of these parents; link is the alias that carries the parent's id.
func (x *expansion) query(c *call, parents []string) (q *query, link string) {
	if x.relation != nil {
		q = newQuery(c.org, x.relation.Many)
		q.equals(x.relation.Column.LogicalName, parents...)
		return q, ""
	}
	near, far := sides(x.many, x.parent.table.LogicalName, x.spec.Name)
	q = newQuery(c.org, c.org.DB.Model().Table(far.entity))
	link = q.alias()
	condition := crmxml.Condition{Attribute: near.attribute, Operator: "in"}
	for _, id := range parents {
		condition.Values = append(condition.Values, crmxml.ConditionValue{Text: id})
	}
	q.joins = append(q.joins, crmxml.Link{
		Name: x.many.Intersect, From: far.attribute, To: q.root.table.PrimaryID, Alias: link, Intersect: true, Type: "inner",
		Body: crmxml.Body{
			Attributes: []crmxml.Attribute{{Name: near.attribute}},
			Filters:    []crmxml.Filter{{Conditions: []crmxml.Condition{condition}}},
		},
	})
	return q, link
}

func (x *expansion) parentColumn(page *engine.Page, link string) int {
	for i, col := range page.Columns {
		if col.Link == link && (link != "" || col.Column.LogicalName == x.relation.Column.LogicalName) {
			return i
		}
	}
	return 0
}

package dataverse

import (
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

// load runs a collection's query for the parents on a page.
func (x *expansion) load(c *call, parents []string) error {
	x.rows, x.counts = map[string][][]byte{}, map[string]int{}
	total := 0
	for len(parents) > 0 {
		chunk := parents[:min(expandChunk, len(parents))]
		parents = parents[len(chunk):]
		for number, cookie := 1, ""; ; number++ {
			page, err := x.fetch(c, chunk, number, cookie)
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
	return nil
}

// fetch reads one page of a collection and sorts its rows to their parents.
func (x *expansion) fetch(c *call, parents []string, number int, cookie string) (*engine.Page, error) {
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
	f.Page, f.PagingCookie, f.Count = number, cookie, largestPage
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{RawOrder: true, SkipFormat: !c.prefer.Includes(formattedValue)})
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

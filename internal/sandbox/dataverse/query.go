package dataverse

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// query is an OData request on its way to a FetchXML tree, which is the one thing that the engine runs.
type query struct {
	model *schema.Model
	graph *metadata.Graph
	root  *source
	// base is a stored or given FetchXML query that the request's options are added to; nil for plain OData.
	base    *crmxml.Fetch
	filters []crmxml.Filter
	orders  []crmxml.Order
	joins   []crmxml.Link // inner links that only narrow, for many-to-many navigation
	aliases int
	values  int // in lists of conditions
}

// maxValues is how many values the lists of a query may have: a statement of SQLite takes 32,766.
const maxValues = 10000

// listed counts the values of a list, which an alias may bring again and again.
func (q *query) listed(n int) error {
	if q.values += n; q.values > maxValues {
		return &Error{http.StatusBadRequest, engine.CodeTooManyConditions, "The lists of the query have more than " + itoa(maxValues) + " values."}
	}
	return nil
}

// source is the queried table (without an alias) or one that a single-valued navigation property leads to.
type source struct {
	table      *schema.Table
	alias      string
	from, to   string
	attributes []string
	grouped    []crmxml.Attribute // of aggregate queries
	all        bool
	links      []*source
	way        string // the navigation property and target, so that one link serves filter, order and expand
}

func newQuery(org *organization, table *schema.Table) *query {
	return &query{model: org.DB.Model(), graph: org.graph, root: &source{table: table}}
}

// want adds a column to what is returned.
func (s *source) want(column string) {
	if !s.all && !slices.Contains(s.attributes, column) {
		s.attributes = append(s.attributes, column)
	}
}

// alias gives a link name that no stored query uses.
func (q *query) alias() string {
	q.aliases++
	return "odata_" + strconv.Itoa(q.aliases)
}

// follow gives the source behind a relationship, which stays empty for rows that lead nowhere.
func (q *query) follow(s *source, r *metadata.Relation) *source {
	way := r.Single + " " + r.One.LogicalName
	for _, l := range s.links {
		if l.way == way {
			return l
		}
	}
	l := &source{table: r.One, alias: q.alias(), from: r.Key, to: r.Column.LogicalName, way: way}
	s.links = append(s.links, l)
	return l
}

// fetch prints the tree.
func (q *query) fetch() *crmxml.Fetch {
	f := &crmxml.Fetch{Version: "1.0", Mapping: "logical"}
	if q.base != nil {
		copied := *q.base
		f = &copied
		f.Entity.Filters = slices.Clone(f.Entity.Filters)
		f.Entity.Links = slices.Clone(f.Entity.Links)
	}
	f.Entity.Name = q.root.table.LogicalName
	body := q.root.body()
	if q.base == nil || body.AllAttributes != nil || len(body.Attributes) > 0 {
		f.Entity.AllAttributes, f.Entity.Attributes = body.AllAttributes, body.Attributes
	}
	f.Entity.Links = append(f.Entity.Links, body.Links...)
	f.Entity.Links = append(f.Entity.Links, q.joins...)
	f.Entity.Filters = append(f.Entity.Filters, q.filters...)
	if len(q.orders) > 0 {
		f.Entity.Orders = q.orders
	}
	return f
}

func (s *source) body() crmxml.Body {
	var b crmxml.Body
	if s.all {
		b.AllAttributes = &struct{}{}
	}
	for _, name := range s.attributes {
		b.Attributes = append(b.Attributes, crmxml.Attribute{Name: name})
	}
	b.Attributes = append(b.Attributes, s.grouped...)
	for _, l := range s.links {
		b.Links = append(b.Links, crmxml.Link{
			Name: l.table.LogicalName, From: l.from, To: l.to, Alias: l.alias, Type: "outer", Body: l.body(),
		})
	}
	return b
}

// equals narrows the query to rows whose column has one of the values.
func (q *query) equals(column string, values ...string) {
	c := crmxml.Condition{Attribute: column, Operator: "eq"}
	if len(values) == 1 {
		c.Value = values[0]
	} else {
		c.Operator = "in"
		for _, v := range values {
			c.Values = append(c.Values, crmxml.ConditionValue{Text: v})
		}
	}
	q.filters = append(q.filters, crmxml.Filter{Conditions: []crmxml.Condition{c}})
}

// where adds a filter expression.
func (q *query) where(e odata.Expr) error {
	if e == nil {
		return nil
	}
	var f crmxml.Filter
	if err := (&translation{query: q, at: q.root}).add(&f, e, false); err != nil {
		return err
	}
	q.filters = append(q.filters, f)
	return nil
}

// orderBy adds the terms of $orderby.
func (q *query) orderBy(terms []odata.Order) error {
	for _, term := range terms {
		to, err := (&translation{query: q, at: q.root}).resolve(term.Path)
		if err != nil {
			return err
		}
		q.orders = append(q.orders, crmxml.Order{Attribute: to.column.LogicalName, EntityName: to.alias, Descending: term.Descending})
	}
	return nil
}

// columnOf finds a column by what OData calls it: lookups are _name_value.
func columnOf(t *schema.Table, name string) *schema.Column {
	if c := t.Column(name); c != nil && !c.Hidden {
		return c
	}
	if len(name) > len("__value") && name[0] == '_' && name[len(name)-len("_value"):] == "_value" {
		if c := t.Column(name[1 : len(name)-len("_value")]); c != nil && c.Type.IsLookup() && !c.Hidden {
			return c
		}
	}
	return nil
}

// selectColumns chooses what a source returns; no names means everything.
func selectColumns(s *source, names []string) error {
	if len(names) == 0 || slices.Contains(names, "*") {
		s.all, s.attributes = true, nil
		return nil
	}
	for _, name := range names {
		c := columnOf(s.table, name)
		if c == nil {
			return noProperty(name, s.table.LogicalName)
		}
		s.want(c.LogicalName)
	}
	if s.table.PrimaryID != "" {
		s.want(s.table.PrimaryID)
	}
	return nil
}

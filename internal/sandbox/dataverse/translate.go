package dataverse

import (
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// translation turns filter expressions into FetchXML filters. Inside any and all, variable is the name of the row and
// alias the collection's link.
type translation struct {
	*query
	at       *source
	variable string
	depth    int
}

// place is a column that an expression talks about.
type place struct {
	alias  string
	table  *schema.Table
	column *schema.Column
	// navigation is set when the path ended in a navigation property, which may only be compared with null.
	navigation bool
	// chain leads from the row of an any or all to the column's table. Inside those, a condition on a joined table is a
	// link-entity of its own.
	chain []*metadata.Relation
}

func (p place) condition(operator, value string) crmxml.Condition {
	return crmxml.Condition{EntityName: p.alias, Attribute: p.column.LogicalName, Operator: operator, Value: value}
}

// resolve follows a path to its column, joining tables on the way.
func (t *translation) resolve(path odata.Path) (place, error) {
	at := t.at
	if t.variable != "" {
		if path[0] != t.variable {
			return place{}, bad("Could not find a property named '" + path[0] + "' in this scope.")
		}
		if path = path[1:]; len(path) == 0 {
			return place{}, bad("The range variable '" + t.variable + "' is not a property.")
		}
	}
	var chain []*metadata.Relation
	for len(path) > 1 {
		way := t.way(at.table, path)
		if way == nil {
			return place{}, noProperty(path[0], at.table.LogicalName)
		}
		if t.variable != "" {
			chain = append(chain, way)
			at = &source{table: way.One}
		} else {
			at = t.follow(at, way)
		}
		path = path[1:]
	}
	if c := columnOf(at.table, path[0]); c != nil {
		return place{alias: at.alias, table: at.table, column: c, navigation: c.Type.IsLookup() && c.LogicalName == path[0], chain: chain}, nil
	}
	if ways := t.graph.Single(at.table.LogicalName, path[0]); len(ways) > 0 {
		return place{alias: at.alias, table: at.table, column: ways[0].Column, navigation: true, chain: chain}, nil
	}
	return place{}, noProperty(path[0], at.table.LogicalName)
}

// way finds the relationship behind one navigation property. Where it leads to several tables (an owner), the first that
// knows the rest wins.
func (q *query) way(from *schema.Table, path odata.Path) *metadata.Relation {
	ways := q.graph.Single(from.LogicalName, path[0])
	for _, way := range ways {
		if columnOf(way.One, path[1]) != nil || len(q.graph.Single(way.One.LogicalName, path[1])) > 0 {
			return way
		}
	}
	if len(ways) > 0 {
		return ways[0] // so that the message names the table at the end
	}
	return nil
}

// add puts an expression, or its opposite, into a filter.
func (t *translation) add(f *crmxml.Filter, e odata.Expr, negate bool) error {
	switch e := e.(type) {
	case odata.And:
		return t.group(f, e.Terms, !negate, negate)
	case odata.Or:
		return t.group(f, e.Terms, negate, negate)
	case odata.Not:
		return t.add(f, e.Term, !negate)
	case odata.Comparison:
		return t.comparison(f, e, negate)
	case odata.In:
		return t.in(f, e, negate)
	case odata.Match:
		return t.match(f, e, negate)
	case odata.Lambda:
		return t.lambda(f, e, negate)
	case odata.Function:
		return t.function(f, e, negate)
	}
	return bad("The filter is not supported.")
}

func (t *translation) group(f *crmxml.Filter, terms []odata.Expr, and, negate bool) error {
	inner := crmxml.Filter{Type: "or"}
	if and {
		inner.Type = "and"
	}
	for _, term := range terms {
		if err := t.add(&inner, term, negate); err != nil {
			return err
		}
	}
	f.Filters = append(f.Filters, inner)
	return nil
}

// put adds a condition. In OData a comparison with null is false, so that the opposite of one holds for empty values, too:
// that is what orNull says.
func put(f *crmxml.Filter, at place, c crmxml.Condition, orNull bool) {
	switch {
	case len(at.chain) > 0:
		putLinked(f, at.chain, c, orNull || c.Operator == "null")
	case orNull:
		empty := crmxml.Condition{EntityName: c.EntityName, Attribute: c.Attribute, Operator: "null"}
		f.Filters = append(f.Filters, crmxml.Filter{Type: "or", Conditions: []crmxml.Condition{c, empty}})
	default:
		f.Conditions = append(f.Conditions, c)
	}
}

// contrary are the operators by which "holds or is empty" is said as "there is none for which the contrary holds".
var contrary = map[string]string{
	"ne": "eq", "eq": "ne", "le": "gt", "lt": "ge", "ge": "lt", "gt": "le", "not-like": "like", "not-in": "in", "null": "not-null",
}

// putLinked asks whether there is a linked row that the condition holds for.
func putLinked(f *crmxml.Filter, chain []*metadata.Relation, c crmxml.Condition, orNull bool) {
	kind := "any"
	if orNull {
		kind, c.Operator = "not any", contrary[c.Operator]
	}
	inner := crmxml.Filter{Conditions: []crmxml.Condition{c}}
	for i := len(chain) - 1; i >= 0; i-- {
		r := chain[i]
		link := crmxml.Link{Name: r.One.LogicalName, From: r.Key, To: r.Column.LogicalName, Type: "any", Body: crmxml.Body{Filters: []crmxml.Filter{inner}}}
		if i == 0 {
			link.Type = kind
		}
		inner = crmxml.Filter{Links: []crmxml.Link{link}}
	}
	f.Filters = append(f.Filters, inner)
}

var opposites = map[string]string{"eq": "ne", "ne": "eq", "gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}

func (t *translation) comparison(f *crmxml.Filter, e odata.Comparison, negate bool) error {
	at, err := t.resolve(e.Path)
	if err != nil {
		return err
	}
	op := e.Operator
	if negate {
		op = opposites[op]
	}
	if e.Other != nil {
		return t.columns(f, at, e.Other, op)
	}
	if e.Value.Kind == odata.Null {
		return t.null(f, at, op)
	}
	if at.navigation {
		return incompatible(op)
	}
	value, err := literalFor(at.column, e.Value)
	if err != nil {
		return err
	}
	put(f, at, at.condition(op, value), op == "ne" || negate && op != "eq")
	return nil
}

func (t *translation) null(f *crmxml.Filter, at place, op string) error {
	switch op {
	case "eq":
		put(f, at, at.condition("null", ""), false)
	case "ne":
		put(f, at, at.condition("not-null", ""), false)
	default:
		return incompatible(op)
	}
	return nil
}

// columns compares two columns of the same table.
func (t *translation) columns(f *crmxml.Filter, at place, other odata.Path, op string) error {
	to, err := t.resolve(other)
	if err != nil {
		return err
	}
	if at.navigation || to.navigation || at.alias != to.alias || len(at.chain)+len(to.chain) > 0 {
		return incompatible(op)
	}
	c := at.condition(op, "")
	c.ValueOf = to.column.LogicalName
	f.Conditions = append(f.Conditions, c)
	return nil
}

func (t *translation) in(f *crmxml.Filter, e odata.In, negate bool) error {
	at, err := t.resolve(e.Path)
	if err != nil {
		return err
	}
	if at.navigation {
		return incompatible("in")
	}
	if err := t.listed(len(e.Values)); err != nil {
		return err
	}
	c := at.condition("in", "")
	empty := false
	for _, v := range e.Values {
		if v.Kind == odata.Null {
			empty = true
			continue
		}
		text, err := literalFor(at.column, v)
		if err != nil {
			return err
		}
		c.Values = append(c.Values, crmxml.ConditionValue{Text: text})
	}
	either := crmxml.Filter{Type: "or"}
	if negate {
		either.Type, c.Operator = "and", "not-in"
	}
	if len(c.Values) > 0 {
		put(&either, at, c, negate && !empty)
	}
	if empty {
		put(&either, at, at.condition(map[bool]string{false: "null", true: "not-null"}[negate], ""), false)
	}
	f.Filters = append(f.Filters, either)
	return nil
}

// escapeLike keeps a text from being a pattern.
var escapeLike = strings.NewReplacer("[", "[[]", "%", "[%]", "_", "[_]")

func (t *translation) match(f *crmxml.Filter, e odata.Match, negate bool) error {
	at, err := t.resolve(e.Path)
	if err != nil {
		return err
	}
	switch at.column.Type {
	case schema.String, schema.Memo, schema.EntityName:
	default:
		return bad("The function '" + e.Function + "' needs a text, and '" + at.column.LogicalName + "' is none.")
	}
	text := escapeLike.Replace(e.Text)
	if e.Function != "startswith" {
		text = "%" + text
	}
	if e.Function != "endswith" {
		text += "%"
	}
	if negate {
		put(f, at, at.condition("not-like", text), true)
	} else {
		put(f, at, at.condition("like", text), false)
	}
	return nil
}

// lambda asks for related rows: any becomes a link of type any, and all is "not any that does not".
func (t *translation) lambda(f *crmxml.Filter, e odata.Lambda, negate bool) error {
	path := e.Path
	if t.variable != "" && path[0] == t.variable {
		path = path[1:]
	}
	if len(path) != 1 || t.at.alias != "" && t.variable == "" {
		return bad("any and all are supported on collections of the row itself only.")
	}
	if t.depth++; t.depth > 3 {
		return bad("any and all are nested too deeply.")
	}
	defer func() { t.depth-- }()
	kind := "any"
	if e.All != negate {
		kind = "not any"
	}
	link, rows, err := t.collection(path[0])
	if err != nil {
		return err
	}
	link.Type = kind
	if e.Body != nil {
		inner := &translation{query: t.query, at: rows.source, variable: e.Variable, depth: t.depth}
		var filter crmxml.Filter
		if err := inner.add(&filter, e.Body, e.All); err != nil {
			return err
		}
		rows.body.Filters = append(rows.body.Filters, filter)
	}
	if rows.join != nil {
		rows.join.Body = rows.body
		link.Links = append(link.Links, *rows.join)
	} else {
		link.Body = rows.body
	}
	f.Links = append(f.Links, link)
	return nil
}

// related is the far side of a collection: its rows' source, and the link that reaches it when that is not the outer one.
type related struct {
	source *source
	body   crmxml.Body
	join   *crmxml.Link
}

func (t *translation) collection(name string) (crmxml.Link, related, error) {
	table := t.at.table
	if r := t.graph.Collection(table.LogicalName, name); r != nil {
		link := crmxml.Link{Name: r.Many.LogicalName, From: r.Column.LogicalName, To: r.Key}
		return link, related{source: &source{table: r.Many}}, nil
	}
	if m := t.graph.ManyToMany(table.LogicalName, name); m != nil {
		near, far := sides(m, table.LogicalName, name)
		target := t.model.Table(far.entity)
		alias := t.alias()
		link := crmxml.Link{Name: m.Intersect, From: near.attribute, To: table.PrimaryID}
		join := crmxml.Link{Name: target.LogicalName, From: target.PrimaryID, To: far.attribute, Alias: alias, Type: "inner"}
		return link, related{source: &source{table: target}, join: &join}, nil
	}
	return crmxml.Link{}, related{}, noProperty(name, table.LogicalName)
}

// side is one end of a many-to-many relationship.
type side struct{ entity, attribute string }

func sides(m *schema.ManyToMany, table, navigation string) (near, far side) {
	one, two := side{m.Entity1, m.Attribute1}, side{m.Entity2, m.Attribute2}
	if table == m.Entity1 && navigation == m.Navigation1 {
		return one, two
	}
	return two, one
}

func incompatible(op string) *Error {
	return bad("A binary operator with incompatible types was detected for operator kind '" + op + "'.")
}

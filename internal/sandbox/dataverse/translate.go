package dataverse

import (
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
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
	for len(path) > 1 {
		next := t.step(at, path)
		if next == nil {
			return place{}, noProperty(path[0], at.table.LogicalName)
		}
		at, path = next, path[1:]
	}
	if c := columnOf(at.table, path[0]); c != nil {
		return place{alias: at.alias, table: at.table, column: c, navigation: c.Type.IsLookup() && c.LogicalName == path[0]}, nil
	}
	if ways := t.graph.Single(at.table.LogicalName, path[0]); len(ways) > 0 {
		return place{alias: at.alias, table: at.table, column: ways[0].Column, navigation: true}, nil
	}
	return place{}, noProperty(path[0], at.table.LogicalName)
}

// step follows one navigation property. Where it leads to several tables (an owner), the first that knows the rest wins.
func (t *translation) step(at *source, path odata.Path) *source {
	ways := t.graph.Single(at.table.LogicalName, path[0])
	for _, way := range ways {
		if columnOf(way.One, path[1]) != nil || len(t.graph.Single(way.One.LogicalName, path[1])) > 0 {
			return t.follow(at, way)
		}
	}
	if len(ways) > 0 {
		return t.follow(at, ways[0]) // so that the message names the table at the end
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

// orNull adds a negated condition. In OData a comparison with null is false, so its opposite holds for empty values.
func orNull(f *crmxml.Filter, c crmxml.Condition) {
	empty := crmxml.Condition{EntityName: c.EntityName, Attribute: c.Attribute, Operator: "null"}
	f.Filters = append(f.Filters, crmxml.Filter{Type: "or", Conditions: []crmxml.Condition{c, empty}})
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
	c := at.condition(op, value)
	switch {
	case op == "ne", negate && op != "eq":
		orNull(f, c)
	default:
		f.Conditions = append(f.Conditions, c)
	}
	return nil
}

func (t *translation) null(f *crmxml.Filter, at place, op string) error {
	switch op {
	case "eq":
		f.Conditions = append(f.Conditions, at.condition("null", ""))
	case "ne":
		f.Conditions = append(f.Conditions, at.condition("not-null", ""))
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
	if at.navigation || to.navigation || at.alias != to.alias {
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
		if negate && !empty {
			orNull(&either, c)
		} else {
			either.Conditions = append(either.Conditions, c)
		}
	}
	if empty {
		either.Conditions = append(either.Conditions, at.condition(map[bool]string{false: "null", true: "not-null"}[negate], ""))
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
		orNull(f, at.condition("not-like", text))
	} else {
		f.Conditions = append(f.Conditions, at.condition("like", text))
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
		rows.body.Links = append(rows.body.Links, rows.source.body().Links...)
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

package engine

import (
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// output is one column of an answer. Its values are at position at of a row, a lookup's target one further.
type output struct {
	Column
	field  field
	sql    frag
	second frag // a lookup's target beside it
	at     int
	group  frag // what to group by, in aggregate and distinct queries
	base   bool // the amount is in base currency
}

// maxOutputs is how many columns an answer may have: one of SQLite's has 2,000, and each of ours takes up to two.
const maxOutputs = 900

// selects binds the attributes of an entity or link-entity.
func (q *query) selects(s *source, body *crmxml.Body) error {
	if body.AllAttributes != nil && !q.f.Aggregate {
		for _, c := range s.columns {
			// Images come only to who names them (Microsoft Learn, "Use image column data").
			if !c.Hidden && c.kind != kNone && c.Type != schema.Image {
				q.out(field{src: s, col: c}, crmxml.Attribute{Name: c.LogicalName}, false)
			}
		}
	}
	for _, a := range body.Attributes {
		if len(q.outs) > maxOutputs {
			break
		}
		f, err := q.field(s, a.Name)
		if err != nil {
			return err
		}
		if a.RowAggregate != "" {
			if err := q.outChildren(f, a); err != nil {
				return err
			}
			continue
		}
		q.out(f, a, false)
	}
	if len(q.outs) > maxOutputs {
		return refuse(CodeInvalidQuery, "The query asks for more than %d columns.", maxOutputs)
	}
	return nil
}

func (q *query) out(f field, a crmxml.Attribute, implied bool) *output {
	name := strings.TrimSpace(a.Alias)
	if name == "" {
		name = f.col.LogicalName
		if f.name {
			name = strings.ToLower(strings.TrimSpace(a.Name))
		}
		if f.src.link != "" {
			name = f.src.link + "." + name
		}
	}
	for _, other := range q.outs {
		if other.Name == name {
			other.Implied = other.Implied && implied
			return other
		}
	}
	o := &output{field: f, Column: Column{Name: name, Table: f.src.Table, Column: f.col.Column, Link: f.src.link, Alias: a.Alias, Implied: implied}}
	if f.name {
		o.Column.Column = &schema.Column{LogicalName: f.col.LogicalName + "name", SchemaName: f.col.SchemaName + "Name", Label: f.col.Label, Type: schema.String}
	}
	o.sql = text(q.raw(f))
	if f.col.target != "" && !f.name {
		o.second = text(q.target(f))
	}
	q.outs = append(q.outs, o)
	return o
}

// outChildren is the number of rows below each row of a hierarchy.
func (q *query) outChildren(f field, a crmxml.Attribute) error {
	t := f.src.table
	if !strings.EqualFold(a.RowAggregate, "CountChildren") || t.parent == nil || a.Alias == "" {
		return refuse(CodeInvalidQuery, "The row aggregate '%s' needs an alias and a table with a hierarchy.", a.RowAggregate)
	}
	child := q.source(t, "")
	o := q.out(f, crmxml.Attribute{Name: a.Name, Alias: a.Alias}, false)
	o.Aggregate = a.RowAggregate
	parent := q.compared(field{src: child, col: t.parent})
	o.sql = sequence("", text("(SELECT count(*) FROM "+t.sql+" "+child.sql+" WHERE "), and(text(parent+" = "+f.src.sql+"."+t.pk.sql), q.visible(child)), text(")"))
	return nil
}

// imply adds what every row of the service brings: its key, and the currency beside amounts.
func (q *query) imply() {
	for _, o := range append([]*output(nil), q.outs...) {
		if o.field.src != q.root && o.Column.Column.Type != schema.Money {
			continue
		}
		if c := o.field.src.column("transactioncurrencyid"); c != nil && o.Column.Column.Type == schema.Money && o.Aggregate == "" {
			q.out(field{src: o.field.src, col: c}, crmxml.Attribute{Name: c.LogicalName}, true)
		}
	}
	q.out(field{src: q.root, col: q.root.pk}, crmxml.Attribute{Name: q.root.pk.LogicalName}, true)
}

package dataverse

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// plan is how the rows of a chart's query become categories and series.
type plan struct {
	definition *chart
	fetch      *crmxml.Fetch
	category   grouping
	series     *grouping // the second group-by column of a comparison chart
	measures   []measure
	ordered    bool // the query says in which order its groups come
	top        bool // and how many of them
}

// grouping is a group-by column with what is known about it.
type grouping struct {
	crmxml.Grouping
	unit    string   // of a date, "" for everything else
	parts   []string // aliases of dateParts(unit), in that order
	column  crm.Column
	bare    bool // its year is the other grouping's: months side by side for several years
	ordered bool // the query orders by this column first
	falling bool
}

// measure is one series of an ordinary chart.
type measure struct {
	crmxml.Grouping
	kind   string // of the presentation's series
	values bool   // numbers are written on the chart
	column crm.Column
	table  string // its label
}

// planOf finds categories and measures in a chart's definition and completes its date groups.
func planOf(definition *chart) (*plan, error) {
	p := &plan{definition: definition, fetch: definition.data.Fetch.Clone()}
	columns := p.fetch.Columns()
	for i := range columns {
		if columns[i].Alias == "" {
			columns[i].Alias = columns[i].Name
		}
	}
	byAlias := func(alias string) int {
		return slices.IndexFunc(columns, func(g crmxml.Grouping) bool { return strings.EqualFold(g.Alias, alias) })
	}
	groups := slices.Collect(func(yield func(crmxml.Grouping) bool) {
		for _, g := range columns {
			if g.GroupBy && !yield(g) {
				return
			}
		}
	})
	category := byAlias(definition.data.Category)
	switch {
	case category >= 0 && (columns[category].GroupBy || !p.fetch.Aggregate):
		p.category = grouping{Grouping: columns[category]}
	case len(groups) > 0:
		p.category = grouping{Grouping: groups[0]}
	default:
		return nil, fault.Wrap(errors.New("chart without a category"), fault.Invalid, "chart.unreadable")
	}
	for _, g := range groups {
		if g.Alias != p.category.Alias && p.series == nil {
			p.series = &grouping{Grouping: g}
		}
	}
	for i, aliases := range definition.data.Measures {
		for _, alias := range aliases {
			if at := byAlias(alias); at >= 0 && !columns[at].GroupBy {
				p.measures = append(p.measures, measureOf(columns[at], definition.drawing, i))
			}
		}
	}
	if len(p.measures) == 0 {
		if at := slices.IndexFunc(columns, func(g crmxml.Grouping) bool { return g.Aggregate != "" }); at >= 0 {
			p.measures = []measure{measureOf(columns[at], definition.drawing, 0)}
		}
	}
	if len(p.measures) == 0 {
		return nil, fault.Wrap(errors.New("chart without a measure"), fault.Invalid, "chart.unreadable")
	}
	p.bound()
	return p, nil
}

func measureOf(g crmxml.Grouping, drawing *crmxml.Presentation, i int) measure {
	m := measure{Grouping: g}
	if i < len(drawing.Series) {
		m.kind, m.values = drawing.Series[i].Type, drawing.Series[i].ShowValues
	}
	return m
}

// bound sets paging and orders, and adds the groupings that make a time line of parts of dates.
func (p *plan) bound() {
	p.top = p.fetch.Count > 0 || p.fetch.Top > 0
	if p.fetch.Count == 0 {
		p.fetch.Count = p.fetch.Top
	}
	p.fetch.Top, p.fetch.Page, p.fetch.PagingCookie = 0, 1, ""
	if !p.fetch.Aggregate && (p.fetch.Count == 0 || p.fetch.Count > mostCategories) {
		p.fetch.Count = mostCategories
	}
	if p.fetch.Count == 0 || p.fetch.Count > 5000 {
		p.fetch.Count = 5000
	}
	p.ordered = len(p.fetch.Entity.Orders) > 0
	if s := p.series; s != nil {
		p.category.bare, s.bare = p.category.within(*s), s.within(p.category)
	}
	for _, g := range []*grouping{&p.category, p.series} {
		if g == nil {
			continue
		}
		if p.fetch.Aggregate {
			p.complete(g)
		}
		if p.ordered {
			first := p.fetch.Entity.Orders[0]
			g.ordered = first.Alias == g.Alias || len(g.parts) > 0 && first.Alias == g.parts[0] || first.Alias == "" && first.Attribute == g.Name
			g.falling = first.Descending
		}
	}
}

// within reports whether g is a part of the years by which the other groups the same column.
func (g grouping) within(years grouping) bool {
	parts := dateParts(strings.ToLower(g.DateGrouping))
	return len(parts) == 1 && parts[0] == strings.ToLower(years.DateGrouping) && g.Name == years.Name && g.Link == years.Link
}

// complete adds what a date group lacks to tell its year, and lets orders by it follow.
func (p *plan) complete(g *grouping) {
	g.unit = strings.ToLower(g.DateGrouping)
	if g.bare {
		return
	}
	for _, unit := range dateParts(g.unit) {
		part := g.Attribute
		part.DateGrouping, part.Alias = unit, g.Alias+"_"+strings.ReplaceAll(unit, "-", "_")
		g.parts = append(g.parts, part.Alias)
		if g.Link == "" {
			p.fetch.Entity.Attributes = append(p.fetch.Entity.Attributes, part)
		} else {
			addToLink(p.fetch.Entity.Links, g.Link, part)
		}
	}
	var orders []crmxml.Order
	for _, o := range p.fetch.Entity.Orders {
		if o.Alias == g.Alias {
			for _, alias := range g.parts {
				orders = append(orders, crmxml.Order{Alias: alias, Descending: o.Descending})
			}
		}
		orders = append(orders, o)
	}
	p.fetch.Entity.Orders = orders
}

func addToLink(links []crmxml.Link, alias string, a crmxml.Attribute) bool {
	for i := range links {
		name := links[i].Alias
		if name == "" {
			name = links[i].Name
		}
		if name == alias {
			links[i].Attributes = append(links[i].Attributes, a)
			return true
		}
		if addToLink(links[i].Links, alias, a) {
			return true
		}
	}
	return false
}

// learn looks up the columns' labels, choices and decimals; none of it is needed for the query.
func (p *plan) learn(ctx context.Context, c *Client, caller crm.Caller, org crm.Organization) error {
	var asks []func() error
	look := func(g crmxml.Grouping, column *crm.Column) {
		asks = append(asks, func() (err error) {
			*column, err = c.column(ctx, caller, org, g.Table, g.Name)
			return err
		})
	}
	look(p.category.Grouping, &p.category.column)
	if p.series != nil {
		look(p.series.Grouping, &p.series.column)
	}
	for i := range p.measures {
		m := &p.measures[i]
		look(m.Grouping, &m.column)
		asks = append(asks, func() error {
			t, err := c.table(ctx, caller, org, m.Table)
			if err == nil && t.PrimaryID == m.Name {
				m.table = t.PluralLabel
			}
			return err
		})
	}
	return together(asks...)
}

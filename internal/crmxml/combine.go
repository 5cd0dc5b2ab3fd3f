package crmxml

import (
	"slices"
	"strings"
)

// Clone copies the query deeply enough that changing the copy leaves the original alone.
func (f *Fetch) Clone() *Fetch {
	c := *f
	c.Entity.Body = f.Entity.Body.clone()
	return &c
}

func (b Body) clone() Body {
	b.Attributes, b.Orders = slices.Clone(b.Attributes), slices.Clone(b.Orders)
	b.Filters, b.Links = cloneFilters(b.Filters), cloneLinks(b.Links)
	return b
}

func cloneLinks(links []Link) []Link {
	links = slices.Clone(links)
	for i := range links {
		links[i].Body = links[i].Body.clone()
	}
	return links
}

func cloneFilters(filters []Filter) []Filter {
	filters = slices.Clone(filters)
	for i := range filters {
		f := &filters[i]
		f.Conditions, f.Filters, f.Links = slices.Clone(f.Conditions), cloneFilters(f.Filters), cloneLinks(f.Links)
		for j := range f.Conditions {
			f.Conditions[j].Values = slices.Clone(f.Conditions[j].Values)
		}
	}
	return filters
}

// Narrow keeps in f only the rows that other selects too: it adds other's filters, and of its link-entities those that
// filter. Their aliases get the prefix, so that they meet none of f's. Columns, orders and paging of other are ignored.
// Both queries are over the same table; other is not changed.
func (f *Fetch) Narrow(other *Fetch, prefix string) {
	filters, links := other.restriction(prefix)
	f.Entity.Filters = append(f.Entity.Filters, filters...)
	f.Entity.Links = append(f.Entity.Links, links...)
}

// restriction gives what of the query decides which rows there are, with prefixed aliases.
func (f *Fetch) restriction(prefix string) ([]Filter, []Link) {
	body := f.Entity.Body.clone()
	used := map[string]bool{}
	usedInFilters(body.Filters, used)
	usedInLinks(body.Links, used)
	links := filtering(body.Links, used)
	names := map[string]string{}
	renameLinks(links, prefix, names)
	repoint(body.Filters, links, names)
	return body.Filters, links
}

// usedInFilters collects the link-entities that conditions name.
func usedInFilters(filters []Filter, used map[string]bool) {
	for _, f := range filters {
		for _, c := range f.Conditions {
			if c.EntityName != "" {
				used[c.EntityName] = true
			}
			if alias, _, found := strings.Cut(c.ValueOf, "."); found {
				used[alias] = true
			}
		}
		usedInFilters(f.Filters, used)
		usedInLinks(f.Links, used)
	}
}

func usedInLinks(links []Link, used map[string]bool) {
	for _, l := range links {
		usedInFilters(l.Filters, used)
		usedInLinks(l.Links, used)
	}
}

// filtering keeps the links without which other rows would be found, and strips them of columns and orders. An outer join
// alone never drops a row; every other kind can.
func filtering(links []Link, used map[string]bool) []Link {
	var kept []Link
	for _, l := range links {
		l.Links = filtering(l.Links, used)
		l.AllAttributes, l.Attributes, l.Orders = nil, nil, nil
		if l.Type != "outer" && l.Type != "matchfirstrowusingcrossapply" || used[l.called()] || len(l.Links) > 0 {
			kept = append(kept, l)
		}
	}
	return kept
}

// called is the name by which conditions refer to the link.
func (l Link) called() string {
	if l.Alias != "" {
		return l.Alias
	}
	return l.Name
}

func renameLinks(links []Link, prefix string, names map[string]string) {
	for i := range links {
		l := &links[i]
		old := l.called()
		l.Alias = prefix + old
		names[old] = l.Alias
		renameLinks(l.Links, prefix, names)
	}
}

// repoint lets every condition follow the new aliases.
func repoint(filters []Filter, links []Link, names map[string]string) {
	for i := range filters {
		for j := range filters[i].Conditions {
			c := &filters[i].Conditions[j]
			if name, ok := names[c.EntityName]; ok {
				c.EntityName = name
			}
			if alias, column, found := strings.Cut(c.ValueOf, "."); found && names[alias] != "" {
				c.ValueOf = names[alias] + "." + column
			}
		}
		repoint(filters[i].Filters, filters[i].Links, names)
	}
	for i := range links {
		repoint(links[i].Filters, links[i].Links, names)
	}
}

// Counted gives a query for the number of rows that f selects, as alias "n" of the only row.
func (f *Fetch) Counted(primaryID string) *Fetch {
	count := &Fetch{Aggregate: true, Entity: Entity{Name: f.Entity.Name, Body: Body{
		Attributes: []Attribute{{Name: primaryID, Alias: "n", Aggregate: "countcolumn", Distinct: true}},
	}}}
	count.Narrow(f, "")
	return count
}

// SortBy replaces every order of the query by one. Name is a column, or "alias.column" of a link-entity.
func (f *Fetch) SortBy(name string, descending bool) {
	clearOrders(f.Entity.Links)
	order := Order{Attribute: name, Descending: descending}
	if alias, column, found := strings.Cut(name, "."); found {
		order.EntityName, order.Attribute = alias, column
	}
	f.Entity.Orders = []Order{order}
}

func clearOrders(links []Link) {
	for i := range links {
		links[i].Orders = nil
		clearOrders(links[i].Links)
	}
}

// Link finds a link-entity by alias, or by table where it has none.
func (f *Fetch) Link(alias string) (Link, bool) { return findLink(f.Entity.Links, alias) }

func findLink(links []Link, alias string) (Link, bool) {
	for _, l := range links {
		if l.called() == alias {
			return l, true
		}
		if found, ok := findLink(l.Links, alias); ok {
			return found, true
		}
	}
	return Link{}, false
}

// Ensure adds a column to the root's columns unless it is there.
func (f *Fetch) Ensure(column string) {
	if f.Entity.AllAttributes != nil {
		return
	}
	for _, a := range f.Entity.Attributes {
		if a.Name == column {
			return
		}
	}
	f.Entity.Attributes = append(f.Entity.Attributes, Attribute{Name: column})
}

// Grouping is a group-by column of an aggregate query and the alias of the link-entity it stands in ("" is the root).
type Grouping struct {
	Attribute
	Link  string // alias
	Table string
}

// Columns lists the columns of the query and of its link-entities, root first.
func (f *Fetch) Columns() []Grouping {
	columns := make([]Grouping, 0, len(f.Entity.Attributes))
	for _, a := range f.Entity.Attributes {
		columns = append(columns, Grouping{Attribute: a, Table: f.Entity.Name})
	}
	return linkColumns(columns, f.Entity.Links)
}

func linkColumns(columns []Grouping, links []Link) []Grouping {
	for _, l := range links {
		for _, a := range l.Attributes {
			columns = append(columns, Grouping{Attribute: a, Link: l.called(), Table: l.Name})
		}
		columns = linkColumns(columns, l.Links)
	}
	return columns
}

package dataverse

import (
	"context"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// furthestRow is as far as pages can be asked for by number (FetchXML paging).
	furthestRow  = 50000
	usualWidth   = 100
	searchPrefix = "find_"
	drillPrefix  = "drill_"
	viewPrefix   = "view_"
)

// listing is a list on its way: what has been looked up before its rows are asked for.
type listing struct {
	part  crm.Part
	state crm.PartState
	view  *view
	table *table
	drill *drill
	quick *view
	mark  string // paging cookie of the page before; "" where pages are counted from the first
}

// List reads a page of a part's view as the person sees it. Everything but the rows comes from the caches when they are
// warm, so that the one request is the query itself.
func (c *Client) List(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.List, error) {
	return c.list(ctx, caller, place, part, state, nil)
}

// list is List, narrowed further.
func (c *Client) list(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState, narrow func(*crmxml.Fetch)) (crm.List, error) {
	l, err := c.prepare(ctx, caller, place.Organization, part, state)
	if err != nil {
		return crm.List{}, err
	}
	list := crm.List{Table: l.table.Table, View: l.view.ViewRef, Page: max(state.Page, 1), Total: -1, Search: state.Search}
	fetch, possible, err := l.query(ctx, c, caller, place.Organization, &list)
	if err != nil {
		return crm.List{}, err
	}
	if narrow != nil {
		narrow(fetch)
	}
	var found rows
	var tables map[string]*table
	err = together(
		func() (err error) {
			list.Views, err = c.pickable(ctx, caller, place.Organization, part)
			return err
		},
		func() (err error) {
			tables, err = c.tables(ctx, caller, place.Organization, tablesOf(fetch))
			return err
		},
		func() (err error) {
			if possible {
				found, err = c.run(ctx, caller, place.Organization, l.table.SetName, fetch)
			}
			return err
		},
	)
	if err != nil {
		return crm.List{}, err
	}
	list.Columns = l.columns(fetch, tables)
	list.Sort, list.Descending = sorted(l.view, state, list.Columns)
	l.fill(&list, found, place.Organization)
	if l.drill != nil {
		list.DrillText = l.drill.text(found)
	}
	return list, nil
}

// prepare looks up what the query is made of, at the same time as far as it can be.
func (c *Client) prepare(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part, state crm.PartState) (listing, error) {
	l := listing{part: part, state: state}
	err := together(
		func() (err error) { l.view, err = c.viewOf(ctx, caller, org, part, state); return err },
		func() (err error) {
			if part.Table != "" {
				l.table, err = c.table(ctx, caller, org, part.Table)
			}
			return err
		},
		func() (err error) {
			if state.Search != "" && part.Table != "" {
				l.quick, err = c.quickFind(ctx, caller, org, part.Table)
			}
			if fault.Is(err, fault.NotFound) {
				return nil // searchedByName stands in
			}
			return err
		},
		func() (err error) {
			if state.Drill != nil {
				l.drill, err = c.drill(ctx, caller, org, part, state)
			}
			return err
		},
	)
	if err == nil && l.table == nil {
		l.table, err = c.table(ctx, caller, org, l.view.table)
	}
	return l, err
}

// query builds the query of a page. It reports false when nothing can be found: no column can hold what was searched for.
func (l listing) query(ctx context.Context, c *Client, caller crm.Caller, org crm.Organization, list *crm.List) (fetch *crmxml.Fetch, possible bool, err error) {
	fetch = l.view.fetch.Clone()
	if fetch.Aggregate {
		return nil, false, fault.New(fault.Invalid, "view.unreadable")
	}
	size := l.part.PageSize
	if size <= 0 {
		size = usualPage
	}
	if list.Page*size > furthestRow && l.mark == "" {
		return nil, false, fault.New(fault.TooLarge, "list.too_far")
	}
	fetch.Top, fetch.PagingCookie, fetch.ReturnTotalRecordCount = 0, l.mark, true
	fetch.Count, fetch.Page = size, list.Page
	fetch.Ensure(l.table.PrimaryID)
	if l.table.PrimaryName != "" {
		fetch.Ensure(l.table.PrimaryName)
	}
	if l.part.Queue != "" {
		fetch.Entity.Filters = append(fetch.Entity.Filters, queueFilter(l.part.Queue))
	}
	if l.state.Sort != "" && l.sortable(l.state.Sort) {
		fetch.SortBy(l.state.Sort, l.state.Descending)
	}
	fetch.Entity.Orders = append(fetch.Entity.Orders, crmxml.Order{Attribute: l.table.PrimaryID})
	if l.drill != nil {
		l.drill.narrow(fetch)
	}
	if strings.TrimSpace(l.state.Search) == "" {
		return fetch, true, nil
	}
	quick := l.searchedByName()
	if l.quick != nil {
		quick = l.quick.fetch
	}
	searched, err := c.tables(ctx, caller, org, tablesOf(quick))
	if err != nil {
		return nil, false, err
	}
	return fetch, fetch.Search(quick, l.state.Search, searchPrefix, matching(searched, l.state.Search)), nil
}

// searchedByName stands in for a quick find view that a table does not have.
func (l listing) searchedByName() *crmxml.Fetch {
	return &crmxml.Fetch{Entity: crmxml.Entity{Name: l.table.LogicalName, Body: crmxml.Body{Filters: []crmxml.Filter{{
		Type: "or", QuickFind: true, Conditions: []crmxml.Condition{{Attribute: l.table.PrimaryName, Operator: "like", Value: "{0}"}},
	}}}}}
}

// queueFilter keeps the items of one queue.
func queueFilter(queue string) crmxml.Filter {
	return crmxml.Filter{Type: "and", Conditions: []crmxml.Condition{{Attribute: "queueid", Operator: "eq", Value: queue}}}
}

// tablesOf names the tables of a query.
func tablesOf(fetch *crmxml.Fetch) []string {
	names := []string{fetch.Entity.Name}
	var walk func([]crmxml.Link)
	walk = func(links []crmxml.Link) {
		for _, l := range links {
			if !strings.HasPrefix(l.Alias, viewPrefix) && !strings.HasPrefix(l.Alias, searchPrefix) && !l.Intersect {
				names = append(names, l.Name)
			}
			walk(l.Links)
		}
	}
	walk(fetch.Entity.Links)
	return names
}

// columns describes the view's columns in the reader's language.
func (l listing) columns(fetch *crmxml.Fetch, tables map[string]*table) []crm.ListColumn {
	var columns []crm.ListColumn
	for _, cell := range l.cells() {
		if cell.Hidden {
			continue
		}
		column, suffix := l.describe(cell.Name, fetch, tables)
		label := column.Label
		if cell.Label != "" {
			label, suffix = cell.Label, ""
		}
		if suffix != "" {
			label += " (" + suffix + ")"
		}
		width := cell.Width
		if width == 0 {
			width = usualWidth
		}
		columns = append(columns, crm.ListColumn{
			Name: cell.Name, Label: label, Width: width, Kind: column.Kind, Sortable: l.sortable(cell.Name) && sorts(column.Kind),
		})
	}
	return columns
}

// cells gives the view's layout; a view without one shows the name.
func (l listing) cells() []crmxml.LayoutCell {
	if l.view.layout != nil && len(l.view.layout.Cells) > 0 {
		return l.view.layout.Cells
	}
	name := l.table.PrimaryName
	if name == "" {
		name = l.table.PrimaryID
	}
	return []crmxml.LayoutCell{{Name: name, Width: 300}}
}

// describe finds the column behind a cell; suffix says through which lookup a related record's column comes.
func (l listing) describe(name string, fetch *crmxml.Fetch, tables map[string]*table) (column crm.Column, suffix string) {
	alias, attribute, linked := strings.Cut(name, ".")
	if !linked {
		return known(l.table, name), ""
	}
	link, ok := fetch.Link(alias)
	if !ok {
		return crm.Column{LogicalName: name, Label: attribute, Kind: crm.KindOther}, ""
	}
	if to, ok := l.table.columns[link.To]; ok && to.Kind == crm.KindLookup {
		suffix = to.Label
	} else if t := tables[link.Name]; t != nil {
		suffix = t.Label
	}
	return known(tables[link.Name], attribute), suffix
}

// known gives a table's column, or as much as its name says.
func known(t *table, name string) crm.Column {
	if t != nil {
		if column, ok := t.columns[name]; ok {
			return column
		}
	}
	return crm.Column{LogicalName: name, Label: name, Kind: crm.KindOther}
}

// sortable reports whether a name from an address is a column of the view that may be sorted.
func (l listing) sortable(name string) bool {
	for _, cell := range l.cells() {
		if cell.Name == name {
			kind := crm.KindText
			if column, ok := l.table.columns[name]; ok {
				kind = column.Kind
			}
			return !cell.Hidden && !cell.DisableSorting && sorts(kind)
		}
	}
	return false
}

// sorts reports whether Dataverse can order by columns of a kind.
func sorts(kind crm.Kind) bool {
	switch kind {
	case crm.KindMemo, crm.KindRichText, crm.KindChoices, crm.KindPartyList, crm.KindImage, crm.KindFile, crm.KindOther:
		return false
	}
	return true
}

// sorted says by which shown column the list is ordered.
func sorted(v *view, state crm.PartState, columns []crm.ListColumn) (name string, descending bool) {
	orders := v.fetch.Entity.Orders
	if len(orders) > 0 {
		name, descending = orders[0].Attribute, orders[0].Descending
		if orders[0].EntityName != "" {
			name = orders[0].EntityName + "." + name
		}
	}
	for _, column := range columns {
		if column.Name == state.Sort && column.Sortable {
			return state.Sort, state.Descending
		}
	}
	for _, column := range columns {
		if column.Name == name {
			return name, descending
		}
	}
	return "", false
}

// fill turns rows into cells.
func (l listing) fill(list *crm.List, found rows, org crm.Organization) {
	if found.Value == nil {
		list.Total = 0
		return
	}
	for _, r := range *found.Value {
		id := crmxml.GUID(r.cell(l.table.PrimaryID).raw)
		item := crm.ListRow{Ref: crm.RecordRef{Organization: org.URL, Table: l.table.LogicalName, ID: id}, Name: r.cell(l.table.PrimaryName).text}
		for _, column := range list.Columns {
			v := r.cell(column.Name)
			cell := crm.Cell{Text: v.text, Raw: v.raw}
			switch {
			case column.Name == l.table.PrimaryName && id != "":
				cell.Link = &crm.RecordRef{Organization: org.URL, Table: l.table.LogicalName, ID: id}
			case v.table != "" && crmxml.GUID(v.raw) != "":
				cell.Link = &crm.RecordRef{Organization: org.URL, Table: v.table, ID: crmxml.GUID(v.raw)}
			}
			item.Cells = append(item.Cells, cell)
		}
		list.Rows = append(list.Rows, item)
	}
	list.More = found.More || found.Next != ""
	before := (list.Page - 1) * max(l.part.PageSize, 1)
	switch {
	case found.Total != nil && *found.Total >= 0:
		list.Total, list.TotalOver = *found.Total, found.TotalOver
		list.More = list.More || list.TotalOver || before+len(list.Rows) < list.Total && len(list.Rows) > 0
	case !list.More && len(list.Rows) > 0 || list.Page == 1 && !list.More:
		list.Total = before + len(list.Rows)
	}
}

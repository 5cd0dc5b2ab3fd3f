package dataverse

import (
	"context"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// viewPage is how many rows the list page shows at a time.
const viewPage = 50

// viewing is a list page on its way.
type viewing struct {
	listing
	c       *Client
	caller  crm.Caller
	org     crm.Organization
	plan    *blueprint        // nil where the table's columns cannot be told
	tables  map[string]*table // of the view's query
	targets map[string]*table // that filters by name look into
	narrow  func(*crmxml.Fetch)
	list    crm.ViewList
}

// View reads a page of a view as the person sees it, narrowed by what they ask of its columns. When the caches are warm one
// question brings the rows; a second one, at the same time, counts them exactly or names the record that they belong to.
func (c *Client) View(ctx context.Context, caller crm.Caller, place crm.Place, q crm.ViewQuery) (crm.ViewList, error) {
	v, err := c.viewing(ctx, caller, place.Organization, q, viewPage)
	if err != nil {
		return crm.ViewList{}, err
	}
	fetch, possible, err := v.page(ctx)
	if err != nil {
		return crm.ViewList{}, err
	}
	var found rows
	total, over := -1, false
	err = together(
		func() (err error) {
			v.list.Views, err = c.pickable(ctx, caller, v.org, v.part)
			return err
		},
		func() error { return v.name(ctx, q.Of) },
		func() error {
			if q.Counted && possible {
				total, over = v.count(ctx, fetch)
			}
			return nil
		},
		func() (err error) {
			if possible {
				found, err = c.run(ctx, caller, v.org, v.table.SetName, fetch)
			}
			return err
		},
	)
	if searchedTooMuch(err) && q.Search != "" && v.quick != nil {
		v.quick, v.list.NameOnly, err = nil, true, nil
		if fetch, possible, err = v.page(ctx); err == nil && possible {
			found, err = c.run(ctx, caller, v.org, v.table.SetName, fetch)
		}
	}
	if err != nil {
		return crm.ViewList{}, err
	}
	v.finish(found)
	if total >= 0 {
		v.list.Total, v.list.TotalOver = total, over
	}
	return v.list, nil
}

func searchedTooMuch(err error) bool {
	return fault.Is(err, fault.TooLarge) && fault.Of(err).Key == "dataverse.too_many_rows"
}

// viewing looks up everything that the query is made of, and which filters fit the view.
func (c *Client) viewing(ctx context.Context, caller crm.Caller, org crm.Organization, q crm.ViewQuery, size int) (*viewing, error) {
	part := crm.Part{Key: "list", Kind: crm.PartList, Table: q.Table, PageSize: size, QuickFind: true, ViewPicker: true}
	state := q.PartState
	state.ChartID, state.Drill = "", nil
	v := &viewing{c: c, caller: caller, org: org}
	var err error
	err = together(
		func() (err error) {
			v.plan, err = c.blueprint(ctx, caller, org, q.Table)
			switch {
			case fault.Is(err, fault.NotFound):
				return fault.Wrap(err, fault.NotFound, "record.no_table")
			case fault.Is(err, fault.SignedOut), fault.Is(err, fault.Consent):
				return err
			}
			return nil // without it only what the view itself says can be asked
		},
		func() (err error) { v.listing, err = c.prepared(ctx, caller, org, part, state); return err },
		func() (err error) {
			if q.Of != nil {
				v.narrow, err = c.belonging(ctx, caller, org, q.Table, *q.Of)
			}
			return err
		},
	)
	if err != nil {
		return nil, err
	}
	v.mark = readMark(q.Mark)
	v.list.List = crm.List{Table: v.table.Table, View: v.view.ViewRef, Page: max(q.Page, 1), Total: -1, Search: q.Search}
	if v.tables, err = c.tables(ctx, caller, org, tablesOf(v.view.fetch)); err != nil {
		return nil, err
	}
	v.list.Columns = v.columns(v.view.fetch, v.tables)
	if err = v.take(ctx, q.Filters); err == nil {
		err = v.aim(ctx)
	}
	return v, err
}

// prepared is prepare, with the first of the table's views where none of them is its default.
func (c *Client) prepared(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part, state crm.PartState) (listing, error) {
	l, err := c.prepare(ctx, caller, org, part, state)
	if state.ViewID == "" && fault.Is(err, fault.NotFound) && fault.Of(err).Key == "view.gone" {
		if views, none := c.views(ctx, caller, org, part.Table); none == nil && len(views) > 0 {
			state.ViewID, state.PersonalView = views[0].ID, views[0].Personal
			return c.prepare(ctx, caller, org, part, state)
		}
	}
	return l, err
}

// page builds the query of the page.
func (v *viewing) page(ctx context.Context) (*crmxml.Fetch, bool, error) {
	fetch, possible, err := v.query(ctx, v.c, v.caller, v.org, &v.list.List)
	if err != nil {
		return nil, false, err
	}
	if v.narrow != nil {
		v.narrow(fetch)
	}
	for i, f := range v.list.Filters {
		v.apply(fetch, i, f)
	}
	return fetch, possible, nil
}

// count counts as far as Dataverse does; -1 when it does not say.
func (v *viewing) count(ctx context.Context, fetch *crmxml.Fetch) (n int, over bool) {
	found, err := v.c.run(ctx, v.caller, v.org, v.table.SetName, fetch.Counted(v.table.PrimaryID))
	if searchedTooMuch(err) {
		return countLimit, true
	}
	if err != nil || len(*found.Value) == 0 {
		return -1, false
	}
	n, err = strconv.Atoi((*found.Value)[0].cell("n").raw)
	if err != nil || n < 0 {
		return -1, false
	}
	return n, false
}

// name says what the record is called that the rows belong to.
func (v *viewing) name(ctx context.Context, of *crm.Belonging) error {
	if of == nil {
		return nil
	}
	v.list.Of = &crm.Reference{Table: of.To.Table, ID: of.To.ID}
	t, err := v.c.table(ctx, v.caller, v.org, of.To.Table)
	if err != nil {
		return optional(err)
	}
	v.list.Of.Label = t.Label
	if t.PrimaryName == "" {
		return nil
	}
	up, err := v.c.organization(v.org)
	if err != nil {
		return err
	}
	var r row
	if _, err = v.c.read(ctx, v.caller, up, call{path: t.SetName + "(" + of.To.ID + ")?$select=" + t.PrimaryName}, &r); err == nil {
		v.list.Of.Name = r.cell(t.PrimaryName).text
	}
	return optional(err)
}

// finish makes a list of the rows.
func (v *viewing) finish(found rows) {
	v.list.Sort, v.list.Descending = sorted(v.view, v.state, v.list.Columns)
	v.fill(&v.list.List, found, v.org)
	if v.list.More {
		v.list.Mark = pageMark(found.Cookie)
	}
	for i := range v.list.Filterable {
		v.see(i)
	}
}

// mostSeen bounds the records that a column offers to be filtered by.
const mostSeen = 20

// see notes which records a lookup of the page points to.
func (v *viewing) see(column int) {
	f := &v.list.Filterable[column]
	if f.Kind != crm.KindLookup {
		return
	}
	known := map[string]bool{}
	for _, row := range v.list.Rows {
		if cell := row.Cells[column]; cell.Link != nil && cell.Text != "" && !known[cell.Link.ID] && len(f.Seen) < mostSeen {
			known[cell.Link.ID] = true
			f.Seen = append(f.Seen, crm.Reference{Table: cell.Link.Table, ID: cell.Link.ID, Name: cell.Text})
		}
	}
}

// exportPage keeps an answer of many wide rows below bodyLimit.
const exportPage = 1000

// Rows reads a view page after page and gives each to each, until the view ends or most rows have been read; then cut says that
// there are more. Sort, search and filters are those of the query, its page is not looked at.
func (c *Client) Rows(ctx context.Context, caller crm.Caller, place crm.Place, q crm.ViewQuery, most int, each func(crm.ViewList) error) (cut bool, err error) {
	q = q.First()
	for read := 0; ; {
		v, err := c.viewing(ctx, caller, place.Organization, q, exportPage)
		if err != nil {
			return false, err
		}
		fetch, possible, err := v.page(ctx)
		if err != nil {
			return false, err
		}
		fetch.ReturnTotalRecordCount = false
		var found rows
		if possible {
			if found, err = c.run(ctx, caller, place.Organization, v.table.SetName, fetch); err != nil {
				return false, err
			}
		}
		v.finish(found)
		v.list.More = found.More || found.Next != ""
		if left := most - read; len(v.list.Rows) > left {
			v.list.Rows, v.list.More = v.list.Rows[:left], true
		}
		if err := each(v.list); err != nil {
			return false, err
		}
		if read += len(v.list.Rows); !v.list.More || read >= most || len(v.list.Rows) == 0 {
			return v.list.More, nil
		}
		q = q.At(v.list.Page+1, pageMark(found.Cookie))
	}
}

// linked splits the name of a related record's column.
func linked(name string) (alias, column string) {
	if before, after, found := strings.Cut(name, "."); found {
		return before, after
	}
	return "", name
}

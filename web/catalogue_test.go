package web

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// catalogue is a Dataverse in memory: the same organization, app and dashboards for everybody, each named after who asks.
// It fails, waits and counts on request.
type catalogue struct {
	mu        sync.Mutex
	none      bool                     // no organization
	noApp     bool                     // no app
	err       error                    // of Organizations
	partErr   map[string]error         // by part key
	wait      map[string]chan struct{} // "place" or a part key: answered once the channel is closed
	panics    map[string]bool          // the same keys
	calls     map[string]int
	cancelled chan string // keys whose context ended while they waited
}

func newCatalogue() *catalogue {
	return &catalogue{partErr: map[string]error{}, wait: map[string]chan struct{}{}, panics: map[string]bool{}, calls: map[string]int{}, cancelled: make(chan string, 16)}
}

// set changes the catalogue between requests.
func (c *catalogue) set(change func(*catalogue)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

func (c *catalogue) called(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls[key]
}

// enter counts a call, and waits or panics where the test wants it.
func (c *catalogue) enter(ctx context.Context, key string) error {
	c.mu.Lock()
	c.calls[key]++
	gate, panics := c.wait[key], c.panics[key]
	c.mu.Unlock()
	if panics {
		panic("asked to, with secret-canary")
	}
	if gate == nil {
		return ctx.Err()
	}
	select {
	case <-gate:
		return nil
	case <-ctx.Done():
		c.cancelled <- key
		return fault.Wrap(ctx.Err(), fault.Unreachable, "dataverse.unreachable")
	}
}

var (
	organization = crm.Organization{ID: "0c000000-0000-4000-8000-000000000001", Name: "Harbor Sales", URL: "https://harbor.example", API: "https://harbor.example", Version: "9.2"}
	salesApp     = crm.App{ID: "a0000000-0000-4000-8000-000000000001", Name: "Sales Hub"}
	boards       = []crm.DashboardRef{{ID: "d0000000-0000-4000-8000-000000000001", Name: "First board"}, {ID: "d0000000-0000-4000-8000-000000000002", Name: "Second board"}}
)

func (c *catalogue) Organizations(ctx context.Context, caller crm.Caller) ([]crm.Organization, []crm.LeftOut, error) {
	if err := c.enter(ctx, "place"); err != nil {
		return nil, nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return nil, nil, c.err
	}
	if c.none {
		return nil, []crm.LeftOut{{ID: "x", Name: "Old one", Reason: crm.ReasonVersion, Detail: "8.2"}}, nil
	}
	return []crm.Organization{organization}, nil, nil
}

func (c *catalogue) Apps(ctx context.Context, caller crm.Caller, org crm.Organization) ([]crm.App, []crm.LeftOut, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.noApp {
		return nil, []crm.LeftOut{{ID: "y", Name: "Classic app", Reason: crm.ReasonClassic}}, nil
	}
	return []crm.App{salesApp}, nil, nil
}

func (c *catalogue) Dashboards(context.Context, crm.Caller, crm.Place) ([]crm.DashboardRef, []string, error) {
	return boards, nil, nil
}

func (c *catalogue) Dashboard(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.DashboardRef) (crm.Dashboard, error) {
	part := func(key, title string, column int) crm.Part {
		return crm.Part{Key: key, Title: title, ShowTitle: true, Kind: crm.PartList, Row: 1, Column: column, RowSpan: 1, ColSpan: 1, Table: "account", PageSize: 5}
	}
	section := crm.DashboardSection{Columns: 2, Parts: []crm.Part{part("one", "Part one", 1), part("two", "Part two", 2)}}
	return crm.Dashboard{DashboardRef: ref, Tabs: []crm.DashboardTab{{Expanded: true, Columns: []crm.DashboardColumn{{Width: 100, Sections: []crm.DashboardSection{section}}}}}}, nil
}

func (c *catalogue) List(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.List, error) {
	if err := c.enter(ctx, part.Key); err != nil {
		return crm.List{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.partErr[part.Key]; err != nil {
		return crm.List{}, err
	}
	ref := crm.RecordRef{Organization: organization.URL, Table: "account", ID: "e0000000-0000-4000-8000-000000000001"}
	name := "Row of " + part.Key + " for " + caller.User.Object + " sorted " + state.Sort + " in " + caller.Locale
	return crm.List{
		Table: crm.Table{LogicalName: "account", Label: "Account", PluralLabel: "Accounts", PrimaryName: "name"}, View: crm.ViewRef{ID: "v", Name: "Active accounts"},
		Columns: []crm.ListColumn{{Name: "name", Label: "Name", Width: 100, Kind: crm.KindText, Sortable: true}},
		Rows:    []crm.ListRow{{Ref: ref, Name: name, Cells: []crm.Cell{{Text: name, Link: &ref}}}}, Total: 1, Page: 1,
	}, nil
}

func (c *catalogue) Chart(context.Context, crm.Caller, crm.Place, crm.Part, crm.PartState) (crm.Chart, error) {
	return crm.Chart{}, fault.New(fault.NotFound, "dashboard.part_gone")
}

func (c *catalogue) Count(context.Context, crm.Caller, crm.Place, crm.Part, crm.PartState) (crm.TileNumber, error) {
	return crm.TileNumber{}, fault.New(fault.NotFound, "dashboard.part_gone")
}

func (c *catalogue) Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error {
	return c.enter(ctx, "refresh")
}

// broken is a dashboard service with a defect in Fill.
type broken struct{ Dashboards }

func (broken) Fill(context.Context, crm.Caller, crm.Place, crm.Dashboard, map[string]crm.PartState, func(crm.Filled) error) error {
	panic("secret-canary")
}

// unanswered is what package net/http says of a request that failed, address and all.
func unanswered(address string) error {
	return &url.Error{Op: "Get", URL: address, Err: errors.New("connection refused")}
}

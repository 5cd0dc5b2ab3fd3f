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

const (
	slotView      slot = "view"
	slotViews     slot = "views"
	slotQuickFind slot = "quickfind"
	slotChart     slot = "chart"
	slotCharts    slot = "charts"
)

// What ids in the caches begin with where they are not those of the organization's own views and charts.
const (
	personalPrefix = "personal "
	defaultPrefix  = "default "
)

// view is a saved or personal query, read.
type view struct {
	crm.ViewRef
	table  string
	fetch  *crmxml.Fetch
	layout *crmxml.Layout
}

// query is a row of savedqueries or userqueries.
type query struct {
	SavedID   string `json:"savedqueryid"`
	UserID    string `json:"userqueryid"`
	Name      string `json:"name"`
	Fetch     string `json:"fetchxml"`
	Layout    string `json:"layoutxml"`
	Table     string `json:"returnedtypecode"`
	IsDefault bool   `json:"isdefault"`
}

// view reads a view. A personal one belongs to the person or is shared with them; Dataverse decides.
func (c *Client) view(ctx context.Context, caller crm.Caller, org crm.Organization, id string, isPersonal bool) (*view, error) {
	if id = crmxml.GUID(id); id == "" {
		return nil, fault.New(fault.NotFound, "view.gone")
	}
	from, key := savedViews, id
	if isPersonal {
		from, key = personalViews, personalPrefix+id
	}
	return mine(ctx, c, caller, org, slotView, key, func(ctx context.Context) (*view, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		var q query
		size, err := c.one(ctx, caller, up, from, id, &q)
		if err != nil {
			return nil, 0, goneAs(err, "view.gone")
		}
		v, err := q.read(id, isPersonal)
		return v, size, err
	})
}

// read makes a view of a row. Its XML is the customer's: what cannot be read is this part's failure.
func (q query) read(id string, isPersonal bool) (*view, error) {
	v := &view{ViewRef: crm.ViewRef{ID: id, Name: q.Name, Personal: isPersonal}, table: strings.ToLower(q.Table)}
	var err error
	if q.Fetch == "" {
		// Some views are made by code in the service (queryapi) and cannot be run as a query.
		return nil, fault.New(fault.Invalid, "view.no_query")
	}
	if v.fetch, err = crmxml.ParseFetch(q.Fetch); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "view.unreadable")
	}
	if q.Layout != "" {
		if v.layout, err = crmxml.ReadLayout(q.Layout); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "view.unreadable")
		}
	}
	if v.table == "" {
		v.table = v.fetch.Entity.Name
	}
	if v.table != v.fetch.Entity.Name {
		return nil, fault.Wrap(errors.New("view of another table than its query"), fault.Invalid, "view.unreadable")
	}
	return v, nil
}

// views lists the views of a table for the picker: public ones by name, then the person's own.
func (c *Client) views(ctx context.Context, caller crm.Caller, org crm.Organization, table string) ([]crm.ViewRef, error) {
	return mine(ctx, c, caller, org, slotViews, table, func(ctx context.Context) ([]crm.ViewRef, int, error) {
		up, err := c.organization(org)
		if err != nil || !logicalName.MatchString(table) {
			return nil, 0, err
		}
		var public, own []query
		var size int
		err = together(
			func() (err error) {
				public, size, err = collect[query](ctx, c, caller, up, "savedqueries?$select=savedqueryid,name&$filter="+
					escaped("returnedtypecode eq '"+table+"' and querytype eq 0 and statecode eq 0"))
				return err
			},
			func() (err error) {
				own, _, err = collect[query](ctx, c, caller, up, "userqueries?$select=userqueryid,name&$filter="+
					escaped("returnedtypecode eq '"+table+"' and querytype eq 0 and statecode eq 0"))
				return optional(err)
			},
		)
		if err != nil {
			return nil, 0, err
		}
		refs := make([]crm.ViewRef, 0, len(public)+len(own))
		for _, q := range public {
			refs = append(refs, crm.ViewRef{ID: crmxml.GUID(q.SavedID), Name: q.Name})
		}
		for _, q := range own {
			refs = append(refs, crm.ViewRef{ID: crmxml.GUID(q.UserID), Name: q.Name, Personal: true})
		}
		slices.SortStableFunc(refs, func(a, b crm.ViewRef) int {
			if a.Personal != b.Personal {
				return map[bool]int{true: 1, false: -1}[a.Personal]
			}
			return byName(a.Name, b.Name, a.ID, b.ID)
		})
		return refs, size, nil
	})
}

// defaultView gives the table's default public view, for parts that name none.
func (c *Client) defaultView(ctx context.Context, caller crm.Caller, org crm.Organization, table string) (*view, error) {
	return c.viewWhere(ctx, caller, org, slotView, defaultPrefix+table, table, "querytype eq 0 and isdefault eq true and statecode eq 0")
}

// quickFind gives the view that says in which columns a table is searched.
func (c *Client) quickFind(ctx context.Context, caller crm.Caller, org crm.Organization, table string) (*view, error) {
	return c.viewWhere(ctx, caller, org, slotQuickFind, table, table, "querytype eq 4 and isquickfindquery eq true and statecode eq 0")
}

func (c *Client) viewWhere(ctx context.Context, caller crm.Caller, org crm.Organization, what slot, key, table, filter string) (*view, error) {
	return mine(ctx, c, caller, org, what, key, func(ctx context.Context) (*view, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		if !logicalName.MatchString(table) {
			return nil, 0, fault.New(fault.NotFound, "view.gone")
		}
		found, size, err := collect[query](ctx, c, caller, up, "savedqueries?$select=savedqueryid,name,fetchxml,layoutxml,returnedtypecode,isdefault&$filter="+
			escaped("returnedtypecode eq '"+table+"' and "+filter))
		if err != nil {
			return nil, 0, err
		}
		if len(found) == 0 {
			return nil, 0, fault.New(fault.NotFound, "view.gone")
		}
		slices.SortFunc(found, func(a, b query) int { return byName(a.Name, b.Name, a.SavedID, b.SavedID) })
		v, err := found[0].read(crmxml.GUID(found[0].SavedID), false)
		return v, size, err
	})
}

// goneAs gives "not found" the key of what was looked for.
func goneAs(err error, key string) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.NotFound, key)
	}
	return err
}

// viewOf gives the view that a part shows: the one chosen in its picker, else its own, else the table's default.
func (c *Client) viewOf(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part, state crm.PartState) (*view, error) {
	id, isPersonal := part.ViewID, part.PersonalView
	if part.ViewPicker && state.ViewID != "" {
		id, isPersonal = crmxml.GUID(state.ViewID), state.PersonalView
		if len(part.ViewIDs) > 0 && (isPersonal || !slices.Contains(part.ViewIDs, id)) && id != part.ViewID {
			return nil, fault.New(fault.NotFound, "view.gone")
		}
	}
	if id == "" {
		return c.defaultView(ctx, caller, org, part.Table)
	}
	v, err := c.view(ctx, caller, org, id, isPersonal)
	if err != nil {
		return nil, err
	}
	if v.table != part.Table {
		return nil, fault.New(fault.NotFound, "view.gone")
	}
	return v, nil
}

// pickable gives the views offered by a part's picker, nil when it has none.
func (c *Client) pickable(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part) ([]crm.ViewRef, error) {
	if !part.ViewPicker {
		return nil, nil
	}
	all, err := c.views(ctx, caller, org, part.Table)
	if err != nil || len(part.ViewIDs) == 0 {
		return all, err
	}
	var offered []crm.ViewRef
	for _, v := range all {
		if !v.Personal && slices.Contains(part.ViewIDs, v.ID) || v.ID == part.ViewID {
			offered = append(offered, v)
		}
	}
	return offered, nil
}

package dataverse

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotAllViews slot = "allviews"
	slotUsed     slot = "used"
)

// Views gives the views of tables of a place whose names have the text, each table's public ones first; all of them where the text
// is "". Nil tables are those of the app.
func (c *Client) Views(ctx context.Context, caller crm.Caller, place crm.Place, text string, tables []string, most int) (crm.Searched, error) {
	searched := crm.Searched{By: crm.SearchedByName}
	all, err := c.searchables(ctx, caller, place)
	if err != nil {
		return searched, err
	}
	all = chosenOf(all, tables)
	views, err := c.allViews(ctx, caller, place.Organization, all)
	for _, s := range all {
		searched.Tables = append(searched.Tables, s.Table)
		for _, v := range views[s.LogicalName] {
			if text == "" || crm.MatchOf(v.Name, text) != crm.MatchOther {
				searched.Views = append(searched.Views, crm.FoundView{Place: place, Table: s.Table, View: v})
			}
		}
	}
	if text != "" {
		searched.Rank(text)
	}
	searched.More = len(searched.Views) > most
	searched.Views = searched.Views[:min(most, len(searched.Views))]
	return searched, err
}

// allViews reads the names of the views of many tables at once: the public ones and those that are the person's own or shared with
// them, each by name.
func (c *Client) allViews(ctx context.Context, caller crm.Caller, org crm.Organization, tables []searchable) (map[string][]crm.ViewRef, error) {
	names := make([]string, len(tables))
	for i, s := range tables {
		names[i] = s.LogicalName
	}
	slices.Sort(names)
	return mine(ctx, c, caller, org, slotAllViews, strings.Join(names, " "), func(ctx context.Context) (map[string][]crm.ViewRef, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		read := func(set, key string) ([]query, int, error) {
			return inChunks(names, func(some []string) ([]query, int, error) {
				return collect[query](ctx, c, caller, up, set+"?$select="+key+",name,returnedtypecode&$filter="+
					escaped("querytype eq 0 and statecode eq 0 and ("+anyOf("returnedtypecode", some)+")"))
			})
		}
		var public, own []query
		size := 0
		err = together(
			func() (err error) { public, size, err = read("savedqueries", "savedqueryid"); return err },
			func() (err error) { own, _, err = read("userqueries", "userqueryid"); return optional(err) },
		)
		if err != nil {
			return nil, 0, err
		}
		views := map[string][]crm.ViewRef{}
		for _, q := range append(public, own...) {
			v := crm.ViewRef{ID: crmxml.GUID(q.SavedID), Name: crm.Label(q.Name)}
			if q.SavedID == "" {
				v = crm.ViewRef{ID: crmxml.GUID(q.UserID), Name: v.Name, Personal: true}
			}
			table := strings.ToLower(q.Table)
			views[table] = append(views[table], v)
		}
		for _, all := range views {
			slices.SortStableFunc(all, func(a, b crm.ViewRef) int {
				if a.Personal != b.Personal {
					return map[bool]int{true: 1, false: -1}[a.Personal]
				}
				return byName(a.Name, b.Name, a.ID, b.ID)
			})
		}
		return views, size, nil
	})
}

// NamedView finds a view by its id: NotFound view.gone where the person does not see it.
func (c *Client) NamedView(ctx context.Context, caller crm.Caller, place crm.Place, id string, isPersonal bool) (crm.FoundView, error) {
	v, err := c.view(ctx, caller, place.Organization, id, isPersonal)
	if fault.Is(err, fault.Forbidden) && fault.Of(err).Key == "dataverse.forbidden" {
		err = fault.Wrap(err, fault.NotFound, "view.gone") // whose it is makes no difference to who may not see it
	}
	if err != nil {
		return crm.FoundView{}, err
	}
	t, err := c.table(ctx, caller, place.Organization, v.table)
	if err != nil {
		return crm.FoundView{}, err
	}
	return crm.FoundView{Place: place, Table: t.Table, View: crm.ViewRef{ID: v.ID, Name: crm.Label(v.Name), Personal: v.Personal}}, nil
}

// Used gives what Dataverse knows of the records that the person used last, in any of its apps, the latest first (table
// recentlyused); told is false where it does not tell.
func (c *Client) Used(ctx context.Context, caller crm.Caller, place crm.Place, most int) (used []crm.Used, told bool, err error) {
	all, err := mine(ctx, c, caller, place.Organization, slotUsed, "", func(ctx context.Context) ([]crm.Used, int, error) {
		up, err := c.organization(place.Organization)
		if err != nil {
			return nil, 0, err
		}
		user, err := c.who(ctx, caller, place.Organization)
		if err != nil {
			return nil, 0, err
		}
		var page struct {
			Value *[]struct {
				ID    string `json:"objectid"`
				Table string `json:"objecttype"`
				At    string `json:"lastaccessed"`
			}
		}
		n, err := c.read(ctx, caller, up, call{path: "recentlyused?$select=objectid,objecttype,lastaccessed&$filter=" + escaped("_ownerid_value eq "+user) +
			"&$orderby=lastaccessed%20desc&$top=100"}, &page)
		if err != nil || page.Value == nil {
			return nil, n, optional(err)
		}
		found := []crm.Used{}
		for _, r := range *page.Value {
			id, table := crmxml.GUID(r.ID), strings.ToLower(r.Table)
			if at, err := time.Parse(time.RFC3339, r.At); err == nil && id != "" && logicalName.MatchString(table) {
				found = append(found, crm.Used{Ref: crm.RecordRef{Organization: place.Organization.URL, Table: table, ID: id}, At: at})
			}
		}
		return found, n, nil
	})
	return slices.Clone(all[:min(most, len(all))]), all != nil, err
}

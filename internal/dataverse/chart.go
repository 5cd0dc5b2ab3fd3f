package dataverse

import (
	"context"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// chart is a chart's definition, read.
type chart struct {
	crm.ChartRef
	table   string
	data    *crmxml.ChartData
	drawing *crmxml.Presentation
}

// visualization is a row of savedqueryvisualizations or userqueryvisualizations.
type visualization struct {
	SavedID string `json:"savedqueryvisualizationid"`
	UserID  string `json:"userqueryvisualizationid"`
	Name    string `json:"name"`
	Table   string `json:"primaryentitytypecode"`
	Data    string `json:"datadescription"`
	Drawing string `json:"presentationdescription"`
}

// chart reads a chart's definition; who may see a personal one is Dataverse's to decide.
func (c *Client) chart(ctx context.Context, caller crm.Caller, org crm.Organization, id string, isPersonal bool) (*chart, error) {
	if id == "" {
		return nil, fault.New(fault.NotFound, "chart.gone")
	}
	from, key := savedCharts, id
	if isPersonal {
		from, key = personalCharts, personalPrefix+id
	}
	return mine(ctx, c, caller, org, slotChart, key, func(ctx context.Context) (*chart, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		var v visualization
		size, err := c.one(ctx, caller, up, from, id, &v)
		if err != nil {
			return nil, 0, goneAs(err, "chart.gone")
		}
		read := &chart{ChartRef: crm.ChartRef{ID: id, Name: v.Name, Personal: isPersonal}, table: strings.ToLower(v.Table)}
		if read.data, err = crmxml.ReadChartData(v.Data); err != nil {
			return nil, 0, fault.Wrap(err, fault.Invalid, "chart.unreadable")
		}
		if read.drawing, err = crmxml.ReadPresentation(v.Drawing); err != nil {
			// Without it the numbers are still right.
			read.drawing = &crmxml.Presentation{}
		}
		if read.table == "" {
			read.table = read.data.Fetch.Entity.Name
		}
		return read, size, nil
	})
}

// charts lists the charts of a table for the picker: the organization's by name, then the person's own.
func (c *Client) charts(ctx context.Context, caller crm.Caller, org crm.Organization, table string) ([]crm.ChartRef, error) {
	return mine(ctx, c, caller, org, slotCharts, table, func(ctx context.Context) ([]crm.ChartRef, int, error) {
		up, err := c.organization(org)
		if err != nil || !logicalName.MatchString(table) {
			return nil, 0, err
		}
		var public, own []visualization
		var size int
		filter := "&$filter=" + escaped("primaryentitytypecode eq '"+table+"'")
		err = together(
			func() (err error) {
				public, size, err = collect[visualization](ctx, c, caller, up, "savedqueryvisualizations?$select=savedqueryvisualizationid,name"+filter)
				return err
			},
			func() (err error) {
				own, _, err = collect[visualization](ctx, c, caller, up, "userqueryvisualizations?$select=userqueryvisualizationid,name"+filter)
				return optional(err)
			},
		)
		if err != nil {
			return nil, 0, err
		}
		order := func(a, b crm.ChartRef) int { return byName(a.Name, b.Name, a.ID, b.ID) }
		refs, mine := make([]crm.ChartRef, 0, len(public)+len(own)), make([]crm.ChartRef, 0, len(own))
		for _, v := range public {
			refs = append(refs, crm.ChartRef{ID: crmxml.GUID(v.SavedID), Name: v.Name})
		}
		for _, v := range own {
			mine = append(mine, crm.ChartRef{ID: crmxml.GUID(v.UserID), Name: v.Name, Personal: true})
		}
		slices.SortFunc(refs, order)
		slices.SortFunc(mine, order)
		return append(refs, mine...), size, nil
	})
}

// chartOf gives the chart that a part shows: the one chosen in its picker, else its own.
func (c *Client) chartOf(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part, state crm.PartState) (*chart, error) {
	id, isPersonal := part.ChartID, part.PersonalChart
	if wanted := crmxml.GUID(state.ChartID); part.ChartPicker && wanted != "" && wanted != id {
		offered, err := c.charts(ctx, caller, org, part.Table)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(offered, func(r crm.ChartRef) bool { return r.ID == wanted })
		if i < 0 {
			return nil, fault.New(fault.NotFound, "chart.gone")
		}
		id, isPersonal = wanted, offered[i].Personal
	}
	found, err := c.chart(ctx, caller, org, id, isPersonal)
	if err == nil && part.Table != "" && (found.table != part.Table || found.data.Fetch.Entity.Name != part.Table) {
		return nil, fault.New(fault.NotFound, "chart.gone")
	}
	return found, err
}

// Chart computes a part's chart over the records of its view that the person may see.
func (c *Client) Chart(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.Chart, error) {
	org := place.Organization
	var definition *chart
	var over *view
	var base *table
	err := together(
		func() (err error) { definition, err = c.chartOf(ctx, caller, org, part, state); return err },
		func() (err error) { over, err = c.viewOf(ctx, caller, org, part, state); return err },
		func() (err error) {
			if part.Table != "" {
				base, err = c.table(ctx, caller, org, part.Table)
			}
			return err
		},
	)
	if err != nil {
		return crm.Chart{}, err
	}
	if over.table != definition.table {
		return crm.Chart{}, fault.New(fault.NotFound, "chart.gone")
	}
	if base == nil {
		if base, err = c.table(ctx, caller, org, definition.table); err != nil {
			return crm.Chart{}, err
		}
	}
	plan, err := planOf(definition)
	if err != nil {
		return crm.Chart{}, err
	}
	plan.fetch.Narrow(over.fetch, viewPrefix)
	drawn := crm.Chart{ID: definition.ID, Name: definition.Name, Table: base.Table, View: over.ViewRef}
	var found rows
	err = together(
		func() (err error) { drawn.Views, err = c.pickable(ctx, caller, org, part); return err },
		func() (err error) {
			if part.ChartPicker {
				drawn.Charts, err = c.charts(ctx, caller, org, definition.table)
			}
			return err
		},
		func() error { return plan.learn(ctx, c, caller, org) },
		func() (err error) { found, err = c.run(ctx, caller, org, base.SetName, plan.fetch); return err },
	)
	if err != nil {
		return crm.Chart{}, err
	}
	plan.draw(&drawn, found, base.Table, wordsOf(caller.Locale))
	return drawn, nil
}

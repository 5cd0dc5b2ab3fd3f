package dataverse

import (
	"cmp"
	"context"
	"strconv"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// drill narrows a list to the records behind one segment of a chart. The address gives values alone; the columns are the
// chart's own group-by columns.
type drill struct {
	plan   *plan
	fetch  *crmxml.Fetch // the chart's own restriction with the segment's
	picked []picked
	words  words
}

// picked is one group-by column with its value; an empty value means records without one.
type picked struct {
	grouping
	value string
}

// drill looks up the part's chart and makes conditions of the values.
func (c *Client) drill(ctx context.Context, caller crm.Caller, org crm.Organization, part crm.Part, state crm.PartState) (*drill, error) {
	definition, err := c.chartOf(ctx, caller, org, part, state)
	if err != nil {
		return nil, err
	}
	plan, err := planOf(definition)
	if err != nil {
		return nil, err
	}
	d := &drill{plan: plan, words: wordsOf(caller.Locale), picked: []picked{{plan.category, state.Drill.Category}}}
	if plan.series != nil && state.Drill.Series != "" {
		series := state.Drill.Series
		if series == emptySeries {
			series = ""
		}
		d.picked = append(d.picked, picked{*plan.series, series})
	}
	d.fetch = definition.data.Fetch.Clone()
	asks := make([]func() error, len(d.picked))
	for i := range d.picked {
		p := &d.picked[i]
		conditions, err := p.conditions()
		if err != nil {
			return nil, err
		}
		d.fetch.Entity.Filters = append(d.fetch.Entity.Filters, crmxml.Filter{Type: "and", Conditions: conditions})
		asks[i] = func() (err error) {
			p.column, err = c.column(ctx, caller, org, p.Table, p.Name)
			return err
		}
	}
	return d, together(asks...)
}

// conditions select the records of the picked group. A link-entity of the chart is named as the chart names it; it is
// renamed together with the link when the list takes it over.
func (p picked) conditions() ([]crmxml.Condition, error) {
	c := crmxml.Condition{EntityName: p.Link, Attribute: p.Name}
	if p.value == "" {
		c.Operator = "null"
		return []crmxml.Condition{c}, nil
	}
	if p.unit != "" {
		m, ok := momentOf(p.unit, p.value)
		if !ok {
			return nil, fault.New(fault.NotFound, "chart.segment_gone")
		}
		return m.conditions(c), nil
	}
	c.Operator, c.Value = "eq", p.value
	return []crmxml.Condition{c}, nil
}

// narrow restricts a list's query to the segment. The picked columns are asked for too where they are the list's own, so
// that the segment can be named.
func (d *drill) narrow(fetch *crmxml.Fetch) {
	fetch.Narrow(d.fetch, drillPrefix)
	for _, p := range d.picked {
		if p.Link == "" && !fetch.Distinct {
			fetch.Ensure(p.Name)
		}
	}
}

// text says in words what the list is narrowed to.
func (d *drill) text(found rows) string {
	var text string
	for i, p := range d.picked {
		if i > 0 {
			text += ", "
		}
		text += cmp.Or(p.column.Label, p.Name) + ": " + p.shown(found, d.words)
	}
	return text
}

// shown names a value: as the rows show it, as the choice is called, or as the chart named the date.
func (p picked) shown(found rows, w words) string {
	if p.value == "" {
		return w.blank
	}
	if m, ok := momentOf(p.unit, p.value); ok && p.unit != "" {
		return m.label(w)
	}
	for _, o := range p.column.Options {
		if strconv.Itoa(o.Value) == p.value || p.column.Kind == crm.KindBoolean && (p.value == "true") == (o.Value == 1) {
			return o.Label
		}
	}
	if found.Value != nil && len(*found.Value) > 0 && p.Link == "" {
		if v := (*found.Value)[0].cell(p.Name); v.set && v.raw == p.value {
			return v.text
		}
	}
	if crmxml.GUID(p.value) != "" {
		return "…"
	}
	return p.value
}

package dataverse

import (
	"cmp"
	"context"
	"strconv"
	"strings"

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
	d.together()
	d.fetch = definition.data.Fetch.Clone()
	asks := make([]func() error, len(d.picked))
	for i := range d.picked {
		p := &d.picked[i]
		filter, err := p.filter(c.config.Now().Year())
		if err != nil {
			return nil, err
		}
		d.fetch.Entity.Filters = append(d.fetch.Entity.Filters, filter)
		asks[i] = func() (err error) {
			p.column, err = c.column(ctx, caller, org, p.Table, p.Name)
			return err
		}
	}
	return d, together(asks...)
}

// together makes one group of a year and its bare part, so that March 2026 is not every March and all of 2026.
func (d *drill) together() {
	if len(d.picked) != 2 {
		return
	}
	for i, p := range d.picked {
		year, err := strconv.Atoi(strings.TrimPrefix(d.picked[1-i].value, "FY"))
		m, ok := momentOf(p.unit, p.value)
		if p.bare && ok && err == nil {
			m.year = year
			p.bare, p.value = false, m.key()
			d.picked = []picked{p}
			return
		}
	}
}

// yearsBack and yearsAhead are the years in which a part of any year is looked for.
const (
	yearsBack  = 25
	yearsAhead = 5
)

// filter selects the records of the picked group. A link-entity of the chart is named as the chart names it; it is renamed
// together with the link when the list takes it over.
func (p picked) filter(thisYear int) (crmxml.Filter, error) {
	c := crmxml.Condition{EntityName: p.Link, Attribute: p.Name}
	all := crmxml.Filter{Type: "and"}
	m, ok := momentOf(p.unit, p.value)
	switch {
	case p.value == "":
		c.Operator = "null"
		all.Conditions = []crmxml.Condition{c}
	case p.unit == "":
		c.Operator, c.Value = "eq", p.value
		all.Conditions = []crmxml.Condition{c}
	case !ok || m.year == 0 && !p.bare:
		return all, fault.New(fault.NotFound, "chart.segment_gone")
	case m.year == 0:
		all.Type = "or"
		for m.year = thisYear - yearsBack; m.year <= thisYear+yearsAhead; m.year++ {
			all.Filters = append(all.Filters, crmxml.Filter{Type: "and", Conditions: m.conditions(c)})
		}
	default:
		all.Conditions = m.conditions(c)
	}
	return all, nil
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
	if m, ok := momentOf(p.unit, p.value); ok {
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

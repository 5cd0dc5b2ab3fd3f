package templates

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// ViewPath is where a view is to be found.
const ViewPath = "/tab/view"

// ViewModel is the list page. It is drawn in stages, each flushed: what is known at once, the list, and the selected record
// beside it.
type ViewModel struct {
	Page Page
	// Open says what the list is. It is called once, after the first flush. A non-nil State is shown in the list's stead.
	Open func(ctx context.Context) (View, *State)
	// Beside opens the selected record, after the list has been drawn; nil when none is selected.
	Beside func(ctx context.Context) (Record, *State)
	// Pinned says that the page is what a tab of Teams leads to.
	Pinned bool
}

// View is a page of a view.
type View struct {
	Place crm.Place
	Query crm.ViewQuery
	List  *crm.ViewList // nil with a Problem
	// Problem is why there are no rows; the ways on stay around it.
	Problem error
	AsOf    time.Time
	// Next, Here and Previous are the sealed marks of three pages; "" where a page is found by its number.
	Next, Here, Previous string
	Selected             string // id of the record beside the list
	Trail                []Crumb
	From                 string // the way to the page, as addresses carry it
	Theme                Theme
	// Pin is the tab that leads here; nil on every other page.
	Pin *PinBar
	// ExportLimit is the most rows that a file gets.
	ExportLimit int
}

// viewView is a view as its components draw it.
type viewView struct {
	View
	*partView
}

// listKey is the part's key on its page.
const listKey = "list"

func newView(ctx context.Context, m View) *viewView {
	part := crm.Part{Key: listKey, Kind: crm.PartList, Table: m.Query.Table, ViewPicker: true, QuickFind: true, PageSize: 50, ShowTitle: true}
	p := &partView{Filled: crm.Filled{Part: part, State: m.Query.PartState, AsOf: m.AsOf, Err: m.Problem}, touched: true}
	p.links = links{
		place: m.Place, origin: safeURL(m.Place.Organization.URL), part: listKey, theme: m.Theme, language: locale.From(ctx).Tag(), state: m.Query.PartState,
		path: ViewPath, trail: m.From, list: &listAddress{query: m.Query, next: m.Next, here: m.Here, previous: m.Previous, selected: m.Selected},
	}
	v := &viewView{View: m, partView: p}
	p.title = t(ctx, "view.title")
	if m.List != nil {
		p.List = &m.List.List
		p.title = m.List.View.Name
		p.rows = &listView{List: p.List, links: p.links, part: part, title: p.title, selected: m.Selected}
	}
	return v
}

// heading is what the page is called.
func (v *viewView) heading(ctx context.Context) string {
	if v.View.List != nil {
		return v.View.List.Table.PluralLabel
	}
	return t(ctx, "view.title")
}

// filters is how many filters are in force, each value for itself.
func (v *viewView) filters() (n int) {
	if v.View.List != nil {
		for _, f := range v.View.List.Filters {
			n += len(f.Values)
		}
	}
	return n
}

// at shows the list as another query has it.
func (v *viewView) at(q crm.ViewQuery) templ.SafeURL {
	l := v.links
	l.list = &listAddress{query: q, selected: v.Selected}
	return l.to(q.PartState)
}

// same is the list as it is now, to be copied.
func (v *viewView) address() string { return string(v.links.same()) }

func (v *viewView) unfiltered() templ.SafeURL {
	q := v.Query.First()
	q.Filters = nil
	return v.at(q)
}

func (v *viewView) firstPage() templ.SafeURL { return v.at(v.Query.First()) }

// usual is the table's default view.
func (v *viewView) usual() templ.SafeURL {
	return v.at(crm.ViewQuery{Table: v.Query.Table})
}

func (v *viewView) notOf() templ.SafeURL {
	q := v.Query.First()
	q.Of = nil
	return v.at(q)
}

func (v *viewView) counted() templ.SafeURL {
	q := v.Query
	q.Counted = true
	l := v.links
	address := *l.list
	address.query = q
	l.list = &address
	return l.to(q.PartState)
}

// countable reports whether the total is not exact and can be made so.
func (v *viewView) countable() bool {
	return v.View.List != nil && !v.Query.Counted && (v.View.List.TotalOver || v.View.List.Total < 0)
}

// export is the address of the view as a file.
func (v *viewView) export(format string) templ.SafeURL {
	q := v.Query.First()
	values := q.Values()
	v.links.about(values)
	values.Set("format", format)
	for _, name := range []string{"from", "id", "page", "theme"} {
		values.Del(name)
	}
	return templ.SafeURL(ViewPath + "/export?" + values.Encode())
}

// panelURL is the beginning of the address of a record as a piece, for script.
func (v *viewView) panelURL() string {
	values := map[string][]string{}
	l := v.links
	l.list, l.trail = nil, v.links.onward()
	l.about(values)
	return RecordPath + "/panel?" + encode(values)
}

// removable is a filter that is in force, in words.
type removable struct {
	text string
	to   templ.SafeURL
}

func (v *viewView) removables(ctx context.Context) (all []removable) {
	if v.View.List == nil {
		return nil
	}
	for _, f := range v.View.List.Filters {
		i := slices.IndexFunc(v.View.List.Filterable, func(c crm.FilterColumn) bool { return c.Name == f.Column })
		if i < 0 {
			continue
		}
		for _, value := range f.Values {
			all = append(all, removable{filterText(ctx, v.View.List.Filterable[i], f.Test, value), v.at(v.Query.Unfiltered(f.Column, f.Test, value))})
		}
	}
	return all
}

func filterText(ctx context.Context, c crm.FilterColumn, test crm.Test, value string) string {
	args := locale.Args{"column": c.Label, "value": filterValue(ctx, c, test, value)}
	switch {
	case test == crm.TestEmpty && value == "1":
		return t(ctx, "view.chip-without", args)
	case test == crm.TestEmpty:
		return t(ctx, "view.chip-with", args)
	}
	return t(ctx, chipKeys[test], args)
}

// chipKeys are the messages of filters in force.
var chipKeys = map[crm.Test]string{
	crm.TestIs: "view.chip-is", crm.TestHas: "view.chip-has", crm.TestStarts: "view.chip-starts", crm.TestFrom: "view.chip-from", crm.TestTo: "view.chip-to",
}

// filterValue is a filter's value as the reader would write it.
func filterValue(ctx context.Context, c crm.FilterColumn, test crm.Test, value string) string {
	switch {
	case test == crm.TestIs && c.Kind == crm.KindLookup:
		for _, r := range c.Seen {
			if r.Key() == value {
				return r.Name
			}
		}
		return t(ctx, "view.chosen-record")
	case test == crm.TestIs:
		for _, o := range c.Options {
			if strconv.Itoa(o.Value) == value {
				return o.Label
			}
		}
	case c.Kind == crm.KindDate || c.Kind == crm.KindDateTime:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return locale.From(ctx).Date(day)
		}
	case c.Kind.Numeric():
		return crm.Reading{Locale: locale.From(ctx).Tag()}.Number(value)
	}
	return value
}

// asked are the columns of which anything can be asked.
func (v *viewView) asked() (all []crm.FilterColumn) {
	for _, c := range v.View.List.Filterable {
		if len(c.Tests) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// given is what a text input of a filter holds.
func (v *viewView) given(c crm.FilterColumn, test crm.Test) string {
	if values := v.Query.Filter(c.Name, test); len(values) > 0 {
		return values[0]
	}
	return ""
}

// choices are what a filter by value offers.
func (v *viewView) choices(ctx context.Context, c crm.FilterColumn) (all []choiceInput) {
	chosen := v.Query.Filter(c.Name, crm.TestIs)
	add := func(value, label string) {
		all = append(all, choiceInput{value, label, slices.Contains(chosen, value)})
	}
	for _, r := range c.Seen {
		add(r.Key(), r.Name)
	}
	for _, o := range c.Options {
		add(strconv.Itoa(o.Value), o.Label)
	}
	for _, value := range chosen {
		if c.Kind == crm.KindLookup && !slices.ContainsFunc(all, func(o choiceInput) bool { return o.value == value }) {
			add(value, t(ctx, "view.chosen-record"))
		}
	}
	return all
}

type choiceInput struct {
	value, label string
	chosen       bool
}

func knows(c crm.FilterColumn, test crm.Test) bool { return slices.Contains(c.Tests, test) }

// rangeType is the type of the inputs of a range.
func rangeType(c crm.FilterColumn) string {
	if c.Kind.Numeric() {
		return "number"
	}
	return "date"
}

// reason says why there are no rows.
func (v *viewView) reason(ctx context.Context) string {
	f := fault.Of(v.Problem)
	if f.Key == "dataverse.too_many_rows" {
		return t(ctx, "view.too-much")
	}
	return faultText(ctx, f)
}

// way says which way on helps most.
func (v *viewView) way() string {
	switch f := fault.Of(v.Problem); f.Key {
	case "list.too_far":
		return "first"
	case "view.gone", "view.no_query", "view.unreadable":
		if v.Query.ViewID != "" {
			return "usual"
		}
	case "dataverse.too_many_rows", "view.too_many_tables", "dataverse.too_large":
		return "narrow"
	}
	return ""
}

func (v *viewView) said(ctx context.Context) string {
	if v.Problem != nil {
		return v.reason(ctx)
	}
	return v.partView.said(ctx)
}

// bones are how many placeholders the list has.
const viewBones = 2

// width is a column's share of the table on wide screens, in px.
func width(c crm.ListColumn) string { return strconv.Itoa(max(60, min(c.Width, 600))) }

func filterID(i int, test crm.Test) string { return "x" + strconv.Itoa(i) + "-" + string(test) }

// stepAttribute lets number inputs take fractions.
func stepAttribute(c crm.FilterColumn, kind string) templ.OrderedAttributes {
	if kind == "number" && c.Kind != crm.KindInteger && c.Kind != crm.KindDuration {
		return templ.OrderedAttributes{{Key: "step", Value: "any"}}
	}
	return nil
}

// belongsTo names the record that the rows belong to.
func belongsTo(ctx context.Context, r *crm.Reference) string {
	for _, name := range []string{r.Name, r.Label} {
		if name != "" {
			return name
		}
	}
	return t(ctx, "list.no-name")
}

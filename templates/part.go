package templates

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// partView is a part as its component draws it.
type partView struct {
	crm.Filled
	links
	title string
	rows  *listView    // nil when the part has none
	grid  *crm.SubGrid // nil on a dashboard
	// onBoard says that the board tells when the part was read.
	onBoard bool
	touched bool
}

// fewChoices is how many a picker holds from the start; a dashboard with several pickers of twenty views and charts would
// otherwise be more choices than content.
const fewChoices = 6

// defers reports whether a picker with so many choices asks for them when it is wanted.
func (v *partView) defers(choices int) bool { return v.onBoard && !v.touched && choices > fewChoices }

func newPart(ctx context.Context, m PartModel) *partView {
	v := &partView{
		Filled: m.Filled, onBoard: m.OnBoard, touched: m.Touched,
		links: links{
			place: m.Place, dashboard: m.DashboardID, part: m.Filled.Part.Key, theme: m.Theme,
			language: locale.Asked(ctx).Tag(), state: m.Filled.State,
		},
	}
	v.links.origin = safeURL(m.Place.Organization.URL)
	if m.Record != nil {
		v.links = m.Record.links(ctx)
		v.links.state, v.grid = m.Filled.State, m.Record.Control.SubGrid
	}
	v.title = v.name(ctx)
	if v.List != nil {
		v.rows = &listView{List: v.List, links: v.links, part: v.Part, title: v.title, removes: v.grid != nil && v.grid.CanRemove}
	}
	return v
}

// name is what the part is called: by its designer, or else by what it shows.
func (v *partView) name(ctx context.Context) string {
	switch {
	case v.Part.Title != "":
		return v.Part.Title
	case v.Chart != nil && v.Chart.Name != "":
		return v.Chart.Name
	case v.List != nil && v.List.View.Name != "":
		return v.List.View.Name
	case v.Tile != nil && v.Tile.View.Name != "":
		return v.Tile.View.Name
	}
	return t(ctx, "part.untitled")
}

// headed reports whether the title is seen; it is always there to be heard. It is not when a picker says the same, and a
// part that the designer left without one still shows what it is when nothing else would say so.
func (v *partView) headed() bool {
	switch {
	case v.Err != nil || v.Part.Kind == crm.PartUnsupported:
		return true
	case v.pickerSays(v.title):
		return false
	}
	return v.Part.ShowTitle || v.Part.Title == ""
}

// pickerSays reports whether a picker in the part's head shows this text.
func (v *partView) pickerSays(text string) bool {
	view, views := v.viewed()
	return len(views) > 1 && v.Part.ViewPicker && strings.EqualFold(view.Name, text) ||
		v.Chart != nil && len(v.Chart.Charts) > 1 && v.Part.ChartPicker && strings.EqualFold(v.Chart.Name, text)
}

// footed reports whether there is anything to say below the part.
func (v *partView) footed() bool {
	return !v.onBoard || v.rows != nil && v.Err == nil && (len(v.rows.Rows) > 0 || v.rows.paged())
}

func (v *partView) class() string {
	switch v.Part.Kind {
	case crm.PartTile:
		return "tile"
	case crm.PartChart, crm.PartChartAndList:
		return "charted"
	case crm.PartStream:
		return "streamed"
	}
	return ""
}

// said is what a screen reader hears when script has swapped the part in.
func (v *partView) said(ctx context.Context) string {
	switch list := v.rows; {
	case v.Err != nil:
		return v.title + ": " + v.problem(ctx)
	case list != nil && list.DrillText != "":
		return t(ctx, "list.filtered", locale.Args{"segment": list.DrillText}) + ". " + list.said(ctx)
	case list != nil:
		return list.said(ctx)
	}
	return t(ctx, "part.updated", locale.Args{"title": v.title})
}

func (v *partView) problem(ctx context.Context) string { return faultText(ctx, fault.Of(v.Err)) }

func (v *partView) unsupported(ctx context.Context) string {
	if key := "unsupported." + v.Part.Unsupported; locale.From(ctx).Has(key) {
		return t(ctx, key)
	}
	return t(ctx, "unsupported.custom")
}

func (v *partView) count(ctx context.Context) string {
	l := locale.From(ctx)
	if v.Tile.CountOver {
		return l.T("part.count-over", locale.Args{"n": v.Tile.Count})
	}
	return l.Integer(v.Tile.Count)
}

// dynamics is where the same is to be found in Dynamics 365.
func (v *partView) dynamics() templ.SafeURL {
	switch {
	case v.List != nil:
		return v.view(v.List.Table.LogicalName, v.List.View)
	case v.Chart != nil:
		return v.view(v.Chart.Table.LogicalName, v.Chart.View)
	}
	return ""
}

// all leads to the page that has the whole list, as it is sorted and searched here; "" where the page could not show the same.
func (v *partView) all() templ.SafeURL {
	if v.rows == nil || v.Err != nil || v.links.list != nil || v.Part.Queue != "" || v.drillText() != "" {
		return ""
	}
	q := crm.ViewQuery{Table: v.List.Table.LogicalName, PartState: crm.PartState{
		ViewID: v.List.View.ID, PersonalView: v.List.View.Personal, Sort: v.State.Sort, Descending: v.State.Descending, Search: v.State.Search,
	}}
	if v.grid != nil && v.grid.Relationship != "" {
		q.Of = &crm.Belonging{Relationship: v.grid.Relationship, To: v.links.ref}
	}
	return v.seeAll(q)
}

// counted leads from a tile's number to the records that it counts.
func (v *partView) counted() templ.SafeURL {
	if v.Part.Queue != "" {
		return ""
	}
	return v.seeAll(crm.ViewQuery{Table: v.Tile.Table.LogicalName, PartState: crm.PartState{ViewID: v.Tile.View.ID, PersonalView: v.Tile.View.Personal}})
}

// drillText is what the list is narrowed to by a chart.
func (v *partView) drillText() string {
	if v.List == nil {
		return ""
	}
	return v.List.DrillText
}

// viewed is the view that the part shows, and those that it could.
func (v *partView) viewed() (crm.ViewRef, []crm.ViewRef) {
	switch {
	case v.List != nil:
		return v.List.View, v.List.Views
	case v.Chart != nil:
		return v.Chart.View, v.Chart.Views
	}
	return crm.ViewRef{}, nil
}

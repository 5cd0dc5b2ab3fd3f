package templates

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// The samples are one of everything, with texts that stress layout and escaping.

var noon = time.Date(2026, 11, 23, 12, 4, 0, 0, time.UTC)

var samplePlace = crm.Place{
	Organization: crm.Organization{ID: "0c000000-0000-4000-8000-000000000001", Name: "Harbor & Finch Sales", URL: "https://harbor.crm4.dynamics.com", Type: "sandbox"},
	App:          crm.App{ID: "0a000000-0000-4000-8000-000000000001", Name: "Sales Hub"},
}

var opportunities = crm.Table{LogicalName: "opportunity", SetName: "opportunities", Label: "Opportunity", PluralLabel: "Opportunities", PrimaryID: "opportunityid", PrimaryName: "name", ObjectType: 3}

var sampleViews = []crm.ViewRef{
	{ID: "00000000-0000-0000-00aa-000010003006", Name: "Open Opportunities"},
	{ID: "00000000-0000-0000-00aa-000010003001", Name: "My Open Opportunities"},
	{ID: "5d1fa001-0000-4000-8000-000000000001", Name: "Big fish <script>alert(1)</script>", Personal: true},
}

func sampleList(rows int) *crm.List {
	list := &crm.List{
		Table: opportunities, View: sampleViews[0], Views: sampleViews, Sort: "estimatedvalue", Descending: true,
		Page: 2, More: true, Total: 1134,
		Columns: []crm.ListColumn{
			{Name: "name", Label: "Topic", Kind: crm.KindText, Sortable: true, Width: 300},
			{Name: "customerid", Label: "Potential Customer", Kind: crm.KindLookup, Sortable: true},
			{Name: "estimatedvalue", Label: "Est. Revenue", Kind: crm.KindMoney, Sortable: true},
			{Name: "estimatedclosedate", Label: "Est. Close Date", Kind: crm.KindDate, Sortable: true},
			{Name: "pc.emailaddress1", Label: "Email", Kind: crm.KindEmail},
			{Name: "pc.telephone1", Label: "Business Phone", Kind: crm.KindPhone},
		},
	}
	names := []string{
		"Forklift batteries for the Rotterdam terminal, second phase including service contract and training",
		"مشروع تجديد المستودع الرئيسي", "🚢 Harbor cranes", `"Quotes" & <b>angle brackets</b>`, "Refit", "",
		"Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikation", "Annual maintenance", "Cold storage pilot", "Solar roof",
	}
	for i := range rows {
		ref := crm.RecordRef{Organization: samplePlace.Organization.URL, Table: "opportunity", ID: fmt.Sprintf("0b000000-0000-4000-8000-%012d", i)}
		customer := crm.RecordRef{Organization: ref.Organization, Table: "account", ID: fmt.Sprintf("0d000000-0000-4000-8000-%012d", i)}
		row := crm.ListRow{Ref: ref, Name: names[i%len(names)], Cells: []crm.Cell{
			{Text: names[i%len(names)]},
			{Text: "Fabrikam Werke " + fmt.Sprint(i), Raw: customer.ID, Link: &customer},
			{Text: fmt.Sprintf("€%d,250.00", 90-i), Raw: fmt.Sprint(90250 - 1000*i)},
			{Text: "11/28/2026", Raw: "2026-11-28"},
			{Text: "anna.maria@fabrikam.example", Raw: "anna.maria@fabrikam.example"},
			{Text: "+49 (30) 555-0199", Raw: "+49 (30) 555-0199"},
		}}
		if i%3 == 1 {
			row.Cells[4], row.Cells[5] = crm.Cell{}, crm.Cell{}
		}
		list.Rows = append(list.Rows, row)
	}
	return list
}

var chartTypes = []crm.ChartType{
	crm.ChartColumn, crm.ChartBar, crm.ChartLine, crm.ChartArea, crm.ChartPie, crm.ChartDoughnut, crm.ChartFunnel, crm.ChartTag,
}

var stages = []string{"Qualify", "Develop", "Propose", "Negotiate & close", "Won", "Lost"}

func sampleChart(kind crm.ChartType, stacking crm.Stacking, series int) *crm.Chart {
	c := &crm.Chart{
		Name: "Pipeline by stage", Table: opportunities, View: sampleViews[0], Type: kind, Stacking: stacking,
		XTitle: "Stage", YTitle: "Est. Revenue", ShowLegend: true, ShowValues: true,
	}
	for i, stage := range stages {
		c.Categories = append(c.Categories, crm.Category{Label: stage, Key: fmt.Sprint(i)})
	}
	owners := []string{"Tomas Lindqvist", "Priya Raman", "Ingrid Sommer", "Lucía Fernández", "Mei Tanaka", "Jakub Novák", "Omar Haddad", "Joanna Reed"}
	for s := range series {
		one := crm.Series{Name: owners[s%len(owners)], Key: fmt.Sprintf("u%d", s), Unit: crm.Unit{CurrencySymbol: "€", Precision: 2}}
		if series == 1 {
			one.Name, one.Key = "Sum (Est. Revenue)", ""
		}
		for i := range stages {
			value := float64((i*7+s*5+3)%11) * 112_500
			one.Points = append(one.Points, crm.ChartPoint{Value: value, Text: fmt.Sprintf("€%.2f", value)})
		}
		c.Series = append(c.Series, one)
	}
	return c
}

// sampleBoard has parts of every kind, filled in an order that is not theirs.
func sampleBoard() Board {
	id := 0
	part := func(kind crm.PartKind, title string, row, column, rows, columns int) crm.Part {
		id++
		return crm.Part{Key: fmt.Sprintf("p%d", id), Title: title, ShowTitle: true, Kind: kind, Row: row, Column: column, RowSpan: rows, ColSpan: columns, Table: "opportunity", PageSize: 10, QuickFind: true, ViewPicker: true}
	}
	section := crm.DashboardSection{Columns: 3, Parts: []crm.Part{
		part(crm.PartChart, "Pipeline by stage", 1, 1, 12, 1),
		part(crm.PartChart, "Revenue by owner", 1, 2, 12, 1),
		part(crm.PartChart, "Sales funnel", 1, 3, 12, 1),
		part(crm.PartList, "Opportunities", 13, 1, 12, 2),
		part(crm.PartStream, "My activities", 13, 3, 12, 1),
		part(crm.PartChartAndList, "Cases by priority", 25, 1, 12, 1),
		part(crm.PartUnsupported, "Company news", 25, 2, 6, 1),
		part(crm.PartList, "Accounts", 25, 3, 6, 1),
		part(crm.PartList, "Nothing here", 31, 2, 6, 1),
		part(crm.PartTile, "Open leads", 31, 3, 6, 1),
	}}
	more := crm.DashboardSection{Title: "More charts", ShowTitle: true, Columns: 2}
	section.Parts[6].Unsupported = "webresource"
	parts := section.Parts
	filled := map[string]crm.Filled{}
	fill := func(p crm.Part, change func(*crm.Filled)) {
		f := crm.Filled{Part: p, AsOf: noon}
		change(&f)
		filled[p.Key] = f
	}
	fill(parts[0], func(f *crm.Filled) { f.Chart = sampleChart(crm.ChartColumn, crm.StackNone, 1) })
	fill(parts[1], func(f *crm.Filled) { f.Chart = sampleChart(crm.ChartColumn, crm.StackValues, 4) })
	fill(parts[2], func(f *crm.Filled) { f.Chart = sampleChart(crm.ChartFunnel, crm.StackNone, 1) })
	fill(parts[3], func(f *crm.Filled) { f.List = sampleList(10); f.State.Page = 2 })
	fill(parts[4], func(f *crm.Filled) { f.List = sampleList(3) })
	fill(parts[5], func(f *crm.Filled) {
		f.Chart = sampleChart(crm.ChartDoughnut, crm.StackNone, 1)
		f.List = sampleList(3)
		f.State.Drill = &crm.Drill{Category: "1"}
		f.List.DrillText = "Stage: Develop"
	})
	fill(parts[6], func(f *crm.Filled) {})
	fill(parts[7], func(f *crm.Filled) { f.Err = fault.New(fault.Unreachable, "dashboard.part_slow") })
	fill(parts[8], func(f *crm.Filled) { f.List = sampleList(0); f.List.Search, f.State.Search = "zebra", "zebra" })
	fill(parts[9], func(f *crm.Filled) {
		f.Tile = &crm.TileNumber{Table: opportunities, View: sampleViews[1], Count: 1284}
	})
	for i, kind := range chartTypes {
		p := part(crm.PartChart, "A chart: "+string(kind), i/2+1, i%2+1, 1, 1)
		more.Parts = append(more.Parts, p)
		fill(p, func(f *crm.Filled) { f.Chart = sampleChart(kind, crm.StackNone, 1+2*(i%2)) })
	}
	d := crm.Dashboard{
		DashboardRef: crm.DashboardRef{ID: "0e000000-0000-4000-8000-000000000001", Name: "Sales Activity Dashboard"},
		Tabs: []crm.DashboardTab{
			{Columns: []crm.DashboardColumn{{Width: 100, Sections: []crm.DashboardSection{section}}}},
			{Title: "Charts of every type", ShowTitle: true, Expanded: true, Columns: []crm.DashboardColumn{{Width: 100, Sections: []crm.DashboardSection{more}}}},
		},
	}
	return Board{
		Place: samplePlace, Dashboard: d, AsOf: noon,
		Choices: []crm.DashboardRef{d.DashboardRef, {ID: "0e000000-0000-4000-8000-000000000002", Name: "Service Overview"}, {ID: "0e000000-0000-4000-8000-000000000003", Name: "Mine", Personal: true}},
		Parts:   reversed(d, filled),
	}
}

func reversed(d crm.Dashboard, filled map[string]crm.Filled) iter.Seq[crm.Filled] {
	return func(yield func(crm.Filled) bool) {
		parts := d.Parts()
		slices.Reverse(parts)
		for _, p := range parts {
			if !yield(filled[p.Key]) {
				return
			}
		}
	}
}

func sampleDashboard(theme Theme) DashboardModel {
	return DashboardModel{
		Page: Page{Theme: theme, HostOrigins: []string{"http://127.0.0.1:3979"}},
		Open: func(context.Context) (Board, *State) { return sampleBoard(), nil },
	}
}

func sampleState(s Situation) State {
	state := State{Situation: s, Place: samplePlace, Correlation: "c0ffee", RetryAfter: 30 * time.Second}
	if s == NoOrganization || s == NoApp {
		state.Place.App = crm.App{}
		for _, r := range reasons {
			state.LeftOut = append(state.LeftOut, crm.LeftOut{Name: "Harbor & Finch " + string(r), Reason: r, Detail: "8.2.25.7"})
		}
	}
	return state
}

var reasons = []crm.Reason{
	crm.ReasonVersion, crm.ReasonDisabled, crm.ReasonProvisioning, crm.ReasonFailed, crm.ReasonNoApp, crm.ReasonUnanswered, crm.ReasonSignIn,
	crm.ReasonNotMember, crm.ReasonClassic, crm.ReasonInactive, crm.ReasonRole, crm.ReasonLicence,
}

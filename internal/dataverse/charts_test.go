package dataverse_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Behind every segment of every chart stand as many records as it says.
func TestASegmentLeadsToItsRecords(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	var parts []crm.Part
	for _, board := range []string{"Chart gallery", "Company overview"} {
		parts = append(parts, d.open(board).Parts()...)
	}
	checked := 0
	for _, part := range parts {
		if part.ChartID == "" {
			continue
		}
		chart := d.chart(part)
		if !strings.HasPrefix(chart.Series[0].Name, "Count") && !(len(chart.Series) > 1 && strings.HasPrefix(chart.YTitle, "Count")) {
			// Sums do not tell how many, but every segment has somebody behind it.
			i := slices.IndexFunc(chart.Series[0].Points, func(p crm.ChartPoint) bool { return !p.Null && p.Value > 0 })
			if i >= 0 {
				state := crm.PartState{Drill: &crm.Drill{Category: chart.Categories[i].Key, Series: chart.Series[0].Key}}
				if list := d.list(part, state); list.Total < 1 || list.DrillText == "" {
					t.Errorf("%s, %s: %d records (%s)", part.Title, chart.Categories[i].Label, list.Total, list.DrillText)
				}
			}
			continue
		}
		for s, series := range chart.Series[:min(len(chart.Series), 3)] {
			if len(chart.Series) > 1 && chart.Series[s].Key == "" {
				continue
			}
			for i, p := range series.Points[:min(len(series.Points), 6)] {
				if p.Null {
					continue
				}
				state := crm.PartState{Drill: &crm.Drill{Category: chart.Categories[i].Key, Series: series.Key}}
				list := d.list(part, state)
				if list.Total != int(p.Value) {
					t.Errorf("%s, %s %s: %v on the chart, %d in the list (%s)", part.Title, chart.Categories[i].Label, series.Name, p.Value, list.Total, list.DrillText)
				}
				if !strings.Contains(list.DrillText, chart.Categories[i].Label) {
					t.Errorf("%s: %q does not say %q", part.Title, list.DrillText, chart.Categories[i].Label)
				}
				checked++
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d segments", checked)
	}
	part := d.part(d.open("Chart gallery"), "Line by month")
	for _, value := range []string{"2026-13", "x", "2026", "' or 1 eq 1", "0000-03", "99999-01"} {
		_, err := d.client.List(context.Background(), d.caller, d.place, part, crm.PartState{Drill: &crm.Drill{Category: value}})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestChartTypes(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	got := map[string]string{}
	for _, part := range d.open("Chart gallery").Parts() {
		chart := d.chart(part)
		got[part.Title] = fmt.Sprintf("%s %d", chart.Type, chart.Stacking)
		for _, s := range chart.Series {
			if len(s.Points) != len(chart.Categories) {
				t.Errorf("%s: %d points for %d categories", part.Title, len(s.Points), len(chart.Categories))
			}
		}
		if len(chart.Categories) == 0 || chart.Name == "" || chart.YTitle == "" {
			t.Errorf("%s: %+v", part.Title, chart)
		}
	}
	for title, want := range map[string]string{
		"Column": "column 0", "Bar": "bar 0", "Stacked column": "column 1", "100 % stacked column": "column 2", "Stacked bar": "bar 1", "100 % stacked bar": "bar 2",
		"Line by month": "line 0", "Area by quarter": "area 0", "Stacked area": "area 1", "Pie": "pie 0", "Doughnut": "doughnut 0", "Funnel": "funnel 0", "Tag": "tag 0",
	} {
		if got[title] != want {
			t.Errorf("%s is drawn as %q, want %q", title, got[title], want)
		}
	}
	combined := d.chart(d.part(d.open("Chart gallery"), "Combination"))
	if len(combined.Series) != 2 || combined.Series[1].Type != crm.ChartLine || combined.Series[0].Unit.CurrencySymbol != "€" || combined.Series[1].Unit.CurrencySymbol != "" {
		t.Errorf("%+v", combined.Series)
	}
}

func TestDatesAreNamedInTheReadersLanguage(t *testing.T) {
	english := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	part := english.part(english.open("Chart gallery"), "Line by month")
	for _, locale := range []string{"en-US", "de-DE"} {
		d := at(t, world.Administrator, locale, sales, "Sales Hub")
		month := d.chart(part)
		var labels, keys []string
		for _, c := range month.Categories {
			labels, keys = append(labels, c.Label), append(keys, c.Key)
		}
		if !slices.IsSorted(keys) {
			t.Errorf("not in the order of time: %v", keys)
		}
		english := slices.ContainsFunc(labels, func(l string) bool { return strings.HasPrefix(l, "Dec ") })
		german := slices.ContainsFunc(labels, func(l string) bool { return strings.HasPrefix(l, "Dez") })
		if english != (locale == "en-US") || german != (locale == "de-DE") {
			t.Errorf("%s: %v", locale, labels)
		}
	}
}

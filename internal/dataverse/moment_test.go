package dataverse

import (
	"testing"
	"time"
)

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		unit, key, from, to, english, german, next string
	}{
		{"year", "2026", "2026-01-01", "2026-12-31", "2026", "2026", "2027"},
		{"quarter", "2026-Q4", "2026-10-01", "2026-12-31", "Q4 2026", "Q4 2026", "2027-Q1"},
		{"month", "2024-02", "2024-02-01", "2024-02-29", "Feb 2024", "Feb. 2024", "2024-03"},
		{"month", "2026-12", "2026-12-01", "2026-12-31", "Dec 2026", "Dez. 2026", "2027-01"},
		{"week", "2026-W01", "2026-01-01", "2026-01-03", "W1 2026", "KW 1 2026", "2026-W02"}, // January 1, 2026 is a Thursday
		{"week", "2026-W02", "2026-01-04", "2026-01-10", "W2 2026", "KW 2 2026", "2026-W03"},
		{"week", "2026-W53", "2026-12-27", "2026-12-31", "W53 2026", "KW 53 2026", "2027-W01"},
		{"day", "2026-02-28", "2026-02-28", "2026-02-28", "Feb 28, 2026", "28.02.2026", "2026-03-01"},
	} {
		m, ok := momentOf(c.unit, c.key)
		if !ok || m.key() != c.key {
			t.Errorf("%s %s: read as %+v", c.unit, c.key, m)
			continue
		}
		from, to, _ := m.span()
		if from.Format(time.DateOnly) != c.from || to.Format(time.DateOnly) != c.to {
			t.Errorf("%s: %v to %v", c.key, from, to)
		}
		if m.label(english) != c.english || m.label(german) != c.german {
			t.Errorf("%s: %q and %q", c.key, m.label(english), m.label(german))
		}
		if next, ok := m.next(); !ok || next.key() != c.next {
			t.Errorf("%s: then %s", c.key, next.key())
		}
	}
	for _, key := range []string{"", "x", "2026-13", "2026-00", "1-1", "2026-Q5", "2026-02-32", "FY2026-P2x", "2026--1", "+2026", "2026-1"} {
		for _, unit := range []string{"", "year", "month", "quarter", "week", "day", "fiscal-year", "fiscal-period"} {
			if m, ok := momentOf(unit, key); ok {
				t.Errorf("%s %q was read as %+v", unit, key, m)
			}
		}
	}
}

// The days of a year's weeks are its days, each once.
func TestWeeksCoverAYear(t *testing.T) {
	for year := 2020; year < 2032; year++ {
		expected := day(year, 1, 1)
		for m := (moment{unit: "week", year: year, n: 1}); m.year == year; m, _ = m.next() {
			from, to, _ := m.span()
			if !from.Equal(expected) {
				t.Fatalf("%s begins on %v, not %v", m.key(), from, expected)
			}
			expected = to.AddDate(0, 0, 1)
		}
		if !expected.Equal(day(year+1, 1, 1)) {
			t.Errorf("%d ends on %v", year, expected)
		}
	}
}

func TestTimeLinesHaveNoGaps(t *testing.T) {
	month := func(n int) group { return group{id: "x", moment: moment{unit: "month", year: 2026, n: n}} }
	blank := group{empty: true}
	keys := func(list []group) (all string) {
		for _, g := range list {
			if g.empty {
				all += "- "
				continue
			}
			all += g.moment.key()[5:] + " "
		}
		return all
	}
	for want, given := range map[string][]group{
		"01 02 03 04 - ": {month(1), month(2), month(4), blank}, "04 03 02 01 ": {month(4), month(1)}, "- 02 ": {blank, month(2)}, "": nil,
	} {
		if got := keys(filled(given, english)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	far := []group{{moment: moment{unit: "day", year: 1990, n: 1, day: 1}}, {moment: moment{unit: "day", year: 2026, n: 1, day: 1}}}
	if n := len(filled(far, english)); n != 2 {
		t.Errorf("%d days", n)
	}
}

func TestChartTypesAreMapped(t *testing.T) {
	for name, want := range map[string]string{
		"": "column0", "column": "column0", "stackedcolumn": "column1", "stackedcolumn100": "column2", "bar": "bar0", "stackedbar100": "bar2", "stackedarea": "area1", "stackedarea100": "area2",
		"spline": "line0", "pie": "pie0", "doughnut": "doughnut0", "funnel": "funnel0", "tag": "tag0", "radar": "column0",
	} {
		kind, stacking := chartType(name)
		if got := string(kind) + string(rune('0'+stacking)); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func TestCurrencySymbols(t *testing.T) {
	for text, want := range map[string]string{"€1,234.50": "€", "1.234,50 €": "€", "CHF 1'234.50": "CHF", "-$5.00": "$", "($5.00)": "$", "kr 1 234": "kr", "12": "", "": "", "\u200f1,234.50 د.إ": "دإ"} {
		if got := currencySymbol(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

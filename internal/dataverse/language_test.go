package dataverse

import (
	"testing"
	"time"
)

func TestGroupsAreNamedInEveryLanguage(t *testing.T) {
	for _, c := range []struct {
		unit string
		m    moment
		want map[string]string
	}{
		{"quarter", moment{unit: "quarter", year: 2026, n: 4}, map[string]string{"en-GB": "Q4 2026", "fr-CA": "T4 2026", "es-ES": "T4 2026", "ja-JP": "2026年第4四半期", "ar-SA": "الربع 4 2026", "it": "Q4 2026"}},
		{"month", moment{unit: "month", year: 2026, n: 1}, map[string]string{"fr-FR": "janv. 2026", "es-MX": "ene. 2026", "ja-JP": "2026年1月", "ar-SA": "يناير 2026"}},
		{"week", moment{unit: "week", year: 2026, n: 7}, map[string]string{"de-AT": "KW 7 2026", "fr-FR": "S7 2026", "ja-JP": "2026年第7週"}},
		{"fiscal year", moment{unit: "fiscal-year", year: 2026}, map[string]string{"de-DE": "GJ2026", "fr-FR": "exercice 2026", "ja-JP": "2026年度", "ar-SA": "السنة المالية 2026"}},
		{"fiscal period", moment{unit: "fiscal-period", year: 2026, n: 2}, map[string]string{"en-US": "P2 FY2026", "ja-JP": "2026年度第2期"}},
	} {
		for tag, want := range c.want {
			if got := c.m.label(wordsOf(tag)); got != want {
				t.Errorf("%s in %s: %q, not %q", c.unit, tag, got, want)
			}
		}
	}
	for tag, w := range spoken {
		for _, aggregate := range []string{"sum", "avg", "min", "max", "count", "countcolumn"} {
			if w.measures[aggregate] == "" || w.blank == "" {
				t.Errorf("%s lacks %s", tag, aggregate)
			}
		}
	}
}

func TestEveryZoneOfWindowsIsOneOfOurs(t *testing.T) {
	if len(windowsZones) < 130 {
		t.Error("there are more zones than", len(windowsZones))
	}
	for standard, name := range windowsZones {
		if _, err := time.LoadLocation(name); err != nil {
			t.Errorf("%s: %v", standard, err)
		}
	}
}

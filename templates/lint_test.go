package templates

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/static"
)

// What templ writes into these attributes it does not look at, so nothing but constants may stand there; styles and event
// handlers in attributes do not pass the page's policy at all.
var forbidden = map[string]*regexp.Regexp{
	"a style attribute":            regexp.MustCompile(`\sstyle\??=`),
	"an event handler":             regexp.MustCompile(`\son[a-z]+\??=`),
	"a dynamic formaction":         regexp.MustCompile(`formaction=\{`),
	"a dynamic frame or object":    regexp.MustCompile(`<(iframe|object|embed|area|base)\b`),
	"a dynamic reference":          regexp.MustCompile(`<use[^>]*href=\{`),
	"a refreshing page":            regexp.MustCompile(`http-equiv`),
	"a script or style of its own": regexp.MustCompile(`<(script|style)(>|\s+nonce)`),
	"markup past the escaping":     regexp.MustCompile(`templ\.Raw\(|templ\.JSFuncCall|templ\.URL\(`),
}

func TestTemplatesKeepToWhatIsSafe(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, pattern := range forbidden {
			if at := pattern.FindIndex(text); at != nil {
				t.Errorf("%s:%d has %s: %s", file, 1+bytes.Count(text[:at[0]], []byte("\n")), what, pattern.Find(text))
			}
		}
	}
}

// size is what a page weighs as zstd at its fastest, which is how pages travel.
func size(t testing.TB, page string) int {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return len(w.EncodeAll([]byte(page), nil))
}

// usualDashboard has four lists of eight rows, a chart and a number.
func usualDashboard() DashboardModel {
	return DashboardModel{Open: func(context.Context) (Board, *State) {
		section := crm.DashboardSection{Columns: 3}
		filled := map[string]crm.Filled{}
		for i := range 6 {
			p := crm.Part{Key: fmt.Sprint("p", i), Title: fmt.Sprint("Part ", i), ShowTitle: true, Row: i/3 + 1, Column: i%3 + 1, PageSize: 8, QuickFind: true, ViewPicker: true}
			f := crm.Filled{AsOf: noon, List: sampleList(8)}
			switch i {
			case 0:
				p.Kind, f.List, f.Chart = crm.PartChart, nil, sampleChart(crm.ChartColumn, crm.StackValues, 3)
			case 5:
				p.Kind, f.List, f.Tile = crm.PartTile, nil, &crm.TileNumber{Table: opportunities, View: sampleViews[0], Count: 12}
			}
			f.Part = p
			section.Parts, filled[p.Key] = append(section.Parts, p), f
		}
		b := sampleBoard()
		b.Dashboard.Tabs = []crm.DashboardTab{{Columns: []crm.DashboardColumn{{Width: 100, Sections: []crm.DashboardSection{section}}}}}
		b.Parts = reversed(b.Dashboard, filled)
		return b, nil
	}}
}

// The budget of a first visit is 60 KB, of which 30 KB before all parts are shown to somebody with a session; a repeat visit is 15 KB.
func TestPagesKeepToTheirBudget(t *testing.T) {
	shell := size(t, text(t, "en", ShellPage(ShellModel{Next: "/tab/dashboard?theme=default"})))
	board := size(t, text(t, "en", DashboardPage(usualDashboard())))
	script := 0
	for _, name := range []string{static.URL("tab.js")} {
		packed, err := os.ReadFile("../static/dist/" + filepath.Base(name) + ".br")
		if err != nil {
			t.Fatal(err)
		}
		script += len(packed)
	}
	t.Logf("shell %d, dashboard of six parts %d, script %d: first visit %d bytes", shell, board, script, shell+board+script)
	if board > 15_000 {
		t.Errorf("a repeat visit costs %d bytes", board)
	}
	if all := shell + board + script; all > 60_000 {
		t.Errorf("a first visit costs %d bytes", all)
	}
}

func BenchmarkPage(b *testing.B) {
	b.ReportAllocs()
	ctx, m := reader("en"), usualDashboard()
	bytes := 0
	for b.Loop() {
		var out flushes
		if err := DashboardPage(m).Render(ctx, &out.Builder); err != nil {
			b.Fatal(err)
		}
		bytes = out.Len()
	}
	b.ReportMetric(float64(bytes), "bytes")
}

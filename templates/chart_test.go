package templates

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
)

func chartPart(c *crm.Chart) PartModel {
	return PartModel{Place: samplePlace, DashboardID: "d1", Filled: crm.Filled{
		Part: crm.Part{Key: "p1", Title: "Pipeline", ShowTitle: true, Kind: crm.PartChart}, Chart: c, AsOf: noon,
	}}
}

func drawChart(t testing.TB, c *crm.Chart) *goquery.Document {
	t.Helper()
	out := text(t, "en", PartPanel(chartPart(c)))
	for _, word := range []string{"NaN", "Inf", "%!"} {
		if strings.Contains(out, word) {
			t.Errorf("%s in %s", word, out)
		}
	}
	wellFormed(t, strings.NewReplacer(" data-swap", "", " data-clock", "", "<br>", "").Replace(out))
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	safe(t, doc)
	return doc
}

// Every type of chart, stacked in every way, with one series and with several: each segment is a link that drills, and the table has every number.
func TestEveryChartDrillsAndHasATable(t *testing.T) {
	for _, kind := range chartTypes {
		for _, stacking := range []crm.Stacking{crm.StackNone, crm.StackValues, crm.StackPercent} {
			for _, series := range []int{1, 3} {
				t.Run(fmt.Sprint(kind, stacking, series), func(t *testing.T) {
					c := sampleChart(kind, stacking, series)
					doc := drawChart(t, c)
					drawn := series
					switch kind {
					case crm.ChartPie, crm.ChartDoughnut, crm.ChartFunnel, crm.ChartTag:
						drawn = 1
					}
					links := doc.Find("svg.chart a, .tags a")
					if want := drawn * len(stages); links.Length() != want {
						t.Errorf("%d segments, not %d", links.Length(), want)
					}
					links.Each(func(_ int, a *goquery.Selection) { checkDrill(t, a, c) })
					if got := doc.Find("details.numbers td").Length(); got != series*len(stages) {
						t.Errorf("%d numbers in the table", got)
					}
				})
			}
		}
	}
}

func checkDrill(t testing.TB, a *goquery.Selection, c *crm.Chart) {
	t.Helper()
	u, err := url.Parse(a.AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	_, state := crm.PartStateFrom(u.Query())
	if state.Drill == nil || len(state.Drill.Category) != 1 || (len(c.Series) > 1) != (state.Drill.Series != "") {
		t.Errorf("%s drills into %+v", u, state.Drill)
	}
	if name := words(a); name == "" {
		t.Error("a segment without a name")
	}
}

func TestColumnsStandOnZeroAndReachTheirValue(t *testing.T) {
	c := sampleChart(crm.ChartColumn, crm.StackNone, 1)
	for i, value := range []float64{-500, 0, 250, 500, 1000, 750} {
		c.Series[0].Points[i] = crm.ChartPoint{Value: value}
	}
	v := newChart(reader("en"), c, links{}, "T")
	p := newPlot(v)
	zero := p.baseline()
	for i, b := range p.bars {
		at := p.column(b)
		switch value := c.Series[0].Points[i].Value; {
		case value > 0 && math.Abs(at.y+at.height-zero) > 0.01, value < 0 && math.Abs(at.y-zero) > 0.01:
			t.Errorf("%v does not stand on zero: %+v, %v", value, at, zero)
		case value != 0 && math.Abs(at.height-math.Abs(value)/(p.scale.high-p.scale.low)*(plotHeight-plotTop-plotFloor)) > 0.01:
			t.Errorf("%v is drawn %v high", value, at.height)
		}
	}
}

func TestPilesAddUp(t *testing.T) {
	c := sampleChart(crm.ChartColumn, crm.StackPercent, 3)
	v := newChart(reader("en"), c, links{}, "T")
	for i := range c.Categories {
		sum := 0.0
		for _, b := range v.bars() {
			if b.category == i {
				sum += b.to - b.from
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("category %d adds up to %v", i, sum)
		}
	}
}

func TestTicksAreRoundAndIncludeZero(t *testing.T) {
	for _, ends := range [][2]float64{{0, 7}, {0, 1}, {-3, 12}, {0, 0}, {5, 6}, {-8, -2}, {0, 1e100}, {0, 1e-9}, {0.1, 0.35}, {-1e100, 1e100}} {
		s := scaleFor(ends[0], ends[1], false)
		if s.low > 0 || s.high < 0 || s.low > ends[0] || s.high < ends[1]*(1-1e-9) || len(s.ticks) < 2 || len(s.ticks) > 12 {
			t.Errorf("%v: %+v", ends, s)
		}
	}
	if s := scaleFor(0, 3, true); s.ticks[1]-s.ticks[0] != 1 {
		t.Error("half a record", s.ticks)
	}
}

func TestATurnOfAPieIsItsShare(t *testing.T) {
	c := sampleChart(crm.ChartPie, crm.StackNone, 1)
	c.Categories, c.Series[0].Points = c.Categories[:1], c.Series[0].Points[:1]
	if d := drawChart(t, c).Find("svg.chart path").AttrOr("d", ""); strings.Count(d, "M") != 2 {
		t.Errorf("a whole turn is two halves: %s", d)
	}
	if got := words(drawChart(t, c).Find("svg.chart title")); !strings.HasSuffix(got, "(100%)") {
		t.Error(got)
	}
}

func TestNoRecordsDrawNothing(t *testing.T) {
	c := sampleChart(crm.ChartLine, crm.StackNone, 1)
	c.Series[0].Points[2].Null = true
	doc := drawChart(t, c)
	if doc.Find("svg.chart a").Length() != 5 || strings.Count(doc.Find("path.line").First().AttrOr("d", ""), "M") != 2 {
		t.Error("a gap is not a gap")
	}
	for _, kind := range chartTypes {
		c := sampleChart(kind, crm.StackNone, 1)
		for i := range c.Series[0].Points {
			c.Series[0].Points[i].Null = true
		}
		if got := words(drawChart(t, c).Find("[data-testid=empty]")); got != "There is nothing to draw yet." {
			t.Errorf("%s: %q", kind, got)
		}
		if drawChart(t, sampleChart(kind, crm.StackNone, 0)).Find("[data-testid=empty]").Length() != 1 {
			t.Errorf("%s without series", kind)
		}
	}
}

// Whatever an organization's data holds, a chart is well-formed, finite and free of anything that acts.
func TestHostileCharts(t *testing.T) {
	texts := []string{`</text><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `]]>`, `<svg><style>`, "\x00\x01", strings.Repeat("W", 5000), "مشروع", ""}
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 0, math.Copysign(0, -1), 5e-324, 42}
	colors := []string{`red"/><script>`, "url(#h2)", "javascript:x", "#12345", "#123456", "expression(1)"}
	for _, kind := range chartTypes {
		for _, stacking := range []crm.Stacking{crm.StackNone, crm.StackValues, crm.StackPercent} {
			c := sampleChart(kind, stacking, 2)
			c.Name, c.XTitle, c.YTitle = texts[0], texts[1], texts[2]
			for i := range c.Categories {
				c.Categories[i] = crm.Category{Label: texts[i], Key: texts[i+1], Color: colors[i]}
			}
			for s := range c.Series {
				c.Series[s].Name, c.Series[s].Key, c.Series[s].Color = texts[s], texts[s+1], colors[s]
				c.Series[s].Unit.CurrencySymbol = texts[0]
				for i := range c.Series[s].Points {
					c.Series[s].Points[i] = crm.ChartPoint{Value: values[(i+s*3)%len(values)], Text: []string{"", texts[i]}[s]}
				}
			}
			c.Series[1].Points = c.Series[1].Points[:2] // fewer points than categories
			out := text(t, "en", PartPanel(chartPart(c)))
			if strings.Contains(out, "<script") || strings.Contains(out, "<img") || strings.Contains(out, `fill="red`) || strings.Contains(out, `fill="url`) {
				t.Errorf("%s: %s", kind, out)
			}
			for _, word := range []string{`="NaN`, "NaN%", "Inf", `e+`} {
				for _, attribute := range []string{"x", "y", "width", "height", "d", "points"} {
					if strings.Contains(out, " "+attribute+`="`+word) {
						t.Errorf("%s: %s", kind, word)
					}
				}
			}
		}
	}
}

func TestVeryLargeChartsAreCutAndSaySo(t *testing.T) {
	c := sampleChart(crm.ChartColumn, crm.StackNone, 1)
	c.Categories, c.Series[0].Points = nil, nil
	for i := range 100_000 {
		c.Categories = append(c.Categories, crm.Category{Label: fmt.Sprint(i), Key: fmt.Sprint(i)})
		c.Series[0].Points = append(c.Series[0].Points, crm.ChartPoint{Value: float64(i)})
	}
	doc := drawChart(t, c)
	if doc.Find("svg.chart a").Length() != maxCategories || !strings.Contains(words(doc.Find("figure")), "only the first 200 are drawn") {
		t.Error("not cut, or not said")
	}
}

func TestAChosenSegmentIsMarked(t *testing.T) {
	m := chartPart(sampleChart(crm.ChartBar, crm.StackNone, 1))
	m.Filled.State.Drill = &crm.Drill{Category: "2"}
	marked := draw(t, PartPanel(m)).Find("svg.chart [aria-current=true]")
	if marked.Length() != 1 || !strings.HasPrefix(words(marked), "Propose") {
		t.Error(marked.Length(), words(marked))
	}
}

func TestAChartCanBeExchanged(t *testing.T) {
	c := sampleChart(crm.ChartPie, crm.StackNone, 1)
	c.ID, c.Views = "c1", sampleViews
	c.Charts = []crm.ChartRef{{ID: "c1", Name: "By stage"}, {ID: "c2", Name: "By owner", Personal: true}}
	m := chartPart(c)
	m.Filled.Part.ChartPicker, m.Filled.Part.ViewPicker = true, true
	doc := draw(t, PartPanel(m))
	safe(t, doc)
	if got := words(doc.Find("select[name=chart] option[selected]")); got != "By stage" {
		t.Error(got)
	}
	if doc.Find("select[name=view] option").Length() != 3 {
		t.Error("no picker of views")
	}
}

func TestAChoicesOwnColourIsUsed(t *testing.T) {
	c := sampleChart(crm.ChartPie, crm.StackNone, 1)
	c.Categories[1].Color = "#0a7b83"
	if got := drawChart(t, c).Find("svg.chart a").Eq(1).AttrOr("fill", ""); got != "#0a7b83" {
		t.Error(got)
	}
}

func TestNumbersOnAxesAreInTheReadersHabits(t *testing.T) {
	for language, want := range map[string]string{"en-US": "€1.5M", "de-DE": "1,5 Mio. €"} {
		out := strings.ReplaceAll(text(t, language, PartPanel(chartPart(sampleChart(crm.ChartColumn, crm.StackNone, 1)))), "\u00a0", " ")
		if !strings.Contains(out, ">"+want+"</text>") {
			t.Errorf("%s has no %s", language, want)
		}
	}
}

func FuzzChart(f *testing.F) {
	f.Add("Qualify", "#123456", 12.5, -3.0, uint8(0))
	f.Add("</title>", `"`, math.MaxFloat64, 5e-324, uint8(7))
	f.Fuzz(func(t *testing.T, label, color string, a, b float64, kind uint8) {
		c := sampleChart(chartTypes[int(kind)%len(chartTypes)], crm.Stacking(kind%3), 2)
		c.Categories[0] = crm.Category{Label: label, Key: label, Color: color}
		c.Series[0].Points[0], c.Series[1].Points[0] = crm.ChartPoint{Value: a, Text: label}, crm.ChartPoint{Value: b}
		out := text(t, "en", chartFigure(newChart(reader("en"), c, links{place: samplePlace, dashboard: "d", part: "p"}, label)))
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		safe(t, doc)
	})
}

// The goal is 40 us and 4 KB for one bar chart of six bars.
func BenchmarkChart(b *testing.B) {
	c := sampleChart(crm.ChartBar, crm.StackNone, 1)
	l := links{place: samplePlace, dashboard: "d1", part: "p1"}
	ctx := reader("en")
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		var out strings.Builder
		if err := chartFigure(newChart(ctx, c, l, "Pipeline")).Render(ctx, &out); err != nil {
			b.Fatal(err)
		}
		size = out.Len()
	}
	b.ReportMetric(float64(size), "bytes")
}

package templates

import (
	"context"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// What one chart draws at most; beyond it the chart says that there is more.
const (
	maxCategories = 200
	maxSeries     = 24
	palette       = 8 // colours and patterns in page.css
	enormous      = 1e100
)

// chartView is a chart as its component draws it: cut to what can be drawn, with finite numbers only.
type chartView struct {
	crm.Chart
	links
	title   string
	locale  *locale.Locale
	drill   func(category, series string) templ.SafeURL
	cut     bool
	sums    []float64 // of positive values by category, for shares
	spokes  float64   // sum of the first series' positive values
	drilled *crm.Drill
	second  []bool // which series have an axis of their own; nil for none
}

func newChart(ctx context.Context, c *crm.Chart, l links, title string) chartView {
	v := chartView{Chart: *c, links: l, title: title, locale: locale.From(ctx), drill: l.drills(), cut: c.Truncated, drilled: l.state.Drill}
	if len(v.Categories) > maxCategories {
		v.Categories, v.cut = v.Categories[:maxCategories], true
	}
	if len(v.Series) > maxSeries {
		v.Series, v.cut = v.Series[:maxSeries], true
	}
	v.Series = tamed(v.Series, len(v.Categories))
	v.sums = make([]float64, len(v.Categories))
	for i := range v.Categories {
		for _, s := range v.Series {
			v.sums[i] += math.Abs(s.Points[i].Value)
		}
	}
	if len(v.Series) > 0 {
		for _, p := range v.Series[0].Points {
			v.spokes += max(0, p.Value)
		}
	}
	v.second = v.secondUnit()
	return v
}

// tamed copies the series with exactly n points each, all finite; what is missing or not a number counts as no records.
func tamed(series []crm.Series, n int) []crm.Series {
	out := make([]crm.Series, len(series))
	for i, s := range series {
		points := make([]crm.ChartPoint, n)
		copied := copy(points, s.Points)
		for j := range points {
			p := &points[j]
			switch {
			case j >= copied || p.Null || math.IsNaN(p.Value):
				*p = crm.ChartPoint{Null: true}
			default:
				p.Value = max(-enormous, min(p.Value, enormous))
			}
		}
		s.Points = points
		out[i] = s
	}
	return out
}

// empty reports that there is nothing to draw.
func (v chartView) empty() bool {
	for _, s := range v.Series {
		for _, p := range s.Points {
			if !p.Null {
				return false
			}
		}
	}
	return true
}

// typeOf is how a series is drawn: in combination charts it differs from the chart's own.
func (v chartView) typeOf(s crm.Series) crm.ChartType {
	if s.Type == "" || v.Type == crm.ChartBar {
		return v.Type
	}
	return s.Type
}

// pointText is a number as people read it, with its share where shares are what the chart is about.
func (v chartView) pointText(s crm.Series, category int) string {
	p := s.Points[category]
	switch {
	case p.Null:
		return "–"
	case p.Text != "":
		return p.Text
	case s.Unit.CurrencySymbol != "":
		return v.locale.Compact(p.Value, s.Unit.CurrencySymbol)
	}
	return v.locale.Number(p.Value, s.Unit.Precision)
}

// brief is a number short enough to stand on its segment; the whole of it is in the segment's name and in the table.
func (v chartView) brief(s crm.Series, category int) string {
	return v.locale.Compact(s.Points[category].Value, s.Unit.CurrencySymbol)
}

func (v chartView) share(value, of float64) string {
	if of <= 0 {
		return ""
	}
	return v.locale.Percent(value / of)
}

// say names one segment: what it is, and how much.
func (v chartView) say(series, category int) string {
	s := v.Series[series]
	text := v.categoryName(category)
	if len(v.Series) > 1 {
		text += v.locale.Comma() + v.seriesName(series)
	}
	text += ": " + v.pointText(s, category)
	value := s.Points[category].Value
	switch {
	case v.Stacking == crm.StackPercent:
		text += " (" + v.share(math.Abs(value), v.sums[category]) + ")"
	case v.Type == crm.ChartPie || v.Type == crm.ChartDoughnut:
		text += " (" + v.share(max(0, value), v.spokes) + ")"
	}
	return text
}

func (v chartView) categoryName(i int) string {
	if v.Categories[i].Label == "" {
		return v.locale.T("chart.blank")
	}
	return v.Categories[i].Label
}

func (v chartView) seriesName(i int) string {
	if v.Series[i].Name == "" {
		return v.locale.T("chart.blank")
	}
	return v.Series[i].Name
}

// to drills into a segment.
func (v chartView) to(series, category int) templ.SafeURL {
	return v.drill(v.Categories[category].Key, v.Series[series].Key)
}

// current marks the segment that the list beside the chart is narrowed to.
func (v chartView) current(series, category int) bool {
	return v.drilled != nil && v.drilled.Category == v.Categories[category].Key && v.drilled.Series == v.Series[series].Key
}

// hue is the class of the n-th colour of the theme.
func hue(n int) string { return hues[n%palette] }

var hues = [palette]string{"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"}

var hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// ownColor passes a colour that a choice was given in Dataverse, if it is one.
func ownColor(color string) string {
	if !hexColor.MatchString(color) {
		return ""
	}
	return color
}

// look is that of one drawn piece: its own colour or one of the theme's.
type look struct{ class, fill string }

// look chooses the colour of a segment: the choice's own, or by series, or by category where there is one series and
// categories are told apart by colour alone.
func (v chartView) look(series, category int) look {
	byCategory := v.Type == crm.ChartPie || v.Type == crm.ChartDoughnut || v.Type == crm.ChartFunnel
	color, n := v.Series[series].Color, series
	if byCategory || len(v.Series) == 1 && v.Categories[category].Color != "" {
		color, n = v.Categories[category].Color, category
	}
	if fill := ownColor(color); fill != "" {
		return look{"own " + hue(n), fill}
	}
	return look{hue(n), ""}
}

func (v chartView) seriesLook(series int) look {
	if fill := ownColor(v.Series[series].Color); fill != "" {
		return look{"own " + hue(series), fill}
	}
	return look{hue(series), ""}
}

// inkOn is what can be read on a piece: the theme's own background colour on the theme's colours, black or white on a
// colour from Dataverse, whichever is further from its luminance (WCAG 2.1, relative luminance).
func inkOn(l look) look {
	if l.fill == "" {
		return look{}
	}
	rgb, _ := strconv.ParseUint(l.fill[1:], 16, 32) // ownColor let only hexadecimal digits through
	luminance := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		channel := float64(rgb>>(8*i)&0xff) / 255
		if channel > 0.04045 {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		} else {
			channel /= 12.92
		}
		luminance += weight * channel
	}
	if luminance > 0.179 {
		return look{fill: "#000"}
	}
	return look{fill: "#fff"}
}

// attributes give a segment's own colour as a presentation attribute, which a policy without inline styles allows.
func (s look) attributes() templ.OrderedAttributes {
	if s.fill == "" {
		return nil
	}
	return templ.OrderedAttributes{{Key: "fill", Value: s.fill}}
}

// segment is one piece of a chart: a link that drills, with its name. Charts are mostly these, so it is written without
// detours; shape is markup of our own making, from numbers only.
func (v chartView) segment(series, category int, shape string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		l := v.look(series, category)
		var out strings.Builder
		out.Grow(320)
		out.WriteString(`<a data-swap href="`)
		out.WriteString(templ.EscapeString(string(v.to(series, category))))
		out.WriteString(`" class="`)
		out.WriteString(l.class)
		if l.fill != "" {
			out.WriteString(`" fill="`)
			out.WriteString(l.fill)
		}
		if v.current(series, category) {
			out.WriteString(`" aria-current="true`)
		}
		out.WriteString(`"><title>`)
		out.WriteString(templ.EscapeString(v.say(series, category)))
		out.WriteString(`</title>`)
		out.WriteString(shape)
		out.WriteString(`</a>`)
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// percent writes a share of the width for an SVG attribute.
func percent(share float64) string { return trimmed(share*100, 2) + "%" }

// px writes a length for an SVG attribute.
func px(length float64) string { return trimmed(length, 1) }

func trimmed(value float64, decimals int) string {
	var scratch [32]byte
	text := strconv.AppendFloat(scratch[:0], value, 'f', decimals, 64)
	for len(text) > 1 && text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return string(text)
}

// currentAttribute marks the chosen segment for those who see and those who hear.
func currentAttribute(current bool) templ.OrderedAttributes {
	if !current {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-current", Value: "true"}}
}

func tickAnchor(i, n int) string {
	switch i {
	case 0:
		return "start"
	case n - 1:
		return "end"
	}
	return "middle"
}

// shortened cuts a text to so many letters.
func shortened(text string, letters int) string {
	runes := []rune(text)
	if len(runes) <= letters {
		return text
	}
	return string(runes[:letters-1]) + "…"
}

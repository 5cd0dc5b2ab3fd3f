package templates

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
)

// Measures of a plot, in px. Widths are shares of whatever room the part has, so that text keeps its size.
const (
	plotHeight  = 200.0
	plotTop     = 10.0 // room for the topmost tick's half line
	plotFloor   = 6.0
	barPitch    = 32.0 // one category of a bar chart
	barPitchMin = 20.0 // the same when there are many
	manyBars    = 24
	filled      = 0.72 // share of a category that its columns fill
	leastBar    = 1.5  // px, so that something can be seen and pointed at
)

// plot is a chart with axes.
type plot struct {
	chartView
	bars    []bar
	courses []course
	scale   scale
	ticks   []tick
	gutter  float64 // px for the value axis of an upright plot
	// The second value axis, for series of another unit; without ticks where there is none.
	ticks2  []tick
	gutter2 float64
	valued  bool // whether numbers stand on the columns
}

func newPlot(v chartView) plot {
	p := plot{chartView: v, bars: v.bars(), courses: v.courses()}
	p.scale = v.valueScale(p.bars, p.courses, false)
	p.ticks, p.gutter = v.ticks(p.scale, v.symbol())
	p.valued, _ = p.valuesFit()
	if v.second != nil {
		own := v.valueScale(p.bars, p.courses, true)
		p.ticks2, p.gutter2 = v.ticks(own, v.Series[slices.Index(v.second, true)].Unit.CurrencySymbol)
		p.stretch(p.scale.high / own.high)
	}
	return p
}

// stretch brings the series of the second axis to the measure of the first.
func (p plot) stretch(factor float64) {
	for i := range p.bars {
		if p.onSecond(p.bars[i].series) {
			p.bars[i].from *= factor
			p.bars[i].to *= factor
		}
	}
	for _, c := range p.courses {
		for i := range c.top {
			if p.onSecond(c.series) {
				c.top[i] *= factor
				c.base[i] *= factor
			}
		}
	}
}

// y is the height of a value in an upright plot.
func (p plot) y(value float64) float64 {
	return plotTop + (1-p.scale.at(value))*(plotHeight-plotTop-plotFloor)
}

func (p plot) tickY(t tick) float64 { return plotTop + (1-t.at)*(plotHeight-plotTop-plotFloor) }

// x is the middle of a category, 0..1.
func (p plot) x(category int) float64 {
	return (float64(category) + 0.5) / float64(len(p.Categories))
}

// box is a rectangle: shares of the width and px of the height, or the other way round for bars that lie.
type box struct{ x, y, width, height float64 }

func (b box) markup() string {
	return `<rect x="` + percent(b.x) + `" y="` + px(b.y) + `" width="` + percent(b.width) + `" height="` + px(b.height) + `" rx="2"></rect>`
}

// dotMarkup is a point of a line, and around it room to point at.
func (p plot) dotMarkup(c course, category int) string {
	at := ` cx="` + percent(p.x(category)) + `" cy="` + px(p.y(c.top[category])) + `" r="`
	return `<circle class="near"` + at + p.reach() + `"></circle><circle class="dot"` + at + p.dot() + `"></circle>`
}

// column places a bar of an upright plot.
func (p plot) column(b bar) box {
	slot := 1 / float64(len(p.Categories))
	width := slot * filled / float64(b.lanes)
	top, bottom := p.y(max(b.from, b.to)), p.y(min(b.from, b.to))
	if bottom-top < leastBar {
		if b.to < b.from {
			bottom = top + leastBar
		} else {
			top = bottom - leastBar
		}
	}
	return box{
		x: slot*float64(b.category) + slot*(1-filled)/2 + width*float64(b.lane), y: top,
		width: width * 0.96, height: bottom - top,
	}
}

// pitch is the height of one category of a bar chart.
func (p plot) pitch() float64 {
	if len(p.Categories) > manyBars {
		return barPitchMin
	}
	lanes := 1
	for _, b := range p.bars {
		lanes = max(lanes, b.lanes)
	}
	return max(barPitch, float64(lanes)*14)
}

func (p plot) lyingHeight() float64 { return p.pitch() * float64(len(p.Categories)) }

// lying places a bar of a bar chart.
func (p plot) lying(b bar) box {
	height := p.pitch() * filled / float64(b.lanes)
	from, to := p.scale.at(min(b.from, b.to)), p.scale.at(max(b.from, b.to))
	return box{
		x: from, y: p.pitch()*float64(b.category) + p.pitch()*(1-filled)/2 + height*float64(b.lane),
		width: max(to-from, 0.004), height: height * 0.94,
	}
}

// path draws a course over a field 1000 wide, which is stretched to the width that there is. A gap where there are no records stays a gap.
func (p plot) path(c course, closed bool) string {
	var out strings.Builder
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		if closed {
			for i := end - 1; i >= start; i-- {
				p.point(&out, 'L', i, c.base[i])
			}
			out.WriteByte('Z')
		}
		start = -1
	}
	for i := range c.top {
		switch {
		case c.null[i]:
			flush(i)
		case start < 0:
			start = i
			p.point(&out, 'M', i, c.top[i])
		default:
			p.point(&out, 'L', i, c.top[i])
		}
	}
	flush(len(c.top))
	return out.String()
}

func (p plot) point(out *strings.Builder, command byte, category int, value float64) {
	out.WriteByte(command)
	out.WriteString(px(p.x(category) * 1000))
	out.WriteByte(' ')
	out.WriteString(px(p.y(value)))
}

// The room that a part surely has for its plot, in px: in a column of three on a small screen, and in a wide one.
const (
	narrowPlot = 190.0
	widePlot   = 480.0
	letter     = 6.5 // the width of a letter on average
)

// valuesFit reports whether numbers can stand on the segments without running into each other, in a wide part and in a narrow one.
func (p plot) valuesFit() (wide, narrow bool) {
	if !p.ShowValues || len(p.courses) > 0 || p.Stacking != crm.StackNone || len(p.bars) > len(p.Categories) {
		return false, false
	}
	longest := 0
	for _, b := range p.bars {
		longest = max(longest, len([]rune(p.brief(p.Series[b.series], b.category))))
	}
	width := (float64(longest)*letter + 4) * float64(len(p.Categories))
	return width <= widePlot, width <= narrowPlot
}

// labelsClass stands the names of the categories upright where they cannot stand side by side without a broken word: in a
// narrow part, or ever.
func (p plot) labelsClass() string {
	longest := 0
	for i := range p.Categories {
		for word := range strings.FieldsSeq(p.categoryName(i)) {
			longest = max(longest, len([]rune(word)))
		}
	}
	switch width := (float64(longest)*letter + 4) * float64(len(p.Categories)); {
	case width > widePlot+10:
		return "ever"
	case len(p.Categories) > 5 || width > narrowPlot+10:
		return "many"
	}
	return ""
}

// valuesClass hides the numbers on columns where the part is too narrow for them.
func (p plot) valuesClass() string {
	if _, narrow := p.valuesFit(); p.valued && !narrow {
		return "roomy"
	}
	return ""
}

// spare marks a tick of a lying plot that has to go where the part is narrow.
func spare(ticks []tick, i int) templ.OrderedAttributes {
	longest := 0
	for _, t := range ticks {
		longest = max(longest, len([]rune(t.text)))
	}
	fit := max(1, int(100/(float64(longest)*letter+8)))
	every := max(1, (len(ticks)-2+fit)/fit)
	if i%every == 0 {
		return nil
	}
	return templ.OrderedAttributes{{Key: "class", Value: "spare"}}
}

// inside reports whether the number of a lying bar stands in it rather than behind it: where there is no room behind it.
func (p plot) inside(b bar, at box) bool {
	width := float64(len([]rune(p.brief(p.Series[b.series], b.category))))*letter + 6
	end := at.x + at.width
	return end > 0.75 || end*130+width > 145 && at.width*130 >= width
}

// valueY is where a column's number stands: above it, or below where the column hangs.
func (p plot) valueY(b bar, at box) float64 {
	if b.to < 0 {
		return at.y + at.height + 12
	}
	return max(9, at.y-3)
}

// dot is the radius of a point on a line, reach that of what can be pointed at.
func (p plot) dot() string {
	if len(p.Categories) > 30 {
		return "2"
	}
	return "4"
}

func (p plot) reach() string {
	if len(p.Categories) > 30 {
		return "5"
	}
	return "12"
}

func (v chartView) drawnAsLine(series int) bool {
	kind := v.typeOf(v.Series[series])
	return kind == crm.ChartLine || kind == crm.ChartArea
}

// labelEvery thins out the labels of the category axis.
func (p plot) labelEvery() int { return (len(p.Categories) + 11) / 12 }

// upright reports whether categories run from left to right.
func (v chartView) upright() bool { return v.Type != crm.ChartBar }

// baseline is where zero lies.
func (p plot) baseline() float64 { return p.y(0) }

func (v chartView) hasLegend() bool { return len(v.Series) > 1 }

package templates

import (
	"math"

	"github.com/pintab/pintab/internal/crm"
)

// scale maps values to 0..1 between round ends, which include zero.
type scale struct {
	low, high float64
	ticks     []float64
}

const ticksWanted = 4

// scaleFor spans the values, from and to a round number. Whole numbers get whole ticks.
func scaleFor(low, high float64, whole bool) scale {
	low, high = min(0, low), max(0, high)
	if low == high {
		high = 1
	}
	step := niceStep((high - low) / ticksWanted)
	switch {
	case whole && step < 1:
		step = 1
	case whole && step != math.Trunc(step):
		step *= 2 // 2.5
	}
	first, last := math.Floor(low/step), math.Ceil(high/step)
	s := scale{low: first * step, high: last * step}
	for i := first; i <= last && len(s.ticks) < 12; i++ {
		s.ticks = append(s.ticks, i*step)
	}
	return s
}

// niceStep is the next of 1, 2, 2.5, 5 times a power of ten.
func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	if power == 0 || math.IsInf(power, 0) {
		return rough
	}
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if rough <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// at is where a value lies, 0 at the low end.
func (s scale) at(value float64) float64 {
	return max(0, min((value-s.low)/(s.high-s.low), 1))
}

// bar is a piece of a column or bar: from and to are values on the scale.
type bar struct {
	series, category int
	from, to         float64
	lane, lanes      int // place beside others in the same category
}

// bars lays out the series that are drawn as columns or bars.
func (v chartView) bars() []bar {
	var drawn []int
	for i, s := range v.Series {
		if kind := v.typeOf(s); kind != crm.ChartLine && kind != crm.ChartArea {
			drawn = append(drawn, i)
		}
	}
	out := make([]bar, 0, len(drawn)*len(v.Categories))
	for c := range v.Categories {
		up, down := 0.0, 0.0
		for lane, s := range drawn {
			p := v.Series[s].Points[c]
			if p.Null {
				continue
			}
			b := bar{series: s, category: c, to: p.Value, lane: lane, lanes: len(drawn)}
			if v.Stacking != crm.StackNone {
				b.lane, b.lanes = 0, 1
				value := v.stacked(p.Value, c)
				if value >= 0 {
					b.from, b.to = up, up+value
					up = b.to
				} else {
					b.from, b.to = down, down+value
					down = b.to
				}
			}
			out = append(out, b)
		}
	}
	return out
}

// stacked is a value as stacks count it: itself, or its share of the category.
func (v chartView) stacked(value float64, category int) float64 {
	if v.Stacking != crm.StackPercent {
		return value
	}
	if v.sums[category] == 0 {
		return 0
	}
	return value / v.sums[category]
}

// course is a line or an area: one value for each category, resting on base.
type course struct {
	series    int
	area      bool
	base, top []float64
	null      []bool
}

// courses lays out the series that are drawn as lines or areas.
func (v chartView) courses() []course {
	var out []course
	stack := make([]float64, len(v.Categories))
	for i, s := range v.Series {
		kind := v.typeOf(s)
		if kind != crm.ChartLine && kind != crm.ChartArea {
			continue
		}
		c := course{series: i, area: kind == crm.ChartArea, base: make([]float64, len(v.Categories)), top: make([]float64, len(v.Categories)), null: make([]bool, len(v.Categories))}
		for j, p := range s.Points {
			c.top[j], c.null[j] = p.Value, p.Null
			if v.Stacking != crm.StackNone {
				c.base[j] = stack[j]
				stack[j] += v.stacked(p.Value, j)
				c.top[j] = stack[j]
			}
		}
		out = append(out, c)
	}
	return out
}

// valueScale spans everything that is drawn along the first or the second value axis.
func (v chartView) valueScale(bars []bar, courses []course, second bool) scale {
	low, high, whole := 0.0, 0.0, v.Stacking != crm.StackPercent
	for _, b := range bars {
		if v.onSecond(b.series) == second {
			low, high = min(low, b.from, b.to), max(high, b.from, b.to)
		}
	}
	for _, c := range courses {
		for i := range c.top {
			if !c.null[i] && v.onSecond(c.series) == second {
				low, high = min(low, c.base[i], c.top[i]), max(high, c.base[i], c.top[i])
			}
		}
	}
	for i, s := range v.Series {
		if v.onSecond(i) != second {
			continue
		}
		for _, p := range s.Points {
			whole = whole && p.Value == math.Trunc(p.Value)
		}
	}
	if v.Stacking == crm.StackPercent {
		low, high = max(-1, math.Floor(low)), min(1, math.Ceil(high))
	}
	return scaleFor(low, high, whole)
}

// tickText labels a value axis.
func (v chartView) tickText(value float64, symbol string) string {
	if v.Stacking == crm.StackPercent {
		return v.locale.Percent(value)
	}
	return v.locale.Compact(value, symbol)
}

// symbol is the unit of the value axis; where three or more units share it, it has none.
func (v chartView) symbol() string {
	if len(v.Series) == 0 {
		return ""
	}
	first := v.Series[0].Unit.CurrencySymbol
	for i := range v.Series {
		if v.Series[i].Unit.CurrencySymbol != first && v.second == nil {
			return ""
		}
	}
	return first
}

// secondUnit finds the series that need a value axis of their own: those of another unit than the first, so that a number
// of deals is not a flat line beside their value. Only two units, nothing stacked and nothing below zero can share a plot.
func (v chartView) secondUnit() []bool {
	if v.Stacking != crm.StackNone || len(v.Series) < 2 {
		return nil
	}
	second, unit := make([]bool, len(v.Series)), ""
	found := false
	for i, s := range v.Series {
		for _, p := range s.Points {
			if p.Value < 0 {
				return nil
			}
		}
		if s.Unit.CurrencySymbol == v.Series[0].Unit.CurrencySymbol {
			continue
		}
		if found && s.Unit.CurrencySymbol != unit {
			return nil
		}
		second[i], unit, found = true, s.Unit.CurrencySymbol, true
	}
	if !found {
		return nil
	}
	return second
}

// axisWidth is room for the longest tick, in px, at about 6.5 px a letter.
func axisWidth(texts []string) float64 {
	longest := 0
	for _, text := range texts {
		longest = max(longest, len([]rune(text)))
	}
	return float64(longest)*6.5 + 10
}

// tick is one labelled line of the value axis.
type tick struct {
	at   float64 // 0..1
	text string
}

func (v chartView) ticks(s scale, symbol string) ([]tick, float64) {
	out := make([]tick, len(s.ticks))
	texts := make([]string, len(s.ticks))
	for i, value := range s.ticks {
		texts[i] = v.tickText(value, symbol)
		out[i] = tick{s.at(value), texts[i]}
	}
	return out, axisWidth(texts)
}

// onSecond reports whether a series has the second value axis.
func (v chartView) onSecond(series int) bool { return v.second != nil && v.second[series] }

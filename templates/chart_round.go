package templates

import (
	"math"
	"strings"
)

// slice is one piece of a pie or doughnut.
type slice struct {
	category int
	path     string
}

// Measures of a pie, in px.
const (
	pieSize   = 200.0
	pieRadius = 98.0
	pieHole   = 58.0
)

// slices cuts the first series. Negative values have no angle and stand in the table only.
func (v chartView) slices(hole float64) []slice {
	var out []slice
	if v.spokes <= 0 {
		return nil
	}
	angle := 0.0
	for i, p := range v.Series[0].Points {
		if p.Null || p.Value <= 0 {
			continue
		}
		turn := p.Value / v.spokes
		out = append(out, slice{i, arc(angle, angle+turn, hole)})
		angle += turn
	}
	return out
}

// arc draws from one turn to another, 0..1 clockwise from the top, with a hole in the middle if there is one. A whole turn is drawn
// as two halves, since an arc that ends where it begins is nothing.
func arc(from, to, hole float64) string {
	if to-from > 0.9999 {
		return arc(from, from+0.5, hole) + arc(from+0.5, from+0.99999, hole)
	}
	var out strings.Builder
	large := "0"
	if to-from > 0.5 {
		large = "1"
	}
	spot := func(command string, turn, radius float64) {
		x, y := math.Sincos(turn * 2 * math.Pi)
		out.WriteString(command)
		out.WriteString(px(pieSize/2 + x*radius))
		out.WriteByte(' ')
		out.WriteString(px(pieSize/2 - y*radius))
	}
	sweep := func(turn, radius float64, direction string) {
		spot("A"+px(radius)+" "+px(radius)+" 0 "+large+" "+direction+" ", turn, radius)
	}
	spot("M", from, pieRadius)
	sweep(to, pieRadius, "1")
	if hole > 0 {
		spot("L", to, hole)
		sweep(from, hole, "0")
	} else {
		spot("L", 0, 0)
	}
	out.WriteByte('Z')
	return out.String()
}

// funnelHeight is the height of one stage, in px.
const funnelHeight = 36.0

// stage is one step of a funnel, as wide as its value, narrowing to the next.
type stage struct {
	category int
	points   string // over a field 1000 wide
}

func (v chartView) stages() []stage {
	var out []stage
	if len(v.Series) == 0 {
		return nil
	}
	widest := 0.0
	for _, p := range v.Series[0].Points {
		widest = max(widest, p.Value)
	}
	if widest <= 0 {
		widest = 1
	}
	width := func(i int) float64 {
		return max(4, 1000*max(0, v.Series[0].Points[i].Value)/widest)
	}
	last := len(v.Categories) - 1
	for i := range v.Categories {
		top := width(i)
		bottom := top
		if i < last {
			bottom = min(top, width(i+1))
		}
		y := funnelHeight * float64(i)
		out = append(out, stage{i, corners(top, bottom, y+1, y+funnelHeight-1)})
	}
	return out
}

func corners(top, bottom, y1, y2 float64) string {
	return px(500-top/2) + "," + px(y1) + " " + px(500+top/2) + "," + px(y1) + " " +
		px(500+bottom/2) + "," + px(y2) + " " + px(500-bottom/2) + "," + px(y2)
}

// tagSize is the size class, 1 to 5, of a word in a tag chart.
func (v chartView) tagSize(category int) string {
	most := 0.0
	for _, p := range v.Series[0].Points {
		most = max(most, p.Value)
	}
	value := v.Series[0].Points[category].Value
	if most <= 0 || value <= 0 {
		return "z1"
	}
	return [...]string{"z1", "z2", "z3", "z4", "z5"}[min(4, int(5*math.Sqrt(value/most)))]
}

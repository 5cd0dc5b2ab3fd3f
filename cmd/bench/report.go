package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// bound is a limit: a value in the row's unit or, with ofFloor, a multiple of the floor. The zero bound is no limit.
type bound struct {
	value   float64
	ofFloor bool
}

func atMost(value float64) bound      { return bound{value: value} }
func timesFloor(factor float64) bound { return bound{value: factor, ofFloor: true} }
func (b bound) in(floor float64) float64 {
	if b.ofFloor {
		return b.value * floor
	}
	return b.value
}

func (b bound) text(unit string) string {
	switch {
	case b == bound{}:
		return "-"
	case b.ofFloor:
		return fmt.Sprintf("%gx floor", b.value)
	}
	return fmt.Sprintf("%g %s", b.value, unit)
}

// row is one goal. measured and floor are medians in unit; a floor of 0 means that there is none.
type row struct {
	goal, what, unit string
	measured, floor  float64
	aim, limit       bound
}

// verdict is "ok" within the goal, "over" beyond it, and "OVER" beyond what must not be passed.
func (r row) verdict() string {
	beyond := func(b bound) bool { return b != bound{} && r.measured > b.in(r.floor) && (!b.ofFloor || r.floor > 0) }
	switch {
	case beyond(r.limit):
		return "OVER"
	case beyond(r.aim):
		return "over"
	}
	return "ok"
}

// report collects rows.
type report struct{ rows []row }

func (p *report) add(r row) { p.rows = append(p.rows, r) }

// print writes the table in the order of the goals' names.
func (p *report) print(out io.Writer) error {
	rows := slices.Clone(p.rows)
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.goal, b.goal) })
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "goal\twhat\tmeasured\tfloor\tratio\tgoal\tmust not pass\t")
	for _, r := range rows {
		floor, ratio := "-", "-"
		if r.floor > 0 {
			floor, ratio = number(r.floor)+" "+r.unit, fmt.Sprintf("%.2f", r.measured/r.floor)
		}
		fmt.Fprintf(w, "%s\t%s\t%s %s\t%s\t%s\t%s\t%s\t%s\n", r.goal, r.what, number(r.measured), r.unit, floor, ratio, r.aim.text(r.unit), r.limit.text(r.unit), r.verdict())
	}
	return w.Flush()
}

// number keeps three digits that mean something.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// median is the middle of the values, or the mean of the two in the middle; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// kilobytes are thousands, as browsers' developer tools count.
func kilobytes(bytes float64) float64 { return bytes / 1000 }

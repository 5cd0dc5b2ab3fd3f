package templates

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

// counter names the columns, sections and parts of a frame by number, in the order in which gridCSS wrote their rules.
type counter struct{ column, section, part int }

func (c *counter) nextColumn() string  { c.column++; return "c" + strconv.Itoa(c.column) }
func (c *counter) nextSection() string { c.section++; return "s" + strconv.Itoa(c.section) }
func (c *counter) nextPart() string    { c.part++; return "p" + strconv.Itoa(c.part) }

// The widths, in px, from which a board has two columns, and from which it has as many as it was designed with.
const (
	twoColumnsFrom = 600
	fullGridFrom   = 960
)

// gridCSS places the parts as the dashboard was designed. It is made of numbers only, so that nothing of a dashboard's own
// text can reach a stylesheet.
func gridCSS(d crm.Dashboard) string {
	var out strings.Builder
	fmt.Fprintf(&out, "@container (min-width:%dpx){", fullGridFrom)
	var n counter
	for _, tab := range d.Tabs {
		for _, column := range tab.Columns {
			fmt.Fprintf(&out, ".%s{flex:%d 1 0}", n.nextColumn(), max(1, min(column.Width, 100)))
			for _, section := range column.Sections {
				writeSection(&out, &n, section)
			}
		}
	}
	out.WriteString("}")
	return out.String()
}

func writeSection(out *strings.Builder, n *counter, section crm.DashboardSection) {
	columns := max(1, min(section.Columns, 12))
	fmt.Fprintf(out, ".sec.%s{grid-template-columns:repeat(%d,minmax(0,1fr))}", n.nextSection(), columns)
	rows := compactRows(section.Parts)
	for i, p := range section.Parts {
		at := max(1, min(p.Column, columns))
		span := max(1, min(p.ColSpan, columns-at+1))
		fmt.Fprintf(out, ".cell.%s{grid-area:%d/%d/%d/%d}", n.nextPart(), rows[i].from, at, rows[i].to, at+span)
	}
}

type rowSpan struct{ from, to int }

// compactRows keeps only the lines on which some part begins or ends: designers give a chart twelve rows to make it tall,
// but how tall a part is depends on what is in it. Parts that would lie upon each other go below instead.
func compactRows(parts []crm.Part) []rowSpan {
	spans := make([]rowSpan, len(parts))
	var lines []int
	for i, p := range parts {
		from := max(1, min(p.Row, 1000))
		spans[i] = rowSpan{from, from + max(1, min(p.RowSpan, 1000))}
	}
	settle(parts, spans)
	stretch(parts, spans)
	for _, s := range spans {
		lines = append(lines, s.from, s.to)
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	for i, s := range spans {
		spans[i] = rowSpan{slices.Index(lines, s.from) + 1, slices.Index(lines, s.to) + 1}
	}
	return spans
}

// settle moves a part below every part before it that it overlaps.
func settle(parts []crm.Part, spans []rowSpan) {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spans[a].from, spans[b].from) })
	for at, i := range order {
		for _, j := range order[:at] {
			if overlap(parts[i], parts[j]) && spans[i].from < spans[j].to {
				height := spans[i].to - spans[i].from
				spans[i] = rowSpan{spans[j].to, spans[j].to + height}
			}
		}
	}
}

// stretch makes each part as high as the room below it, so that rows of different heights leave no holes.
func stretch(parts []crm.Part, spans []rowSpan) {
	end := 0
	for _, s := range spans {
		end = max(end, s.to)
	}
	for i := range spans {
		to := end
		for j, s := range spans {
			if i != j && overlap(parts[i], parts[j]) && s.from >= spans[i].to {
				to = min(to, s.from)
			}
		}
		spans[i].to = to
	}
}

func overlap(a, b crm.Part) bool {
	return a.Column < b.Column+max(1, b.ColSpan) && b.Column < a.Column+max(1, a.ColSpan)
}

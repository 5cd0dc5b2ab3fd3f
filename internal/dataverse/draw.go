package dataverse

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// mostCategories and mostSeries bound what is drawn; beyond it nobody reads a chart.
	mostCategories = 60
	mostSeries     = 12
	// emptySeries is the key of records without a value in the second column: in an address no key means every series.
	emptySeries = "∅"
)

// group is one value of a grouping.
type group struct {
	id     string // what tells it apart on the chart
	key    string
	label  string
	color  string
	empty  bool // records without a value
	moment moment
	rank   int // of a choice, in the order of its options
}

// draw fills a chart from the rows of its query.
func (p *plan) draw(drawn *crm.Chart, found rows, of crm.Table, w words) {
	drawing := p.definition.drawing
	drawn.Type, drawn.Stacking = chartType(p.measures[0].kind)
	drawn.XTitle = cmp.Or(drawing.XTitle, p.category.column.Label)
	drawn.YTitle = cmp.Or(drawing.YTitle, p.measures[0].label(w))
	drawn.ShowLegend = drawing.Legend || p.series != nil || len(p.measures) > 1
	drawn.ShowValues = p.measures[0].values

	categories, order := newGroups(), newGroups()
	points := map[[2]string]row{}
	for i, r := range *found.Value {
		category, series := p.category.of(r, w), group{}
		if !p.fetch.Aggregate {
			category.id += "#" + strconv.Itoa(i) // every row is a point of its own, whatever its name
		}
		if p.series != nil {
			series = p.series.of(r, w)
			order.add(series)
		}
		categories.add(category)
		points[[2]string{category.id, series.id}] = r
	}
	p.category.sort(categories, p)
	if p.category.unit != "" && !p.top && axes(drawn.Type) {
		categories.list = filled(categories.list, w)
	}
	drawn.Truncated = !p.top && (found.More || found.Next != "") // a chart of the first ten is whole with ten
	if p.series == nil {
		p.plain(drawn, categories.list, points, w)
	} else {
		p.series.sort(order, p)
		drawn.Truncated = drawn.Truncated || len(order.list) > mostSeries
		p.comparison(drawn, categories.list, order.list[:min(len(order.list), mostSeries)], points)
	}
	if len(drawn.Categories) > mostCategories {
		drawn.Categories, drawn.Truncated = drawn.Categories[:mostCategories], true
		for i := range drawn.Series {
			drawn.Series[i].Points = drawn.Series[i].Points[:mostCategories]
		}
	}
}

// plain makes one series of each measure.
func (p *plan) plain(drawn *crm.Chart, categories []group, points map[[2]string]row, w words) {
	for _, g := range categories {
		drawn.Categories = append(drawn.Categories, crm.Category{Label: g.label, Key: g.key, Color: g.color})
	}
	for _, m := range p.measures {
		s := crm.Series{Name: m.label(w)}
		if t, _ := chartType(m.kind); t != drawn.Type {
			s.Type = t
		}
		for _, g := range categories {
			s.Points = append(s.Points, m.point(points, g.id, ""))
		}
		s.Unit = m.unit(s.Points)
		drawn.Series = append(drawn.Series, s)
	}
}

// comparison makes one series of each value of the second group-by column.
func (p *plan) comparison(drawn *crm.Chart, categories, order []group, points map[[2]string]row) {
	for _, g := range categories {
		drawn.Categories = append(drawn.Categories, crm.Category{Label: g.label, Key: g.key, Color: g.color})
	}
	m := p.measures[0]
	for _, o := range order {
		s := crm.Series{Name: o.label, Key: o.key, Color: o.color}
		if o.empty {
			s.Key = emptySeries
		}
		for _, g := range categories {
			s.Points = append(s.Points, m.point(points, g.id, o.id))
		}
		s.Unit = m.unit(s.Points)
		drawn.Series = append(drawn.Series, s)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// point reads a number; none where there is no row, and none where no record had a value.
func (m measure) point(points map[[2]string]row, category, series string) crm.ChartPoint {
	r, ok := points[[2]string{category, series}]
	if !ok {
		return crm.ChartPoint{Null: true}
	}
	v := r.cell(m.Alias)
	n, err := strconv.ParseFloat(v.raw, 64)
	if !v.set || err != nil {
		return crm.ChartPoint{Null: true}
	}
	return crm.ChartPoint{Value: n, Text: v.text}
}

// counts reports whether the measure is a number of records.
func (m measure) counts() bool { return m.Aggregate == "count" || m.Aggregate == "countcolumn" }

// unit tells what is measured. The currency is the one Dataverse wrote: sums are in the organization's own.
func (m measure) unit(points []crm.ChartPoint) crm.Unit {
	switch {
	case m.counts():
		return crm.Unit{}
	case m.column.Kind == crm.KindInteger:
		return crm.Unit{}
	case m.column.Kind != crm.KindMoney:
		return crm.Unit{Precision: m.column.Precision}
	}
	u := crm.Unit{Precision: m.column.Precision}
	for _, p := range points {
		if symbol := currencySymbol(p.Text); symbol != "" {
			u.CurrencySymbol = symbol
			break
		}
	}
	return u
}

// currencySymbol is what of a formatted amount is no number.
func currencySymbol(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsSpace(r) || strings.ContainsRune("-−+.,'’٫٬()\u200e\u200f\u061c", r) {
			return -1
		}
		return r
	}, text)
}

// label names the measure, for example "Sum (Est. Revenue)" or "Count (Opportunities)".
func (m measure) label(w words) string {
	name := m.column.Label
	if m.counts() && m.table != "" {
		name = m.table
	}
	if word := w.measures[m.Aggregate]; word != "" {
		return word + " (" + name + ")"
	}
	return name
}

// of reads the group that a row belongs to.
func (g grouping) of(r row, w words) group {
	v := r.cell(g.Alias)
	if !v.set {
		return group{id: "-", label: w.blank, empty: true}
	}
	if g.unit != "" {
		if m, ok := g.moment(r, v); ok {
			label := m.label(w)
			if strings.HasPrefix(g.unit, "fiscal") && v.text != v.raw && !g.bare {
				label = v.text // only the organization knows what its periods are called
			}
			return group{id: "=" + m.key(), key: m.key(), label: label, moment: m}
		}
	}
	found := group{id: "=" + v.raw, key: v.raw, label: v.text, rank: len(g.column.Options)}
	for i, o := range g.column.Options {
		if strconv.Itoa(o.Value) == v.raw || g.column.Kind == crm.KindBoolean && (v.raw == "true") == (o.Value == 1) {
			found.rank, found.color = i, o.Color
			if v.text == v.raw && o.Label != "" {
				found.label = o.Label
			}
		}
	}
	return found
}

// moment puts the parts of a date group together.
func (g grouping) moment(r row, v value) (moment, bool) {
	n, err := strconv.Atoi(v.raw)
	if err != nil {
		return moment{}, false
	}
	m := moment{unit: g.unit}
	numbers := make([]int, len(g.parts))
	for i, alias := range g.parts {
		if numbers[i], err = strconv.Atoi(r.cell(alias).raw); err != nil {
			return moment{}, false
		}
	}
	switch g.unit {
	case "year", "fiscal-year":
		m.year = n
	case "day":
		m.year, m.n, m.day = numbers[0], numbers[1], n
	case "fiscal-period":
		m.n = n % 100 // some servers put the year before the period
	default:
		m.n = n
	}
	if len(numbers) == 1 {
		m.year = numbers[0]
	}
	return m, m.sane() && (m.year != 0 || g.bare)
}

// chartType maps an ASP.NET chart type; what Pintab does not know is drawn in columns.
func chartType(name string) (crm.ChartType, crm.Stacking) {
	stacking := crm.StackNone
	if rest, ok := strings.CutPrefix(name, "stacked"); ok {
		name, stacking = rest, crm.StackValues
	}
	if rest, ok := strings.CutSuffix(name, "100"); ok {
		name, stacking = rest, crm.StackPercent
	}
	switch name {
	case "bar":
		return crm.ChartBar, stacking
	case "line", "spline", "stepline", "fastline", "point", "fastpoint":
		return crm.ChartLine, stacking
	case "area", "splinearea", "range":
		return crm.ChartArea, stacking
	case "pie":
		return crm.ChartPie, crm.StackNone
	case "doughnut":
		return crm.ChartDoughnut, crm.StackNone
	case "funnel", "pyramid":
		return crm.ChartFunnel, crm.StackNone
	case "tag":
		return crm.ChartTag, crm.StackNone
	}
	return crm.ChartColumn, stacking
}

// groups keeps values in the order in which they first come.
type groups struct {
	list []group
	seen map[string]bool
}

func newGroups() *groups { return &groups{seen: map[string]bool{}} }

func (g *groups) add(value group) {
	if !g.seen[value.id] {
		g.seen[value.id] = true
		g.list = append(g.list, value)
	}
}

// byTime orders moments, records without a date last.
func byTime(a, b group) int {
	return cmp.Or(boolInt(a.empty)-boolInt(b.empty), cmp.Compare(a.moment.serial(), b.moment.serial()))
}

// byRank orders choices as they are defined and everything else by label, records without a value last.
func byRank(a, b group) int {
	return cmp.Or(boolInt(a.empty)-boolInt(b.empty), cmp.Compare(a.rank, b.rank), strings.Compare(strings.ToLower(a.label), strings.ToLower(b.label)))
}

// sort orders the groups: as the query says, else dates by time, choices as they are defined, the rest by label.
func (g grouping) sort(all *groups, p *plan) {
	switch {
	case g.unit != "" && (!p.ordered || g.ordered):
		slices.SortStableFunc(all.list, byTime)
		if g.ordered && g.falling {
			slices.Reverse(all.list)
		}
	case !p.ordered && p.fetch.Aggregate:
		slices.SortStableFunc(all.list, byRank)
	}
}

// axes reports whether the categories of a chart stand along an axis, where a missing month would be a lie.
func axes(t crm.ChartType) bool {
	return t == crm.ChartColumn || t == crm.ChartBar || t == crm.ChartLine || t == crm.ChartArea
}

// filled closes the gaps of a time line, unless that makes it too long to read. Groups in another order, for example by
// value, are left alone.
func filled(list []group, w words) []group {
	var line []group
	for i, g := range list {
		if i == 0 || g.empty || list[i-1].empty {
			line = append(line, g)
			continue
		}
		earlier, later := list[i-1].moment, g.moment
		falling := earlier.serial() > later.serial()
		if falling {
			earlier, later = later, earlier
		}
		var gap []group
		for m, ok := earlier.next(); ok && m.serial() < later.serial(); m, ok = m.next() {
			gap = append(gap, group{id: "=" + m.key(), key: m.key(), label: m.label(w), moment: m})
			if len(line)+len(gap) > mostCategories {
				return list
			}
		}
		if falling {
			slices.Reverse(gap)
		}
		line = append(append(line, gap...), g)
	}
	return line
}

package seed

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// chart is a chart as its designer asks for it. Groups and measures are "column" or "column.part": a date part (day, week,
// month, quarter, year, fiscal-period, fiscal-year) for groups, an aggregate (sum, avg, min, max, count, countcolumn) for
// measures. A group "account/accountid/parentaccountid/industrycode" is a column of a linked table.
type chart struct {
	table, key, name string
	kind             string // ChartType of the presentation
	kinds            []string
	groups, measures string
	order            string // "m0" or "-m0": by a measure; "g0": by a group
	top              int
	x, y             string
	where            string
	standard         bool
	palette          string
	hideValues       bool
	legend           string
	plain            bool // short hand-written aliases instead of the designer's
}

func (c chart) id() string { return chartID(c.table + "/" + c.key) }

func chartID(key string) string { return schema.ID("savedqueryvisualization", key) }

func (c chart) alias(letter byte, n int) string {
	if c.plain {
		return string(letter) + strconv.Itoa(n)
	}
	if letter == 'g' {
		return "_CRMAutoGen_groupby_column_Num_" + strconv.Itoa(n)
	}
	return "_CRMAutoGen_aggregate_column_Num_" + strconv.Itoa(n)
}

// data is the datadescription.
func (c chart) data() string {
	var b, links strings.Builder
	b.WriteString(`<datadefinition><fetchcollection><fetch mapping="logical" aggregate="true"`)
	if c.top > 0 {
		b.WriteString(` count="` + strconv.Itoa(c.top) + `"`)
	}
	b.WriteString(`><entity name="` + c.table + `">`)
	for i, g := range strings.Fields(c.groups) {
		attribute := func(name, part string) string {
			s := `<attribute groupby="true" alias="` + c.alias('g', i) + `" name="` + name + `"`
			if part != "" {
				s += ` dategrouping="` + part + `"`
			}
			return s + ` />`
		}
		if path := strings.Split(g, "/"); len(path) == 4 {
			links.WriteString(`<link-entity name="` + path[0] + `" from="` + path[1] + `" to="` + path[2] + `" link-type="outer" alias="lnk` + strconv.Itoa(i) + `">` + attribute(path[3], "") + `</link-entity>`)
			continue
		}
		name, part, _ := strings.Cut(g, ".")
		b.WriteString(attribute(name, part))
	}
	for i, m := range strings.Fields(c.measures) {
		name, part, _ := strings.Cut(m, ".")
		b.WriteString(`<attribute alias="` + c.alias('m', i) + `" name="` + name + `" aggregate="` + part + `" />`)
	}
	for _, o := range strings.Fields(c.order) {
		name := strings.TrimPrefix(o, "-")
		n, _ := strconv.Atoi(name[1:])
		b.WriteString(`<order alias="` + c.alias(name[0], n) + `" descending="` + strconv.FormatBool(o[0] == '-') + `" />`)
	}
	filter(&b, "and", c.where)
	b.WriteString(links.String())
	b.WriteString(`</entity></fetch></fetchcollection><categorycollection><category alias="` + c.alias('g', 0) + `">`)
	for i := range strings.Fields(c.measures) {
		b.WriteString(`<measurecollection><measure alias="` + c.alias('m', i) + `" /></measurecollection>`)
	}
	b.WriteString(`</category></categorycollection></datadefinition>`)
	return b.String()
}

const defaultPalette = "91,151,213; 237,125,49; 160,116,166; 255,192,0; 68,114,196; 112,173,71; 37,94,145; 158,72,14; 117,55,125; 153,115,0; 38,68,120; 67,104,43; 124,175,221; 241,151,90; 186,144,192; 255,205,51; 105,142,208; 140,193,104"

// presentation is the presentationdescription: the serialized chart control that the designer writes.
func (c chart) presentation(lcid int) string {
	var b strings.Builder
	say := func(s string) string { return escaper.Replace(labels(s).In(lcid)) }
	palette := c.palette
	if palette == "" {
		palette = defaultPalette
	}
	b.WriteString(`<Chart Palette="None" PaletteCustomColors="` + palette + `"><Series>`)
	for i := range strings.Fields(c.measures) {
		kind := c.kind
		if i < len(c.kinds) {
			kind = c.kinds[i]
		}
		b.WriteString(`<Series ChartType="` + kind + `" IsValueShownAsLabel="` + title(!c.hideValues) + `" Font="{0}, 9.5px" LabelForeColor="59, 59, 59"`)
		switch strings.ToLower(kind) {
		case "pie", "doughnut":
			b.WriteString(` ShadowOffset="0" CustomProperties="PieLabelStyle=Inside, PieDrawingStyle=Default"`)
		case "funnel":
			b.WriteString(` CustomProperties="FunnelLabelStyle=Outside, FunnelNeckHeight=0, FunnelPointGap=1, FunnelNeckWidth=20"`)
		case "line", "area":
			b.WriteString(` BorderWidth="3" MarkerStyle="Circle" MarkerSize="9" MarkerColor="37, 128, 153"`)
			if i > 0 {
				b.WriteString(` YAxisType="Secondary"`)
			}
		default:
			b.WriteString(` CustomProperties="PointWidth=0.75, MaxPixelPointWidth=40"`)
		}
		b.WriteString(`><SmartLabelStyle Enabled="True" /></Series>`)
	}
	b.WriteString(`</Series><ChartAreas><ChartArea BorderColor="White" BorderDashStyle="Solid">`)
	axis := func(name, text, more string) {
		b.WriteString(`<` + name + ` LabelAutoFitMinFontSize="8" TitleForeColor="59, 59, 59" TitleFont="{0}, 10.5px" LineColor="165, 172, 181" IntervalAutoMode="VariableCount"` + more)
		if text != "" {
			b.WriteString(` Title="` + say(text) + `"`)
		}
		b.WriteString(`><MajorGrid LineColor="239, 242, 246" /><MajorTickMark LineColor="165, 172, 181" /><LabelStyle Font="{0}, 10.5px" ForeColor="59, 59, 59" /></` + name + `>`)
	}
	axis("AxisY", c.y, "")
	if len(strings.Fields(c.measures)) > 1 {
		axis("AxisY2", "", ` Enabled="True"`)
	}
	axis("AxisX", c.x, "")
	b.WriteString(`<Area3DStyle Enable3D="false" /></ChartArea></ChartAreas>`)
	b.WriteString(`<Titles><Title Alignment="TopLeft" DockingOffset="-3" Font="{0}, 13px" ForeColor="59, 59, 59" /></Titles>`)
	docking := c.legend
	if docking == "" && (len(strings.Fields(c.groups)) > 1 || strings.Contains("pie doughnut funnel", strings.ToLower(c.kind))) {
		docking = "right"
	}
	if docking != "" {
		b.WriteString(`<Legends><Legend Alignment="Center" LegendStyle="Table" Docking="` + docking + `" IsEquallySpacedItems="True" Font="{0}, 11px" ShadowColor="0, 0, 0, 0" ForeColor="59, 59, 59" /></Legends>`)
	}
	b.WriteString(`</Chart>`)
	return b.String()
}

func title(b bool) string {
	if b {
		return "True"
	}
	return "False"
}

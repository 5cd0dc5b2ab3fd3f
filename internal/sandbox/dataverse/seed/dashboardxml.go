package seed

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// board is a dashboard as a customizer lays it out; its FormXML is written from it the way the designer writes it: braced
// GUIDs in upper case, labels in two languages, and empty rows after a cell that spans several.
type board struct {
	key, name, text string
	kind            int // systemform type
	standard        bool
	off             bool     // formactivationstate 0
	roles           []string // role keys that see it; empty is everyone
	only            []string // seeds of the organizations that have it; empty is all
	tabs            []tab
	// For interaction-centric dashboards.
	table, view, filterBy string
	tiled                 bool
}

type tab struct {
	label     string
	collapsed bool
	widths    []int // of its columns; nil is one of 100
	sections  []section
}

type section struct {
	label   string
	columns int
	in      int // which column of the tab
	rows    [][]cell
}

// cell is one part. The zero part is an empty spacer cell.
type cell struct {
	label      string
	high, wide int
	part       control
}

// control writes a control; table, view and chart are keys such as "opportunity/open".
type control struct {
	class, params string
	stream, chart bool
	tile          bool
}

const (
	gridClass    = "{E7A81278-8635-4d9e-8D4D-59480B391C5B}"
	iframeClass  = "{FD2A7985-3187-444E-908D-6624B21F69C0}"
	htmlClass    = "{9FDF5F91-88B1-47F4-AD53-C11EFC01A01D}"
	imageClass   = "{587CDF98-C1D5-4BDE-8473-14A0BC7644A7}"
	powerBIClass = "{8C54228C-1B25-4909-A12A-F2B968BB0D62}"
)

func braced(id string) string { return "{" + strings.ToUpper(id) + "}" }

func tableOf(key string) string {
	table, _, _ := strings.Cut(key, "/")
	return table
}

// gridParams are the parameters of a list, a chart or both, in the order in which the designer writes them.
func gridParams(view, chart, mode string, records int, personalView, personalChart bool, viewID, chartID string, viewIDs ...string) string {
	if chart == "" {
		chartID = ""
	}
	var b strings.Builder
	put := func(name, value string) {
		if value != "" {
			b.WriteString("<" + name + ">" + value + "</" + name + ">")
		}
	}
	put("ViewId", braced(viewID))
	put("IsUserView", strconv.FormatBool(personalView))
	put("RelationshipName", "")
	put("TargetEntityType", tableOf(view))
	put("AutoExpand", "Fixed")
	put("EnableQuickFind", strconv.FormatBool(mode != "Chart"))
	put("EnableViewPicker", strconv.FormatBool(mode != "Chart"))
	put("EnableJumpBar", "false")
	put("ChartGridMode", mode)
	if chartID != "" {
		put("VisualizationId", braced(chartID))
	}
	put("IsUserChart", strconv.FormatBool(personalChart))
	put("EnableChartPicker", strconv.FormatBool(mode == "Chart"))
	put("RecordsPerPage", strconv.Itoa(records))
	if len(viewIDs) > 0 {
		ids := make([]string, len(viewIDs))
		for i, id := range viewIDs {
			ids[i] = braced(id)
		}
		put("ViewIds", strings.Join(ids, ","))
	}
	return b.String()
}

func list(view string, records int, more ...string) control {
	var ids []string
	for _, key := range more {
		ids = append(ids, viewID(key))
	}
	return control{class: gridClass, params: gridParams(view, "", "Grid", records, false, false, viewID(view), "", ids...)}
}

func graph(view, chart string) control {
	return control{class: gridClass, chart: true, params: gridParams(view, chart, "Chart", 10, false, false, viewID(view), chartID(chart))}
}

func both(view, chart string) control {
	return control{class: gridClass, params: gridParams(view, chart, "All", 6, false, false, viewID(view), chartID(chart))}
}

// streams is the control of interaction-centric dashboards: its sources are views of tables (type 1) or a queue (type 0),
// drawn as a stream of cards or as tiles with a number (FormXml.xsd, queue control parameters).
func streams(tiles bool, views ...string) control {
	var b strings.Builder
	fmt.Fprintf(&b, `<StreamObjects><ShowAsTiles>%t</ShowAsTiles>`, tiles)
	for _, key := range views {
		fmt.Fprintf(&b, `<StreamObject type="1" id="{%s}"><LogicalEntityName>%s</LogicalEntityName><EntityViewId>%s</EntityViewId></StreamObject>`,
			schema.ID("stream", key), tableOf(key), braced(viewID(key)))
	}
	b.WriteString(`</StreamObjects>`)
	return control{class: gridClass, params: b.String(), stream: !tiles, tile: tiles}
}

func queueStream(queue, view string) control {
	return control{class: gridClass, stream: true, params: fmt.Sprintf(`<StreamObjects><ShowAsTiles>false</ShowAsTiles><StreamObject type="0" id="{%s}"><LogicalEntityName>%s</LogicalEntityName><QueueId>%s</QueueId><QueueViewId>%s</QueueViewId></StreamObject></StreamObjects>`,
		schema.ID("stream", queue), tableOf(view), braced(queueID(queue)), braced(viewID(view)))}
}

func (b board) id() string { return schema.ID("systemform", b.key) }

func labelXML(text string) string {
	both := labels(text)
	return `<labels><label description="` + escaper.Replace(both[1033]) + `" languagecode="1033" /><label description="` + escaper.Replace(both[1031]) + `" languagecode="1031" /></labels>`
}

// formXML writes the whole form. Role ids are the organization's root roles.
func (b board) formXML(roles map[string]string) string {
	var w strings.Builder
	n := 0
	guid := func() string {
		n++
		return "{" + schema.ID("formcell/"+b.key, strconv.Itoa(n)) + "}"
	}
	w.WriteString(`<form>`)
	if b.kind == 10 {
		fmt.Fprintf(&w, `<tabs filterby="%s" timeframe="6" primaryentitylogicalname="%s" entityview="%s" tilespresent="%t" dashboardCategory="2">`, b.filterBy, b.table, braced(viewID(b.view)), b.tiled)
	} else {
		w.WriteString(`<tabs>`)
	}
	for i, t := range b.tabs {
		fmt.Fprintf(&w, `<tab name="tab_%d" id="%s" verticallayout="true" showlabel="%t" expanded="%t" locklevel="0" IsUserDefined="0">%s<columns>`, i+1, guid(), t.label != "", !t.collapsed, labelXML(t.label))
		widths := t.widths
		if widths == nil {
			widths = []int{100}
		}
		for c, width := range widths {
			fmt.Fprintf(&w, `<column width="%d%%"><sections>`, width)
			for s, sec := range t.sections {
				if sec.in == c {
					b.section(&w, sec, fmt.Sprintf("section_%d_%d", i+1, s+1), guid)
				}
			}
			w.WriteString(`</sections></column>`)
		}
		w.WriteString(`</columns></tab>`)
	}
	w.WriteString(`</tabs>`)
	if len(b.roles) > 0 {
		w.WriteString(`<DisplayConditions Order="0" FallbackForm="false">`)
		for _, role := range b.roles {
			if id := roles[role]; id != "" {
				w.WriteString(`<Role Id="` + braced(id) + `" />`)
			}
		}
		w.WriteString(`</DisplayConditions>`)
	} else {
		w.WriteString(`<DisplayConditions Order="0" FallbackForm="true"><Everyone /></DisplayConditions>`)
	}
	w.WriteString(`</form>`)
	return w.String()
}

func (b board) section(w *strings.Builder, s section, name string, guid func() string) {
	fmt.Fprintf(w, `<section id="%s" name="%s" showlabel="%t" showbar="false" columns="%s" IsUserDefined="0">%s<rows>`, guid(), name, s.label != "", strings.Repeat("1", s.columns), labelXML(s.label))
	for _, row := range s.rows {
		w.WriteString(`<row>`)
		high := 1
		for _, c := range row {
			high = max(high, c.high)
			b.cell(w, c, guid)
		}
		w.WriteString(`</row>`)
		w.WriteString(strings.Repeat(`<row />`, high-1))
	}
	w.WriteString(`</rows></section>`)
}

func (b board) cell(w *strings.Builder, c cell, guid func() string) {
	id := guid()
	fmt.Fprintf(w, `<cell colspan="%d" rowspan="%d" showlabel="%t" id="%s" auto="false"`, max(1, c.wide), max(1, c.high), c.label != "", id)
	if b.kind == 10 {
		fmt.Fprintf(w, ` isstreamcell="%t" ischartcell="%t" istilecell="%t"`, c.part.stream, c.part.chart, c.part.tile)
	}
	w.WriteString(`>` + labelXML(c.label))
	if c.part.class != "" {
		fmt.Fprintf(w, `<control id="Component%s" classid="%s" indicationOfSubgrid="%t"><parameters>%s</parameters></control>`, id[1:8], c.part.class, c.part.class == gridClass, c.part.params)
	}
	w.WriteString(`</cell>`)
}

package seed

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// form is a form of a table as a customizer lays it out; its FormXML is written from it.
//
// Cells are words. "name" shows a column; "!name" requires it, "-name" disables it, "?name" hides it, "~name" hides its
// label; "name*2" spans two columns and "name*2x4" four rows as well; "_" is a spacer and "|" begins a new row. A word with
// "@" is something else: "@notes", "@process", "@map", "@grid:relationship:view:rows", "@view:view:rows",
// "@quick:lookup:form,form", "@web:resource", "@frame:address", "@timer:column", "@custom:control". A lookup may be narrowed
// by another: "contact^relationship^account^table". Labels that differ from the column's are in says, by column or word.
type form struct {
	table, key, name string
	kind             int // systemform type
	order            int
	off              bool     // formactivationstate 0
	fallback         bool     // for whom no other form is
	roles            []string // role keys that see it; empty is everyone
	only             []string // seeds of the organizations that have it; empty is all
	header, footer   string
	hidden           string // columns that are loaded and not shown
	scripted         bool   // has a library with handlers
	says             map[string]string
	tabs             []formTab
}

type formTab struct {
	label     string
	collapsed bool
	hidden    bool
	widths    []int // of its columns; nil is one of 100
	sections  []formSection
}

type formSection struct {
	label   string
	columns int
	in      int // which column of the tab
	hidden  bool
	beside  bool // labels left of their values
	cells   string
}

// The types of forms of a table.
const (
	mainForm  = 2
	quickView = 6
	quickNew  = 7
	cardForm  = 11
)

func (d form) id() string { return formID(d.table + "/" + d.key) }

func formID(key string) string { return schema.ID("systemform", "form/"+key) }

// formWriter writes one form.
type formWriter struct {
	strings.Builder
	form
	model *schema.Model
	of    *schema.Table
	views map[string]bool // keys of the views that exist
	cells uint64
	lead  string // before the id of a control: "header_" in headers
	err   error
}

// body writes the document without the conditions, which differ between organizations.
func (d form) body(m *schema.Model, views map[string]bool) (string, error) {
	w := &formWriter{form: d, model: m, of: m.Table(d.table), views: views}
	w.WriteString(`<form showImage="` + strconv.FormatBool(w.of.PrimaryImage != "") + `" maxWidth="1920">`)
	w.WriteString(`<tabs>`)
	for i, t := range d.tabs {
		w.tab(i, t)
	}
	w.WriteString(`</tabs>`)
	w.band("header", d.header)
	w.band("footer", d.footer)
	if d.hidden != "" {
		w.WriteString(`<hiddencontrols>`)
		for _, name := range strings.Fields(d.hidden) {
			if c := w.column(name); c != nil {
				w.WriteString(`<data id="` + name + `" datafieldname="` + name + `" classid="` + classOf(c) + `" />`)
			}
		}
		w.WriteString(`</hiddencontrols>`)
	}
	if d.scripted {
		w.WriteString(`<formLibraries><Library name="hf_/forms/` + d.table + `.js" libraryUniqueId="` + w.guid() + `" /></formLibraries><events><event name="onload" application="false" active="false"><Handlers><Handler functionName="hf.` + d.table + `.load" libraryName="hf_/forms/` + d.table + `.js" handlerUniqueId="` + w.guid() + `" enabled="true" parameters="" passExecutionContext="true" /></Handlers></event></events>`)
	}
	return w.String(), w.err
}

// conditions end the document.
func (d form) conditions(roles map[string]string) string {
	var w strings.Builder
	fmt.Fprintf(&w, `<DisplayConditions Order="%d" FallbackForm="%t">`, d.order, d.fallback)
	if len(d.roles) == 0 {
		w.WriteString(`<Everyone />`)
	}
	for _, role := range d.roles {
		if id := roles[role]; id != "" {
			w.WriteString(`<Role Id="` + braced(id) + `" />`)
		}
	}
	w.WriteString(`</DisplayConditions></form>`)
	return w.String()
}

func (w *formWriter) guid() string {
	w.cells++
	return "{" + mixed(w.seed(), w.cells) + "}"
}

// seed differs between forms and stays the same from start to start.
func (w *formWriter) seed() uint64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(w.table + "/" + w.key) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func (w *formWriter) column(name string) *schema.Column {
	c := w.of.Column(name)
	if c == nil && w.err == nil {
		w.err = fmt.Errorf("seed: form %s of %s shows %q, which is no column", w.key, w.table, name)
	}
	return c
}

func (w *formWriter) label(l schema.Label) {
	w.WriteString(`<labels><label description="` + escaper.Replace(l[1033]) + `" languagecode="1033" /><label description="` + escaper.Replace(l.In(1031)) + `" languagecode="1031" /></labels>`)
}

func (w *formWriter) tab(n int, t formTab) {
	fmt.Fprintf(w, `<tab name="tab_%d" id="%s" IsUserDefined="0" locklevel="0" showlabel="%t" expanded="%t" visible="%t" verticallayout="true">`, n+1, w.guid(), t.label != "", !t.collapsed, !t.hidden)
	w.label(labels(t.label))
	w.WriteString(`<columns>`)
	widths := t.widths
	if widths == nil {
		widths = []int{100}
	}
	for c, width := range widths {
		fmt.Fprintf(w, `<column width="%d%%"><sections>`, width)
		for i, s := range t.sections {
			if s.in == c {
				w.section(fmt.Sprintf("tab_%d_section_%d", n+1, i+1), s)
			}
		}
		w.WriteString(`</sections></column>`)
	}
	w.WriteString(`</columns></tab>`)
}

func (w *formWriter) section(name string, s formSection) {
	position := "Top"
	if s.beside {
		position = "Left"
	}
	columns := max(1, s.columns)
	fmt.Fprintf(w, `<section name="%s" id="%s" IsUserDefined="0" locklevel="0" showlabel="%t" showbar="false" visible="%t" columns="%s" labelwidth="115" celllabelposition="%s" celllabelalignment="Left" layout="varwidth">`,
		name, w.guid(), s.label != "", !s.hidden, strings.Repeat("1", columns), position)
	w.label(labels(s.label))
	w.rows(s.cells, columns)
	w.WriteString(`</section>`)
}

func (w *formWriter) band(name, cells string) {
	if cells == "" {
		return
	}
	n := len(strings.Fields(cells))
	fmt.Fprintf(w, `<%s id="%s" columns="%s" celllabelposition="Top" labelwidth="115" celllabelalignment="Left">`, name, w.guid(), strings.Repeat("1", min(n, 4)))
	w.lead = name + "_"
	w.rows(cells, min(n, 4))
	w.lead = ""
	w.WriteString(`</` + name + `>`)
}

// word is one cell as it is written down.
type word struct {
	text                                 string // without marks and spans
	required, disabled, hidden, nameless bool
	wide, high                           int
}

func readWord(text string) word {
	c := word{wide: 1, high: 1}
	for text != "" && strings.IndexByte("!-?~", text[0]) >= 0 {
		switch text[0] {
		case '!':
			c.required = true
		case '-':
			c.disabled = true
		case '?':
			c.hidden = true
		case '~':
			c.nameless = true
		}
		text = text[1:]
	}
	if at := strings.LastIndexByte(text, '*'); at > 0 {
		wide, high, several := strings.Cut(text[at+1:], "x")
		c.wide = number(wide)
		if several {
			c.high = number(high)
		}
		text = text[:at]
	}
	c.text = text
	return c
}

// rows flows the cells into rows as wide as the section, with empty rows below a cell that spans several.
func (w *formWriter) rows(cells string, columns int) {
	w.WriteString(`<rows>`)
	used, high := 0, 1
	end := func() {
		if used > 0 {
			w.WriteString(`</row>` + strings.Repeat(`<row />`, high-1))
		}
		used, high = 0, 1
	}
	for _, text := range strings.Fields(cells) {
		if text == "|" {
			end()
			continue
		}
		c := readWord(text)
		if used+c.wide > columns {
			end()
		}
		if used == 0 {
			w.WriteString(`<row>`)
		}
		used += c.wide
		high = max(high, c.high)
		w.cell(c)
	}
	end()
	w.WriteString(`</rows>`)
}

func (w *formWriter) cell(c word) {
	fmt.Fprintf(w, `<cell id="%s" locklevel="0" colspan="%d" rowspan="%d" showlabel="%t" visible="%t"`, w.guid(), c.wide, c.high, !c.nameless && c.text != "_", !c.hidden)
	if c.text == "_" {
		w.WriteString(` userspacer="true"><labels><label description="" languagecode="1033" /></labels></cell>`)
		return
	}
	w.WriteString(`>`)
	if strings.HasPrefix(c.text, "@") {
		w.special(c)
	} else {
		w.field(c)
	}
	w.WriteString(`</cell>`)
}

// said is the label of a cell: the form's own, else the given one.
func (w *formWriter) said(key string, otherwise schema.Label) {
	if own, ok := w.says[key]; ok {
		otherwise = labels(own)
	}
	w.label(otherwise)
}

func (w *formWriter) field(c word) {
	name, narrowed, _ := strings.Cut(c.text, "^")
	column := w.column(name)
	if column == nil {
		return
	}
	w.said(name, column.Label)
	fmt.Fprintf(w, `<control id="%s" classid="%s" datafieldname="%s" disabled="%t"`, w.lead+name, classOf(column), name, c.disabled)
	if c.required {
		w.WriteString(` isrequired="true"`)
	}
	w.WriteString(`>`)
	if column.Type.IsLookup() {
		w.lookup(column, narrowed)
	}
	w.WriteString(`</control>`)
}

func (w *formWriter) parameter(name, value string) {
	if value != "" {
		w.WriteString("<" + name + ">" + escaper.Replace(value) + "</" + name + ">")
	}
}

// lookup writes where a lookup searches: the lookup views of what it points to.
func (w *formWriter) lookup(c *schema.Column, narrowed string) {
	w.WriteString(`<parameters>`)
	var ids []string
	for _, target := range c.Targets {
		if w.views[target+"/lookup"] {
			ids = append(ids, braced(viewID(target+"/lookup")))
		}
	}
	w.parameter("AutoResolve", "true")
	w.parameter("DisableMru", "false")
	w.parameter("DisableQuickFind", "false")
	w.parameter("DisableViewPicker", strconv.FormatBool(len(ids) < 2))
	if len(ids) > 0 {
		w.parameter("DefaultViewId", ids[0])
		w.parameter("AvailableViewIds", strings.Join(ids, ","))
	}
	if parts := strings.Split(narrowed, "^"); len(parts) == 3 {
		w.parameter("FilterRelationshipName", parts[0])
		w.parameter("DependentAttributeName", w.table+"."+parts[1])
		w.parameter("DependentAttributeType", parts[2])
		w.parameter("AllowFilterOff", "true")
	}
	w.WriteString(`</parameters>`)
}

// special writes a control that is no column.
func (w *formWriter) special(c word) {
	kind, rest, _ := strings.Cut(c.text[1:], ":")
	parts := strings.Split(rest, ":")
	open := func(otherwise, id, class, more string) {
		w.said(c.text, labels(otherwise))
		w.WriteString(`<control id="` + id + `" classid="` + class + `"` + more + `><parameters>`)
	}
	switch kind {
	case "notes":
		open("Timeline|Zeitachse", "notescontrol", notesClass, "")
		w.parameter("DefaultTabId", "ActivitiesTab")
		w.parameter("IsTimelineControl", "true")
	case "process":
		open("Process|Prozess", "processcontrol", processClass, "")
	case "map":
		open("Map|Karte", "mapcontrol", mapClass, "")
		w.parameter("AddressField", "address1_composite")
	case "timer":
		open("Timer|Zeitgeber", "timer_"+rest, timerClass, ` datafieldname="`+rest+`"`)
		w.parameter("FailureTimeField", rest)
	case "custom":
		open("Custom control|Benutzerdefiniertes Steuerelement", "custom_"+strconv.FormatUint(w.cells, 10), customClass, "")
		w.parameter("CustomControlId", rest)
	case "web":
		open("Web resource|Webressource", "WebResource_"+strconv.FormatUint(w.cells, 10), htmlClass, "")
		w.parameter("Url", rest)
		w.parameter("WebResourceId", braced(webResourceID(rest)))
		w.parameter("PassParameters", "true")
	case "frame":
		open("Frame|Rahmen", "IFRAME_"+strconv.FormatUint(w.cells, 10), iframeClass, "")
		w.parameter("Url", rest)
		w.parameter("PassParameters", "true")
		w.parameter("Security", "true")
	case "grid", "view":
		w.grid(c, kind, parts)
	case "quick":
		w.said(c.text, w.columnLabel(parts[0]))
		w.WriteString(`<control id="quick_` + parts[0] + `" classid="` + quickClass + `" datafieldname="` + parts[0] + `" disabled="true"><parameters>`)
		ids := `<QuickFormIds>`
		for _, key := range strings.Split(parts[1], ",") {
			ids += `<QuickFormId entityname="` + tableOf(key) + `">` + formID(key) + `</QuickFormId>`
		}
		w.parameter("QuickForms", ids+`</QuickFormIds>`)
		w.parameter("ControlMode", "Edit")
	default:
		w.err = fmt.Errorf("seed: form %s of %s has a cell %q", w.key, w.table, c.text)
		return
	}
	w.WriteString(`</parameters></control>`)
}

func (w *formWriter) columnLabel(name string) schema.Label {
	if c := w.column(name); c != nil {
		return c.Label
	}
	return nil
}

// grid writes a sub-grid: "@grid:relationship:table/view:rows", or "@view:table/view:rows" for one that belongs to no record.
func (w *formWriter) grid(c word, kind string, parts []string) {
	relationship := ""
	if kind == "grid" {
		relationship, parts = parts[0], parts[1:]
	}
	view, size := parts[0], parts[1]
	target := w.model.Table(tableOf(view))
	if target == nil || !w.views[view] {
		w.err = fmt.Errorf("seed: form %s of %s lists the view %q, which is not there", w.key, w.table, view)
		return
	}
	w.said(c.text, target.PluralLabel)
	w.WriteString(`<control id="Subgrid_` + strconv.FormatUint(w.cells, 10) + `" classid="` + gridClass + `" indicationOfSubgrid="true"><parameters>`)
	w.parameter("ViewId", braced(viewID(view)))
	w.parameter("IsUserView", "false")
	w.parameter("RelationshipName", relationship)
	w.parameter("TargetEntityType", target.LogicalName)
	w.parameter("AutoExpand", "Fixed")
	w.parameter("EnableQuickFind", "false")
	w.parameter("EnableViewPicker", strconv.FormatBool(kind == "grid"))
	w.parameter("EnableJumpBar", "false")
	w.parameter("ChartGridMode", "Grid")
	w.parameter("EnableChartPicker", "false")
	w.parameter("RecordsPerPage", size)
}

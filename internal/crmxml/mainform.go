package crmxml

import "strings"

// FormType is the column type of systemforms: what a form is for.
type FormType int

// The types whose documents this package reads (systemform table reference).
const (
	FormDashboard        FormType = 0
	FormMain             FormType = 2
	FormQuickView        FormType = 6
	FormQuickCreate      FormType = 7
	FormInteractive      FormType = 10 // interaction-centric dashboard
	FormCard             FormType = 11
	FormMainInteractive  FormType = 12
	FormPowerBIDashboard FormType = 103
	FormContextual       FormType = 13 // contextual dashboard
)

// FormBand is a header or footer: cells without tabs and sections.
type FormBand struct {
	ID         string
	Columns    int
	LabelStyle LabelStyle
	Rows       []FormRow
}

// Cells gives every cell in reading order.
func (b *FormBand) Cells() []FormCell {
	if b == nil {
		return nil
	}
	var cells []FormCell
	for _, r := range b.Rows {
		cells = append(cells, r.Cells...)
	}
	return cells
}

// LabelPosition is where a section puts the labels of its cells.
type LabelPosition string

// The positions. A document that names none leaves the choice to whoever draws it.
const (
	LabelAnywhere LabelPosition = ""
	LabelTop      LabelPosition = "top"
	LabelLeft     LabelPosition = "left"
)

// LabelStyle is how the labels of a section's cells are set.
type LabelStyle struct {
	Position LabelPosition
	Align    string // "left", "center", "right" or ""
	Width    int    // px; 0 when the document gives none
}

// HiddenControl is a column that the form loads without showing it.
type HiddenControl struct {
	ID      string
	Column  string
	ClassID string
}

// ControlDescription replaces the drawing of one control by custom controls, one for each form factor at most.
type ControlDescription struct {
	For      string // FormControl.UniqueID; lower case without braces
	Controls []CustomControl
}

// CustomControl is a custom (PCF) control.
type CustomControl struct {
	Name       string // "publisher_Namespace.Control"; "" when ClassID names a standard control
	ClassID    string
	FormFactor int // 0 web, 1 tablet, 2 phone
	Parameters Parameters
}

// NavigationItem is an entry of a form's list of related tables.
type NavigationItem struct {
	ID           string
	Relationship string // schema name; "" for an entry that opens a page of its own
	Area         string // NavigationArea.ID
	ViewID       string
	Sequence     int
	Hidden       bool // Show is false
	Titles       Labels
}

// NavigationArea is a heading of that list.
type NavigationArea struct {
	ID     string
	Titles Labels
}

// Scripts say what runs in the web app and does not run elsewhere: rules of a form that are written in JavaScript.
type Scripts struct {
	Libraries []string // names of web resources
	Events    []FormEvent
}

// FormEvent is one handler that is switched on.
type FormEvent struct {
	Event    string // "onload", "onsave", "onchange", "tabstatechange" ...
	Column   string // of onchange
	Function string
	Library  string
}

func readMain(root *node, form *Form) {
	form.Header, form.Footer = band(root.child("header")), band(root.child("footer"))
	form.Ancestor, form.ShowImage = GUID(root.child("ancestor").value("id")), Bool(root.attr("showimage"), false)
	form.MaxWidth = Int(root.attr("maxwidth"), 0, 1, 10000)
	for _, d := range root.child("hiddencontrols").all("data") {
		form.Hidden = append(form.Hidden, HiddenControl{ID: d.attr("id"), Column: strings.ToLower(d.attr("datafieldname")), ClassID: GUID(d.attr("classid"))})
	}
	for _, d := range root.child("controldescriptions").all("controldescription") {
		form.CustomControls = append(form.CustomControls, controlDescription(d))
	}
	navigation(root.child("navigation"), form)
	scripts(root, form)
}

func band(n *node) *FormBand {
	if n == nil {
		return nil
	}
	return &FormBand{ID: GUID(n.attr("id")), Columns: sectionColumns(n.attr("columns")), LabelStyle: labelStyle(n), Rows: formRows(n)}
}

func labelStyle(n *node) LabelStyle {
	s := LabelStyle{Width: Int(n.attr("labelwidth"), 0, 1, 2000)}
	switch p := LabelPosition(strings.ToLower(n.attr("celllabelposition"))); p {
	case LabelTop, LabelLeft:
		s.Position = p
	}
	switch a := strings.ToLower(n.attr("celllabelalignment")); a {
	case "left", "center", "right":
		s.Align = a
	}
	return s
}

func controlDescription(n *node) ControlDescription {
	d := ControlDescription{For: GUID(n.attr("forcontrol"))}
	for _, c := range n.all("customcontrol") {
		custom := CustomControl{Name: c.attr("name"), ClassID: GUID(c.attr("id")), FormFactor: Int(c.attr("formfactor"), 0, 0, 2), Parameters: Parameters{}}
		if p := c.child("parameters"); p != nil {
			for _, value := range p.children {
				custom.Parameters[value.name] = value.text
			}
		}
		d.Controls = append(d.Controls, custom)
	}
	return d
}

func navigation(n *node, form *Form) {
	if bar := n.child("navbar"); bar != nil {
		for _, item := range bar.children {
			if item.name != "navbarbyrelationshipitem" && item.name != "navbaritem" {
				continue
			}
			form.Navigation = append(form.Navigation, NavigationItem{
				ID: item.attr("id"), Relationship: item.attr("relationshipname"), Area: item.attr("area"), ViewID: GUID(item.attr("viewid")),
				Sequence: Int(item.attr("sequence"), 0, 0, 1<<30), Hidden: !Bool(item.attr("show"), true), Titles: navigationTitles(item),
			})
		}
	}
	for _, area := range n.child("navbarareas").all("navbararea") {
		form.NavigationAreas = append(form.NavigationAreas, NavigationArea{ID: area.attr("id"), Titles: navigationTitles(area)})
	}
}

// navigationTitles read <Title LCID Text/>, where other documents say <Title LCID Title/>.
func navigationTitles(n *node) Labels {
	found := titles(n)
	for i, t := range n.child("titles").all("title") {
		if text := t.attr("text"); text != "" {
			found[i].Text = text
		}
	}
	return found
}

// scripts reads the events of the whole form; those of tabs and cells stand beside their elements.
func scripts(root *node, form *Form) {
	for _, l := range root.child("formlibraries").all("library") {
		form.Scripts.Libraries = append(form.Scripts.Libraries, l.attr("name"))
	}
	var walk func(n *node)
	walk = func(n *node) {
		for _, c := range n.children {
			if c.name == "events" {
				form.Scripts.Events = append(form.Scripts.Events, events(c)...)
				continue
			}
			walk(c)
		}
	}
	walk(root)
}

func events(n *node) []FormEvent {
	var found []FormEvent
	for _, e := range n.all("event") {
		// The event's own "active" is false in most documents whose handlers run all the same.
		for _, handlers := range e.children {
			for _, h := range handlers.all("handler") {
				if Bool(h.attr("enabled"), true) {
					found = append(found, FormEvent{
						Event: strings.ToLower(e.attr("name")), Column: strings.ToLower(e.attr("attribute")), Function: h.attr("functionname"), Library: h.attr("libraryname"),
					})
				}
			}
		}
	}
	return found
}

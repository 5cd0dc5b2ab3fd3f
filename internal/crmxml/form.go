package crmxml

import (
	"fmt"
	"strings"
)

// Form is a FormXML document (Form XML schema; Microsoft's customization schemas): a dashboard, or a form of a table.
// Hidden tabs, sections and cells are kept and marked, so that places on the grid stay right.
type Form struct {
	Tabs       []FormTab
	Conditions DisplayConditions

	// What only the forms of tables carry.
	Header, Footer  *FormBand // nil when the document has none
	Ancestor        string    // id of the form it was copied from
	ShowImage       bool      // the record's image stands in the header
	MaxWidth        int       // px; 0 when the document gives none
	Hidden          []HiddenControl
	CustomControls  []ControlDescription
	Navigation      []NavigationItem
	NavigationAreas []NavigationArea
	Scripts         Scripts

	// What interaction-centric dashboards carry on <tabs>.
	FilterBy, TimeFrame, PrimaryTable, TableView, Category string
	TilesPresent                                           bool
}

// DisplayConditions say who may see a form.
type DisplayConditions struct {
	Everyone bool     // also when the document does not say
	Roles    []string // role ids, lower case without braces
	Fallback bool
	Order    int
}

// Allows reports whether one of the given role ids opens the form.
func (d DisplayConditions) Allows(roles map[string]bool) bool {
	if d.Everyone {
		return true
	}
	for _, id := range d.Roles {
		if roles[id] {
			return true
		}
	}
	return false
}

// FormTab is a tab; tabs of a dashboard stack vertically.
type FormTab struct {
	ID, Name       string
	Labels         Labels
	ShowLabel      bool
	Expanded       bool
	Visible        bool
	PhoneHidden    bool      // availableforphone is false
	Header, Footer *FormBand // tabheader and tabfooter; nil when there is none
	Columns        []FormColumn
}

// FormColumn is a column of a tab; Width is per cent, or 0 when the document gives none.
type FormColumn struct {
	Width    int
	Sections []FormSection
}

// FormSection is a grid of Columns equal columns.
type FormSection struct {
	ID, Name    string
	Labels      Labels
	ShowLabel   bool
	Visible     bool
	PhoneHidden bool // availableforphone is false
	Columns     int
	LabelStyle  LabelStyle
	Rows        []FormRow // including the empty rows below a cell that spans several
}

// FormRow is a row of a section.
type FormRow struct{ Cells []FormCell }

// FormCell is a cell; Control is nil for a spacer.
type FormCell struct {
	ID          string
	Labels      Labels
	ShowLabel   bool
	Visible     bool
	PhoneHidden bool // availableforphone is false
	Spacer      bool // left empty on purpose (userspacer), as opposed to merely without a control
	RowSpan     int
	ColSpan     int
	Stream      bool
	Chart       bool
	Tile        bool
	Control     *FormControl
}

// FormControl is what a cell shows.
type FormControl struct {
	ID           string
	ClassID      string // lower case without braces; Kind says what it stands for
	UniqueID     string // what ControlDescription.For refers to, lower case without braces
	Column       string // datafieldname
	Relationship string // of a control that shows a related table
	Disabled     bool
	Required     bool // isrequired: beside what the column's own metadata requires
	Unbound      bool // isunbound: shows no column
	Subgrid      bool // indicationofsubgrid
	Parameters   Parameters
	// QuickForms are the forms of a quick view control, one for each table that its lookup may point to.
	QuickForms []QuickForm
	// Streams are the sources of a queue control; ShowAsTiles says how they are drawn.
	Streams     []Stream
	ShowAsTiles bool
}

// Parameters are a control's settings by lower-case name.
type Parameters map[string]string

// Text gives a parameter, trimmed.
func (p Parameters) Text(name string) string { return strings.TrimSpace(p[strings.ToLower(name)]) }

// GUID gives a parameter that is an id; "" when it is none.
func (p Parameters) GUID(name string) string { return GUID(p.Text(name)) }

// Bool gives a parameter that is a switch.
func (p Parameters) Bool(name string, fallback bool) bool { return Bool(p.Text(name), fallback) }

// Stream is one source of an interaction-centric queue control: a view of a table, or a queue.
type Stream struct {
	ID          string
	Table       string
	ViewID      string // EntityViewId or SavedQueryID
	QueueID     string
	QueueViewID string
}

// ReadForm reads FormXML.
func ReadForm(text string) (*Form, error) {
	root, err := parse(text, formLimits)
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	if err := root.root("form"); err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	tabs := root.child("tabs")
	form := &Form{Conditions: conditions(root.child("displayconditions"))}
	if tabs != nil {
		form.FilterBy, form.TimeFrame = tabs.attr("filterby"), tabs.attr("timeframe")
		form.PrimaryTable, form.TableView = strings.ToLower(tabs.attr("primaryentitylogicalname")), GUID(tabs.attr("entityview"))
		form.Category, form.TilesPresent = tabs.attr("dashboardcategory"), Bool(tabs.attr("tilespresent"), false)
	}
	for _, t := range tabs.all("tab") {
		form.Tabs = append(form.Tabs, formTab(t))
	}
	readMain(root, form)
	return form, nil
}

func conditions(n *node) DisplayConditions {
	if n == nil {
		return DisplayConditions{Everyone: true}
	}
	d := DisplayConditions{
		Everyone: n.child("everyone") != nil,
		Fallback: Bool(n.attr("fallbackform"), false),
		Order:    Int(n.attr("order"), 0, 0, 1<<30),
	}
	roles := n.all("role")
	for _, r := range roles {
		if id := GUID(r.attr("id")); id != "" {
			d.Roles = append(d.Roles, id)
		}
	}
	// The block may carry only an order; no role at all restricts nobody, an unreadable one everybody.
	d.Everyone = d.Everyone || len(roles) == 0
	return d
}

func formTab(n *node) FormTab {
	t := FormTab{
		ID: GUID(n.attr("id")), Name: n.attr("name"), Labels: labels(n), ShowLabel: Bool(n.attr("showlabel"), true),
		Expanded: Bool(n.attr("expanded"), true), Visible: Bool(n.attr("visible"), true), PhoneHidden: phoneHidden(n),
		Header: band(n.child("tabheader")), Footer: band(n.child("tabfooter")),
	}
	for _, c := range n.child("columns").all("column") {
		column := FormColumn{Width: Int(strings.TrimSuffix(c.attr("width"), "%"), 0, 1, 100)}
		for _, s := range c.child("sections").all("section") {
			column.Sections = append(column.Sections, formSection(s))
		}
		t.Columns = append(t.Columns, column)
	}
	return t
}

func formSection(n *node) FormSection {
	s := FormSection{
		ID: GUID(n.attr("id")), Name: n.attr("name"), Labels: labels(n), ShowLabel: Bool(n.attr("showlabel"), true),
		Visible: Bool(n.attr("visible"), true), PhoneHidden: phoneHidden(n), Columns: sectionColumns(n.attr("columns")),
		LabelStyle: labelStyle(n), Rows: formRows(n),
	}
	return s
}

func formRows(n *node) []FormRow {
	var rows []FormRow
	for _, r := range n.child("rows").all("row") {
		var row FormRow
		for _, c := range r.all("cell") {
			row.Cells = append(row.Cells, formCell(c))
		}
		rows = append(rows, row)
	}
	return rows
}

func phoneHidden(n *node) bool { return !Bool(n.attr("availableforphone"), true) }

// sectionColumns reads the digit string that has one digit for each column ("111" is three). A single other digit is
// taken as a number of columns, which is how some tools write it.
func sectionColumns(text string) int {
	switch {
	case text == "":
		return 1
	case len(text) == 1 && text[0] >= '1' && text[0] <= '9':
		return int(text[0] - '0')
	case len(text) > 12:
		return 12
	}
	return len(text)
}

func formCell(n *node) FormCell {
	cell := FormCell{
		ID: GUID(n.attr("id")), Labels: labels(n), ShowLabel: Bool(n.attr("showlabel"), true), Visible: Bool(n.attr("visible"), true),
		PhoneHidden: phoneHidden(n), Spacer: Bool(n.attr("userspacer"), false),
		RowSpan: Int(n.attr("rowspan"), 1, 1, 200), ColSpan: Int(n.attr("colspan"), 1, 1, 12),
		Stream: Bool(n.attr("isstreamcell"), false), Chart: Bool(n.attr("ischartcell"), false), Tile: Bool(n.attr("istilecell"), false),
	}
	if c := n.child("control"); c != nil {
		cell.Control = formControl(c)
		if len(cell.Labels) == 0 {
			cell.Labels = labels(c)
		}
	}
	return cell
}

func formControl(n *node) *FormControl {
	control := &FormControl{
		ID: n.attr("id"), ClassID: GUID(n.attr("classid")), UniqueID: GUID(n.attr("uniqueid")), Column: strings.ToLower(n.attr("datafieldname")),
		Relationship: n.attr("relationship"), Disabled: Bool(n.attr("disabled"), false), Required: Bool(n.attr("isrequired"), false),
		Unbound: Bool(n.attr("isunbound"), false), Subgrid: Bool(n.attr("indicationofsubgrid"), false), Parameters: Parameters{},
	}
	parameters := n.child("parameters")
	if parameters == nil {
		return control
	}
	for _, p := range parameters.children {
		if p.name == "streamobjects" {
			control.ShowAsTiles = Bool(text(p.child("showastiles")), false)
			for _, s := range p.all("streamobject") {
				control.Streams = append(control.Streams, stream(s))
			}
			continue
		}
		if p.name == "quickforms" {
			control.QuickForms = quickForms(p)
		}
		control.Parameters[p.name] = p.text
	}
	return control
}

func stream(n *node) Stream {
	view := GUID(text(n.child("entityviewid")))
	if view == "" {
		view = GUID(text(n.child("savedqueryid")))
	}
	queueView := GUID(text(n.child("queueviewid")))
	if queueView == "" {
		queueView = GUID(text(n.child("queueviewidforsavedquery")))
	}
	return Stream{
		ID: GUID(n.attr("id")), Table: strings.ToLower(text(n.child("logicalentityname"))), ViewID: view,
		QueueID: GUID(text(n.child("queueid"))), QueueViewID: queueView,
	}
}

func text(n *node) string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

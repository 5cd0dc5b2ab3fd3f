package crmxml

import "strings"

// ControlKind is what a control is, as far as it is more than a column: how a column is drawn follows from the column's
// metadata, because the class ids that tools write for columns disagree.
type ControlKind int

// The kinds of controls.
const (
	ControlColumn      ControlKind = iota // shows FormControl.Column
	ControlSubgrid                        // rows of a related table or of a view, or a chart
	ControlQuickView                      // another record's quick view form
	ControlTimeline                       // activities, notes and posts
	ControlWebResource                    // HTML, script or Silverlight web resource
	ControlImage                          // image web resource
	ControlFrame                          // iframe
	ControlMap
	ControlTimer
	ControlProcess // business process flow
	ControlLabel
	ControlButton
	ControlLink
	ControlCustom  // a PCF control without a column
	ControlUnknown // no column, and a class id that nobody documents
)

// classes are the class ids of controls that are no columns, as published lists agree on them.
var classes = map[string]ControlKind{
	"e7a81278-8635-4d9e-8d4d-59480b391c5b": ControlSubgrid,
	"5c5600e0-1d6e-4205-a272-be80da87fd42": ControlQuickView,
	"69af7dca-2e3b-4ee7-9201-0da731dd2413": ControlQuickView,
	"06375649-c143-495e-a496-c962e5b4488e": ControlTimeline,
	"9fdf5f91-88b1-47f4-ad53-c11efc01a01d": ControlWebResource,
	"587cdf98-c1d5-4bde-8473-14a0bc7644a7": ControlImage,
	"fd2a7985-3187-444e-908d-6624b21f69c0": ControlFrame,
	"62b0df79-0464-470f-8af7-4483cfea0c7d": ControlMap,
	"9c5ca0a1-ab4d-4781-be7e-8dfbe867b87e": ControlTimer,
	"06e9f7af-1f54-4681-8eec-1e21a1ceb465": ControlProcess,
	"5635c4df-1453-413e-b213-e81b65411150": ControlLabel,
	"00ad73da-bd4d-49c6-88a8-2f4f4cad4a20": ControlButton,
	"dfdf1cde-837b-4ac9-98cf-ac74361fd89d": ControlLink,
}

// customClass is the class id that stands for any custom control.
const customClass = "f9a8a302-114e-466a-b582-6771b2ae0d92"

// Kind says what the control is. A class id that is known decides before the column does: a quick view control names a
// lookup column too.
func (c *FormControl) Kind() ControlKind {
	kind, known := classes[c.ClassID]
	switch {
	case known:
		return kind
	case len(c.QuickForms) > 0:
		return ControlQuickView
	case c.Subgrid:
		return ControlSubgrid
	case c.Column != "":
		return ControlColumn
	case c.ClassID == customClass:
		return ControlCustom
	}
	return ControlUnknown
}

// QuickForm is a quick view form for one table.
type QuickForm struct {
	Table  string
	FormID string
}

// quickFormLimits bound the document inside the parameter.
var quickFormLimits = limits{bytes: 64 << 10, depth: 8, nodes: 200}

// quickForms reads <QuickFormIds><QuickFormId entityname>id</QuickFormId></QuickFormIds>, which most documents carry
// escaped as the parameter's text and some as elements. What cannot be read names no form: the rest of the form stands.
func quickForms(p *node) []QuickForm {
	ids := p.child("quickformids")
	if ids == nil {
		inner, err := parse(p.text, quickFormLimits)
		if err != nil || inner.name != "quickformids" {
			return nil
		}
		ids = inner
	}
	var found []QuickForm
	for _, q := range ids.all("quickformid") {
		if id, table := GUID(q.text), strings.ToLower(q.attr("entityname")); id != "" && table != "" {
			found = append(found, QuickForm{Table: table, FormID: id})
		}
	}
	return found
}

// Grid is the settings of a sub-grid.
type Grid struct {
	Table        string
	Relationship string // schema name; "" shows the view's rows whatever the record is
	ViewID       string
	PersonalView bool
	ViewIDs      []string // views offered by the picker; empty: all views of the table
	ViewPicker   bool
	PageSize     int    // 0 when the document gives none
	Expand       string // "fixed", "auto" or "autowithfixedmax"
	QuickFind    bool
	ChartID      string
	Mode         string // "grid", "chart" or "all"
}

// Grid gives the settings of a sub-grid control.
func (c *FormControl) Grid() Grid {
	p := c.Parameters
	relationship := p.Text("RelationshipName")
	if relationship == "" {
		relationship = c.Relationship
	}
	return Grid{
		Table: strings.ToLower(p.Text("TargetEntityType")), Relationship: relationship,
		ViewID: p.GUID("ViewId"), PersonalView: p.Bool("IsUserView", false), ViewIDs: GUIDs(p.Text("ViewIds")), ViewPicker: p.Bool("EnableViewPicker", false),
		PageSize: Int(p.Text("RecordsPerPage"), 0, 1, 250), Expand: strings.ToLower(p.Text("AutoExpand")), QuickFind: p.Bool("EnableQuickFind", false),
		ChartID: p.GUID("VisualizationId"), Mode: strings.ToLower(p.Text("ChartGridMode")),
	}
}

// LookupSettings are how a lookup control searches.
type LookupSettings struct {
	DefaultView    string
	Views          []string // AvailableViewIds; empty: all lookup views
	NoViewPicker   bool
	NoRecent       bool // DisableMru: no recently used rows
	NoQuickFind    bool
	InlineNew      bool // creating a row on the way is offered
	AutoResolve    bool
	FilterRelation string // FilterRelationshipName: only rows related to the row in ...
	FilterBy       string // ... DependentAttributeName, a lookup column of this form (the table before a dot is cut off)
	FilterByTable  string // DependentAttributeType: the table the column points to
	FilterOptional bool   // AllowFilterOff: the person may search without the filter
}

// Lookup gives the settings of a lookup control.
func (c *FormControl) Lookup() LookupSettings {
	p := c.Parameters
	by := strings.ToLower(p.Text("DependentAttributeName"))
	if dot := strings.LastIndexByte(by, '.'); dot >= 0 {
		by = by[dot+1:]
	}
	views := GUIDs(p.Text("AvailableViewIds"))
	if len(views) == 0 {
		views = GUIDs(p.Text("ViewIds"))
	}
	return LookupSettings{
		DefaultView: p.GUID("DefaultViewId"), Views: views, NoViewPicker: p.Bool("DisableViewPicker", false), NoRecent: p.Bool("DisableMru", false),
		NoQuickFind: p.Bool("DisableQuickFind", false), InlineNew: p.Bool("IsInlineNewEnabled", true), AutoResolve: p.Bool("AutoResolve", true),
		FilterRelation: p.Text("FilterRelationshipName"), FilterBy: by, FilterByTable: strings.ToLower(p.Text("DependentAttributeType")),
		FilterOptional: p.Bool("AllowFilterOff", false),
	}
}

// Frame is what an iframe or a web resource shows.
type Frame struct {
	URL          string // as the document has it: a web resource's name, or an address of any scheme
	WebResource  string // id
	Data         string
	PassRecord   bool // PassParameters
	AltText      string
	PhoneVisible bool // ShowOnMobileClient
}

// Frame gives the settings of a web resource, image or iframe control.
func (c *FormControl) Frame() Frame {
	p := c.Parameters
	return Frame{
		URL: p.Text("Url"), WebResource: p.GUID("WebResourceId"), Data: p.Text("Data"), PassRecord: p.Bool("PassParameters", false),
		AltText: p.Text("AltText"), PhoneVisible: p.Bool("ShowOnMobileClient", false),
	}
}

// Custom gives the custom control that replaces a control in the web client, or false.
func (f *Form) Custom(c *FormControl) (CustomControl, bool) {
	if c.UniqueID == "" {
		return CustomControl{}, false
	}
	for _, d := range f.CustomControls {
		if d.For != c.UniqueID {
			continue
		}
		for _, custom := range d.Controls {
			if custom.Name != "" && custom.FormFactor == 0 {
				return custom, true
			}
		}
	}
	return CustomControl{}, false
}

package crm

import "time"

// DashboardRef names a dashboard in a picker.
type DashboardRef struct {
	ID       string
	Name     string
	Personal bool // a userform rather than a systemform
	Default  bool // the organization's default
}

// Dashboard is a dashboard's structure, resolved for one person but without any rows.
type Dashboard struct {
	DashboardRef
	Interactive bool // interaction-centric (systemform type 10): streams and tiles
	Tabs        []DashboardTab
}

// Parts gives every part in reading order.
func (d Dashboard) Parts() []Part {
	var parts []Part
	for _, tab := range d.Tabs {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				parts = append(parts, section.Parts...)
			}
		}
	}
	return parts
}

// Part finds a part by its key.
func (d Dashboard) Part(key string) (Part, bool) {
	for _, p := range d.Parts() {
		if p.Key == key {
			return p, true
		}
	}
	return Part{}, false
}

// DashboardTab is one tab of a dashboard. Tabs stack vertically and may be collapsed.
type DashboardTab struct {
	Title     string
	ShowTitle bool
	Expanded  bool
	Columns   []DashboardColumn
}

// DashboardColumn is a column of a tab; Width is a share of the tab's width in per cent, 1 to 100.
type DashboardColumn struct {
	Width    int
	Sections []DashboardSection
}

// DashboardSection is a grid of Columns equal columns (1 to 12) with its parts placed on it.
type DashboardSection struct {
	Title     string
	ShowTitle bool
	Columns   int
	Parts     []Part
}

// PartKind says what a part of a dashboard shows.
type PartKind int

// The kinds of parts.
const (
	PartList         PartKind = iota // rows of a view
	PartChart                        // a chart over a view
	PartChartAndList                 // both (ChartGridMode All)
	PartStream                       // one stream of an interactive dashboard: a list of cards
	PartTile                         // one number of an interactive dashboard
	PartUnsupported                  // web resource, iframe, Power BI, custom control: said so, with a link
)

// Part is one component of a dashboard.
type Part struct {
	Key       string // unique in its dashboard, safe in URLs and HTML ids, the same at every load
	Title     string
	ShowTitle bool
	Kind      PartKind
	Row       int // 1-based place on the section's grid
	Column    int
	RowSpan   int
	ColSpan   int

	Table         string // logical name
	ViewID        string
	PersonalView  bool
	ViewIDs       []string // views offered by the picker; empty: all views of the table
	ChartID       string
	PersonalChart bool
	PageSize      int
	QuickFind     bool
	ViewPicker    bool
	ChartPicker   bool
	Queue         string // id of the queue whose items a stream shows; "" for other streams

	Unsupported string // for PartUnsupported: "webresource", "image", "iframe", "powerbi" or "custom"
}

// PartState is what a person did to a part: all of it travels in the address, none of it is stored.
type PartState struct {
	ViewID       string
	PersonalView bool
	ChartID      string
	Sort         string // column name as in ListColumn.Name
	Descending   bool
	Page         int // 1-based; 0 means 1
	Search       string
	Drill        *Drill
}

// Drill narrows a list to the records behind one segment of a chart. The values are raw column values as ChartPoint
// gives them; which columns they belong to is always taken from the chart, never from the address.
type Drill struct {
	Category string
	Series   string // "" when the chart has one group-by column
}

// ViewRef names a view in a picker.
type ViewRef struct {
	ID       string
	Name     string
	Personal bool
}

// ChartRef names a chart in a picker.
type ChartRef struct {
	ID       string
	Name     string
	Personal bool
}

// ListColumn is a column of a list.
type ListColumn struct {
	Name     string // column, or link alias and column ("pc.emailaddress1")
	Label    string
	Width    int // px, from the view's layout
	Kind     Kind
	Sortable bool
}

// Cell is one shown value.
type Cell struct {
	Text string // formatted by Dataverse for this person; "" is an empty value
	Raw  string // the raw value as text, for <time>, mailto: and colours
	Link *RecordRef
}

// ListRow is one record of a list.
type ListRow struct {
	Ref   RecordRef
	Name  string // value of the primary name column; may be ""
	Cells []Cell // one for each ListColumn
}

// List is a page of a view's rows.
type List struct {
	Table      Table
	View       ViewRef
	Views      []ViewRef // for the picker; empty when there is none
	Columns    []ListColumn
	Rows       []ListRow
	Sort       string // name of the sorted column, "" when the view sorts by something not shown
	Descending bool
	Page       int
	More       bool
	Total      int  // rows in all; -1 when unknown
	TotalOver  bool // there are more than Total
	Search     string
	DrillText  string // what the list is narrowed to, in words; "" when it is not
}

// ChartType is how a chart is drawn.
type ChartType string

// The chart types that Dataverse ships. Stacking is a property of its own.
const (
	ChartColumn   ChartType = "column"
	ChartBar      ChartType = "bar"
	ChartLine     ChartType = "line"
	ChartArea     ChartType = "area"
	ChartPie      ChartType = "pie"
	ChartDoughnut ChartType = "doughnut"
	ChartFunnel   ChartType = "funnel"
	ChartTag      ChartType = "tag"
)

// Stacking is how several series share one category.
type Stacking int

// The ways of stacking.
const (
	StackNone Stacking = iota
	StackValues
	StackPercent
)

// Chart is a chart with its numbers.
type Chart struct {
	ID         string
	Name       string
	Charts     []ChartRef // for the picker; empty when there is none
	Table      Table
	View       ViewRef
	Views      []ViewRef
	Type       ChartType
	Stacking   Stacking
	Categories []Category
	Series     []Series
	XTitle     string
	YTitle     string
	ShowLegend bool
	ShowValues bool
	Truncated  bool // more categories exist than are drawn
}

// Category is one group of a chart.
type Category struct {
	Label string
	Key   string // Drill.Category
	Color string // the choice's own colour, "#rrggbb" or ""
}

// Series is one measure, or one value of the second group-by column.
type Series struct {
	Name   string
	Key    string // Drill.Series
	Color  string
	Type   ChartType // differs from the chart's in combination charts; "" means the same
	Unit   Unit
	Points []ChartPoint // one for each category
}

// Unit is what a series measures.
type Unit struct {
	CurrencySymbol string // "" for plain numbers
	Precision      int
}

// ChartPoint is one number.
type ChartPoint struct {
	Value float64
	Text  string // formatted by Dataverse
	Null  bool   // no records: nothing is drawn
}

// TileNumber is the number of a tile or of a stream's heading.
type TileNumber struct {
	Table     Table
	View      ViewRef
	Count     int
	CountOver bool // Dataverse stopped counting here
}

// Filled is a part with its content. Exactly one of the contents its kind needs is set, or Err.
type Filled struct {
	Part  Part
	State PartState
	List  *List
	Chart *Chart
	Tile  *TileNumber
	AsOf  time.Time
	Err   error // a fault: this part failed, the others stand
}

// Package schema describes tables: it is what the Dataverse stand-in knows about an organization's data model, and
// everything else (SQL, OData, FetchXML, metadata answers, privileges) is derived from it. The definitions themselves are
// in package seed, running queries is package engine.
package schema

// Label is a text in several languages, by LCID (1033 English, 1031 German).
type Label map[int]string

// In gives the text in a language, else in English, else any.
func (l Label) In(lcid int) string {
	if s, ok := l[lcid]; ok {
		return s
	}
	if s, ok := l[1033]; ok {
		return s
	}
	for _, s := range l {
		return s
	}
	return ""
}

// ColumnType is an AttributeTypeCode of the Web API's metadata; MultiSelectPicklist, Image and File report "Virtual" there.
type ColumnType string

// The column types.
const (
	String              ColumnType = "String"
	Memo                ColumnType = "Memo"
	Integer             ColumnType = "Integer"
	BigInt              ColumnType = "BigInt"
	Decimal             ColumnType = "Decimal"
	Double              ColumnType = "Double"
	Money               ColumnType = "Money"
	Boolean             ColumnType = "Boolean"
	DateTime            ColumnType = "DateTime"
	Picklist            ColumnType = "Picklist"
	MultiSelectPicklist ColumnType = "MultiSelectPicklist"
	State               ColumnType = "State"
	Status              ColumnType = "Status"
	Lookup              ColumnType = "Lookup"
	Customer            ColumnType = "Customer"
	Owner               ColumnType = "Owner"
	PartyList           ColumnType = "PartyList"
	Uniqueidentifier    ColumnType = "Uniqueidentifier"
	EntityName          ColumnType = "EntityName"
	Virtual             ColumnType = "Virtual"
	// File holds the id of a fileattachment row that has the content, and "<column>_name" beside it the file's name.
	File ColumnType = "File"
	// Image holds the thumbnail in base64; beside it are "<column>id" (of the fileattachment row with the full image),
	// "<column>_timestamp" and "<column>_url".
	Image ColumnType = "Image"
)

// SourceType is how a column gets its value.
type SourceType int

// The source types (AttributeMetadata.SourceType).
const (
	Simple     SourceType = 0
	Calculated SourceType = 1
	Rollup     SourceType = 2
)

// IsLookup reports whether values point to a row of another table.
func (t ColumnType) IsLookup() bool { return t == Lookup || t == Customer || t == Owner }

// Option is one choice. State belongs to Status columns: the statecode it goes with. Next are the status reasons that may
// follow this one when the table enforces transitions; nil lets any follow.
type Option struct {
	Value int
	Label Label
	Color string
	State int
	Next  []int
	// Message is the message that leads to a state, for example "Win": an update may not set it. "" lets updates do it.
	Message string
}

// Column is an attribute.
type Column struct {
	LogicalName string
	SchemaName  string
	Label       Label
	Description Label
	Type        ColumnType
	Format      string // Text, Email, Phone, Url, TextArea, Duration, DateOnly, DateAndTime ...
	MaxLength   int
	Min, Max    *float64
	Precision   int
	Required    string // None, Recommended, ApplicationRequired, SystemRequired ("" is None)
	Options     []Option
	OptionSet   string // name of a global option set; "" for a local one
	Default     *int
	Targets     []string          // tables a lookup may point to
	Navigation  map[string]string // target table -> single-valued navigation property
	Collection  map[string]string // target table -> collection navigation property on the target ("" means none)
	Secured     bool              // column security applies
	ReadOnly    bool              // not valid for create and update
	DateOnly    bool              // DateTime with DateOnly behaviour: no time zone ever applies
	Hidden      bool              // not valid for read through the API
	BaseOf      string            // for money "_base" columns: the money column they mirror
	// ZoneIndependent is DateTime with TimeZoneIndependent behaviour: the same clock time for everybody.
	ZoneIndependent bool
	Source          SourceType
	Formula         Formula
	AutoNumber      string // AutoNumberFormat, for example "VES-{SEQNUM:5}"; "" when people type the value
	MaxSizeKB       int    // of File and Image columns
	FullImage       bool   // an Image column keeps the full size beside the thumbnail
	AttributeOf     string // the column that this one only tells more about, for example a rollup's state
	CreateOnly      bool   // valid for create, not for update
	UpdateOnly      bool   // valid for update, not for create
	Unaudited       bool   // changes are not kept in audit
	// Cascades are the behaviours of a lookup's relationships by target table; CascadesOf knows those that are missing.
	Cascades map[string]Cascades
}

// Formula is what a calculated or rollup column is made of. The real service keeps XAML; this holds what it says.
type Formula struct {
	// Calculated: a text for people and metadata, and the value as a function of columns of the same row.
	Expression string // for example "estimatedvalue * hf_marginpercent / 100"
	// Rollup: Aggregate ("sum", "count", "avg", "min", "max") of Column over rows of Table whose lookup Via points here.
	Aggregate, Table, Via, Column string
	Where                         map[string]int // choice columns and the number they must have, for example statecode 0
}

// Ownership is an OwnershipType.
type Ownership string

// The ownership types in use.
const (
	UserOwned         Ownership = "UserOwned"
	OrganizationOwned Ownership = "OrganizationOwned"
	BusinessOwned     Ownership = "BusinessOwned"
	NoOwner           Ownership = "None"
)

// Key is an alternate key.
type Key struct {
	Name    string
	Columns []string
}

// Table is an entity.
type Table struct {
	LogicalName  string
	SchemaName   string
	SetName      string
	Label        Label
	PluralLabel  Label
	ObjectType   int
	PrimaryID    string
	PrimaryName  string // "" for tables without one
	Ownership    Ownership
	IsActivity   bool
	IsIntersect  bool
	IsCustom     bool
	Searchable   bool
	Tracked      bool   // change tracking
	PrivilegeSet string // the name in prvRead<Name>; "" means SchemaName ("Activity" for all activities)
	Columns      []Column
	Keys         []Key
	Notes        bool   // rows may have notes (annotation)
	Activities   bool   // rows may have activities
	QuickCreate  bool   // IsQuickCreateEnabled
	Process      bool   // IsBusinessProcessEnabled
	Audited      bool   // changes are kept in audit
	PrimaryImage string // the Image column that stands for the row; "" without one
	Transitions  bool   // EnforceStateTransitions: Option.Next of the status reasons holds

	index map[string]*Column
}

// Column finds a column by logical name; nil when there is none.
func (t *Table) Column(name string) *Column { return t.index[name] }

// Privilege is the name of a privilege on the table, for example prvReadAccount for "Read".
func (t *Table) Privilege(verb string) string {
	if t.PrivilegeSet != "" {
		return "prv" + verb + t.PrivilegeSet
	}
	return "prv" + verb + t.SchemaName
}

// ManyToMany is an N:N relationship through an intersect table.
type ManyToMany struct {
	SchemaName  string
	Intersect   string // logical name of the intersect table, which is a Table of its own
	Entity1     string
	Entity2     string
	Attribute1  string // column of the intersect table that holds Entity1's id
	Attribute2  string
	Navigation1 string // collection navigation property on Entity1
	Navigation2 string
}

// Model is a whole data model.
type Model struct {
	Tables     []*Table
	ManyToMany []ManyToMany
	OptionSets map[string][]Option // global choices by name

	byName map[string]*Table
	bySet  map[string]*Table
}

// Index prepares the look-ups; call it once after the tables are complete. Global choices are copied into the columns
// that use them.
func (m *Model) Index() {
	m.byName, m.bySet = map[string]*Table{}, map[string]*Table{}
	for _, t := range m.Tables {
		m.byName[t.LogicalName], m.bySet[t.SetName] = t, t
		t.index = map[string]*Column{}
		for i := range t.Columns {
			c := &t.Columns[i]
			if c.OptionSet != "" && len(c.Options) == 0 {
				c.Options = m.OptionSets[c.OptionSet]
			}
			t.index[c.LogicalName] = c
		}
	}
}

// Table finds a table by logical name; nil when there is none.
func (m *Model) Table(name string) *Table { return m.byName[name] }

// Set finds a table by entity set name; nil when there is none.
func (m *Model) Set(name string) *Table { return m.bySet[name] }

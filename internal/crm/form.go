package crm

import (
	"slices"
	"time"
)

// Form is a record on a form, resolved for one person: what stands where, in their language, with the values they may read
// and what they may do. It is the one model behind the record page and the bot's cards. A Form is a value: Apply gives
// another one and leaves this one as it was.
type Form struct {
	Ref   RecordRef // ID is "" for a record that does not exist yet
	Table Table
	Title string // the record's name; "" when it has none
	ETag  string // version of the record that the values are of; "" for a new record

	ID    string // of the form; "" when the table has none for this person and one was made up
	Name  string
	Forms []FormRef // what a picker offers, this one included; one entry or none: no picker
	Quick bool      // a quick create form

	Reading Reading
	Access  Access
	State   RecordState
	Image   *FileValue // the record's own picture
	// ImageColumn is the column that it stands in.
	ImageColumn string
	Actions     []Action
	Scripts     int     // rules of the form that are written in JavaScript, which runs in the web app only
	Changed     Touched // who made the version that is shown, and when

	// Positions are where the record stands in its processes, the one that was moved last first; Processes are the same for
	// showing, without those that this person may not see.
	Positions []Position
	Processes []Process
	// Unfollowed says that where it stands in them could not be found out.
	Unfollowed bool

	Header   []Control
	Tabs     []FormTab
	Footer   []Control
	Fields   []Field   // every column that stands anywhere on the form, once
	Problems []Problem // what is the matter with the form as a whole
	// Unread says that the record was not read again: what cannot be typed over, and records inside the form, are missing.
	Unread bool

	// Token says which version of which record this form showed, sealed. It travels with the page or card, comes back with
	// the input and allows one write. "" when nothing can be written.
	Token string
}

// TokenName is under which name the token comes back.
const TokenName = "_form"

// FormRef names a form in a picker.
type FormRef struct {
	ID   string
	Name string
}

// Access is what a person may do with a record.
type Access struct {
	Read, Write, Create, Delete, Append, AppendTo, Assign, Share bool
}

// RecordState is a record's state and status reason.
type RecordState struct {
	Inactive bool // shown, and not to be changed
	State    Option
	Status   Option
	Into     *Reference // the record that this one was merged into
}

// Touched is who changed something, and when.
type Touched struct {
	By Reference
	At time.Time
}

// FormTab is one tab of a form.
type FormTab struct {
	Key       string // unique in the form, safe in URLs and HTML ids, the same at every load
	Title     string
	ShowTitle bool
	Expanded  bool
	Columns   []FormColumn
}

// FormColumn is a column of a tab; Width is a share of the tab's width in per cent, 1 to 100.
type FormColumn struct {
	Width    int
	Sections []FormSection
}

// FormSection is a grid of Columns equal columns (1 to 12) with its controls placed on it.
type FormSection struct {
	Key        string
	Title      string
	ShowTitle  bool
	Columns    int
	LabelsLeft bool // labels stand before their fields rather than above
	Controls   []Control
}

// ControlKind says what a control shows.
type ControlKind int

// The kinds of controls.
const (
	ControlField       ControlKind = iota // a column: Form.Field(c.Column)
	ControlSubGrid                        // records that belong to this one
	ControlQuickView                      // a few fields of a record that this one points to
	ControlTimeline                       // activities, notes and posts
	ControlUnsupported                    // web resource, iframe, custom control: said so, with a link
)

// Control is one thing on a form, at its place.
type Control struct {
	Key       string // unique in the form, as FormTab.Key
	Kind      ControlKind
	Label     string
	ShowLabel bool
	Row       int // 1-based place on the section's grid; 0 in header and footer
	Column    int
	RowSpan   int
	ColSpan   int

	Field       int      // ControlField: index into Form.Fields
	Locked      ReadOnly // ControlField: why this control may not be typed into; the field itself may allow it elsewhere
	SubGrid     *SubGrid
	QuickView   *QuickView
	PageSize    int    // ControlTimeline: entries at a time
	Unsupported string // "webresource", "image", "iframe", "map", "timer", "button" or "custom"
}

// SubGrid is a list of related records. Its rows are asked for on their own.
type SubGrid struct {
	Part         Part   // as on a dashboard: table, view, page size, pickers
	Relationship string // schema name; "" for a list that has nothing to do with the record
	CanCreate    bool   // a related record can be made from here
	CanAdd       bool   // existing records can be added
	CanRemove    bool   // the connection can be taken away, the related record stays
}

// QuickView shows fields of a record that a lookup of this form points to, never to be typed into.
type QuickView struct {
	Lookup  string     // column
	Record  *Reference // nil when the lookup is empty
	Fields  []Field
	Refused bool // the person may not read that record
}

// Required says how much a value is wanted.
type Required int

// The levels (RequiredLevel).
const (
	Optional Required = iota
	Recommended
	Mandatory
)

// ReadOnly says why something may not be typed into; "" means that it may. The message is "readonly.<reason>".
type ReadOnly string

// The reasons.
const (
	ReadOnlyInactive ReadOnly = "inactive" // the record is not active
	ReadOnlyAccess   ReadOnly = "access"   // the person may not write this record
	ReadOnlySecured  ReadOnly = "secured"  // column security
	ReadOnlyForm     ReadOnly = "form"     // the form says so
	ReadOnlyColumn   ReadOnly = "column"   // the column is computed or kept by the system
	ReadOnlyKind     ReadOnly = "kind"     // this kind of column is not edited here
)

// DateBehavior says how a date is kept (DateTimeBehavior).
type DateBehavior int

// The behaviours.
const (
	UserLocal       DateBehavior = iota // an instant, shown in the reader's time zone
	DateOnly                            // a day without a time zone
	ZoneIndependent                     // a time of day without a time zone
)

// Write is one attempt to write a record, as it is noted so that it happens once: where, and how far it has come, but nothing of
// what was written.
type Write struct {
	ID     string // operation id, random
	Ref    RecordRef
	State  WriteState
	Before string // version that it was meant for
	After  string // version that it made
	At     time.Time
}

// Look is which version of a record somebody saw, and when.
type Look struct {
	Version string
	At      time.Time
}

// WriteState is how far a write has come.
type WriteState string

// The states.
const (
	WriteSent    WriteState = "sent"    // under way, or the server that sent it has ended
	WriteUnknown WriteState = "unknown" // nobody is at it any more, and its answer was lost
	WriteDone    WriteState = "done"    // it took effect
	WriteRefused WriteState = "refused" // it did not, and may be tried again
)

// Field is a column of the record with its value and its rules.
type Field struct {
	Column
	Description string
	Required    Required
	ReadOnly    ReadOnly // why it may be typed into nowhere on the form
	Masked      bool     // column security hides the value: there is nothing to show
	MaxLength   int      // in UTF-16 units; 0 means no limit is known. Bytes for images and files
	Min, Max    string   // plain numbers such as "-10.5"; "" means no limit is known
	Currency    Currency // of money
	Behavior    DateBehavior
	Value       Value

	// Typed is what the person typed and has not been saved, as their input had it; nil when they left the field alone.
	Typed    []string
	Problem  *Problem
	Conflict *Conflict
}

// Currency is how money is written.
type Currency struct {
	Symbol string
	Code   string // ISO 4217
}

// Problem is a sentence at a field or a form: a message key of the catalogue with its arguments.
type Problem struct {
	Key  string
	Args map[string]any
}

// Field finds a field by its column.
func (f Form) Field(column string) (Field, bool) {
	if i := f.index(column); i >= 0 {
		return f.Fields[i], true
	}
	return Field{}, false
}

func (f Form) index(column string) int {
	return slices.IndexFunc(f.Fields, func(x Field) bool { return x.LogicalName == column })
}

// At gives the field that a control shows.
func (f Form) At(c Control) Field { return f.Fields[c.Field] }

// New reports whether the record does not exist yet.
func (f Form) New() bool { return f.Ref.ID == "" }

// Editable reports whether anything on the form may be typed into.
func (f Form) Editable() bool {
	return slices.ContainsFunc(f.Fields, func(x Field) bool { return x.ReadOnly == "" })
}

// Valid reports whether nothing is the matter with what was typed.
func (f Form) Valid() bool {
	return len(f.Problems) == 0 && !slices.ContainsFunc(f.Fields, func(x Field) bool { return x.Problem != nil })
}

// Controls gives every control in reading order: header, tabs, footer.
func (f Form) Controls() []Control {
	all := slices.Clone(f.Header)
	for _, tab := range f.Tabs {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				all = append(all, section.Controls...)
			}
		}
	}
	return append(all, f.Footer...)
}

// Control finds a control by its key.
func (f Form) Control(key string) (Control, bool) {
	for _, c := range f.Controls() {
		if c.Key == key {
			return c, true
		}
	}
	return Control{}, false
}

// Inputs is what an input of the field holds: what the person typed, else the value as they would type it.
func (x Field) Inputs() []string {
	if x.Typed != nil {
		return x.Typed
	}
	return x.Value.Inputs
}

// Input is the first of Inputs, for kinds that have one.
func (x Field) Input() string {
	if in := x.Inputs(); len(in) > 0 {
		return in[0]
	}
	return ""
}

// Has reports whether one of the inputs is this, for choices.
func (x Field) Has(input string) bool { return slices.Contains(x.Inputs(), input) }

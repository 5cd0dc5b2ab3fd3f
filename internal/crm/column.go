package crm

// Kind is the kind of a column, as far as showing and typing it goes.
type Kind int

// The kinds of columns.
const (
	KindText Kind = iota
	KindMemo
	KindInteger
	KindDecimal
	KindMoney
	KindBoolean
	KindDateTime
	KindDate
	KindChoice
	KindChoices
	KindState
	KindStatus
	KindLookup
	KindEmail
	KindPhone
	KindURL
	KindID
	KindFloat     // a number with an approximate fraction
	KindDuration  // whole minutes
	KindRichText  // HTML of unknown origin
	KindPartyList // several records, or addresses that belong to none
	KindImage
	KindFile
	KindOther
)

// Kinds lists every kind, for tests that prove a renderer is complete.
func Kinds() []Kind {
	kinds := make([]Kind, 0, KindOther+1)
	for k := KindText; k <= KindOther; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// Numeric reports whether values of the kind are set right-aligned.
func (k Kind) Numeric() bool {
	switch k {
	case KindInteger, KindDecimal, KindMoney, KindFloat, KindDuration:
		return true
	}
	return false
}

// Textual reports whether values of the kind are text that a person types as it is kept.
func (k Kind) Textual() bool {
	switch k {
	case KindText, KindMemo, KindEmail, KindPhone, KindURL, KindRichText:
		return true
	}
	return false
}

// Table is what a table is called, in the reader's language.
type Table struct {
	LogicalName string
	SetName     string // entity set name in the Web API
	Label       string
	PluralLabel string
	PrimaryID   string
	PrimaryName string
	ObjectType  int // object type code
}

// Column is one column of a table, as far as lists and charts need it.
type Column struct {
	LogicalName string
	Label       string
	Kind        Kind
	Targets     []string // tables a lookup may point to
	Options     []Option // choices, in display order
	Precision   int      // decimals of numbers and money
	Secured     bool     // column security applies
}

// Option is one choice of a choice column.
type Option struct {
	Value int
	Label string
	Color string // "#rrggbb" or ""
	State int    // of a status reason: the state that it belongs to
	Next  []int  // of a status reason: the reasons that may follow it; nil when any may
}

// RecordRef names one record of one organization.
type RecordRef struct {
	Organization string // Organization.URL
	Table        string // logical name
	ID           string // GUID, lower case
}

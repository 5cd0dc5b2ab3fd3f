package engine

import (
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Options are the organization's settings that queries depend on.
type Options struct {
	OrganizationID string
	LCID           int          // language and formats of people without settings of their own; 0 is 1033
	BaseCurrency   string       // transactioncurrencyid of the base currency
	FiscalStart    Date         // first day of the fiscal year; zero is January 1. Periods are quarters
	WeekStart      time.Weekday // first day of the week, for this-week and its kind
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// PageSize is the largest page, 5000 when zero.
	PageSize int
	// QuickFindLimit is how many rows a quick find may match, 10,000 when zero; a negative one switches the limit off.
	QuickFindLimit int
}

// Date is a day of the year.
type Date struct {
	Month time.Month
	Day   int
}

// Row is a row by column logical name. Values are nil, string, bool, int, int64, float64, time.Time, []int (multi-select
// choices) and Ref; a string is parsed for columns of other types. A lookup may also be a GUID string, with the target in
// "<column>@table" when the column has more than one.
type Row map[string]any

// Ref points to a row.
type Ref struct {
	Table string // logical name
	ID    string
}

// Depth is how far a privilege reaches. The numbers are the service's privilegedepthmask.
type Depth int

// The depths, each reaching further than the one before.
const (
	None   Depth = 0
	Basic  Depth = 1 // own rows and those of own teams
	Local  Depth = 2 // the business unit
	Deep   Depth = 4 // the business unit and those below it
	Global Depth = 8 // the organization
)

// String is the name in the Web API's RolePrivilege.
func (d Depth) String() string {
	switch d {
	case Basic:
		return "Basic"
	case Local:
		return "Local"
	case Deep:
		return "Deep"
	case Global:
		return "Global"
	}
	return "None"
}

// Rights is an AccessRights mask.
type Rights int

// The access rights, numbered as in the service's AccessRights enumeration.
const (
	ReadAccess     Rights = 1
	WriteAccess    Rights = 2
	AppendAccess   Rights = 4
	AppendToAccess Rights = 16
	CreateAccess   Rights = 32
	DeleteAccess   Rights = 65536
	ShareAccess    Rights = 262144
	AssignAccess   Rights = 524288
)

// Grant is one privilege that somebody has.
type Grant struct {
	Name           string
	PrivilegeID    string
	BusinessUnitID string
	Depth          Depth
}

// FetchOptions are what a query's surroundings decide.
type FetchOptions struct {
	// MaxPageSize is the client's odata.maxpagesize; 0 means the largest page.
	MaxPageSize int
	// RawOrder sorts choices by number instead of label, as OData's $orderby does.
	RawOrder bool
	// SkipFormat leaves Cell.Text empty when nobody asked for formatted values.
	SkipFormat bool
	// Since leaves rows out that have not changed after a version, and sorts by version; 0 is no such condition.
	Since int64
	// Count asks for Page.Total as returntotalrecordcount does.
	Count bool
}

// Page is a part of a query's answer.
type Page struct {
	Table   *schema.Table
	Columns []Column
	Rows    []Record
	More    bool
	Number  int // of this page, from 1
	// Cookie is the decoded paging cookie to send with page Number+1; "" on a last page and for queries without one.
	Cookie string
	// Total is the number of rows on all pages, at most 5000; -1 when nobody asked.
	Total        int
	TotalLimited bool
}

// Column says what the cells at one position are.
type Column struct {
	// Name is the key in an answer: the alias, "link.column" or the logical name.
	Name   string
	Table  *schema.Table  // the table the column belongs to
	Column *schema.Column // never nil
	// Link is the alias of the link-entity; "" for the query's own table.
	Link         string
	Alias        string // as the query gave it
	Aggregate    string
	GroupBy      bool
	DateGrouping string
	// Implied columns were not asked for: the primary key, and the currency beside money.
	Implied bool
}

// Record is one row of an answer.
type Record struct {
	Table   *schema.Table
	ID      string // "" in aggregate and distinct answers
	Version int64  // 0 in aggregate and distinct answers
	Cells   []Cell // by position of Page.Columns
}

// Cell is one value.
type Cell struct {
	// Value is nil, string (also GUIDs and the "1,2" of multi-select choices), int64, float64, bool or time.Time (UTC).
	Value any
	// Text is what a person reads, in their language, formats and time zone; "" when there is none.
	Text string
	// Target is the logical name of the table a lookup points to.
	Target string
}

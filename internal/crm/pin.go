package crm

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Pin says where a tab of a channel, a chat or a meeting leads, and never what is there: every viewer reads that with their own
// rights.
type Pin struct {
	ID     string // random GUID: whoever does not know it finds nothing
	Tenant string // directory of the person who made it; people of another one find nothing
	Target PinTarget
	Spot   Spot
	// Creator is the object id of the person who made it; "" when nobody in particular did or they asked to be forgotten.
	Creator string
	Created time.Time
	Changed time.Time // when it was last led elsewhere
	Opened  time.Time // when anybody last opened it, to within an hour; zero when nobody has
	Removed time.Time // zero while it stands
	Link    PinLink
}

// RowID is the id of the row that connects the pin's record with its channel in the organization: always the same for a pin and its
// record, so that it is written once however often that is tried.
func (p Pin) RowID() string {
	sum := sha256.Sum256([]byte("pintab connection/" + p.Tenant + "/" + p.ID + "/" + p.Target.Organization + "/" + p.Target.Record))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // version 8 of RFC 9562: made in a way of one's own
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// Connected reports whether the organization has, or may have, a row of the pin.
func (p Pin) Connected() bool { return p.Link == PinLinkConnected || p.Link == PinLinkWaiting }

// PinTarget is what a pin leads to: a record, with chosen related lists below it, or a view, beside its selected record.
type PinTarget struct {
	Organization string // Organization.URL
	App          string // appmoduleid
	Table        string // logical name
	Record       string // GUID; "" where it leads to a view
	View         string // GUID; "" where it leads to a record
	Personal     bool   // the view is a personal one: others see it only where it is shared with them
	// Lists are schema names of relationships of the record's table: the related lists that the tab shows, in this order; nil
	// shows the record's form alone. A record set.
	Lists []string
	// Beside shows the selected record beside the view.
	Beside bool
}

// Equal reports whether two targets lead to the same.
func (t PinTarget) Equal(other PinTarget) bool {
	lists := slices.Equal(t.Lists, other.Lists)
	t.Lists, other.Lists = nil, nil
	return lists && t.Organization == other.Organization && t.Ref() == other.Ref() && t.App == other.App && t.View == other.View &&
		t.Personal == other.Personal && t.Beside == other.Beside
}

// Ref is the record that the pin leads to; ID is "" where it leads to a view.
func (t PinTarget) Ref() RecordRef {
	return RecordRef{Organization: t.Organization, Table: t.Table, ID: t.Record}
}

// Spot is where in Teams a pin stands. The ids are what the client says, which proves nothing: they order pins, and give
// nobody a right.
type Spot struct {
	Team    string // thread id of the team
	Group   string // its group id in Entra ID, a GUID
	Channel string // thread id
	Chat    string // thread id
	Meeting string
}

// PinLink is how far the row that connects the record with the channel in Dynamics 365 has come (table msdyn_teamscollaboration).
type PinLink string

// The states. The pin works in each.
const (
	PinLinkNone      PinLink = ""          // there is nothing to connect: a view, a chat
	PinLinkWaiting   PinLink = "waiting"   // it is to be written, or taken away, once somebody comes by who may
	PinLinkConnected PinLink = "connected" // it is there
	PinLinkMissing   PinLink = "missing"   // the organization has no such table, or does not let it be written
)

// PinHealth is what became of what a pin leads to, as one person sees it.
type PinHealth string

// The states.
const (
	PinFine         PinHealth = "fine"
	PinDeactivated  PinHealth = "deactivated"  // the record is not active any more
	PinMerged       PinHealth = "merged"       // the record was merged into another one
	PinDeleted      PinHealth = "deleted"      // the record or the view is gone
	PinNoAccess     PinHealth = "no-access"    // this person may not read it
	PinNoApp        PinHealth = "no-app"       // the app is gone, or this person may not use it
	PinOrganization PinHealth = "organization" // the organization is disabled, or this person has none of that address
	PinRemoved      PinHealth = "removed"      // the pin was taken away
	PinUnknown      PinHealth = "unknown"      // nobody could be asked
)

// PinHealths lists them, for tests that prove that each has a page.
func PinHealths() []PinHealth {
	return []PinHealth{PinFine, PinDeactivated, PinMerged, PinDeleted, PinNoAccess, PinNoApp, PinOrganization, PinRemoved, PinUnknown}
}

// Pinned is a pin as one person sees it.
type Pinned struct {
	Pin
	Health PinHealth
	Place  Place      // as far as it is known
	Table  Table      // as it is called; zero where that is not known
	Name   string     // of the record or the view, as this person may read it; "" otherwise
	Into   *Reference // PinMerged: the surviving record
	Reason Reason     // PinOrganization and PinNoApp: by which rule; "" when it is simply not there
	Err    error      // PinNoAccess and PinUnknown: a fault
}

// Condition is what became of a record, as one person can tell.
type Condition struct {
	Ref      RecordRef
	Table    Table // zero where that is not known
	Name     string
	Inactive bool
	Into     *Reference // the record that it was merged into
	Err      error      // a fault: record.deleted, record.no_access, record.no_table, or why nobody could be asked
}

// PinPreview is what somebody is shown of a target before they save it.
type PinPreview struct {
	Target  PinTarget
	Place   Place
	Record  *FoundRecord
	View    *FoundView
	Columns []ListColumn // of a view: what members will see
	Rows    []ListRow    // the first few
	Related []RelatedList
	// Warn is a message key that has to be read before saving; "" for none: a personal view that others cannot open.
	Warn string
	// Others are views of the table that everybody sees, offered in the place of a personal one.
	Others []ViewRef
}

// RelatedList is a list of records that belong to a record, for choosing which ones a tab shows.
type RelatedList struct {
	Relationship string // schema name
	Label        string
	Table        string // logical name of its records
}

// TabSettings are what Teams is told about a tab (pages.config.setConfig). They hold ids alone.
type TabSettings struct {
	EntityID   string // stable, at most 64 characters
	ContentURL string
	WebsiteURL string
	RemoveURL  string
	Name       string // suggested, in the creator's language: what the table or the view is called, never a record's name
}

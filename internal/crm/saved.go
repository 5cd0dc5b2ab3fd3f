package crm

import "time"

// Outcome says how a write ended.
type Outcome int

// The outcomes. What is told is what the organization holds: where that cannot be found out, it is said to be unknown.
const (
	OutcomeUnchanged Outcome = iota // nothing that was typed differs from what the record has
	OutcomeSaved                    // it is in the organization
	OutcomeInvalid                  // nothing was sent: Form has a problem at the fields concerned
	OutcomeConflict                 // nothing was overwritten: Form has a Conflict at the fields that somebody else changed
	OutcomeUnknown                  // the answer was lost and asking again was not possible: it may or may not be in the organization
	OutcomeGone                     // the record was deleted
)

// Saved is what became of something that a person wrote.
type Saved struct {
	Outcome Outcome
	Form    Form     // to be drawn now; with what was typed, unless it was saved
	Changes []Change // what was saved: old and new
	At      time.Time
	Again   bool        // the same was sent before; this is what became of it then
	Lost    bool        // the answer was lost on the way, and the outcome was found by asking again
	Undo    string      // takes the changes back while nobody changes the record, sealed; "" when there is nothing to take back
	Tied    []Tied      // records that were put on a list of this one, or taken off it
	Made    []Reference // other records that came of it
}

// UndoName is under which name Saved.Undo comes back.
const UndoName = "_undo"

// Act is an action that a person chose, with what it asks for.
type Act struct {
	Token   string
	Kind    ActionKind
	Status  int // reason; 0 means the usual one
	Columns map[string][]string
}

// LookupQuery is what a person types into a lookup.
type LookupQuery struct {
	Table  string // of the form
	Column string // "" finds records of the table itself
	Target string // one of the column's tables; "" means all of them
	Text   string // "" gives the most recent
}

// LookupResult is what it found, by name, the best first.
type LookupResult struct {
	Found   []Reference
	More    bool
	Skipped []string // tables that could not be asked, as they are called
}

// Download is the content of a file.
type Download struct {
	FileValue
	Content []byte
}

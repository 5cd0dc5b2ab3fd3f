package crm

import "time"

// EntryKind is what an entry of a timeline is.
type EntryKind string

// The kinds of entries.
const (
	EntryActivity EntryKind = "activity"
	EntryNote     EntryKind = "note"
	EntryPost     EntryKind = "post"
)

// EntryKinds lists them, in the order in which filters offer them.
func EntryKinds() []EntryKind { return []EntryKind{EntryActivity, EntryNote, EntryPost} }

// Entry is one entry of a record's timeline.
type Entry struct {
	Kind   EntryKind
	Ref    RecordRef
	Type   Table // of an activity: phone call, task
	Title  string
	Text   string // plain; HTML of notes and e-mails is cut down to its words
	By     Reference
	At     time.Time // when it was made or, of an activity, is or was due
	Due    bool      // At is when it is due
	Open   bool      // an activity that is neither complete nor cancelled
	Status string    // of an activity
	File   *FileValue
	ETag   string
	CanEnd bool // the person may complete or cancel it
}

// TimelineQuery is which part of a timeline is wanted.
type TimelineQuery struct {
	Kinds  []EntryKind // nil means all
	Search string
	Size   int       // entries at a time; 0 means the usual number
	Before time.Time // older than this; zero begins with the newest
	Skip   []string  // ids of entries at exactly Before that have been shown
}

// Timeline is a part of a record's timeline, the newest first.
type Timeline struct {
	Entries []Entry
	More    *TimelineQuery // asks for what follows; nil when nothing does
	Missing []EntryKind    // kinds that the person may not read here, or that did not answer
	CanNote bool           // a note may be added
	Create  []Table        // activities that may be added
}

// Note is a note that a person adds.
type Note struct {
	Token string // of the form below which it stands
	Title string
	Text  string
	File  *Download // nil without attachment
}

// Since is what happened to a record since a person looked at it last.
type Since struct {
	Last    time.Time // when they looked; zero when they have not before
	Changes []Happened
	// Unlisted is true where the organization does not tell which fields changed: then there is one entry, the latest.
	Unlisted bool
	More     bool
}

// Happened is one change by somebody.
type Happened struct {
	Touched
	Fields []Change // empty where the organization does not tell
}

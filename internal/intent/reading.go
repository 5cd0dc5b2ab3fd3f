package intent

// Intent is what a person wants.
type Intent string

// The intents.
const (
	None             Intent = "none"              // nothing that the bot does
	Search           Intent = "search"            // look for records; also a bare name
	ShowRecord       Intent = "show_record"       // open one named record
	ShowRelated      Intent = "show_related"      // records of Relation that belong to a record
	ListMine         Intent = "list_my"           // records of the person themselves
	UpdateField      Intent = "update_field"      // set Column to Value
	CreateRecord     Intent = "create_record"     // make a record of Table
	AddNote          Intent = "add_note"          // write Value on a record
	CompleteActivity Intent = "complete_activity" // finish a task, call or meeting
	CloseWon         Intent = "close_won"         // close an opportunity as won
	CloseLost        Intent = "close_lost"        // close an opportunity as lost
	ResolveCase      Intent = "resolve_case"
	Changes          Intent = "changes"    // what happened to a record since the person looked
	ShowView         Intent = "show_view"  // the rows of the view named Query
	ListViews        Intent = "list_views" // which views there are
	NextPage         Intent = "next_page"
	PreviousPage     Intent = "previous_page"
	Undo             Intent = "undo"
	Cancel           Intent = "cancel"
	Agree            Intent = "agree"          // "yes", "ok"
	SwitchOrg        Intent = "switch_org"     // to the organization Value; "" asks which
	SwitchApp        Intent = "switch_app"     // to the app Value; "" asks which
	WhereAmI         Intent = "where_am_i"     // which organization, app and account are in use
	ShowHeld         Intent = "show_held"      // what Pintab holds about the person
	OpenBoard        Intent = "open_board"     // the dashboard
	OpenSetup        Intent = "open_setup"     // the settings
	SignIn           Intent = "sign_in"        //
	SignOut          Intent = "sign_out"       //
	Help             Intent = "help"           //
	Greeting         Intent = "greeting"       //
	Thanks           Intent = "thanks"         //
	Goodbye          Intent = "goodbye"        //
	ReportTrouble    Intent = "report_trouble" // "this does not work"
)

// Wish is what a sentence asks for. Names and values are the person's own words, without quotation marks around them.
type Wish struct {
	Intent   Intent
	Table    string // logical name of the table of the record in Query, where a word says it
	Query    string // the record's name or what is searched for; "" means the record on the current card, if any
	Column   string // logical name
	Value    string // what a column becomes, the text of a note, the name of an organization, app or view
	Relation string // logical name of the table of the related records that are wanted
	About    string // name of the record that a new one belongs to
	Due      string // when a new activity is due, as typed: Value.Day reads it
	Person   string // who gets a new activity: a name, or "me"
	Mine     bool   // only records of the person themselves
}

// Slot is a part of a Wish that words of the sentence fill.
type Slot string

// The slots.
const (
	SlotTable    Slot = "table"
	SlotQuery    Slot = "query"
	SlotColumn   Slot = "column"
	SlotValue    Slot = "value"
	SlotRelation Slot = "relation"
	SlotAbout    Slot = "about"
	SlotDue      Slot = "due"
	SlotPerson   Slot = "person"
)

// Part says which words fill a slot: Reading.Text[Start:End], in bytes.
type Part struct {
	Slot       Slot
	Start, End int
	// Others are logical names that the same words could mean as well (tables, columns).
	Others []string
}

// Reading is how a sentence was read.
type Reading struct {
	Wish
	// Text is the sentence in valid UTF-8, cut at LongestText.
	Text  string
	Parts []Part // in the order of the slots above; each slot at most once
	// Cut is true when the text was too long to be read whole.
	Cut bool
	// Others are other ways to read the sentence that are nearly as good, the best first.
	Others []Wish
	// Near are the intents whose words come nearest, when Intent is None; never empty then.
	Near []Intent
}

// Part finds the words of a slot.
func (r Reading) Part(slot Slot) (Part, bool) {
	for _, p := range r.Parts {
		if p.Slot == slot {
			return p, true
		}
	}
	return Part{}, false
}

// Plain is the wish with courtesies and answers to questions of the bot as what they are without a conversation: nothing that
// it does.
func (r Reading) Plain() Wish {
	switch r.Intent {
	case Thanks, Goodbye, Agree, Cancel:
		return Wish{Intent: None}
	}
	return r.Wish
}

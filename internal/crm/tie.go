package crm

// Tying is which records a person puts on a list of a record, or takes off it.
type Tying struct {
	Token        string // of the form below which the list stands
	Relationship string // SubGrid.Relationship
	Others       []Reference
	Off          bool // they are taken off
}

// Tied is what became of one of them.
type Tied struct {
	Other Reference
	// Outcome is OutcomeSaved; OutcomeUnchanged where nothing had to be done; OutcomeInvalid where it was refused; or
	// OutcomeUnknown.
	Outcome Outcome
	Was     *Reference // the record that it belonged to before, where it can belong to one alone; nil for none
	Problem *Problem   // of OutcomeInvalid
}

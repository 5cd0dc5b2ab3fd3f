package crm

// ActionKind is something that can be done with a record as a whole.
type ActionKind string

// The actions. Which of them a record has depends on its table, its state and the person's rights.
const (
	ActionActivate   ActionKind = "activate"
	ActionDeactivate ActionKind = "deactivate"
	ActionWin        ActionKind = "win"        // close an opportunity as won
	ActionLose       ActionKind = "lose"       // close an opportunity as lost
	ActionReopen     ActionKind = "reopen"     // an opportunity or a case
	ActionResolve    ActionKind = "resolve"    // a case
	ActionCancel     ActionKind = "cancel"     // a case or an activity
	ActionComplete   ActionKind = "complete"   // an activity
	ActionQualify    ActionKind = "qualify"    // a lead
	ActionDisqualify ActionKind = "disqualify" // a lead
	ActionAssign     ActionKind = "assign"
	ActionShare      ActionKind = "share"
	ActionDelete     ActionKind = "delete"
)

// Action is one action that is offered.
type Action struct {
	Kind   ActionKind
	Status []Option // reasons to choose from; the first is the usual one
	Fields []Field  // what else is asked for, in order
}

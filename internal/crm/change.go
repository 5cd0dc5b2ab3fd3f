package crm

// Change is one column that a person wants to be, or has made, something else.
type Change struct {
	Column Column
	Old    Value
	New    Value
}

// Side is whose value a person keeps where two changed the same field.
type Side string

// The sides.
const (
	Mine   Side = "mine"
	Theirs Side = "theirs"
)

// Conflict is what became of a field between the person's reading and their saving: it was Was, somebody made it Theirs, and
// the person wants Mine. Overlap is false where only one of the two changed it, so that there is nothing to choose.
type Conflict struct {
	Was, Theirs, Mine Value
	Overlap           bool
	Choice            Side // what is kept; "" while the person has to choose
}

// Input is what a person typed, by column: exactly what an HTML form or a card returns. A column that is missing was not
// offered and stays as it is; one with only empty texts was emptied. Dates with a time may come as one text
// ("2026-11-23T14:05") or as two, day and time.
type Input struct {
	Token   string
	Columns map[string][]string
	Choices map[string]Side // where two changed the same field
	// Plain says that numbers and dates come as machines write them (Adaptive Card inputs, <input type=number>) rather than
	// with the reader's separators.
	Plain bool
	// Confirmed says that the person was told what cannot be saved, and wants the rest saved.
	Confirmed bool
}

// What an input's names may begin with, beside the names of columns.
const (
	choicePrefix  = "_choice."
	confirmedName = "_confirmed"
)

// ChoiceName is the name of the input that chooses between Mine and Theirs for a column.
func ChoiceName(column string) string { return choicePrefix + column }

// ConfirmedName is the name of the input that confirms saving the rest.
func ConfirmedName() string { return confirmedName }

package crm

// Origin is the record below which a new one is made: it points to that record from the beginning, or is tied to it once it is
// there.
type Origin struct {
	Record       Reference
	Relationship string // of the list in which it is made; "" in a timeline, or where no list says so
}

// Pointing is how a new record comes to belong to its origin.
type Pointing struct {
	Column *Column   // its lookup, which may stand on no form; nil where they are tied afterwards
	Many   bool      // many belong to many
	Self   Reference // the person, whose activities are from them; of activities
}

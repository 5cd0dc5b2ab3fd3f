package crm

import (
	"crypto/sha256"
	"time"
)

// Class says how far a stored value leads to a person. The first two are those of the product's own inventory.
type Class string

// The classes.
const (
	ClassPseudonymous Class = "pseudonymous" // leads to a person only together with the directory
	ClassOrganization Class = "organization" // leads to an organization
	ClassIdentifying  Class = "identifying"  // names a person
	ClassSecret       Class = "secret"       // sealed, or a hash of a secret: never shown, not even to its person
	ClassTechnical    Class = "technical"    // times, counts and what a program needs to go on
)

// Classes lists every class, for tests.
func Classes() []Class {
	return []Class{ClassPseudonymous, ClassOrganization, ClassIdentifying, ClassSecret, ClassTechnical}
}

// Finding says how a person's rows of a table are found.
type Finding int

// The ways of finding.
const (
	FindNobody Finding = iota // the table says nothing about anybody
	FindPerson                // by the columns tenant and object
	FindLease                 // by the name User.LeaseName, kept hashed
	FindMark                  // by User.Mark
)

// StoredTable is one table of our database: what it is for is the message "kept.<name>", how long it is kept the message
// "kept.<name>.until".
type StoredTable struct {
	Name    string
	Find    Finding
	Columns []StoredColumn
}

// StoredColumn is one column of it. What it holds is the message "data.<Data>".
type StoredColumn struct {
	Name    string
	Data    string
	Class   Class
	Time    bool // milliseconds since 1970
	Example string
}

// HeldRow is one stored row about a person.
type HeldRow struct {
	Table  string
	Values []HeldValue // in the order of the table's columns
}

// HeldValue is one value of it.
type HeldValue struct {
	Column string
	Text   string    // "" for times and for hidden values
	At     time.Time // of a column that is a time
	Hidden bool      // there is a value, of ClassSecret
}

// Erased is how many rows of a table went.
type Erased struct {
	Table string
	Rows  int
}

// Receipt tells what an erasure did, or would do.
type Receipt struct {
	User   User
	At     time.Time
	DryRun bool
	Erased []Erased  // every table that can say something about a person, also with 0 rows
	Mark   time.Time // until when the mark is kept that keeps requests under way from writing; zero for a dry run
}

// Rows is how many rows went in all.
func (r Receipt) Rows() int {
	n := 0
	for _, e := range r.Erased {
		n += e.Rows
	}
	return n
}

// LeaseName names the lease under which one replica at a time renews the person's tokens.
func (u User) LeaseName() string { return "tokens/" + u.Tenant + "/" + u.Object }

// Mark is a one-way number of the person: it finds nobody, but is recognized by who has the ids.
func (u User) Mark() []byte {
	sum := sha256.Sum256([]byte("pintab mark/" + u.Tenant + "/" + u.Object))
	return sum[:]
}

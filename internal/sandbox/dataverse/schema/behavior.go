package schema

// Behavior is what happens to rows when something happens to the row that their lookup points to (the CascadeType of a
// relationship's CascadeConfiguration).
type Behavior string

// The behaviours.
const (
	NoCascade  Behavior = "NoCascade"
	Cascade    Behavior = "Cascade"    // the same happens to them
	RemoveLink Behavior = "RemoveLink" // on deletion: their lookup is cleared
	Restrict   Behavior = "Restrict"   // on deletion: it is refused while they are there
)

// Cascades are the behaviours of one relationship. The zero value is a referential one: a deletion removes the link, and
// nothing else reaches the rows that point here.
type Cascades struct {
	Delete Behavior // RemoveLink when empty
	Assign Behavior // NoCascade when empty; Share, Unshare, Merge and Reparent go with it
}

// Parental lets everything that happens to a row happen to those that point to it.
var Parental = Cascades{Delete: Cascade, Assign: Cascade}

// CascadesOf are the behaviours of the relationship from this lookup to a target table.
func (c *Column) CascadesOf(target string) Cascades {
	b := c.Cascades[target]
	if b.Delete == "" {
		b.Delete = RemoveLink
	}
	if b.Assign == "" {
		b.Assign = NoCascade
	}
	return b
}

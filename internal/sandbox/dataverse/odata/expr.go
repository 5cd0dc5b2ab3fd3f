package odata

// Expr is a node of a filter: And, Or, Not, Comparison, In, Match, Lambda or Function.
type Expr interface{ expr() }

// Path is a column, or single-valued navigation properties followed by a column. Inside a lambda the first element is the
// lambda's variable.
type Path []string

// And holds when all terms hold; there are at least two.
type And struct{ Terms []Expr }

// Or holds when one term holds; there are at least two.
type Or struct{ Terms []Expr }

// Not negates.
type Not struct{ Term Expr }

// Comparison compares a column with a literal, or with Other when that is set. Operator is eq, ne, gt, ge, lt or le.
type Comparison struct {
	Path     Path
	Operator string
	Value    Literal
	Other    Path
}

// In holds when the column has one of the values.
type In struct {
	Path   Path
	Values []Literal
}

// Match is contains, startswith or endswith.
type Match struct {
	Function string
	Path     Path
	Text     string
}

// Lambda is any or all over a collection navigation property. Body is nil for any(), which asks whether there is one.
type Lambda struct {
	Path     Path
	All      bool
	Variable string
	Body     Expr
}

// Function is a query function of the service, for example Microsoft.Dynamics.CRM.LastXDays; Name has no namespace. Path
// is what stands before it, usually nothing.
type Function struct {
	Path       Path
	Name       string
	Parameters map[string]Literal
}

func (And) expr()        {}
func (Or) expr()         {}
func (Not) expr()        {}
func (Comparison) expr() {}
func (In) expr()         {}
func (Match) expr()      {}
func (Lambda) expr()     {}
func (Function) expr()   {}

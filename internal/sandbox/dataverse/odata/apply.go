package odata

// Apply is $apply: rows filtered first, then grouped, then aggregated. Without GroupBy there is one group.
type Apply struct {
	Filter     Expr
	GroupBy    []Path
	Aggregates []Aggregate
}

// Aggregate is one number of a group. Method is count (of rows, with an empty Path), sum, average, min, max or
// countdistinct.
type Aggregate struct {
	Path   Path
	Method string
	Alias  string
}

func (p *parser) apply() *Apply {
	a := &Apply{}
	var filters []Expr
	for p.err == nil {
		switch transformation := p.name(); transformation {
		case "filter":
			p.expect("(")
			filters = append(filters, p.or())
			p.expect(")")
			if p.take("/") {
				continue
			}
		case "groupby":
			p.expect("(")
			p.expect("(")
			p.list1(func() { a.GroupBy = append(a.GroupBy, p.path()) })
			p.expect(")")
			if p.take(",") {
				if !p.takeWord("aggregate") {
					p.unexpected()
				}
				p.aggregates(a)
			}
			p.expect(")")
		case "aggregate":
			p.aggregates(a)
		default:
			p.fail(p.tok.at, "The $apply transformation '"+transformation+"' is not supported")
		}
		break
	}
	switch len(filters) {
	case 0:
	case 1:
		a.Filter = filters[0]
	default:
		a.Filter = And{filters}
	}
	return a
}

func (p *parser) aggregates(a *Apply) {
	p.expect("(")
	p.list1(func() { a.Aggregates = append(a.Aggregates, p.aggregate()) })
	p.expect(")")
}

func (p *parser) aggregate() Aggregate {
	var g Aggregate
	if p.takeWord("$count") {
		g.Method = "count"
	} else {
		g.Path = p.path()
		if !p.takeWord("with") {
			p.unexpected()
		}
		switch g.Method = p.name(); g.Method {
		case "sum", "average", "min", "max", "countdistinct":
		default:
			p.fail(p.tok.at, "The aggregation method '"+g.Method+"' is not supported")
		}
	}
	if !p.takeWord("as") {
		p.unexpected()
	}
	g.Alias = p.name()
	return g
}

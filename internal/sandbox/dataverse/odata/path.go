package odata

// Segment is one part of a resource path: a name, and what stands in parentheses after it. Arguments is nil when there
// are no parentheses; a single key value has no name.
type Segment struct {
	Name      string
	Arguments []Argument
	Call      bool // there were parentheses
}

// Argument is a key part or a function parameter.
type Argument struct {
	Name  string
	Value Literal
}

// Argument finds an argument by name.
func (s Segment) Argument(name string) (Literal, bool) {
	for _, a := range s.Arguments {
		if a.Name == name {
			return a.Value, true
		}
	}
	return Literal{}, false
}

// ParsePath reads the unescaped path below the service root. A trailing slash is ignored.
func ParsePath(path string, aliases map[string]string) ([]Segment, error) {
	p := &parser{lexer: newLexer(path), aliases: aliases}
	var segments []Segment
	for p.err == nil && p.tok.kind != tokenEnd {
		if len(segments) == 8 {
			p.fail(p.tok.at, "The path has too many segments")
			break
		}
		s := Segment{Name: p.name()}
		if p.take("(") {
			s.Call = true
			s.Arguments = p.arguments()
		}
		segments = append(segments, s)
		if !p.take("/") {
			break
		}
	}
	return segments, p.end()
}

func (p *parser) arguments() []Argument {
	var list []Argument
	if p.take(")") {
		return list
	}
	for p.err == nil {
		var a Argument
		v, ok := p.literal()
		if !ok && p.err == nil {
			a.Name = p.name()
			p.expect("=")
			if v, ok = p.literal(); !ok {
				p.unexpected()
			}
		}
		a.Value = v
		list = append(list, a)
		if !p.take(",") {
			break
		}
	}
	p.expect(")")
	return list
}

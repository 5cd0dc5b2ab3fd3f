package metadata

import "strings"

// Message is a function or action of the service, for callers and for the CSDL document.
type Message struct {
	Name       string
	BoundTo    string // logical name of the table whose rows it is called on; "" at the service root
	Action     bool
	Parameters []Parameter
	// Returns is the type of the answer; "" of actions that answer nothing. Members are what a complex type of the
	// message's own, <Name>Response, consists of.
	Returns string
	Members []Parameter
}

// Parameter is a parameter of a message, or a member of a complex type.
type Parameter struct {
	Name, Type string
	Required   bool
}

// ParseMessage reads a definition: "table.Name(Parameter Type, ...) Member Type, ..." or "Name(...) = Type" when the answer
// is of a type that exists. "!" after a type says that an action cannot do without the parameter.
func ParseMessage(definition string) Message {
	head, rest, _ := strings.Cut(definition, "(")
	var m Message
	if table, name, bound := strings.Cut(head, "."); bound {
		m.BoundTo, m.Name = table, name
	} else {
		m.Name = head
	}
	end := closing(rest)
	m.Parameters = parameters(rest[:end])
	switch rest = strings.TrimSpace(rest[end+1:]); {
	case strings.HasPrefix(rest, "= "):
		m.Returns = rest[2:]
	case rest != "":
		m.Returns, m.Members = "mscrm."+m.Name+"Response", parameters(rest)
	}
	return m
}

// Parameter finds a parameter by name; nil when there is none.
func (m *Message) Parameter(name string) *Parameter {
	for i := range m.Parameters {
		if m.Parameters[i].Name == name {
			return &m.Parameters[i]
		}
	}
	return nil
}

// closing is where the bracket that has been opened before text is closed.
func closing(text string) int {
	depth := 1
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	panic("metadata: a definition of a message is not closed: " + text)
}

func parameters(text string) []Parameter {
	var list []Parameter
	for part := range strings.SplitSeq(text, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(part), " ")
		if name == "" {
			continue
		}
		kind, required := strings.CutSuffix(kind, "!")
		list = append(list, Parameter{name, kind, required})
	}
	return list
}

package odata

import "strings"

// Namespace is what the service's types, functions and enumerations are called in.
const Namespace = "Microsoft.Dynamics.CRM."

type parser struct {
	*lexer
	aliases map[string]string  // "@p1" -> text as written in the request
	known   map[string]Literal // those that were read already: a long one may be named often
}

// ParseFilter reads a filter expression. Aliases are the request's parameter aliases by name with their "@".
func ParseFilter(text string, aliases map[string]string) (Expr, error) {
	p := &parser{lexer: newLexer(text), aliases: aliases}
	e := p.or()
	if err := p.end(); err != nil {
		return nil, err
	}
	return e, nil
}

func (p *parser) or() Expr {
	terms := []Expr{p.and()}
	for p.takeWord("or") {
		terms = append(terms, p.and())
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return Or{terms}
}

func (p *parser) and() Expr {
	terms := []Expr{p.unary()}
	for p.takeWord("and") {
		terms = append(terms, p.unary())
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return And{terms}
}

func (p *parser) unary() Expr {
	defer p.leave()
	if !p.enter() {
		return nil
	}
	if p.takeWord("not") {
		return Not{p.unary()}
	}
	if !p.take("(") {
		return p.predicate()
	}
	e := p.or()
	p.expect(")")
	return p.isTrue(e)
}

// predicate reads one condition.
func (p *parser) predicate() Expr {
	if left, ok := p.literal(); ok {
		return p.reversed(left)
	}
	if p.err != nil {
		return nil
	}
	name := p.name()
	if p.is(tokenPunct, "(") {
		return p.isTrue(p.call(nil, name))
	}
	path := Path{name}
	for p.take("/") {
		part := p.name()
		if (part == "any" || part == "all") && p.is(tokenPunct, "(") {
			return p.isTrue(p.lambda(path, part == "all"))
		}
		if p.is(tokenPunct, "(") {
			return p.isTrue(p.call(path, part))
		}
		path = append(path, part)
		if !p.node() || len(path) > 8 {
			p.fail(p.tok.at, "The property path is too long")
			return nil
		}
	}
	return p.comparison(path)
}

var flipped = map[string]string{"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}

func (p *parser) operator() string {
	op := p.tok.text
	if p.tok.kind != tokenName || flipped[op] == "" {
		p.unexpected()
		return ""
	}
	p.next()
	return op
}

// reversed reads the rest of a comparison that has its literal first.
func (p *parser) reversed(left Literal) Expr {
	op := p.operator()
	path := p.path()
	return Comparison{Path: path, Operator: flipped[op], Value: left}
}

func (p *parser) path() Path {
	path := Path{p.name()}
	for p.take("/") {
		path = append(path, p.name())
		if !p.node() || len(path) > 8 {
			p.fail(p.tok.at, "The property path is too long")
			return nil
		}
	}
	return path
}

func (p *parser) comparison(path Path) Expr {
	if p.takeWord("in") {
		return In{path, p.list()}
	}
	if p.tok.kind != tokenName || flipped[p.tok.text] == "" {
		if p.tok.kind == tokenEnd || p.is(tokenPunct, ")") || p.is(tokenName, "and") || p.is(tokenName, "or") || p.is(tokenPunct, ";") {
			return Comparison{Path: path, Operator: "eq", Value: Literal{Kind: Bool, Text: "true"}} // a boolean column alone
		}
		p.unexpected()
		return nil
	}
	op := p.operator()
	if v, ok := p.literal(); ok {
		return Comparison{Path: path, Operator: op, Value: v}
	}
	if p.err != nil {
		return nil
	}
	return Comparison{Path: path, Operator: op, Other: p.path()}
}

// list reads what follows "in": values in parentheses, a JSON array, or an alias of one.
func (p *parser) list() []Literal {
	if !p.take("(") {
		v, ok := p.literal()
		if !ok || v.Kind != List {
			p.unexpected()
		}
		return v.Items
	}
	var values []Literal
	for p.err == nil {
		v, ok := p.literal()
		if !ok {
			p.unexpected()
			return nil
		}
		values = append(values, v)
		if !p.take(",") {
			break
		}
	}
	p.expect(")")
	return values
}

// isTrue reads "eq true" and the like after something that is a condition already.
func (p *parser) isTrue(e Expr) Expr {
	if p.err != nil || !p.is(tokenName, "eq") && !p.is(tokenName, "ne") {
		return e
	}
	same := p.operator() == "eq"
	v, ok := p.literal()
	if !ok || v.Kind != Bool {
		p.unexpected()
		return e
	}
	if v.IsTrue() == same {
		return e
	}
	return Not{e}
}

func (p *parser) call(path Path, name string) Expr {
	p.expect("(")
	if function, ok := strings.CutPrefix(name, Namespace); ok {
		return Function{path, function, p.parameters()}
	}
	if path != nil {
		p.fail(p.tok.at, "An unknown function with name '"+name+"' was found")
		return nil
	}
	switch name {
	case "contains", "startswith", "endswith":
	default:
		p.fail(p.tok.at, "An unknown function with name '"+name+"' was found. This may also be a function that is not supported")
		return nil
	}
	column := p.path()
	p.expect(",")
	v, ok := p.literal()
	if !ok || v.Kind != String && v.Kind != Number && v.Kind != GUID && v.Kind != Date {
		p.unexpected()
	}
	p.expect(")")
	return Match{name, column, v.Text}
}

// parameters reads name=value pairs up to the closing parenthesis.
func (p *parser) parameters() map[string]Literal {
	values := map[string]Literal{}
	if p.take(")") {
		return values
	}
	for p.err == nil {
		name := p.name()
		p.expect("=")
		v, ok := p.literal()
		if !ok {
			p.unexpected()
			return nil
		}
		values[name] = v
		if !p.take(",") {
			break
		}
	}
	p.expect(")")
	return values
}

func (p *parser) lambda(path Path, all bool) Expr {
	p.expect("(")
	if !all && p.take(")") {
		return Lambda{Path: path}
	}
	variable := p.name()
	p.expect(":")
	body := p.or()
	p.expect(")")
	return Lambda{Path: path, All: all, Variable: variable, Body: body}
}

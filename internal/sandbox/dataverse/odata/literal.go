package odata

import (
	"strconv"
	"strings"
	"time"
)

// LiteralKind is what a literal is in OData's own types.
type LiteralKind int

// The kinds of literals.
const (
	Null LiteralKind = iota
	Bool
	Number
	String
	GUID
	Date     // 2026-01-31
	DateTime // with time and zone; Text is normalized to UTC, RFC 3339 without fractions
	Enum     // Text is the member's name
	List     // a JSON array or a list in parentheses; Items are its members
	Object   // a JSON object; Text is its JSON
)

// Literal is a value written in a request. Text is unquoted; GUIDs are lower case.
type Literal struct {
	Kind  LiteralKind
	Text  string
	Items []Literal
}

// IsTrue reports whether the literal is the boolean true.
func (v Literal) IsTrue() bool { return v.Kind == Bool && v.Text == "true" }

// literal reads a literal at the current token; ok is false when there is none there, without consuming anything.
func (p *parser) literal() (v Literal, ok bool) {
	switch p.tok.kind {
	case tokenString:
		v = Literal{Kind: String, Text: p.tok.text}
	case tokenGUID:
		v = Literal{Kind: GUID, Text: p.tok.text}
	case tokenEnum:
		member := p.tok.text[strings.IndexByte(p.tok.text, '\'')+1:]
		v = Literal{Kind: Enum, Text: strings.TrimSuffix(member, "'")}
	case tokenNumber:
		if v, ok = number(p.tok.text); !ok {
			p.fail(p.tok.at, "The literal is neither a number nor a date")
			return v, false
		}
	case tokenAlias:
		return p.alias()
	case tokenName:
		switch p.tok.text {
		case "null":
			v = Literal{Kind: Null}
		case "true", "false":
			v = Literal{Kind: Bool, Text: p.tok.text}
		default:
			return v, false
		}
	case tokenPunct:
		if p.tok.text != "[" && p.tok.text != "{" {
			return v, false
		}
		return p.json()
	default:
		return v, false
	}
	p.next()
	return v, p.node()
}

// alias resolves @name by the request's parameters. A missing one is null, as OData says (Part 2, 5.1.1.14).
func (p *parser) alias() (Literal, bool) {
	text, known := p.aliases[p.tok.text]
	if !known {
		p.next()
		return Literal{Kind: Null}, p.node()
	}
	v, read := p.known[p.tok.text]
	if !read {
		inner := parser{lexer: newLexer(text)}
		var ok bool
		v, ok = inner.literal()
		if err := inner.end(); !ok || err != nil {
			p.fail(p.tok.at, "The value of the parameter alias "+p.tok.text+" is not a literal")
			return v, false
		}
		if p.known == nil {
			p.known = map[string]Literal{}
		}
		p.known[p.tok.text] = v
	}
	p.next()
	return v, p.node()
}

// json reads a JSON array or object that starts at the current token, in double or single quotes.
func (p *parser) json() (Literal, bool) {
	v, length, err := scanJSON(p.text[p.tok.at:])
	if err != nil {
		p.fail(p.tok.at+length, err.Error())
		return v, false
	}
	p.at = p.tok.at + length
	p.next()
	return v, p.node()
}

// ParseLiteral reads a text that is one literal.
func ParseLiteral(text string) (Literal, error) {
	p := parser{lexer: newLexer(text)}
	v, ok := p.literal()
	if !ok {
		p.unexpected()
	}
	return v, p.end()
}

func number(text string) (Literal, bool) {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return Literal{Kind: Number, Text: text}, true
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return Literal{Kind: Date, Text: text}, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return Literal{Kind: DateTime, Text: t.UTC().Format("2006-01-02T15:04:05Z")}, true
		}
	}
	return Literal{}, false
}

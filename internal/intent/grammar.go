package intent

import (
	"fmt"
	"strconv"
	"strings"
)

// A grammar file has one statement on each line; a line that begins with blanks goes on with the one before, "#" begins a
// comment.
//
//	the = the | a | an                      words that say the same; <the> in patterns
//	rec := [<the>] {table} {query} | ...    a piece of a pattern; <rec> in patterns
//	search: <find> [for] <rec>              a pattern of an intent
//	search +5 table=task: ...               the same, a little dearer than it looks, and with a fixed slot
//	table account: account | company        what people call a table; a singular, or one word for both
//	tables account: accounts | companies    the same in the plural
//	column telephone1: phone | tel          what people call a column
//	value yes: yes | on                     what people call a value
//	known: and | weather                    words that are never taken for mistyped ones
//	talk: i | am | when                     words that no name of a record has
//	daily: weather | joke                   words that do not make such a name by themselves
//
// In patterns, "[x]" may be left out, "(x | y)" is one of them, "x*" repeats a group or class; {one}, {many}, {table}, {rel},
// {rels}, {column}, {choice}, {org}, {app}, {view}, {number} and {date} take words that mean such a thing; {query}, {value},
// {text}, {about}, {person} and {old} take any; {word} takes one,
// {quoted} one between quotation marks.

// expression is a parsed piece of a pattern.
type expression struct {
	kind expressionKind
	name string        // of a word, class or slot
	of   []*expression // parts
}

type expressionKind int

const (
	aWord expressionKind = iota
	aClass
	aSlot
	aSequence
	aChoice
	anOption
	aLoop
)

// pattern is one way to say something.
type pattern struct {
	wish  Wish // intent and fixed slots
	cost  int
	body  *expression
	bare  bool   // nothing but a name
	where string // file and statement, for panics
}

// grammar is one language's file, parsed.
type grammar struct {
	language string
	classes  map[string][]string
	pieces   map[string]*expression
	patterns []pattern
	singular map[string][]string // by table
	plural   map[string][]string
	columns  map[string][]string
	values   map[string][]string
	known    []string
	talk     []string
	daily    []string
}

// parseGrammar reads a file. It is ours and every test reads it, so a mistake in it panics.
func parseGrammar(language, text string) *grammar {
	g := &grammar{
		language: language, classes: map[string][]string{}, pieces: map[string]*expression{},
		singular: map[string][]string{}, plural: map[string][]string{}, columns: map[string][]string{}, values: map[string][]string{},
	}
	for number, line := range statements(text) {
		if line == "" {
			continue
		}
		where := fmt.Sprintf("%s.txt, statement %d: %s", language, number+1, line)
		if name, body, ok := strings.Cut(line, " := "); ok {
			g.pieces[strings.TrimSpace(name)] = parseExpression(body, where)
			continue
		}
		if name, body, ok := strings.Cut(line, " = "); ok && !strings.ContainsAny(name, ": ") {
			g.classes[name] = append(g.classes[name], alternatives(body)...)
			continue
		}
		head, body, ok := strings.Cut(line, ": ")
		if !ok {
			panic("intent: " + where)
		}
		g.statement(strings.Fields(head), body, where)
	}
	return g
}

func (g *grammar) statement(head []string, body, where string) {
	switch head[0] {
	case "known":
		g.known = append(g.known, alternatives(body)...)
	case "talk":
		g.talk = append(g.talk, alternatives(body)...)
	case "daily":
		g.daily = append(g.daily, alternatives(body)...)
	case "table":
		g.singular[head[1]] = append(g.singular[head[1]], alternatives(body)...)
	case "tables":
		g.plural[head[1]] = append(g.plural[head[1]], alternatives(body)...)
	case "column":
		g.columns[head[1]] = append(g.columns[head[1]], alternatives(body)...)
	case "value":
		g.values[head[1]] = append(g.values[head[1]], alternatives(body)...)
	default:
		p := pattern{wish: Wish{Intent: Intent(head[0])}, body: parseExpression(body, where), where: where}
		for _, option := range head[1:] {
			p.option(option)
		}
		g.patterns = append(g.patterns, p)
	}
}

// option reads "+5" or "table=task".
func (p *pattern) option(text string) {
	name, value, fixed := strings.Cut(text, "=")
	switch {
	case !fixed && text == "mine":
		p.wish.Mine = true
	case !fixed && text == "bare":
		p.bare = true
	case !fixed:
		n, err := strconv.Atoi(text)
		if err != nil {
			panic("intent: " + p.where)
		}
		p.cost = n
	case name == "table":
		p.wish.Table = value
	case name == "relation":
		p.wish.Relation = value
	case name == "column":
		p.wish.Column = value
	case name == "value":
		p.wish.Value = value
	default:
		panic("intent: " + p.where)
	}
}

// statements gives the lines of a file without comments, continued ones joined.
func statements(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \r\n")
		if strings.HasPrefix(line, "#") {
			line = ""
		}
		if strings.HasPrefix(line, " ") && len(all) > 0 {
			all[len(all)-1] += " " + strings.TrimSpace(line)
			continue
		}
		all = append(all, line)
	}
	return all
}

func alternatives(body string) []string {
	var all []string
	for _, a := range strings.Split(body, "|") {
		if a = strings.TrimSpace(a); a != "" {
			all = append(all, a)
		}
	}
	return all
}

// reader walks along the pieces of an expression.
type reader struct {
	pieces []string
	where  string
}

func parseExpression(text, where string) *expression {
	spaced := strings.NewReplacer("[", " [ ", "]", " ] ", "(", " ( ", ")", " ) ", "|", " | ", "*", " * ").Replace(text)
	r := &reader{pieces: strings.Fields(spaced), where: where}
	e := r.choice()
	if len(r.pieces) > 0 {
		panic("intent: " + where)
	}
	return e
}

func (r *reader) peek() string {
	if len(r.pieces) == 0 {
		return ""
	}
	return r.pieces[0]
}

func (r *reader) take() string {
	p := r.peek()
	if p == "" {
		panic("intent: " + r.where)
	}
	r.pieces = r.pieces[1:]
	return p
}

func (r *reader) choice() *expression {
	e := &expression{kind: aChoice, of: []*expression{r.sequence()}}
	for r.peek() == "|" {
		r.take()
		e.of = append(e.of, r.sequence())
	}
	if len(e.of) == 1 {
		return e.of[0]
	}
	return e
}

func (r *reader) sequence() *expression {
	e := &expression{kind: aSequence}
	for {
		switch p := r.peek(); p {
		case "", "|", ")", "]":
			return e
		default:
			one := r.single(r.take())
			if r.peek() == "*" {
				r.take()
				one = &expression{kind: aLoop, of: []*expression{one}}
			}
			e.of = append(e.of, one)
		}
	}
}

func (r *reader) single(p string) *expression {
	switch {
	case p == "(":
		e := r.choice()
		r.end(")")
		return e
	case p == "[":
		e := &expression{kind: anOption, of: []*expression{r.choice()}}
		r.end("]")
		return e
	case strings.HasPrefix(p, "<"):
		return &expression{kind: aClass, name: strings.Trim(p, "<>")}
	case strings.HasPrefix(p, "{"):
		return &expression{kind: aSlot, name: strings.Trim(p, "{}")}
	}
	return &expression{kind: aWord, name: p}
}

func (r *reader) end(mark string) {
	if r.take() != mark {
		panic("intent: " + r.where)
	}
}

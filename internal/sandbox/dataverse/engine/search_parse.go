package engine

import (
	"strconv"
	"strings"
	"unicode"
)

// clause is a part of what is searched: a leaf, or a group of clauses.
type clause struct {
	leaf *leaf
	any  bool     // of a group: one has to hold, not all
	of   []clause // of a group
	not  bool
	rate bool // counts for the score alone
}

// leaf is a word, or several that follow each other.
type leaf struct {
	words  []string // folded
	prefix bool     // the last word is a beginning
	near   int      // how many other words may stand between; 0 for a phrase
	column string   // logical name; "" for every column
	absent bool     // the column is none that is searched
	boost  float64
	// One of these makes the leaf stand for whatever words of the organization fit.
	fuzzy   int    // letters that may differ
	pattern string // ? and * of Lucene
	regexp  string
	found   map[string]bool // the words that fit

	everything bool // a lone asterisk
}

// expands reports whether the leaf stands for words that have to be looked up.
func (l *leaf) expands() bool { return l.fuzzy > 0 || l.pattern != "" || l.regexp != "" }

// parseSearch reads what a person searches for in the simple syntax of Azure search (Microsoft Learn, "Dataverse search
// query"): + and, | or, - not, "phrase", beginning*, parentheses, a backslash before what is meant literally. Every text
// has a meaning.
func parseSearch(text string, all bool) clause {
	p := &searchParser{in: []rune(text), all: all}
	var list []clause
	for p.at < len(p.in) {
		list = append(list, p.alternatives(0))
		p.at++ // a parenthesis that nothing opened
	}
	return group(list, !all)
}

// parseLucene reads the full syntax of Lucene, where AND, OR, NOT, fields, fuzziness, proximity, boosts, wildcards and
// regular expressions are known as well.
func parseLucene(text string, all bool) clause {
	p := &searchParser{in: []rune(text), all: all, lucene: true}
	var list []clause
	for p.at < len(p.in) {
		list = append(list, p.occurrences(0))
		p.at++
	}
	return group(list, !all)
}

// searchParser walks through a text once.
type searchParser struct {
	in     []rune
	at     int
	all    bool
	lucene bool
}

// deepestGroup is how far parentheses nest before they are only punctuation.
const deepestGroup = 20

func group(list []clause, any bool) clause {
	var kept []clause
	for _, c := range list {
		if c.leaf != nil || len(c.of) > 0 {
			kept = append(kept, c)
		}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	return clause{any: any, of: kept}
}

func (p *searchParser) space() {
	for p.at < len(p.in) && unicode.IsSpace(p.in[p.at]) {
		p.at++
	}
}

// next reports whether the text goes on, within the parentheses that are open.
func (p *searchParser) next() bool {
	p.space()
	return p.at < len(p.in) && p.in[p.at] != ')'
}

func (p *searchParser) take(r rune) bool {
	if p.at < len(p.in) && p.in[p.at] == r {
		p.at++
		return true
	}
	return false
}

// alternatives are what | separates, and in the mode "any" also what stands side by side.
func (p *searchParser) alternatives(depth int) clause {
	var list []clause
	for p.next() {
		if p.take('|') {
			continue
		}
		list = append(list, p.together(depth))
	}
	return group(list, true)
}

// together are what + joins, and in the mode "all" also what stands side by side.
func (p *searchParser) together(depth int) clause {
	list := []clause{p.unary(depth)}
	for p.next() {
		if !p.take('+') && !p.all || p.in[min(p.at, len(p.in)-1)] == '|' {
			break
		}
		if p.next() {
			list = append(list, p.unary(depth))
		}
	}
	return group(list, false)
}

func (p *searchParser) unary(depth int) clause {
	p.space()
	for p.take('+') {
		p.space()
	}
	negated := false
	for p.take('-') {
		negated = !negated
	}
	c := p.primary(depth)
	if negated && (c.leaf != nil || len(c.of) > 0) {
		return clause{not: true, of: []clause{c}}
	}
	return c
}

func (p *searchParser) primary(depth int) clause {
	p.space()
	switch {
	case p.at == len(p.in):
		return clause{}
	case depth < deepestGroup && p.take('('):
		var c clause
		if p.lucene {
			c = p.occurrences(depth + 1)
		} else {
			c = p.alternatives(depth + 1)
		}
		p.take(')')
		p.boosted(&c)
		return c
	case p.take('('):
		return clause{}
	case p.take('"'):
		return p.phrase()
	case p.lucene && p.take('/'):
		return p.expression()
	}
	return p.word()
}

// phrase reads up to the closing quotation mark.
func (p *searchParser) phrase() clause {
	var b strings.Builder
	for p.at < len(p.in) && !p.take('"') {
		if p.in[p.at] == '\\' && p.at+1 < len(p.in) {
			p.at++
		}
		b.WriteRune(p.in[p.at])
		p.at++
	}
	l := &leaf{words: tokens(fold(b.String())), boost: 1}
	if p.lucene && p.take('~') {
		l.near = max(1, p.number(1))
	} else if !p.lucene && p.take('*') {
		l.prefix = true
	}
	return p.done(l)
}

// expression reads a regular expression up to its closing slash.
func (p *searchParser) expression() clause {
	start := p.at
	for p.at < len(p.in) && p.in[p.at] != '/' {
		if p.in[p.at] == '\\' {
			p.at++
		}
		p.at++
	}
	end := min(p.at, len(p.in))
	p.at = min(p.at+1, len(p.in))
	return p.done(&leaf{regexp: fold(string(p.in[start:end])), boost: 1})
}

// word reads up to a space or what the syntax gives a meaning.
func (p *searchParser) word() clause {
	var text, glob strings.Builder
	l := &leaf{boost: 1}
	stars := 0
	stop := `"()|+`
	if p.lucene {
		stop = `"()~^:`
	}
	start := p.at
	for p.at < len(p.in) && !unicode.IsSpace(p.in[p.at]) && !strings.ContainsRune(stop, p.in[p.at]) {
		r := p.in[p.at]
		p.at++
		switch {
		case r == '\\' && p.at < len(p.in):
			r = p.in[p.at]
			p.at++
		case r == '*' || p.lucene && r == '?':
			stars++
			glob.WriteRune(r)
			if r == '*' && (p.at == len(p.in) || unicode.IsSpace(p.in[p.at]) || strings.ContainsRune(stop, p.in[p.at])) {
				l.prefix = true
				stars--
			}
			continue
		}
		text.WriteRune(r)
		glob.WriteRune(r)
	}
	if p.at == start { // a character that means nothing here
		p.at++
		return clause{}
	}
	if p.lucene && p.take(':') {
		return p.field(text.String())
	}
	l.words = tokens(fold(text.String()))
	switch {
	case len(l.words) == 0:
		l.everything = l.prefix
	case stars > 0 && len(l.words) == 1 && p.lucene:
		l.pattern, l.words, l.prefix = fold(glob.String()), nil, false
	case p.lucene && p.take('~'):
		if l.fuzzy = min(2, p.number(2)); len(l.words) > 1 {
			l.fuzzy = 0
		}
	}
	return p.done(l)
}

// field reads what a column is asked for: city:bergen.
func (p *searchParser) field(name string) clause {
	c := p.primary(deepestGroup)
	if c.leaf != nil {
		c.leaf.column = strings.ToLower(name)
	}
	return c
}

func (p *searchParser) done(l *leaf) clause {
	if len(l.words) == 0 && !l.expands() && !l.everything {
		return clause{}
	}
	c := clause{leaf: l}
	p.boosted(&c)
	return c
}

// boosted reads a weight: word^2.
func (p *searchParser) boosted(c *clause) {
	if !p.lucene || !p.take('^') {
		return
	}
	weight := float64(p.number(1))
	c.each(func(l *leaf) { l.boost *= min(weight, 100) })
}

// number reads digits; more behind a point are passed over.
func (p *searchParser) number(otherwise int) int {
	start := p.at
	for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
		p.at++
	}
	n, err := strconv.Atoi(string(p.in[start:min(p.at, start+4)]))
	if p.take('.') {
		for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
			p.at++
		}
	}
	if err != nil {
		return otherwise
	}
	return n
}

// each visits all leaves.
func (c *clause) each(do func(*leaf)) {
	if c.leaf != nil {
		do(c.leaf)
	}
	for i := range c.of {
		c.of[i].each(do)
	}
}

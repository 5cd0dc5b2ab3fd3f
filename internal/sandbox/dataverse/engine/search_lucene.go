package engine

import (
	"slices"
	"strings"
	"unicode"
)

// occurrence is how a clause of Lucene's has to occur.
type occurrence int

const (
	should occurrence = iota
	must
	mustNot
)

// occurrences reads clauses up to a closing parenthesis and puts them together as Lucene does: all that must occur and
// none that must not; where none must, one of those that should. What should occur beside what must counts for the score.
func (p *searchParser) occurrences(depth int) clause {
	var list []clause
	var how []occurrence
	joined := false // an AND stands before the next clause
	loose := false  // an OR stands before the next clause
	for p.next() {
		switch p.operator() {
		case "AND":
			joined, loose = true, false
			if n := len(how) - 1; n >= 0 && how[n] == should {
				how[n] = must
			}
			continue
		case "OR":
			joined, loose = false, true
			if n := len(how) - 1; n >= 0 && how[n] == must && p.all {
				how[n] = should
			}
			continue
		}
		as := should
		if joined || p.all && !loose {
			as = must
		}
		p.space()
		switch {
		case p.take('+'):
			as = must
		case p.take('-'), p.take('!'), p.negation():
			as = mustNot
		}
		if c := p.primary(depth); c.leaf != nil || len(c.of) > 0 {
			list, how = append(list, c), append(how, as)
		}
		joined, loose = false, false
	}
	return occurring(list, how)
}

func occurring(list []clause, how []occurrence) clause {
	required := slices.Contains(how, must)
	var needed, optional []clause
	for i, c := range list {
		switch {
		case how[i] == mustNot:
			needed = append(needed, clause{not: true, of: []clause{c}})
		case how[i] == must:
			needed = append(needed, c)
		case required:
			needed = append(needed, clause{rate: true, of: []clause{c}})
		default:
			optional = append(optional, c)
		}
	}
	if len(optional) > 0 {
		needed = append(needed, group(optional, true))
	}
	return group(needed, false)
}

// operator takes AND or OR, by name or by sign.
func (p *searchParser) operator() string {
	switch {
	case p.keyword("AND"), p.keyword("&&"):
		return "AND"
	case p.keyword("OR"), p.keyword("||"):
		return "OR"
	}
	return ""
}

func (p *searchParser) negation() bool { return p.keyword("NOT") }

// keyword takes a word that is an operator, which names are only as words of their own.
func (p *searchParser) keyword(word string) bool {
	rest := string(p.in[p.at:min(len(p.in), p.at+len(word))])
	end := p.at + len(word)
	if rest != word || unicode.IsLetter(rune(word[0])) && end < len(p.in) && !unicode.IsSpace(p.in[end]) && !strings.ContainsRune("(", p.in[end]) {
		return false
	}
	p.at = end
	return true
}

package intent

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostBareWords is how long a name is that somebody types with nothing else.
const mostBareWords = 8

// phrase is what is known of the words of a name that somebody perhaps means.
type phrase struct {
	words, talk, daily, joints int
	proper, numbers, odd       int
	quoted                     bool
	first                      *token // the first word that is no article
	firstProper                bool
}

// joints stand between the words of anything.
var joints = set(strings.Fields("the a an of in on at to for from with and or by & as per my your our is it me"))

func (c candidate) phrase(s span) phrase {
	var p phrase
	for i := s.start; i < s.end; i++ {
		t := &c.lattice.tokens[i]
		if t.look == isPunct {
			if t.folded == "&" {
				p.joints++
			}
			continue
		}
		p.words++
		switch proper := c.lattice.proper[i]; {
		case t.look == isQuoted:
			p.quoted = true
		case t.look == isNumber || strings.ContainsAny(t.folded, "0123456789"):
			p.numbers++
		case joints[t.folded] && !proper:
			p.joints++
			continue
		case proper:
			p.proper++
		case c.program.talking[t.folded]:
			p.talk++
		case c.program.everyday[t.folded]:
			p.daily++
		case gibberish(t):
			p.odd++
		}
		if p.first == nil {
			p.first, p.firstProper = t, c.lattice.proper[i]
		}
	}
	return p
}

// nameLike reports whether the words being searched for can be a name, rather than small talk.
func (c candidate) nameLike(intent Intent) bool {
	s := c.spans[atQuery]
	if s.end == 0 {
		return true
	}
	p := c.phrase(s)
	if p.quoted {
		return true
	}
	if p.first == nil {
		return false
	}
	common := p.talk+p.daily+p.joints+p.odd == p.words
	if !c.program.patterns[c.rule].bare {
		if intent == Search {
			return !common || p.words <= 2 && p.talk == 0
		}
		inner := p.joints > 0 && p.words > 2 && c.program.everyday[p.first.folded] && !p.firstProper
		return !common && !inner && !(p.daily > 0 && p.daily+p.numbers+p.joints+p.talk == p.words)
	}
	switch {
	case common, p.talk > 0 && p.proper == 0:
		return false
	case p.numbers == p.words:
		return digitsOf(c.lattice, s) >= 3
	case p.words > mostBareWords && p.proper+p.numbers < 2:
		return false
	case !p.firstProper && !p.first.capital && (c.program.talking[p.first.folded] || c.program.everyday[p.first.folded]) && (p.joints > 0 || p.proper > 0):
		return false
	case c.program.talking[p.first.folded] && p.words > 2:
		return false
	}
	return true
}

func digitsOf(l *lattice, s span) int {
	n := 0
	for _, t := range l.tokens[s.start:s.end] {
		for _, r := range t.folded {
			if unicode.IsDigit(r) {
				n++
			}
		}
	}
	return n
}

// gibberish reports words that a hand falling on the keyboard makes. Abbreviations are written in capital letters.
func gibberish(t *token) bool {
	word := t.folded
	if t.shout || len(word) < 4 || !ascii(word) || !letters(word) {
		return false
	}
	vowels, run, same, along := 0, 0, 1, 1
	for i := range len(word) {
		if strings.IndexByte("aeiouy", word[i]) >= 0 {
			vowels++
			run = 0
		} else if run++; run >= 5 {
			return true
		}
		if i == 0 {
			continue
		}
		if word[i] == word[i-1] {
			same++
		} else {
			same = 1
		}
		if beside(word[i-1], word[i]) {
			along++
		} else {
			along = 1
		}
		if same >= 3 || along >= 4 {
			return true
		}
	}
	return vowels == 0
}

// beside reports whether two keys stand beside each other in one row of a keyboard.
func beside(a, b byte) bool {
	for _, row := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		i, j := strings.IndexByte(row, a), strings.IndexByte(row, b)
		if i >= 0 && j >= 0 {
			return j-i == 1 || i-j == 1
		}
	}
	return false
}

// letterless reports text without any letter or digit.
func letterless(text string) bool {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return false
		}
		i += n
	}
	return true
}

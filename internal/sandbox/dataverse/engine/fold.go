package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is what text is compared, sorted and grouped by: without case and without accents, as the service's database
// collation does. It is stored beside every text column, so that indexes and plain byte comparison serve all of it.
func fold(s string) string {
	lower := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return foldWide(s)
		}
		if 'A' <= s[i] && s[i] <= 'Z' {
			lower = false
		}
	}
	if lower {
		return s
	}
	return strings.ToLower(s)
}

// ascii reports whether a text is of plain letters, which folding leaves in their places.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func foldWide(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 4)
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r >= 0x300 && r <= 0x36f:
		case r == 'ß' || r == 'ẞ':
			b.WriteString("ss")
		case r == 'ς':
			b.WriteRune('σ')
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// pattern is a LIKE pattern of the service taken apart.
type pattern struct {
	glob     string   // for SQLite's GLOB over folded text; its sets are those of T-SQL's LIKE
	prefix   string   // the literal that a match starts with
	middle   string   // the literal of "%literal%"
	literals []string // the stretches between wildcards
	exact    bool     // no wildcard at all: prefix is the whole text
	starts   bool     // "literal%"
	within   bool     // "%literal%"
}

// likePattern reads a LIKE pattern: % for any text, _ for one character, [a-f] and [^a-f] for sets.
func likePattern(text string) pattern {
	runes := []rune(fold(text))
	var glob, literal strings.Builder
	var p pattern
	kinds := ""
	stretch := -1 // where the literal stretch under way began
	ends := func(at int) {
		if stretch >= 0 {
			p.literals = append(p.literals, string(runes[stretch:at]))
		}
		stretch = -1
	}
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case '%':
			ends(i)
			if !strings.HasSuffix(kinds, "%") {
				glob.WriteByte('*')
				kinds += "%"
			}
			continue
		case '_':
			ends(i)
			glob.WriteByte('?')
			kinds += "_"
			continue
		case '[':
			if end := setEnd(runes, i); end > 0 {
				ends(i)
				glob.WriteString(string(runes[i : end+1]))
				kinds += "["
				i = end
				continue
			}
			glob.WriteString("[[]")
		case '*', '?':
			glob.WriteString("[" + string(r) + "]")
		default:
			glob.WriteRune(r)
		}
		if !strings.HasSuffix(kinds, "l") {
			kinds += "l"
		}
		if !strings.ContainsAny(kinds, "%_[") {
			p.prefix += string(runes[i])
		}
		literal.WriteRune(runes[i])
		if stretch < 0 {
			stretch = i
		}
	}
	ends(len(runes))
	p.glob = glob.String()
	switch kinds {
	case "", "l":
		p.exact = true
	case "l%":
		p.starts = true
	case "%l%":
		p.within, p.middle = true, literal.String()
	}
	return p
}

// setEnd finds the bracket that closes a set, 0 when none does.
func setEnd(runes []rune, open int) int {
	i := open + 1
	if i < len(runes) && runes[i] == '^' {
		i++
	}
	for i++; i < len(runes); i++ { // a bracket right after the opening one is a member
		if runes[i] == ']' {
			return i
		}
	}
	return 0
}

// after is the smallest text that sorts behind everything starting with prefix.
func after(prefix string) string { return prefix + string(unicode.MaxRune) }

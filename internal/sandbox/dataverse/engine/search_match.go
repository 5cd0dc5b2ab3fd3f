package engine

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of looking words up that fit a pattern.
const (
	maxExpanding  = 8       // leaves of a search that do
	maxVocabulary = 200_000 // words that a search looks at, over all tables
	maxFitting    = 60      // words that one leaf stands for
)

// matching is what a clause finds in a table's index: the rows that an FTS5 expression finds, or all rows but those. No
// expression finds no row.
type matching struct {
	fts     string
	but     bool
	nothing bool // of a part that has no meaning for the table
}

// matches turns a clause into an FTS5 expression. Everything in it is quoted, so that no text of a search is an operator.
func (c *clause) matches() matching {
	switch {
	case c.leaf != nil:
		return c.leaf.matches()
	case c.not:
		m := c.of[0].matches()
		m.but = !m.but
		return m
	case c.rate:
		return matching{nothing: true}
	}
	var with, without []string
	never, always := false, false
	for i := range c.of {
		m := c.of[i].matches()
		switch {
		case m.nothing:
		case m.but && m.fts == "":
			always = true
		case m.but:
			without = append(without, m.fts)
		case m.fts == "":
			never = true
		default:
			with = append(with, m.fts)
		}
	}
	if c.any {
		return anyOf(with, without, never, always)
	}
	return allOf(with, without, never, always)
}

func joinedBy(list []string, operator string) string {
	if len(list) == 1 {
		return list[0]
	}
	return "(" + strings.Join(list, operator) + ")"
}

func allOf(with, without []string, never, always bool) matching {
	switch {
	case never:
		return matching{}
	case len(with) == 0 && len(without) == 0:
		return matching{but: always}
	case len(with) == 0:
		return matching{fts: joinedBy(without, " OR "), but: true}
	case len(without) == 0:
		return matching{fts: joinedBy(with, " AND ")}
	}
	return matching{fts: "(" + joinedBy(with, " AND ") + " NOT " + joinedBy(without, " OR ") + ")"}
}

// anyOf holds where a negative part does not find, or a positive one finds: everywhere but where all negative parts find
// and no positive one does.
func anyOf(with, without []string, never, always bool) matching {
	switch {
	case always:
		return matching{but: true}
	case len(without) == 0 && len(with) == 0:
		return matching{}
	case len(without) == 0:
		return matching{fts: joinedBy(with, " OR ")}
	case len(with) == 0:
		return matching{fts: joinedBy(without, " AND "), but: true}
	}
	return matching{fts: "(" + joinedBy(without, " AND ") + " NOT " + joinedBy(with, " OR ") + ")", but: true}
}

func (l *leaf) matches() matching {
	switch {
	case l.absent:
		return matching{}
	case l.everything:
		return matching{but: true}
	}
	quote := func(words ...string) string { return `"` + strings.Join(words, " ") + `"` } // words are letters and digits
	var fts string
	switch {
	case l.found != nil:
		var list []string
		for word := range l.found {
			list = append(list, quote(word))
		}
		if len(list) == 0 {
			return matching{}
		}
		fts = joinedBy(list, " OR ")
	case l.near > 0 && len(l.words) > 1:
		var list []string
		for _, w := range l.words {
			list = append(list, quote(w))
		}
		fts = "NEAR(" + strings.Join(list, " ") + ", " + strconv.Itoa(l.near) + ")"
	default:
		fts = quote(l.words...)
		if l.prefix {
			fts += " *"
		}
	}
	if l.column != "" {
		fts = "(" + quoted(l.column+"~") + " : (" + fts + "))"
	}
	return matching{fts: fts}
}

// fits makes the test whether a word of an organization fits a leaf. What is no valid expression fits nothing.
func (l *leaf) fits() func(string) bool {
	switch {
	case l.fuzzy > 0:
		return func(word string) bool { return within(l.words[0], word, l.fuzzy) }
	case l.pattern != "":
		text := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(l.pattern))
		if r, err := regexp.Compile("^(?:" + text + ")$"); err == nil {
			return r.MatchString
		}
	default:
		if r, err := regexp.Compile("^(?:" + l.regexp + ")$"); err == nil {
			return r.MatchString
		}
	}
	return func(string) bool { return false }
}

// expand looks up the words of a table that the leaves of a search stand for, as far as left allows.
func (db *DB) expand(ctx context.Context, t *table, c *clause, left *int) error {
	var leaves []*leaf
	c.each(func(l *leaf) {
		if l.expands() {
			leaves = append(leaves, l)
		}
	})
	if len(leaves) == 0 {
		return nil
	}
	if len(leaves) > maxExpanding {
		return refuse(CodeInvalidArgument, "The search term has too many wildcards, regular expressions and fuzzy words.")
	}
	tests := make([]func(string) bool, len(leaves))
	for i, l := range leaves {
		tests[i], l.found = l.fits(), map[string]bool{}
		if l.fuzzy > 0 {
			l.found[l.words[0]] = true
		}
	}
	return db.rows(ctx, "SELECT term FROM "+quoted(t.vocabulary())+" LIMIT ?", []any{*left}, 1, func(v []any) error {
		*left--
		word, _ := v[0].(string)
		for i, l := range leaves {
			if len(l.found) < maxFitting && tests[i](word) && len(tokens(word)) == 1 {
				l.found[word] = true
			}
		}
		return nil
	})
}

// within reports whether two words differ in no more than so many letters (Levenshtein's distance).
func within(a, b string, most int) bool {
	if d := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); d > most || -d > most {
		return false
	}
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return a == b
	}
	var rows [2][66]int
	last, now := &rows[0], &rows[1]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := range x {
		now[0] = i + 1
		best := now[0]
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			now[j+1] = min(last[j]+cost, last[j+1]+1, now[j]+1)
			best = min(best, now[j+1])
		}
		if best > most {
			return false
		}
		last, now = now, last
	}
	return last[len(y)] <= most
}

// letter reports whether a rune is part of a word, as FTS5's unicode61 has it.
func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r)
}

// tokens are the words of a folded text.
func tokens(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !letter(r) })
}

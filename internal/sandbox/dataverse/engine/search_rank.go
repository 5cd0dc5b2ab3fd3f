package engine

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// token is a word within a text.
type token struct {
	word       string // folded
	start, end int    // bytes of the text
}

// wordsOf takes a text as a person reads it apart, remembering places. A combining mark belongs to the letter before it.
func wordsOf(text string) []token {
	list := make([]token, 0, 1+len(text)/4)
	word := func(start, end int) string { return fold(text[start:end]) }
	if ascii(text) {
		folded := fold(text)
		word = func(start, end int) string { return folded[start:end] }
	}
	start := -1
	for i, r := range text {
		inside := letter(r) || start >= 0 && r >= 0x300 && r <= 0x36f
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			list = append(list, token{word(start, i), start, i})
			start = -1
		}
	}
	if start >= 0 {
		list = append(list, token{word(start, len(text)), start, len(text)})
	}
	return list
}

// wordsAround is wordsOf for a text in which one of the leaves may be found, and nil for others: most of what a search reads
// are columns that do not have the word.
func wordsAround(leaves []*leaf, text string) []token {
	if slices.ContainsFunc(leaves, func(l *leaf) bool { return l.mayStandIn(text) }) {
		return wordsOf(text)
	}
	return nil
}

// mayStandIn reports whether a text can have the leaf, which is told at a glance only of words and plain letters.
func (l *leaf) mayStandIn(text string) bool {
	if l.everything {
		return false
	}
	if l.found != nil || l.near > 0 || len(l.words) == 0 || !ascii(text) {
		return true
	}
	word := l.words[0]
	for i := range len(text) - len(word) + 1 {
		if strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// hit is where a leaf was found in a text: from one token up to another.
type hit struct{ from, to int }

// hits finds a leaf in a text's words, and how well: a whole word is worth more than its beginning.
func (l *leaf) hits(list []token) (found []hit, worth float64) {
	switch {
	case l.everything:
		return nil, 0
	case l.found != nil:
		for i, t := range list {
			if l.found[t.word] {
				found, worth = append(found, hit{i, i + 1}), max(worth, 0.8)
				if len(l.words) > 0 && t.word == l.words[0] {
					worth = 1
				}
			}
		}
		return found, worth
	case l.near > 0:
		for i, t := range list {
			if slices.Contains(l.words, t.word) {
				found, worth = append(found, hit{i, i + 1}), 1
			}
		}
		return found, worth
	}
	for i := 0; i+len(l.words) <= len(list); i++ {
		if w := l.here(list[i : i+len(l.words)]); w > 0 {
			found, worth = append(found, hit{i, i + len(l.words)}), max(worth, w)
		}
	}
	return found, worth
}

// here compares a leaf's words with as many of a text.
func (l *leaf) here(list []token) float64 {
	for i, word := range l.words {
		switch {
		case list[i].word == word:
		case l.prefix && i == len(l.words)-1 && strings.HasPrefix(list[i].word, word):
			return float64(utf8.RuneCountInString(word)) / float64(utf8.RuneCountInString(list[i].word))
		default:
			return 0
		}
	}
	return 1
}

// wanted are the leaves that a row is found for, not those that it must lack.
func (c *clause) wanted(list []*leaf) []*leaf {
	if c.leaf != nil {
		return append(list, c.leaf)
	}
	if c.not {
		return list
	}
	for i := range c.of {
		list = c.of[i].wanted(list)
	}
	return list
}

// score tells how well texts answer a search: the more and the rarer the words, the shorter the text and the earlier the
// column, the better. It follows BM25 without its count of all texts, which would cost more than the search.
func score(leaves []*leaf, rarity []float64, texts []string) float64 {
	total := 0.0
	for column, text := range texts {
		if text == "" {
			continue
		}
		list := wordsAround(leaves, text)
		weight := 1.0
		if column == 0 {
			weight = 2 // the name
		}
		for i, l := range leaves {
			if found, worth := l.hits(list); worth > 0 {
				often := float64(len(found))
				total += weight * l.boost * rarity[i] * worth * often * 2.2 / (often + 1.2*(0.25+0.75*float64(len(list))/4))
			}
		}
	}
	return math.Round(total*1e6) / 1e6
}

// highlighted marks what was found in a text with {crmhit} and {/crmhit}, as the service does; "" when nothing was. Partly
// marks of a word only the beginning that was given.
func highlighted(leaves []*leaf, text string, partly bool) string {
	list := wordsAround(leaves, text)
	ends := make([]int, len(list)) // where the mark of a word ends, 0 for none
	some := false
	for _, l := range leaves {
		found, _ := l.hits(list)
		for _, h := range found {
			for i := h.from; i < h.to; i++ {
				end := list[i].end
				if partly && l.prefix && i == h.to-1 && len(l.words) > 0 {
					end = list[i].start + beginning(text[list[i].start:end], l.words[len(l.words)-1])
				}
				ends[i], some = max(ends[i], end), true
			}
		}
	}
	if !some {
		return ""
	}
	var b strings.Builder
	at := 0
	for i, t := range list {
		if ends[i] > 0 {
			b.WriteString(text[at:t.start] + "{crmhit}" + text[t.start:ends[i]] + "{/crmhit}")
			at = ends[i]
		}
	}
	return b.String() + text[at:]
}

// beginning is how many bytes of a word, as written, its folded beginning takes.
func beginning(word, folded string) int {
	for i := range word {
		if i > 0 && len(fold(word[:i])) >= len(folded) {
			return i
		}
	}
	return len(word)
}

// completed is the word that the last leaf is the beginning of.
func completed(leaves []*leaf, texts []string) string {
	if len(leaves) == 0 {
		return ""
	}
	last := leaves[len(leaves)-1]
	for _, text := range texts {
		list := wordsAround(leaves, text)
		if found, _ := last.hits(list); len(found) > 0 {
			return list[found[0].to-1].word
		}
	}
	return ""
}

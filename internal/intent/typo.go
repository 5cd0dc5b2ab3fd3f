package intent

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Words are found mistyped by what is left of them when letters are left out: two words at distance one have a common
// remainder after one letter less in each, so that a look-up replaces comparing with every word.

const (
	shortestTypo = 4  // letters; shorter words are like too many others
	secondTypo   = 8  // letters from which on two mistakes are looked for
	longestTypo  = 24 // letters; longer words are not looked at
)

// index puts a word where its mistyped forms look for it.
func (t *trie) index(word string, id int32) {
	n := utf8.RuneCountInString(word)
	if !letters(word) {
		return
	}
	if t.verbs && ascii(word) && (n == shortestTypo || n == shortestTypo-1) {
		t.brief = append(t.brief, id)
	}
	if n < shortestTypo || n > longestTypo {
		return
	}
	t.near[word] = append(t.near[word], id)
	for _, less := range without(word) {
		t.near[less] = append(t.near[less], id)
		if n >= secondTypo {
			for _, lesser := range without(less) {
				if ids := t.near[lesser]; len(ids) == 0 || ids[len(ids)-1] != id {
					t.near[lesser] = append(ids, id)
				}
			}
		}
	}
}

func letters(word string) bool {
	for _, r := range word {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// without gives the word with each of its letters left out, the first never: that one is rarely mistaken.
func without(word string) []string {
	var all []string
	for i, r := range word {
		if i > 0 {
			all = append(all, word[:i]+word[i+utf8.RuneLen(r):])
		}
	}
	return all
}

// guess is a word that was perhaps meant.
type guess struct {
	word int32
	cost int16
}

// What a mistake costs; the words of a name cost freeWord.
const (
	oneMistake  = 12
	twoMistakes = 16
)

// guesses finds words that a mistyped one could be, the nearest first.
func (t *trie) guesses(word string) []guess {
	n := utf8.RuneCountInString(word)
	if n < shortestTypo || n > longestTypo || !letters(word) {
		return nil
	}
	most := 1
	if n >= secondTypo-1 {
		most = 2
	}
	var found []guess
	seen := func(id int32) bool {
		return slices.ContainsFunc(found, func(g guess) bool { return g.word == id })
	}
	look := func(less string) {
		for _, id := range t.near[less] {
			if seen(id) || len(found) >= 4 {
				continue
			}
			other := t.words[id]
			if d := distance(word, other, most); d == 1 && (n > 4 || utf8.RuneCountInString(other) != n || anagram(word, other)) {
				found = append(found, guess{id, oneMistake})
			} else if d == 2 && most == 2 && utf8.RuneCountInString(other) >= secondTypo {
				found = append(found, guess{id, twoMistakes})
			}
		}
	}
	look(word)
	for _, less := range without(word) {
		look(less)
		if most == 2 {
			for _, lesser := range without(less) {
				look(lesser)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b guess) int { return int(a.cost) - int(b.cost) })
	return found
}

// short finds what a word of three letters could be at the beginning of a sentence, where verbs stand: the same letters in
// another order, or one letter more.
func (t *trie) short(word string) []guess {
	var found []guess
	for _, id := range t.brief {
		other := t.words[id]
		if other[0] == word[0] && (len(other) == len(word) && anagram(word, other) || len(other) == len(word)+1 && distance(word, other, 1) == 1) {
			found = append(found, guess{id, oneMistake})
		}
	}
	return found
}

// anagram reports whether two words have the same letters.
func anagram(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// distance counts letters left out, put in, exchanged and swapped with their neighbour; more than most gives most+1.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return most + 1
	}
	var rows [3][longestTypo + 4]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return last[len(y)]
}

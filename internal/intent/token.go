package intent

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostTokens bounds what the grammar looks at. What follows belongs to whatever stands last: the text of a note, as a rule.
const mostTokens = 120

// look is how a token is written.
type look uint8

const (
	isWord   look = iota // letters, also with digits among them
	isNumber             // begins with a digit, or with a sign or a currency and a digit
	isQuoted             // words between quotation marks, one token
	isPunct
	isRest // everything after mostTokens
)

// token is one piece of a text.
type token struct {
	start, end int // of the text, in bytes; of a quoted token without the marks
	outer      [2]int
	folded     string
	look       look
	capital    bool // begins with an upper-case letter where that says something
	shout      bool // is all upper case, with two letters or more
	glued      bool // no blank before it
}

// lexer cuts a text into tokens.
type lexer struct {
	text   string
	tokens []token
	words  map[string]bool // words of scripts that are written without blanks
	most   int             // of them, in bytes
}

// tokens cuts text; words are those by which scripts without blanks are cut.
func tokens(text string, words map[string]bool, longest int) []token {
	l := lexer{text: text, words: words, most: longest, tokens: make([]token, 0, 16)}
	for at := 0; at < len(text); {
		if len(l.tokens) >= mostTokens {
			l.add(at, strings.TrimRightFunc(text, unicode.IsSpace), isRest)
			break
		}
		at = l.next(at)
	}
	return l.tokens
}

// add appends the token text[at:len(until)].
func (l *lexer) add(at int, until string, kind look) {
	if at >= len(until) {
		return
	}
	t := token{start: at, end: len(until), outer: [2]int{at, len(until)}, look: kind}
	t.glued = len(l.tokens) > 0 && l.tokens[len(l.tokens)-1].outer[1] == at
	if kind != isRest && kind != isQuoted {
		word := l.text[at:t.end]
		t.folded = fold(word)
		if kind == isWord {
			t.capital, t.shout = capitals(word)
		}
	}
	l.tokens = append(l.tokens, t)
}

func capitals(word string) (first, all bool) {
	letters := 0
	all = true
	for i, r := range word {
		if i == 0 {
			first = unicode.IsUpper(r)
		}
		if unicode.IsLetter(r) {
			letters++
			all = all && unicode.IsUpper(r)
		}
	}
	return first, all && letters > 1
}

// next reads one token and says where to go on.
func (l *lexer) next(at int) int {
	r, size := utf8.DecodeRuneInString(l.text[at:])
	switch {
	case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\u00a0':
		return at + size
	case (r == '\'' || r == '\u2019') && possessive(l.text[at+size:]):
		l.genitive(at, size+1)
		return at + size + 1
	case closing(r) != 0:
		if end, after := l.quoted(at+size, r); end > 0 {
			l.add(at+size, l.text[:end], isQuoted)
			last := &l.tokens[len(l.tokens)-1]
			last.outer = [2]int{at, after}
			return after
		}
	case unbroken(r):
		return l.run(at)
	case wordRune(r) || starts(l.text[at:], r, size):
		return l.word(at)
	}
	if strings.ContainsRune("-=>:\u2192\u27a1", r) {
		if n := arrow(l.text[at:]); n > 0 {
			l.add(at, l.text[:at+n], isPunct)
			l.tokens[len(l.tokens)-1].folded = "="
			return at + n
		}
	}
	l.add(at, l.text[:at+size], isPunct)
	last := &l.tokens[len(l.tokens)-1]
	if p, ok := sames[r]; ok {
		last.folded = p
	}
	return at + size
}

// sames are signs that say the same.
var sames = map[rune]string{
	'\u2013': "-", '\u2014': "-", '\u2212': "-", '\uff1a': ":", '\uff0c': ",", '\u3001': ",", '\u060c': ",", '\u3002': ".", '\uff1f': "?", '\u061f': "?",
	'\uff01': "!", '\u00a1': "!", '\u00bf': "?", '(': "lpar", ')': "rpar", '[': "lpar", ']': "rpar", '\uff08': "lpar", '\uff09': "rpar", ';': ",", '\u061b': ",", '\u2026': ".",
	'\uff1d': "=",
}

// arrow gives the length of "->", "=>", ":=", "-->" or "→".
func arrow(text string) int {
	for _, a := range []string{"-->", "==>", "->", "=>", ":=", "\u2192", "\u27a1"} {
		if strings.HasPrefix(text, a) {
			return len(a)
		}
	}
	return 0
}

// closing gives the mark that ends what r begins; 0 when r is no quotation mark.
func closing(r rune) rune {
	switch r {
	case '"':
		return '"'
	case '\u201c', '\u201e', '\u201d':
		return '\u201d'
	case '\u2018', '\u201a':
		return '\u2019'
	case '\'':
		return '\''
	case '`':
		return '`'
	case '\u00ab':
		return '\u00bb'
	case '\u300c':
		return '\u300d'
	case '\u300e':
		return '\u300f'
	}
	return 0
}

// longestQuote bounds how far the end of a quotation is looked for.
const longestQuote = 4000

// quoted finds where a quotation that begins at start ends, and where to go on; 0 when it does not end.
func (l *lexer) quoted(start int, open rune) (end, after int) {
	if start > 0 && open == '\'' {
		if before, _ := utf8.DecodeLastRuneInString(l.text[:start-1]); wordRune(before) {
			return 0, 0
		}
	}
	text := l.text[start:min(len(l.text), start+longestQuote)]
	want := closing(open)
	for i, r := range text {
		ends := r == want || want == '\u201d' && (r == '\u201c' || r == '\u201e' || r == '"')
		if !ends {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		if (open == '\'' || want == '\u2019') && wordRune(next) {
			continue // an apostrophe
		}
		if strings.TrimSpace(text[:i]) == "" {
			return 0, 0
		}
		return start + i, start + i + utf8.RuneLen(r)
	}
	return 0, 0
}

// unbroken reports scripts that are written without blanks.
func unbroken(r rune) bool {
	return r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff || r >= 0xff66 && r <= 0xff9d || r == '\u3005' || r == '\u3006'
}

func katakana(r rune) bool { return r >= 0x30a0 && r <= 0x30ff || r >= 0xff66 && r <= 0xff9d }

func wordRune(r rune) bool {
	return r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_') ||
		r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unbroken(r)
}

// starts reports signs with which a number, an address or a name begins.
func starts(text string, r rune, size int) bool {
	next, _ := utf8.DecodeRuneInString(text[size:])
	switch r {
	case '+', '#', '@', '.':
		return unicode.IsDigit(next) || r != '.' && r != '+' && wordRune(next)
	case '-', '\u2212':
		return unicode.IsDigit(next)
	}
	return unicode.Is(unicode.Sc, r) && (unicode.IsDigit(next) || next == '-')
}

// word reads a word, a number or an address.
func (l *lexer) word(at int) int {
	text := l.text[at:]
	first, size := utf8.DecodeRuneInString(text)
	kind := isWord
	if unicode.IsDigit(first) || !wordRune(first) && first != '@' && first != '#' {
		kind = isNumber
	}
	if end := address(text); end > 0 {
		l.add(at, l.text[:at+end], isWord)
		return at + end
	}
	i := size
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if wordRune(r) || unicode.Is(unicode.Sc, r) || r == '%' {
			i += n
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+n:])
		if !wordRune(next) && !(unicode.IsDigit(first) && unicode.Is(unicode.Sc, next)) {
			break
		}
		if r == '\'' || r == '\u2019' || r == '\u2018' {
			if possessive(text[i+n:]) {
				break
			}
			i += n
			continue
		}
		if strings.ContainsRune("-_./@+&#*\u2212", r) || kind == isNumber && (r == ',' || r == ':') {
			i += n
			continue
		}
		break
	}
	l.add(at, l.text[:at+i], kind)
	at += i
	return at
}

// genitive adds the s of a genitive or of "is", with its apostrophe.
func (l *lexer) genitive(at, size int) {
	l.add(at, l.text[:at+size], isWord)
	last := &l.tokens[len(l.tokens)-1]
	last.folded, last.capital, last.shout = "'s", false, false
}

// possessive reports whether the text after an apostrophe is the s of a genitive or of "is".
func possessive(rest string) bool {
	if rest == "" || rest[0] != 's' && rest[0] != 'S' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest[1:])
	return !wordRune(next)
}

// address gives the length of a web or mail address at the beginning.
func address(text string) int {
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	piece := text[:end]
	if !strings.Contains(piece, "://") && !strings.HasPrefix(piece, "www.") && !strings.HasPrefix(piece, "WWW.") {
		at := strings.IndexByte(piece, '@')
		if at <= 0 || !strings.Contains(piece[at:], ".") {
			return 0
		}
	}
	return len(strings.TrimRight(piece, ".,;:!?)'\"\u2019\u201d"))
}

// run cuts a run of letters of a script without blanks: known words, the longest first, and what lies between. A word in
// katakana counts only as a whole, since most names of foreign companies are written in it.
func (l *lexer) run(at int) int {
	end := at
	for end < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[end:])
		if !unbroken(r) {
			break
		}
		end += n
	}
	open := at // where what is not known begins
	for i := at; i < end && len(l.tokens) < mostTokens; {
		if n := l.known(i, end); n > 0 {
			l.add(open, l.text[:i], isWord)
			l.add(i, l.text[:i+n], isWord)
			i += n
			open = i
			continue
		}
		_, n := utf8.DecodeRuneInString(l.text[i:])
		i += n
	}
	if len(l.tokens) < mostTokens {
		l.add(open, l.text[:end], isWord)
		return end
	}
	return open
}

// known gives the length of the longest known word at i.
func (l *lexer) known(i, end int) int {
	before, _ := utf8.DecodeLastRuneInString(l.text[:i])
	for j := min(end, i+l.most); j > i; j-- {
		if j < len(l.text) && !utf8.RuneStart(l.text[j]) || !l.words[fold(l.text[i:j])] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(l.text[i:])
		last, _ := utf8.DecodeLastRuneInString(l.text[:j])
		after, _ := utf8.DecodeRuneInString(l.text[j:])
		if katakana(first) && katakana(before) || katakana(last) && katakana(after) {
			continue
		}
		return j - i
	}
	return 0
}

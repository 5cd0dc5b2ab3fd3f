package odata

import (
	"strings"
	"unicode/utf8"
)

// The bounds of one expression. They are above what the service accepts in an address and far below what would cost much.
const (
	maxText  = 64 << 10
	maxDepth = 48
	maxNodes = 4000
)

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenString
	tokenGUID
	tokenNumber // number, date or date with time; literal decides
	tokenEnum   // Namespace.Type'Member'
	tokenAlias  // @p1
	tokenPunct  // one of ( ) , / : = ; [ ] { }
)

type token struct {
	kind tokenKind
	text string // unquoted for strings; Type'Member' as written for enums
	at   int
}

// lexer cuts one token at a time, so that a hostile text costs no more than the part that was understood.
type lexer struct {
	text  string
	at    int
	tok   token
	nodes int
	depth int
	err   *Error
}

func newLexer(text string) *lexer {
	l := &lexer{text: text}
	if len(text) > maxText {
		l.fail(0, "The expression is too long")
		l.text = ""
	}
	if !utf8.ValidString(text) {
		l.fail(0, "The expression is not valid UTF-8")
	}
	l.next()
	return l
}

func (l *lexer) fail(at int, message string) {
	if l.err == nil {
		l.err = &Error{Message: message, Text: l.text, Position: at}
	}
	l.tok = token{kind: tokenEnd, at: at}
}

func (l *lexer) unexpected() { l.fail(l.tok.at, "Syntax error") }

// enter and leave bound the depth of the tree; node bounds its size.
func (l *lexer) enter() bool {
	l.depth++
	if l.depth > maxDepth {
		l.fail(l.tok.at, "The expression is nested too deeply")
	}
	return l.node()
}

func (l *lexer) leave() { l.depth-- }

func (l *lexer) node() bool {
	l.nodes++
	if l.nodes > maxNodes {
		l.fail(l.tok.at, "The expression has too many parts")
	}
	return l.err == nil
}

func (l *lexer) next() {
	if l.err != nil {
		return
	}
	for l.at < len(l.text) && (l.text[l.at] == ' ' || l.text[l.at] == '\t' || l.text[l.at] == '\r' || l.text[l.at] == '\n') {
		l.at++
	}
	start := l.at
	if start == len(l.text) {
		l.tok = token{kind: tokenEnd, at: start}
		return
	}
	c := l.text[start]
	switch {
	case strings.IndexByte("(),/:=;[]{}", c) >= 0:
		l.at++
		l.tok = token{tokenPunct, l.text[start:l.at], start}
	case c == '\'':
		l.tok = token{tokenString, l.quoted(), start}
	case isGUID(l.text[start:]):
		l.at += 36
		l.tok = token{tokenGUID, strings.ToLower(l.text[start:l.at]), start}
	case c >= '0' && c <= '9' || c == '-' || c == '+':
		l.at += span(l.text[start:], isNumberByte)
		l.tok = token{tokenNumber, l.text[start:l.at], start}
	case c == '@':
		l.at++
		l.at += span(l.text[l.at:], isNameByte)
		l.tok = token{tokenAlias, l.text[start:l.at], start}
	case isNameByte(c) || c == '$':
		l.at++
		l.at += span(l.text[l.at:], isNameByte)
		l.tok = token{tokenName, l.text[start:l.at], start}
		if l.at < len(l.text) && l.text[l.at] == '\'' {
			member := l.quoted()
			l.tok = token{tokenEnum, l.tok.text + "'" + member + "'", start}
		}
	default:
		l.fail(start, "Syntax error")
	}
	if l.err != nil {
		l.tok = token{kind: tokenEnd, at: start}
	}
}

// quoted reads a string whose opening quote is at l.at; a quote inside is doubled.
func (l *lexer) quoted() string {
	start := l.at
	l.at++
	var b strings.Builder
	for l.at < len(l.text) {
		c := l.text[l.at]
		l.at++
		if c != '\'' {
			b.WriteByte(c)
			continue
		}
		if l.at >= len(l.text) || l.text[l.at] != '\'' {
			return b.String()
		}
		b.WriteByte('\'')
		l.at++
	}
	l.fail(start, "There is an unterminated string literal")
	return ""
}

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c >= 0x80
}

func isNumberByte(c byte) bool {
	return c >= '0' && c <= '9' || strings.IndexByte("+-.:TZtzeE", c) >= 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isGUID(text string) bool {
	if len(text) < 36 || len(text) > 36 && isNameByte(text[36]) {
		return false
	}
	for i := range 36 {
		switch dash := i == 8 || i == 13 || i == 18 || i == 23; {
		case dash && text[i] != '-', !dash && !isHex(text[i]):
			return false
		}
	}
	return true
}

// IsGUID reports whether text is a GUID as the service takes it: 36 characters, no braces.
func IsGUID(text string) bool { return len(text) == 36 && isGUID(text) }

func (l *lexer) is(kind tokenKind, text string) bool {
	return l.tok.kind == kind && l.tok.text == text
}

// take consumes a punctuation mark when it is there.
func (l *lexer) take(punct string) bool {
	if !l.is(tokenPunct, punct) {
		return false
	}
	l.next()
	return true
}

// takeWord consumes a keyword when it is there.
func (l *lexer) takeWord(word string) bool {
	if !l.is(tokenName, word) {
		return false
	}
	l.next()
	return true
}

func (l *lexer) expect(punct string) {
	if !l.take(punct) {
		l.unexpected()
	}
}

func (l *lexer) name() string {
	if l.tok.kind != tokenName {
		l.unexpected()
		return ""
	}
	text := l.tok.text
	l.next()
	return text
}

// end demands that everything was read.
func (l *lexer) end() error {
	if l.err == nil && l.tok.kind != tokenEnd {
		l.unexpected()
	}
	if l.err != nil {
		return l.err
	}
	return nil
}

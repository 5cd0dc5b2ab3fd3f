package intent

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// LongestText is how many bytes of a text are read: no message of Teams has more.
const LongestText = 28 << 10

// clean gives valid text of bounded length.
func clean(text string) (string, bool) {
	cut := len(text) > LongestText
	if cut {
		end := LongestText
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return strings.ToValidUTF8(text, "\uFFFD"), cut
}

// fold brings a word into the form in which words are compared: lower case, without accents and without what is written or
// left out at will (Arabic vowels and the forms of alef, full-width letters).
func fold(word string) string {
	plain := true
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return word
	}
	var out strings.Builder
	out.Grow(len(word))
	if ascii(word) {
		for i := range len(word) {
			c := word[i]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			out.WriteByte(c)
		}
		return out.String()
	}
	for _, r := range norm.NFKD.String(word) {
		if mark(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		switch r = unicode.ToLower(r); r {
		case 'ß':
			out.WriteString("ss")
		case 'æ':
			out.WriteString("ae")
		case 'ø':
			out.WriteByte('o')
		case 'ł':
			out.WriteByte('l')
		case 'ı':
			out.WriteByte('i')
		case '\u2019', '\u2018', '\u02bc', '`', '\u00b4':
			out.WriteByte('\'')
		case 'ة':
			out.WriteRune('ه')
		case 'ى', 'ئ':
			out.WriteRune('ي')
		case 'ؤ':
			out.WriteRune('و')
		case 'ـ': // lengthens a line and says nothing
		default:
			out.WriteRune(r)
		}
	}
	return norm.NFC.String(out.String())
}

// mark reports marks that are left out: those of Latin, Greek, Cyrillic and Arabic, but not the sound marks of Japanese, which
// make other letters.
func mark(r rune) bool {
	return unicode.Is(unicode.Mn, r) && r != '\u3099' && r != '\u309a'
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

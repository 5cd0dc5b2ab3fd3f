package crm

import (
	"strings"
	"unicode"
)

// LabelLength is the most characters that Label leaves of a name.
const LabelLength = 200

// Label makes one line of a name that somebody else has written, to be shown among other words: control characters and
// marks that turn the direction of what follows are left out, white space is one space, and what is longer than any name
// ends in "…". What nobody could see becomes "".
func Label(text string) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.IsControl(r), turns(r), r == unicode.ReplacementChar:
			continue
		}
		if space && n > 0 {
			b.WriteByte(' ')
			n++
		}
		space = false
		if n >= LabelLength-1 {
			return b.String() + "…"
		}
		b.WriteRune(r)
		n++
	}
	if strings.TrimFunc(b.String(), unseen) == "" {
		return ""
	}
	return b.String()
}

// unseen reports whether a character leaves nothing on the screen by itself.
func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// turns reports whether a character changes the direction of others until another ends that (Unicode Standard Annex 9, 2).
func turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

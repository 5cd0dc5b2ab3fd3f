package crmxml

import (
	"strconv"
	"strings"
)

// Bool reads true, false, 1 or 0 in any case; anything else gives the fallback.
func Bool(text string, fallback bool) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return fallback
}

// Int reads a whole number within bounds; anything else gives the fallback.
func Int(text string, fallback, low, high int) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < low || n > high {
		return fallback
	}
	return n
}

// GUID gives a GUID without braces in lower case, or "" when the text is none.
func GUID(text string) string {
	s := strings.TrimSpace(text)
	if strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}") {
		s = s[1 : len(s)-1]
	}
	if len(s) != 36 {
		return ""
	}
	for i, c := range []byte(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return ""
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return ""
		}
	}
	return strings.ToLower(s)
}

// GUIDs reads a list of GUIDs separated by commas or semicolons and leaves out what is none.
func GUIDs(text string) []string {
	var ids []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		if id := GUID(part); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// English is the LCID that stands in when a text does not exist in the reader's language.
const English = 1033

// Label is a text in one language.
type Label struct {
	LCID int
	Text string
}

// Labels are the texts of one thing.
type Labels []Label

// In gives the text in a language, else in English, else the first there is.
func (l Labels) In(lcid int) string {
	for _, want := range []int{lcid, English} {
		for _, label := range l {
			if label.LCID == want && label.Text != "" {
				return label.Text
			}
		}
	}
	for _, label := range l {
		if label.Text != "" {
			return label.Text
		}
	}
	return ""
}

// labels reads <labels><label description languagecode/></labels> below n.
func labels(n *node) Labels {
	var found Labels
	for _, l := range n.child("labels").all("label") {
		found = append(found, Label{LCID: Int(l.attr("languagecode"), 0, 0, 1<<20), Text: l.attr("description")})
	}
	return found
}

// titles reads <Titles><Title LCID Title/></Titles> below n.
func titles(n *node) Labels {
	var found Labels
	for _, t := range n.child("titles").all("title") {
		found = append(found, Label{LCID: Int(t.attr("lcid"), 0, 0, 1<<20), Text: t.attr("title")})
	}
	return found
}

package crm

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestALabelIsOneLineThatTurnsNothing(t *testing.T) {
	for text, want := range map[string]string{
		"Harbor & Finch": "Harbor & Finch", "  two \n\t words ": "two words", "": "", "\u202eevil\u202c \u2067x\u2069\u2069": "evil x",
		"a\x00b\x1b[31m": "ab[31m", "מרכז \u200f١٢٣": "מרכז \u200f١٢٣", "🧑\u200d🚒": "🧑\u200d🚒", "\xff\xfe": "", "\u200b \u200d": "",
		strings.Repeat("é", LabelLength-1): strings.Repeat("é", LabelLength-1), strings.Repeat("é", 5000): strings.Repeat("é", LabelLength-1) + "…",
	} {
		if got := Label(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if n := utf8.RuneCountInString(Label(strings.Repeat("many words ", 500))); n > LabelLength {
		t.Error(n, "characters")
	}
}

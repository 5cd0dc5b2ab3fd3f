package locale

import (
	"strings"
	"testing"
)

// A language that was not translated at all, or a sentence that was forgotten, is English letter for letter.
func TestNothingIsLeftInEnglish(t *testing.T) {
	english := catalogues()["en"].messages
	for name, c := range catalogues() {
		if name == "en" {
			continue
		}
		for key, m := range c.messages {
			if original := english[key]; m.forms == nil && m.text == original.text && strings.Count(placeholder.ReplaceAllString(m.text, ""), " ") > 3 {
				t.Errorf("%s: %s is English", name, key)
			}
		}
	}
}

package templates

import (
	"testing"

	"github.com/pintab/pintab/internal/crm"
)

func TestAPartsNameIsSeenOnceAndAlwaysHeard(t *testing.T) {
	for title, want := range map[string]bool{"Pipeline": true, "open opportunities": false, "": false} {
		doc := drawList(t, func(f *crm.Filled) { f.Part.Title = title })
		heading := doc.Find("section > header h2")
		if seen := !heading.HasClass("vh"); seen != want || words(heading) == "" {
			t.Errorf("%q: seen %v, %q", title, seen, words(heading))
		}
	}
}

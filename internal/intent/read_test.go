package intent_test

import (
	"testing"

	"github.com/pintab/pintab/internal/intent"
)

// What Microsoft's own description gives as examples is read as it says.
func TestTheExamplesOfTheDescription(t *testing.T) {
	names := intent.NewNames(intent.Core())
	for text, want := range map[string]intent.Wish{
		"search contoso":         {Intent: intent.Search, Query: "contoso"},
		"Search account Contoso": {Intent: intent.Search, Table: "account", Query: "Contoso"},
		"Show Opportunities":     {Intent: intent.ShowRelated, Relation: "opportunity"},
		"contoso":                {Intent: intent.Search, Query: "contoso"},
	} {
		if got := intent.Read(text, names).Wish; got != want {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

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

// Who was not understood is offered what their words come nearest to, and a due day is no part of a task's name.
func TestWhatIsOfferedAndWhenItIsDue(t *testing.T) {
	names := intent.NewNames(intent.Core())
	if r := intent.Read("create me a joke", names); r.Intent == intent.None && r.Near[0] != intent.CreateRecord {
		t.Errorf("%+v", r)
	}
	for _, due := range []string{"next friday", "2026-12-24"} {
		r := intent.Read("create a task to call Anna, due "+due, names)
		if want := (intent.Wish{Intent: intent.CreateRecord, Table: "task", Query: "call Anna", Due: due}); r.Wish != want {
			t.Errorf("%+v", r.Wish)
		}
	}
}

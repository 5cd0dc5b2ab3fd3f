package record_test

import (
	"net/http"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func (d *desk) account(name string) crm.RecordRef {
	return d.make("accounts", "account", map[string]any{"name": name, "telephone1": "1", "sic": "2"})
}

func TestOnlyWhatWasTypedIsSentAndTheReceiptSaysSo(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Quillmark")
	f := d.open(ref)
	d.stage.forget()
	saved := d.save(f, map[string]string{"telephone1": "+49 30 1"})
	if saved.Outcome != crm.OutcomeSaved || len(saved.Changes) != 1 || saved.Changes[0].Old.Raw != "1" || saved.Changes[0].New.Raw != "+49 30 1" {
		t.Fatalf("%+v", saved)
	}
	if d.held("accounts", ref, "telephone1") != "+49 30 1" {
		t.Error("not in the organization")
	}
	if n := d.stage.sent(http.MethodPatch, "accounts"); n != 1 {
		t.Error(n, "writes")
	}
	again := d.save(saved.Form, nil)
	if again.Outcome != crm.OutcomeUnchanged {
		t.Errorf("%+v", again.Outcome)
	}
	// Undo, which is a write of its own, and its receipt is the other way round.
	undone, err := d.service.Undo(t.Context(), d.caller, d.place, saved.Undo)
	if err != nil || undone.Outcome != crm.OutcomeSaved || undone.Changes[0].New.Raw != "1" || d.held("accounts", ref, "telephone1") != "1" {
		t.Fatal(err, undone.Outcome, undone.Changes)
	}
	twice, err := d.service.Undo(t.Context(), d.caller, d.place, saved.Undo)
	if err != nil || twice.Outcome != crm.OutcomeSaved || !twice.Again {
		t.Error(err, twice.Outcome, twice.Again)
	}
}

// Two people open the same account; the second to save is told, and keeps what they typed.
func TestSomebodyElseWasFaster(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Fabrikam")
	f := d.open(ref)
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"telephone1": "theirs", "websiteurl": "https://theirs.example"})
	saved := d.save(f, map[string]string{"telephone1": "mine", "sic": "3"})
	if saved.Outcome != crm.OutcomeConflict || d.held("accounts", ref, "telephone1") != "theirs" {
		t.Fatal(saved.Outcome, saved.Form.Problems)
	}
	phone, _ := saved.Form.Field("telephone1")
	site, _ := saved.Form.Field("websiteurl")
	sic, _ := saved.Form.Field("sic")
	if c := phone.Conflict; c == nil || !c.Overlap || c.Was.Raw != "1" || c.Theirs.Raw != "theirs" || c.Mine.Raw != "mine" || phone.Input() != "mine" {
		t.Errorf("%+v", phone)
	}
	if c := site.Conflict; c == nil || c.Overlap || c.Theirs.Raw != "https://theirs.example" {
		t.Errorf("%+v", site)
	}
	if sic.Conflict != nil || sic.Input() != "3" {
		t.Errorf("%+v", sic)
	}
	// Nothing is chosen for them.
	undecided := d.save(saved.Form, nil)
	if x, _ := undecided.Form.Field("telephone1"); undecided.Outcome != crm.OutcomeInvalid || x.Problem == nil || x.Problem.Key != "problem.choose" {
		t.Fatalf("%v %+v", undecided.Outcome, x)
	}
	in := typed(saved.Form, nil)
	in.Choices["telephone1"] = crm.Mine
	decided, err := d.service.Save(t.Context(), d.caller, d.place, in)
	if err != nil || decided.Outcome != crm.OutcomeSaved {
		t.Fatal(err, decided.Outcome, decided.Form.Problems)
	}
	for column, want := range map[string]string{"telephone1": "mine", "sic": "3", "websiteurl": "https://theirs.example"} {
		if got := d.held("accounts", ref, column); got != want {
			t.Errorf("%s is %v", column, got)
		}
	}
}

func TestTheirsMayStay(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Fabrikam")
	f := d.open(ref)
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"telephone1": "theirs"})
	saved := d.save(f, map[string]string{"telephone1": "mine", "sic": "3"})
	in := typed(saved.Form, nil)
	in.Choices["telephone1"] = crm.Theirs
	decided, err := d.service.Save(t.Context(), d.caller, d.place, in)
	if err != nil || decided.Outcome != crm.OutcomeSaved || d.held("accounts", ref, "telephone1") != "theirs" || d.held("accounts", ref, "sic") != "3" {
		t.Fatal(err, decided.Outcome)
	}
}

func TestAnUndoDoesNotOverwriteEither(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Fabrikam")
	saved := d.save(d.open(ref), map[string]string{"telephone1": "mine"})
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"telephone1": "theirs"})
	undone, err := d.service.Undo(t.Context(), d.caller, d.place, saved.Undo)
	x, _ := undone.Form.Field("telephone1")
	if err != nil || undone.Outcome != crm.OutcomeConflict || d.held("accounts", ref, "telephone1") != "theirs" || x.Conflict == nil || x.Input() != "1" {
		t.Fatal(err, undone.Outcome, x.Conflict)
	}
}

func TestADeletedRecordIsNotMadeAgain(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Gone")
	f := d.open(ref)
	d.api(world.Administrator, http.MethodDelete, "accounts("+ref.ID+")", nil)
	saved := d.save(f, map[string]string{"telephone1": "mine"})
	if saved.Outcome != crm.OutcomeGone {
		t.Error(saved.Outcome)
	}
	if status, _ := d.api(world.Administrator, http.MethodGet, "accounts("+ref.ID+")", nil); status != http.StatusNotFound {
		t.Error("it is there again:", status)
	}
}

func TestOnePersonsPageIsNobodyElses(t *testing.T) {
	d, other := at(t, world.Administrator, "en-US"), at(t, world.Manager, "en-US")
	f := d.open(d.account("Mine"))
	if _, err := other.service.Save(t.Context(), other.caller, other.place, typed(f, map[string]string{"telephone1": "x"})); err == nil || err.Error() != "record.bad_token" {
		t.Error(err)
	}
	in := typed(f, map[string]string{"telephone1": "x"})
	in.Token = in.Token[:len(in.Token)-2] + "AA"
	if _, err := d.service.Save(t.Context(), d.caller, d.place, in); err == nil || err.Error() != "record.bad_token" {
		t.Error(err)
	}
}

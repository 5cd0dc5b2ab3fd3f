package record_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// grid is the relationship of the first list of a table on a form.
func grid(t *testing.T, f crm.Form, table string) string {
	t.Helper()
	for _, control := range f.Controls() {
		if control.Kind == crm.ControlSubGrid && control.SubGrid.Part.Table == table && control.SubGrid.Relationship != "" {
			return control.SubGrid.Relationship
		}
	}
	t.Fatal("no list of", table)
	return ""
}

func (d *desk) tie(f crm.Form, relationship string, off bool, others ...crm.RecordRef) crm.Saved {
	d.t.Helper()
	tying := crm.Tying{Token: f.Token, Relationship: relationship, Off: off}
	for _, o := range others {
		tying.Others = append(tying.Others, crm.Reference{Table: o.Table, ID: o.ID, Name: "one of them"})
	}
	saved, err := d.service.Tie(d.t.Context(), d.caller, d.place, tying)
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func (d *desk) takeBack(saved crm.Saved) crm.Saved {
	d.t.Helper()
	back, err := d.service.Undo(d.t.Context(), d.caller, d.place, saved.Undo)
	if err != nil || back.Outcome != crm.OutcomeSaved || back.Form.Token == "" {
		d.t.Fatal(err, back.Outcome, back.Tied)
	}
	return back
}

// Several are put on a list at once, each once; one that belonged elsewhere goes back there when that is taken back.
func TestRecordsArePutOnAListAndTakenOff(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref, elsewhere := d.account("Hub"), d.account("Elsewhere")
	f := d.open(ref)
	relationship := grid(t, f, "contact")
	free := d.make("contacts", "contact", map[string]any{"lastname": "Free"})
	theirs := d.make("contacts", "contact", map[string]any{"lastname": "Theirs", "parentcustomerid_account@odata.bind": "/accounts(" + elsewhere.ID + ")"})
	belongs := func(contact crm.RecordRef) any { return d.held("contacts", contact, "_parentcustomerid_value") }

	put := d.tie(f, relationship, false, free, theirs, free)
	if put.Outcome != crm.OutcomeSaved || len(put.Tied) != 2 || put.Undo == "" || belongs(free) != ref.ID || belongs(theirs) != ref.ID {
		t.Fatalf("%+v", put)
	}
	if was := put.Tied[1].Was; put.Tied[0].Was != nil || was == nil || was.ID != elsewhere.ID || was.Name != "Elsewhere" {
		t.Errorf("%+v", put.Tied)
	}
	d.stage.forget()
	again := d.tie(f, relationship, false, free, theirs)
	if again.Outcome != crm.OutcomeSaved || !again.Again || d.stage.sent(http.MethodPatch, "contacts") != 0 {
		t.Errorf("%+v", again)
	}
	if there := d.tie(d.open(ref), relationship, false, free); there.Outcome != crm.OutcomeUnchanged || there.Again || there.Undo != "" {
		t.Errorf("%+v", there)
	}
	d.takeBack(put)
	if belongs(free) != nil || belongs(theirs) != elsewhere.ID {
		t.Error(belongs(free), belongs(theirs))
	}

	d.tie(d.open(ref), relationship, false, free)
	off := d.tie(d.open(ref), relationship, true, free, theirs)
	if off.Outcome != crm.OutcomeSaved || off.Tied[1].Outcome != crm.OutcomeUnchanged || belongs(free) != nil || belongs(theirs) != elsewhere.ID {
		t.Errorf("%+v", off)
	}
	d.takeBack(off)
	if belongs(free) != ref.ID || belongs(theirs) != elsewhere.ID {
		t.Error(belongs(free), belongs(theirs))
	}
}

// What many have with many is tied and untied from either side.
func TestManyAreTiedToMany(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Hub")
	f := d.open(ref)
	relationship := grid(t, f, "lead")
	lead := d.make("leads", "lead", map[string]any{"subject": "Spoke", "lastname": "Spoke"})
	tied := func() int { return d.count("accounts(" + ref.ID + ")/" + relationship + "?$select=leadid") }
	put := d.tie(f, relationship, false, lead)
	if put.Outcome != crm.OutcomeSaved || tied() != 1 {
		t.Fatalf("%+v", put)
	}
	if there := d.tie(d.open(ref), relationship, false, lead); there.Outcome != crm.OutcomeUnchanged || tied() != 1 {
		t.Errorf("%+v", there)
	}
	d.takeBack(put)
	if tied() != 0 {
		t.Error("still tied")
	}
	put = d.tie(d.open(ref), relationship, false, lead)
	off := d.tie(d.open(ref), relationship, true, lead)
	if off.Outcome != crm.OutcomeSaved || tied() != 0 {
		t.Errorf("%+v %+v", put, off)
	}
	if nothing := d.tie(d.open(ref), relationship, true, lead); nothing.Outcome != crm.OutcomeUnchanged {
		t.Errorf("%+v", nothing)
	}
}

// Whatever becomes of the answers, what is told is what the organization holds, and what it was before is not forgotten.
func TestTyingThroughTrouble(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref, elsewhere := d.account("Hub"), d.account("Elsewhere")
	relationship := grid(t, d.open(ref), "contact")
	for name, trouble := range map[string]struct {
		after bool // it happens all the same
		times int
		want  crm.Outcome
	}{
		"lost before": {false, 1, crm.OutcomeSaved}, "lost after": {true, 1, crm.OutcomeSaved}, "out": {false, 99, crm.OutcomeUnknown},
	} {
		contact := d.make("contacts", "contact", map[string]any{"lastname": name, "parentcustomerid_account@odata.bind": "/accounts(" + elsewhere.ID + ")"})
		f, times := d.open(ref), trouble.times
		d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPatch || r.Header.Get("X-Elsewhere") != "" || times == 0 {
				return false
			}
			times--
			if trouble.after {
				d.api(world.Administrator, http.MethodPatch, "contacts("+contact.ID+")", map[string]any{"parentcustomerid_account@odata.bind": "/accounts(" + ref.ID + ")"})
			}
			http.Error(w, "", http.StatusBadGateway)
			return true
		})
		saved := d.tie(f, relationship, false, contact)
		times = 0
		if saved.Outcome != trouble.want || !saved.Lost {
			t.Fatalf("%s: %+v", name, saved)
		}
		if saved.Outcome == crm.OutcomeUnknown {
			continue
		}
		if saved.Tied[0].Was == nil || saved.Tied[0].Was.ID != elsewhere.ID || d.held("contacts", contact, "_parentcustomerid_value") != ref.ID {
			t.Errorf("%s: %+v", name, saved.Tied)
		}
		d.takeBack(saved)
		if d.held("contacts", contact, "_parentcustomerid_value") != elsewhere.ID {
			t.Error(name, "not taken back")
		}
	}
}

// Somebody who changes another field of the record in that very moment does not keep it off the list, and loses nothing.
func TestTyingWhileSomebodyChangesTheRecord(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Hub")
	f := d.open(ref)
	contact := d.make("contacts", "contact", map[string]any{"lastname": "Busy"})
	once := false
	d.stage.intercept(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch && r.Header.Get("X-Elsewhere") == "" && !once {
			once = true
			d.api(world.Administrator, http.MethodPatch, "contacts("+contact.ID+")", map[string]any{"jobtitle": "Theirs"})
		}
		return false
	})
	saved := d.tie(f, grid(t, f, "contact"), false, contact)
	if saved.Outcome != crm.OutcomeSaved || d.held("contacts", contact, "_parentcustomerid_value") != ref.ID || d.held("contacts", contact, "jobtitle") != "Theirs" {
		t.Errorf("%+v", saved)
	}
}

func TestWhatCannotBeTied(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Hub")
	f := d.open(ref)
	relationship := grid(t, f, "contact")
	gone := crm.RecordRef{Table: "contact", ID: strings.Repeat("0", 8) + "-0000-4000-8000-00000000dead"}
	contact := d.make("contacts", "contact", map[string]any{"lastname": "There"})
	mixed := d.tie(f, relationship, false, gone, contact)
	if mixed.Outcome != crm.OutcomeSaved || mixed.Tied[0].Outcome != crm.OutcomeInvalid || mixed.Tied[0].Problem == nil || mixed.Tied[1].Outcome != crm.OutcomeSaved {
		t.Errorf("%+v", mixed)
	}
	d.takeBack(mixed) // of the other alone
	if none := d.tie(f, "no_such", false, contact); none.Outcome != crm.OutcomeInvalid || none.Tied[0].Problem.Key != "view.gone" {
		t.Errorf("%+v", none)
	}
	many := make([]crm.Reference, record.MostTied+1)
	for i := range many {
		many[i] = crm.Reference{Table: "contact", ID: strings.Replace(gone.ID, "dead", "00"+string(rune('a'+i/26))+string(rune('a'+i%26)), 1)}
	}
	for want, others := range map[fault.Kind][]crm.Reference{fault.Invalid: nil, fault.TooLarge: many} {
		if _, err := d.service.Tie(t.Context(), d.caller, d.place, crm.Tying{Token: f.Token, Relationship: relationship, Others: others}); !fault.Is(err, want) {
			t.Error(err)
		}
	}
}

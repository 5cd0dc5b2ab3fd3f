package record_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func (d *desk) act(f crm.Form, kind crm.ActionKind, columns map[string][]string) crm.Saved {
	d.t.Helper()
	saved, err := d.service.Act(d.t.Context(), d.caller, d.place, crm.Act{Token: f.Token, Kind: kind, Columns: columns})
	if err != nil {
		d.t.Fatal(kind, err)
	}
	return saved
}

func kinds(f crm.Form) (all []crm.ActionKind) {
	for _, a := range f.Actions {
		all = append(all, a.Kind)
	}
	return all
}

func TestARecordIsDeactivatedAndActivated(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("State")
	f := d.open(ref)
	off := d.act(f, crm.ActionDeactivate, nil)
	if off.Outcome != crm.OutcomeSaved || !off.Form.State.Inactive || off.Form.Editable() || d.held("accounts", ref, "statecode") != float64(1) {
		t.Fatal(off.Outcome, off.Form.State, off.Form.Editable())
	}
	if x, _ := off.Form.Field("name"); x.ReadOnly != crm.ReadOnlyInactive {
		t.Error(x.ReadOnly)
	}
	again := d.act(f, crm.ActionDeactivate, nil)
	if again.Outcome != crm.OutcomeSaved || !again.Again {
		t.Error(again.Outcome, again.Again)
	}
	on := d.act(off.Form, crm.ActionActivate, nil)
	if on.Outcome != crm.OutcomeSaved || on.Form.State.Inactive || d.held("accounts", ref, "statecode") != float64(0) {
		t.Error(on.Outcome, on.Form.State)
	}
}

func TestDeletingTakesTheVersionThatWasSeen(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Delete")
	f := d.open(ref)
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"telephone1": "theirs"})
	if got := d.act(f, crm.ActionDelete, nil); got.Outcome != crm.OutcomeConflict || d.held("accounts", ref, "telephone1") != "theirs" {
		t.Fatal(got.Outcome)
	}
	f = d.open(ref)
	for range 2 {
		if got := d.act(f, crm.ActionDelete, nil); got.Outcome != crm.OutcomeGone {
			t.Error(got.Outcome)
		}
	}
}

func TestALostDeletionIsFoundOut(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Delete")
	f := d.open(ref)
	lost := false
	d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete && !lost {
			lost = true
			http.Error(w, "", http.StatusBadGateway)
			return true
		}
		return false
	})
	if got := d.act(f, crm.ActionDelete, nil); got.Outcome != crm.OutcomeGone || !got.Lost {
		t.Error(got.Outcome, got.Lost)
	}
}

func TestAnActivityIsCompleted(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.make("tasks", "task", map[string]any{"subject": "Call back"})
	f := d.open(ref)
	if !slices.Contains(kinds(f), crm.ActionComplete) {
		t.Fatal(kinds(f))
	}
	done := d.act(f, crm.ActionComplete, nil)
	if done.Outcome != crm.OutcomeSaved || d.held("tasks", ref, "statecode") != float64(1) {
		t.Error(done.Outcome)
	}
}

func TestAssigning(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Mine")
	other, err := d.service.Lookup(t.Context(), d.caller, d.place, crm.LookupQuery{Table: "account", Column: "ownerid", Target: "systemuser", Text: "Priya"})
	if err != nil || len(other.Found) == 0 {
		t.Fatal(err, other)
	}
	got := d.act(d.open(ref), crm.ActionAssign, map[string][]string{"ownerid": {other.Found[0].Input()}})
	if got.Outcome != crm.OutcomeSaved || d.held("accounts", ref, "_ownerid_value") != other.Found[0].ID {
		t.Error(got.Outcome, got.Form.Problems)
	}
}

func TestWhatStandsAroundARecord(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Around")
	for _, name := range []string{"Ada", "Ben", "Cyd"} {
		d.make("contacts", "contact", map[string]any{"lastname": name, "parentcustomerid_account@odata.bind": "/accounts(" + ref.ID + ")"})
		d.make("annotations", "annotation", map[string]any{"subject": name, "notetext": "<p>about <b>" + name + "</b> &amp; more</p>", "objectid_account@odata.bind": "/accounts(" + ref.ID + ")"})
	}
	d.make("phonecalls", "phonecall", map[string]any{"subject": "Ring", "regardingobjectid_account_phonecall@odata.bind": "/accounts(" + ref.ID + ")"})
	f := d.open(ref)
	seen := 0
	for _, control := range f.Controls() {
		if control.Kind == crm.ControlSubGrid && control.SubGrid.Part.Table == "contact" {
			list, err := d.service.SubGrid(t.Context(), d.caller, d.place, f, control, crm.PartState{})
			if err != nil || len(list.Rows) != 3 {
				t.Error(err, len(list.Rows))
			}
			if !control.SubGrid.CanCreate {
				t.Errorf("%+v", control.SubGrid)
			}
			seen++
		}
		if control.Kind == crm.ControlTimeline {
			var titles []string
			q := &crm.TimelineQuery{Size: 2}
			for pages := 0; q != nil && pages < 5; pages++ {
				line, err := d.service.Timeline(t.Context(), d.caller, d.place, f, control, *q)
				if err != nil || len(line.Missing) > 0 {
					t.Fatal(err, line.Missing)
				}
				for _, e := range line.Entries {
					titles = append(titles, e.Title)
					if e.Kind == crm.EntryNote && e.Text != "about "+e.Title+" & more" {
						t.Errorf("%q", e.Text)
					}
				}
				q = line.More
			}
			slices.Sort(titles)
			if !slices.Equal(titles, []string{"Ada", "Ben", "Cyd", "Ring"}) {
				t.Error(titles)
			}
			seen++
		}
	}
	if seen < 2 {
		t.Error("the form shows neither contacts nor a timeline")
	}
}

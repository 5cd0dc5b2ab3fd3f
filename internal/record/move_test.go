package record_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// deal is an opportunity in the first stage of its process, with everything that this stage requires.
func (d *desk) deal(name string) crm.RecordRef {
	d.t.Helper()
	_, contacts := d.api(world.Administrator, http.MethodGet, "contacts?$select=contactid&$top=1", nil)
	contact := contacts["value"].([]any)[0].(map[string]any)["contactid"].(string)
	ref := d.make("opportunities", "opportunity", map[string]any{"name": name, "purchasetimeframe": 1, "parentcontactid@odata.bind": "/contacts(" + contact + ")"})
	_, flows := d.api(world.Administrator, http.MethodGet, "workflows?$select=workflowid&$filter=uniquename%20eq%20'opportunitysalesprocess'%20and%20type%20eq%201", nil)
	process := flows["value"].([]any)[0].(map[string]any)["workflowid"].(string)
	_, stages := d.api(world.Administrator, http.MethodGet, "processstages?$select=stagename&$orderby=stagecategory&$filter=_processid_value%20eq%20"+process, nil)
	first := stages["value"].([]any)[0].(map[string]any)["processstageid"].(string)
	status, answer := d.api(world.Administrator, http.MethodPost, "opportunitysalesprocesses", map[string]any{
		"name": name, "opportunityid@odata.bind": "/opportunities(" + ref.ID + ")", "processid@odata.bind": "/workflows(" + process + ")",
		"activestageid@odata.bind": "/processstages(" + first + ")", "traversedpath": first,
	})
	if status != http.StatusNoContent {
		d.t.Fatal(status, answer)
	}
	return ref
}

// move posts a form of the active stage.
func (d *desk) move(f crm.Form, kind crm.MoveKind, with map[string]string) crm.Saved {
	d.t.Helper()
	saved, err := d.service.MoveStage(d.t.Context(), d.caller, d.place, moveOf(f, kind, with))
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

func moveOf(f crm.Form, kind crm.MoveKind, with map[string]string) crm.Move {
	m := crm.Move{Token: f.Token, Kind: kind, Columns: map[string][]string{}}
	if len(f.Positions) > 0 {
		m.Instance = f.Positions[0].Instance
	}
	for column, text := range with {
		m.Columns[column] = []string{text}
	}
	return m
}

// stageNow is the stage that the organization holds, read by another client.
func (d *desk) stageNow(f crm.Form) string {
	d.t.Helper()
	_, answer := d.api(world.Administrator, http.MethodGet, "opportunitysalesprocesses("+f.Positions[0].Instance+")?$select=statuscode&$expand=activestageid($select=stagename)", nil)
	stage, _ := answer["activestageid"].(map[string]any)
	name, _ := stage["stagename"].(string)
	return name
}

func TestARecordIsMovedThroughItsProcess(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	f := d.open(d.deal("Through"))
	if len(f.Processes) != 1 {
		t.Fatalf("%d processes, %+v", len(f.Processes), f.Positions)
	}
	p := f.Processes[0]
	var names []string
	for _, s := range p.Stages {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"Qualify", "Develop", "Propose", "Close"}, names); diff != "" || p.Name != "Opportunity Sales Process" || p.Active != 0 {
		t.Error(diff, p.Name, p.Active)
	}
	if diff := cmp.Diff([]crm.MoveKind{crm.MoveNext, crm.MoveAbandon}, p.Moves); diff != "" {
		t.Error(diff)
	}
	if first := p.Stages[0].Steps[0]; first.Label != "Identify Contact" || !first.Required || !first.Done || first.Field < 0 {
		t.Errorf("%+v", first)
	}
	saved := d.move(f, crm.MoveNext, map[string]string{"description": "Typed in the stage"})
	if saved.Outcome != crm.OutcomeSaved || d.stageNow(f) != "Develop" || d.held("opportunities", f.Ref, "description") != "Typed in the stage" {
		t.Fatal(saved.Outcome, d.stageNow(f))
	}
	if n := len(saved.Changes); n != 2 || saved.Changes[1].Old.Text != "Qualify" || saved.Changes[1].New.Text != "Develop" {
		t.Errorf("%+v", saved.Changes)
	}
	back, err := d.service.Undo(t.Context(), d.caller, d.place, saved.Undo)
	if err != nil || back.Outcome != crm.OutcomeSaved || d.stageNow(f) != "Qualify" || d.held("opportunities", f.Ref, "description") != nil {
		t.Fatal(err, back.Outcome, d.stageNow(f))
	}
	// To the end: what each stage requires is typed on the way.
	now := back.Form
	for _, with := range []map[string]string{{}, {"customerneed": "Pumps"}, {"developproposal": "true", "estimatedvalue": "5,000"}} {
		moved := d.move(now, crm.MoveNext, with)
		if moved.Outcome != crm.OutcomeSaved {
			t.Fatal(with, moved.Outcome, moved.Form.Problems)
		}
		now = moved.Form
	}
	if !now.Processes[0].May(crm.MoveFinish) || now.Processes[0].May(crm.MoveNext) {
		t.Error(now.Processes[0].Moves)
	}
	done := d.move(now, crm.MoveFinish, map[string]string{"finaldecisiondate": "2026-12-01"})
	if done.Outcome != crm.OutcomeSaved || done.Form.Processes[0].Status != crm.ProcessFinished {
		t.Fatal(done.Outcome, done.Form.Problems)
	}
	if again := d.move(done.Form, crm.MoveReactivate, nil); again.Outcome != crm.OutcomeSaved || again.Form.Processes[0].Status != crm.ProcessActive {
		t.Error(again.Outcome)
	}
}

func TestAStageKeepsWhoeverHasNotFilledItIn(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	f := d.open(d.deal("Kept"))
	f = d.move(f, crm.MoveNext, nil).Form
	saved := d.move(f, crm.MoveNext, map[string]string{"proposedsolution": "Typed meanwhile"})
	x, _ := saved.Form.Field("customerneed")
	y, _ := saved.Form.Field("proposedsolution")
	if saved.Outcome != crm.OutcomeInvalid || x.Problem == nil || x.Problem.Key != "problem.step" || y.Input() != "Typed meanwhile" || d.stageNow(f) != "Develop" {
		t.Fatal(saved.Outcome, x.Problem, y.Typed, d.stageNow(f))
	}
	if saved = d.move(saved.Form, crm.MoveNext, map[string]string{"customerneed": "Pumps", "proposedsolution": "Typed meanwhile"}); saved.Outcome != crm.OutcomeSaved {
		t.Fatal(saved.Outcome)
	}
	no := d.move(saved.Form, crm.MoveNext, map[string]string{"developproposal": "false", "estimatedvalue": "10"})
	if z, _ := no.Form.Field("developproposal"); no.Outcome != crm.OutcomeInvalid || z.Problem == nil || z.Problem.Key != "problem.step-yes" {
		t.Error(no.Outcome, z.Problem)
	}
	// Back asks for nothing.
	if saved = d.move(no.Form, crm.MoveBack, nil); saved.Outcome != crm.OutcomeSaved || d.stageNow(f) != "Develop" {
		t.Error(saved.Outcome)
	}
}

func TestSendingAMoveTwiceMovesOnce(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	f := d.open(d.deal("Twice"))
	first, second := d.move(f, crm.MoveNext, nil), d.move(f, crm.MoveNext, nil)
	if first.Outcome != crm.OutcomeSaved || second.Outcome != crm.OutcomeSaved || !second.Again || d.stageNow(f) != "Develop" {
		t.Error(first.Outcome, second.Outcome, second.Again, d.stageNow(f))
	}
}

func TestSomebodyElseMovedFirst(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.deal("Contested")
	mine := d.open(ref)
	theirs := d.open(ref)
	mine = d.move(mine, crm.MoveNext, nil).Form
	late := d.move(theirs, crm.MoveAbandon, map[string]string{"description": "Mine"})
	if late.Outcome != crm.OutcomeConflict || d.stageNow(mine) != "Develop" || d.held("opportunities", ref, "description") != nil {
		t.Fatal(late.Outcome, d.stageNow(mine))
	}
	if x, _ := late.Form.Field("description"); x.Input() != "Mine" || late.Form.Processes[0].Active != 1 {
		t.Error("what was typed is gone, or the stage shown is another", x.Typed)
	}
	// Both changed the same field: there is that to decide, and nothing was moved.
	stale := d.open(ref)
	d.save(d.open(ref), map[string]string{"customerneed": "Theirs"})
	both := d.move(stale, crm.MoveNext, map[string]string{"customerneed": "Mine"})
	if x, _ := both.Form.Field("customerneed"); both.Outcome != crm.OutcomeConflict || x.Conflict == nil || !x.Conflict.Overlap || d.stageNow(stale) != "Develop" {
		t.Error(both.Outcome, x.Conflict, d.stageNow(stale))
	}
}

// Whatever goes wrong with the writing of a move, what the person is told is what the organization holds, and the record has moved
// once at most.
func TestAMoveThroughEveryMishap(t *testing.T) {
	for name, with := range map[string]map[string]string{"alone": nil, "with a field": {"description": "Kept"}} {
		for m := refusedBusy; m < mishaps; m++ {
			d := at(t, world.Administrator, "en-US")
			f := d.open(d.deal("Mishap"))
			hit := 0
			d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
				moving := r.Method == http.MethodPatch && strings.Contains(r.URL.Path, "salesprocess") || strings.HasSuffix(r.URL.Path, "$batch") && r.Header.Get("Prefer") == "" && with != nil
				if r.Header.Get("X-Elsewhere") != "" || !moving || hit > 0 {
					return false
				}
				hit++
				return m.befall(w, r, d.stage.serve)
			})
			saved, err := d.service.MoveStage(t.Context(), d.caller, d.place, moveOf(f, crm.MoveNext, with))
			told := err == nil && saved.Outcome == crm.OutcomeSaved
			kept := with == nil || d.held("opportunities", f.Ref, "description") == "Kept"
			if moved := d.stageNow(f) == "Develop"; hit != 1 || told != moved || moved != kept && with != nil || !told && !fault.Is(err, fault.Busy) {
				t.Errorf("%s, mishap %d: hit %d, told %t (%v, %v), moved %t, kept %t", name, m, hit, told, saved.Outcome, err, moved, kept)
			}
		}
	}
}

// A person who may only look sees where the record is, and moves nothing; one without any right to the process sees no bar.
func TestOnlyWhoMayMoves(t *testing.T) {
	owner := at(t, world.Administrator, "en-US")
	ref := owner.deal("Looked at")
	reader := at(t, world.ReadOnly, "en-US")
	f, err := reader.service.Open(t.Context(), reader.caller, reader.place, ref, "")
	if err != nil || len(f.Processes) != 1 || len(f.Processes[0].Moves) > 0 {
		t.Fatal(err, f.Processes)
	}
	_, err = reader.service.MoveStage(t.Context(), reader.caller, reader.place, moveOf(f, crm.MoveNext, nil))
	if !fault.Is(err, fault.Forbidden) || owner.stageNow(f) != "Qualify" {
		t.Error(err)
	}
	reader.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "RetrieveProcessInstances") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error":{"code":"0x80040220","message":"missing"}}`))
			return true
		}
		return false
	})
	if f, err = reader.service.Open(t.Context(), reader.caller, reader.place, ref, ""); err != nil || len(f.Processes) > 0 || f.Unfollowed {
		t.Error(err, f.Processes, f.Unfollowed)
	}
}

// Nobody loses sight of a record because its process cannot be read.
func TestAProcessThatCannotBeReadIsSaid(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.deal("Unfollowed")
	d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "RetrieveProcessInstances") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	})
	if f := d.open(ref); !f.Unfollowed || len(f.Processes) > 0 || f.Title != "Unfollowed" {
		t.Error(f.Unfollowed, f.Processes)
	}
}

// A token of another record's page, or a made-up process, moves nothing.
func TestAMoveBelongsToItsPage(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	f := d.open(d.deal("Own"))
	m := moveOf(f, crm.MoveNext, nil)
	m.Instance = "00000000-0000-4000-8000-00000000dead"
	if _, err := d.service.MoveStage(t.Context(), d.caller, d.place, m); fault.Of(err).Key != "stage.gone" {
		t.Error(err)
	}
	if _, err := d.service.MoveStage(t.Context(), d.caller, d.place, moveOf(f, "sideways", nil)); fault.Of(err).Key != "stage.gone" {
		t.Error(err)
	}
	other := d.open(d.account("No process"))
	if _, err := d.service.MoveStage(context.Background(), d.caller, d.place, moveOf(other, crm.MoveNext, nil)); err == nil || slices.Contains([]string{"internal"}, fault.Of(err).Key) {
		t.Error(err)
	}
}

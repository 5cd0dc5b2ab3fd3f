package record_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// first is a column of the first row that the organization holds.
func (d *desk) first(path, column string) string {
	d.t.Helper()
	_, answer := d.api(world.Administrator, http.MethodGet, strings.ReplaceAll(path, " ", "%20"), nil)
	rows, _ := answer["value"].([]any)
	if len(rows) == 0 {
		d.t.Fatal("nothing at", path, answer)
	}
	text, _ := rows[0].(map[string]any)[column].(string)
	return text
}

// A lead's next stage is about an opportunity, which qualifying it makes; then the process goes on there.
func TestALeadGoesOnByBeingQualified(t *testing.T) {
	d := at(t, world.Administrator, "de-DE")
	id := d.first("leadtoopportunitysalesprocesses?$select=_leadid_value&$filter=statecode eq 0 and leadid/statecode eq 0&$orderby=createdon desc&$top=1", "_leadid_value")
	f := d.open(crm.RecordRef{Organization: d.place.Organization.URL, Table: "lead", ID: id})
	if len(f.Processes) != 1 {
		t.Fatal(f.Positions)
	}
	p := f.Processes[0]
	if p.Through != crm.ActionQualify || p.May(crm.MoveNext) || p.Elsewhere || p.Stages[0].Name != "Qualifizieren" || p.Stages[0].Steps[1].Label != "Vorhandene Firma?" {
		t.Errorf("%+v", p)
	}
	if _, err := d.service.MoveStage(t.Context(), d.caller, d.place, moveOf(f, crm.MoveNext, nil)); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
	saved, err := d.service.Act(t.Context(), d.caller, d.place, crm.Act{Token: f.Token, Kind: crm.ActionQualify})
	if err != nil || saved.Outcome != crm.OutcomeSaved {
		t.Fatal(err, saved.Outcome)
	}
	if after := saved.Form.Processes[0]; !after.Elsewhere || len(after.Moves) > 0 || after.Active != 1 {
		t.Errorf("%+v", after)
	}
}

// A record in two processes shows both, and moving it in one leaves the other alone.
func TestTwoProcessesOfOneRecord(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.deal("In two")
	process := d.first("workflows?$select=workflowid&$filter=uniquename eq 'leadtoopportunitysalesprocess' and type eq 1", "workflowid")
	stage := d.first("processstages?$select=processstageid&$filter=stagename eq 'Propose' and _processid_value eq "+process, "processstageid")
	d.make("leadtoopportunitysalesprocesses", "leadtoopportunitysalesprocess", map[string]any{
		"opportunityid@odata.bind": "/opportunities(" + ref.ID + ")", "processid@odata.bind": "/workflows(" + process + ")", "activestageid@odata.bind": "/processstages(" + stage + ")", "traversedpath": stage,
	})
	f := d.open(ref)
	if len(f.Processes) != 2 {
		t.Fatal(f.Processes)
	}
	for i, p := range f.Processes {
		if p.Name == "Opportunity Sales Process" {
			m := moveOf(f, crm.MoveNext, nil)
			m.Instance = f.Processes[i].Instance
			saved, err := d.service.MoveStage(t.Context(), d.caller, d.place, m)
			moved, _ := saved.Form.Follow(p.Instance)
			other, _ := saved.Form.Follow(f.Processes[1-i].Instance)
			if err != nil || saved.Outcome != crm.OutcomeSaved || moved.Active != 1 || other.Active != 2 {
				t.Error(err, saved.Outcome, moved.Active, other.Active)
			}
		}
	}
}

// Where the definition is not told, or which stage comes next follows from the record, the way is asked for.
func TestTheWayOfARecordIsAskedForWhereItIsNotKnown(t *testing.T) {
	for name, told := range map[string]bool{"not told": false, "with branches": true} {
		d := at(t, world.Administrator, "en-US")
		ref := d.deal(name)
		d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("X-Elsewhere") != "" || !strings.HasSuffix(r.URL.Path, "/workflows") {
				return false
			}
			if !told {
				w.WriteHeader(http.StatusForbidden)
				return true
			}
			answer := &branching{ResponseWriter: w}
			d.stage.serve(answer, r)
			return true
		})
		d.stage.forget()
		f := d.open(ref)
		if len(f.Processes) != 1 || len(f.Processes[0].Stages) != 4 || f.Processes[0].Stages[3].Name != "Close" || d.stage.sent(http.MethodGet, "RetrieveActivePath") == 0 {
			t.Fatal(name, f.Processes)
		}
		if told != f.Processes[0].May(crm.MoveNext) {
			t.Error(name, f.Processes[0].Moves)
		}
	}
}

// branching makes the definitions of an answer have a branch.
type branching struct{ http.ResponseWriter }

func (b *branching) WriteHeader(status int) {
	b.Header().Del("Content-Length")
	b.ResponseWriter.WriteHeader(status)
}

func (b *branching) Write(text []byte) (int, error) {
	_, err := b.ResponseWriter.Write([]byte(strings.ReplaceAll(string(text), `\"nextStepIndex\":100`, `\"nextStepIndex\":100,\"then\":\"SetNextStageStep\"`)))
	return len(text), err
}

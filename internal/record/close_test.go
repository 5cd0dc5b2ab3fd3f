package record_test

import (
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestADealIsWonOnce(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.make("opportunities", "opportunity", map[string]any{"name": "Boats"})
	f := d.open(ref)
	for range 2 {
		won := d.act(f, crm.ActionWin, map[string][]string{"actualrevenue": {"1,000.50"}, "description": {"Good price"}})
		if won.Outcome != crm.OutcomeSaved || !won.Form.State.Inactive || d.held("opportunities", ref, "statecode") != float64(1) || won.Undo != "" {
			t.Fatal(won.Outcome, won.Form.Problems)
		}
	}
	if n := d.count("opportunitycloses?$select=activityid&$filter=_opportunityid_value eq " + ref.ID); n != 1 {
		t.Error(n, "closing activities")
	}
	if again := d.act(d.open(ref), crm.ActionReopen, nil); again.Outcome != crm.OutcomeSaved || again.Form.State.Inactive {
		t.Error(again.Outcome)
	}
}

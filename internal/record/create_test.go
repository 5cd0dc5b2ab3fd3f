package record_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestARelatedRecordIsMadeOnce(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	parent := d.account("Parent")
	for name, m := range map[string]mishap{"well": fine, "lost before": lostBefore, "lost after": lostAfter, "cut": cutAfter, "out": refusedOutage} {
		f, err := d.service.New(t.Context(), d.caller, d.place, "contact", map[string][]crm.Reference{"parentcustomerid": {{Table: "account", ID: parent.ID, Name: "Parent"}}})
		if err != nil || !f.New() || f.Token == "" {
			t.Fatal(err)
		}
		if x, ok := f.Field("parentcustomerid"); !ok || x.Input() != "account:"+parent.ID+":Parent" {
			t.Fatal(x)
		}
		empty, err := d.service.Save(t.Context(), d.caller, d.place, typed(f, nil))
		if x, _ := empty.Form.Field("lastname"); err != nil || empty.Outcome != crm.OutcomeInvalid || x.Problem == nil {
			t.Fatal(name, err, empty.Outcome)
		}
		service := *d.service
		service.Source = d.shaky().with(map[int]mishap{0: m}, nil)
		in := typed(f, map[string]string{"lastname": name})
		for range 2 {
			saved, err := service.Save(t.Context(), d.caller, d.place, in)
			if err != nil || saved.Outcome != crm.OutcomeSaved || saved.Form.Ref.ID == "" || saved.Form.New() || saved.Undo != "" {
				t.Fatal(name, err, saved.Outcome, saved.Form.Problems)
			}
		}
		filter := url.QueryEscape("_parentcustomerid_value eq " + parent.ID + " and lastname eq '" + name + "'")
		_, found := d.api(world.Administrator, http.MethodGet, "contacts?$select=lastname&$filter="+strings.ReplaceAll(filter, "+", "%20"), nil)
		if rows, _ := found["value"].([]any); len(rows) != 1 {
			t.Errorf("%s: %d records were made", name, len(rows))
		}
	}
}

func TestWhoMayNotCreate(t *testing.T) {
	d := at(t, world.ReadOnly, "en-US")
	_, err := d.service.New(t.Context(), d.caller, d.place, "account", nil)
	if !fault.Is(err, fault.Forbidden) || fault.Of(err).Key != "record.no_create" {
		t.Error(err)
	}
}

package record_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// what nobody can type over, by column, and the records inside the form.
func untypable(f crm.Form) map[string]string {
	shown := map[string]string{}
	for _, x := range f.Fields {
		if x.ReadOnly != "" && !x.Value.Empty() {
			shown[x.LogicalName] = x.Value.Text
		}
	}
	for _, tab := range f.Tabs {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				for _, c := range section.Controls {
					if c.QuickView != nil && c.QuickView.Record != nil {
						shown[c.Key] = c.QuickView.Record.Name
					}
				}
			}
		}
	}
	return shown
}

// A form that has to be typed on, and one in which nothing was different, show the record around it, which no token holds. Where the
// record cannot be read then, the form says so.
func TestWhatIsTypedOnStandsInItsRecord(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	status, answer := d.api(world.Administrator, http.MethodGet, "opportunities?$top=1&$filter=statecode%20eq%200%20and%20_parentcontactid_value%20ne%20null", nil)
	rows, _ := answer["value"].([]any)
	if status != http.StatusOK || len(rows) == 0 {
		t.Fatal(status)
	}
	id, _ := rows[0].(map[string]any)["opportunityid"].(string)
	f := d.open(crm.RecordRef{Organization: d.place.Organization.URL, Table: "opportunity", ID: id})
	before := untypable(f)
	if len(before) < 2 {
		t.Fatalf("there is too little to see: %v", before)
	}
	refused := d.save(f, map[string]string{"estimatedvalue": "a lot"})
	if refused.Outcome != crm.OutcomeInvalid || refused.Form.Unread || refused.Form.ETag != f.ETag {
		t.Errorf("%d, %v, version %s of %s", refused.Outcome, refused.Form.Unread, refused.Form.ETag, f.ETag)
	}
	value, _ := refused.Form.Field("estimatedvalue")
	if value.Problem == nil || value.Input() != "a lot" {
		t.Errorf("%v %q", value.Problem, value.Input())
	}
	same := d.save(f, nil)
	if same.Outcome != crm.OutcomeUnchanged || same.Form.Unread {
		t.Errorf("%d, %v", same.Outcome, same.Form.Unread)
	}
	for name, text := range before {
		for what, after := range map[string]crm.Form{"refused": refused.Form, "unchanged": same.Form} {
			if got := untypable(after)[name]; got != text {
				t.Errorf("%s: %s is %q, not %q", what, name, got, text)
			}
		}
	}

	d.stage.mu.Lock()
	d.stage.before = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/opportunities(") {
			return false
		}
		http.Error(w, "", http.StatusServiceUnavailable)
		return true
	}
	d.stage.mu.Unlock()
	defer func() {
		d.stage.mu.Lock()
		d.stage.before = nil
		d.stage.mu.Unlock()
	}()
	lost := d.save(f, map[string]string{"estimatedvalue": "a lot"})
	if lost.Outcome != crm.OutcomeInvalid || !lost.Form.Unread {
		t.Errorf("%d, %v", lost.Outcome, lost.Form.Unread)
	}
}

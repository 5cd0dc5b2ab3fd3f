package templates

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
)

// The way back to a list leads to it as it was; of an address too long for a trail at least the view stays.
func TestAListIsAStepOfATrail(t *testing.T) {
	id := "0a000000-0000-4000-8000-000000000001"
	q := crm.ViewQuery{Table: "account", PartState: crm.PartState{ViewID: id, Sort: "name", Page: 3, Search: "a,b"}, Filters: []crm.ColumnFilter{{Column: "name", Test: crm.TestHas, Values: []string{"x, y"}}}}
	trail := Onward(Onward(DashboardToken(id), ListToken(q)), RecordToken("account", id))
	steps := TrailFrom(trail)
	if len(steps) != 3 || steps[1].List == nil {
		t.Fatalf("%q gives %+v", trail, steps)
	}
	if diff := cmp.Diff(q, *steps[1].List); diff != "" {
		t.Error(diff)
	}
	if steps[1].Token() != ListToken(q) {
		t.Error("the step is another one when it is written again")
	}
	path, query, _ := strings.Cut(StepPath(steps[1], DashboardToken(id), url.Values{"org": {"https://o.example"}}), "?")
	values, err := url.ParseQuery(query)
	if err != nil || path != ViewPath || values.Get("org") == "" || values.Get("from") != DashboardToken(id) {
		t.Error(path, values, err)
	}
	if diff := cmp.Diff(q, crm.ViewQueryFrom(values)); diff != "" {
		t.Error(diff)
	}

	q.Search = strings.Repeat("long ", 200)
	short := TrailFrom(ListToken(q))
	if len(short) != 1 || short[0].List.ViewID != id || short[0].List.Search != "" {
		t.Errorf("%+v", short)
	}
}

// A trail can be typed by anybody.
func TestAListThatIsNone(t *testing.T) {
	for _, text := range []string{"v.", "v.!!!", "v.dGFibGU9PHNjcmlwdD4", "v.JXp6"} {
		if steps := TrailFrom(text); len(steps) > 0 {
			t.Errorf("%q gives %+v", text, steps)
		}
	}
}

// Each page of a list has its own mark, and another order none.
func TestMarksOfPages(t *testing.T) {
	a := &listAddress{query: crm.ViewQuery{Table: "account", PartState: crm.PartState{Page: 5}, Counted: true}, next: "N", here: "H", previous: "P", selected: "id1"}
	for page, want := range map[int]string{4: "P", 5: "H", 6: "N", 0: "", 7: ""} {
		v := a.values(crm.PartState{Page: page})
		if v.Get("after") != want || v.Get("id") != "id1" {
			t.Errorf("page %d has %v", page, v)
		}
	}
}

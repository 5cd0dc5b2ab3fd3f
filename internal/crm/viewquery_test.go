package crm

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAViewQueryComesBackFromItsAddress(t *testing.T) {
	id := "0a000000-0000-4000-8000-000000000001"
	q := ViewQuery{
		PartState: PartState{ViewID: id, PersonalView: true, Sort: "pc.name", Descending: true, Page: 3, Search: "a & b"},
		Table:     "account", Counted: true, Of: &Belonging{Relationship: "account_parent", To: RecordRef{Table: "account", ID: id}},
		Filters: []ColumnFilter{{"name", TestHas, []string{"x=y"}}, {"pc.email", TestStarts, []string{"info@"}}, {"statuscode", TestIs, []string{"1", "2"}}},
	}
	v, err := url.ParseQuery(q.Values().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(q, ViewQueryFrom(v)); diff != "" {
		t.Error(diff)
	}
}

// An address can be typed by anybody.
func TestWhatIsNoFilterIsIgnored(t *testing.T) {
	v := url.Values{
		"f.": {"x"}, "f.name": {"x"}, "f..has": {"x"}, "f.name.has": {"", "  "}, "of": {"account:nothing"}, "rel": {"<x>"}, "page": {"-1"},
		"f.long.has": {strings.Repeat("x", 500)}, "f.one.has": {"a", "b"},
	}
	got := ViewQueryFrom(v)
	want := ViewQuery{Filters: []ColumnFilter{{"one", TestHas, []string{"a"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAValueOfAFilterIsTakenAway(t *testing.T) {
	q := ViewQuery{PartState: PartState{Page: 4}, Mark: "m", Filters: []ColumnFilter{{"a", TestIs, []string{"1", "2"}}, {"b", TestHas, []string{"x"}}}}
	one := q.Unfiltered("a", TestIs, "1")
	if diff := cmp.Diff([]ColumnFilter{{"a", TestIs, []string{"2"}}, {"b", TestHas, []string{"x"}}}, one.Filters); diff != "" || one.Page != 0 || one.Mark != "" {
		t.Error(diff, one)
	}
	if left := one.Unfiltered("a", TestIs, "2").Unfiltered("b", TestHas, ""); len(left.Filters) != 0 {
		t.Error(left.Filters)
	}
	if diff := cmp.Diff([]string{"1", "2"}, q.Filter("a", TestIs)); diff != "" {
		t.Error(diff)
	}
}

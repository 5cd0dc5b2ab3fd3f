package crm

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPartStateSurvivesTheAddress(t *testing.T) {
	want := PartState{ViewID: "v", PersonalView: true, ChartID: "c", Sort: "a.b", Descending: true, Page: 3, Search: "100% & 'x'", Drill: &Drill{Category: "", Series: "1"}}
	again, err := url.ParseQuery(want.Query("p-1").Encode())
	if err != nil {
		t.Fatal(err)
	}
	key, got := PartStateFrom(again)
	if diff := cmp.Diff(want, got); diff != "" || key != "p-1" {
		t.Error(key, diff)
	}
}

func TestAViewPickerSaysInOneValueThatTheViewIsPersonal(t *testing.T) {
	_, got := PartStateFrom(url.Values{"part": {"p"}, "view": {"v" + PersonalSuffix}})
	if got.ViewID != "v" || !got.PersonalView {
		t.Error(got)
	}
}

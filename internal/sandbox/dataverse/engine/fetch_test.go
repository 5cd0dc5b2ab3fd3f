package engine

import "testing"

func TestRowsAreVisibleByDepthOwnershipAndSharing(t *testing.T) {
	w := organization(t, nil)
	const all = `<fetch><entity name="account"><attribute name="name"/><order attribute="accountnumber"/></entity></fetch>`
	for who, want := range map[int]string{ann: "1 6", bob: "1 2 3 6", cid: "3 6", dee: "6", eve: "1 2 3 4 5 6"} {
		if got := w.fetch(who, all).numbers(); got != want {
			t.Errorf("%s sees %q, wanted %q", names[who], got, want)
		}
	}
}

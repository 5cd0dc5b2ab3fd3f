package pin

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
)

const (
	tenantID = "11111111-0000-4000-8000-000000000001"
	pinID    = "22222222-0000-4000-8000-000000000002"
	appID    = "33333333-0000-4000-8000-000000000003"
	recordID = "44444444-0000-4000-8000-000000000004"
	viewID   = "55555555-0000-4000-8000-000000000005"
	orgURL   = "https://contoso.crm4.dynamics.com"
)

func recordTarget() crm.PinTarget {
	return crm.PinTarget{Organization: orgURL, App: appID, Table: "account", Record: recordID}
}

func viewTarget() crm.PinTarget {
	return crm.PinTarget{Organization: orgURL, App: appID, Table: "account", View: viewID}
}

// R25: what Teams is told is what is documented, to the letter.
func TestTheAddressesOfATab(t *testing.T) {
	s := &Service{PublicURL: "https://pintab.example"}
	set := recordTarget()
	set.Lists = []string{"opportunity_customer_accounts", "incident_customer_accounts"}
	got := s.Settings(crm.Pin{ID: pinID, Tenant: tenantID, Target: set}, "Account")
	query := "app=" + appID + "&id=" + recordID + "&lists=opportunity_customer_accounts%2Cincident_customer_accounts&org=https%3A%2F%2Fcontoso.crm4.dynamics.com&pin=" + pinID +
		"&table=account&tenant=" + tenantID + "&v=1"
	want := crm.TabSettings{
		EntityID:   "pin-1-" + pinID,
		ContentURL: "https://pintab.example/tab/pin?" + query + "&theme={theme}&locale={locale}",
		WebsiteURL: "https://pintab.example/tab/pin?" + query,
		RemoveURL:  "https://pintab.example/remove?pin=" + pinID + "&tenant=" + tenantID + "&v=1",
		Name:       "Account",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(got.EntityID) > 64 || len(got.ContentURL) > 2048 {
		t.Error("Teams takes no such settings:", len(got.EntityID), len(got.ContentURL))
	}
	if PinOf(got.EntityID) != pinID || PinOf("pin-1-x") != "" || PinOf(pinID) != "" {
		t.Error(PinOf(got.EntityID))
	}
}

// What is written is read again, whatever the target; Teams adds parameters of its own.
func TestAddressesComeBack(t *testing.T) {
	mine := viewTarget()
	mine.Personal, mine.Beside = true, true
	set := recordTarget()
	set.Lists = []string{"opportunity_customer_accounts"}
	path := recordTarget()
	path.Organization = "http://localhost:3981/contoso"
	for _, target := range []crm.PinTarget{recordTarget(), viewTarget(), mine, set, path, {}} {
		a := Address{pinID, tenantID, target}
		q := a.Query()
		q.Set("theme", "dark")
		q.Set("tenant", strings.ToUpper(tenantID))
		got, err := AddressFrom(q)
		if diff := cmp.Diff(a, got); diff != "" || err != nil {
			t.Errorf("%+v: %v\n%s", target, err, diff)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"no version":        func(v url.Values) { v.Del("v") },
		"another version":   func(v url.Values) { v.Set("v", "2") },
		"no pin":            func(v url.Values) { v.Del("pin") },
		"no tenant":         func(v url.Values) { v.Del("tenant") },
		"half a target":     func(v url.Values) { v.Del("app") },
		"record and view":   func(v url.Values) { v.Set("view", viewID) },
		"lists of a view":   func(v url.Values) { v.Del("id"); v.Set("view", viewID); v.Set("lists", "x") },
		"script for org":    func(v url.Values) { v.Set("org", "javascript:alert(1)") },
		"credentials":       func(v url.Values) { v.Set("org", "https://a:b@contoso.crm4.dynamics.com") },
		"query in org":      func(v url.Values) { v.Set("org", orgURL+"?x=1") },
		"table of markup":   func(v url.Values) { v.Set("table", "<b>") },
		"table of a path":   func(v url.Values) { v.Set("table", "../x") },
		"list of a path":    func(v url.Values) { v.Set("lists", "a/b") },
		"too many lists":    func(v url.Values) { v.Set("lists", strings.Repeat("a,", 20)+"a") },
		"id of something":   func(v url.Values) { v.Set("id", "1 or 1=1") },
		"endless org":       func(v url.Values) { v.Set("org", orgURL+"/"+strings.Repeat("x", 4000)) },
		"braces in the pin": func(v url.Values) { v.Set("pin", "{"+pinID+"}") },
	} {
		q := Address{pinID, tenantID, recordTarget()}.Query()
		change(q)
		if a, err := AddressFrom(q); err == nil {
			t.Errorf("%s was read as %+v", name, a)
		}
	}
}

// R26: a record of a pinned view has one sub-page id for ever, and nothing else is taken for one.
func TestSubPages(t *testing.T) {
	for want, p := range map[string]SubPage{
		"r.account." + recordID:        {Table: "account", Record: recordID},
		"l.opportunity_parent_account": {List: "opportunity_parent_account"},
	} {
		got, ok := SubPageFrom(want)
		if p.ID() != want || got != p || !ok {
			t.Errorf("%s: %+v %v", p.ID(), got, ok)
		}
		if len(want) > 200 {
			t.Error("too long for a link", len(want))
		}
	}
	for _, text := range []string{"", "r", "r.account", "r.account.x", "r." + recordID, "l.", "l.a b", "x.account." + recordID, "r.acc<ount." + recordID, "r.account." + recordID + ".x"} {
		if p, ok := SubPageFrom(text); ok {
			t.Errorf("%q was read as %+v", text, p)
		}
	}
}

func TestIDs(t *testing.T) {
	s := &Service{Random: bytes.NewReader(bytes.Repeat([]byte{0xff}, 16))}
	if id, err := s.NewID(); id != "ffffffff-ffff-4fff-bfff-ffffffffffff" || err != nil {
		t.Error(id, err)
	}
	if _, err := s.NewID(); err == nil {
		t.Error("an id was made of nothing")
	}
	a := crm.Pin{ID: pinID, Tenant: tenantID, Target: recordTarget()}
	b := a
	b.Target.Record = viewID
	if a.RowID() == b.RowID() || !isGUID(a.RowID()) {
		t.Error(a.RowID(), b.RowID())
	}
}

func FuzzAddressFrom(f *testing.F) {
	f.Add(Address{pinID, tenantID, recordTarget()}.Query().Encode())
	f.Add(Address{pinID, tenantID, viewTarget()}.Query().Encode())
	f.Fuzz(func(t *testing.T, text string) {
		q, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		a, err := AddressFrom(q)
		if err != nil {
			return
		}
		again, err := AddressFrom(a.Query())
		if diff := cmp.Diff(a, again); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
		SubPageFrom(q.Get("sub"))
	})
}

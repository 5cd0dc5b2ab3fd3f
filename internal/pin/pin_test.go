package pin_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func key(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	return ""
}

// S46, S51: a record is pinned, and the tab's address leads to it. What Teams is told and what is kept are ids.
func TestPinningARecord(t *testing.T) {
	c := open(t)
	id := c.account("Canary Rope Works")
	p, settings := c.save(world.Administrator, c.to(id))
	if p.Target.Record != id || p.Creator != who(world.Administrator).User.Object || p.Spot != c.spot || settings.Name != "Account" || p.Created.IsZero() {
		t.Errorf("%+v %+v", p, settings)
	}
	for _, text := range []string{settings.ContentURL, settings.WebsiteURL, settings.RemoveURL, settings.EntityID, settings.Name} {
		if strings.Contains(text, "Canary") || strings.Contains(text, "Rope") {
			t.Error("Teams is told the record's name:", text)
		}
	}
	seen, err := c.look(world.Administrator, settings.ContentURL)
	if err != nil || seen.Health != crm.PinFine || seen.Name != "Canary Rope Works" || seen.Place != c.place || seen.Table.Label != "Account" {
		t.Errorf("%+v %v", seen, err)
	}
	if kept, ok, _ := c.db.Pin(t.Context(), p.Tenant, p.ID); !ok || kept.Opened.IsZero() {
		t.Error("nobody knows that it was opened")
	}
	if err := c.db.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(c.file + "*")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "Canary") || strings.Contains(string(text), "Rope Works") {
			t.Error("the record's name is in", f)
		}
	}
}

// A second Save while the first is under way makes one pin, and one after it leads the same tab elsewhere.
func TestSavingTwice(t *testing.T) {
	c := open(t)
	id, err := c.service.NewID()
	if err != nil {
		t.Fatal(err)
	}
	first, second := c.account("One"), c.account("Two")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			p, _, err := c.service.Create(t.Context(), who(world.Administrator), pin.Draft{ID: id, Target: c.to(first), Spot: c.spot})
			if err != nil || p.ID != id {
				t.Error(p.ID, err)
			}
		})
	}
	all.Wait()
	p, settings, err := c.service.Create(t.Context(), who(world.Administrator), pin.Draft{ID: id, Target: c.to(second), Spot: c.spot})
	if err != nil || p.Target.Record != second || settings.EntityID != "pin-1-"+id {
		t.Errorf("%+v %v", p, err)
	}
	if pins, err := c.service.At(t.Context(), who(world.Administrator), c.spot); err != nil || len(pins) != 1 || pins[0].Target.Record != second {
		t.Errorf("%+v %v", pins, err)
	}
}

// S49, S-35: three people look at one pin, and each sees what their own rights show.
func TestThreeViewersOfOnePin(t *testing.T) {
	c := open(t)
	_, settings := c.save(world.Administrator, c.to(c.account("Canary for those who may read it")))
	for role, want := range map[world.Role]crm.PinHealth{world.Administrator: crm.PinFine, world.ReadOnly: crm.PinFine, world.Seller: crm.PinNoAccess} {
		seen, err := c.look(role, settings.ContentURL)
		if err != nil || seen.Health != want || (seen.Name != "") != (want == crm.PinFine) {
			t.Errorf("%s: %s, %q, %v", role, seen.Health, seen.Name, err)
		}
		if want == crm.PinNoAccess && (seen.Table.Label != "Account" || seen.Place.Organization.Name == "" || key(seen.Err) != "record.no_access" || strings.Contains(seen.Err.Error(), "Canary")) {
			t.Errorf("what is missing is not said, or too much: %+v", seen)
		}
	}
	for role, want := range map[world.Role]crm.PinHealth{world.NoOrganization: crm.PinOrganization, world.Guest: crm.PinOrganization} {
		if seen, err := c.look(role, settings.ContentURL); err != nil || seen.Health != want || seen.Name != "" {
			t.Errorf("%s: %s, %q, %v", role, seen.Health, seen.Name, err)
		}
	}
	if _, err := c.look(world.SecondTenant, settings.ContentURL); key(err) != "pin.other_tenant" {
		t.Error("somebody of another company:", err)
	}
}

// R10: who may not read a pinned record is told who pinned it, whom they can ask; nobody outside the organization is.
func TestWhoMadeAPin(t *testing.T) {
	c := open(t)
	_, settings := c.save(world.ReadOnly, c.to(c.account("Asked for")))
	for role, want := range map[world.Role]string{world.Seller: "Joanna Reed", world.Administrator: "Joanna Reed", world.NoOrganization: ""} {
		seen, err := c.look(role, settings.ContentURL)
		if err != nil {
			t.Fatal(err)
		}
		if maker, err := c.service.Maker(t.Context(), who(role), seen); err != nil || maker.Name != want {
			t.Errorf("%s: %q %v", role, maker.Name, err)
		}
	}
	if _, err := c.db.Erase(t.Context(), who(world.ReadOnly).User, []crm.StoredTable{{Name: "pin_creators", Find: crm.FindPerson}}, time.Now().Add(time.Hour), false); err != nil {
		t.Fatal(err)
	}
	seen, err := c.look(world.Seller, settings.ContentURL)
	if maker, more := c.service.Maker(t.Context(), who(world.Seller), seen); err != nil || more != nil || maker.Name != "" || seen.Health != crm.PinNoAccess {
		t.Errorf("after they were forgotten: %q %v %v", maker.Name, err, more)
	}
}

// S-34: for another tenant a pin is as absent as one that never was, whatever is done with its id.
func TestPinsOfAnotherTenant(t *testing.T) {
	c := open(t)
	p, _ := c.save(world.Administrator, c.to(c.account("Ours")))
	stranger, ctx := who(world.SecondTenant), t.Context()
	const never = "99999999-0000-4000-8000-000000000009"
	for name, do := range map[string]func(id string) error{
		"find":    func(id string) error { _, err := c.service.Find(ctx, stranger, id); return err },
		"change":  func(id string) error { _, _, err := c.service.Change(ctx, stranger, id, p.Target); return err },
		"restore": func(id string) error { _, err := c.service.Restore(ctx, stranger, id); return err },
		"open": func(id string) error {
			_, err := c.service.Open(ctx, stranger, pin.Address{Pin: id, Tenant: stranger.User.Tenant})
			return err
		},
		"remove": func(id string) error { return c.service.Remove(ctx, stranger, id) },
	} {
		for _, id := range []string{"", "x", "1", p.ID + "'", strings.ToUpper(p.ID)} {
			if err := do(id); key(err) != key(do(never)) {
				t.Errorf("%s %q: %v", name, id, err)
			}
		}
		if theirs, none := do(p.ID), do(never); key(theirs) != key(none) || name != "remove" && key(none) != "pin.gone" {
			t.Errorf("%s: %v, and of one that never was %v", name, theirs, none)
		}
	}
	if pins, err := c.service.At(ctx, stranger, c.spot); err != nil || len(pins) != 0 {
		t.Error("the channel's pins were listed:", pins, err)
	}
	if kept, ok, _ := c.db.Pin(ctx, p.Tenant, p.ID); !ok || !kept.Removed.IsZero() || !kept.Target.Equal(p.Target) {
		t.Errorf("%v %+v", ok, kept)
	}
}

// R16, R18: to pin takes no more than reading it, in any table; what cannot be read or is no target is not pinned.
func TestWhatCanBePinned(t *testing.T) {
	c := open(t)
	closed := c.account("Closed to sellers")
	good := c.to(closed)
	change := func(f func(*crm.PinTarget)) crm.PinTarget { t := good; f(&t); return t }
	for name, d := range map[string]struct {
		role world.Role
		to   crm.PinTarget
		key  string
	}{
		"by somebody who may only read": {world.ReadOnly, good, ""},
		"a view":                        {world.ReadOnly, change(func(t *crm.PinTarget) { t.Record, t.View = "", c.view("account", "Active Accounts") }), ""},
		"a record closed to them":       {world.Seller, good, "record.no_access"},
		"one that is not there":         {world.Administrator, change(func(t *crm.PinTarget) { t.Record = "00000000-0000-4000-8000-00000000dead" }), "record.deleted"},
		"of no table":                   {world.Administrator, change(func(t *crm.PinTarget) { t.Table = "nosuchtable" }), "record.no_table"},
		"a view that is not there":      {world.Administrator, change(func(t *crm.PinTarget) { t.Record, t.View = "", closed }), "view.gone"},
		"a view of another table": {world.Administrator, change(func(t *crm.PinTarget) {
			t.Record, t.View, t.Table = "", c.view("account", "Active Accounts"), "contact"
		}), "view.gone"},
		"in another organization":      {world.Administrator, change(func(t *crm.PinTarget) { t.Organization = "https://elsewhere.example" }), "workspace.organization_gone"},
		"in an app that is not theirs": {world.Administrator, change(func(t *crm.PinTarget) { t.App = closed }), "workspace.app_gone"},
		"nothing":                      {world.Administrator, crm.PinTarget{}, "pin.bad_target"},
		"a record and a view":          {world.Administrator, change(func(t *crm.PinTarget) { t.View = closed }), "pin.bad_target"},
		"by nobody there":              {world.NoOrganization, good, "workspace.organization_gone"},
	} {
		id, _ := c.service.NewID()
		_, _, err := c.service.Create(t.Context(), who(d.role), pin.Draft{ID: id, Target: d.to, Spot: c.spot})
		if key(err) != d.key {
			t.Errorf("%s: %v, want %q", name, err, d.key)
		}
		if _, ok, _ := c.db.Pin(t.Context(), who(d.role).User.Tenant, id); ok != (d.key == "") {
			t.Errorf("%s: kept is %v", name, ok)
		}
	}
	if _, _, err := c.service.Create(t.Context(), who(world.Administrator), pin.Draft{ID: "mine", Target: good}); key(err) != "pin.bad_target" {
		t.Error("an id of anybody's making was taken:", err)
	}
}

// view finds a view by its name.
func (c *channel) view(table, name string) string {
	c.t.Helper()
	status, answer := c.api(world.Administrator, http.MethodGet, "savedqueries?$select=savedqueryid&$filter=returnedtypecode%20eq%20'"+table+"'%20and%20name%20eq%20'"+strings.ReplaceAll(name, " ", "%20")+"'", nil)
	rows, _ := answer["value"].([]any)
	if status != http.StatusOK || len(rows) == 0 {
		c.t.Fatal(status, answer)
	}
	return rows[0].(map[string]any)["savedqueryid"].(string)
}

// incident makes a case of an account, or merges one into a master.
func (c *channel) incident(title, of, master string) string {
	c.t.Helper()
	method, path, body := http.MethodPost, "incidents", map[string]any{"title": title, "customerid_account@odata.bind": "/accounts(" + of + ")"}
	if master != "" {
		method, path, body = http.MethodPatch, "incidents("+of+")", map[string]any{"masterid@odata.bind": "/incidents(" + master + ")", "statecode": 2, "statuscode": 2000}
	}
	status, answer := c.api(world.Administrator, method, path, body)
	if status != http.StatusNoContent {
		c.t.Fatal(status, answer)
	}
	id, _ := answer["id"].(string)
	return id
}

// Section 4 no. 2: whatever becomes of what a pin leads to is a state of its own, and leading it elsewhere keeps the tab.
func TestTheHealthOfAPin(t *testing.T) {
	c := open(t)
	state := func(settings crm.TabSettings) crm.Pinned {
		t.Helper()
		c.restart()
		seen, err := c.look(world.Administrator, settings.ContentURL)
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	inactive := c.account("Inactive")
	_, tab := c.save(world.Administrator, c.to(inactive))
	if status, answer := c.api(world.Administrator, http.MethodPatch, "accounts("+inactive+")", map[string]any{"statecode": 1}); status != http.StatusNoContent {
		t.Fatal(status, answer)
	}
	if seen := state(tab); seen.Health != crm.PinDeactivated || seen.Name != "Inactive" {
		t.Errorf("%+v", seen)
	}
	winner := c.account("Surviving")
	loser, master := c.incident("Merged away", winner, ""), c.incident("Surviving case", winner, "")
	to := c.to(loser)
	to.Table = "incident"
	_, tab = c.save(world.Administrator, to)
	c.incident("", loser, master)
	if seen := state(tab); seen.Health != crm.PinMerged || seen.Into == nil || seen.Into.ID != master || seen.Into.Name != "Surviving case" || seen.Into.Table != "incident" {
		t.Errorf("%+v %+v", seen, seen.Into)
	}
	deleted := c.account("Deleted")
	p, tab := c.save(world.Administrator, c.to(deleted))
	if status, _ := c.api(world.Administrator, http.MethodDelete, "accounts("+deleted+")", nil); status != http.StatusNoContent {
		t.Fatal(status)
	}
	if seen := state(tab); seen.Health != crm.PinDeleted || seen.Table.Label != "Account" {
		t.Errorf("%+v", seen)
	}
	if _, again, err := c.service.Change(t.Context(), who(world.Administrator), p.ID, c.to(winner)); err != nil || again.EntityID != tab.EntityID {
		t.Error(again.EntityID, err)
	}
	if seen := state(tab); seen.Health != crm.PinFine || seen.Name != "Surviving" {
		t.Errorf("the same tab leads to %+v", seen)
	}
	c.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/harbor-sales/") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	})
	if seen := state(tab); seen.Health != crm.PinUnknown || seen.Err == nil {
		t.Errorf("%+v", seen)
	}
	c.stage.set(nil)
	for change, want := range map[string]crm.PinHealth{
		strings.Replace(tab.ContentURL, "harbor-sales", "harbor-retired", 1):                       crm.PinOrganization,
		strings.Replace(tab.ContentURL, c.place.App.ID, "00000000-0000-4000-8000-00000000dead", 1): crm.PinNoApp,
	} {
		if seen := state(crm.TabSettings{ContentURL: strings.Replace(change, p.ID, "88888888-0000-4000-8000-000000000008", 1)}); seen.Health != want {
			t.Errorf("%s: %+v", change, seen)
		}
	}
}

// R17: removing is immediate, can be done again and can be taken back; the page says that it was removed.
func TestRemovingAPin(t *testing.T) {
	c := open(t)
	p, tab := c.save(world.Administrator, c.to(c.account("Removed")))
	for range 2 {
		if err := c.service.Remove(t.Context(), who(world.ReadOnly), p.ID); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"99999999-0000-4000-8000-000000000009", "", "x"} {
		if err := c.service.Remove(t.Context(), who(world.ReadOnly), id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	if seen, err := c.look(world.Administrator, tab.ContentURL); err != nil || seen.Health != crm.PinRemoved || seen.Name != "" {
		t.Errorf("%+v %v", seen, err)
	}
	if pins, _ := c.service.At(t.Context(), who(world.Administrator), c.spot); len(pins) != 0 {
		t.Error(pins)
	}
	if _, err := c.service.Restore(t.Context(), who(world.Administrator), p.ID); err != nil {
		t.Fatal(err)
	}
	if seen, err := c.look(world.Administrator, tab.ContentURL); err != nil || seen.Health != crm.PinFine || seen.Name != "Removed" {
		t.Errorf("%+v %v", seen, err)
	}
	if n, err := c.service.Left(t.Context(), p.Tenant, crm.Spot{Team: c.spot.Team}); n != 1 || err != nil {
		t.Error("the team was deleted:", n, err)
	}
}

// R25: an administrator's address is a tab by itself. Its pin is kept once somebody got to see what it leads to.
func TestAnAddressMadeByHand(t *testing.T) {
	c := open(t)
	id := c.account("By hand")
	a := pin.Address{Pin: "77777777-0000-4000-8000-000000000007", Tenant: who(world.Administrator).User.Tenant, Target: c.to(id)}
	address := "https://pintab.example/tab/pin?" + a.Query().Encode()
	if seen, err := c.look(world.Seller, address); err != nil || seen.Health != crm.PinNoAccess {
		t.Errorf("%+v %v", seen, err)
	}
	if _, ok, _ := c.db.Pin(t.Context(), a.Tenant, a.Pin); ok {
		t.Error("a pin was kept that leads nowhere for whoever opened it")
	}
	for range 2 {
		if seen, err := c.look(world.ReadOnly, address); err != nil || seen.Health != crm.PinFine {
			t.Errorf("%+v %v", seen, err)
		}
	}
	kept, ok, err := c.db.Pin(t.Context(), a.Tenant, a.Pin)
	if !ok || err != nil || kept.Creator != "" || !kept.Target.Equal(a.Target) || kept.Spot != c.spot || kept.Opened.IsZero() {
		t.Errorf("%v %+v %v", ok, kept, err)
	}
	bare := pin.Address{Pin: "66666666-0000-4000-8000-000000000006", Tenant: a.Tenant}
	if _, err := c.look(world.Administrator, "https://pintab.example/tab/pin?"+bare.Query().Encode()); key(err) != "pin.gone" {
		t.Error(err)
	}
}

// S44: Remember this preference makes the pin's organization and app those of My Dashboard; without it nothing changes.
func TestRememberThisPreference(t *testing.T) {
	c := open(t)
	ctx, me := t.Context(), who(world.Administrator)
	id, _ := c.service.NewID()
	d := pin.Draft{ID: id, Target: c.to(c.account("Remembered")), Spot: c.spot}
	if _, _, err := c.service.Create(ctx, me, d); err != nil {
		t.Fatal(err)
	}
	if kept, err := c.db.Preference(ctx, me.User); err != nil || kept.OrganizationURL != "" {
		t.Error("it was remembered unasked:", kept, err)
	}
	d.Remember = true
	if _, _, err := c.service.Create(ctx, me, d); err != nil {
		t.Fatal(err)
	}
	if kept, err := c.db.Preference(ctx, me.User); err != nil || kept.OrganizationURL != c.place.Organization.URL || kept.AppID != c.place.App.ID {
		t.Error(kept, err)
	}
}

// R19: a personal view warns before it is saved, and offers views that everybody sees.
func TestPinningAPersonalView(t *testing.T) {
	c := open(t)
	status, made := c.api(world.Administrator, http.MethodPost, "userqueries", map[string]any{
		"name": "My own", "returnedtypecode": "account", "querytype": 0,
		"fetchxml": `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`, "layoutxml": `<grid name="resultset"><row name="result" id="accountid"><cell name="name" width="100"/></row></grid>`,
	})
	if status != http.StatusNoContent {
		t.Fatal(status, made)
	}
	to := crm.PinTarget{Organization: c.place.Organization.URL, App: c.place.App.ID, Table: "account", View: made["id"].(string), Personal: true, Beside: true}
	p, err := c.service.Preview(t.Context(), who(world.Administrator), to)
	if err != nil || p.Warn != "pin.personal_view" || len(p.Others) < 2 || p.View.View.Name != "My own" || len(p.Rows) == 0 {
		t.Errorf("%+v %v", p, err)
	}
	for _, o := range p.Others {
		if o.Personal {
			t.Error("another personal view is offered:", o.Name)
		}
	}
	if _, err := c.service.Preview(t.Context(), who(world.ReadOnly), to); key(err) != "view.gone" {
		t.Error("somebody else previews it:", err)
	}
	_, tab := c.save(world.Administrator, to)
	if tab.Name != "My own" {
		t.Error(tab.Name)
	}
	if seen, err := c.look(world.ReadOnly, tab.ContentURL); err != nil || seen.Health != crm.PinDeleted || seen.Name != "" {
		t.Errorf("for somebody it is not shared with: %+v %v", seen, err)
	}
	public := to
	public.View, public.Personal = c.view("account", "Active Accounts"), false
	if p, err := c.service.Preview(t.Context(), who(world.Seller), public); err != nil || p.Warn != "" || len(p.Columns) < 3 {
		t.Errorf("%+v %v", p, err)
	}
}

// R27: a tab may show a record with chosen related lists; the choice is of the organization's own relationships.
func TestARecordSet(t *testing.T) {
	c := open(t)
	to := c.to(c.account("With lists"))
	p, err := c.service.Preview(t.Context(), who(world.Administrator), to)
	if err != nil || p.Record == nil || p.Record.Name != "With lists" || len(p.Related) < 4 {
		t.Fatalf("%+v %v", p, err)
	}
	seen := map[string]bool{}
	for _, l := range p.Related {
		if l.Label == "" || seen[l.Label] {
			t.Errorf("%+v is called like another, or nothing", l)
		}
		seen[l.Label] = true
	}
	to.Lists = []string{p.Related[1].Relationship, p.Related[0].Relationship}
	_, tab := c.save(world.Administrator, to)
	if got, err := c.look(world.Administrator, tab.ContentURL); err != nil || !got.Target.Equal(to) {
		t.Errorf("%+v %v", got.Target, err)
	}
}

// A sign-in that has ended is no state of a pin.
func TestPinsAfterTheSignInEnded(t *testing.T) {
	c := open(t)
	_, tab := c.save(world.Administrator, c.to(c.account("Signed out")))
	c.stage.intercept(t, func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusUnauthorized); return true })
	c.restart()
	if _, err := c.look(world.Administrator, tab.ContentURL); !fault.Is(err, fault.SignedOut) {
		t.Error(err)
	}
}

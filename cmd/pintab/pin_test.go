package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/templates"
)

// target is a record of the sandbox that a story pins, as the setup page writes it.
func (v *visitor) target(organization, app, table, query string) string {
	v.Helper()
	page := v.get("/config/channel?" + url.Values{"org": {at.Dataverse + "/" + organization}, "q": {query}, "filter": {table}}.Encode())
	page.wantStatus(http.StatusOK)
	href := page.page.Find(`.results a`).First().AttrOr("href", "")
	u, err := url.Parse(href)
	if err != nil || u.Query().Get("target") == "" {
		v.Fatalf("nothing found for %q in %s: %s", query, organization, page.text("#pick"))
	}
	return u.Query().Get("target")
}

// keep saves a target as the script of the setup page does, and gives what Teams is told.
func (v *visitor) keep(form url.Values) (answer, map[string]string) {
	v.Helper()
	if !form.Has("pin") {
		form.Set("pin", uuid.NewString())
	}
	said := v.post("/config/channel", form)
	settings := map[string]string{}
	if said.status == http.StatusOK {
		if err := json.Unmarshal(said.body, &settings); err != nil {
			v.Fatalf("%v: %s", err, said.body)
		}
	}
	return said, settings
}

// path is an address of ours as a request writes it.
func path(address string) string { return strings.TrimPrefix(address, at.App) }

// The page lists what was used last, narrows a search by Filter by, and shows what members will see; only then there is something to save.
func TestChoosingWhatToPin(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	fresh := v.get("/config/channel")
	fresh.wantText("#found h2", "Recently used")
	if fresh.page.Find("#keep[data-ready]").Length() != 0 {
		t.Error("Save is on before anything was chosen")
	}
	if n := fresh.page.Find(`select[name=filter] option`).Length(); n < 5 {
		t.Errorf("%d record types to filter by", n)
	}
	if fresh.page.Find(`[data-testid=edit] select[name=org] option`).Length() < 2 || fresh.page.Find(`input[name=remember][form=keep]`).Length() != 1 {
		t.Error("no pencil for somebody with two organizations")
	}
	token := v.target("harbor-sales", "", "account", "contoso")
	chosen := v.get("/config/channel?" + url.Values{"org": {at.Dataverse + "/harbor-sales"}, "q": {"contoso"}, "target": {token}}.Encode())
	chosen.wantText("#chosen h2", "Members will see")
	if chosen.page.Find("#keep[data-ready]").Length() != 1 || chosen.text("[data-testid=chosen-name]") == "" {
		t.Errorf("nothing to save: %s", chosen.text("#chosen"))
	}
	if chosen.page.Find(".results [aria-current]").Length() != 1 {
		t.Error("the row is not marked")
	}
	view := v.get("/config/channel?" + url.Values{"kind": {"view"}, "q": {"active accounts"}}.Encode())
	if view.page.Find(".results a").Length() == 0 {
		t.Errorf("no view found: %s", view.text("#found"))
	}
	lucia, _ := visit(t, "lucia@harborfinch.example")
	if one := lucia.get("/config/channel"); one.page.Find("[data-testid=edit]").Length() != 0 {
		t.Error("a pencil where there is one organization and one app")
	}
}

// R18, section 4 no. 10: a link of any organization of theirs is followed; a stranger's says so.
func TestPinningByPaste(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	target, ok := templates.TargetFromToken(v.target("harbor-sales", "", "account", "contoso"))
	if !ok {
		t.Fatal("no target")
	}
	link := target.Organization + "/main.aspx?pagetype=entityrecord&etn=account&id=" + target.Record
	for _, text := range []string{link, target.Record} {
		page := v.get("/config/channel?" + url.Values{"org": {at.Dataverse + "/harbor-sales"}, "q": {text}}.Encode())
		if page.page.Find("#keep[data-ready]").Length() != 1 {
			t.Errorf("%s: %s", text, page.text("#pick"))
		}
	}
	foreign := v.get("/config/channel?" + url.Values{"q": {"https://evil.example/main.aspx?pagetype=entityrecord&etn=account&id=" + target.Record}}.Encode())
	foreign.wantText("#found [data-testid=problem]", "not one of your organizations")
}

// R15, R16, R25, S51: a pin is an address, and the database holds where it leads and nothing of what is there.
func TestAPinIsAnAddress(t *testing.T) {
	town := moveTo(t)
	v, _ := visit(t, "priya@harborfinch.example")
	token := v.target("harbor-sales", "", "account", "contoso")
	name := v.get("/config/channel?" + url.Values{"target": {token}}.Encode()).text("[data-testid=chosen-name]")
	form := url.Values{"target": {token}, "team": {"19:team@thread.tacv2"}, "channel": {"19:channel@thread.tacv2"}, "pin": {uuid.NewString()}}
	_, settings := v.keep(form)
	if !strings.HasPrefix(settings["contentUrl"], at.App+"/tab/pin?") || !strings.HasPrefix(settings["removeUrl"], at.App+"/remove?") || len(settings["entityId"]) > 64 {
		t.Fatalf("%v", settings)
	}
	if name == "" || strings.Contains(settings["suggestedDisplayName"], name) {
		t.Errorf("the record's name %q is in the tab's: %v", name, settings)
	}
	_, again := v.keep(form)
	if again["entityId"] != settings["entityId"] {
		t.Error("saving twice made two pins")
	}
	if left := town.found(name); len(left) > 0 {
		t.Errorf("record data is kept: %q", left)
	}
	opened := v.get(path(settings["websiteUrl"]))
	opened.wantStatus(http.StatusOK)
	opened.wantText(`article[data-record] h1`, name)
	if opened.page.Find(`[data-testid=pin-bar]`).Length() != 1 {
		t.Error("the landing does not say that it is a tab")
	}
	if left := town.found(name); len(left) > 0 {
		t.Errorf("record data is kept after it was opened: %q", left)
	}
	if list := (func() answer {
		admin, _ := visit(t, "ingrid@harborfinch.example")
		return admin.get("/tab/pins?org=" + url.QueryEscape(at.Dataverse+"/harbor-sales"))
	})(); list.page.Find(".pins li").Length() != 1 {
		t.Errorf("the administrator's list: %s", list.text("main"))
	} else {
		list.wantText("[data-testid=health]", "Fine")
	}
	if list := v.get("/tab/pins?org=" + url.QueryEscape(at.Dataverse+"/harbor-sales")); list.page.Find(".pins li").Length() != 0 {
		t.Error("somebody who administers nothing sees all pins")
	}
}

// R10, R11, S48, S49: one pin, and each viewer's own rights. Nobody without Read gets a letter of the record.
func TestOnePinAndManyViewers(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	token := v.target("harbor-sales", "", "account", "contoso")
	name := v.get("/config/channel?" + url.Values{"target": {token}}.Encode()).text("[data-testid=chosen-name]")
	_, settings := v.keep(url.Values{"target": {token}})
	address := path(settings["websiteUrl"])
	if edit := v.get(address); edit.page.Find("[data-edit]").Length() == 0 {
		t.Error("the manager cannot edit")
	}
	joanna, _ := visit(t, "joanna@harborfinch.example")
	reading := joanna.get(address)
	reading.wantText("article[data-record] h1", name)
	if reading.page.Find("a[data-edit]").Length() != 0 {
		t.Error("the auditor may edit")
	}
	for person, failed := range map[string]string{
		"omar@harborfinch.example": "pin-no-app", "mei@harborfinch.example": "pin-organization",
		"nora_brightlake.example#EXT#@harborfinch.example": "pin-guest", "jakub@moraviawerke.example": "pin-tenant",
	} {
		other, _ := visit(t, person)
		page := other.get(address)
		if got := page.page.Find("[data-failed]").AttrOr("data-failed", ""); got != failed {
			t.Errorf("%s sees %q, want %s: %s", person, got, failed, page.text("main"))
		}
		if strings.Contains(string(page.body), name) || strings.Contains(string(page.body), "Priya") {
			t.Errorf("%s reads something of the record", person)
		}
		if page.page.Find("[data-testid=state] .ways a, [data-testid=state] .ways button").Length() == 0 {
			t.Errorf("%s is at a dead end", person)
		}
	}
}

// R17: removing is at once and twice is no failure; an administrator or a member brings it back, and the tab is the same.
func TestRemovingAndBringingBack(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	_, settings := v.keep(url.Values{"target": {v.target("harbor-sales", "", "account", "contoso")}})
	remove, err := url.Parse(settings["removeUrl"])
	if err != nil {
		t.Fatal(err)
	}
	page := v.get(remove.RequestURI())
	page.wantStatus(http.StatusOK)
	id := page.page.Find("#remove input[name=pin]").AttrOr("value", "")
	for range 2 {
		if said := v.post("/remove", url.Values{"pin": {id}}); said.status != http.StatusNoContent {
			t.Errorf("%d %.200s", said.status, said.body)
		}
	}
	address := path(settings["websiteUrl"])
	gone := v.get(address)
	if got := gone.page.Find("[data-failed]").AttrOr("data-failed", ""); got != "pin-removed" {
		t.Errorf("%q: %s", got, gone.text("main"))
	}
	if back := v.post("/tab/pin/restore", url.Values{"pin": {id}}); back.status != http.StatusSeeOther {
		t.Errorf("%d", back.status)
	}
	v.get(address).wantText("article[data-record]", "Contoso")
}

// R26, R27: one tab holds a record with its related lists, or a view whose rows links and conversations can point to.
func TestARecordSetAndTheRowsOfAView(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	token := v.target("harbor-sales", "", "account", "contoso")
	preview := v.get("/config/channel?" + url.Values{"target": {token}}.Encode())
	list := preview.page.Find("input[name=list]").First().AttrOr("value", "")
	if list == "" {
		t.Fatalf("no related list is offered: %s", preview.text("#chosen"))
	}
	_, settings := v.keep(url.Values{"target": {token}, "list": {list}})
	set := v.get(path(settings["websiteUrl"]))
	if set.page.Find(`[data-part="set-`+list+`"]`).Length() != 1 {
		t.Errorf("the list is not there: %.300s", set.text("article"))
	}

	view := v.get("/config/channel?" + url.Values{"kind": {"view"}, "q": {"active accounts"}, "org": {at.Dataverse + "/harbor-sales"}}.Encode())
	u, err := url.Parse(view.page.Find(".results a").First().AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	_, settings = v.keep(url.Values{"target": {u.Query().Get("target")}, "beside": {"1"}})
	landing := v.get(path(settings["websiteUrl"]))
	row := landing.page.Find("[data-row]").First().AttrOr("data-row", "")
	if row == "" {
		t.Fatalf("no rows: %s", landing.text("main"))
	}
	pointed := v.get(path(settings["websiteUrl"]) + "&sub=r.account." + row)
	if pointed.page.Find(`[data-beside] article[data-record]`).Length() != 1 || pointed.page.Find(".pin-bar").AttrOr("data-sub", "") != "r.account."+row {
		t.Errorf("the row is not shown: %s", pointed.text("[data-beside]"))
	}
	if odd := v.get(path(settings["websiteUrl"]) + "&sub=" + url.QueryEscape(`r.<b>.x`)); odd.status != http.StatusOK {
		t.Errorf("a sub page that is none: %d", odd.status)
	}
}

// S44, S42: Remember this preference makes organization and app those of My Dashboard; without it nothing changes.
func TestRememberingWhereSomethingWasPinned(t *testing.T) {
	moveTo(t)
	v, before := visit(t, "priya@harborfinch.example")
	token := v.target("harbor-service", "", "account", "co")
	v.keep(url.Values{"target": {token}})
	if now := v.get("/tab/dashboard").text(".place"); now != before.text(".place") {
		t.Errorf("My Dashboard went to %s", now)
	}
	v.keep(url.Values{"target": {token}, "remember": {"1"}})
	v.get("/tab/dashboard").wantText(".place", "Harbor & Finch Service")
}

// S-34: what is not a pin of one's own tenant is not there, and what is malformed is refused.
func TestOddAddressesOfTabs(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	for query, want := range map[string]int{
		"": http.StatusBadRequest, "v=1": http.StatusBadRequest,
		"v=1&tenant=" + world.Home.ID + "&pin=" + uuid.NewString():   http.StatusNotFound,
		"v=1&tenant=" + world.Second.ID + "&pin=" + uuid.NewString(): http.StatusForbidden,
	} {
		if got := v.get("/tab/pin?" + query); got.status != want {
			t.Errorf("%s: %d, want %d", query, got.status, want)
		}
	}
	for _, form := range []url.Values{{}, {"target": {"x"}}, {"target": {"org=https://evil.example&app=" + uuid.NewString() + "&table=account&id=" + uuid.NewString()}}} {
		if got, _ := v.keep(form); got.status == http.StatusOK {
			t.Errorf("%v was kept", form)
		}
	}
}

// R20, R21, R22, S41 with the real TeamsJS: Save follows the choice, twice pressed saves once at a slow host, and the tab stands in the channel.
func TestPinningInTeams(t *testing.T) {
	moveTo(t)
	c := sitDown(t, "priya@harborfinch.example")
	const channel = "/teams/northern-accounts/general"
	c.addToTeam("Northern accounts")
	c.open(channel + "?press=twice&pace=slow")
	c.must(c.window.Click(`[data-testid="add-tab"]`))
	c.must(c.window.Click(`#add-dialog [data-configure]`))
	page := c.frame()
	c.must(page.Has("#pick", patience))
	off := `document.querySelector("#config-dialog [data-part=save]").disabled`
	c.must(c.window.Wait(off, patience))
	c.picture("fresh")
	c.must(page.Type("input[name=q]", "contoso"))
	c.must(page.Wait(`document.querySelector("#found h2").textContent === "Results" && document.querySelector(".results a")`, patience))
	c.must(page.Click(".results a"))
	c.must(page.Has("#keep[data-ready]", patience))
	c.must(c.window.Wait("!"+off, 3*patience)) // a slow host
	c.sound(page, "chosen")
	c.picture("chosen")
	c.must(c.window.Click("#config-dialog [data-part=save]"))
	c.must(c.window.Wait(`location.pathname.split("/").length === 5`, 3*patience))
	tab := c.frame()
	c.must(tab.Has("article[data-record]", patience))
	c.picture("pinned")
	c.shown(tab, "article h1", "Contoso")
	c.must(c.window.Wait(`document.querySelectorAll("[data-testid=tab]").length === 1`, patience))
	where := c.here()

	// The same tab is led to a view, and stays where it is.
	c.open(where)
	c.must(c.window.Has(`[data-action="tab-settings"]`, patience))
	c.must(c.window.Click(`[data-action="tab-settings"]`))
	setup := c.frameAt("/config/channel")
	c.must(setup.Wait(`document.querySelector("#pick h1")?.textContent === "Choose what this tab shows" && document.querySelector("#keep[data-ready]")`, patience))
	c.must(setup.Click(`[data-key="kind-view"]`))
	c.must(setup.Wait(`document.querySelector("[data-key=kind-view][aria-current]") && document.querySelector(".results a")`, patience))
	c.must(setup.Type("input[name=q]", "all accounts"))
	c.must(setup.Wait(`document.querySelector("#found h2").textContent === "Results" && document.querySelector(".results a")?.textContent.includes("All Accounts")`, patience))
	c.must(setup.Click(".results a"))
	c.must(setup.Wait(`document.querySelector("[data-testid=chosen-name]") && document.querySelector("input[name=beside]")`, patience))
	c.must(setup.Click("input[name=beside]"))
	c.must(c.window.Wait("!"+off, patience))
	c.must(c.window.Click("#config-dialog [data-part=save]"))
	c.must(c.window.Wait(`!document.querySelector("#config-dialog").open`, patience))
	c.open(where)
	view := c.frameAt("/tab/pin")
	c.must(view.Has(`[data-testid="view"]`, patience))
	if beside, _ := browser.Evaluate[bool](view, `!!document.querySelector(".beside article")`); beside {
		t.Error("the list has lost its place to a record")
	}
	// Where there is room, the record of the first row stands beside the list, as was wanted.
	c.size = "full"
	c.must(c.window.Resize(1600, 1000))
	c.open(where)
	view = c.frameAt("/tab/pin")
	c.must(view.Has(".beside article[data-record]", patience))
	c.picture("beside")

	// Removing: the page enables Remove at once, and the tab is gone.
	c.must(c.window.Click(`[data-action="tab-remove"]`))
	c.must(c.window.Wait(`!document.querySelector("#remove-dialog [data-part=remove]").disabled`, patience))
	c.picture("remove")
	c.must(c.window.Click(`#remove-dialog [data-part=remove]`))
	c.must(c.window.Wait(`!document.querySelector("[data-testid=tab]")`, patience))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

// R22: the page is whole at 320 pixels, in each theme and from right to left.
func TestPinSetupOnPhonesAndInThemes(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	c.addToTeam("Northern accounts")
	for _, look := range []struct{ theme, locale string }{{"default", "en-US"}, {"dark", "de-DE"}, {"contrast", "ar-SA"}} {
		c.theme, c.locale = look.theme, look.locale
		c.must(c.window.Resize(330, 720))
		c.open("/teams/northern-accounts/general")
		c.must(c.window.Click(`[data-testid="add-tab"]`))
		c.must(c.window.Click(`#add-dialog [data-configure]`))
		page := c.frame()
		c.must(page.Has("#pick", patience))
		c.must(page.Type("input[name=q]", "contoso"))
		c.must(page.Wait(`document.querySelector("#found").dataset.said && !document.querySelector("[aria-busy]") && new URLSearchParams(location.search).get("q") && document.querySelector(".results a[data-key^=r-]")`, patience))
		c.must(page.Click(".results a[data-key^=r-]"))
		c.must(page.Has("#keep[data-ready]", patience))
		c.sound(page, look.theme)
		c.picture(look.theme)
	}
}

// pinHealths has a page for each state of a tab that shows nothing.
func TestEveryBrokenPinHasItsPage(t *testing.T) {
	for _, h := range crm.PinHealths() {
		shows := h == crm.PinFine || h == crm.PinDeactivated || h == crm.PinMerged
		if (templates.PinSituation(h) == "") != shows {
			t.Errorf("%s: %q", h, templates.PinSituation(h))
		}
	}
}

// R19, R25, section 4 no. 2: an administrator makes tabs by their address alone, and one that leads nowhere says so and can be led elsewhere.
func TestTabsThatLeadNowhere(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	token := v.target("harbor-sales", "", "account", "contoso")
	target, _ := templates.TargetFromToken(token)
	address := func(change func(url.Values)) (string, string) {
		q, id := templates.TargetValues(target), uuid.NewString()
		for name, value := range map[string]string{"v": "1", "tenant": world.Home.ID, "pin": id} {
			q.Set(name, value)
		}
		change(q)
		return "/tab/pin?" + q.Encode(), id
	}
	made, _ := address(func(url.Values) {})
	v.get(made).wantText("article[data-record] h1", "Contoso")
	for want, change := range map[string]func(url.Values){
		"pin-deleted":      func(q url.Values) { q.Set("id", uuid.NewString()) },
		"pin-no-app":       func(q url.Values) { q.Set("app", uuid.NewString()) },
		"pin-organization": func(q url.Values) { q.Set("org", at.Dataverse+"/harbor-retired") },
		"pin-personal":     func(q url.Values) { q.Del("id"); q.Set("view", uuid.NewString()); q.Set("personal", "1") },
	} {
		where, id := address(change)
		page := v.get(where)
		if got := page.page.Find("[data-failed]").AttrOr("data-failed", ""); got != want {
			t.Errorf("%q, want %s: %s", got, want, page.text("main"))
		}
		if want != "pin-deleted" {
			continue
		}
		if page.page.Find("[data-testid=change]").Length() != 1 {
			t.Error("a deleted record cannot be replaced")
		}
		setup := v.get("/tab/pin/change?pin=" + id + "&target=" + url.QueryEscape(token))
		if setup.page.Find("button[form=keep]").Length() != 1 {
			t.Errorf("no Save in the tab: %s", setup.text("main"))
		}
		if said := v.post("/tab/pin/change", url.Values{"pin": {id}, "target": {token}}); said.status != http.StatusSeeOther {
			t.Errorf("%d %.200s", said.status, said.body)
		}
		v.get(where).wantText("article[data-record] h1", "Contoso") // the same tab, at its old address
	}
}

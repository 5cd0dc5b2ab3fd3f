package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/internal/workspace"
)

// town is a discovery with as many organizations as wanted, each with two apps. It answers as it is told to.
type town struct {
	*catalogue
	organizations []crm.Organization
	leftOut       []crm.LeftOut
	failing       map[string]error // by organization
	without       map[string]bool  // organizations without the second app
}

func newTown(size int) *town {
	all := &town{failing: map[string]error{}, without: map[string]bool{}}
	for i := range size {
		name := fmt.Sprintf("Branch %02d", i)
		all.organizations = append(all.organizations, crm.Organization{
			ID: fmt.Sprintf("0c000000-0000-4000-8000-%012d", i), Name: name, URL: fmt.Sprintf("https://branch%02d.example", i),
			API: fmt.Sprintf("https://branch%02d.example", i), Version: "9.2", Type: "sandbox",
		})
	}
	return all
}

func (a *town) Organizations(context.Context, crm.Caller) ([]crm.Organization, []crm.LeftOut, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.organizations, a.leftOut, a.err
}

func (a *town) Apps(_ context.Context, _ crm.Caller, org crm.Organization) (apps []crm.App, leftOut []crm.LeftOut, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.failing[org.URL]; err != nil {
		return nil, nil, err
	}
	apps = []crm.App{{ID: "a0000000-0000-4000-8000-000000000001", Name: "Sales Hub"}, {ID: "a0000000-0000-4000-8000-000000000002", Name: "Service Hub"}}
	if a.without[org.URL] {
		return apps[:1], []crm.LeftOut{{ID: apps[1].ID, Name: apps[1].Name, Reason: crm.ReasonLicence}}, nil
	}
	return apps, nil, nil
}

// inTown starts the door before a town, with somebody signed in.
func inTown(t *testing.T, all *town) *browser {
	t.Helper()
	at := start(t, func(c *Config) {
		c.Places = workspace.Service{Catalog: all, Preferences: c.Store.(*store.Store)}
	})
	all.catalogue = at.crm
	return at.inTeams(person(world.Seller))
}

const secondApp = "a0000000-0000-4000-8000-000000000002"

// save sends the form that stands on a page.
func (b *browser) save(p *page, selector string, change url.Values) *page {
	b.Helper()
	form := p.wantOne(selector)
	values := url.Values{}
	for _, input := range form.Find("input").EachIter() {
		values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	for name, value := range change {
		values[name] = value
	}
	answer := b.post(form.AttrOr("action", ""), values).wantStatus(http.StatusSeeOther)
	return b.get(answer.Header.Get("Location")).wantStatus(http.StatusOK)
}

func TestSettingsFollowAndTakeBack(t *testing.T) {
	b := inTown(t, newTown(2))
	p := b.get("/tab/settings?theme=dark&locale=en-GB").wantStatus(http.StatusOK)
	p.wantText("My Dashboard opens Sales Hub in Branch 00")
	p.wantText("You have not chosen yet")
	p = b.get(p.doc.Find(`[data-testid="organizations"] a[data-look]`).Eq(1).AttrOr("href", ""))
	p = b.get(p.doc.Find(`[data-testid="apps"] a[data-look]`).Eq(1).AttrOr("href", ""))
	p.wantText("My Dashboard opens Sales Hub in Branch 00") // looking changes nothing
	p.wantText("Once saved, My Dashboard opens Service Hub in Branch 01")
	p = b.save(p, "form.save", url.Values{"dashboard": {boards[1].ID}})
	p.wantText("Saved. My Dashboard now opens Service Hub in Branch 01")
	if theme := p.doc.Find("html").AttrOr("data-theme", ""); theme != "dark" {
		t.Error("the look is lost:", theme)
	}
	home := b.get("/tab/dashboard")
	home.wantText("Branch 01")
	home.wantText("Service Hub")
	if got := home.wantOne(`select[name="dashboard"] option[selected]`).AttrOr("value", ""); got != boards[1].ID {
		t.Error("opens", got)
	}

	undone := b.save(p, `[data-testid="saved"] form`, nil)
	undone.wantText("Taken back. My Dashboard opens Sales Hub in Branch 00")
	b.get("/tab/dashboard").wantText("Branch 00")
	again := b.save(p, `[data-testid="saved"] form`, nil) // the same button once more
	again.wantText("nothing was taken back")
	b.get("/tab/dashboard").wantText("Branch 00")
	late := b.get(p.Request.URL.RequestURI())
	if late.doc.Find(`[data-testid="saved"]`).Length() != 0 {
		t.Error("an old address still says that something was saved")
	}
}

// Undo brings back what we remember of this person, whatever a form says, and only from the choice that it names.
func TestUndoBringsBackWhatWasThereBefore(t *testing.T) {
	b := inTown(t, newTown(3))
	choose := func(org, board string) *page {
		t.Helper()
		answer := b.post("/tab/settings", url.Values{"org": {org}, "app": {secondApp}, "dashboard": {board}}).wantStatus(http.StatusSeeOther)
		return b.get(answer.Header.Get("Location")).wantStatus(http.StatusOK)
	}
	held := func(table string) int {
		t.Helper()
		return b.get("/tab/privacy").doc.Find(`[data-testid="held"] [data-table="` + table + `"] li`).Length()
	}
	// The very first choice, of a place and a dashboard: afterwards there is no choice at all.
	first := choose("https://branch01.example", boards[1].ID)
	if held("preferences") != 1 || held("dashboard_choices") != 1 || held("undos") != 1 {
		t.Fatal("the choice is not there to begin with")
	}
	b.save(first, `[data-testid="saved"] form`, url.Values{"org": {"https://evil.example"}, "app": {"x"}, "was_org": {"https://branch02.example"}, "dashboard": {boards[0].ID}, "of_org": {"https://branch01.example"}, "of_app": {secondApp}}).wantText("Taken back. My Dashboard opens Sales Hub in Branch 00")
	for _, table := range []string{"preferences", "dashboard_choices", "undos"} {
		if n := held(table); n != 0 {
			t.Errorf("%d rows of %s are left of a choice that was taken back", n, table)
		}
	}
	// Two tabs: the one that saved first cannot take back what the other has saved since, however often it tries.
	one := choose("https://branch01.example", "")
	two := choose("https://branch02.example", boards[1].ID)
	for range 2 {
		b.save(one, `[data-testid="saved"] form`, nil).wantText("nothing was taken back")
	}
	b.get("/tab/dashboard").wantText("Branch 02")
	b.save(two, `[data-testid="saved"] form`, nil).wantText("Taken back. My Dashboard opens Service Hub in Branch 01")
	b.save(two, `[data-testid="saved"] form`, nil).wantText("nothing was taken back")
	if n := held("dashboard_choices"); n != 0 {
		t.Error("a dashboard is still chosen")
	}
	// A choice that names no moment of theirs takes nothing back.
	for _, since := range []string{"0", "1", "-1", "9223372036854775807"} {
		answer := b.post("/tab/settings/undo", url.Values{"since": {since}, "org": {"https://branch00.example"}, "app": {secondApp}}).wantStatus(http.StatusSeeOther)
		b.get(answer.Header.Get("Location")).wantText("nothing was taken back")
	}
	b.get("/tab/dashboard").wantText("Branch 01")
}

func TestOnlyWhatAPersonMayChooseIsSaved(t *testing.T) {
	all := newTown(2)
	all.without["https://branch01.example"] = true
	b := inTown(t, all)
	form := func(org, app, board string) *page {
		t.Helper()
		answer := b.post("/tab/settings", url.Values{"org": {org}, "app": {app}, "dashboard": {board}}).wantStatus(http.StatusSeeOther)
		return b.get(answer.Header.Get("Location"))
	}
	form("https://evil.example", secondApp, "").wantText("This organization is not one that you can choose")
	form("https://branch01.example", secondApp, "").wantText("This app is not one that you can choose")
	form("https://branch00.example", secondApp, "nonsense").wantText("That dashboard is not there any more")
	b.get("/tab/settings").wantText("You have not chosen yet")
	b.post("/tab/settings", url.Values{"org": {strings.Repeat("x", 2000)}}).wantStatus(http.StatusBadRequest)
	b.post("/tab/settings/undo", url.Values{"since": {"soon"}}).wantStatus(http.StatusBadRequest)
	all.set(func(*catalogue) { all.failing["https://branch01.example"] = fault.New(fault.Busy, "dataverse.busy") })
	b.post("/tab/settings", url.Values{"org": {"https://branch01.example"}, "app": {secondApp}}).wantStatus(http.StatusTooManyRequests)
}

// A choice that stopped being valid is said on both pages, with the rule and a way on; another one is not lost by it.
func TestAChoiceThatStoppedBeingValid(t *testing.T) {
	all := newTown(2)
	b := inTown(t, all)
	b.post("/tab/settings", url.Values{"org": {"https://branch01.example"}, "app": {secondApp}}).wantStatus(http.StatusSeeOther)

	all.set(func(*catalogue) { all.without["https://branch01.example"] = true })
	for _, path := range []string{"/tab/settings", "/tab/dashboard"} {
		p := b.get(path)
		p.wantOne(`[data-testid="lost"]`)
		p.wantText("You had chosen the app Service Hub")
		p.wantText("You have no licence for it.")
		p.wantText("Until you choose again, My Dashboard opens Sales Hub in Branch 01")
	}
	if href := b.get("/tab/dashboard").doc.Find(`[data-testid="lost"] a`).AttrOr("href", ""); !strings.HasPrefix(href, "/tab/settings?") {
		t.Error("leads to", href)
	}

	gone := all.organizations[1]
	all.set(func(*catalogue) {
		all.organizations = all.organizations[:1]
		all.leftOut = []crm.LeftOut{{ID: gone.ID, Name: gone.Name, URL: gone.URL, Reason: crm.ReasonVersion, Detail: "8.2.25.7"}}
	})
	for _, path := range []string{"/tab/settings", "/tab/dashboard"} {
		p := b.get(path)
		p.wantText("You had chosen Branch 01")
		p.wantText("It has version 8.2.25.7")
	}
	all.set(func(*catalogue) { all.leftOut = nil })
	p := b.get("/tab/dashboard")
	p.wantText("You had chosen https://branch01.example")
	b.get("/tab/settings").wantText("Until you choose again, My Dashboard opens Sales Hub in Branch 00")
}

func TestNothingToChoose(t *testing.T) {
	at := start(t)
	p := at.inTeams(person(world.Seller)).get("/tab/settings").wantStatus(http.StatusOK)
	p.wantOne(`[data-testid="nothing-to-choose"]`)
	if n := p.doc.Find(`[data-testid="organizations"], [data-testid="apps"]`).Length(); n != 0 {
		t.Error(n, "lists with one thing each")
	}
	p.wantOne(`select[name="dashboard"]`) // the app has two dashboards
}

// Without organization or app the page says so with the reasons, and never shows an empty form.
func TestNothingToChooseFrom(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	at.crm.set(func(c *catalogue) { c.none = true })
	p := b.get("/tab/settings").wantStatus(http.StatusOK)
	p.wantText("There is no organization that you can choose.")
	p.wantText("0 organizations, 1 not shown")
	p.wantText("It has version 8.2")
	at.crm.set(func(c *catalogue) { c.none, c.noApp = false, true })
	p = b.get("/tab/settings").wantStatus(http.StatusOK)
	p.wantText("None of the apps in Harbor Sales is open to you.")
	p.wantText("It is a classic app")
	if p.doc.Find(`[data-testid="save"]`).Length() != 0 {
		t.Error("there is something to save")
	}
}

// A failing discovery is a failure with a way to try again, not an empty list.
func TestSettingsWithoutDiscovery(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	at.crm.set(func(c *catalogue) { c.err = fault.New(fault.Unreachable, "dataverse.unreachable") })
	p := b.get("/tab/settings").wantStatus(http.StatusServiceUnavailable)
	p.wantOne(`[data-testid="state"]`)
	if href := p.doc.Find(`[data-testid="state"] a.primary`).AttrOr("href", ""); href != "/tab/settings" {
		t.Error("try again leads to", href)
	}
}

// One organization that does not answer is said where its apps would be; the others stay to be chosen.
func TestSettingsWithAnOrganizationThatFails(t *testing.T) {
	all := newTown(3)
	all.failing["https://branch02.example"] = fault.New(fault.Unreachable, "dataverse.unreachable")
	b := inTown(t, all)
	p := b.get("/tab/settings").wantStatus(http.StatusOK)
	p.wantText("2 organizations, 1 not shown")
	p = b.get(p.wantOne(`li[data-reason="unanswered"] a`).AttrOr("href", "")).wantStatus(http.StatusOK)
	p.wantOne(`[data-testid="apps"] [data-testid="problem"]`)
	if n := p.doc.Find(`[data-testid="organizations"] a[data-look]`).Length(); n != 3 { // two to choose and one to try again
		t.Error(n, "links")
	}
	all.failing["https://branch02.example"] = fault.New(fault.Consent, "dataverse.claims")
	p = b.get("/tab/settings")
	p.wantOne(`li[data-reason="sign-in"] a`)
	p = b.get("/tab/settings?org=https://branch02.example").wantStatus(http.StatusOK)
	p.wantOne(`[data-testid="apps"] [data-testid="problem"] a#sign-in[href^="/auth/start?"]`)
	if got := p.wantOne(`#redeem input[name="next"]`).AttrOr("value", ""); !strings.Contains(got, "branch02") {
		t.Error("signing in leads to", got)
	}
	if n := p.doc.Find(`ul[data-list="organizations"] a[data-look]`).Length(); n != 2 {
		t.Error(n, "other organizations to choose")
	}
}

func TestFiftyOrganizations(t *testing.T) {
	b := inTown(t, newTown(50))
	p := b.get("/tab/settings")
	if n := p.doc.Find(`ul[data-list="organizations"] > li`).Length(); n != 50 {
		t.Error(n)
	}
	p.wantText("50 organizations")
	p = b.get("/tab/settings?find=branch+4&org=https://branch31.example")
	if n := p.doc.Find(`ul[data-list="organizations"] > li`).Length(); n != 11 { // ten found, and the one looked at
		t.Error(n, "organizations found")
	}
	if got := p.wantOne(`ul[data-list="organizations"] [aria-current]`).Text(); !strings.Contains(got, "Branch 31") {
		t.Error(got)
	}
	b.get("/tab/settings?org=https://elsewhere.example").wantText("is not there for you")
}

func TestSettingsSayWhoIsSignedIn(t *testing.T) {
	at := start(t)
	somebody := person(world.Seller)
	b, other := at.inTeams(somebody), at.inTeams(somebody)
	p := b.get("/tab/settings?locale=de-DE", func(r *http.Request) { r.Header.Set("Accept-Language", "en") })
	for _, text := range []string{somebody.Name, somebody.Username, somebody.TenantID, "Deutsch", "so wünscht es Teams"} {
		p.wantText(text)
	}
	b.get("/tab/settings", func(r *http.Request) { r.Header.Set("Accept-Language", "tlh, de;q=0.5") }).wantText("so wünscht es Ihr Browser")
	b.get("/tab/settings", func(r *http.Request) { r.Header.Set("Accept-Language", "tlh") }).wantText("neither Teams nor your browser")
	b.post(p.wantOne(`[data-testid="account"] form`).AttrOr("action", ""), url.Values{}).wantStatus(http.StatusOK).wantText("Sie sind abgemeldet")
	if other.get("/tab/settings").doc.Find(`[data-testid="account"]`).Length() != 0 {
		t.Error("another client is still signed in")
	}
}

func TestSettingsForNobody(t *testing.T) {
	at := start(t)
	p := at.browser(true).get("/tab/settings?org=https://x.example").wantStatus(http.StatusOK)
	if got := p.wantOne(`#token input[name="next"]`).AttrOr("value", ""); got != "/tab/settings?org=https%3A%2F%2Fx.example" {
		t.Error("leads to", got)
	}
	b := at.browser(true)
	b.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}, "next": {"/tab/settings"}}).wantStatus(http.StatusOK).wantOne(`[data-testid="account"]`)
	at.browser(true).post("/tab/settings", url.Values{"org": {"x"}}).wantStatus(http.StatusSeeOther).wantLocation("/tab/settings?org=x")
}

// The piece for script is the same as in the page; without a session it leaves the answer to the page.
func TestTheChoicesAlone(t *testing.T) {
	b := inTown(t, newTown(2))
	piece := b.get("/tab/settings/choices?org=https://branch01.example&theme=dark").wantStatus(http.StatusOK)
	piece.wantOne("#choose")
	if strings.Contains(piece.body, "<html") || strings.Contains(piece.body, "<style") {
		t.Error("the piece is a page")
	}
	whole := b.get("/tab/settings?org=https://branch01.example&theme=dark")
	if got, want := piece.doc.Find("#choose").Text(), whole.doc.Find("#choose").Text(); got != want {
		t.Errorf("%q is not %q", got, want)
	}
	b.browser(true).get("/tab/settings/choices").wantStatus(http.StatusUnauthorized)
}

// A page that is still open keeps to its own organization, whatever has been chosen since.
func TestAnOpenPageStaysInItsOrganization(t *testing.T) {
	b := inTown(t, newTown(2))
	before := b.get("/tab/dashboard").doc
	sorted := before.Find(`section[data-part="one"] th a`).First().AttrOr("href", "")
	b.post("/tab/settings", url.Values{"org": {"https://branch01.example"}, "app": {secondApp}}).wantStatus(http.StatusSeeOther)
	b.get("/tab/dashboard").wantText("Branch 01")

	whole := b.get(sorted).wantStatus(http.StatusOK)
	whole.wantText("Branch 00")
	piece := b.get(strings.Replace(sorted, "/tab/dashboard?", "/tab/dashboard/part?", 1)).wantStatus(http.StatusOK)
	for _, p := range []*page{whole, piece} {
		if href := p.doc.Find(`section[data-part="one"] th a`).First().AttrOr("href", ""); !strings.Contains(href, "org=https%3A%2F%2Fbranch00.example") {
			t.Error("leads to", href)
		}
	}
	form := before.Find(`form[action="/tab/dashboard/choose"]`)
	values := url.Values{"dashboard": {boards[1].ID}}
	for _, input := range form.Find("input").EachIter() {
		values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	chosen := b.get(b.post("/tab/dashboard/choose", values).wantStatus(http.StatusSeeOther).Header.Get("Location"))
	chosen.wantText("Branch 00")
	for path, want := range map[string]string{"/tab/dashboard?org=https://branch00.example&app=" + salesApp.ID: boards[1].ID, "/tab/dashboard": boards[0].ID} {
		if got := b.get(path).wantOne(`select[name="dashboard"] option[selected]`).AttrOr("value", ""); got != want {
			t.Errorf("%s opens %s", path, got)
		}
	}

	elsewhere := b.get("/tab/dashboard?org=https://evil.example&app=" + secondApp).wantStatus(http.StatusOK)
	elsewhere.wantText("This organization is not one that you can choose")
	elsewhere.wantText("Branch 01")
	b.get("/tab/dashboard/part?org=https://evil.example&part=one&dashboard=" + boards[0].ID).wantStatus(http.StatusNotFound)
}

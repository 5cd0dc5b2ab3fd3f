package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const jakub = "jakub@moraviawerke.example"

// somebodyNamed is one of the sandbox's people.
func somebodyNamed(t *testing.T, username string) world.Person {
	t.Helper()
	for _, p := range world.People() {
		if p.Username == username {
			return p
		}
	}
	t.Fatalf("nobody is %s", username)
	return world.Person{}
}

// replica starts another Pintab on the same database, as a second server would be.
func (t *town) replica(change ...func(*Config)) (base string) {
	t.Helper()
	cfg := t.config
	for _, c := range change {
		c(&cfg)
	}
	app, err := wire(t.Context(), cfg, newLog(t.log, slog.LevelInfo), t.now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app.server.Handler)
	t.Cleanup(func() { server.Close(); app.close() })
	return server.URL
}

// enter signs somebody in at a Pintab.
func (t *town) enter(base, username string) *guest {
	t.Helper()
	g := newGuest(base, username)
	answer := g.signIn(personalTokens(t.T, username, t.at.ssoScope()).Access, "/tab/dashboard")
	if answer.err != nil || answer.status != http.StatusOK || !strings.Contains(answer.body, `data-testid="board"`) {
		t.Fatalf("%s cannot come in: %d %v %.300s", username, answer.status, answer.err, answer.body)
	}
	return g
}

// everything leaves a trace of every kind that the program can leave.
func (t *town) everything(g *guest) {
	t.Helper()
	home := g.ask(http.MethodGet, "/tab/dashboard", nil)
	_, rest, found := strings.Cut(home.body, `<option value="`)
	if !found {
		t.Fatalf("no dashboards to choose from: %.400s", home.body)
	}
	id, _, _ := strings.Cut(rest, `"`)
	for path, form := range map[string]url.Values{"/tab/dashboard/choose": {"dashboard": {id}}, "/tab/privacy/consent": {"agree": {"yes"}}} {
		if answer := g.ask(http.MethodPost, path, form); answer.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %.300s", path, answer.status, answer.body)
		}
	}
}

// found lists which of these words stand in the database's files or in the log.
func (t *town) found(words ...string) []string {
	t.Helper()
	var traces []string
	files, err := filepath.Glob(filepath.Join(t.folder, "pintab.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if bytes.Contains(content, []byte(word)) {
				traces = append(traces, filepath.Base(file)+": "+word)
			}
		}
	}
	for _, word := range words {
		if strings.Contains(t.log.String(), word) {
			traces = append(traces, "log: "+word)
		}
	}
	return traces
}

// Somebody looks at what is held of them, takes it along, deletes it with a receipt, and comes back as somebody new.
func TestAPersonSeesTakesAndDeletesWhatIsHeldOfThem(t *testing.T) {
	town := moveTo(t)
	g := town.enter(town.at.App, jakub)
	town.everything(g)
	me := somebodyNamed(t, jakub)

	page := answerOf(t, g.ask(http.MethodGet, "/tab/privacy", nil))
	page.wantStatus(http.StatusOK)
	page.wantText("#tenant-id", me.TenantID)
	page.wantText("#object-id", me.ObjectID)
	for _, table := range []string{"sessions", "tokens", "dashboard_choices", "consents"} {
		if page.page.Find(`[data-testid="held"] [data-table="`+table+`"] li`).Length() == 0 {
			t.Errorf("nothing of %s is shown", table)
		}
	}
	page.wantText(`[data-table="tokens"] [data-column="sealed"]`, "kept, not shown")
	page.wantText(`[data-table="sessions"] [data-column="username"]`, jakub)
	for _, other := range world.People() {
		if other.Username != jakub && strings.Contains(string(page.body), other.ObjectID) {
			t.Errorf("%s is on the page of %s", other.Username, jakub)
		}
	}

	file := g.ask(http.MethodGet, "/tab/privacy/export", nil)
	if got := file.header.Get("Content-Disposition"); file.status != http.StatusOK || !strings.HasPrefix(got, "attachment;") {
		t.Errorf("%d %s", file.status, got)
	}
	var export struct {
		TenantID, ObjectID string
		Held               []struct {
			Table  string
			Values map[string]string
		}
		Inventory []map[string]string
	}
	if err := json.Unmarshal([]byte(file.body), &export); err != nil || export.TenantID != me.TenantID || export.ObjectID != me.ObjectID || len(export.Held) < 5 || len(export.Inventory) < 40 {
		t.Errorf("%v: %+v", err, export)
	}

	asked := answerOf(t, g.ask(http.MethodGet, "/tab/privacy/erase", nil))
	asked.wantText("h1", "Delete everything about you?")
	unconfirmed := answerOf(t, g.ask(http.MethodPost, "/tab/privacy/erase", url.Values{}))
	unconfirmed.wantText("h1", "Delete everything about you?")
	if g.ask(http.MethodGet, "/tab/privacy", nil).status != http.StatusOK || asked.page.Find(`form[action="/tab/privacy/erase"] input[name="confirm"]`).Length() != 1 {
		t.Fatal("something was deleted without a confirmation, or none is possible")
	}

	receipt := answerOf(t, g.ask(http.MethodPost, "/tab/privacy/erase", url.Values{"confirm": {"yes"}}))
	receipt.wantStatus(http.StatusOK)
	for _, table := range []string{"sessions", "tokens", "dashboard_choices", "consents"} {
		if receipt.text(`[data-testid="receipt"] [data-table="`+table+`"]`) == "" {
			t.Errorf("the receipt does not count %s: %.1200s", table, receipt.body)
		}
	}
	if !strings.Contains(strings.Join(receipt.header.Values("Set-Cookie"), " "), "__Host-pintab=;") {
		t.Error("the cookie stays with the browser")
	}

	again := town.enter(town.at.App, jakub)
	fresh := answerOf(t, again.ask(http.MethodGet, "/tab/privacy", nil))
	for _, table := range []string{"dashboard_choices", "consents"} {
		if fresh.page.Find(`[data-testid="held"] [data-table="`+table+`"]`).Length() != 0 {
			t.Errorf("%s of before are back", table)
		}
	}
	if again.ask(http.MethodPost, "/tab/privacy/consent", url.Values{"agree": {"yes"}}); answerOf(t, again.ask(http.MethodGet, "/tab/privacy", nil)).page.Find(`[data-table="consents"]`).Length() != 1 {
		t.Error("whoever comes back cannot have anything stored")
	}
	again.ask(http.MethodPost, "/tab/privacy/consent", url.Values{"agree": {"no"}})
	if answerOf(t, again.ask(http.MethodGet, "/tab/privacy", nil)).page.Find(`[data-table="consents"]`).Length() != 0 {
		t.Error("a withdrawn consent is still stored")
	}
}

// Somebody deletes everything at one server while their other sessions write at two: nothing of them is left in any file or
// log, whatever was under way, and nothing comes back.
func TestNothingOfSomebodyDeletedIsLeft(t *testing.T) {
	town := moveTo(t)
	me := somebodyNamed(t, jakub)
	second := town.replica()
	bystander := town.enter(town.at.App, "tomas@harborfinch.example")
	var sessions []*guest
	for i := range 4 {
		sessions = append(sessions, town.enter([]string{town.at.App, second}[i%2], jakub))
		town.everything(sessions[i])
	}
	words := []string{me.TenantID, me.ObjectID, me.Name, me.Username, "/moravia"}
	if before := town.found(words...); len(before) < 3 {
		t.Fatalf("only %q was there to begin with", before)
	}
	town.forward(90 * time.Minute) // so that tokens are renewed and stored while the deletion runs
	var writers sync.WaitGroup
	begun, stop := make(chan bool, 64), make(chan struct{})
	for i, g := range sessions {
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				case begun <- true:
				default:
				}
				switch (i + n) % 3 {
				case 0:
					g.ask(http.MethodPost, "/tab/privacy/consent", url.Values{"agree": {"yes"}})
				case 1:
					g.ask(http.MethodGet, "/tab/dashboard", nil)
				default:
					g.ask(http.MethodPost, "/tab/dashboard/refresh", url.Values{})
				}
			}
		})
	}
	eraser := town.enter(town.at.App, jakub)
	for range 6 {
		<-begun
	}
	receipt := answerOf(t, eraser.ask(http.MethodPost, "/tab/privacy/erase", url.Values{"confirm": {"yes"}}))
	receipt.wantText("h1", "Everything about you was deleted")
	// The very next request of every other session, at either server, is nobody's.
	for _, g := range sessions {
		if said := g.ask(http.MethodGet, "/tab/dashboard", nil); strings.Contains(said.body, `data-testid="board"`) {
			t.Error("a session goes on")
		}
	}
	close(stop)
	writers.Wait()
	if traces := town.found(words...); len(traces) > 0 {
		t.Errorf("left behind: %q", traces)
	}
	if said := bystander.ask(http.MethodGet, "/tab/dashboard", nil); !strings.Contains(said.body, `data-testid="board"`) {
		t.Error("somebody else was signed out")
	}
	if left := town.found(somebodyNamed(t, "tomas@harborfinch.example").ObjectID); len(left) == 0 {
		t.Error("somebody else was deleted, or the search finds nothing")
	}
}

// An operator does the same with the two ids, on the database of a running server, which notices.
func TestAnOperatorExportsAndDeletes(t *testing.T) {
	town := moveTo(t)
	me := somebodyNamed(t, jakub)
	g := town.enter(town.at.App, jakub)
	town.everything(g)
	who := somebody{Tenant: strings.ToUpper(me.TenantID), User: " " + me.ObjectID}
	var out bytes.Buffer
	if err := (exportCommand{who}).run(t.Context(), town.config.DatabaseURL, &out); err != nil || !strings.Contains(out.String(), jakub) {
		t.Error(err, out.String())
	}
	out.Reset()
	if err := (deleteCommand{who, true}).run(t.Context(), town.config.DatabaseURL, &out); err != nil || !strings.Contains(out.String(), "Would delete") {
		t.Error(err, out.String())
	}
	if !strings.Contains(g.ask(http.MethodGet, "/tab/dashboard", nil).body, `data-testid="board"`) {
		t.Fatal("a dry run deleted something")
	}
	out.Reset()
	if err := (deleteCommand{who, false}).run(t.Context(), town.config.DatabaseURL, &out); err != nil || strings.Contains(out.String(), "Deleted 0 rows") {
		t.Error(err, out.String())
	}
	if strings.Contains(g.ask(http.MethodGet, "/tab/dashboard", nil).body, `data-testid="board"`) {
		t.Error("the session goes on")
	}
	if traces := town.found(me.TenantID, me.ObjectID, me.Username); len(traces) > 0 {
		t.Errorf("left behind: %q", traces)
	}
	for _, wrong := range []somebody{{"", ""}, {me.TenantID, "jakub"}, {"*", me.ObjectID}} {
		if err := (deleteCommand{wrong, false}).run(t.Context(), town.config.DatabaseURL, &out); err == nil {
			t.Errorf("%+v was accepted", wrong)
		}
	}
}

// A tenant that the operator stops is refused and signed out, and its people read why; nobody else notices.
func TestAStoppedTenant(t *testing.T) {
	town := moveTo(t)
	theirs, ours := town.enter(town.at.App, jakub), town.enter(town.at.App, "tomas@harborfinch.example")
	stopped := town.replica(func(c *Config) { c.StoppedTenants = []string{strings.ToUpper(world.Second.ID)} })
	move := func(g *guest) *guest {
		moved := *g
		moved.base = stopped
		from, _ := url.Parse(g.base)
		to, _ := url.Parse(stopped)
		g.http.Jar.SetCookies(to, g.http.Jar.Cookies(from))
		return &moved
	}
	page := answerOf(t, newGuest(stopped, jakub).signIn(personalTokens(t, jakub, town.at.ssoScope()).Access, "/tab/dashboard"))
	page.wantStatus(http.StatusForbidden)
	page.wantText("h1", "Pintab is switched off for your company")
	if said := theirs.ask(http.MethodGet, "/tab/dashboard", nil); strings.Contains(said.body, `data-testid="board"`) {
		t.Error("their session goes on")
	}
	// A server that has not been told yet may still sign them in; the one that has been refuses that session too.
	late := answerOf(t, move(town.enter(town.at.App, jakub)).ask(http.MethodGet, "/tab/dashboard", nil))
	late.wantStatus(http.StatusForbidden)
	late.wantText("h1", "Pintab is switched off for your company")
	if said := move(ours).ask(http.MethodGet, "/tab/dashboard", nil); !strings.Contains(said.body, `data-testid="board"`) {
		t.Errorf("somebody of another tenant is refused: %d %.300s", said.status, said.body)
	}
}

// An operator switches a tenant off by command: sessions that run end at every server at once, signing in is refused with the
// page that says whom to ask, and switched on again everything is as it was.
func TestAnOperatorSwitchesATenantOffAndOn(t *testing.T) {
	town := moveTo(t)
	base := town.replica(func(c *Config) { c.OperatorName, c.OperatorContact = "The Pintab desk", "desk@operator.example" })
	here, there := town.enter(town.at.App, jakub), town.enter(base, jakub)
	other := town.enter(base, "tomas@harborfinch.example")
	here.ask(http.MethodPost, "/tab/privacy/consent", url.Values{"agree": {"yes"}})
	token := personalTokens(t, jakub, town.at.ssoScope()).Access
	var out bytes.Buffer
	if err := (tenantStopCommand{company{" " + strings.ToUpper(world.Second.ID)}}).run(t.Context(), town.config.DatabaseURL, &out); err != nil || !strings.Contains(out.String(), "switched off for tenant "+world.Second.ID) {
		t.Fatal(err, out.String())
	}
	for _, g := range []*guest{here, there} {
		for _, path := range []string{"/tab/dashboard", "/tab/settings", "/tab/privacy", "/tab/privacy/export", "/tab/check"} {
			if said := g.ask(http.MethodGet, path, nil); strings.Contains(said.body, "Moravia") || strings.Contains(said.body, `data-testid="held"`) || strings.Contains(said.body, `"held"`) {
				t.Errorf("%s goes on: %d", path, said.status)
			}
		}
		for _, token := range []string{token, personalTokens(t, jakub, town.at.ssoScope()).Access} { // one that was verified before, and a new one
			page := answerOf(t, g.signIn(token, "/tab/dashboard"))
			page.wantStatus(http.StatusForbidden)
			page.wantText("h1", "Pintab is switched off for your company")
		}
	}
	asked := answerOf(t, there.signIn(token, "/tab/settings?locale=de-DE"))
	asked.wantText(`[data-testid="operator"]`, "Hier können Sie fragen: The Pintab desk desk@operator.example")
	if to := asked.page.Find(`[data-testid="operator"] a`).AttrOr("href", ""); to != "mailto:desk@operator.example" {
		t.Errorf("the contact leads to %q", to)
	}
	if said := other.ask(http.MethodGet, "/tab/dashboard", nil); !strings.Contains(said.body, `data-testid="board"`) {
		t.Error("somebody of another tenant is refused")
	}
	out.Reset()
	if err := (tenantListCommand{}).run(t.Context(), town.config.DatabaseURL, &out); err != nil || !strings.Contains(out.String(), world.Second.ID+" since 20") {
		t.Error(err, out.String())
	}
	for range 2 {
		if err := (tenantStartCommand{company{world.Second.ID}}).run(t.Context(), town.config.DatabaseURL, &out); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(out.String(), "switched on again") || !strings.Contains(out.String(), "was not switched off") {
		t.Error(out.String())
	}
	again := town.enter(base, jakub)
	if answerOf(t, again.ask(http.MethodGet, "/tab/privacy", nil)).page.Find(`[data-table="consents"]`).Length() != 1 {
		t.Error("switching off took more than the sign-in")
	}
	for _, wrong := range []string{"", "*", "moravia"} {
		if err := (tenantStopCommand{company{wrong}}).run(t.Context(), town.config.DatabaseURL, &out); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}

// A tenant that is not on the list of tenants is told so, with whom to ask.
func TestATenantThatIsNotAllowed(t *testing.T) {
	town := moveTo(t)
	base := town.replica(func(c *Config) { c.TenantID, c.OperatorContact = world.Home.ID, "https://operator.example/help" })
	page := answerOf(t, newGuest(base, jakub).signIn(personalTokens(t, jakub, town.at.ssoScope()).Access, "/tab/dashboard"))
	page.wantStatus(http.StatusForbidden)
	page.wantText("main", "Your company is not set up to use Pintab.")
	page.wantText(`[data-testid="operator"]`, "https://operator.example/help")
	town.enter(base, "tomas@harborfinch.example")
}

// With only some organizations opened, people work in those, and the others are told of with that reason.
func TestOnlySomeOrganizationsAreOpened(t *testing.T) {
	town := moveTo(t)
	base := town.replica(func(c *Config) { c.Organizations = []string{town.at.Dataverse + "/harbor-service/"} })
	g := town.enter(base, "tomas@harborfinch.example")
	answerOf(t, g.ask(http.MethodGet, "/tab/dashboard", nil)).wantText(".place", "Harbor & Finch Service")
	none := newGuest(base, jakub)
	page := answerOf(t, none.signIn(personalTokens(t, jakub, town.at.ssoScope()).Access, "/tab/dashboard?locale=en-US"))
	page.wantText(`[data-testid="state"]`, "Moravia Werke Vertrieb")
	page.wantText(`[data-testid="state"]`, "have not opened it for this organization")
}

// Everybody may read the notices, in their own language, and learns who answers for the installation.
func TestTheNoticesAreForEverybody(t *testing.T) {
	for path, titles := range map[string][2]string{"/privacy": {"Privacy", "Datenschutz"}, "/terms": {"Terms of use", "Nutzungsbedingungen"}} {
		for i, language := range []string{"en-US", "de-DE"} {
			g := newGuest(at.App, "nobody")
			page := answerOf(t, g.ask(http.MethodGet, path+"?locale="+language, nil))
			page.wantStatus(http.StatusOK)
			page.wantText("h1", titles[i])
			page.wantText(`[data-testid="operator"]`, "The sandbox on this machine")
			page.wantText(`[data-testid="operator"] a[href="mailto:privacy@harborfinch.example"]`, "privacy@")
			if len(page.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s sets a cookie", path)
			}
		}
	}
}

// Without a session the private pages lead to signing in, and change nothing.
func TestThePrivacyPagesOfNobody(t *testing.T) {
	g := newGuest(at.App, "nobody")
	if said := g.ask(http.MethodGet, "/tab/privacy", nil); !strings.Contains(said.body, `action="/auth/teams"`) {
		t.Errorf("%d %.200s", said.status, said.body)
	}
	for _, path := range []string{"/tab/privacy/export", "/tab/privacy/erase"} {
		if said := g.ask(http.MethodGet, path, nil); said.status != http.StatusSeeOther || said.header.Get("Location") != "/tab/privacy" {
			t.Errorf("%s: %d %s", path, said.status, said.header.Get("Location"))
		}
	}
	for _, path := range []string{"/tab/privacy/consent", "/tab/privacy/erase"} {
		if said := g.ask(http.MethodPost, path, url.Values{"confirm": {"yes"}, "agree": {"yes"}}); said.status != http.StatusSeeOther {
			t.Errorf("%s: %d", path, said.status)
		}
	}
}

// PRIVACY.md shows the inventory that erasing goes by.
func TestPrivacyShowsTheInventory(t *testing.T) {
	var table bytes.Buffer
	if err := inventoryTable(&table); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../PRIVACY.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, bytes.TrimSpace(table.Bytes())) {
		t.Error("PRIVACY.md does not hold the table that `pintab user-data inventory` prints")
	}
}

// Nothing that axe-core knows of is wrong with the privacy pages, in any theme, also at 320 pixels, where nothing is cut off.
func TestThePrivacyPagesAreAccessible(t *testing.T) {
	source, err := os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		c := sitDown(t, "joanna@harborfinch.example")
		c.theme, c.size = theme, "phone-320"
		page := c.tab("dashboard")
		c.must(page.Has(`[data-testid="board"]`, patience))
		for _, path := range []string{"/tab/privacy", "/tab/privacy/erase", "/privacy", "/terms"} {
			c.must(page.Wait(`(location.pathname === '`+path+`' && document.readyState === 'complete') || (window.asked ??= location.assign('`+path+`?theme=`+theme+`') ?? 1, false)`, patience))
			c.must(page.Wait(`document.documentElement.scrollWidth <= document.documentElement.clientWidth`, time.Second))
			c.picture(theme + strings.ReplaceAll(path, "/", "-"))
			violations, err := page.Axe(string(source))
			c.must(err)
			for _, v := range violations {
				t.Errorf("%s %s: %s: %s\n  %s", theme, path, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
			}
		}
		if problems := c.window.Problems(); len(problems) > 0 {
			t.Errorf("%s: the console complains: %s", theme, strings.Join(problems, "\n"))
		}
		c.window.Close()
	}
}

// The ids are copied with a click, by keyboard too, and the button says so.
func TestTheIdsAreCopied(t *testing.T) {
	c := sitDown(t, "joanna@harborfinch.example")
	page := c.tab("dashboard")
	c.must(page.Has(`[data-testid="board"]`, patience))
	c.must(page.Wait(`location.pathname === '/tab/privacy' || (window.asked ??= location.assign('/tab/privacy') ?? 1, false)`, patience))
	c.must(page.Has(`button[data-copy="object-id"]:not([hidden])`, patience))
	focused, err := browser.Evaluate[bool](page, `(window.focus(), document.querySelector('button[data-copy="object-id"]').focus(), document.activeElement.dataset.copy === 'object-id')`)
	c.must(err)
	if !focused {
		t.Fatal("the button cannot be reached by keyboard")
	}
	c.must(chromedp.Do(c.window.Context(), chromedp.KeyEvent("\r")))
	c.must(page.Wait(`document.querySelector('button[data-copy="object-id"]').textContent === 'Copied'`, patience))
}

// answerOf reads an answer as a page.
func answerOf(t *testing.T, s said) answer {
	t.Helper()
	if s.err != nil {
		t.Fatal(s.err)
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	return answer{T: t, status: s.status, header: s.header, body: []byte(s.body), page: page}
}

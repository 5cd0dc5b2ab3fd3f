package web

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestTheDashboardShowsEveryPart(t *testing.T) {
	at := start(t)
	p := at.inTeams(person(world.Seller)).get("/tab/dashboard").wantStatus(http.StatusOK)
	if got := p.Header.Get("Content-Type"); got != "text/html; charset=UTF-8" {
		t.Error(got)
	}
	p.wantText("Harbor Sales")
	p.wantText("Sales Hub")
	for _, key := range []string{"one", "two"} {
		p.wantOne(`section[data-part="` + key + `"]`)
		p.wantText("Row of " + key + " for " + person(world.Seller).ObjectID)
	}
	if n := at.crm.called("one"); n != 2 { // signing in showed it once
		t.Error(n, "calls")
	}
}

// The address says what a part shows; the page without script and the piece for script read it alike.
func TestAPartIsShownInTheStateOfItsAddress(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	query := "?" + url.Values{"dashboard": {boards[1].ID}, "part": {"two"}, "sort": {"name"}, "theme": {"dark"}}.Encode()
	whole := b.get("/tab/dashboard" + query).wantStatus(http.StatusOK)
	piece := b.get("/tab/dashboard/part" + query).wantStatus(http.StatusOK)
	whole.wantText("Row of two for " + person(world.Seller).ObjectID + " sorted name")
	whole.wantText("Row of one for " + person(world.Seller).ObjectID + " sorted  in")
	piece.wantText("Row of two for " + person(world.Seller).ObjectID + " sorted name")
	piece.wantOne(`section[data-part="two"]`)
	if strings.Contains(piece.body, "<html") || strings.Contains(piece.body, "Row of one") {
		t.Error("the piece is more than the part")
	}
	for _, p := range []*page{whole, piece} {
		if href := p.doc.Find(`section[data-part="two"] a[href^="/tab/dashboard?"]`).First().AttrOr("href", ""); !strings.Contains(href, "theme=dark") {
			t.Error("the look is lost on the way:", href)
		}
	}
}

func TestChoosingADashboard(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	selected := func(p *page) string {
		return p.wantOne(`select[name="dashboard"] option[selected]`).AttrOr("value", "")
	}
	if got := selected(b.get("/tab/dashboard")); got != boards[0].ID {
		t.Error("at first", got)
	}
	p := b.post("/tab/dashboard/choose", url.Values{"dashboard": {boards[1].ID}, "theme": {"dark"}, "locale": {"de-DE"}}).wantStatus(http.StatusSeeOther)
	p.wantLocation("/tab/dashboard?locale=de-DE&theme=dark")
	if got := selected(b.get("/tab/dashboard")); got != boards[1].ID {
		t.Error("afterwards", got)
	}
	if got := selected(at.inTeams(person(world.Manager)).get("/tab/dashboard")); got != boards[0].ID {
		t.Error("somebody else", got)
	}
	b.post("/tab/dashboard/choose", url.Values{"dashboard": {"not mine"}}).wantStatus(http.StatusNotFound).wantText("not there any more")
	b.post("/tab/dashboard/choose", url.Values{"dashboard": {boards[0].ID}, "next": {"//evil.example"}}).wantStatus(http.StatusSeeOther).wantLocation(homePage)

	gone := b.get("/tab/dashboard?dashboard=unknown").wantStatus(http.StatusOK)
	gone.wantText("The dashboard you chose is not available any more")
}

func TestRefreshing(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	b.post("/tab/dashboard/refresh", url.Values{"next": {"/tab/dashboard?dashboard=x"}}).wantStatus(http.StatusSeeOther).wantLocation("/tab/dashboard?dashboard=x")
	at.crm.set(func(c *catalogue) { c.none = true })
	b.post("/tab/dashboard/refresh", url.Values{}).wantStatus(http.StatusSeeOther).wantLocation(homePage)
	if n := at.crm.called("refresh"); n != 2 {
		t.Error(n, "refreshes: one is also wanted where there is no organization")
	}
	at.browser(true).post("/tab/dashboard/refresh", url.Values{}).wantStatus(http.StatusSeeOther).wantLocation(homePage)
	if n := at.crm.called("refresh"); n != 2 {
		t.Error("nobody refreshed")
	}
}

// Where there is no dashboard to show, the page says why.
func TestPagesWithoutABoard(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*catalogue)
		state  string
		says   string
	}{
		"no organization": {func(c *catalogue) { c.none = true }, "no-organization", "It has version 8.2"},
		"no app":          {func(c *catalogue) { c.noApp = true }, "no-app", "Classic app"},
		"busy":            {func(c *catalogue) { c.err = busy() }, "busy", "7 seconds"},
		"down":            {func(c *catalogue) { c.err = fault.New(fault.Unreachable, "dataverse.unreachable") }, "down", "does not answer right now"},
		"forbidden":       {func(c *catalogue) { c.err = fault.New(fault.Forbidden, "dataverse.forbidden") }, "no-permission", "Your roles"},
		"our fault":       {func(c *catalogue) { c.panics["place"] = true }, "internal", "Something went wrong on our side"},
	} {
		t.Run(name, func(t *testing.T) {
			at := start(t)
			b := at.inTeams(person(world.Seller))
			at.crm.set(c.change)
			p := b.get("/tab/dashboard?theme=dark").wantStatus(http.StatusOK)
			if got := p.wantOne(`[data-testid="state"]`).AttrOr("data-failed", ""); got != c.state {
				t.Error(got)
			}
			if !strings.Contains(p.doc.Text(), c.says) {
				t.Errorf("does not say %q: %s", c.says, p.doc.Find("main").Text())
			}
			if strings.Contains(p.body, "secret-canary") || strings.Contains(at.log.text(), "secret-canary") {
				t.Error("the words of a panic got out")
			}
			if !strings.HasSuffix(strings.TrimSpace(p.body), "</html>") {
				t.Error("the page has no end")
			}
		})
	}
}

func busy() error {
	f := fault.New(fault.Busy, "dataverse.busy")
	f.RetryAfter = 7 * time.Second
	return f
}

// One part failing is one part's business.
func TestOnePartMayFailAlone(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	at.crm.set(func(c *catalogue) { c.partErr["one"] = busy() })
	for _, panics := range []bool{false, true} {
		at.crm.set(func(c *catalogue) { c.panics["one"] = panics })
		p := b.get("/tab/dashboard").wantStatus(http.StatusOK)
		p.wantText("Row of two")
		if strings.Contains(p.body, "Row of one") || p.wantOne(`section[data-part="one"]`).Text() == "" {
			t.Error("the part says nothing")
		}
		piece := b.get("/tab/dashboard/part?part=one&dashboard=" + boards[0].ID).wantStatus(http.StatusOK)
		piece.wantOne(`section[data-part="one"]`)
	}
}

// Whatever goes wrong, a piece is answered with a piece.
func TestAPieceIsAlwaysAPiece(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	for name, c := range map[string]struct {
		b      *browser
		query  string
		change func(*catalogue)
		status int
	}{
		"nobody":            {at.browser(true), "part=one&dashboard=" + boards[0].ID, nil, http.StatusUnauthorized},
		"unknown dashboard": {b, "part=one&dashboard=x", nil, http.StatusNotFound},
		"unknown part":      {b, "part=x&dashboard=" + boards[0].ID, nil, http.StatusNotFound},
		"no part":           {b, "", nil, http.StatusNotFound},
		"busy":              {b, "part=one&dashboard=" + boards[0].ID, func(c *catalogue) { c.err = busy() }, http.StatusTooManyRequests},
		"our fault":         {b, "part=one&dashboard=" + boards[0].ID, func(c *catalogue) { c.err, c.panics["place"] = nil, true }, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			at.crm.set(func(cat *catalogue) { cat.err, cat.panics["place"] = nil, false })
			if c.change != nil {
				at.crm.set(c.change)
			}
			p := c.b.get("/tab/dashboard/part?" + c.query).wantStatus(c.status)
			if strings.Contains(p.body, "<html") || p.doc.Find("section").Length() != 1 || strings.TrimSpace(p.doc.Find("section").Text()) == "" {
				t.Errorf("%.800s", p.body)
			}
			if c.status == http.StatusTooManyRequests && p.Header.Get("Retry-After") != "7" {
				t.Error("Retry-After", p.Header.Get("Retry-After"))
			}
		})
	}
}

// Tokens that turn out to be worthless end the session; the next visit signs in again, and nothing goes round by itself.
func TestASignInThatHasEndedAtEntraEndsTheSession(t *testing.T) {
	ended := func(c *catalogue) { c.err = fault.New(fault.SignedOut, "entra.signed-out") }
	for name, use := range map[string]func(*browser) *page{
		"the page": func(b *browser) *page {
			p := b.get("/tab/dashboard?theme=dark").wantStatus(http.StatusOK)
			if p.wantOne(`[data-testid="state"]`).AttrOr("data-failed", "") != "signed-out" {
				b.Error("not said")
			}
			return p
		},
		"a piece": func(b *browser) *page {
			return b.get("/tab/dashboard/part?part=one&dashboard=" + boards[0].ID).wantStatus(http.StatusUnauthorized)
		},
		"a change": func(b *browser) *page {
			return b.post("/tab/dashboard/choose", url.Values{"dashboard": {boards[0].ID}}).wantStatus(http.StatusSeeOther)
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := start(t)
			b := at.inTeams(person(world.Seller))
			cookie := b.sessionOf()
			at.crm.set(ended)
			use(b)
			if !at.browser(true).get("/tab/dashboard", with(cookie)).isShell() {
				t.Error("the session goes on")
			}
		})
	}
	t.Run("the very page that signing in answers", func(t *testing.T) {
		at := start(t)
		at.crm.set(ended)
		b := at.browser(true)
		b.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}}).wantStatus(http.StatusOK)
		if !b.get("/tab/dashboard").isShell() {
			t.Error("the new session goes on")
		}
	})
}

// Dataverse wants the person at Entra ID again: said in place, with the challenge, and the session stays.
func TestAClaimsChallengeOnThePageLeadsToSigningIn(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	at.crm.set(func(c *catalogue) {
		f := fault.New(fault.Consent, "entra.consent")
		f.Claims = `{"access_token":{"nbf":{"essential":true}}}`
		c.err = f
	})
	p := b.get("/tab/dashboard?theme=dark").wantStatus(http.StatusOK)
	link, err := url.Parse(p.wantOne(`[data-testid="state"] a.primary`).AttrOr("href", ""))
	if err != nil || link.Path != "/auth/start" || link.Query().Get("next") != "/tab/dashboard?theme=dark" || !strings.Contains(link.Query().Get("claims"), "nbf") {
		t.Error(link, err)
	}
	b.post("/tab/dashboard/choose", url.Values{"dashboard": {boards[0].ID}}).wantStatus(http.StatusUnauthorized).wantOne("#sign-in")
	at.crm.set(func(c *catalogue) { c.err = nil })
	b.get("/tab/dashboard").wantText("Row of one")
}

func TestWhoIsLedWhereWithoutASession(t *testing.T) {
	at := start(t)
	for name, c := range map[string]struct {
		dest, address string
		shell         bool
	}{
		"in a frame":               {"iframe", "/tab/dashboard", true},
		"in a tab of its own":      {"document", "/tab/dashboard", false},
		"in Teams' own web view":   {"document", "/tab/dashboard?theme=default&locale=en-US", true},
		"by an old browser":        {"", "/tab/dashboard", true},
		"by script":                {"empty", "/tab/dashboard", true},
		"by a page inside a frame": {"frame", "/tab/dashboard", true},
	} {
		p := at.browser(false).get(c.address, func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Dest")
			if c.dest != "" {
				r.Header.Set("Sec-Fetch-Dest", c.dest)
			}
		})
		if p.isShell() != c.shell || p.StatusCode != map[bool]int{true: http.StatusOK, false: http.StatusFound}[c.shell] {
			t.Errorf("%s: %s", name, p.Status)
		}
	}
	at.browser(false).get("/").wantStatus(http.StatusFound).wantLocation(homePage)
}

// People's language: Teams says it in the address, else the browser does.
func TestThePageSpeaksTheReadersLanguage(t *testing.T) {
	at := start(t)
	for _, c := range []struct{ query, header, want string }{
		{"", "", "en-US"}, {"", "de-CH,de;q=0.9,en;q=0.8", "de-CH"}, {"?locale=de-DE", "en-GB", "de-DE"}, {"?locale=xx-junk%22%3E", "en-GB", "en-GB"},
	} {
		p := at.browser(true).get("/tab/dashboard"+c.query, func(r *http.Request) { r.Header.Set("Accept-Language", c.header) })
		if got := p.wantOne("html").AttrOr("lang", ""); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestEveryKindOfFaultHasAStatus(t *testing.T) {
	for kind := fault.Internal; kind <= fault.TooLarge; kind++ {
		if statuses[kind] < 400 {
			t.Errorf("kind %d: %d", kind, statuses[kind])
		}
	}
	if f := asFault(io.ErrUnexpectedEOF); f.Kind != fault.Internal {
		t.Error(f)
	}
}

func TestUnknownAddressesAndMethodsAreSaidPlainly(t *testing.T) {
	at := start(t)
	at.browser(false).get("/nowhere").wantStatus(http.StatusNotFound).wantText("There is nothing here")
	at.browser(false).request(http.MethodPut, "/tab/dashboard", nil, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }).wantStatus(http.StatusMethodNotAllowed)
}

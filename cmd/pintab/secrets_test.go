package main

import (
	"crypto/rand"
	"encoding/base64"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// Nothing secret and nothing personal stands in the log, in the database or in a page, whatever people do and whatever
// goes wrong.
func TestSecretsStaySecret(t *testing.T) {
	town := moveTo(t)
	const search = "CanaryWren Holdings"
	var cookies []string
	for _, one := range world.People() {
		g := newGuest(at.App, one.Username)
		page := g.signIn(personalTokens(t, one.Username, at.ssoScope()).Access, "/tab/dashboard?locale=de-DE")
		for _, cookie := range (&http.Response{Header: page.header}).Cookies() {
			cookies = append(cookies, cookie.Value)
		}
		document, err := goquery.NewDocumentFromReader(strings.NewReader(page.body))
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range document.Find(`a[href*="part="]`).Slice(0, min(3, document.Find(`a[href*="part="]`).Length())).EachIter() {
			address, err := url.Parse(link.AttrOr("href", ""))
			if err != nil {
				t.Fatal(err)
			}
			query := address.Query()
			query.Set("q", search)
			for _, path := range []string{"/tab/dashboard/part?", "/tab/dashboard?"} {
				g.ask(http.MethodGet, path+query.Encode(), nil)
			}
		}
		g.ask(http.MethodGet, "/"+url.PathEscape(search)+"?email="+one.Username, nil)
		g.ask(http.MethodPost, "/auth/teams", url.Values{"token": {search}, "next": {search}})
		g.ask(http.MethodGet, "/auth/callback?"+url.Values{"state": {search}, "code": {search}, "error": {search}, "error_description": {search}}.Encode(), nil)
		g.ask(http.MethodGet, "/auth/start?"+url.Values{"login_hint": {one.Username}, "next": {search}}.Encode(), nil)
		g.ask(http.MethodPost, "/tab/dashboard/choose", url.Values{"dashboard": {search}})
		for _, secret := range town.secrets() {
			if strings.Contains(page.body, secret) {
				t.Errorf("%s finds a token in the page", one.Username)
			}
		}
	}
	for _, fault := range []map[string]any{
		{"path": "/accounts", "status": 500, "times": 1000, "body": `{"error":{"code":"0x0","message":"` + search + `"}}`},
		{"path": "/opportunities", "status": 403, "times": 1000, "body": `{"error":{"code":"0x0","message":"` + search + `"}}`},
		{"path": "/incidents", "status": 400, "times": 1000, "body": search},
	} {
		misbehave(t, at.Dataverse, fault)
	}
	for _, person := range []string{"priya@harborfinch.example", "lucia@harborfinch.example"} {
		g := newGuest(at.App, person)
		g.signIn(personalTokens(t, person, at.ssoScope()).Access, "/tab/dashboard")
	}
	behave(t, at.Dataverse)
	token := personalTokens(t, "joanna@harborfinch.example", at.ssoScope()).Access
	misbehave(t, at.Entra, map[string]any{"path": "/token", "status": 400, "times": 1, "body": `{"error":"invalid_grant","error_description":"` + search + `","trace_id":"` + search + `","suberror":"` + search + `"}`})
	newGuest(at.App, "").signIn(token, "/tab/dashboard")
	behave(t, at.Entra)

	forbidden := append(town.secrets(), cookies...)
	for _, one := range world.People() {
		forbidden = append(forbidden, one.Username, one.Name, one.ObjectID)
	}
	forbidden = append(forbidden, search, url.QueryEscape(search), url.PathEscape(search), world.Registration.Secret, "Bearer ", "eyJ")
	forbidden = append(forbidden, town.recordNames()...)
	log := town.log.String()
	if strings.Count(log, "\n") < 50 {
		t.Errorf("hardly a log: %s", log)
	}
	for _, text := range forbidden {
		if i := strings.Index(log, text); i >= 0 {
			t.Errorf("the log says %.60q: …%s…", text, log[max(0, i-300):min(len(log), i+60)])
		}
	}
	town.searchFiles(append(append(town.secrets(), cookies...), "eyJ", world.Registration.Secret))
}

// recordNames are the names of accounts, contacts and cases that are too long to stand in a log by chance.
func (t *town) recordNames() (names []string) {
	t.Helper()
	for _, query := range []string{"accounts?$select=name", "contacts?$select=fullname", "opportunities?$select=name"} {
		var rows struct{ Value []map[string]any }
		t.read("harbor-sales", query, &rows)
		for _, row := range rows.Value {
			for column, value := range row {
				if name, ok := value.(string); ok && (column == "name" || column == "fullname") && len(name) > 8 {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// searchFiles looks for secrets in every byte that Pintab has written, including what SQLite has not yet folded in.
func (t *town) searchFiles(secrets []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(t.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasPrefix(entry.Name(), "pintab.db") {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, secret := range secrets {
			if strings.Contains(string(content), secret) {
				t.Errorf("%s has %.30q", entry.Name(), secret)
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files: %v", files, err)
	}
}

// sitesOf are what a browser may say of where a request comes from, and whether that is from our own pages.
func sitesOf() map[string]bool {
	own := map[string]bool{}
	for _, site := range []string{"", "cross-site", "same-site", "same-origin", "none", "Same-Origin", "same-origin, cross-site"} {
		for _, origin := range []string{"", "null", "https://evil.example", at.App, at.App + ".evil.example", "http://localhost", at.Teams, at.Entra, "https://" + strings.TrimPrefix(at.App, "http://")} {
			says := site == "same-origin" || site == "none" || site == "" && (origin == at.App || strings.TrimPrefix(origin, "https://") == strings.TrimPrefix(at.App, "http://"))
			// Chromium never sends our own origin with another site's request; the standard library then believes the origin.
			own[site+"|"+origin] = says || origin == at.App
		}
	}
	return own
}

// A request that another site makes a browser send changes nothing, whatever stands in its headers.
func TestOtherSitesCanDoNothing(t *testing.T) {
	town := moveTo(t)
	const person = "tomas@harborfinch.example"
	token := personalTokens(t, person, at.ssoScope()).Access
	g := newGuest(at.App, person)
	g.signIn(token, "/tab/dashboard")
	requests := 0
	routes := town.routes()
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if method != http.MethodPost || path == "/auth/callback" { // which Entra ID posts to, and a state protects
			continue
		}
		for headers, own := range sitesOf() {
			if own || headers == "|" && (path == "/auth/teams" || path == "/auth/handoff" || path == "/api/messages") { // programs, with a proof of their own
				continue
			}
			site, origin, _ := strings.Cut(headers, "|")
			request, err := http.NewRequest(method, at.App+path, strings.NewReader(url.Values{"token": {token}, "dashboard": {"x"}, "confirm": {"yes"}, "agree": {"yes"}}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("X-HTTP-Method-Override", "GET")
			for name, value := range map[string]string{"Sec-Fetch-Site": site, "Origin": origin} {
				if value != "" {
					request.Header.Set(name, value)
				}
			}
			requests++
			if got := g.do(request); got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
				t.Errorf("%s from %q: %d %s", route, headers, got.status, got.header.Get("Set-Cookie"))
			}
		}
		// Nor by another method.
		for _, other := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, "PROPFIND"} {
			request, err := http.NewRequest(other, at.App+path+"?_method=POST", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("X-HTTP-Method-Override", "POST")
			request.Header.Set("Sec-Fetch-Site", "cross-site")
			if slices.Contains(routes, other+" "+path) {
				g.do(request) // a page of its own, which must change nothing either
				continue
			}
			if got := g.do(request); got.status != http.StatusMethodNotAllowed && got.status != http.StatusForbidden && got.status != http.StatusNotFound {
				t.Errorf("%s %s: %d", other, path, got.status)
			}
		}
	}
	if page := g.ask(http.MethodGet, "/tab/dashboard", nil); !strings.Contains(page.body, `data-testid="board"`) {
		t.Errorf("signed out by another site: %d", page.status)
	}
	t.Logf("%d requests", requests)
}

// A session begins anew with every sign-in, is worth nothing to a Pintab with another key, and ends everywhere at once.
func TestSessionsCannotBePlantedKeptOrForged(t *testing.T) {
	town := moveTo(t)
	const person = "tomas@harborfinch.example"
	board := func(g *guest) bool {
		return strings.Contains(g.ask(http.MethodGet, "/tab/dashboard", nil).body, `data-testid="board"`)
	}
	// Planted: a cookie that somebody else knows is not the session after signing in.
	planted := newGuest(at.App, "ingrid@harborfinch.example")
	planted.signIn(personalTokens(t, planted.person, at.ssoScope()).Access, "/tab/dashboard")
	known := planted.cookie()
	victim := newGuest(at.App, person)
	victim.wear(known)
	if !board(victim) {
		t.Fatal("the planted cookie is no session to begin with")
	}
	victim.signIn(personalTokens(t, person, at.ssoScope()).Access, "/tab/dashboard")
	if victim.cookie() == known {
		t.Error("the session has not changed by signing in")
	}
	if board(planted) {
		t.Error("who planted the cookie is still signed in")
	}
	// Forged: the same database, another key.
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	elsewhere := *town
	elsewhere.config.SessionKeys = []string{base64.StdEncoding.EncodeToString(key)}
	base, _, end := elsewhere.another()
	defer end()
	stranger := newGuest(base, person)
	stranger.wear(victim.cookie())
	if board(stranger) {
		t.Error("a cookie of another key is believed")
	}
	// Kept: signing out in one browser ends all others, on another replica too.
	other, replica := newGuest(at.App, person), newGuest(at.App, person)
	for _, g := range []*guest{other, replica} {
		g.signIn(personalTokens(t, person, at.ssoScope()).Access, "/tab/dashboard")
	}
	old := other.cookie()
	victim.ask(http.MethodPost, "/auth/signout", url.Values{})
	for _, g := range []*guest{victim, other, replica} {
		if board(g) {
			t.Error("signed out, and still there")
		}
	}
	again := newGuest(at.App, person)
	again.signIn(personalTokens(t, person, at.ssoScope()).Access, "/tab/dashboard")
	replayed := newGuest(at.App, person)
	replayed.wear(old)
	if board(replayed) {
		t.Error("a cookie from before signing out is believed after signing in again")
	}
}

func (g *guest) cookie() string {
	address, err := url.Parse(g.base)
	if err != nil {
		return ""
	}
	for _, cookie := range g.http.Jar.Cookies(address) {
		if cookie.Name == "__Host-pintab" {
			return cookie.Value
		}
	}
	return ""
}

func (g *guest) wear(value string) {
	if address, err := url.Parse(g.base); err == nil {
		g.http.Jar.SetCookies(address, []*http.Cookie{{Name: "__Host-pintab", Value: value, Path: "/", Secure: true}})
	}
}

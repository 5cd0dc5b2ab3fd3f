package web

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// sessionOf gives the session cookie that a browser holds.
func (b *browser) sessionOf() string {
	b.Helper()
	u, _ := url.Parse(b.url)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

// with sends a session cookie of the test's own making.
func with(value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Cookie", sessionCookie+"="+value) }
}

func (p *page) isShell() bool { return p.doc.Find(`form[action="/auth/teams"]`).Length() == 1 }

func TestTheSessionCookieIsOneThatTeamsSendsBack(t *testing.T) {
	at := start(t)
	b := at.browser(true)
	c := b.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}}).cookie(sessionCookie)
	if c == nil || !c.Secure || !c.HttpOnly || !c.Partitioned || c.SameSite != http.SameSiteNoneMode || c.Path != "/" || c.Domain != "" || c.MaxAge != int(at.cfg.SessionLife/time.Second) {
		t.Fatalf("%+v", c)
	}
	// Whoever reads the database cannot make a cookie of what stands there.
	raw, err := base64.URLEncoding.DecodeString(c.Value)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.SplitN(string(raw), "|", 2)
	for _, row := range []string{parts[1], c.Value} {
		if strings.Contains(at.databaseText(), row) {
			t.Error("the cookie stands in the database")
		}
	}
}

func TestForgedSessionCookiesAreNobody(t *testing.T) {
	at := start(t)
	good := at.inTeams(person(world.Seller)).sessionOf()
	stranger := start(t, func(c *Config) { c.CookieKeys = [][]byte{key('x')} }).inTeams(person(world.Seller)).sessionOf()
	raw, err := base64.URLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	if at.browser(true).get("/tab/dashboard", with(good)).isShell() {
		t.Fatal("the true cookie does not work")
	}
	forged := map[string]string{"empty": "", "another key": stranger, "junk": "AAAA", "long": strings.Repeat("A", 5000), "twice": good + good}
	for i := range raw {
		changed := append([]byte{}, raw...)
		changed[i] ^= 1
		forged["byte "+string(rune('0'+i%10))+good[:i%40]] = base64.URLEncoding.EncodeToString(changed)
	}
	for i := 1; i < len(good); i += 7 {
		forged["first "+good[:i]] = good[:i]
	}
	b := at.browser(true)
	for name, value := range forged {
		if !b.get("/tab/dashboard", with(value)).isShell() {
			t.Errorf("%s: somebody", name)
		}
	}
}

func TestCookieKeysRotate(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "p.db")
	keys := func(keys ...byte) func(*Config) {
		return func(c *Config) {
			c.CookieKeys = nil
			for _, k := range keys {
				c.CookieKeys = append(c.CookieKeys, key(k))
			}
		}
	}
	before := startOn(t, database, keys('a'))
	old := before.inTeams(person(world.Seller)).sessionOf()
	during := startOn(t, database, keys('b', 'a'))
	fresh := during.inTeams(person(world.Seller)).sessionOf()
	after := startOn(t, database, keys('b'))
	for name, c := range map[string]struct {
		at     *pintab
		cookie string
		nobody bool
	}{
		"the old key while rotating": {during, old, false}, "the new key while rotating": {during, fresh, false},
		"the old key afterwards": {after, old, true}, "the new key afterwards": {after, fresh, false}, "the new key before": {before, fresh, true},
	} {
		if got := c.at.browser(true).get("/tab/dashboard", with(c.cookie)).isShell(); got != c.nobody {
			t.Errorf("%s: nobody %t", name, got)
		}
	}
}

// Somebody who planted a cookie before the sign-in has nothing afterwards.
func TestSigningInMakesANewSessionAndEndsTheOld(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	planted := b.sessionOf()
	b.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Manager))}}).wantStatus(http.StatusOK)
	if b.sessionOf() == planted {
		t.Error("the id is still the same")
	}
	if !at.browser(true).get("/tab/dashboard", with(planted)).isShell() {
		t.Error("the old id is still somebody")
	}
	b.get("/tab/dashboard").wantText("for " + person(world.Manager).ObjectID)
}

// One browser keeps its cookies when somebody else signs in to Teams: whoever sits there now is asked for their own token.
func TestTheSessionIsThatOfWhoeverSitsThere(t *testing.T) {
	at := start(t)
	seller, manager := person(world.Seller), person(world.Manager)
	b := at.inTeams(seller)
	for user, nobody := range map[string]bool{
		seller.ObjectID: false, strings.ToUpper(seller.ObjectID): false, manager.ObjectID: true, strings.ToUpper(manager.ObjectID): true,
		"": false, "{userObjectId}": false, "undefined": false, // a host that does not say
	} {
		page := b.get("/tab/dashboard?" + url.Values{"user": {user}, "theme": {"dark"}}.Encode())
		if page.isShell() != nobody {
			t.Errorf("%q: nobody %t", user, page.isShell())
		}
		if strings.Contains(page.body, `data-cookies="kept"`) != nobody {
			t.Errorf("%q: the page does not know whether cookies come: %s", user, page.body)
		}
		if strings.Contains(page.body, manager.ObjectID) {
			t.Errorf("%q: the way back asks again: %s", user, page.body)
		}
	}
	b.post("/auth/teams", url.Values{"token": {at.teamsToken(manager)}, "next": {"/tab/dashboard?user=" + manager.ObjectID}}).wantText("for " + manager.ObjectID)
	b.get("/tab/dashboard?user=" + manager.ObjectID).wantText("for " + manager.ObjectID)
	// A host that names somebody whom Entra ID knows by another id is believed no more than the token, and never asks in circles.
	b.post("/auth/teams", url.Values{"token": {at.teamsToken(manager)}, "next": {"/tab/dashboard?user=" + seller.ObjectID}}).wantText("for " + manager.ObjectID)
}

func TestSessionsEnd(t *testing.T) {
	at := start(t, func(c *Config) { c.SessionIdle, c.SessionLife = time.Hour, 5*time.Hour })
	idle, used := at.inTeams(person(world.Seller)), at.inTeams(person(world.Seller))
	for range 4 {
		at.clock.forward(45 * time.Minute)
		if used.get("/tab/dashboard").isShell() {
			t.Fatal("a session in use has ended")
		}
	}
	if !idle.get("/tab/dashboard").isShell() {
		t.Error("an idle session goes on")
	}
	for range 3 {
		at.clock.forward(45 * time.Minute)
		used.get("/tab/dashboard")
	}
	if !used.get("/tab/dashboard").isShell() {
		t.Error("a session outlives its longest life")
	}
}

// Signing out ends every session of the person at once, at every replica, and nobody else's.
func TestSigningOutEndsEverySessionEverywhere(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "p.db")
	one, two := startOn(t, database), startOn(t, database)
	here, there, other := one.inTeams(person(world.Seller)), two.inTeams(person(world.Seller)), two.inTeams(person(world.Manager))
	cookie := here.sessionOf()
	p := here.post("/auth/signout", url.Values{}).wantStatus(http.StatusOK)
	p.wantText("You have signed out")
	if c := p.cookie(sessionCookie); c == nil || c.MaxAge >= 0 || !c.Partitioned || !c.Secure {
		t.Errorf("the cookie is not taken back: %+v", c)
	}
	if !one.browser(true).get("/tab/dashboard", with(cookie)).isShell() || !there.get("/tab/dashboard").isShell() {
		t.Error("a session goes on")
	}
	if other.get("/tab/dashboard").isShell() {
		t.Error("somebody else was signed out")
	}
}

// The goal is 25 us: the signature and one row, read anew at every request, so that signing out needs no cache to expire.
func BenchmarkSessionLookup(b *testing.B) {
	rows, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "p.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	sessions := newCookieSessions(Config{Store: rows, CookieKeys: [][]byte{key('k')}, Rand: rand.Reader, Now: time.Now, SessionIdle: time.Hour, SessionLife: time.Hour})
	answer, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/tab/dashboard", nil)
	profile := crm.Profile{User: crm.User{Tenant: world.Home.ID, Object: person(world.Seller).ObjectID}}
	if _, _, err := sessions.start(answer, r, profile); err != nil {
		b.Fatal(err)
	}
	r.AddCookie(answer.Result().Cookies()[0])
	b.ReportAllocs()
	for b.Loop() {
		session, err := sessions.New(r, sessionCookie)
		if err != nil || session.IsNew {
			b.Fatal(err)
		}
	}
}

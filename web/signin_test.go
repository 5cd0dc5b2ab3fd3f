package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// The first visit in Teams: a shell, a token, and the page itself as the answer to the token.
func TestSigningInSilentlyInTeams(t *testing.T) {
	at := start(t, func(c *Config) { c.HostOrigins = []string{"http://127.0.0.1:3979"} })
	b := at.browser(true)
	shell := b.get("/tab/dashboard?theme=dark&locale=de-AT").wantStatus(http.StatusOK)
	if next := shell.wantOne(`form[action="/auth/teams"] input[name="next"]`).AttrOr("value", ""); next != "/tab/dashboard?locale=de-AT&theme=dark" {
		t.Error("next", next)
	}
	if html := shell.wantOne("html"); html.AttrOr("lang", "") != "de-AT" || html.AttrOr("data-theme", "") != "dark" || html.AttrOr("data-hosts", "") != "http://127.0.0.1:3979" {
		t.Error("the shell is not dressed as Teams said")
	}
	if shell.cookie(sessionCookie) != nil {
		t.Error("nobody has a session")
	}
	page := b.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}, "next": {"/tab/dashboard?theme=dark&locale=de-AT"}}).wantStatus(http.StatusOK)
	page.wantText("Row of one for " + person(world.Seller).ObjectID + " sorted  in de-AT")
	html := page.wantOne("html")
	if html.AttrOr("data-path", "") != "/tab/dashboard?locale=de-AT&theme=dark" || html.AttrOr("data-theme", "") != "dark" {
		t.Error("the page does not know where it is to be found, or looks different")
	}
	again := b.get("/tab/dashboard?theme=contrast").wantStatus(http.StatusOK)
	again.wantText("Row of two")
	if again.cookie(sessionCookie) != nil || again.wantOne("html").AttrOr("data-path", "") != "" {
		t.Error("the second visit signs in again")
	}
}

func TestTokensThatAreNotFromTeamsAreRefused(t *testing.T) {
	at := start(t)
	seller := person(world.Seller)
	good := at.teamsToken(seller)
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	for name, token := range map[string]string{
		"nothing": "", "junk": "x.y.z", "no signature": parts[0] + "." + parts[1] + ".", "alg none": none + "." + parts[1] + ".",
		"another body": parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"oid":"x"}`)) + "." + parts[2], "a newline": good + "\n",
	} {
		b := at.browser(true)
		p := b.post("/auth/teams", url.Values{"token": {token}, "next": {"/tab/dashboard?theme=dark"}}).wantStatus(http.StatusUnauthorized)
		if p.cookie(sessionCookie) != nil || strings.Contains(p.body, "Row of") {
			t.Errorf("%s: signed in", name)
		}
		if p.wantOne("#sign-in").AttrOr("href", "") != "/auth/start?next=%2Ftab%2Fdashboard%3Ftheme%3Ddark" {
			t.Errorf("%s: there is no way on", name)
		}
	}
	at.clock.forward(24 * time.Hour)
	at.browser(true).post("/auth/teams", url.Values{"token": {good}}).wantStatus(http.StatusUnauthorized)
}

// A token in the address would end up in logs and histories.
func TestTheTokenIsTakenFromTheBodyOnly(t *testing.T) {
	at := start(t)
	at.browser(true).post("/auth/teams?token="+at.teamsToken(person(world.Seller)), url.Values{}).wantStatus(http.StatusUnauthorized)
}

// In a browser of one's own the way in leads through Entra ID and back to the very page.
func TestSigningInWithABrowser(t *testing.T) {
	at := start(t)
	b := at.browser(false)
	first := b.get("/tab/dashboard?dashboard=" + boards[1].ID).wantStatus(http.StatusFound)
	start := first.Header.Get("Location")
	if !strings.HasPrefix(start, "/auth/start?next=") {
		t.Fatal(start)
	}
	away := b.get(start).wantStatus(http.StatusFound)
	secret := away.cookie(signInCookie)
	if secret == nil || !secret.HttpOnly || !secret.Secure || secret.Path != "/" || !isSecret(secret.Value) {
		t.Fatalf("%+v", secret)
	}
	to, _ := url.Parse(away.Header.Get("Location"))
	if q := to.Query(); !isSecret(q.Get("state")) || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("redirect_uri") != at.url+"/auth/callback" {
		t.Error(to)
	}
	back := b.atEntra(person(world.Manager), away.Header.Get("Location"), "accept")
	done := b.get(back).wantStatus(http.StatusSeeOther)
	done.wantLocation("/tab/dashboard?dashboard=" + boards[1].ID)
	b.get(done.Header.Get("Location")).wantText("for " + person(world.Manager).ObjectID)

	t.Run("the same answer twice", func(t *testing.T) {
		p := at.browser(false).get(back)
		p.wantStatus(http.StatusUnauthorized)
		if p.cookie(sessionCookie) != nil {
			t.Error("signed in by a used answer")
		}
	})
}

// begin starts a sign-in and gives where Entra ID leads back to.
func (b *browser) begin(p world.Person, query, decision string) string {
	b.Helper()
	away := b.get("/auth/start?" + query).wantStatus(http.StatusFound)
	return b.atEntra(p, away.Header.Get("Location"), decision)
}

func TestAnswersOfEntraThatAreNotForThisBrowserAreRefused(t *testing.T) {
	at := start(t)
	seller := person(world.Seller)
	t.Run("another browser's", func(t *testing.T) {
		attacker, victim := at.browser(false), at.browser(false)
		victim.get("/auth/start").wantStatus(http.StatusFound)
		p := victim.get(attacker.begin(seller, "", "accept")).wantStatus(http.StatusUnauthorized)
		if p.cookie(sessionCookie) != nil {
			t.Error("the victim is signed in as the attacker")
		}
	})
	t.Run("a browser without cookies", func(t *testing.T) {
		back := at.browser(false).begin(seller, "next=/tab/dashboard", "accept")
		p := at.browser(false).get(back).wantStatus(http.StatusBadRequest)
		p.wantText("Please allow cookies for this site in your browser")
		if p.Header.Get("Location") != "" || p.cookie(sessionCookie) != nil {
			t.Error("it goes on, and round and round")
		}
	})
	t.Run("an unknown state", func(t *testing.T) {
		b := at.browser(false)
		back := b.begin(seller, "", "accept")
		for _, spoil := range []string{regexp.MustCompile(`([?&]state=[^&]*)`).ReplaceAllString(back, "${1}x"), regexp.MustCompile(`([?&])state=`).ReplaceAllString(back, "${1}stale="), "/auth/callback", "/auth/callback?state=&code=x"} {
			b.get(spoil).wantStatus(http.StatusUnauthorized)
		}
		b.get(back).wantStatus(http.StatusSeeOther)
	})
	t.Run("parameters twice", func(t *testing.T) {
		b := at.browser(false)
		back := b.begin(seller, "", "accept")
		for _, twice := range []string{"&state=x", "&code=x", "&error=x&error=y"} {
			b.get(back + twice).wantStatus(http.StatusBadRequest)
		}
	})
	t.Run("too late", func(t *testing.T) {
		at := start(t)
		b := at.browser(false)
		back := b.begin(seller, "", "accept")
		at.clock.forward(signInLife)
		b.get(back).wantStatus(http.StatusUnauthorized)
	})
	t.Run("another code", func(t *testing.T) {
		b := at.browser(false)
		mine, _ := url.Parse(b.begin(seller, "", "accept"))
		other, _ := url.Parse(at.browser(false).begin(person(world.Manager), "", "accept"))
		p := b.get("/auth/callback?" + url.Values{"state": {mine.Query().Get("state")}, "code": {other.Query().Get("code")}}.Encode())
		if p.StatusCode < 400 || p.cookie(sessionCookie) != nil {
			t.Error("a code of another sign-in was redeemed:", p.Status)
		}
	})
}

// Entra ID may post its answer; the browser's own secret still has to be there.
func TestEntraMayPostItsAnswer(t *testing.T) {
	at := start(t)
	b := at.browser(false)
	back, _ := url.Parse(b.begin(person(world.Seller), "next=/tab/dashboard", "accept"))
	crossSite := func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", at.idp)
	}
	b.post("/auth/callback", back.Query(), crossSite).wantStatus(http.StatusSeeOther)
}

func TestDecliningAtEntraIsSaidAndNotRetried(t *testing.T) {
	at := start(t)
	b := at.browser(false)
	p := b.get(b.begin(person(world.Seller), "prompt=consent", "cancel"))
	p.wantStatus(http.StatusUnauthorized)
	p.wantText("Signing in was cancelled")
	p.wantOne("#sign-in")
	if strings.Contains(p.body, "AADSTS") {
		t.Error("Entra's own words are shown")
	}
}

// popup is a tab that opens a sign-in pop-up and keeps the verifier.
type popup struct {
	tab, window *browser
	verifier    string
}

func (at *pintab) popup() *popup {
	return &popup{at.browser(true), at.browser(false), base64.RawURLEncoding.EncodeToString(key('v'))}
}

func (p *popup) challenge() string {
	sum := sha256.Sum256([]byte(p.verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// signIn goes through the pop-up and gives the page at its end.
func (p *popup) signIn(who world.Person, next string) *page {
	p.tab.Helper()
	return p.window.get(p.window.begin(who, url.Values{"challenge": {p.challenge()}, "next": {next}}.Encode(), "accept"))
}

// Consent wanted: the tab's silent attempt ends at a button, the pop-up hands over a code, and the tab gets the session.
func TestSigningInThroughThePopup(t *testing.T) {
	at := start(t)
	seller := person(world.Seller)
	at.require(seller, "consent")
	pop := at.popup()
	asked := pop.tab.post("/auth/teams", url.Values{"token": {at.teamsToken(seller)}, "next": {"/tab/dashboard?theme=dark"}}).wantStatus(http.StatusUnauthorized)
	asked.wantText("One more step")
	link, _ := url.Parse(asked.wantOne("#sign-in").AttrOr("href", ""))
	if link.Path != "/auth/start" || link.Query().Get("next") != "/tab/dashboard?theme=dark" || !strings.HasPrefix(link.Query().Get("claims"), "{") {
		t.Error("the button forgets what Entra ID asked for:", link)
	}
	query := link.Query()
	query.Set("challenge", pop.challenge())
	started := pop.window.get("/auth/start?" + query.Encode()).wantStatus(http.StatusFound)
	away := started.Header.Get("Location")
	if u, _ := url.Parse(away); !strings.Contains(u.Query().Get("claims"), "capolids") {
		t.Error("Entra ID is not told of its own challenge:", away)
	}
	if started.cookie(signInCookie) != nil {
		t.Error("a pop-up needs no cookie")
	}
	end := pop.window.get(pop.window.atEntra(seller, away, "accept")).wantStatus(http.StatusOK)
	if end.cookie(sessionCookie) != nil {
		t.Error("the pop-up got a session")
	}
	main := end.wantOne("main[data-code]")
	code := main.AttrOr("data-code", "")
	if !isSecret(code) || main.AttrOr("data-origin", "") != at.url {
		t.Error(code, main.AttrOr("data-origin", ""))
	}
	if strings.Contains(at.databaseText(), code) {
		t.Error("the code stands in the database")
	}
	page := pop.tab.post("/auth/handoff", url.Values{"code": {code}, "verifier": {pop.verifier}}).wantStatus(http.StatusOK)
	page.wantText("for " + seller.ObjectID)
	if c := page.cookie(sessionCookie); c == nil || !c.Partitioned {
		t.Errorf("%+v", c)
	}
	if page.wantOne("html").AttrOr("data-path", "") != "/tab/dashboard?theme=dark" {
		t.Error("the page does not know its address")
	}
	pop.tab.get("/tab/dashboard").wantText("Row of one")
}

func TestAHandOffIsWorthNothingToOthers(t *testing.T) {
	at := start(t)
	code := func(p *popup) string {
		return p.signIn(person(world.Seller), "/tab/dashboard").wantStatus(http.StatusOK).wantOne("main[data-code]").AttrOr("data-code", "")
	}
	refuse := func(t *testing.T, form url.Values) {
		t.Helper()
		p := at.browser(true).post("/auth/handoff", form).wantStatus(http.StatusUnauthorized)
		if p.cookie(sessionCookie) != nil {
			t.Error("signed in")
		}
	}
	t.Run("without the verifier", func(t *testing.T) {
		pop := at.popup()
		stolen := code(pop)
		refuse(t, url.Values{"code": {stolen}, "verifier": {base64.RawURLEncoding.EncodeToString(key('w'))}})
		refuse(t, url.Values{"code": {stolen}, "verifier": {pop.verifier}}) // the failed try has used it up
	})
	t.Run("with the challenge for a verifier", func(t *testing.T) {
		pop := at.popup()
		refuse(t, url.Values{"code": {code(pop)}, "verifier": {pop.challenge()}})
	})
	t.Run("nothing at all", func(t *testing.T) { refuse(t, url.Values{"code": {""}, "verifier": {""}}) })
	t.Run("after a minute", func(t *testing.T) {
		pop := at.popup()
		late := code(pop)
		at.clock.forward(handOffLife)
		refuse(t, url.Values{"code": {late}, "verifier": {pop.verifier}})
	})
	t.Run("a challenge that is none", func(t *testing.T) {
		for _, challenge := range []string{"x", strings.Repeat("A", 44), strings.Repeat("=", 43)} {
			at.browser(false).get("/auth/start?challenge=" + url.QueryEscape(challenge)).wantStatus(http.StatusBadRequest)
		}
	})
}

func TestOfManyWhoRedeemOneCodeOneGetsASession(t *testing.T) {
	at := start(t)
	for range 5 {
		pop := at.popup()
		form := url.Values{"verifier": {pop.verifier},
			"code": {pop.signIn(person(world.Seller), "/tab/dashboard").wantOne("main[data-code]").AttrOr("data-code", "")}}
		var winners atomic.Int64
		var all sync.WaitGroup
		for range 10 {
			b := at.browser(true)
			all.Go(func() {
				res, err := b.client.PostForm(at.url+"/auth/handoff", form)
				if err != nil {
					t.Error(err)
					return
				}
				defer res.Body.Close()
				if res.StatusCode == http.StatusOK {
					winners.Add(1)
				} else if res.StatusCode != http.StatusUnauthorized {
					t.Error(res.Status)
				}
			})
		}
		all.Wait()
		if winners.Load() != 1 {
			t.Fatal(winners.Load(), "winners")
		}
	}
}

func TestADeclinedPopupTellsTheTab(t *testing.T) {
	at := start(t)
	pop := at.popup()
	back := pop.window.begin(person(world.Seller), "prompt=consent&challenge="+pop.challenge(), "cancel")
	main := pop.window.get(back).wantStatus(http.StatusUnauthorized).wantOne("main[data-problem]")
	if main.AttrOr("data-code", "") != "" || main.AttrOr("data-problem", "") != "web.sign_in_declined" {
		t.Error(main.AttrOr("data-code", ""), main.AttrOr("data-problem", ""))
	}
}

// After signing in nobody ends up anywhere but on a page of ours.
func TestSigningInLeadsOnlyToOurOwnPages(t *testing.T) {
	at := start(t)
	for _, evil := range []string{"//evil.example", `/\evil.example`, "https:evil.example", "/%09/evil.example", "javascript:alert(1)", "/auth/signout", "/tab/dashboard\r\nX: y", "/static/tab.js", "/@evil.example"} {
		b := at.browser(false)
		b.get(b.begin(person(world.Seller), url.Values{"next": {evil}}.Encode(), "accept")).wantStatus(http.StatusSeeOther).wantLocation(homePage)
		p := at.browser(true).post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}, "next": {evil}}).wantStatus(http.StatusOK)
		if got := p.wantOne("html").AttrOr("data-path", ""); got != homePage {
			t.Errorf("%q: %q", evil, got)
		}
	}
}

// What the address says about a sign-in is passed on only if it can be what it claims to be.
func TestWhatIsPassedOnToEntra(t *testing.T) {
	at := start(t)
	for in, want := range map[string]string{
		"login_hint=ada%40example.com":            "login_hint=ada%40example.com",
		"login_hint=a%0Ab":                        "",
		"login_hint=" + strings.Repeat("a", 257):  "",
		"prompt=select_account":                   "prompt=select_account",
		"prompt=none":                             "",
		"claims=%7B%22a%22%3A1%7D":                "claims=%7B%22a%22%3A1%7D",
		"claims=%7B%22a%22":                       "",
		"claims=%22text%22":                       "",
		"redirect_uri=https%3A%2F%2Fevil.example": "",
		"state=mine&nonce=mine&client_id=other":   "",
	} {
		to, _ := url.Parse(at.browser(false).get("/auth/start?" + in).wantStatus(http.StatusFound).Header.Get("Location"))
		q := to.Query()
		got := url.Values{}
		for _, name := range []string{"login_hint", "prompt", "claims"} {
			if q.Has(name) {
				got.Set(name, q.Get(name))
			}
		}
		if got.Encode() != want || q.Get("redirect_uri") != at.url+"/auth/callback" || q.Get("state") == "mine" || q.Get("client_id") != world.Registration.ID {
			t.Errorf("%s gives %s", in, to)
		}
	}
}

func TestEntraDownIsSaid(t *testing.T) {
	at := start(t)
	token := at.teamsToken(person(world.Seller))
	res, err := http.Post(at.idp+"/_sandbox/faults", "application/json", strings.NewReader(`{"status":503,"times":1000}`))
	if err != nil || res.StatusCode >= 300 {
		t.Fatal(err, res.Status)
	}
	p := at.browser(true).post("/auth/teams", url.Values{"token": {token}}).wantStatus(http.StatusServiceUnavailable)
	p.wantText("The sign-in service does not answer right now.")
}

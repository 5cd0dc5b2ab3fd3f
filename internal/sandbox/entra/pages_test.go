package entra

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const patience = 15 * time.Second

// signInPages is a stand-in with a client of its own, opened in Chromium.
type signInPages struct {
	*testing.T
	at     *standIn
	client string // redirect address
	window *browser.Window
	axe    string
	mu     sync.Mutex
	posted url.Values
}

func openPages(t *testing.T) *signInPages {
	p := &signInPages{T: t, at: start(t)}
	client := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		p.mu.Lock()
		p.posted = r.PostForm
		p.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>client</title><link rel="icon" href="data:,"><p id="client">back at the client</p></html>`))
	}))
	t.Cleanup(client.Close)
	p.client = strings.Replace(client.URL, "127.0.0.1", "localhost", 1) + "/auth/callback"
	p.at.redirects[p.client] = true
	p.at.origins = origins([]string{p.client})
	source, err := os.ReadFile("../browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	p.axe = string(source)
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if p.window, err = b.Window(320, 640); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *signInPages) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *signInPages) open(change map[string]string) {
	p.Helper()
	if change == nil {
		change = map[string]string{}
	}
	change["redirect_uri"] = p.client
	p.must(p.window.Open(p.at.authorizeURL(change)))
}

// inspect waits for a page and checks what holds for all: no sideways scrolling at 320 px, nothing that axe-core reports in
// light or dark, nothing in the console.
func (p *signInPages) inspect(title string) {
	p.Helper()
	p.must(p.window.Wait(`document.querySelector('h1')?.innerText === '`+title+`'`, patience))
	if wide, err := browser.Evaluate[int](&p.window.Page, `document.documentElement.scrollWidth`); err != nil || wide > 320 {
		p.Errorf("%s is %d px wide: %v", title, wide, err)
	}
	for _, scheme := range []string{"dark", "light"} {
		_, err := chromedp.Call(p.window.Context(), emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		p.must(err)
		found, err := p.window.Axe(p.axe)
		p.must(err)
		for _, v := range found {
			p.Errorf("%s, %s: %s %v", title, scheme, v.Help, v.Nodes)
		}
	}
	if problems := p.window.Problems(); len(problems) > 0 {
		p.Errorf("%s: console %v", title, problems)
	}
}

func (p *signInPages) backAtTheClient() {
	p.Helper()
	if err := p.window.Has("#client", patience); err != nil {
		p.Fatal(err, p.window.Problems())
	}
}

// In a real browser: every page, by keyboard, with the policy in force, and back to another origin by both response modes.
func TestPagesInChromium(t *testing.T) {
	p := openPages(t)
	p.open(map[string]string{"login_hint": tomas.Username})
	p.inspect("Pick an account")
	p.must(p.window.Wait(`document.activeElement.value === '`+tomas.ObjectID+`'`, patience))
	p.must(chromedp.Do(p.window.Context(), chromedp.KeyEvent(kb.Enter)))
	p.backAtTheClient()

	p.at.control("require", `{"username":"`+tomas.Username+`","kind":"consent"}`)
	p.open(map[string]string{"login_hint": tomas.Username})
	p.inspect("Permissions requested")
	p.must(chromedp.Do(p.window.Context(), chromedp.KeyEvent(kb.Enter)))
	p.backAtTheClient()

	p.at.control("require", `{"username":"`+tomas.Username+`","kind":"mfa"}`)
	need := p.at.onBehalfOf(p.at.pass(tomas, ssoScope).AccessToken, disco+"/.default")
	p.open(map[string]string{"login_hint": tomas.Username, "claims": need.Claims, "response_mode": "form_post"})
	p.inspect("Approve sign-in request")
	p.must(p.window.Click("button[value=accept]"))
	p.backAtTheClient()
	p.mu.Lock()
	if p.posted.Get("code") == "" || p.posted.Get("state") != "st" {
		t.Error("not posted:", p.posted)
	}
	p.mu.Unlock()

	p.must(p.window.Open(p.at.base + "/" + world.Home.ID + "/oauth2/v2.0/logout"))
	p.inspect("You signed out")
	p.must(p.window.Open(p.at.base + "/"))
	p.inspect("Sandbox sign-in")
}

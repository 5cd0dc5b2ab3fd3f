package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	driver "github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const patience = 20 * time.Second

func chromium(t *testing.T) *driver.Window {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	b, err := driver.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	w, err := b.Window(1024, 768)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (at *pintab) do(err error) {
	at.Helper()
	if err != nil {
		at.Fatal(err)
	}
}

// A browser of one's own: to Entra ID, back with cookies over plain http on localhost, and not one complaint of the policy.
func TestChromiumSignsInAndComplainsOfNothing(t *testing.T) {
	at := startOnLoopback(t)
	w := chromium(t)
	at.do(w.Open(at.url + "/tab/dashboard"))
	at.do(w.Has("button.account", patience))
	at.do(w.Click(fmt.Sprintf(`button.account[value="%s"]`, person(world.Seller).ObjectID)))
	at.do(w.Wait(`document.title.includes("My Dashboard") && document.body.textContent.includes("Row of two")`, patience))
	at.do(w.Wait(`location.pathname === "/tab/dashboard"`, patience))
	if problems := w.Problems(); len(problems) > 0 {
		t.Error(strings.Join(problems, "\n"))
	}
}

// host is a page of another site that shows the tab in a frame, as Teams does, and signs it in with a token when asked.
func host(t *testing.T, at *pintab) *httptest.Server {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Host</title><link rel="icon" href="data:,"><iframe src=%q width="900" height="700"></iframe>`, at.url+r.URL.RequestURI())
	}))
	t.Cleanup(srv.Close)
	return srv
}

// In a frame of another site the session's cookie is set and comes back, and the framed page answers as a stream.
func TestChromiumKeepsTheSessionInAFrameOfAnotherSite(t *testing.T) {
	var at *pintab
	var frame string
	at = startOnLoopback(t, func(c *Config) { c.FrameAncestors = []string{"http://127.0.0.1:*"} })
	w := chromium(t)
	at.do(w.Open(host(t, at).URL + "/tab/dashboard?theme=dark"))
	tab, err := w.Frame(at.url, patience)
	at.do(err)
	at.do(tab.Has(`form[action="/auth/teams"]`, patience))
	token := at.teamsToken(person(world.Seller))
	_, err = driver.Evaluate[bool](tab, `(() => { const f = document.querySelector('form[action="/auth/teams"]'); f.elements.token.value = `+"`"+token+"`"+`; f.submit(); return true })()`)
	at.do(err)
	at.do(tab.Wait(`document.body?.textContent.includes("Row of two") && location.pathname === "/tab/dashboard"`, patience))

	t.Run("the next visit needs no sign-in", func(t *testing.T) {
		before := strings.Count(at.log.text(), `"route":"/auth/teams"`)
		at.do(w.Open(host(t, at).URL + "/tab/dashboard?theme=contrast"))
		tab, err := w.Frame(at.url, patience)
		at.do(err)
		at.do(tab.Wait(`document.documentElement.dataset.theme === "contrast" && document.body.textContent.includes("Row of two")`, patience))
		if after := strings.Count(at.log.text(), `"route":"/auth/teams"`); after != before {
			t.Error("signed in again")
		}
		frame = at.url
	})
	t.Run("a form works from inside the frame", func(t *testing.T) {
		tab, err := w.Frame(frame, patience)
		at.do(err)
		_, err = driver.Evaluate[bool](tab, `(() => { document.querySelector('form[action="/tab/dashboard/refresh"]').submit(); return true })()`)
		at.do(err)
		at.do(tab.Wait(`document.body?.textContent.includes("Row of two") && performance.getEntriesByType("navigation")[0].redirectCount === 1`, patience))
		if at.crm.called("refresh") != 1 {
			t.Error("not refreshed")
		}
	})
	if problems := w.Problems(); len(problems) > 0 {
		t.Error(strings.Join(problems, "\n"))
	}
}

// A site that is no host of ours sees nothing.
func TestChromiumShowsNothingToAnotherEmbedder(t *testing.T) {
	at := startOnLoopback(t, func(c *Config) { c.FrameAncestors = []string{"https://teams.example"} })
	w := chromium(t)
	at.do(w.Open(host(t, at).URL + "/tab/dashboard"))
	at.do(w.Wait(`document.readyState === "complete"`, patience))
	refused := func() bool {
		for _, p := range w.Problems() {
			if strings.Contains(p, "frame-ancestors") {
				return true
			}
		}
		return false
	}
	for deadline := time.Now().Add(patience); !refused(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("shown, or not said:", w.Problems())
		}
	}
}

// What another site's form sends carries no cookie of ours and is refused.
func TestChromiumCannotBeMadeToPostFromAnotherSite(t *testing.T) {
	at := startOnLoopback(t)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><form method="post" action=%q><input name="dashboard" value="x"></form>`, at.url+"/auth/signout")
	}))
	t.Cleanup(evil.Close)
	w := chromium(t)
	b := at.browser(false)
	b.get(b.begin(person(world.Seller), url.Values{"next": {homePage}}.Encode(), "accept"))
	at.do(w.Open(evil.URL))
	_, err := driver.Evaluate[bool](&w.Page, `(() => { document.forms[0].submit(); return true })()`)
	at.do(err)
	at.do(w.Wait(`location.pathname === "/auth/signout" && document.body.textContent.includes("did not come from one of our pages")`, patience))
}

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// Each situation that the design knows is reached for real, through the Teams stand-in, and looked at as a person would:
// what it says, how it goes on, and whether axe-core finds anything wrong.

var axeSource = sync.OnceValues(func() ([]byte, error) {
	return os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
})

// sound reports everything that axe-core finds wrong with what is on the screen now.
func (c *client) sound(page *browser.Page, name string) {
	c.Helper()
	c.picture(name)
	source, err := axeSource()
	c.must(err)
	violations, err := page.Axe(string(source))
	c.must(err)
	for _, v := range violations {
		c.Errorf("%s: %s: %s\n  %s", name, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// shown waits until an element can be seen and says all of the words.
func (c *client) shown(page *browser.Page, selector string, words ...string) {
	c.Helper()
	wanted, err := json.Marshal(append([]string{}, words...))
	c.must(err)
	// A page on its way may still be replaced by the one that has the words.
	err = page.Wait(`(seen => seen.length > 0 && `+string(wanted)+`.every(w => seen.map(e => e.innerText).join(" | ").includes(w)))(
		[...document.querySelectorAll("`+selector+`")].filter(e => e.checkVisibility()))`, 2*patience)
	if err != nil {
		c.Errorf("%s says %q, want %q: %v", selector, c.visible(page, selector), words, err)
	}
}

// visible is what the elements that can be seen say.
func (c *client) visible(page *browser.Page, selector string) string {
	c.Helper()
	text, err := browser.Evaluate[string](page, `[...document.querySelectorAll("`+selector+`")].filter(e => e.checkVisibility()).map(e => e.innerText).join(" | ")`)
	c.must(err)
	return text
}

// evaluate runs a script in a page for what it does.
func (c *client) evaluate(page *browser.Page, script string) {
	c.Helper()
	_, err := browser.Evaluate[bool](page, `(() => { `+script+`; return true })()`)
	c.must(err)
}

// coldly opens the dashboard of somebody for whom nothing is cached any more, while a stand-in misbehaves.
func (c *client) coldly(standIn string, rule map[string]any) *browser.Page {
	c.Helper()
	v, _ := visit(c.T, c.person)
	v.post("/tab/dashboard/refresh", map[string][]string{}).wantStatus(http.StatusSeeOther)
	c.install()
	if rule != nil {
		misbehave(c.T, standIn, rule)
	}
	c.open("/app/" + appID + "/dashboard")
	return c.frame()
}

// While Dataverse takes its time, the shape of a dashboard is there; then its frame with the names of its parts; then the parts.
func TestLoadingShowsTheShapeOfWhatComes(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.coldly(at.Dataverse, map[string]any{"path": "/api/", "delay_ms": 1200, "times": -1})
	c.must(page.Wait(`document.title.includes("My Dashboard") && document.querySelector("main")?.shadowRoot?.querySelector("[role=status]")?.textContent.includes("is loading")`, patience))
	c.must(page.Emulate("prefers-reduced-motion", "reduce"))
	moving, err := browser.Evaluate[int](page, `document.getAnimations().length`)
	c.must(err)
	if moving > 0 {
		t.Errorf("%d things move for somebody who wants no motion", moving)
	}
	c.sound(page, "skeleton")
	c.must(page.Wait(`document.querySelector("[data-testid=board]")?.shadowRoot?.querySelector(".bone strong")`, 2*patience))
	c.picture("names")
	behave(t, at.Dataverse)
	c.filled(page)
}

// Nothing to list, nothing to draw, nothing left, nothing that can be shown here: each says so, and how to go on.
func TestPartsWithNothingToShow(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	c.size = "phone-360"
	page := c.tab("dashboard")
	c.filled(page)
	page = c.show(page, "Guest parts")
	said := c.visible(page, "main")
	for _, words := range []string{"There are no records in this view.", "There is nothing to draw yet.",
		"The view of this part is not there any more", "This chart is not there any more", "runs only inside Dynamics 365", "View in Dynamics 365"} {
		if !strings.Contains(said, words) {
			t.Errorf("nothing says %q", words)
		}
	}
	c.sound(page, "parts")
	page = c.show(page, "Empty dashboard")
	c.shown(page, "[data-testid=empty]", "has no parts")
	c.sound(page, "board")
}

// Without an organization or an app there are the reasons, one by one, and a button that looks again.
func TestNowhereToWork(t *testing.T) {
	for person, words := range map[string][]string{
		"mei@harborfinch.example":  {"No organization yet", "administrator"},
		"omar@harborfinch.example": {"No app yet", "You have no licence for it.", "Sales Classic", "Check again"},
	} {
		t.Run(strings.SplitN(person, "@", 2)[0], func(t *testing.T) {
			t.Parallel()
			c := sitDown(t, person)
			page := c.tab("dashboard")
			c.shown(page, "[data-testid=state]", words...)
			c.evaluate(page, `window.before = true; document.querySelector("[data-testid=state] form").requestSubmit()`)
			c.must(page.Wait(`!window.before && document.readyState === "complete"`, patience))
			c.shown(c.frame(), "[data-testid=state]", words[0])
			if problems := c.window.Problems(); len(problems) > 0 {
				t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
			}
			c.sound(page, "state")
		})
	}
}

// A dashboard that is somebody else's is not opened: the person's own one comes, and says why.
func TestADashboardThatIsNotTheirs(t *testing.T) {
	_, theirs := visit(t, "tomas@harborfinch.example")
	id := ""
	for _, option := range theirs.page.Find(`select[name="dashboard"] option`).EachIter() {
		if strings.Contains(option.Text(), "My week") {
			id = option.AttrOr("value", "")
		}
	}
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	c.evaluate(page, `window.before = true; location.assign("/tab/dashboard?dashboard=`+id+`")`)
	c.must(page.Wait(`!window.before && document.querySelector(".notice")`, patience))
	c.filled(page)
	c.shown(page, ".notice", "not available any more")
	if text := c.visible(page, "main"); id == "" || strings.Contains(text, "My week") {
		t.Errorf("%q: %.200s", id, text)
	}
	c.sound(page, "notice")
}

// What Dataverse refuses, a part says in its own words, and the rest stands; the same for a page of which nothing can be had.
func TestWhenDataverseDoesNotGiveWhatIsAskedFor(t *testing.T) {
	moveTo(t)
	for _, story := range []struct {
		name, person, path, selector string
		rule                         map[string]any
		words                        []string
	}{
		{"forbidden", "joanna@harborfinch.example", "/api/data/v9.2/accounts", "[data-testid=problem]",
			map[string]any{"status": 403, "body": `{"error":{"code":"0x80040220","message":"Principal is missing prvReadAccount"}}`},
			[]string{"Your roles in Dynamics 365 do not let you see this.", "Try again"}},
		{"no-dashboard", "joanna@harborfinch.example", "forms", "[data-testid=state]",
			map[string]any{"status": 200, "body": `{"value":[]}`}, []string{"No dashboard yet", "Check again", "Open in Dynamics 365"}},
		{"down", "priya@harborfinch.example", "/api/discovery", "[data-testid=state]",
			map[string]any{"status": 503}, []string{"Dynamics 365 does not answer", "Try again"}},
		{"hanging", "tomas@harborfinch.example", "/api/discovery", "[data-testid=state]",
			map[string]any{"delay_ms": 60_000}, []string{"Dynamics 365", "Try again"}},
		{"busy-part", "lucia@harborfinch.example", "/api/data/v9.2/incidents", "[data-testid=problem]",
			map[string]any{"status": 429, "retry_after": 20}, []string{"asks us to wait a little", "Try again"}},
		{"busy", "jakub@moraviawerke.example", "/api/discovery", "[data-testid=state]",
			map[string]any{"status": 429, "retry_after": 20}, []string{"Dynamics 365 is busy", "Try again"}},
	} {
		t.Run(story.name, func(t *testing.T) {
			c := sitDown(t, story.person)
			c.theme = "dark"
			story.rule["path"], story.rule["times"] = story.path, -1
			if story.name != "forbidden" && story.name != "busy-part" {
				page := c.coldly(at.Dataverse, story.rule)
				c.shown(page, story.selector, story.words...)
				c.sound(page, "page")
				return
			}
			misbehave(t, at.Dataverse, story.rule)
			page := c.tab("dashboard")
			c.filled(page)
			if story.name == "forbidden" {
				page = c.show(page, "Company overview")
			}
			c.shown(page, story.selector, story.words...)
			parts, err := browser.Evaluate[int](page, `document.querySelectorAll("[data-part]:not(:has([data-testid=problem]))").length`)
			c.must(err)
			if parts == 0 && story.name == "forbidden" {
				t.Error("no part stands")
			}
			c.sound(page, "part")
		})
	}
}

// The session ends while the page is open; then a link in a part is pressed. Teams signs the person in again, and what they
// asked for is there.
func TestASessionThatEndsMeanwhile(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.dashboardWith(page, listPart)
	elsewhere, _ := visit(t, "priya@harborfinch.example")
	elsewhere.post("/auth/signout", url.Values{}).wantStatus(http.StatusOK)
	c.must(page.Click(listPart + " th a"))
	c.must(page.Wait(`document.querySelector("th[aria-sort]") && document.readyState === "complete"`, 2*patience))
	c.filled(c.frame())
	c.picture("again")
}

// stripping is a proxy that lets no cookie of ours into a frame, as a browser does that keeps none for other sites.
func stripping(t *testing.T) string {
	forward := &httputil.ReverseProxy{
		Rewrite:       func(*httputil.ProxyRequest) {},
		FlushInterval: -1,
		ModifyResponse: func(r *http.Response) error {
			framed := r.Request.Header.Get("Sec-Fetch-Dest") == "iframe" || r.Request.URL.Path == "/tab/check/browser"
			if framed && at.App == "http://"+r.Request.URL.Host {
				r.Header.Del("Set-Cookie")
			}
			return nil
		},
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect { // the browser's own business
			w.WriteHeader(http.StatusForbidden)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	return strings.TrimPrefix(proxy.URL, "http://")
}

// withoutCookies is Priya's dashboard in a browser that keeps no cookies in frames.
func withoutCookies(t *testing.T) (*client, *browser.Page) {
	t.Helper()
	window, err := chrome.WindowThrough(stripping(t), 1280, 900)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(window.Close)
	c := &client{T: t, window: window, person: "priya@harborfinch.example", theme: "default", size: "desktop", locale: "en-US"}
	page := c.tab("dashboard")
	c.filled(page)
	return c, page
}

// A browser that keeps no cookies in frames still shows the dashboard once, and then says what the matter is, with a link
// that works; it does not sign in again and again.
func TestABrowserThatKeepsNoCookiesInFrames(t *testing.T) {
	c, page := withoutCookies(t)
	c.evaluate(page, `window.before = true; document.querySelector("form[action$=refresh]").requestSubmit()`)
	c.must(page.Wait(`!window.before && document.querySelector("#blocked")`, patience))
	c.shown(page, ".signin", "Cookies are blocked here", "Sign in")
	c.sound(page, "blocked")
	if target, err := browser.Evaluate[string](page, `document.querySelector("#sign-in").target`); err != nil || target != "_blank" {
		t.Errorf("the way on stays in the frame: %q %v", target, err)
	}
}

// Without script nothing in the frame can ask Teams for a token: a sentence and a link say so, and nothing pretends to load.
func TestAFrameWithoutScript(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	c.must(page.WithoutScript())
	_, err := browser.Evaluate[int](page, `fetch("/auth/signout", {method: "POST"}).then(r => r.status)`)
	c.must(err)
	c.evaluate(page, `location.assign("/tab/dashboard")`)
	c.must(page.Wait(`document.querySelector("#token") && document.readyState === "complete"`, patience))
	c.shown(page, "main", "runs no scripts", "Sign in")
	if text := c.visible(page, "[data-skeleton]"); text != "" {
		t.Errorf("something pretends to load: %q", text)
	}
	c.picture("without")
}

// Teams gives no token: a button is there, the popup can be closed, and trying again works.
func TestATokenThatIsNotGiven(t *testing.T) {
	for refusal, person := range map[string]string{"resourceDisabled": "joanna@harborfinch.example", "consent_required": "lucia@harborfinch.example"} {
		t.Run(refusal, func(t *testing.T) {
			c := sitDown(t, person)
			c.install()
			c.open("/app/" + appID + "/dashboard?sso=" + refusal)
			page := c.frame()
			c.shown(page, "#refused", "One more step")
			c.shown(page, "#sign-in", "Sign in")
			c.sound(page, "refused")
			popup := c.popup(func() { c.evaluate(page, `document.querySelector("#sign-in").click()`) })
			c.must(popup.Wait(`location.origin === "`+at.Entra+`"`, patience))
			_, _ = browser.Evaluate[bool](popup, `(setTimeout(() => close()), true)`)
			c.shown(page, "#cancelled", "was not finished", "try again")
			c.sound(page, "cancelled")
			popup = c.popup(func() { c.evaluate(page, `document.querySelector("#sign-in").click()`) })
			for range 6 { // account, then consent, until the popup has closed itself
				if popup.Wait(`location.origin === "`+at.Entra+`" && document.querySelector("form button")`, 2*time.Second) != nil {
					break
				}
				_, _ = browser.Evaluate[bool](popup, pressOn(c.person))
				_ = popup.Wait(`!window.pressed`, 2*time.Second)
			}
			c.filled(c.frame())
		})
	}
}

// Hosts answer initialize in different ways; one that never answers is not waited for beyond reason.
func TestHostsOfManyKinds(t *testing.T) {
	for _, kind := range []string{"swapped", "legacy", "silent"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := sitDown(t, "priya@harborfinch.example")
			c.install()
			c.open("/app/" + appID + "/dashboard?init=" + kind)
			page := c.frame()
			if kind != "silent" {
				c.filled(page)
				return
			}
			c.shown(page, "#outside", "Teams did not answer")
			c.shown(page, "#sign-in", "Sign in")
			c.sound(page, kind)
		})
	}
}

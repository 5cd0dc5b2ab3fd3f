package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// steps are the findings of a check: the verdict of each step, with the sentences.
func (a answer) steps() (verdicts map[string][]string, text string) {
	verdicts = map[string][]string{}
	var all []string
	a.page.Find(`[data-step]`).Each(func(_ int, s *goquery.Selection) {
		step := s.AttrOr("data-step", "")
		verdicts[step] = append(verdicts[step], s.AttrOr("data-verdict", ""))
		all = append(all, strings.Join(strings.Fields(s.Text()), " "))
	})
	return verdicts, strings.Join(all, "\n")
}

// Everything is well: every step is tested and said to be fine, and organizations that are not offered say why.
func TestACheckOfAHealthyConnection(t *testing.T) {
	v, _ := visit(t, "ingrid@harborfinch.example")
	page := v.get("/tab/check")
	page.wantStatus(http.StatusOK)
	verdicts, text := page.steps()
	for step, want := range map[string]string{
		"renewal": "fine", "login-clock": "fine", "discovery": "fine", "dataverse-clock": "fine",
		"answer": "fine fine", "member": "fine fine", "apps": "fine fine", "rights": "fine fine", "search": "fine fine", "offer": "note note note",
	} {
		if got := strings.Join(verdicts[step], " "); got != want && !strings.Contains(text, "but took") && !strings.Contains(text, "but asking took") {
			t.Errorf("%s is %q, want %q", step, got, want)
		}
	}
	for _, want := range []string{"9.2.24054.198", "8.2.25.7", "switched off by an administrator", "still being set up", "There are 2 organizations for you. Not offered: 3.", "Dataverse search is on."} {
		if !strings.Contains(text, want) {
			t.Errorf("nobody says %q in\n%s", want, text)
		}
	}
	page.wantText(`[data-testid="summary"]`, "0 failed")
	german := v.get("/tab/check?locale=de-DE")
	german.wantText("h1", "Verbindungsprüfung")
	if _, text := german.steps(); !strings.Contains(text, "Die Dataverse-Suche ist eingeschaltet.") {
		t.Errorf("in German:\n%s", text)
	}
}

// Each step that fails says so in its own words, with a way on, and never in the upstream's.
func TestACheckNamesWhatFails(t *testing.T) {
	api := "/harbor-sales/api/data/v9.2/"
	for _, c := range []struct {
		what, standIn string
		rule          map[string]any
		step, says    string
		advice        string
	}{
		{"the login service refuses to renew", at.Entra, map[string]any{"path": "/oauth2/v2.0/token", "status": 503}, "renewal", "could not be renewed. It did not answer.", "some minutes"},
		{"the login service is down", at.Entra, map[string]any{"path": "openid-configuration", "status": 503}, "login-clock", "could not be asked for the time", "some minutes"},
		{"discovery is down", at.Dataverse, map[string]any{"path": "/api/discovery", "status": 503}, "discovery", "organizations could not be read. It did not answer.", "some minutes"},
		{"discovery answers nonsense", at.Dataverse, map[string]any{"path": "/api/discovery", "status": 200, "body": "<html>"}, "discovery", "does not understand", "whoever runs Pintab"},
		{"an organization is down", at.Dataverse, map[string]any{"path": api + "RetrieveVersion", "status": 502}, "answer", "did not tell its version. It did not answer.", "some minutes"},
		{"an organization is busy", at.Dataverse, map[string]any{"path": api + "WhoAmI", "status": 429, "retry_after": 1}, "member", "It asks us to wait.", "in a minute"},
		{"somebody is no member", at.Dataverse, map[string]any{"path": api + "WhoAmI", "status": 403, "body": `{"error":{"code":"0x80072560","message":"raw"}}`}, "member", "does not know you", "add you as a user"},
		{"it is switched off meanwhile", at.Dataverse, map[string]any{"path": api + "WhoAmI", "status": 403, "body": `{"error":{"code":"0x8004a104","message":"raw"}}`}, "member", "is switched off", "switched on again"},
		{"apps may not be read", at.Dataverse, map[string]any{"path": api + "appmodules", "status": 403, "body": `{"error":{"code":"0x80040220","message":"raw"}}`}, "apps", "apps could not be read. You may not do that there.", "for this right"},
		{"rights are not told", at.Dataverse, map[string]any{"path": "prvReadQuery", "status": 400, "body": `{"error":{"code":"0x0","message":"raw"}}`}, "rights", "does not tell all of your rights", ""},
		{"a right is missing", at.Dataverse, map[string]any{"path": "prvReadQuery", "status": 200, "body": `{"RolePrivileges":[]}`}, "rights", "You may not read: views.", "to one of your roles"},
		{"rights cannot be read", at.Dataverse, map[string]any{"path": "prvReadQuery", "status": 500}, "rights", "rights could not be read.", "some minutes"},
		{"search is off", at.Dataverse, map[string]any{"path": "isexternalsearchindexenabled", "status": 200, "body": `{"value":[{"isexternalsearchindexenabled":false}]}`}, "search", "Dataverse search is off.", "table by table"},
		{"search is not told", at.Dataverse, map[string]any{"path": "organizations?", "status": 403, "body": `{"error":{"code":"0x80040220","message":"raw"}}`}, "search", "does not tell whether", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			v, _ := visit(t, "priya@harborfinch.example")
			c.rule["times"] = 1000
			misbehave(t, c.standIn, c.rule)
			page := v.get("/tab/check")
			behave(t, c.standIn)
			page.wantStatus(http.StatusOK)
			found := page.page.Find(fmt.Sprintf(`[data-step="%s"]:not([data-verdict="fine"])`, c.step))
			said := strings.Join(strings.Fields(found.Text()), " ")
			if !strings.Contains(said, c.says) || !strings.Contains(said, c.advice) {
				t.Errorf("%s says %q, want %q and %q", c.step, said, c.says, c.advice)
			}
			text := page.text("main")
			for _, raw := range []string{"raw", "0x8", "<html>", "502", "503", "dial tcp", "EOF"} {
				if strings.Contains(strings.ReplaceAll(text, page.text("#report"), ""), raw) {
					t.Errorf("raw error text: %q in %s", raw, text)
				}
			}
			time.Sleep(1100 * time.Millisecond * time.Duration(toInt(c.rule["retry_after"]))) // as long as it asked us to wait
		})
	}
}

func toInt(v any) int { n, _ := v.(int); return n }

// The report has versions, times and requests, and nothing of a token, a person or a record.
func TestTheReportHoldsNoSecret(t *testing.T) {
	v, first := visit(t, "tomas@harborfinch.example")
	page := v.get("/tab/check")
	report := page.page.Find("#report").Text()
	for _, want := range []string{"9.2.24054.198", " ms", "request ", page.header.Get("X-Request-Id"), "UTC"} {
		if want == "" || !strings.Contains(report, want) {
			t.Errorf("no %q in\n%s", want, report)
		}
	}
	canaries := []string{"@", "tomas", "Lindqvist", "eyJ", "Bearer", world.Registration.Secret, world.Registration.ID}
	for _, p := range world.People() {
		canaries = append(canaries, p.ObjectID, p.Name)
	}
	first.page.Find("td a").Each(func(_ int, record *goquery.Selection) {
		if name := strings.TrimSpace(record.Text()); len(name) > 5 {
			canaries = append(canaries, name)
		}
	})
	if len(canaries) < 20 {
		t.Fatal("too few names to look for")
	}
	for _, canary := range canaries {
		if strings.Contains(strings.ToLower(report), strings.ToLower(canary)) {
			t.Errorf("%q is in\n%s", canary, report)
		}
	}
}

// Somebody who is not signed in still learns what their browser can do, and how to sign in.
func TestACheckWithoutASession(t *testing.T) {
	v, _ := visit(t, "lucia@harborfinch.example")
	v.post("/auth/signout", map[string][]string{})
	page := v.get("/tab/check")
	page.wantStatus(http.StatusOK)
	page.wantText(`[data-testid="signed-out"]`, "not signed in")
	if page.page.Find(`a#sign-in[href^="/auth/start"]`).Length() != 1 || page.page.Find("[data-step]").Length() != 0 || page.page.Find("[data-browser]").Length() < 6 {
		t.Errorf("%.600s", page.text("main"))
	}
}

// check opens the connection check in the tab, as its link does.
func (c *client) check() *browser.Page {
	c.Helper()
	page := c.tab("dashboard")
	c.filled(page)
	_, err := browser.Evaluate[bool](page, `(location.assign("/tab/check?theme=`+c.theme+`&locale=`+c.locale+`"), true)`)
	c.must(err)
	page = c.frame()
	c.must(page.Wait(`document.querySelector("#report")?.dataset.whole === "true"`, 30*time.Second))
	return page
}

// In Teams the script of the page tests the rest: frame, host, token, cookie and clock, and the report can be copied.
func TestTheBrowsersOwnSteps(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.check()
	c.picture("whole")
	found, err := browser.Evaluate[string](page, `[...document.querySelectorAll("[data-browser]")].map(e => e.dataset.browser + " " + e.dataset.verdict).join(", ")`)
	c.must(err)
	if want := "script fine, frame fine, host fine, token fine, cookie fine, browser-clock fine"; found != want {
		t.Errorf("%s, want %s", found, want)
	}
	report, err := browser.Evaluate[string](page, `document.querySelector("#report").value`)
	c.must(err)
	if !strings.Contains(report, "answers and uses the theme default") || strings.Contains(report, "eyJ") || strings.Contains(report, "{") {
		t.Errorf("report:\n%s", report)
	}
	c.must(page.Click("#copy"))
	c.must(page.Wait(`document.querySelector("#said").textContent !== ""`, 5*time.Second))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains:\n%s", strings.Join(problems, "\n"))
	}
}

// In a window of its own and signed in nowhere, the page says what it can test there, and complains of nothing.
func TestACheckInABrowsersOwnWindow(t *testing.T) {
	window, err := chrome.Window(1280, 900)
	if err != nil {
		t.Fatal(err)
	}
	defer window.Close()
	c := &client{T: t, window: window}
	c.must(window.Open(at.App + "/tab/check"))
	c.must(window.Wait(`document.querySelector("#report")?.dataset.whole === "true"`, 20*time.Second))
	c.picture("alone")
	found, err := browser.Evaluate[string](&window.Page, `[...document.querySelectorAll("[data-browser]")].map(e => e.dataset.browser + " " + e.dataset.verdict).join(", ")`)
	c.must(err)
	if want := "script fine, frame note, host note, token note, cookie fine, browser-clock fine"; found != want {
		t.Errorf("%s, want %s", found, want)
	}
	c.must(window.Has(`[data-testid="signed-out"] a#sign-in`, time.Second))
	if problems := window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains:\n%s", strings.Join(problems, "\n"))
	}
}

func TestTheCheckIsAccessible(t *testing.T) {
	source, err := os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		for _, size := range []string{"desktop", "phone-320"} {
			c := sitDown(t, "ingrid@harborfinch.example")
			c.theme, c.size = theme, size
			page := c.check()
			_, err = browser.Evaluate[bool](page, `(scrollTo(0, document.querySelector("[data-testid=organizations]").offsetTop - 60), true)`)
			c.must(err)
			c.picture(theme + "-" + size)
			violations, err := page.Axe(string(source))
			c.must(err)
			for _, v := range violations {
				t.Errorf("%s %s: %s: %s\n  %s", theme, size, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
			}
			wide, err := browser.Evaluate[int](page, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
			c.must(err)
			if wide > 0 {
				t.Errorf("%s %s scrolls %d pixels sideways", theme, size, wide)
			}
			c.window.Close()
		}
	}
}

package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// tested waits for the steps of the browser's own and gives each as "verdict: sentence", with the report.
func (c *client) tested(page *browser.Page) (steps map[string]string, report string) {
	c.Helper()
	c.must(page.Wait(`document.querySelector("#report")?.dataset.whole === "true"`, 40*time.Second))
	lines, err := browser.Evaluate[[]string](page, `[...document.querySelectorAll("[data-browser]")].map(e => e.dataset.browser + "|" + e.dataset.verdict + ": " + e.querySelector("[data-text]").textContent)`)
	c.must(err)
	steps = map[string]string{}
	for _, line := range lines {
		name, text, _ := strings.Cut(line, "|")
		steps[name] = text
	}
	report, err = browser.Evaluate[string](page, `document.querySelector("#report").value`)
	c.must(err)
	return steps, report
}

// wantTested compares some of the steps, in words, finds them in the report, and finds nobody and nothing secret there.
func (c *client) wantTested(page *browser.Page, want map[string]string) {
	c.Helper()
	steps, report := c.tested(page)
	for step, text := range want {
		if !strings.HasPrefix(steps[step], text) {
			c.Errorf("%s is %q, want %q", step, steps[step], text)
		}
		_, sentence, _ := strings.Cut(text, ": ")
		if !strings.Contains(report, sentence) {
			c.Errorf("the report does not say %q:\n%s", sentence, report)
		}
	}
	canaries := []string{"eyJ", "Bearer", "{", "@", world.Registration.Secret, world.Registration.ID}
	for _, p := range world.People() {
		canaries = append(canaries, p.Name, p.ObjectID, p.Username)
	}
	for _, canary := range canaries {
		if strings.Contains(report, canary) {
			c.Errorf("%q is in the report:\n%s", canary, report)
		}
	}
}

// goTo leads the frame to the connection check.
func (c *client) goTo(page *browser.Page, path string) {
	c.Helper()
	c.must(page.Wait(`document.readyState === "complete" || document.querySelector("form")`, patience))
	_, err := browser.Evaluate[bool](page, `(location.assign("`+path+`"), true)`)
	c.must(err)
	c.must(page.Wait(`location.pathname === "`+strings.Split(path, "?")[0]+`"`, patience))
}

// A program around the page that is not Teams, or does not answer, is told apart, and nothing waits for it for good.
func TestACheckInAHostThatIsSilent(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	c.install()
	c.open("/app/" + appID + "/dashboard?init=silent")
	page := c.frame()
	c.goTo(page, "/tab/check?theme=default")
	c.wantTested(page, map[string]string{
		"script": "fine: Scripts run here.", "host": "failed: The program around this page does not answer as Teams does.", "cookie": "fine: Cookies of Pintab come back here.",
	})
	c.sound(page, "silent")
}

// Teams refuses the token: that step says so, and the steps beside it are fine.
func TestACheckWhereTeamsGivesNoToken(t *testing.T) {
	c := sitDown(t, "lucia@harborfinch.example")
	c.install()
	c.open("/app/" + appID + "/dashboard?sso=resourceDisabled")
	page := c.frame()
	c.shown(page, "#refused", "One more step")
	c.goTo(page, "/tab/check?theme=default")
	steps, _ := c.tested(page)
	if !strings.HasPrefix(steps["token"], "failed: ") || !strings.HasPrefix(steps["host"], "fine: ") {
		t.Errorf("%q", steps)
	}
	c.wantTested(page, map[string]string{"token": steps["token"], "cookie": "fine: Cookies of Pintab come back here."})
	c.shown(page, "[data-testid=signed-out]", "not signed in")
	c.sound(page, "no-token")
}

// Cookies that do not come back are found by trying, and the page says what to do.
func TestACheckWhereCookiesAreBlocked(t *testing.T) {
	c, page := withoutCookies(t)
	c.goTo(page, "/tab/check?theme=default")
	c.wantTested(page, map[string]string{
		"host": "fine: ", "token": "fine: ", "cookie": "failed: Cookies of Pintab do not come back here, so you cannot stay signed in.", "browser-clock": "fine: ",
	})
	c.shown(page, "[data-browser=cookie]", "Allow cookies for this site")
	c.sound(page, "cookies")
}

// A device whose clock is wrong reads by how much.
func TestACheckOnADeviceWhoseClockIsWrong(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	_, err := chromedp.Call(c.window.Context(), page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `{ const right = Date.now; Date.now = () => right() - 7_200_000 }`,
	})
	c.must(err)
	c.signInHere()
	c.must(c.window.Open(at.App + "/tab/check"))
	c.wantTested(&c.window.Page, map[string]string{"browser-clock": "note: It differs from the clock of Pintab by 7"})
	c.shown(&c.window.Page, "[data-browser=browser-clock]", "Let your device set its clock by itself")
}

// Without script every step of the server is there all the same, and the page says what that means.
func TestACheckWithoutScript(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	c.must(page.WithoutScript())
	c.goTo(page, "/tab/check?theme=default")
	c.must(page.Wait(`document.readyState === "complete" && document.querySelector("#report")`, 30*time.Second))
	c.shown(page, "main", "This browser runs no scripts here")
	waiting, err := browser.Evaluate[int](page, `[...document.querySelectorAll("[data-browser]")].filter(e => e.checkVisibility()).length`)
	c.must(err)
	found, err := browser.Evaluate[int](page, `document.querySelectorAll("[data-step]").length`)
	c.must(err)
	if waiting != 0 || found < 10 {
		t.Errorf("%d steps wait for a script that does not run, %d are there", waiting, found)
	}
	c.picture("without")
}

// One organization hangs and another fails: each says so in its own lines, and what is well is fine.
func TestACheckIsNotHeldByOneOrganization(t *testing.T) {
	v, _ := visit(t, "ingrid@harborfinch.example")
	misbehave(t, at.Dataverse, map[string]any{"path": "/harbor-service/api/data/v9.2/RetrieveVersion", "delay_ms": 60000, "times": 1000})
	page := v.get("/tab/check")
	behave(t, at.Dataverse)
	verdicts, text := page.steps()
	if got := strings.Join(verdicts["answer"], " "); got != "fine failed" && !strings.Contains(text, "but took") {
		t.Errorf("answer is %q:\n%s", got, text)
	}
	if !strings.Contains(text, "did not tell its version") {
		t.Errorf("nobody says what hangs:\n%s", text)
	}
	if got := verdicts["discovery"]; len(got) != 1 || got[0] != "fine" {
		t.Errorf("discovery is %q", got)
	}
	page.wantText(`[data-testid="summary"]`, "failed")
}

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

const (
	salesOrganization   = "Harbor & Finch Sales"
	serviceOrganization = "Harbor & Finch Service"
)

// follow clicks a link of the choices by its name and waits until the page shows it as the one that is looked at.
func (c *client) follow(page *browser.Page, list, name string) {
	c.Helper()
	c.must(page.Has(`[data-testid="choose"]`, patience))
	c.must(page.Wait(`(() => { const a = [...document.querySelectorAll('ul[data-list="`+list+`"] a')].find(a => a.querySelector('.name').innerText.trim() === '`+name+`');
	  if (!a) return false; if (!a.hasAttribute('aria-current')) { a.click(); return false } return true })()`, patience))
}

// place is where My Dashboard says it is.
func (c *client) place() string {
	c.Helper()
	page := c.tab("dashboard")
	c.filled(page)
	text, err := page.Text(".place")
	c.must(err)
	return strings.Join(strings.Fields(text), " ")
}

// A seller switches to another organization: My Dashboard follows, and Undo takes it back.
func TestASellerSwitchesTheOrganization(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	if was := c.place(); !strings.Contains(was, salesOrganization) {
		t.Fatalf("begins in %s", was)
	}
	page := c.tab("settings")
	c.must(page.Has(`[data-testid="choose"]`, patience))
	_, err := browser.Evaluate[int](page, `window.stayed = 1`)
	c.must(err)
	c.follow(page, "organizations", serviceOrganization)
	c.follow(page, "apps", "Field Service")
	still, err := browser.Evaluate[bool](page, `window.stayed === 1 && document.activeElement.matches('#choose a[aria-current]')`)
	c.must(err)
	if !still {
		t.Error("looking loaded the whole page, or lost the focus")
	}
	c.picture("looking")
	c.must(page.Click(`[data-testid="save"]`))
	page = c.frame()
	c.must(page.Has(`[data-testid="saved"]`, patience))
	c.picture("saved")
	said, err := page.Text(`[data-testid="saved"] p`)
	c.must(err)
	if want := "Saved. My Dashboard now opens Field Service in " + serviceOrganization + "."; said != want {
		t.Errorf("says %q", said)
	}
	saved, err := browser.Evaluate[string](page, `location.pathname + location.search`)
	c.must(err)
	if now := c.place(); !strings.Contains(now, serviceOrganization) || !strings.Contains(now, "Field Service") {
		t.Errorf("My Dashboard is in %s", now)
	}

	page = c.tab("settings")
	_, err = browser.Evaluate[bool](page, `(location.assign('`+saved+`'), true)`)
	c.must(err)
	c.must(page.Has(`[data-testid="saved"] form`, patience))
	c.must(page.Click(`[data-testid="saved"] form button`))
	page = c.frame()
	c.must(page.Wait(`document.querySelector('[data-testid="saved"]')?.innerText.includes('Taken back')`, patience))
	if now := c.place(); !strings.Contains(now, salesOrganization) {
		t.Errorf("after Undo in %s", now)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// choice finds the address of an organization or an app among the choices.
func (a answer) choice(list, name string) string {
	a.Helper()
	for _, link := range a.page.Find(`ul[data-list="` + list + `"] a`).EachIter() {
		if strings.TrimSpace(link.Find(".name").Text()) == name {
			return link.AttrOr("href", "")
		}
	}
	a.Fatalf("no %q among the %s", name, list)
	return ""
}

// choose goes the way of somebody whose browser runs no scripts; undo takes the choice back.
func (v *visitor) choose(organization, app string) (undo func()) {
	v.Helper()
	page := v.get(v.get("/tab/settings").choice("organizations", organization))
	page = v.get(page.choice("apps", app))
	send := func(form string) answer {
		fields := url.Values{}
		for _, input := range page.page.Find(form + " input").EachIter() {
			fields.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
		}
		answer := v.post(page.page.Find(form).AttrOr("action", ""), fields)
		answer.wantStatus(http.StatusSeeOther)
		return v.get(answer.header.Get("Location"))
	}
	page = send("form.save")
	page.wantText(`[data-testid="saved"]`, "Saved. My Dashboard now opens "+app+" in "+organization)
	return func() { send(`[data-testid="saved"] form`).wantText(`[data-testid="saved"]`, "Taken back") }
}

// The licence for a remembered app ends: both pages say so by name and rule, and My Dashboard opens what is left.
func TestTheRememberedAppLosesItsLicence(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	defer v.choose(salesOrganization, "Sales Hub")()
	refresh := func() {
		v.post("/tab/dashboard/refresh", url.Values{}).wantStatus(http.StatusSeeOther)
	}
	misbehave(t, at.Dataverse, map[string]any{
		"path": "RetrieveUserLicenseInfo", "status": 200, "times": 1000,
		"body": `{"LicenseInfo":{"ServicePlans":[{"Id":"00000000-0000-0000-0000-000000000000","Name":"DYN365_SALES_INSIGHTS"}]}}`,
	})
	refresh()
	for _, path := range []string{"/tab/dashboard", "/tab/settings"} {
		page := v.get(path)
		page.wantStatus(http.StatusOK)
		page.wantText(`[data-testid="lost"]`, "You had chosen the app Sales Hub")
		page.wantText(`[data-testid="lost"]`, "You have no licence for it.")
		page.wantText(`[data-testid="lost"]`, "My Dashboard opens Sales Insights in "+salesOrganization)
	}
	v.get("/tab/dashboard").wantText(".place", "Sales Insights")
	behave(t, at.Dataverse)
	refresh()
	page := v.get("/tab/dashboard")
	page.wantText(".place", "Sales Hub")
	if page.page.Find(`[data-testid="lost"]`).Length() != 0 {
		t.Error("still said to be lost")
	}
}

// One organization wants a second factor: it has its own line with the way on, through the window that signs in, and the others
// stay to be chosen meanwhile.
func TestOneOrganizationWantsASecondFactor(t *testing.T) {
	moveTo(t)
	c := sitDown(t, "tomas@harborfinch.example")
	text := fmt.Sprintf(`{"username":%q,"kind":"mfa","resource":"%s/harbor-service"}`, c.person, at.Dataverse)
	reply, err := http.Post(at.Entra+"/_sandbox/require", "application/json", strings.NewReader(text))
	c.must(err)
	c.must(reply.Body.Close())
	if reply.StatusCode != http.StatusOK {
		t.Fatal(reply.Status)
	}
	page := c.tab("settings")
	c.must(page.Has(`[data-testid="choose"] li[data-reason="sign-in"] a`, patience))
	c.evaluate(page, `document.querySelectorAll("details").forEach(d => d.open = true)`)
	c.shown(page, `li[data-reason='sign-in']`, serviceOrganization, "sign in")
	c.shown(page, `[data-testid='apps']`, "Sales Hub")
	c.evaluate(page, `const link = document.querySelector('li[data-reason="sign-in"] a'); link.closest('details').open = true; link.click()`)
	page = c.frame()
	c.must(page.Has(`[data-testid="apps"] [data-testid="problem"] #sign-in`, patience))
	c.must(page.Wait(`document.readyState === "complete" && !document.querySelector("#sign-in").target`, patience))
	c.picture("asked")
	popup := c.popup(func() { c.must(page.Click("#sign-in")) })
	for range 6 { // account, then the second factor, until the window has closed itself
		if _, err := browser.Evaluate[bool](popup, pressOn(c.person)); err != nil {
			break
		}
		_ = popup.Wait(`!window.pressed`, 3*time.Second) // false from the next page on; an error once it has closed
	}
	c.must(c.window.Wait(`true`, patience))
	page = c.frame()
	c.must(page.Wait(`document.querySelector('[data-testid="apps"] ul[data-list="apps"]')?.innerText.includes("Field Service")`, patience))
	c.picture("signed-in")
	still, err := browser.Evaluate[int](page, `document.querySelectorAll('li[data-reason="sign-in"]').length`)
	c.must(err)
	if still != 0 {
		t.Error("it still wants a sign-in")
	}
}

// Every rule by which something is not listed is said in words, with what to do about it.
func TestWhyIsItNotHere(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	page := v.get("/tab/settings")
	page.wantText(`[data-testid="organizations"]`, "2 organizations, 3 not shown")
	for reason, words := range map[string]string{
		"version": "It has version 8.2.25.7; Pintab needs 9.0 or later.", "disabled": "It is switched off by an administrator.", "provisioning": "It is still being set up.",
		"classic": "It is a classic app without the Unified Interface.", "role": "None of your roles opens it.", "licence": "You have no licence for it.", "inactive": "It is switched off or not published.",
	} {
		page.wantText(`[data-testid="missing"] li[data-reason="`+reason+`"] strong + span`, words)
		if page.text(`li[data-reason="`+reason+`"] .quiet`) == "" {
			t.Errorf("%s: nothing to do about it", reason)
		}
	}
	german := v.get("/tab/settings?locale=de-DE")
	german.wantText(`[data-testid="organizations"]`, "2 Organisationen, 3 nicht gezeigt")
	german.wantText(`li[data-reason="licence"]`, "Bitten Sie Ihre Administration um eine Lizenz.")
}

// Discovery is down: Settings says so with a way to try again, and shows no empty list.
func TestSettingsWhenDiscoveryIsDown(t *testing.T) {
	v, _ := visit(t, "joanna@harborfinch.example")
	misbehave(t, at.Dataverse, map[string]any{"path": "/api/discovery", "status": 503, "times": 1000})
	v.post("/tab/dashboard/refresh", url.Values{})
	page := v.get("/tab/settings?theme=dark")
	page.wantStatus(http.StatusServiceUnavailable)
	if page.page.Find(`[data-testid="state"]`).Length() != 1 || page.page.Find(`[data-testid="organizations"]`).Length() != 0 {
		t.Errorf("shows %s", page.text("main"))
	}
	if to := page.page.Find(`[data-testid="state"] a.primary`).AttrOr("href", ""); to != "/tab/settings?theme=dark" {
		t.Errorf("try again leads to %q", to)
	}
	behave(t, at.Dataverse)
	v.get("/tab/settings").wantText(`[data-testid="nothing-to-choose"]`, "Sales Hub")
}

// Nothing that axe-core knows of is wrong, nothing is too wide and the console is silent, in any theme, width and language.
func TestSettingsAreAccessible(t *testing.T) {
	source, err := os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		for _, size := range []string{"full", "phone-320"} {
			c := sitDown(t, "tomas@harborfinch.example")
			c.theme, c.size = theme, size
			if size != "full" {
				c.locale = "de-DE"
			}
			page := c.tab("settings")
			c.must(page.Has(`[data-testid="choose"]`, patience))
			c.must(page.Wait(`document.readyState === 'complete'`, patience))
			c.picture(theme + "-" + size)
			_, err := browser.Evaluate[bool](page, `(document.querySelectorAll('details').forEach(d => d.open = true), true)`)
			c.must(err)
			violations, err := page.Axe(string(source))
			c.must(err)
			for _, v := range violations {
				t.Errorf("%s %s: %s: %s\n  %s", theme, size, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
			}
			over, err := browser.Evaluate[int](page, `document.scrollingElement.scrollWidth - innerWidth`)
			c.must(err)
			if over > 0 {
				t.Errorf("%s %s: %d px too wide", theme, size, over)
			}
			_, err = browser.Evaluate[bool](page, `(document.querySelector('details').scrollIntoView(), true)`)
			c.must(err)
			c.picture(theme + "-" + size + "-why")
			if problems := c.window.Problems(); len(problems) > 0 {
				t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
			}
			c.window.Close()
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// fifty are as many organizations: the sandbox's two among others of which none answers.
func fifty() []instance {
	all := []instance{instanceOf("harbor-sales", nil), instanceOf("harbor-service", nil)}
	for i := range 48 {
		name := fmt.Sprintf("branch-%02d", i)
		all = append(all, instanceOf("harbor-sales", instance{
			"Id": fmt.Sprintf("0c000000-0000-4000-8000-0000000001%02d", i), "UniqueName": name, "FriendlyName": fmt.Sprintf("Branch %02d", i),
			"Url": at.Dataverse + "/" + name + "/", "ApiUrl": at.Dataverse + "/" + name,
		}))
	}
	return all
}

// enter types text where the focus is.
func (c *client) enter(page *browser.Page, text string) {
	c.Helper()
	if _, err := chromedp.Call(page.Context(), input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		c.Fatal(err)
	}
}

// tabTo presses Tab until the focus is on an element that matches.
func (c *client) tabTo(page *browser.Page, selector string) {
	c.Helper()
	for range 80 {
		at, err := browser.Evaluate[bool](page, `!!document.activeElement?.matches(`+"`"+selector+"`"+`)`)
		c.must(err)
		if at {
			return
		}
		c.press(page, "Tab", false)
	}
	c.Fatalf("the Tab key does not reach %s", selector)
}

// With fifty organizations somebody without a mouse types part of a name, chooses organization, app and dashboard, saves and
// takes it back.
func TestChoosingAmongFiftyByKeyboard(t *testing.T) {
	moveTo(t)
	c := sitDown(t, "tomas@harborfinch.example")
	discover(t, fifty()...)
	page := c.tab("settings")
	c.must(page.Has(`input[data-filter]`, patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	count, err := browser.Evaluate[int](page, `document.querySelectorAll('ul[data-list="organizations"] > li').length`)
	c.must(err)
	if count != 50 {
		t.Fatalf("%d organizations", count)
	}
	c.evaluate(page, `window.stayed = 1; window.focus(); document.querySelector("input[data-filter]").focus()`)
	c.must(page.Wait(`document.hasFocus() && document.activeElement.matches("input[data-filter]")`, patience))
	c.enter(page, "finch serv")
	c.must(page.Wait(`[...document.querySelectorAll('ul[data-list="organizations"] > li')].filter(l => !l.hidden && !l.querySelector("[aria-current]")).length === 1`, patience))
	said, err := page.Text("[data-found]")
	c.must(err)
	if !strings.Contains(said, "1 / 50") {
		t.Errorf("what is found is said as %q", said)
	}
	c.picture("typed")
	c.tabTo(page, `ul[data-list="organizations"] a[href*="harbor-service"]`)
	c.press(page, "Enter", false)
	c.must(page.Wait(`document.activeElement?.matches('a[aria-current][href*="harbor-service"]')`, patience))
	c.tabTo(page, `ul[data-list="apps"] a:not([aria-current])`)
	wanted, err := browser.Evaluate[string](page, `document.activeElement.querySelector(".name").innerText.trim()`)
	c.must(err)
	c.press(page, "Enter", false)
	c.must(page.Wait(`document.activeElement?.matches('ul[data-list="apps"] a[aria-current]') && document.activeElement.innerText.includes("`+wanted+`")`, patience))
	if stayed, err := browser.Evaluate[int](page, `window.stayed ?? 0`); err != nil || stayed != 1 {
		t.Errorf("looking loaded the whole page: %v", err)
	}
	if several, _ := browser.Evaluate[bool](page, `!!document.querySelector('select[name="dashboard"]')`); several {
		c.tabTo(page, `select[name="dashboard"]`)
		c.press(page, "ArrowDown", false)
	}
	c.tabTo(page, `[data-testid="save"]`)
	c.press(page, "Enter", false)
	page = c.frame()
	c.must(page.Has(`[data-testid="saved"] form button`, patience))
	c.shown(page, "[data-testid=saved]", "Saved", wanted, serviceOrganization)
	c.picture("saved")
	c.tabTo(page, `[data-testid="saved"] form button`)
	c.press(page, "Enter", false)
	c.must(page.Wait(`document.querySelector('[data-testid="saved"]')?.innerText.includes("Taken back")`, patience))
	c.shown(c.frame(), "[data-testid=saved]", salesOrganization)
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// Of fifty organizations only the one that is looked at is asked: another that hangs holds nobody up.
func TestAmongFiftyOneThatHangsHoldsNobodyUp(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	discover(t, fifty()...)
	v.post("/tab/dashboard/refresh", url.Values{})
	// Everything but the organizations that exist hangs for longer than any page waits; that one is asked would be seen.
	misbehave(t, at.Dataverse, map[string]any{"path": "/branch-", "delay_ms": 60000, "times": 1000})
	page := v.get("/tab/settings?org=" + url.QueryEscape(at.Dataverse+"/harbor-service"))
	page.wantStatus(http.StatusOK)
	page.wantText(`[data-testid="apps"]`, "Field Service")
	page.wantText(`[data-testid="organizations"]`, "50 organizations")
	if left := remaining(t, "/branch-"); left != 1000 {
		t.Errorf("%d questions went to organizations that nobody looks at", 1000-left)
	}
}

// remaining is how often a stand-in's rule for a path is still to be carried out.
func remaining(t *testing.T, path string) int {
	t.Helper()
	reply, err := http.Get(at.Dataverse + "/_sandbox/faults")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var armed struct {
		Faults []struct {
			Path  string
			Times int
		}
	}
	if err := json.NewDecoder(reply.Body).Decode(&armed); err != nil {
		t.Fatal(err)
	}
	for _, r := range armed.Faults {
		if r.Path == path {
			return r.Times
		}
	}
	return -1
}

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// require makes Entra ID want somebody in person, once.
func require(t *testing.T, person, kind string) {
	t.Helper()
	text, err := json.Marshal(map[string]string{"username": person, "kind": kind})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.Post(at.Entra+"/_sandbox/require", "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode >= 300 {
		t.Fatalf("refused: %d", reply.StatusCode)
	}
}

// pressOn presses what a person would on a page of the Entra stand-in: their account, else Accept or Approve.
func pressOn(person string) string {
	return `((window.pressed = true, [...document.querySelectorAll('button.account')].find(b => b.innerText.includes("` + person + `")) || document.querySelector('button.primary'))?.click(), true)`
}

// popup gives the window that a click opens.
func (c *client) popup(click func()) *browser.Page {
	c.Helper()
	opened := chromedp.WaitNewTarget(c.window.Context(), func(i *target.Info) bool { return i.Type == "page" })
	click()
	select {
	case id := <-opened:
		page, err := c.window.Attach(id)
		c.must(err)
		return page
	case <-time.After(patience):
		c.picture("no-popup")
		c.Fatal("no window was opened")
		return nil
	}
}

// Entra ID wants a second factor: one click, a popup, and the dashboard is there, without a cookie from the popup.
func TestASecondFactorIsAskedForInAPopup(t *testing.T) {
	for _, kind := range []string{"mfa", "consent"} {
		c := sitDown(t, "joanna@harborfinch.example")
		c.install()
		require(t, c.person, kind)
		page := c.tab("dashboard")
		c.must(page.Has("a[href*='/auth/start']", patience))
		c.must(page.Wait(`[...document.querySelectorAll("a[href*='/auth/start']")].some(a => a.checkVisibility())`, patience))
		c.picture(kind + "-asked")
		popup := c.popup(func() {
			_, err := browser.Evaluate[bool](page, `[...document.querySelectorAll("a[href*='/auth/start']")].find(a => a.checkVisibility()).click(), true`)
			c.must(err)
		})
		c.must(popup.Wait(`location.origin === "`+at.Entra+`" && document.querySelector('form button')`, patience))
		if offered, _ := popup.Text("button.account"); !strings.Contains(offered, c.person) {
			t.Errorf("%s: the person who sits here is not offered first: %q", kind, offered)
		}
		for range 6 { // account, then the second factor or consent, until the popup has closed itself
			if _, err := browser.Evaluate[bool](popup, pressOn(c.person)); err != nil {
				break
			}
			_ = popup.Wait(`!window.pressed`, 3*time.Second) // false from the next page on; an error once the popup has closed
		}
		page = c.frame()
		c.filled(page)
		c.window.Close()
		_, again := visit(t, c.person)
		if again.page.Find(`[data-testid="board"]`).Length() != 1 {
			t.Errorf("%s: it was somebody else who signed in", kind)
		}
	}
}

// In an ordinary browser the same address signs in through Entra ID's own page and comes back.
func TestAnOrdinaryBrowserSignsIn(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	c.must(c.window.Open(at.App + "/tab/dashboard"))
	c.must(c.window.Wait(`location.origin === "`+at.Entra+`"`, patience))
	c.picture("entra")
	c.must(c.window.Has("button.account", patience))
	_, err := browser.Evaluate[bool](&c.window.Page, pressOn(c.person))
	c.must(err)
	c.must(c.window.Wait(`location.href.startsWith("`+at.App+`/tab/dashboard")`, patience))
	c.filled(&c.window.Page)
	c.picture("dashboard")
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// Without script there is still the whole dashboard once a session exists, and a way to get one.
func TestWithoutScript(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	c.must(c.window.Open(at.App + "/tab/dashboard"))
	c.must(c.window.Wait(`location.origin === "`+at.Entra+`"`, patience))
	c.must(c.window.Has("button.account", patience))
	_, err := browser.Evaluate[bool](&c.window.Page, pressOn(c.person))
	c.must(err)
	c.must(c.window.Wait(`location.href.startsWith("`+at.App+`/tab/dashboard")`, patience))
	c.filled(&c.window.Page)
	c.must(c.window.WithoutScript())
	c.must(c.window.Open(at.App + "/tab/dashboard"))
	parts, err := browser.Evaluate[int](&c.window.Page, `document.querySelectorAll('main [data-testid="part"]').length`)
	c.must(err)
	slotted, err := browser.Evaluate[int](&c.window.Page, `[...document.querySelectorAll('[data-testid="part"]')].filter(p => p.assignedSlot).length`)
	c.must(err)
	if parts == 0 || slotted != parts {
		t.Errorf("%d parts, %d of them in their place", parts, slotted)
	}
	c.picture("without")
}

package main

import (
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// In the chat itself: Sign in opens a window, which goes by itself, and Next leads to the end of the set-up.
func TestSettingUpInTheChat(t *testing.T) {
	c := sitDown(t, "joanna@harborfinch.example")
	c.install()
	c.must(c.window.Open(at.Teams + "/app/" + appID + "/conversations?person=" + c.person))
	button := func(label string) string {
		return `[...document.querySelectorAll("button")].findLast(b => b.innerText.trim() === "` + label + `" && b.checkVisibility())`
	}
	press := func(label string) {
		t.Helper()
		if err := c.window.Wait(button(label), patience); err != nil {
			c.picture("no-" + label)
			t.Fatal(label, err)
		}
		_, err := browser.Evaluate[bool](&c.window.Page, button(label)+`.click(), true`)
		c.must(err)
	}
	c.must(c.window.Wait(button("Sign in"), patience))
	c.picture("welcome")
	popup := c.popup(func() { press("Sign in") })
	c.must(popup.Wait(`location.origin === "`+at.Entra+`" && document.querySelector('form button')`, patience))
	for range 6 {
		if _, err := browser.Evaluate[bool](popup, pressOn(c.person)); err != nil {
			break
		}
		_ = popup.Wait(`!window.pressed`, 3*time.Second)
	}
	c.must(c.window.Wait(button("Next"), patience))
	c.picture("organization")
	press("Next")
	c.must(c.window.Wait(button("What Pintab holds about you"), patience))
	c.picture("ready")
	press("What Pintab holds about you")
	c.must(c.window.Wait(`document.body.innerText.includes("Sign-in to the bot")`, patience))
	c.picture("held")
}

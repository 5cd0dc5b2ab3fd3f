package main

import (
	"fmt"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// addToTeam puts Pintab into a team, unless an earlier story did.
func (c *client) addToTeam(name string) {
	c.Helper()
	c.open("/store/" + appID)
	_, err := browser.Evaluate[bool](&c.window.Page, fmt.Sprintf(`(() => {
		const option = [...document.querySelectorAll("select[name=for] option")].find((o) => o.textContent === %q);
		if (!option) return false;
		option.selected = true;
		option.closest("form").requestSubmit();
		return true;
	})()`, name))
	c.must(err)
	c.must(c.window.Wait(fmt.Sprintf(`[...document.querySelectorAll("[data-testid=add-to-a-team] .features strong")].some((s) => s.textContent === %q)`, name), patience))
}

// here is the path that the window shows.
func (c *client) here() string {
	c.Helper()
	path, err := browser.Evaluate[string](&c.window.Page, "location.pathname")
	c.must(err)
	return path
}

// frameAt is the frame whose address begins with a path of ours.
func (c *client) frameAt(path string) *browser.Page {
	c.Helper()
	page, err := c.window.Frame(at.App+path, patience)
	if err != nil {
		c.picture("no-frame")
		c.Fatalf("no frame at %s: %v", strings.TrimPrefix(path, at.App), err)
	}
	return page
}

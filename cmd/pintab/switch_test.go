package main

import (
	"strings"
	"testing"
)

// Somebody else signs in to Teams in the same browser: they see their own dashboard, never that of whoever sat there before.
func TestAnotherPersonInTheSameBrowser(t *testing.T) {
	c := sitDown(t, "ingrid@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	c.person = "lucia@harborfinch.example"
	page = c.tab("dashboard")
	c.filled(page)
	place, err := page.Text(".place")
	c.must(err)
	if !strings.Contains(place, "Harbor & Finch Service") || strings.Contains(place, "Sales") {
		t.Errorf("Lucía sees what Ingrid saw: %s", place)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

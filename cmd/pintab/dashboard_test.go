package main

import (
	"os"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// A seller opens the tab in Teams: nothing is asked, and their own dashboard is there.
func TestASellerSeesTheirDashboardWithoutSigningIn(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	c.picture("first")
	parts, err := browser.Evaluate[int](page, `document.querySelectorAll('[data-testid="part"]').length`)
	c.must(err)
	if parts < 4 {
		t.Errorf("%d parts", parts)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains:\n%s", strings.Join(problems, "\n"))
	}
}

// Nothing that axe-core knows of is wrong, in any theme and width.
func TestTheDashboardIsAccessible(t *testing.T) {
	source, err := os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		for _, size := range []string{"desktop", "phone-320"} {
			c := sitDown(t, "priya@harborfinch.example")
			c.theme, c.size = theme, size
			page := c.tab("dashboard")
			c.filled(page)
			c.picture(theme + "-" + size)
			violations, err := page.Axe(string(source))
			c.must(err)
			for _, v := range violations {
				t.Errorf("%s %s: %s: %s\n  %s", theme, size, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
			}
			c.window.Close()
		}
	}
}

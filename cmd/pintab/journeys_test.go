package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Somebody finds in Settings what is held of them, takes it along, and deletes it, all with a mouse in Teams; the next look is a
// new person's.
func TestFromSettingsToTheReceipt(t *testing.T) {
	town := moveTo(t)
	c := sitDown(t, "joanna@harborfinch.example")
	page := c.tab("settings")
	c.must(page.Has(`.elsewhere a[href^="/tab/privacy"]`, patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	c.must(page.Click(`.elsewhere a[href^="/tab/privacy"]`))
	c.must(page.Wait(`location.pathname === "/tab/privacy" && document.readyState === "complete"`, patience))
	c.shown(page, "[data-testid=held]", "Sessions", "kept, not shown")
	file, err := browser.Evaluate[string](page, `fetch(document.querySelector("a[download]").href).then(r => r.text())`)
	c.must(err)
	if me := somebodyNamed(t, c.person); !bytes.Contains([]byte(file), []byte(me.ObjectID)) || bytes.Contains([]byte(file), []byte("eyJ")) {
		t.Errorf("the file is %.300s", file)
	}
	c.must(page.Click(`a[href^="/tab/privacy/erase"]`))
	c.must(page.Wait(`location.pathname === "/tab/privacy/erase" && document.readyState === "complete"`, patience))
	c.shown(page, "main", "Delete everything about you?", "It cannot be brought back")
	c.must(page.Click(`form[action="/tab/privacy/erase"] button`))
	page = c.frame()
	c.must(page.Has(`[data-testid="receipt"]`, patience))
	c.shown(page, "[data-testid=receipt]", "Deleted, and all your sessions ended", "What remains, and why")
	if said := c.visible(page, "[data-testid=receipt]"); strings.Count(said, "UTC") != 2 || !strings.Contains(said, "ended: ") {
		t.Errorf("the receipt has no day and time that hold everywhere: %q", said)
	}
	c.sound(page, "receipt")
	me := somebodyNamed(t, c.person)
	if left := town.found(me.ObjectID, me.Name, me.Username); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %q", problems)
	}
}

// Signing out in one client ends the other's session too; both say so and neither goes on.
func TestSigningOutEverywhereFromSettings(t *testing.T) {
	c := sitDown(t, "joanna@harborfinch.example")
	other, _ := visit(t, c.person)
	page := c.tab("settings")
	c.must(page.Has(`[data-testid="sign-out"]`, patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	c.must(page.Click(`[data-testid="sign-out"]`))
	page = c.frame()
	c.shown(page, "main", "You have signed out")
	c.sound(page, "signed-out")
	if said := other.get("/tab/privacy/export"); said.status != 303 {
		t.Errorf("the other client is still signed in: %d", said.status)
	}
}

// In Teams the people of a tenant that is switched off read so, with whom to ask, in any theme.
func TestTheTabOfATenantThatIsSwitchedOff(t *testing.T) {
	town := moveTo(t)
	var out bytes.Buffer
	if err := (tenantStopCommand{company{world.Second.ID}}).run(t.Context(), town.config.DatabaseURL, &out); err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		c := sitDown(t, jakub)
		c.theme, c.size = theme, "phone-320"
		page := c.tab("dashboard")
		c.must(page.Has(`[data-failed="stopped"]`, patience))
		c.shown(page, "main", "Pintab is switched off for your company", "They can tell you why")
		c.sound(page, theme)
		c.window.Close()
	}
}

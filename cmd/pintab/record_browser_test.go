package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// opened goes to a record in Teams and waits until it is there.
func (c *client) opened(path string) *browser.Page {
	c.Helper()
	page := c.tab("dashboard")
	c.filled(page)
	c.evaluate(page, "location.assign("+strconv.Quote(path+"&theme="+c.theme)+")")
	c.must(page.Wait(`location.pathname === "/tab/record" && document.querySelector("article[data-record]")`, 2*patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	return page
}

// Nothing that axe-core knows of is wrong with a record, in any theme and width, and nothing is wider than a phone.
func TestARecordIsAccessible(t *testing.T) {
	path := opportunity(t)
	for _, theme := range []string{"default", "dark", "contrast"} {
		for _, size := range []string{"full", "phone-320"} {
			c := sitDown(t, "tomas@harborfinch.example")
			c.theme, c.size = theme, size
			if size == "phone-320" {
				c.must(c.window.Resize(400, 1800))
			} else {
				c.must(c.window.Resize(1280, 1500))
			}
			page := c.opened(path)
			c.picture(theme + "-" + size)
			c.must(page.Click("[data-key=edit]"))
			c.must(page.Has("article.editing", patience))
			c.picture(theme + "-" + size + "-edit")
			if wide, err := browser.Evaluate[bool](page, `document.documentElement.scrollWidth > innerWidth`); err != nil || wide {
				t.Errorf("%s: the page is wider than the screen: %v", size, err)
			}
			if problems := c.window.Problems(); len(problems) > 0 {
				t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
			}
			c.sound(page, theme+"-"+size+"-edit-axe")
			c.must(page.Click("[data-cancel]"))
			c.must(page.Wait(`!document.querySelector("article.editing")`, patience))
			c.sound(page, theme+"-"+size+"-axe")
			c.window.Close()
		}
	}
}

// A field opens where it stands, Escape gives it up, Ctrl+S saves it, and the receipt takes it back.
func TestAFieldIsChangedWhereItStands(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.opened(opportunity(t))
	name, err := page.Text(".record h1")
	c.must(err)
	pencil := `.sheet [data-column="name"] a.pencil`
	c.must(page.Click(pencil))
	c.must(page.Wait(`document.activeElement?.name === "name" && document.activeElement.value === `+strconv.Quote(name), patience))
	c.press(page, "Escape", false)
	c.must(page.Wait(`!document.querySelector('.sheet [name="name"]') && !document.querySelector(".savebar") && document.activeElement.matches(".pencil")`, patience))

	c.must(page.Click(pencil))
	c.must(page.Type(`#f-name`, name+" by hand"))
	c.picture("typing")
	c.evaluate(page, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true, cancelable: true}))`)
	c.must(page.Has("[data-testid=receipt]", patience))
	if now, _ := page.Text(".record h1"); now != name+" by hand" {
		t.Errorf("%q is now %q", name, now)
	}
	c.picture("saved")
	c.must(page.Click("[data-key=undo]"))
	c.must(page.Wait(`document.querySelector("[data-testid=receipt]")?.textContent.includes("Taken back")`, patience))
	if now, _ := page.Text(".record h1"); now != name {
		t.Errorf("after undo it is %q", now)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// Leaving what has been typed is asked about first, and a lookup suggests while one types.
func TestLeavingWhatIsTypedIsAskedAbout(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.opened(opportunity(t))
	c.must(page.Click(`.sheet [data-column="parentaccountid"] a.pencil`))
	c.must(page.Has(`[data-column="parentaccountid"] .token button`, patience))
	c.must(page.Click(`[data-column="parentaccountid"] .token button`))
	c.must(page.Type(`[data-column="parentaccountid"] [role=combobox]`, "Contoso"))
	c.must(page.Has(`[role=listbox]:not([hidden]) [role=option]`, patience))
	c.picture("suggested")
	c.evaluate(page, `for (const key of ["ArrowDown", "Enter"]) document.querySelector('[data-column="parentaccountid"] [role=combobox]').dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}))`)
	c.must(page.Wait(`document.querySelector('[data-column="parentaccountid"] .token bdi')?.textContent.includes("Contoso") && [...document.querySelectorAll('[data-column="parentaccountid"] input[name]')].at(-1).value.startsWith("account:")`, patience))

	c.must(page.Click(`.sheet [data-column="name"] a.pencil`))
	c.must(page.Type("#f-name", "Not to be saved"))
	c.must(page.Click("nav.crumbs a"))
	c.must(page.Wait(`document.querySelector("dialog[open]")?.textContent.includes("not saved")`, patience))
	c.picture("asked")
	c.must(page.Click("dialog [data-answer=no]"))
	c.must(page.Wait(`!document.querySelector("dialog") && location.pathname === "/tab/record" && document.querySelector(".savebar")`, patience))
	c.must(page.Click("nav.crumbs a"))
	c.must(page.Click("dialog [data-answer=yes]"))
	c.must(page.Wait(`location.pathname === "/tab/view"`, patience))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// A small form over the page answers with the whole record anew, so what is typed beneath is asked about before it opens.
func TestASmallFormDoesNotCostWhatIsTypedBeneath(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.opened(opportunity(t))
	c.must(page.Click(`.sheet [data-column="name"] a.pencil`))
	c.must(page.Type(`#f-name`, " not saved yet"))
	c.must(page.Click(`a[data-dialog][data-key="add-note"]`))
	c.must(page.Has(`dialog[open] #asked`, patience))
	c.must(page.Click(`dialog [data-answer=no]`))
	c.must(page.Wait(`!document.querySelector("dialog") && document.querySelector('.sheet [name="name"]').value.endsWith(" not saved yet")`, patience))

	c.must(page.Click(`a[data-dialog][data-key="add-note"]`))
	c.must(page.Click(`dialog [data-answer=yes]`))
	c.must(page.Wait(`document.querySelector("dialog[open] textarea") && !document.querySelector('.sheet [name="name"]')`, patience))
}

// A session that ends while somebody types is renewed by Teams, and what they typed is saved.
func TestASessionThatEndsWhileTypingIsRenewed(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.opened(opportunity(t))
	name, err := page.Text(".record h1")
	c.must(err)
	c.must(page.Click(`.sheet [data-column="name"] a.pencil`))
	c.must(page.Type("#f-name", name+" late"))
	c.evaluate(page, `window.out = fetch("/auth/signout", {method: "POST", body: new URLSearchParams()}).then(() => { window.signedOut = true })`)
	c.must(page.Wait(`window.signedOut`, patience))
	c.must(page.Click(".savebar button"))
	c.must(page.Wait(`document.querySelector("[data-testid=receipt], #told")`, 2*patience))
	if now, _ := page.Text(".record h1"); now != name+" late" {
		told, _ := page.Text("#told")
		t.Errorf("it is %q: %s", now, told)
	} else {
		c.must(page.Click("[data-key=undo]"))
		c.must(page.Wait(`document.querySelector("[data-testid=receipt]")?.textContent.includes("Taken back")`, patience))
	}
}

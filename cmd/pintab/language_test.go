package main

import (
	"os"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// language is what a page says of its own language and direction.
func (c *client) language(page *browser.Page) string {
	c.Helper()
	said, err := browser.Evaluate[string](page, `document.documentElement.lang + ' ' + document.documentElement.dir`)
	c.must(err)
	return said
}

// settled is a tab that has all it is going to have.
func (c *client) settled(entity string) *browser.Page {
	c.Helper()
	page := c.tab(entity)
	if entity == "dashboard" {
		c.filled(page)
		return page
	}
	c.must(page.Has(`[data-testid="choose"]`, patience))
	c.must(page.Wait(`document.readyState === 'complete'`, patience))
	return page
}

// Somebody whose Teams speaks French chooses Arabic: every page follows, also after a reload, until they follow Teams again.
func TestALanguageOfOnesOwn(t *testing.T) {
	c := sitDown(t, "joanna@harborfinch.example")
	c.locale = "fr-FR"
	page := c.tab("settings")
	c.must(page.Has(`[data-testid="records-zone"]`, patience))
	if said := c.language(page); said != "fr-FR ltr" {
		t.Fatal("begins in", said)
	}
	zone, err := page.Text(`[data-testid="records-zone"] dd`)
	c.must(err)
	formats, err := page.Text(`[data-testid="records-formats"] dd`)
	c.must(err)
	if !strings.Contains(zone, "America/New_York") || !strings.Contains(zone, "options personnelles") || !strings.Contains(formats, "11/23/2026 5:05 PM · 1,234.56") {
		t.Errorf("reads by %q and %q", zone, formats)
	}
	choose := func(value, want string) {
		t.Helper()
		_, err := browser.Evaluate[bool](page, `(document.querySelector('[data-testid="language"]').value = '`+value+`', true)`)
		c.must(err)
		c.must(page.Click(`[data-testid="save-language"]`))
		page = c.frame()
		c.must(page.Wait(`document.documentElement.lang === '`+want+`' && document.readyState === 'complete'`, patience))
	}
	choose("ar", "ar-SA")
	_, err = browser.Evaluate[bool](page, `(document.querySelector('[data-testid="reading"]').scrollIntoView(), true)`)
	c.must(err)
	c.picture("chosen")
	for _, entity := range []string{"dashboard", "settings"} {
		page = c.settled(entity)
		if said := c.language(page); said != "ar-SA rtl" {
			t.Errorf("%s is in %s", entity, said)
		}
	}
	c.must(page.Has(`[data-testid="language"]`, patience))
	choose("", "fr-FR")
	if said := c.language(page); said != "fr-FR ltr" {
		t.Error("ends in", said)
	}
}

// The pages of people who read from right to left are mirrored, fit in every width and have nothing that axe-core knows of.
func TestPagesFromRightToLeft(t *testing.T) {
	source, err := os.ReadFile("../../internal/sandbox/browser/testdata/axe-core/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct{ theme, size string }{{"default", "desktop"}, {"dark", "phone-320"}, {"contrast", "phone-320"}} {
		for _, entity := range []string{"dashboard", "settings"} {
			c := sitDown(t, "priya@harborfinch.example")
			c.locale, c.theme, c.size = "ar-SA", look.theme, look.size
			page := c.settled(entity)
			c.fits(page, string(source), entity+"-"+look.theme)
			if entity == "settings" {
				start, err := browser.Evaluate[bool](page, `(() => { const h = document.querySelector('main h1').firstChild, r = document.createRange(); r.selectNode(h);
				  const box = r.getBoundingClientRect(), main = document.querySelector('main').getBoundingClientRect(); return main.right - box.right < box.left - main.left })()`)
				c.must(err)
				if !start {
					t.Error("the heading does not begin on the right")
				}
				for _, path := range []string{"privacy", "check"} {
					c.must(page.Click(`nav.elsewhere a[href*="/tab/` + path + `"]`))
					page = c.frame()
					c.must(page.Wait(`location.pathname === '/tab/`+path+`' && document.readyState === 'complete'`, patience))
					c.fits(page, string(source), path+"-"+look.theme)
					page = c.tab("settings")
					c.must(page.Has(`nav.elsewhere`, patience))
				}
			}
			c.window.Close()
		}
	}
}

// Long words are French, and Japanese has no spaces to break lines at: both fit in a narrow page.
func TestPagesOfLongWordsAndOfNone(t *testing.T) {
	for _, locale := range []string{"fr-FR", "es-ES", "ja-JP"} {
		for _, entity := range []string{"dashboard", "settings"} {
			c := sitDown(t, "priya@harborfinch.example")
			c.locale, c.size = locale, "phone-320"
			page := c.settled(entity)
			c.fits(page, "", entity+"-"+locale)
			c.window.Close()
		}
	}
}

// fits fails when a page is wider than its window, when the console complains or when axe-core, if given, finds anything.
func (c *client) fits(page *browser.Page, axe, name string) {
	c.Helper()
	c.picture(name)
	over, err := browser.Evaluate[int](page, `document.scrollingElement.scrollWidth - innerWidth`)
	c.must(err)
	if over > 0 {
		c.Errorf("%s is %d px too wide", name, over)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		c.Errorf("%s: the console complains:\n%s", name, strings.Join(problems, "\n"))
	}
	if axe != "" { // which sets styles of its own, about which the console does complain
		violations, err := page.Axe(axe)
		c.must(err)
		for _, v := range violations {
			c.Errorf("%s: %s: %s\n  %s", name, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
		}
	}
}

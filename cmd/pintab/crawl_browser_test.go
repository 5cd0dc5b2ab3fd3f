package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// crawled are the tables whose pages Chromium opens: between them they have every kind of page, part and field.
var crawled = []string{"new_trap", "account", "contact", "lead", "opportunity", "incident", "email", "appointment", "hf_vessel", "hf_sitevisit", "systemuser", "annotation"}

// leadTo leads the frame to an address and waits for the page there.
func (c *client) leadTo(frame *browser.Page, path string) {
	c.Helper()
	c.evaluate(frame, "window.left = true; location.assign("+strconv.Quote(path)+")")
	c.must(frame.Wait(`!window.left && document.readyState === "complete"`, 2*patience))
}

// In Chromium inside Teams, on a narrow phone, nothing that is written in a record or a definition runs, leads anywhere, breaks
// the policy or is wider than the screen.
func TestHostileTextRunsNowhere(t *testing.T) {
	_, k, rows := moveToHostileTown(t)
	c := sitDown(t, "ingrid@harborfinch.example")
	c.size = "phone-320"
	c.must(c.window.Resize(400, 900))
	frame := c.tab("dashboard")
	c.filled(frame)
	_, err := chromedp.Call(frame.Context(), page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: alarm})
	c.must(err)
	pages, marks := 0, 0
	look := func(where string) {
		t.Helper()
		found, err := browser.Evaluate[[]string](frame, fmt.Sprintf("%s([%q, %q])", amiss, at.App, at.Dataverse))
		c.must(err)
		for _, one := range found {
			t.Errorf("%s: %s", where, one)
		}
		wide, err := browser.Evaluate[[]string](frame, wider)
		c.must(err)
		if len(wide) > 0 {
			c.picture("wide-" + strconv.Itoa(pages))
			t.Errorf("%s is wider than the screen: %s", where, strings.Join(wide, "; "))
		}
		n, err := browser.Evaluate[int](frame, `document.documentElement.innerText.split("`+mark+`").length - 1`)
		c.must(err)
		pages, marks = pages+1, marks+n
	}
	open := func(path string) {
		t.Helper()
		c.leadTo(frame, path)
		look(path)
	}

	open("/tab/dashboard")
	boards, err := browser.Evaluate[[]string](frame, `[...document.querySelectorAll('select[name="dashboard"] option')].map(o => o.value)`)
	c.must(err)
	for _, id := range boards {
		open("/tab/dashboard?dashboard=" + id)
	}
	open("/tab/settings")
	for _, name := range crawled {
		i := slices.IndexFunc(rows, func(p planted) bool { return p.name == name })
		if i < 0 {
			t.Errorf("nothing is planted in %s", name)
			continue
		}
		open("/tab/view?" + url.Values{"org": {strings.TrimSuffix(k.base, "/api/data/v9.2/")}, "table": {name}, "q": {"*" + mark}}.Encode())
		record := k.addressOf(name, rows[i].row)
		open(record + "&edit=1")
		open(record)
		tabs, err := browser.Evaluate[int](frame, `document.querySelectorAll("[data-tabs] a").length`)
		c.must(err)
		for tab := range tabs {
			c.evaluate(frame, fmt.Sprintf(`document.querySelectorAll("[data-tabs] a")[%d].click()`, tab))
			c.must(frame.Wait(`!document.querySelector("[aria-busy=true]")`, patience))
			look(record + " tab " + strconv.Itoa(tab))
		}
		dialogs, err := browser.Evaluate[int](frame, `document.querySelectorAll("a[data-dialog]").length`)
		c.must(err)
		for dialog := range min(dialogs, 6) {
			c.evaluate(frame, fmt.Sprintf(`document.querySelectorAll("a[data-dialog]")[%d].click()`, dialog))
			c.must(frame.Has("dialog[open] h1", patience))
			look(record + " dialog " + strconv.Itoa(dialog))
			c.evaluate(frame, `document.querySelector("dialog[open]").close()`)
			c.must(frame.Wait(`!document.querySelector("dialog[open]")`, patience))
		}
	}
	if pages < 60 || marks < 500 {
		t.Errorf("%d pages with %d planted texts: there is too little to see", pages, marks)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
	t.Logf("%d pages, %d planted texts", pages, marks)
}

// wider names what makes a page wider than its window.
const wider = `(() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const found = [];
  for (const e of document.querySelectorAll("main *")) {
    const box = e.getBoundingClientRect();
    if ((box.right > innerWidth + 1 || box.left < -1) && box.width > 1 && !e.closest(".vh,.scroll,svg")) found.push(e.localName + "." + e.className + " " + Math.round(box.left) + ".." + Math.round(box.right));
  }
  return ["" + document.documentElement.scrollWidth, ...found.slice(0, 6)];
})()`

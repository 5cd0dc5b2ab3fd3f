package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// press presses a key where the focus is.
func (c *client) press(page *browser.Page, key string, shift bool) {
	c.Helper()
	codes := map[string]int64{"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}
	params := input.DispatchKeyEventParams{Key: key, Code: key, WindowsVirtualKeyCode: codes[key]}
	if shift {
		params.Modifiers = 8
	}
	if key == "Enter" {
		params.Text = "\r"
	}
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		params.Type = kind
		if _, err := chromedp.Call(page.Context(), input.DispatchKeyEvent, params); err != nil {
			c.Fatal(err)
		}
		params.Text = ""
	}
}

// focused describes the element with the focus: a name, whether it lies within the screen, and whether the focus can be seen.
const focused = `(() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; if (!e || e === document.body) return "";
  const s = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = p => p && getComputedStyle(p).outlineStyle !== "none" && parseFloat(getComputedStyle(p).outlineWidth) > 0;
  const seen = ring(e) || ring(e.closest(".pick")) || (e.namespaceURI.endsWith("svg") && parseFloat(s.strokeWidth) >= 2 && s.stroke !== "none");
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  window.stops ??= new Map(); if (!stops.has(e)) stops.set(e, stops.size);
  return stops.get(e) + " " + (seen ? "" : "UNSEEN ") + (inside ? "" : "OUTSIDE ") + e.tagName + " " + (e.dataset.key || e.name || e.textContent.trim().slice(0, 30)) })()`

// The Tab key goes from Teams into the dashboard, to everything in it and out again at its end, and back; the focus is always
// to be seen.
func TestEverythingIsReachedByKeyboard(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	c.theme = "contrast"
	page := c.tab("dashboard")
	c.filled(page)
	page = c.show(page, "Sales Manager Dashboard")
	c.must(page.Wait(`document.querySelector('script[src]') && document.querySelector('svg.chart a[tabindex="0"]')`, patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	c.must(c.window.Front())
	enter := `document.querySelector("[data-action=enter-frame]").click()`
	for range 100 { // until TeamsJS has connected and its handler is there
		c.evaluate(&c.window.Page, enter)
		if in, err := browser.Evaluate[bool](page, `document.activeElement !== document.body`); err == nil && in {
			break
		}
	}
	wanted, err := browser.Evaluate[int](page, `(() => { let n = 0; const count = root => { for (const e of root.querySelectorAll("*")) {
	  if (e.matches('a[href],button,input:not([type=hidden]),select,summary,[tabindex="0"]') && !e.disabled && e.tabIndex >= 0 && e.checkVisibility()) n++;
	  if (e.shadowRoot) count(e.shadowRoot) } }; count(document); return n })()`)
	c.must(err)
	seen := map[string]bool{}
	for range wanted + 5 {
		at, err := browser.Evaluate[string](page, focused)
		c.must(err)
		if at == "" || seen[at] {
			t.Errorf("after %d stops the Tab key is at %q", len(seen), at)
			break
		}
		seen[at] = true
		if strings.Contains(at, "UNSEEN") || strings.Contains(at, "OUTSIDE") {
			t.Errorf("nobody sees the focus: %s", at)
		}
		if len(seen) == 8 {
			c.picture("on-the-way")
		}
		c.press(page, "Tab", false)
		if out, err := browser.Evaluate[bool](&c.window.Page, `document.activeElement?.matches("[data-after-frame]")`); err == nil && out {
			break
		}
	}
	if len(seen) < wanted {
		t.Errorf("the Tab key reached %d of %d", len(seen), wanted)
	}
	c.must(c.window.Wait(`document.activeElement.matches("[data-after-frame]")`, patience))
}

// In a chart the arrow keys go from segment to segment, Enter opens one, and a picker is not taken before Enter. Escape harms nothing.
func TestChartsAndPickersByKeyboard(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.show(page, "Sales Manager Dashboard")
	c.must(page.Wait(`document.querySelector('svg.chart a[tabindex="0"]')`, patience))
	// Keys go where the focus is: into the frame, and there to the first segment of a chart that is in sight. Parts come in any
	// order, those of a closed tab too.
	c.must(c.window.Front())
	reached := false
	for start := time.Now(); !reached && time.Since(start) < patience; {
		c.evaluate(&c.window.Page, `[...document.querySelectorAll("iframe")].find(f => f.checkVisibility())?.focus()`)
		at, err := browser.Evaluate[bool](page, `(links => { window.links = links; links[0].focus(); return document.hasFocus() && document.activeElement === links[0] })(
			[...[...document.querySelectorAll('svg.chart:has(a + a)')].find(c => c.querySelector('a').checkVisibility()).querySelectorAll('a')])`)
		c.must(err)
		reached = at
	}
	if !reached {
		t.Fatal("the first segment does not take the focus")
	}
	for _, step := range []struct {
		key, want string
	}{{"ArrowRight", "1"}, {"ArrowDown", "2"}, {"ArrowLeft", "1"}, {"Home", "0"}, {"ArrowLeft", "0"}, {"End", "links.length - 1"}, {"Escape", "links.length - 1"}} {
		c.press(page, step.key, false)
		if at, err := browser.Evaluate[bool](page, `document.activeElement === links[`+step.want+`]`); err != nil || !at {
			t.Errorf("%s does not lead to segment %s: %v", step.key, step.want, err)
		}
	}
	c.press(page, "Enter", false)
	c.must(page.Has(`[data-testid="chip"]`, patience))
	c.must(page.Wait(`document.activeElement?.closest('section')?.querySelector('[data-testid="chip"]')`, patience))
	c.picture("drilled")

	part, err := browser.Evaluate[string](page, `[...document.querySelectorAll('section:has(select[name="view"])')].find(s => s.checkVisibility()).dataset.part`)
	c.must(err)
	section := `document.querySelector('section[data-part="` + part + `"]')`
	c.evaluate(page, `window.section = `+section+`; section.querySelector('select[name="view"]').focus(); window.first = document.activeElement.value`)
	c.press(page, "ArrowDown", false)
	if moved, err := browser.Evaluate[bool](page, `document.activeElement.value !== window.first && section.isConnected`); err != nil || !moved {
		t.Errorf("the arrow key already took a view, or did not move: %v", err)
	}
	c.press(page, "Enter", false)
	c.must(page.Wait(`!section.isConnected && `+section+`.contains(document.activeElement)`, patience))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// Somebody whose system chooses the colours still tells everything apart.
func TestForcedColors(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.show(page, "Chart gallery")
	c.must(page.Emulate("forced-colors", "active"))
	c.must(page.Wait(`matchMedia("(forced-colors: active)").matches`, patience))
	c.picture("gallery")
	alike, err := browser.Evaluate[int](page, `(() => { const fill = e => getComputedStyle(e).fill + getComputedStyle(e).strokeDasharray;
	  const chart = [...document.querySelectorAll("svg.chart:has(.s1):has(.s2)")]; return chart.filter(c => fill(c.querySelector(".s1 rect, .s1 path") ?? c.querySelector(".s1")) === fill(c.querySelector(".s2 rect, .s2 path") ?? c.querySelector(".s2"))).length })()`)
	c.must(err)
	if alike > 0 {
		t.Errorf("in %d charts the first series looks like the second", alike)
	}
}

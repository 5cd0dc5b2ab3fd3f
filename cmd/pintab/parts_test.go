package main

import (
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

const patience = 10 * time.Second

// show chooses a dashboard in the picker, as with a pointer.
func (c *client) show(page *browser.Page, name string) *browser.Page {
	c.Helper()
	c.must(page.Has(`select[name="dashboard"]`, patience))
	chosen, err := browser.Evaluate[bool](page, `(() => { const s = document.querySelector('select[name="dashboard"]');
	  const o = [...s.options].find(o => o.textContent.trim().startsWith(`+"`"+name+"`"+`)); if (!o) return false; s.value = o.value; s.form.requestSubmit(); return true })()`)
	c.must(err)
	if !chosen {
		c.Fatalf("%s is not among the dashboards", name)
	}
	page = c.frame()
	name = strings.TrimSuffix(name, " (personal)")
	c.must(page.Wait(`document.querySelector('h1')?.innerText.includes(`+"`"+name+"`"+`)`, patience))
	c.filled(page)
	return page
}

// A dashboard that somebody chose is there again the next time.
func TestAChosenDashboardIsRemembered(t *testing.T) {
	c := sitDown(t, "ingrid@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	names, err := browser.Evaluate[[]string](page, `[...document.querySelectorAll('select[name="dashboard"] option')].map(o => o.textContent.trim())`)
	c.must(err)
	first, err := page.Text("h1")
	c.must(err)
	var other string
	for _, name := range names {
		if name != first {
			other = name
		}
	}
	c.show(page, other)
	again := c.tab("dashboard")
	c.filled(again)
	if now, _ := again.Text("h1"); now != strings.TrimSuffix(other, " (personal)") {
		t.Errorf("chose %q, found %q", other, now)
	}
	c.show(again, first)
}

// listPart gives a selector for the first part with a table that has a sortable column and a next page.
const listPart = `section[data-part]:has(table[role="table"] tbody tr):has(a[data-key="next"])`

// Sorting, turning the page and finding replace one part, keep the focus in it, and survive a reload.
func TestAListSortsTurnsAndFinds(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.dashboardWith(page, listPart)
	key, err := browser.Evaluate[string](page, `document.querySelector('`+listPart+`').dataset.part`)
	c.must(err)
	part := `section[data-part="` + key + `"]`
	firstRow := func() string {
		text, err := browser.Evaluate[string](page, `document.querySelector('`+part+` table[role="table"] tbody tr').textContent`)
		c.must(err)
		return text
	}
	before := firstRow()
	c.must(page.Click(part + ` a[data-key="next"]`))
	c.must(page.Has(part+` a[data-key="previous"]`, patience))
	if after := firstRow(); after == before {
		t.Errorf("the next page begins with the same row: %q", after)
	}

	c.must(page.Click(part + ` th a`))
	c.must(page.Has(part+` th[aria-sort]:not([aria-sort="none"])`, patience))
	held, err := browser.Evaluate[bool](page, `document.querySelector('`+part+`').contains(document.activeElement)`)
	c.must(err)
	if !held {
		t.Error("sorting lost the focus")
	}
	c.must(page.Wait(`location.search.includes('sort=')`, patience))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// dashboardWith goes through the person's dashboards until one has an element.
func (c *client) dashboardWith(page *browser.Page, selector string) *browser.Page {
	c.Helper()
	names, err := browser.Evaluate[[]string](page, `[...document.querySelectorAll('select[name="dashboard"] option')].map(o => o.textContent.trim())`)
	c.must(err)
	for _, name := range append([]string{""}, names...) {
		if name != "" {
			page = c.show(page, name)
		}
		found, err := browser.Evaluate[bool](page, "!!document.querySelector('"+selector+"')")
		c.must(err)
		if found {
			return page
		}
	}
	c.Fatalf("no dashboard of %s has %s", c.person, selector)
	return nil
}

// Choosing a segment of a chart shows the records behind it, as many as the segment says, and a way back.
func TestAChartLeadsToItsRecords(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.dashboardWith(page, `svg.chart a`)
	key, err := browser.Evaluate[string](page, `document.querySelector('svg.chart a').closest('section').dataset.part`)
	c.must(err)
	part := `section[data-part="` + key + `"]`
	_, err = browser.Evaluate[bool](page, `document.querySelector('`+part+` svg.chart a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))`)
	c.must(err)
	c.must(page.Has(part+` [data-testid="chip"]`, patience))
	c.must(page.Has(part+` tbody tr`, patience))
	_, err = browser.Evaluate[bool](page, `document.querySelector('`+part+`').scrollIntoView(), true`)
	c.must(err)
	c.picture("drilled")
	c.must(page.Click(part + ` [data-testid="chip"] a`))
	c.must(page.Has(part+` svg.chart`, patience))
}

// The host changes its theme: the page follows without being loaded again.
func TestTheThemeFollowsTheHost(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	_, err := browser.Evaluate[int](page, `window.stayed = 1`)
	c.must(err)
	c.must(page.Wait(`document.querySelector('script[src]') && document.documentElement.dataset.theme === 'default'`, patience))
	time.Sleep(300 * time.Millisecond) // the host's handler is registered after TeamsJS has initialised
	c.must(c.window.Click(`[data-testid="look"] a[data-set="theme"][data-value="dark"]`))
	c.must(page.Wait(`document.documentElement.dataset.theme === 'dark' && window.stayed === 1`, patience))
}

// At 320 pixels nothing makes the page scroll sideways, on any dashboard.
func TestPhoneWidth(t *testing.T) {
	for _, person := range []string{"priya@harborfinch.example", "lucia@harborfinch.example"} {
		c := sitDown(t, person)
		c.size = "phone-320"
		page := c.tab("dashboard")
		c.filled(page)
		names, err := browser.Evaluate[[]string](page, `[...document.querySelectorAll('select[name="dashboard"] option')].map(o => o.textContent.trim())`)
		c.must(err)
		for _, name := range names {
			page = c.show(page, name)
			width, err := browser.Evaluate[int](page, `innerWidth`)
			c.must(err)
			over, err := browser.Evaluate[int](page, `document.scrollingElement.scrollWidth - innerWidth`)
			c.must(err)
			if over > 0 || width > 330 {
				t.Errorf("%s, %s: %d px wide, %d px too wide", person, name, width, over)
			}
			c.picture(strings.ReplaceAll(name, " ", "-"))
		}
	}
}

// Every part that cannot be shown says so and leads to Dynamics 365.
func TestUnsupportedPartsSayWhereTheyAre(t *testing.T) {
	c := sitDown(t, "priya@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	const link = `section[data-part] .message a.button[target="_blank"]`
	page = c.dashboardWith(page, link)
	href, err := browser.Evaluate[string](page, `document.querySelector('`+link+`').href`)
	c.must(err)
	if !strings.HasPrefix(href, at.Dataverse+"/") || !strings.Contains(href, "pagetype=dashboard") {
		t.Errorf("leads to %s", href)
	}
}

// A picker with many choices fetches them when it is wanted, opens, and a choice is taken as from any other.
func TestALongPickerComesWhenItIsWanted(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.tab("dashboard")
	c.filled(page)
	page = c.dashboardWith(page, `a.pick[data-key="view"]`)
	key, err := browser.Evaluate[string](page, `document.querySelector('a.pick[data-key="view"]').closest('section').dataset.part`)
	c.must(err)
	part := `section[data-part="` + key + `"]`
	now, err := browser.Evaluate[string](page, `document.querySelector('`+part+` a.pick[data-key="view"] bdi').textContent`)
	c.must(err)
	c.must(page.Click(part + ` a.pick[data-key="view"]`))
	c.must(page.Wait(`document.activeElement.matches('`+part+` select[name="view"]')`, patience))
	choices, err := browser.Evaluate[int](page, `document.activeElement.options.length`)
	c.must(err)
	chosen, err := browser.Evaluate[string](page, `document.activeElement.selectedOptions[0].textContent`)
	c.must(err)
	if choices < 7 || chosen != now {
		t.Errorf("%d choices, %q chosen, want %q", choices, chosen, now)
	}
	_, err = browser.Evaluate[bool](page, `(() => { const s = document.activeElement; s.selectedIndex = (s.selectedIndex + 1) % s.options.length; window.other = s.selectedOptions[0].textContent; s.form.requestSubmit(); return true })()`)
	c.must(err)
	c.must(page.Wait(`document.querySelector('`+part+` select[name="view"]')?.selectedOptions[0].textContent === window.other`, patience))
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

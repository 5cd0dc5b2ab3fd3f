package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// viewOf is the address of the usual view of a table where somebody works.
func (v *visitor) viewOf(home answer, table string, pairs ...string) string {
	v.Helper()
	q := url.Values{"table": {table}}
	for _, name := range []string{"org", "app"} {
		value := home.page.Find(`input[name="`+name+`"]`).First().AttrOr("value", "")
		if value == "" {
			v.Fatalf("the dashboard has no %s: %.300s", name, home.text("main"))
		}
		q.Set(name, value)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return "/tab/view?" + q.Encode()
}

// rows are the ids of the rows of a list page.
func (a answer) rows() (ids []string) {
	a.page.Find(`[data-testid=view] tr[data-row]`).Each(func(_ int, s *goquery.Selection) { ids = append(ids, s.AttrOr("data-row", "")) })
	return ids
}

// key is where the link with a key leads.
func (a answer) key(key string) string {
	a.Helper()
	href, ok := a.page.Find(`[data-testid=view] [data-key="` + key + `"][href]`).First().Attr("href")
	if !ok {
		a.Fatalf("nothing leads to %s: %.400s", key, a.text("main"))
	}
	return href
}

// All of a dashboard's list is on a page of its own; there it is sorted, turned forth and back, and found in, without script.
func TestAViewIsSortedTurnedAndSearched(t *testing.T) {
	v, home := visit(t, "tomas@harborfinch.example")
	all := home.page.Find(`section[data-part] a.all`).First().AttrOr("href", "")
	if all == "" {
		t.Fatal("no list of the dashboard leads to all of it")
	}
	list := v.get(all)
	list.wantStatus(http.StatusOK)
	if len(list.rows()) == 0 || list.text("h1") == "" || list.page.Find("nav.crumbs a").Length() != 1 {
		t.Errorf("no list: %.400s", list.text("main"))
	}

	first := v.get(v.viewOf(home, "account"))
	first.wantStatus(http.StatusOK)
	if n := len(first.rows()); n != 50 {
		t.Fatalf("%d rows: %.400s", n, first.text("main"))
	}
	next := first.key("next")
	if !strings.Contains(next, "after=") || strings.Contains(next, "cookie") {
		t.Errorf("the next page is found by %s", next)
	}
	second := v.get(next)
	second.wantText("[data-testid=count]", "51–")
	for _, id := range second.rows() {
		if strings.Contains(strings.Join(first.rows(), " "), id) {
			t.Errorf("%s is on both pages", id)
		}
	}
	if back := v.get(second.key("previous")); strings.Join(back.rows(), " ") != strings.Join(first.rows(), " ") {
		t.Error("the page before is another one now")
	}
	// A mark that somebody made up, or that belongs to another page, is as good as none.
	for _, forged := range []string{"%3Ccookie%20page%3D%221%22%2F%3E", strings.Repeat("A", 3000)} {
		u, _ := url.Parse(next) // ours
		q := u.Query()
		q.Del("after")
		if got := v.get("/tab/view?" + q.Encode() + "&after=" + forged); strings.Join(got.rows(), " ") != strings.Join(second.rows(), " ") {
			t.Errorf("a forged mark leads elsewhere: %.200s", got.text("main"))
		}
	}

	sorted := v.get(first.key("sort-name"))
	if sorted.page.Find(`th[aria-sort]`).AttrOr("data-column", "") != "name" {
		t.Error("not sorted by name")
	}
	name := first.text(`tr[data-row] th a`)
	found := v.get(v.viewOf(home, "account", "q", name))
	found.wantText("[data-testid=chip]", name)
	if got := found.text(`tr[data-row] th a`); !strings.EqualFold(got, name) {
		t.Errorf("%q is searched, %q is found", name, got)
	}
}

// Every filter is a plain form; what is in force is said, stands in the address, and is taken away one by one.
func TestAViewIsFilteredWithoutScript(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	page := v.get(v.viewOf(home, "opportunity"))
	form := page.page.Find(`.filters-box form`)
	typed := url.Values{}
	form.Find(`input[type="hidden"]`).Each(func(_ int, s *goquery.Selection) { typed.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	form.Find(`input[type="text"],input[type="number"],input[type="date"],select`).Each(func(_ int, s *goquery.Selection) { typed.Add(s.AttrOr("name", ""), "") })
	typed.Set("f.name.has", "e")
	typed.Set("f.estimatedvalue.from", "1000")
	moved := v.get("/tab/view?" + typed.Encode())
	moved.wantStatus(http.StatusSeeOther)
	address := moved.header.Get("Location")
	if strings.Contains(address, "=&") || !strings.Contains(address, "f.name.has=e") {
		t.Errorf("the address is %s", address)
	}
	list := v.get(address)
	list.wantStatus(http.StatusOK)
	chips := list.page.Find(".chips [data-testid=chip]")
	if chips.Length() != 2 || len(list.rows()) == 0 {
		t.Fatalf("%d filters in force, %d rows: %.300s", chips.Length(), len(list.rows()), list.text("main"))
	}
	one := v.get(chips.First().Find("a").AttrOr("href", ""))
	if one.page.Find(".chips [data-testid=chip]").Length() != 1 || len(one.rows()) < len(list.rows()) {
		t.Errorf("taking one away leaves %q", one.text(".chips"))
	}
	odd := v.get(v.viewOf(home, "opportunity", "f.secretcolumn.has", "x", `f.name"><script>.has`, "y"))
	odd.wantText("[data-testid=dropped]", "does not fit this view")
}

// Hostile text in an address is text.
func TestAViewsAddressIsOnlyText(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	evil := `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	page := v.get(v.viewOf(home, "account", "q", evil, "f.name.has", evil, "sort", evil, "from", evil, "after", evil))
	page.wantStatus(http.StatusOK)
	if n := page.page.Find("script:not([src]),img").Length(); n > 0 || strings.Contains(string(page.body), "<script>alert") {
		t.Errorf("%d elements of somebody else's", n)
	}
	page.wantText(".chips", evil)
}

// What is not there says so and leads on.
func TestAViewThatIsNotThere(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	gone := v.get(v.viewOf(home, "account", "view", "0a000000-0000-4000-8000-00000000dead"))
	gone.wantText("[data-testid=problem]", "not there any more")
	if usual := v.get(gone.key("usual")); len(usual.rows()) == 0 {
		t.Error("the usual view is empty")
	}
	v.get(v.viewOf(home, "spaceship")).wantText("[data-testid=state]", "no such table")
	far := v.get(v.viewOf(home, "account", "page", "999"))
	if len(far.rows()) > 0 {
		t.Error("there are rows beyond the end")
	}
}

// A search that finds too much for Dataverse searches the names instead, and says so; when that is too much too, it leads on.
func TestASearchThatFindsTooMuch(t *testing.T) {
	moveTo(t)
	v, home := visit(t, "ingrid@harborfinch.example")
	v.get(v.viewOf(home, "account", "q", "a")) // nothing else is to be read then
	body := `{"error":{"code":"0x8004E024","message":"QuickFindQueryRecordLimit exceeded."}}`
	misbehave(t, at.Dataverse, map[string]any{"path": "/accounts?", "status": 400, "times": 1, "body": body})
	v.get(v.viewOf(home, "account", "q", "a")).wantText("[data-testid=name-only]", "only names were searched")
	misbehave(t, at.Dataverse, map[string]any{"path": "/accounts?", "status": 400, "times": 2, "body": body})
	over := v.get(v.viewOf(home, "account", "q", "a"))
	over.wantText("[data-testid=problem]", "too many records")
	if cleared := v.get(over.key("clear")); len(cleared.rows()) == 0 {
		t.Error("without the search there are no rows")
	}
	// Counting stops at 50,000: the rows stand.
	misbehave(t, at.Dataverse, map[string]any{"path": "aggregate", "status": 400, "times": 1, "body": strings.Replace(body, "E024", "E023", 1)})
	many := v.get(v.viewOf(home, "account", "count", "1"))
	many.wantText("[data-testid=count]", "more than 50,000")
	if len(many.rows()) != 50 {
		t.Errorf("%d rows", len(many.rows()))
	}
}

// A warm page asks Dataverse once.
func TestAWarmViewIsOneQuestion(t *testing.T) {
	moveTo(t)
	v, home := visit(t, "ingrid@harborfinch.example")
	address := v.viewOf(home, "account", "f.name.has", "a")
	v.get(address)
	before := asked(t)
	v.get(address).wantStatus(http.StatusOK)
	if n := asked(t) - before; n > 2 {
		t.Errorf("%d questions", n)
	}
	before = asked(t)
	v.get(address + "&count=1")
	if n := asked(t) - before; n > 2 {
		t.Errorf("%d questions to count too", n)
	}
}

// asked is how many requests the Dataverse stand-in has seen.
func asked(t *testing.T) int {
	t.Helper()
	reply, err := http.Get(at.Dataverse + "/_sandbox/requests")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var seen []json.RawMessage
	if err := json.NewDecoder(reply.Body).Decode(&seen); err != nil {
		t.Fatal(err)
	}
	return len(seen)
}

// A file has every row that the person may see, and what looks like a formula is none.
func TestAViewBecomesAFile(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	page := v.get(v.viewOf(home, "account"))
	file := v.get(page.key("csv"))
	file.wantStatus(http.StatusOK)
	if kind := file.header.Get("Content-Type"); kind != "text/csv; charset=utf-8" {
		t.Error(kind)
	}
	if name := file.header.Get("Content-Disposition"); !strings.HasPrefix(name, "attachment; filename") || !strings.Contains(name, ".csv") {
		t.Error(name)
	}
	text := string(file.body)
	if !strings.HasPrefix(text, "\ufeff\"") {
		t.Errorf("%.40q", text)
	}
	counted := v.get(v.viewOf(home, "account", "count", "1"))
	words := strings.Fields(counted.text("[data-testid=count]"))
	total, err := strconv.Atoi(strings.ReplaceAll(words[len(words)-1], ",", ""))
	if err != nil {
		t.Fatal(words)
	}
	if lines := strings.Count(text, "\r\n"); lines != total+1 {
		t.Errorf("%d lines for %d rows", lines, total)
	}
	book := v.get(page.key("xlsx"))
	book.wantStatus(http.StatusOK)
	archive, err := zip.NewReader(bytes.NewReader(book.body), int64(len(book.body)))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := archive.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(sheet)
	if err != nil || bytes.Count(content, []byte("<row ")) != total+1 || bytes.Contains(content, []byte("<f>")) {
		t.Errorf("%d rows of %d: %v", bytes.Count(content, []byte("<row ")), total, err)
	}
	v.get(v.viewOf(home, "account", "format", "exe")).wantStatus(http.StatusOK)
	nothing := v.get(strings.Replace(v.viewOf(home, "account", "format", "exe"), "/tab/view?", "/tab/view/export?", 1))
	nothing.wantStatus(http.StatusBadRequest)
}

// A file that cannot be written to its end is never taken for a whole one.
func TestAFileThatBreaksOff(t *testing.T) {
	moveTo(t)
	v, home := visit(t, "ingrid@harborfinch.example")
	page := v.get(v.viewOf(home, "account"))
	misbehave(t, at.Dataverse, map[string]any{"path": "/accounts?", "status": 403, "times": 1, "body": `{"error":{"code":"0x80040220"}}`})
	refused := v.get(page.key("csv"))
	refused.wantStatus(http.StatusForbidden)
	refused.wantText("[data-testid=state]", "do not let you see this")
}

// Of a record's list there is all of it too, and only of that record.
func TestAllOfARecordsList(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	record := v.get(v.get(v.viewOf(home, "account")).recordLink("account"))
	all := ""
	for _, later := range record.page.Find(`section[data-await] a[data-swap]`).EachIter() {
		part := v.get(later.AttrOr("href", ""))
		if all = part.page.Find(`section[data-part] a.all[href*="rel="]`).First().AttrOr("href", ""); all != "" {
			break
		}
	}
	if all == "" {
		t.Fatalf("no list of the record leads to all of it: %.300s", record.text("main"))
	}
	list := v.get(all)
	list.wantStatus(http.StatusOK)
	list.wantText(".chips", record.text(".record h1"))
	if n := list.page.Find("nav.crumbs a").Length(); n != 2 {
		t.Errorf("%d steps back", n)
	}
}

// The selected record stands beside the list as its own page would show it, and leads back where there is no room.
func TestARecordStandsBesideTheList(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	list := v.get(v.viewOf(home, "account", "f.name.has", "a"))
	id := list.rows()[0]
	both := v.get(v.viewOf(home, "account", "f.name.has", "a", "id", id))
	both.wantStatus(http.StatusOK)
	both.wantText(".beside .record h1", both.text(`tr[data-row="`+id+`"] th a`))
	if both.page.Find(`tr[aria-current]`).AttrOr("data-row", "") != id {
		t.Error("no row is marked")
	}
	back := v.get(both.page.Find(".beside nav.crumbs a").Last().AttrOr("href", ""))
	if strings.Join(back.rows(), " ") != strings.Join(list.rows(), " ") {
		t.Error("the way back leads to another list")
	}
	page := v.get(list.page.Find(`tr[data-row] th a`).First().AttrOr("href", ""))
	if again := v.get(page.page.Find("nav.crumbs a").Last().AttrOr("href", "")); strings.Join(again.rows(), " ") != strings.Join(list.rows(), " ") {
		t.Error("the way back from the page leads to another list")
	}
	none := v.get(v.viewOf(home, "account", "id", "0a000000-0000-4000-8000-00000000dead"))
	none.wantText(".beside [data-testid=state]", "was deleted")
	if len(none.rows()) == 0 {
		t.Error("the list is gone too")
	}
}

// listed goes to a list in Teams and waits until it is there.
func (c *client) listed(path string) *browser.Page {
	c.Helper()
	page := c.tab("dashboard")
	c.filled(page)
	c.evaluate(page, "location.assign("+strconv.Quote(path+"&theme="+c.theme+"&locale="+c.locale)+")")
	c.must(page.Wait(`location.pathname === "/tab/view" && document.querySelector("[data-testid=view] tr[data-row]")`, 2*patience))
	c.must(page.Wait(`document.readyState === "complete"`, patience))
	return page
}

// Nothing that axe-core knows of is wrong with a list, in any theme, width and direction, and nothing is wider than a phone.
func TestAListIsAccessible(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	path := v.viewOf(home, "opportunity", "f.name.has", "e")
	for _, look := range []struct{ theme, size, locale string }{
		{"default", "full", "en-US"}, {"dark", "full", "en-US"}, {"contrast", "full", "en-US"}, {"default", "full", "ar"},
		{"default", "phone-320", "en-US"}, {"contrast", "phone-320", "ar"},
	} {
		c := sitDown(t, "ingrid@harborfinch.example")
		c.theme, c.size, c.locale = look.theme, look.size, look.locale
		if look.size == "full" {
			c.must(c.window.Resize(1500, 1000))
		} else {
			c.must(c.window.Resize(400, 1400))
		}
		name := look.theme + "-" + look.size + "-" + look.locale
		page := c.listed(path)
		if problems := c.window.Problems(); len(problems) > 0 {
			t.Errorf("%s: the console complains: %s", name, strings.Join(problems, "\n"))
		}
		c.sound(page, name)
		c.must(page.Click(".filters-box > summary"))
		c.must(page.Has(".filters-box[open]", patience))
		c.sound(page, name+"-filter")
		if wide, err := browser.Evaluate[bool](page, `document.documentElement.scrollWidth > innerWidth`); err != nil || wide {
			t.Errorf("%s: the page is wider than the screen: %v", name, err)
		}
		if look.size == "full" {
			c.must(page.Click(".filters-box > summary"))
			c.must(page.Has(".filters-box:not([open])", patience))
			c.must(page.Click("tr[data-row] th a"))
			if narrow, _ := browser.Evaluate[bool](page, `innerWidth < 1200`); !narrow {
				c.must(page.Has(".beside article[data-record]", patience))
				c.must(page.Wait(`document.activeElement?.matches(".beside h1")`, patience))
				c.sound(page, name+"-beside")
			}
		}
		c.window.Close()
	}
}

// With script a list is sorted, turned and filtered in place; a record opens beside it, is changed there, and closes again.
func TestAListAndARecordBesideIt(t *testing.T) {
	v, home := visit(t, "tomas@harborfinch.example")
	path := v.viewOf(home, "opportunity")
	c := sitDown(t, "tomas@harborfinch.example")
	c.size = "full"
	c.must(c.window.Resize(1600, 1000))
	page := c.listed(path)
	if narrow, _ := browser.Evaluate[bool](page, `innerWidth < 1200`); narrow {
		t.Fatal("the frame is too narrow for this story")
	}
	c.evaluate(page, `window.stayed = 1`)
	c.must(page.Click(`[data-key="sort-name"]`))
	c.must(page.Has(`th[aria-sort][data-column="name"]`, patience))
	c.must(page.Click("tr[data-row] th a"))
	c.must(page.Has(".beside article[data-record]", patience))
	c.must(page.Wait(`location.pathname === "/tab/view" && location.search.includes("id=") && document.querySelector("tr[aria-current]")`, patience))
	c.must(page.Click(`.beside .sheet [data-column="name"] a.pencil`))
	c.must(page.Wait(`document.activeElement?.name === "name"`, patience))
	name, err := browser.Evaluate[string](page, `document.activeElement.value`)
	c.must(err)
	c.must(page.Type(`#f-name`, name+" beside"))
	c.evaluate(page, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "s", ctrlKey: true, bubbles: true, cancelable: true}))`)
	c.must(page.Has("[data-testid=receipt]", patience))
	c.must(page.Wait(`document.querySelector("tr[aria-current] th")?.innerText.trim().endsWith(" beside")`, patience))
	c.picture("saved")
	if where, _ := browser.Evaluate[string](page, `location.pathname`); where != "/tab/view" {
		t.Errorf("saving leads to %s", where)
	}
	c.must(page.Click("[data-key=undo]"))
	c.must(page.Wait(`document.querySelector("[data-testid=receipt]")?.textContent.includes("Taken back")`, patience))
	c.evaluate(page, `document.querySelector("[data-beside-close]").click()`)
	c.must(page.Wait(`!document.querySelector(".beside article") && !location.search.includes("id=") && document.activeElement?.closest("tr[data-row]")`, patience))
	c.must(page.Click(".filters-box > summary"))
	c.must(page.Type(`input[name="f.name.has"]`, "a"))
	c.evaluate(page, `document.querySelector(".filters-box form").requestSubmit()`)
	c.must(page.Has(".chips [data-testid=chip]", patience))
	if clean, err := browser.Evaluate[bool](page, `window.stayed === 1 && location.search.includes("f.name.has=a") && !/=(&|$)/.test(location.search)`); err != nil || !clean {
		where, _ := browser.Evaluate[string](page, `location.href`)
		t.Errorf("the address is %s: %v", where, err)
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

// Nothing that is written in a record runs in a list, leads anywhere or turns the text beside it; neither does what an address says.
func TestRecordsInListsAreOnlyText(t *testing.T) {
	v, home := visit(t, "ingrid@harborfinch.example")
	c := guarded(t, "ingrid@harborfinch.example")
	c.signInHere()
	hostile := 0
	for _, table := range []string{"account", "contact", "opportunity", "lead", "task"} {
		for _, text := range []string{"<script", "\u202e", "\"", "javascript:"} {
			c.must(c.window.Open(at.App + v.viewOf(home, table, "q", "*"+text)))
			c.must(c.window.Has("[data-testid=view]", patience))
			c.inspect(table + " with " + text)
			found, err := browser.Evaluate[int](&c.window.Page, `document.querySelectorAll("[data-testid=view] tr[data-row]").length`)
			c.must(err)
			hostile += found
		}
		evil := `"><img src=x onerror=alert(1)>`
		c.must(c.window.Open(at.App + v.viewOf(home, table, "q", evil, "view", evil, "sort", evil, "f."+evil+".has", evil, "id", evil, "rel", evil, "of", evil, "from", evil, "after", evil)))
		c.must(c.window.Has("[data-testid=view]", patience))
		c.inspect(table + " at an address full of it")
	}
	if hostile == 0 {
		t.Error("there is nothing hostile to see")
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

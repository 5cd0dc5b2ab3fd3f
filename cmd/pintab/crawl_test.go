package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
)

// mark stands in every text that this story plants, so that lists can be asked for them.
const mark = "zqx"

// payloads is what somebody could write into a record who wishes its readers ill.
var payloads = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(2)>`,
	`' onmouseover='alert(3)' x='`,
	`javascript:alert(4)//`,
	`</title></textarea></style></script><svg/onload=alert(5)>`,
	`&lt;script&gt;alert(6)&lt;/script&gt; &amp;quot; &#x3c;`,
	"\u202egnp.exe \u2067\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627",
	`=HYPERLINK("https://evil.example","x")`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(7)&gt;">`,
	`-->]]><!DOCTYPE x><template shadowrootmode=open><slot></slot></template>`,
	`{{constructor.constructor('alert(8)')()}}${alert(9)}`,
	"data:text/html,<script>alert(10)</script>",
	"Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnungsentwurfsvorlagenmappe",
	"//evil.example/\\x01javascript:alert(11)",
	"line\r\nSet-Cookie: a=b\u2028</script><base href=//evil.example>",
}

// richPayloads is markup for columns whose text is markup.
const richPayload = mark + `<p onclick="alert(1)">kept</p><script>alert(2)</script><img src=x onerror=alert(3)><a href="javascript:alert(4)">away</a>` +
	`<svg><style><img src=x onerror=alert(5)></style></svg><form action="//evil.example"><input name=password></form><iframe srcdoc="<script>alert(6)</script>"></iframe>` +
	`<div style="position:fixed;inset:0;background:url(//evil.example)">over</div><base href="//evil.example"><meta http-equiv=refresh content="0;url=//evil.example">`

// hostileTable is what somebody could define who may customize: labels, choices, states and colours are text of theirs too.
const hostileTable = `{"tables": [{"schemaName": "new_Trap", "label": {"1033": "<script>alert('t')</script>"}, "pluralLabel": {"1033": "\"><img src=x onerror=alert(1)>s"},
 "primaryName": "new_Name", "apps": ["msdynce_saleshub"], "notes": true, "activities": true, "audited": true, "quickCreate": true, "columns": [
 {"schemaName": "new_Name", "label": "<b onclick=alert(1)>Name</b>", "type": "String", "maxLength": 400, "required": "ApplicationRequired"},
 {"schemaName": "new_Url", "label": "javascript:alert(2)", "type": "String", "format": "Url", "maxLength": 400},
 {"schemaName": "new_Mail", "label": "\"><svg/onload=alert(3)>", "type": "String", "format": "Email", "maxLength": 400},
 {"schemaName": "new_Phone", "label": "</label><script>alert(4)</script>", "type": "String", "format": "Phone", "maxLength": 400},
 {"schemaName": "new_Lines", "label": "\u202etxet", "type": "Memo", "maxLength": 4000},
 {"schemaName": "new_Rich", "label": "&lt;b&gt;", "type": "Memo", "format": "RichText", "maxLength": 10000},
 {"schemaName": "new_Sort", "label": "</option></select><script>alert(5)</script>", "type": "Picklist", "options": [
  {"value": 1, "label": "</option><script>alert(6)</script>", "color": "red\"/><script>alert(7)</script>"}, {"value": 2, "label": "\"onfocus=alert(8) autofocus=\"", "color": "url(//evil.example)"}]},
 {"schemaName": "new_Sorts", "label": "'-alert(9)-'", "type": "MultiSelectPicklist", "options": [{"value": 1, "label": "<i>1</i>"}, {"value": 2, "label": "=1+1"}]},
 {"schemaName": "new_Yes", "label": "<u>", "type": "Boolean"}, {"schemaName": "new_Sum", "label": "<s>", "type": "Money"},
 {"schemaName": "new_AccountId", "label": "<account>", "type": "Lookup", "targets": [{"table": "account"}]},
 {"schemaName": "new_File", "label": "<file>", "type": "File"}]}]}`

// plant writes hostile text into every column of text of some rows of every table, and gives those rows.
func (c *clerk) plant() (rows []planted) {
	c.Helper()
	c.ask(http.MethodPost, "new_traps", map[string]any{"new_name": "a trap", "new_sort": 1, "new_sorts": "1,2", "new_yes": true, "new_sum": 3})
	turn, written, refused := 0, 0, []string{}
	for _, one := range c.tables() {
		if slices.Contains([]string{"organization", "sitemap", "role", "solution", "publisher"}, one.name) {
			continue // who may come in and what is where: they have no page, and the sandbox needs them
		}
		most := 3
		if slices.Contains([]string{"systemform", "savedquery", "savedqueryvisualization", "appmodule", "transactioncurrency", "businessunit", "processstage", "workflow", "team", "queue"}, one.name) {
			most = 1000 // what stands on every page
		}
		found := c.list(one.set + "?$select=" + one.id + "&$top=" + strconv.Itoa(most))
		for i, row := range found {
			id, _ := row[one.id].(string)
			change := map[string]any{}
			for _, x := range one.texts {
				if readByPrograms(x.name) {
					continue
				}
				change[x.name] = payload(x, turn)
				turn++
			}
			if len(change) == 0 {
				break
			}
			path := one.set + "(" + id + ")"
			if status, _ := c.ask(http.MethodPatch, path, change); status >= 300 {
				for name, text := range change {
					if status, answer := c.ask(http.MethodPatch, path, map[string]any{name: text}); status >= 300 {
						delete(change, name)
						refused = append(refused, one.name+"."+name+": "+string(answer))
					}
				}
			}
			written += len(change)
			if i < 2 && len(change) > 0 {
				rows = append(rows, planted{one, id, change})
			}
		}
	}
	for i, row := range rows { // one row may be written as a row of two tables, as activities are
		now := c.get(row.set + "(" + row.row + ")")
		for name := range row.values {
			if text, ok := now[name].(string); ok {
				rows[i].values[name] = text
			}
		}
	}
	if written < 400 {
		c.Errorf("only %d columns take text", written)
	}
	c.Logf("%d values written into %d tables, %d refused: %.1500s", written, len(rows), len(refused), strings.Join(refused, "\n"))
	return rows
}

// planted is a row and what was written into it.
type planted struct {
	table
	row    string
	values map[string]any
}

// readByPrograms reports that a column's text is read by programs: it has no place on a page as it is.
func readByPrograms(name string) bool {
	return strings.HasSuffix(name, "xml") || strings.HasSuffix(name, "json") || strings.Contains(name, "uniquename") || strings.Contains(name, "query") && name != "query"
}

// payload is the next hostile text, cut to what the column takes.
func payload(x textColumn, turn int) string {
	if strings.EqualFold(x.format, "RichText") && x.longest > len(richPayload) {
		return richPayload
	}
	text := mark + " " + payloads[turn%len(payloads)]
	if x.longest <= len(mark) {
		text = `"<'`
	}
	if x.kind == "String" {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", " ") // one line
	}
	for x.longest > 0 && utf8.RuneCountInString(text) > x.longest {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// moveToHostileTown starts a sandbox whose table definitions and rows are full of hostile text.
func moveToHostileTown(t *testing.T) (*town, *clerk, []planted) {
	t.Helper()
	town := moveTo(t, func(folder string) {
		file := filepath.Join(folder, seedFolder, "trap.json")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(hostileTable), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	c := newClerk(t, "harbor-sales")
	return town, c, c.plant()
}

// harm finds in a page what came out of a text: script, addresses that lead elsewhere, elements that no page of ours has.
func (a answer) harm() (found []string) {
	for _, e := range a.page.Find("*").EachIter() {
		node := e.Get(0)
		switch name := node.Data; name {
		case "iframe", "object", "embed", "base", "frame", "applet", "math", "mglyph", "audio", "video", "marquee":
			found = append(found, "<"+name+">")
		case "script", "style":
			if src := e.AttrOr("src", ""); e.AttrOr("nonce", "") == "" && !strings.HasPrefix(src, "/static/") {
				found = append(found, name+" "+e.Text())
			}
		case "meta":
			if _, refresh := e.Attr("http-equiv"); refresh {
				found = append(found, "meta http-equiv")
			}
		}
		for _, attribute := range node.Attr {
			value := attribute.Val
			switch key := attribute.Key; {
			case strings.HasPrefix(key, "on"), key == "srcdoc", key == "autofocus":
				found = append(found, key+"="+value)
			case key == "style":
				found = append(found, "style="+value)
			case (key == "fill" || key == "stroke") && strings.ContainsAny(value, "(\"<"):
				found = append(found, key+"="+value)
			case slices.Contains([]string{"href", "src", "action", "formaction", "poster", "background", "cite", "srcset"}, key) && value != "":
				if !a.safe(e, value) {
					found = append(found, node.Data+" "+key+"="+value)
				}
			}
		}
	}
	return found
}

// safe reports that an address stays with us or with Dynamics 365, or is a link that says it leads elsewhere.
func (a answer) safe(e *goquery.Selection, address string) bool {
	to, err := url.Parse(address)
	switch {
	case err != nil || strings.ContainsAny(address, "\\\x00\x01\t\n"):
		return false
	case to.Scheme == "" && to.Host == "", strings.HasPrefix(address, at.Dataverse+"/"), address == "data:,":
		return true
	case to.Scheme == "mailto", to.Scheme == "tel", to.Scheme == "http", to.Scheme == "https":
		return e.Is("a") && (to.Scheme == "mailto" || to.Scheme == "tel" || strings.Contains(e.AttrOr("rel", ""), "noopener"))
	}
	return false
}

// Whatever stands in any column of any table is shown as text, letter for letter, on every page and in every dialog about its record;
// nothing of it becomes an element, an attribute or an address.
func TestHostileTextInEveryColumnIsText(t *testing.T) {
	_, c, rows := moveToHostileTown(t)
	v, _ := visit(t, "ingrid@harborfinch.example")
	var mu sync.Mutex
	var pages, values int
	seen := map[string]bool{}
	var working sync.WaitGroup
	tasks := make(chan planted)
	for range 4 {
		working.Go(func() {
			for row := range tasks {
				p, n := v.crawl(c, row, func(path string) bool {
					mu.Lock()
					defer mu.Unlock()
					if seen[path] {
						return false
					}
					seen[path] = true
					return true
				})
				mu.Lock()
				pages, values = pages+p, values+n
				mu.Unlock()
			}
		})
	}
	for _, row := range rows {
		tasks <- row
	}
	close(tasks)
	working.Wait()
	if pages < 400 || values < 300 {
		t.Errorf("%d pages with %d planted values: there is too little to see", pages, values)
	}
	t.Logf("%d rows, %d pages, %d values read", len(rows), pages, values)
}

// crawl opens a record, its lists, its forms and every dialog that they lead to.
func (v *visitor) crawl(c *clerk, row planted, first func(path string) bool) (pages, values int) {
	list := "/tab/view?" + url.Values{"org": {strings.TrimSuffix(c.base, "/api/data/v9.2/")}, "table": {row.name}, "q": {"*" + mark}}.Encode()
	record := c.addressOf(row.name, row.row)
	queue := []string{list, record, record + "&edit=1"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if !first(path) {
			continue
		}
		page := v.fetch(path)
		if page.page == nil {
			continue
		}
		pages++
		if page.status >= 500 && page.status != http.StatusBadGateway {
			v.Errorf("%s: %d %s", path, page.status, page.text("main"))
		}
		for _, one := range page.harm() {
			v.Errorf("%s: %.200s", path, one)
		}
		switch path {
		case record:
			values += row.read(v.T, path, page)
			for _, link := range page.page.Find(`a[data-dialog], section[data-await] a[data-swap], [data-key^="add-"], [data-key="new"]`).EachIter() {
				queue = append(queue, link.AttrOr("href", ""))
			}
			for _, form := range page.page.Find(`select[name="form"] option`).EachIter() {
				queue = append(queue, record+"&form="+form.AttrOr("value", ""))
			}
		case record + "&edit=1":
			values += row.typed(v.T, path, page)
		}
	}
	return pages, values
}

// fetch is get for several at once: it reports instead of ending the test.
func (v *visitor) fetch(path string) answer {
	request, err := http.NewRequestWithContext(v.Context(), http.MethodGet, at.App+path, nil)
	if err != nil {
		v.Errorf("%q: %v", path, err)
		return answer{}
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Sec-Fetch-Dest", "iframe")
	reply, err := v.http.Do(request)
	if err != nil {
		v.Errorf("%q: %v", path, err)
		return answer{}
	}
	defer reply.Body.Close()
	page, err := goquery.NewDocumentFromReader(reply.Body)
	if err != nil {
		v.Errorf("%q: %v", path, err)
		return answer{}
	}
	return answer{T: v.T, status: reply.StatusCode, header: reply.Header, page: page}
}

func plainly(text string) string { return strings.Join(strings.Fields(text), " ") }

// read compares what the record's page shows with what was written.
func (p planted) read(t *testing.T, path string, page answer) (values int) {
	for _, field := range page.page.Find(`[data-testid="field"][data-column]`).EachIter() {
		want, ok := p.values[field.AttrOr("data-column", "")].(string)
		if !ok || want == richPayload || field.Find("[data-testid=masked]").Length() > 0 {
			continue
		}
		values++
		if got := plainly(field.Find(".v").Text()); !strings.Contains(got, plainly(want)) {
			t.Errorf("%s: %s shows %q, not %q", path, field.AttrOr("data-column", ""), got, want)
		}
	}
	return values
}

// typed compares what stands in the inputs of the form with what was written.
func (p planted) typed(t *testing.T, path string, page answer) (values int) {
	for name, value := range p.values {
		want, _ := value.(string)
		input := page.page.Find(`form + .sheet [name="` + name + `"]:not([type=hidden])`).First()
		if input.Length() == 0 || want == richPayload {
			continue
		}
		values++
		got := input.AttrOr("value", "")
		if input.Is("textarea") {
			got = input.Text()
		}
		if plainly(got) != plainly(want) {
			t.Errorf("%s: %s offers %q, not %q", path, name, got, want)
		}
	}
	return values
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// canary stands in everything that a failing upstream says. Nobody may ever read it: neither people nor the log.
const canary = "CanaryWren Holdings"

// A failing is what an upstream may do instead of answering. A call for whom it is harmless does not notice it.
type failing struct {
	name string
	rule map[string]any
	slow bool // takes seconds: only where the whole matrix is asked for
}

func says(status int, body string) map[string]any {
	return map[string]any{"status": status, "body": body}
}

// failings are the rows of the matrix.
func failings() []failing {
	oData := func(code string) string {
		return `{"error":{"code":"` + code + `","message":"` + canary + ` (Id=5) does not exist. <script>alert(1)</script>"}}`
	}
	html := "<!doctype html><html><title>" + canary + "</title><script>alert(1)</script></html>"
	refused := func(status int) failing {
		return failing{name: fmt.Sprint(status), rule: says(status, oData("0x80040217"))}
	}
	busy := func(name string, seconds int) failing {
		rule := says(http.StatusTooManyRequests, oData("0x80072322"))
		rule["retry_after"] = seconds
		return failing{name: name, rule: rule}
	}
	answers := func(name, body string) failing { return failing{name: name, rule: says(http.StatusOK, body)} }
	return []failing{
		refused(400), refused(401), refused(403), refused(404), refused(412), refused(413), refused(500), refused(502), refused(503), refused(504),
		busy("429 for a second", 1), busy("429 for long", 300), busy("429 without saying how long", 0),
		{name: "not a member", rule: says(http.StatusForbidden, oData("0x80072560"))},
		{name: "too many rows", rule: says(http.StatusBadRequest, oData("0x8004e023"))},
		{name: "no content", rule: map[string]any{"status": 204}},
		{name: "moved", rule: says(http.StatusFound, html)},
		{name: "a gateway's page", rule: says(http.StatusBadGateway, html)},
		{name: "a page that says it is fine", rule: says(http.StatusOK, html)},
		{name: "cut at once", rule: map[string]any{"cut_after_bytes": 0}},
		{name: "cut in the middle", rule: map[string]any{"cut_after_bytes": 40}},
		{name: "answer lost", rule: map[string]any{"after_effect": true}},
		answers("an empty object", `{}`), answers("null", `null`), answers("a list", `[]`), answers("a text", `"`+canary+`"`), answers("half an object", `{"value":[{"name":"`+canary),
		answers("no values", `{"value":null}`), answers("values of another kind", `{"value":{"name":"`+canary+`"}}`),
		answers("nulls", `{"value":[null,null]}`), answers("numbers", `{"value":[1,2,1e999]}`), answers("empty rows", `{"value":[{},{}]}`),
		answers("texts where objects belong", `{"value":[{"name":{"a":1},"formid":7,"objecttypecode":[],"type":"`+canary+`","statecode":"x","Id":1,"State":"x","Version":9}]}`),
		answers("a link to somebody else", `{"value":[],"@odata.nextLink":"http://localhost:9/`+url.PathEscape(canary)+`"}`),
		answers("deeply nested", strings.Repeat("[", 100_000)),
		answers("five megabytes", `{"value":["`+strings.Repeat("x", 900_000)+`"]}`),
		{name: "hanging", rule: map[string]any{"delay_ms": 60_000}, slow: true},
	}
}

// callSites are what Pintab asks of Dataverse for a dashboard, taken from what it has just asked, so that a new call is here
// by itself.
func (t *town) callSites() (sites []string) {
	t.Helper()
	reply, err := http.Get(t.at.Dataverse + "/_sandbox/requests")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var seen []struct{ Address string }
	if err := json.NewDecoder(reply.Body).Decode(&seen); err != nil {
		t.Fatal(err)
	}
	for _, one := range seen {
		path, _, _ := strings.Cut(one.Address, "?")
		name := path[strings.LastIndex(path, "/")+1:]
		name, _, _ = strings.Cut(name, "(")
		if !slices.Contains(sites, "/"+name) {
			sites = append(sites, "/"+name)
		}
	}
	slices.Sort(sites)
	return sites
}

// left is how often a fault would still happen.
func left(t *testing.T, standIn string) int {
	t.Helper()
	reply, err := http.Get(standIn + "/_sandbox/faults")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var armed struct {
		Faults []struct{ Times int }
	}
	if err := json.NewDecoder(reply.Body).Decode(&armed); err != nil || len(armed.Faults) > 1 {
		t.Fatal(armed, err)
	}
	if len(armed.Faults) == 0 {
		return 0
	}
	return armed.Faults[0].Times
}

func arm(t *testing.T, standIn, path string, f failing) {
	t.Helper()
	rule := map[string]any{"path": path, "times": 1000}
	for name, value := range f.rule {
		rule[name] = value
	}
	text, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.Post(standIn+"/_sandbox/faults", "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: fault refused: %d", f.name, reply.StatusCode)
	}
}

var rawWords = regexp.MustCompile(`(?i)canarywren|<script>alert|0x8[0-9a-f]{7}|goroutine |panic:|runtime error|json:|unmarshal|(?-i:\bEOF\b)|connection reset|dial tcp|deadline exceeded|%!`)

// inOurWords says what is wrong with a page that an upstream has spoilt.
func inOurWords(s said, took time.Duration) error {
	switch {
	case s.err != nil:
		return fmt.Errorf("no whole answer: %w", s.err)
	case took > 14*time.Second:
		return fmt.Errorf("took %v", took)
	case s.status == http.StatusInternalServerError || s.status > 503:
		return fmt.Errorf("status %d: %.300s", s.status, s.body)
	case !strings.Contains(s.body, "</html>"):
		return fmt.Errorf("half a page: %.300q", s.body[max(0, len(s.body)-300):])
	}
	if found := rawWords.FindStringIndex(s.body); found != nil {
		return fmt.Errorf("raw text: …%s…", s.body[max(0, found[0]-150):min(len(s.body), found[1]+150)])
	}
	return nil
}

// problems counts what a page could not show; -1 when it is no board at all.
func problems(s said) int {
	page, err := goquery.NewDocumentFromReader(strings.NewReader(s.body))
	if err != nil || page.Find(`[data-testid="board"]`).Length() == 0 || page.Find(`[data-testid="part"]`).Length() == 0 {
		return -1
	}
	return page.Find(`[data-testid="problem"]`).Length()
}

// Whatever any upstream does at any call, the page is there in time, in our own words; and when the upstream is itself
// again, so is the page.
func TestWhateverAnUpstreamDoes(t *testing.T) {
	all := os.Getenv("PINTAB_TEST_MATRIX") != ""
	town := moveTo(t)
	const person = "priya@harborfinch.example"
	base, _, end := town.another()
	whole := newGuest(base, person).signIn(personalTokens(t, person, at.ssoScope()).Access, "/tab/dashboard")
	end()
	if problems(whole) != 0 {
		t.Fatalf("the page is not whole to begin with: %d %v", whole.status, whole.err)
	}
	type column struct{ standIn, path string }
	var columns []column
	for _, site := range town.callSites() {
		columns = append(columns, column{at.Dataverse, site})
	}
	columns = append(columns, column{at.Entra, "/oauth2/v2.0/token"}, column{at.Entra, "/discovery/v2.0/keys"}, column{at.Entra, "/.well-known/openid-configuration"})
	cells, unnoticed := 0, 0
	for i, c := range columns {
		for j, f := range failings() {
			// Every run has each column and each row at least once; the whole matrix is for asking.
			if !all && (f.slow || (i+j)%13 != 0) {
				continue
			}
			cells++
			if n := town.cell(person, c.standIn, c.path, f); n == 0 {
				unnoticed++
			}
		}
	}
	t.Logf("%d cells over %d calls, %d without effect", cells, len(columns), unnoticed)
	for _, line := range strings.Split(town.log.String(), "\n") {
		if strings.Contains(line, "CanaryWren") {
			t.Errorf("the log has what an upstream said: %s", line)
			break
		}
	}
}

// cell is one failing of one call, at a Pintab with empty caches. It gives how often the failing happened.
func (t *town) cell(person, standIn, path string, f failing) (happened int) {
	t.Helper()
	token := personalTokens(t.T, person, t.at.ssoScope()).Access
	base, _, end := t.another()
	defer end()
	g := newGuest(base, person)
	logged := len(t.log.String())
	name := path + " × " + f.name
	arm(t.T, standIn, path, f)
	began := time.Now()
	first := g.signIn(token, "/tab/dashboard")
	if err := inOurWords(first, time.Since(began)); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	happened = 1000 - left(t.T, standIn)
	if strings.HasPrefix(f.name, "429 for long") {
		g.ask(http.MethodGet, "/tab/dashboard", nil)
		if again := 1000 - left(t.T, standIn); again > happened && standIn == t.at.Dataverse {
			t.Errorf("%s: asked %d times more while told to wait", name, again-happened)
		}
	}
	behave(t.T, standIn)
	if text := t.log.String()[logged:]; strings.Contains(text, `"fault":"internal"`) || strings.Contains(text, "panic") {
		t.Errorf("%s: a defect of ours: %.1500s", name, text)
	}
	t.forward(6 * time.Minute)
	if g.ask(http.MethodGet, "/tab/dashboard", nil); first.status == http.StatusOK && problems(first) == 0 {
		return happened
	}
	if second := g.signIn(personalTokens(t.T, person, t.at.ssoScope()).Access, "/tab/dashboard"); problems(second) != 0 {
		t.Errorf("%s: not well again: status %d, %d problems", name, second.status, problems(second))
	}
	return happened
}

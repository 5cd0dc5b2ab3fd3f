package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/pintab/pintab/internal/pin"
)

const (
	pinsTenant  = "72f988bf-86f1-41af-91ab-2d7cd011db47"
	pinsTeam    = "b7d1c0a4-2e58-4c7d-8a64-0c5f1e9d2b73"
	pinsCatalog = "3f1c7a52-9b0d-4e86-8a21-6c5d4e3f2b10"
)

func pinsDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/tab-address.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block gives the first block of the document in a language.
func block(t *testing.T, language string) string {
	t.Helper()
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(pinsDocument(t))
	if m == nil {
		t.Fatal("the document has no", language)
	}
	return m[1]
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func planned(t *testing.T, file string) []tabCall {
	t.Helper()
	var out bytes.Buffer
	c := pinsPlanCommand{pinsList{File: file, TeamsApp: pinsCatalog, PublicURL: "https://pintab.example.com/", Graph: "https://graph.microsoft.com/v1.0"}}
	if err := c.run(pinsTenant, &out); err != nil {
		t.Fatal(err)
	}
	var calls []tabCall
	lines := json.NewDecoder(&out)
	for lines.More() {
		var call tabCall
		if err := lines.Decode(&call); err != nil {
			t.Fatal(err)
		}
		calls = append(calls, call)
	}
	return calls
}

// R25: every address that the document shows is one that tabs take.
func TestTheDocumentedAddressesOfTabs(t *testing.T) {
	addresses := regexp.MustCompile(`https://pintab\.example\.com/tab/pin\?\S+`).FindAllString(pinsDocument(t), -1)
	if len(addresses) < 2 {
		t.Fatal(addresses)
	}
	for _, text := range addresses {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		a, err := pin.AddressFrom(u.Query())
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		for name := range a.Query() {
			if !strings.Contains(pinsDocument(t), "| `"+name+"` |") {
				t.Errorf("the parameter %s is not documented", name)
			}
		}
	}
}

// R25: the lists of the document, YAML and CSV, become calls of Graph with addresses that tabs take.
func TestPlanningPins(t *testing.T) {
	calls := planned(t, written(t, "pins.yaml", block(t, "yaml")))
	if len(calls) != 2 {
		t.Fatal(len(calls))
	}
	if want := "https://graph.microsoft.com/v1.0/teams/" + pinsTeam + "/channels/19:8e401c2d3b4a5968778695a4b3c2d1e0@thread.tacv2/tabs"; calls[0].Method != "POST" || calls[0].URL != want {
		t.Error(calls[0].Method, calls[0].URL)
	}
	if want := "https://graph.microsoft.com/v1.0/chats/19:a1b2c3d4e5f60718293a4b5c6d7e8f90@thread.v2/tabs"; calls[1].URL != want {
		t.Error(calls[1].URL)
	}
	for _, call := range calls {
		b := call.Body
		u, err := url.Parse(strings.TrimSuffix(b.Configuration.ContentURL, "&theme={theme}&locale={locale}"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := pin.AddressFrom(u.Query())
		if err != nil || pin.PinOf(b.Configuration.EntityID) != a.Pin || a.Tenant != pinsTenant || b.App != "https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/"+pinsCatalog || b.Name == "" {
			t.Errorf("%+v %v", call, err)
		}
	}
	fromCSV := planned(t, written(t, "pins.csv", "\xef\xbb\xbf"+block(t, "csv")))
	if len(fromCSV) != 1 || fromCSV[0].Body.Configuration.EntityID != calls[0].Body.Configuration.EntityID || fromCSV[0].URL != calls[0].URL {
		t.Errorf("%+v", fromCSV)
	}
	if again := planned(t, written(t, "pins.yml", block(t, "yaml"))); again[1] != calls[1] {
		t.Error("the same list gives other tabs:", again[1])
	}
}

// Everything that is the matter with a list is said at once, with its line.
func TestListsOfPinsThatAreWrong(t *testing.T) {
	const channel = "  - {team: " + pinsTeam + ", channel: '19:x@thread.tacv2', name: N, "
	const target = "organization: https://contoso.crm4.dynamics.com, app: " + pinsCatalog + ", table: account, record: " + pinsTeam
	for text, want := range map[string][]string{
		"":                                   {"0 tabs"},
		"pins: 7":                            {"no YAML"},
		"tabs: []":                           {"no YAML"},
		"pins:\n  - {name: [":                {"no YAML"},
		"pins:\n  - just words":              {"line 2"},
		"pins:\n" + channel + "colour: red}": {"line 2", `"colour"`, "channel"},
		"pins:\n" + channel + target + ", view: " + pinsTeam + "}\n  - {name: N}\n" + channel + "link: https://example.com}":               {"line 2", "line 3", "line 4"},
		"pins:\n" + channel + target + "}\n" + channel + target + "}":                                                                      {"line 3", "line 2"},
		"pins:\n" + channel + "link: 'https://contoso.crm4.dynamics.com/main.aspx?pagetype=entityrecord&etn=account&id=" + pinsTeam + "'}": {"appid"},
		"pins:\n  - {team: " + pinsTeam + ", channel: '19:x', chat: '19:y', name: N, " + target + "}":                                      {"not in both"},
		"pins:\n  - {team: Sales, channel: General, name: N, " + target + "}":                                                              {"group id"},
		"pins:\n" + channel + target + ", lists: [a/b]}":                                                                                   {"line 2"},
		"pins: &a\n  - *a": {"line 2"},
	} {
		_, err := readPins(written(t, "pins.yaml", text), nil)
		if err == nil {
			t.Errorf("%q was read", text)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: %v, without %q", text, err, w)
			}
		}
	}
	for text, want := range map[string]string{"": "first line", "team,colour\n": `"colour"`, "team,name\na\n": "fields", "name\nx\n": "line 2"} {
		if _, err := readPins(written(t, "pins.csv", text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := readPins(written(t, "pins.yaml", strings.Repeat("#", largestPins+1)), nil); err == nil {
		t.Error("an endless list was read")
	}
	if entries, err := readPins("-", strings.NewReader(block(t, "yaml"))); err != nil || len(entries) != 2 {
		t.Error(len(entries), err)
	}
	c := pinsPlanCommand{pinsList{File: written(t, "pins.yaml", block(t, "yaml")), TeamsApp: "x", PublicURL: "ftp://x"}}
	if err := c.run("", &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "--tenant") || !strings.Contains(err.Error(), "--teams-app") || !strings.Contains(err.Error(), "--public-url") {
		t.Error(err)
	}
}

// tabsOfGraph is as much of Microsoft Graph as tabs take.
type tabsOfGraph struct {
	mu   sync.Mutex
	tabs map[string][]map[string]any // by path
	sent []string
}

func (g *tabsOfGraph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent = append(g.sent, r.Method)
	w.Header().Set("Content-Type", "application/json")
	if r.Header.Get("Authorization") != "Bearer token" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":{"code":"InvalidAuthenticationToken","message":"no"}}`))
		return
	}
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	place, id, found := strings.Cut(r.URL.Path, "/tabs/")
	place = strings.TrimSuffix(place, "/tabs")
	switch {
	case r.Method == http.MethodGet:
		_ = json.NewEncoder(w).Encode(map[string]any{"value": g.tabs[place]})
	case r.Method == http.MethodPost && body["teamsApp@odata.bind"] != nil:
		body["id"] = "tab" + body["displayName"].(string)
		g.tabs[place] = append(g.tabs[place], body)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{}`))
	case r.Method == http.MethodPatch && found && body["teamsApp@odata.bind"] == nil:
		for _, tab := range g.tabs[place] {
			if tab["id"] == id {
				tab["displayName"], tab["configuration"] = body["displayName"], body["configuration"]
			}
		}
		_, _ = w.Write([]byte(`{}`))
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// A list can be applied again: what is there stays, what differs is corrected, and what fails does not keep the others.
func TestApplyingPins(t *testing.T) {
	fake := &tabsOfGraph{tabs: map[string][]map[string]any{}}
	server := httptest.NewServer(fake)
	defer server.Close()
	apply := func(list, token string) (string, error) {
		var out bytes.Buffer
		c := pinsApplyCommand{pinsList{File: written(t, "pins.yaml", list), TeamsApp: pinsCatalog, PublicURL: "https://pintab.example.com", Graph: server.URL}}
		err := c.run(context.Background(), pinsTenant, token, &out)
		return out.String(), err
	}
	list := block(t, "yaml")
	if out, err := apply(list, "token"); err != nil || strings.Count(out, "made\t") != 2 {
		t.Error(out, err)
	}
	fake.sent = nil
	if out, err := apply(list, "token"); err != nil || strings.Count(out, "unchanged\t") != 2 || len(fake.sent) != 2 {
		t.Error(out, err, fake.sent)
	}
	if out, err := apply(strings.Replace(list, "name: Contoso", "name: Contoso Ltd", 1), "token"); err != nil || strings.Count(out, "corrected\tContoso Ltd") != 1 {
		t.Error(out, err)
	}
	if n := len(fake.tabs); n != 2 {
		t.Error(n, "places")
	}
	if out, err := apply(list, "stale"); err == nil || strings.Count(out, "failed: 401 Unauthorized InvalidAuthenticationToken") != 2 {
		t.Error(out, err)
	}
	if _, err := apply(list, ""); err == nil || !strings.Contains(err.Error(), "PINTAB_GRAPH_TOKEN") {
		t.Error(err)
	}
}

func FuzzReadPins(f *testing.F) {
	f.Add("pins:\n  - {team: "+pinsTeam+", channel: '19:x@thread.tacv2', name: N, link: 'https://contoso.crm4.dynamics.com/main.aspx?appid="+pinsCatalog+"&etn=account&id="+pinsTeam+"'}", false)
	f.Add("pins: [&a {name: x, lists: [y]}, *a]", false)
	f.Add("team,channel,name,link,lists\n"+pinsTeam+",19:x,N,https://x/main.aspx?etc=1,a b", true)
	f.Fuzz(func(t *testing.T, text string, table bool) {
		read := readPinsYAML
		if table {
			read = readPinsCSV
		}
		entries, err := read([]byte(text))
		if err != nil {
			return
		}
		for _, e := range entries {
			if e.settle() != nil {
				continue
			}
			u, err := url.Parse(e.call("https://graph", "https://pintab.example.com", pinsTenant, pinsCatalog).Body.Configuration.WebsiteURL)
			if err != nil {
				t.Fatal(err)
			}
			if a, err := pin.AddressFrom(u.Query()); err != nil || a.Target.Table != e.target.Table {
				t.Errorf("%q became an address that is none: %s %v", text, u, err)
			}
		}
	})
}

package record_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// seeker is a person who looks for records in all of their organizations.
type seeker struct {
	*desk
	places []crm.Place
	db     *store.Store
}

func seeking(t *testing.T, role world.Role, locale string) *seeker {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "pintab.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &seeker{desk: at(t, role, locale), db: db}
	s.renew()
	organizations, _, err := s.client.Organizations(t.Context(), s.caller)
	if err != nil {
		t.Fatal(err)
	}
	for _, org := range organizations {
		apps, _, err := s.client.Apps(t.Context(), s.caller, org)
		if err != nil {
			t.Fatal(err)
		}
		if len(apps) > 0 {
			s.places = append(s.places, crm.Place{Organization: org, App: apps[0]})
		}
	}
	if len(s.places) == 0 {
		t.Fatal("no place to search")
	}
	// The stand-in makes its index at the first search, which takes longer than anybody waits where it has little of a processor.
	indexed.Do(func() {
		for _, p := range s.places {
			s.place = p
			s.api(role, http.MethodPost, "searchquery", map[string]any{"search": "warm-up"})
		}
	})
	s.place = s.places[0]
	return s
}

var indexed sync.Once

// renew makes the server one that knows nothing yet.
func (s *seeker) renew() {
	s.client = dataverse.New(dataverse.Config{DiscoveryURL: s.stage.dataverse.URL, Tokens: s.stage, AllowHTTP: true})
	s.service = &record.Service{Searcher: s.client, Finder: s.client, Directory: s.client, Recents: s.db, Looks: s.db, Now: time.Now}
}

func (s *seeker) search(text string, tables ...string) crm.SearchAnswer {
	s.t.Helper()
	answer, err := s.service.Search(s.t.Context(), s.caller, crm.SearchQuery{Text: text, Tables: tables, Places: s.places, Most: 50}, nil)
	if err != nil {
		s.t.Fatal(text, err)
	}
	return answer
}

// switchSearch turns Dataverse search of an organization on or off, and its limits, for a test.
func (s *seeker) switchSearch(organization string, on, limited bool) {
	s.t.Helper()
	set := func(on, limited bool) {
		body, _ := json.Marshal(map[string]any{"organization": organization, "enabled": on, "limits": limited})
		response, err := http.Post(s.stage.dataverse.URL+"/_sandbox/search", "application/json", bytes.NewReader(body))
		if err != nil || response.StatusCode != http.StatusNoContent {
			s.t.Fatal(response, err)
		}
		response.Body.Close()
	}
	set(on, limited)
	s.t.Cleanup(func() { set(true, true) })
}

func names(found []crm.FoundRecord) []string {
	var all []string
	for _, f := range found {
		all = append(all, f.Name)
	}
	return all
}

func finds(found []crm.FoundRecord, ref crm.RecordRef) bool {
	return slices.ContainsFunc(found, func(f crm.FoundRecord) bool { return f.Ref == ref })
}

// account makes an account as the administrator in the place where the person is.
func (s *seeker) account(name string) crm.RecordRef {
	s.t.Helper()
	ref := s.make("accounts", "account", map[string]any{"name": name})
	s.t.Cleanup(func() { s.api(world.Administrator, http.MethodDelete, "accounts("+ref.ID+")", nil) })
	return ref
}

// Section 4 no. 3, S17: one search goes through every organization, each result says where it is from, and each organization is told
// of as it answers.
func TestSearchingEveryOrganization(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	var mu sync.Mutex
	var told []crm.Searched
	answer, err := s.service.Search(t.Context(), s.caller, crm.SearchQuery{Text: "contoso", Places: s.places}, func(p crm.Searched) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, p)
	})
	if err != nil || len(answer.Places) != 2 || len(told) != 2 || !answer.Complete() {
		t.Fatal(len(answer.Places), len(told), answer.Complete(), err)
	}
	tables, organizations := map[string]bool{}, map[string]bool{}
	for _, f := range answer.Records {
		tables[f.Table.LogicalName], organizations[f.Place.Organization.Name] = true, true
		if f.Ref.Organization != f.Place.Organization.URL || f.Place.App.Name == "" || f.Table.Label == "" || len(f.Fields) > 4 {
			t.Errorf("%+v", f)
		}
		for _, x := range f.Fields {
			if x.Label == "" || x.Text == "" || x.Text == f.Name {
				t.Errorf("%s has the field %+v", f.Name, x)
			}
		}
	}
	if len(organizations) != 2 || len(tables) < 3 {
		t.Error(organizations, tables)
	}
	for i, p := range answer.Places {
		if p.Place != s.places[i] || p.By != crm.SearchedByIndex || len(p.Tables) < 5 || p.Took <= 0 {
			t.Errorf("%s: by %s in %d tables", p.Place.Organization.Name, p.By, len(p.Tables))
		}
	}
	if first := answer.Records[0]; first.Name != "Contoso Pharmaceuticals" || first.Fields[0].Label != "Account Number" {
		t.Errorf("%s %+v", first.Name, first.Fields)
	}
}

// The best stands first: the name itself, its beginning, a word of it, then the middle of a word; records that are found by
// something else follow.
func TestTheBestStandsFirst(t *testing.T) {
	s := seeking(t, world.Administrator, "en-US")
	s.places = s.places[:1]
	for _, name := range []string{"Old Zyxquet", "Zyxquet Pumps", "Zyxquet"} {
		s.account(name)
	}
	for _, on := range []bool{true, false} {
		s.renew()
		s.switchSearch("harbor-sales", on, false)
		got := names(s.search("zyxquet", "account").Records)
		want := []string{"Zyxquet", "Zyxquet Pumps", "Old Zyxquet"}
		if !on {
			want = want[:2] // quick find knows beginnings
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("search on: %v: %s", on, diff)
		}
		if got := names(s.search("yxque", "account").Records); len(got) != 3 {
			t.Errorf("search on: %v: the middle of a name is not found: %q", on, got)
		}
	}
}

// R37: what is typed is meant. No character is a wildcard or an operator, with Dataverse search as without it.
func TestSearchTextIsLiteral(t *testing.T) {
	for _, on := range []bool{true, false} {
		s := seeking(t, world.Administrator, "en-US")
		s.switchSearch("harbor-sales", on, false)
		s.places = s.places[:1]
		decoy := s.account("Plimsolling Abcdef Rope 100 Main")
		for _, text := range []string{
			"Plim%", "Plim_oll", "Plim*", "Plim?oll", "Plims[o]ll", "Plim.*", "Plim+soll", "Plim-", "-Plimsoll", "Plim|soll", "(Plim)", `"Plim"`, "Plim~1", "name:Plim",
			"Plim OR x", "Plim AND Rope", "NOT Plim", "Plim'", "Plim''", "Plim&x", "Plim<b>", "Plim</fetch>", `Plim\`, "Plim/soll", "Plim!", "Plim^2", "Plim{0}", "{0}Plim", "Plim@", "Plim=1", "Plim.",
			"Plim 🚢", "שלום Plim", "Plim;DROP", "%", "__", "**", "100%", "[a-z]lim", "Plim\u200dsoll",
		} {
			if len([]rune(text)) < 2 {
				continue
			}
			ours := s.account(text + " of ours")
			s.renew()
			found := s.search(text, "account").Records
			if !finds(found, ours) {
				t.Errorf("search on: %v: %q does not find what begins with it: %q", on, text, names(found))
			}
			if finds(found, decoy) {
				t.Errorf("search on: %v: %q found %q", on, text, "Plimsolling Abcdef Rope 100 Main")
			}
			for _, f := range found {
				if f.Ref != ours && !strings.Contains(strings.ToLower(f.Name), strings.ToLower(text)) {
					t.Errorf("search on: %v: %q found %q", on, text, f.Name)
				}
			}
		}
	}
}

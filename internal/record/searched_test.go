package record_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func labels(tables []crm.Table) []string {
	var all []string
	for _, t := range tables {
		all = append(all, t.LogicalName)
	}
	return all
}

// S40, S16: Filter by narrows a search to one table; the same word without it finds more.
func TestFilteringBySomeTable(t *testing.T) {
	s := seeking(t, world.Seller, "de-DE")
	offered, err := s.service.SearchTables(t.Context(), s.caller, s.places)
	if err != nil || len(offered) < 10 {
		t.Fatal(len(offered), err)
	}
	seen := map[string]bool{}
	for i, o := range offered {
		if seen[o.Table.LogicalName] || i > 0 && strings.ToLower(offered[i-1].Table.Label) > strings.ToLower(o.Table.Label) {
			t.Error("not each once, by name:", o.Table.Label)
		}
		seen[o.Table.LogicalName] = true
	}
	i := slices.IndexFunc(offered, func(o crm.SearchTable) bool { return o.Table.LogicalName == "account" })
	if i < 0 || offered[i].Table.Label != "Firma" {
		t.Error("tables are not called as the reader calls them:", i)
	}
	all, accounts := s.search("contoso"), s.search("contoso", "account")
	if len(accounts.Records) == 0 || len(accounts.Records) >= len(all.Records) {
		t.Error(len(accounts.Records), "of", len(all.Records))
	}
	for _, f := range accounts.Records {
		if f.Table.LogicalName != "account" {
			t.Error(f.Table.LogicalName, f.Name)
		}
	}
	for _, p := range accounts.Places {
		if diff := cmp.Diff([]string{"account"}, labels(p.Tables)); diff != "" {
			t.Error(diff)
		}
	}
	if leads := s.search("contoso", "lead"); !leads.Complete() {
		t.Errorf("a table that one organization has is missed in the other: %+v", leads.Places)
	}
	none := s.search("contoso", "secretplans")
	if len(none.Records) != 0 || none.Complete() || fault.Of(none.Places[0].Skipped[0].Err).Key != "record.no_table" {
		t.Errorf("%+v", none.Places)
	}
}

// R38: every searchable table of the app is searched, and one that cannot be is told of beside what the others gave.
func TestATableThatCannotBeSearched(t *testing.T) {
	s := seeking(t, world.Administrator, "en-US")
	s.switchSearch("harbor-sales", false, false)
	s.places = s.places[:1]
	whole := s.search("contoso")
	if !whole.Complete() || whole.Places[0].By != crm.SearchedByQuickFind || len(whole.Places[0].Tables) < 10 {
		t.Fatal(whole.Places[0].By, labels(whole.Places[0].Tables))
	}
	s.stage.intercept(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/$batch") {
			body, _ := io.ReadAll(r.Body)
			body = bytes.ReplaceAll(body, []byte("/leads?fetchXml"), []byte("/nosuchset?fetchXml"))
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		return false
	})
	part := s.search("contoso")
	if part.Complete() || len(part.Places[0].Skipped) != 1 || part.Places[0].Skipped[0].Table.Label != "Lead" || part.Places[0].Skipped[0].Err == nil {
		t.Errorf("%+v", part.Places[0].Skipped)
	}
	if slices.Contains(labels(part.Places[0].Tables), "lead") || len(part.Records) == 0 {
		t.Error("the lead table counts as searched, or the others are lost:", labels(part.Places[0].Tables), len(part.Records))
	}
}

// R39: what one organization fails at takes nothing from the others.
func TestAnOrganizationThatFails(t *testing.T) {
	for name, fail := range map[string]struct {
		answer http.HandlerFunc
		kind   fault.Kind
	}{
		"it is broken": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, fault.Unreachable},
		"it is busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		}, fault.Busy},
		"it is forbidden": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"error":{"code":"0x80072560","message":"no member"}}`))
		}, fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			s := seeking(t, world.Seller, "en-US")
			s.renew()
			s.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasPrefix(r.URL.Path, "/harbor-service/") {
					fail.answer(w, r)
					return true
				}
				return false
			})
			answer := s.search("contoso")
			if answer.Complete() || len(answer.Records) == 0 || answer.Places[0].Err != nil || !fault.Is(answer.Places[1].Err, fail.kind) {
				t.Errorf("%d records, %v, %v", len(answer.Records), answer.Places[0].Err, answer.Places[1].Err)
			}
		})
	}
}

// A sign-in that has ended is the answer to everything.
func TestSearchingAfterTheSignInEnded(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	s.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	s.renew()
	if _, err := s.service.Search(t.Context(), s.caller, crm.SearchQuery{Text: "contoso", Places: s.places}, nil); !fault.Is(err, fault.SignedOut) {
		t.Error(err)
	}
}

// R39: one search a second is all that Dataverse search takes of a person. Whoever searches more often is served all the same, and
// it is hardly ever asked in vain.
func TestSearchingFasterThanDataverseSearch(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	s.switchSearch("harbor-sales", true, true)
	s.places = s.places[:1]
	s.search("warm-up")
	s.stage.forget()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			answer, err := s.service.Search(t.Context(), s.caller, crm.SearchQuery{Text: "contoso", Places: s.places}, nil)
			if err != nil || answer.Places[0].Err != nil || len(answer.Records) == 0 {
				t.Error(len(answer.Records), err, answer.Places[0].Err)
			}
		})
	}
	all.Wait()
	if asked := s.stage.sent(http.MethodPost, "/search/"); asked > 2 {
		t.Error("Dataverse search was asked", asked, "times within about a second")
	}
}

// Search that tells to wait, that is off, not there or of the first version only: something is found each time.
func TestWithoutDataverseSearch(t *testing.T) {
	refuse := func(status int, header, body string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/api/search/") {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", header)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			return true
		}
	}
	for name, c := range map[string]struct {
		before func(http.ResponseWriter, *http.Request) bool
		by     crm.SearchedBy
	}{
		"told to wait a minute": {refuse(429, "60", `{"error":{"code":"0x80072322"}}`), crm.SearchedByQuickFind},
		"switched off":          {refuse(400, "", `{"error":{"code":"0x80048d0b"}}`), crm.SearchedByQuickFind},
		"without any search":    {refuse(404, "", `{"Message":"No HTTP resource was found"}`), crm.SearchedByQuickFind},
		"broken":                {refuse(500, "", ``), crm.SearchedByQuickFind},
		"of the first version": {func(w http.ResponseWriter, r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/api/search/v2.0/") && refuse(404, "", "")(w, r)
		}, crm.SearchedByIndex},
		"with a status of its own": {func(w http.ResponseWriter, r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "/status") && refuse(403, "", `{}`)(w, r)
		}, crm.SearchedByIndex},
	} {
		t.Run(name, func(t *testing.T) {
			s := seeking(t, world.Administrator, "en-US")
			s.switchSearch("harbor-sales", true, false)
			s.places = s.places[:1]
			s.stage.intercept(t, c.before)
			for range 2 {
				s.renew()
				answer := s.search("contoso")
				if len(answer.Records) < 3 || !answer.Complete() || answer.Places[0].By != c.by {
					t.Errorf("by %s, %d records, %v", answer.Places[0].By, len(answer.Records), answer.Places[0].Err)
				}
			}
		})
	}
}

// Nobody finds what they may not read: each result is there for another client with the same person's rights.
func TestResultsAreWhatThePersonMayRead(t *testing.T) {
	for _, on := range []bool{true, false} {
		for _, role := range []world.Role{world.Seller, world.Manager, world.ReadOnly} {
			s := seeking(t, role, "en-US")
			s.switchSearch("harbor-sales", on, false)
			s.places = s.places[:1]
			s.renew()
			answer := s.search("contoso")
			if len(answer.Records) == 0 && role != world.Seller {
				t.Errorf("%s finds nothing", role)
			}
			for _, f := range answer.Records {
				if status, _ := s.api(role, http.MethodGet, f.Table.SetName+"("+f.Ref.ID+")?$select="+f.Table.PrimaryID, nil); status != http.StatusOK {
					t.Errorf("%s found %s %s, which they may not read: %d", role, f.Table.LogicalName, f.Name, status)
				}
			}
		}
	}
}

func TestHowShortATextMayBe(t *testing.T) {
	for text, key := range map[string]string{
		"": "", "a": "search.too_short", " a ": "search.too_short", "%": "search.too_short", "ab": "", "語": "", "한": "", "あ": "", "é": "search.too_short",
		strings.Repeat("x", 100): "", strings.Repeat("語", 101): "search.too_long",
	} {
		got := ""
		if f := fault.Of(record.CheckSearch(text)); f != nil {
			got = f.Key
		}
		if got != key {
			t.Errorf("%q: %q, want %q", text, got, key)
		}
	}
	s := &record.Service{}
	if _, err := s.Search(context.Background(), crm.Caller{}, crm.SearchQuery{Text: "x"}, nil); !fault.Is(err, fault.Invalid) {
		t.Error("somebody was asked:", err)
	}
}

// Without a text the records stand first that the person used last, in whichever organization: what is gone or closed by now is
// left out.
func TestRecentlyUsedFirst(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	found := s.search("contoso").Records
	if len(found) < 6 {
		t.Fatal(len(found))
	}
	gone := crm.RecordRef{Organization: s.places[0].Organization.URL, Table: "account", ID: "00000000-0000-4000-8000-00000000dead"}
	var want []crm.RecordRef
	clock := time.Now().Add(-time.Hour)
	s.db.Now = func() time.Time { return clock }
	for _, ref := range []crm.RecordRef{found[4].Ref, gone, found[0].Ref, found[1].Ref, found[4].Ref} {
		clock = clock.Add(time.Minute)
		if _, _, err := s.db.Look(t.Context(), s.caller.User, ref, "1"); err != nil {
			t.Fatal(err)
		}
	}
	want = []crm.RecordRef{found[4].Ref, found[1].Ref, found[0].Ref}
	answer, err := s.service.Search(t.Context(), s.caller, crm.SearchQuery{Places: s.places}, nil)
	if err != nil || !answer.Complete() {
		t.Fatal(err, answer.Places)
	}
	var got []crm.RecordRef
	for _, f := range answer.Records {
		got = append(got, f.Ref)
		if f.Used.IsZero() || f.Name == "" {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	answer, err = s.service.Search(t.Context(), s.caller, crm.SearchQuery{Places: s.places, Tables: []string{"lead"}}, nil)
	if err != nil || len(answer.Records) != 0 {
		t.Error(names(answer.Records), err)
	}
	other := seeking(t, world.Manager, "en-US")
	other.db = s.db
	other.renew()
	if answer, err := other.service.Search(t.Context(), other.caller, crm.SearchQuery{Places: other.places}, nil); err != nil || len(answer.Records) != 0 {
		t.Error("somebody sees what another person used:", names(answer.Records), err)
	}
}

// Where the organization itself tells what the person used last, in the web app or elsewhere, that counts too.
func TestWhatWasUsedInTheWebApp(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	s.places = s.places[:1]
	found := s.search("contoso").Records
	s.renew()
	s.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/recentlyused") {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[{"objectid":"{`+strings.ToUpper(found[2].Ref.ID)+`}","objecttype":"`+found[2].Ref.Table+`","lastaccessed":"2026-11-20T10:00:00Z"},
			{"objectid":"`+found[0].Ref.ID+`","objecttype":"`+found[0].Ref.Table+`","lastaccessed":"2026-11-21T10:00:00Z"},
			{"objectid":"no id","objecttype":"account","lastaccessed":"2026-11-21T10:00:00Z"},{"objectid":"`+found[1].Ref.ID+`","objecttype":"x'y","lastaccessed":"2026-11-21T10:00:00Z"}]}`)
		return true
	})
	answer, err := s.service.Search(t.Context(), s.caller, crm.SearchQuery{Places: s.places}, nil)
	if err != nil || len(answer.Records) != 2 || answer.Records[0].Ref != found[0].Ref || answer.Records[1].Ref != found[2].Ref {
		t.Error(names(answer.Records), err)
	}
}

// Views are found by their names, taken literally; a personal one by its owner and by those whom it is shared with.
func TestSearchingViews(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	find := func(s *seeker, text string, tables ...string) []crm.FoundView {
		t.Helper()
		answer, err := s.service.SearchViews(t.Context(), s.caller, crm.SearchQuery{Text: text, Tables: tables, Places: s.places, Most: 100}, nil)
		if err != nil || !answer.Complete() {
			t.Fatal(err, answer.Places)
		}
		return answer.Views
	}
	active := find(s, "active acc")
	if len(active) < 2 || active[0].View.Name != "Active Accounts" || active[0].Table.LogicalName != "account" {
		t.Errorf("%+v", active)
	}
	organizations := map[string]bool{}
	for _, v := range active {
		organizations[v.Place.Organization.Name] = true
	}
	if len(organizations) != 2 {
		t.Error(organizations)
	}
	if all := find(s, "", "account"); len(all) < 4 {
		t.Errorf("%d views of accounts", len(all))
	}
	for _, text := range []string{"active%", "act_ve", "active*", "[a]ctive"} {
		if got := find(s, text); len(got) != 0 {
			t.Errorf("%q found %d views", text, len(got))
		}
	}
	mine := func(views []crm.FoundView) (n int) {
		for _, v := range views {
			if v.View.Personal {
				n++
			}
		}
		return n
	}
	s.places = s.places[:1]
	status, made := s.api(world.Seller, http.MethodPost, "userqueries", map[string]any{
		"name": "Zyx my own accounts", "returnedtypecode": "account", "querytype": 0,
		"fetchxml": `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`, "layoutxml": `<grid name="resultset"><row name="result" id="accountid"><cell name="name" width="100"/></row></grid>`,
	})
	if status != http.StatusNoContent {
		t.Fatal(status, made)
	}
	t.Cleanup(func() { s.api(world.Seller, http.MethodDelete, "userqueries("+made["id"].(string)+")", nil) })
	s.renew()
	if got := find(s, "zyx my"); len(got) != 1 || mine(got) != 1 {
		t.Errorf("the person's own view: %+v", got)
	}
	other := seeking(t, world.Manager, "en-US")
	if got := find(other, "zyx my"); len(got) != 0 {
		t.Errorf("another person's view was found: %+v", got)
	}
}

// A server that does not look definitions up by their ids gives the same tables.
func TestTablesOfAnAppByOtherMeans(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	want, err := s.client.Searchable(t.Context(), s.caller, s.place)
	if err != nil || len(want) < 10 {
		t.Fatal(len(want), err)
	}
	asked := false
	s.renew()
	s.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/EntityDefinitions") || !strings.Contains(r.URL.RawQuery, "MetadataId%20eq") {
			return false
		}
		asked = true
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":"0x80060888","message":"not supported"}}`)
		return true
	})
	got, err := s.client.Searchable(t.Context(), s.caller, s.place)
	if diff := cmp.Diff(want, got); diff != "" || err != nil || !asked {
		t.Error(asked, err, diff)
	}
}

// Dataverse looks at 10,000 rows of a quick find at most. A table where that is not enough is searched by its names alone.
func TestSearchingATableThatIsTooLarge(t *testing.T) {
	s := seeking(t, world.Administrator, "en-US")
	s.switchSearch("harbor-sales", false, false)
	s.places = s.places[:1]
	ref := s.account("Zylorentic Freight")
	var refused, again atomic.Int64
	s.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/$batch") {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		switch {
		case !bytes.Contains(body, []byte("Zylorentic")):
			return false
		case !bytes.Contains(body, []byte("emailaddress1%22+operator%3D%22like")):
			again.Add(1)
			return false
		}
		refused.Add(1)
		w.Header().Set("Content-Type", "multipart/mixed; boundary=b")
		_, _ = io.WriteString(w, "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n"+
			`{"error":{"code":"0x8004E024","message":"too many rows"}}`+"\r\n--b--\r\n")
		return true
	})
	answer := s.search("Zylorentic", "account")
	if !finds(answer.Records, ref) || !answer.Complete() || refused.Load() != 1 || again.Load() != 1 {
		t.Errorf("%q, refused %d, by names %d, %+v", names(answer.Records), refused.Load(), again.Load(), answer.Places[0].Skipped)
	}
}

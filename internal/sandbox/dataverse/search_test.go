package dataverse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

var searchableSandbox = sync.OnceValues(func() (*engine.DB, error) {
	ctx, org := context.Background(), world.Organizations()[0]
	db, err := engine.Open(ctx, "", seed.Model(), seed.Options(org, time.Now))
	if err != nil {
		return nil, err
	}
	return db, seed.Fill(ctx, db, org, world.People(), time.Now())
})

// searching starts the stand-in with the sandbox's own data, without the limits on how often one may search.
func searching(t *testing.T) *sandbox {
	t.Helper()
	db, err := searchableSandbox()
	if err != nil {
		t.Fatal(err)
	}
	s, stop := run(t, db)
	t.Cleanup(stop)
	s.switched(`{"organization":"harbor-sales","enabled":true,"limits":false}`)
	return s
}

func (s *sandbox) switched(body string) {
	s.t.Helper()
	response, err := http.Post(s.base+"/_sandbox/search", "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		s.t.Fatal(body, response.Status)
	}
}

func (s *sandbox) search(person int, path, body string) answer {
	s.t.Helper()
	return s.send(http.MethodPost, s.organization()+"/api/"+path, person, body, "Content-Type: application/json")
}

// response reads the document inside the member "response".
func (a answer) response() answer {
	a.t.Helper()
	text, _ := a.ok().body["response"].(string)
	b := answer{t: a.t, status: a.status, header: a.header, text: text}
	if err := json.Unmarshal([]byte(text), &b.body); err != nil {
		a.t.Fatalf("%v in %s", err, a.text)
	}
	return b
}

const manager = 2

func TestSearchAnswersAtItsThreeDoors(t *testing.T) {
	s := searching(t)
	one := s.search(administrator, "search/v1.0/query", `{"search":"litware","entities":["account"],"returnTotalRecordCount":true,"facets":["@search.entityname,count:100","account.ownerid,count:5"]}`).ok()
	if one.at("value", 0, "name") != "Litware, Inc." || one.at("value", 0, "@search.entityname") != "account" || one.at("value", 0, "@search.objecttypecode") != 1.0 ||
		one.at("value", 0, "@search.highlights", "name", 0) != "{crmhit}Litware{/crmhit}, Inc." || one.at("totalrecordcount") != 1.0 ||
		one.at("facets", "@search.entityname", 0, "Value") != "account" || one.at("facets", "account.ownerid", 0, "Count") != 1.0 {
		t.Error(one.text)
	}
	if one.at("value", 0, "owneridname") != one.at("facets", "account.ownerid", 0, "OptionalValue") || one.at("value", 0, "@search.ownerid.logicalname") != "systemuser" {
		t.Error(one.text)
	}
	for _, path := range []string{"search/v2.0/query", "data/v9.2/searchquery", "data/v9.2/Microsoft.Dynamics.CRM.searchquery"} {
		outer := s.search(administrator, path, `{"search":"litware","count":true,"entities":"[{\"Name\":\"account\",\"SelectColumns\":[\"name\",\"createdon\",\"ownerid\"],\"SearchColumns\":[\"name\"],\"Filter\":\"statecode eq 0\"}]",
			"options":"null","facets":"[\"entityname\"]","orderby":"[\"@search.score desc\"]","filter":null,"skip":0,"top":7}`)
		two := outer.response()
		if two.at("Value", 0, "Attributes", "name") != "Litware, Inc." || two.at("Value", 0, "EntityName") != "account" || two.at("Count") != 1.0 || two.body["Error"] != nil ||
			two.at("Value", 0, "Attributes", "@search.objecttypecode") != 1.0 || two.at("Value", 0, "Highlights", "name", 0) != "{crmhit}Litware{/crmhit}, Inc." || two.at("Facets", "entityname", 0, "From") != nil {
			t.Error(path, two.text)
		}
		if date, _ := two.at("Value", 0, "Attributes", "createdon").(string); len(date) != len("2026-01-31T00:00:00Z") || two.at("Value", 0, "Attributes", "createdon@"+formattedValue) == nil {
			t.Error(path, two.text)
		}
		if _, hasContext := outer.body["@odata.context"]; hasContext != strings.HasPrefix(path, "data") {
			t.Error(path, outer.text)
		}
	}
	if a := s.search(administrator, "search/v2.0/query", `{"search":"litware"}`).response(); a.at("Count") != -1.0 || len(a.at("Value", 0, "Attributes").(map[string]any)) != 2 {
		t.Error(a.text)
	}
}

func TestSuggestionsAndCompletions(t *testing.T) {
	s := searching(t)
	if a := s.search(administrator, "search/v1.0/suggest", `{"search":"litw"}`).ok(); a.at("value", 0, "text") != "{crmhit}Litw{/crmhit}are, Inc." || a.at("value", 0, "document", "@search.entityname") != "account" || a.at("value", 0, "document", "name") != "Litware, Inc." {
		t.Error(a.text)
	}
	for _, path := range []string{"search/v2.0/suggest", "data/v9.1/searchsuggest"} {
		if a := s.search(administrator, path, `{"search":"adventure wor","top":3,"orderby":"null","options":"{ 'advancedsuggestenabled': 'true' }","fuzzy":false,"entities":"null"}`).response(); a.at("Value", 0, "Text") != "{crmhit}Adventure{/crmhit} {crmhit}Wor{/crmhit}ks" {
			t.Error(path, a.text)
		}
	}
	if a := s.search(administrator, "search/v2.0/suggest", `{"search":"advanture wor","fuzzy":true}`).response(); a.at("Value", 0, "Document", "name") != "Adventure Works" {
		t.Error(a.text)
	}
	if a := s.search(administrator, "search/v1.0/autocomplete", `{"search":"litw"}`).ok(); a.body["value"] != "{crmhit}litware{/crmhit}" {
		t.Error(a.text)
	}
	for _, path := range []string{"search/v2.0/autocomplete", "data/v9.2/searchautocomplete"} {
		if a := s.search(administrator, path, `{"search":"adventure wor","filter":null}`).response(); a.body["Value"] != "adventure {crmhit}works{/crmhit}" {
			t.Error(path, a.text)
		}
		if a := s.search(administrator, path, `{"search":"zzzqqq"}`).response(); a.body["Value"] != "" {
			t.Error(path, a.text)
		}
	}
}

// A person finds exactly what the same question over the Web API would show them: rows by their rights, columns by column
// security.
func TestSearchShowsWhatThePersonMayRead(t *testing.T) {
	s := searching(t)
	counts := map[int]float64{}
	for _, person := range []int{administrator, salesperson, manager} {
		a := s.search(person, "search/v1.0/query", `{"search":"marine","entities":["account"],"top":100,"returntotalrecordcount":true}`).ok()
		rows := a.at("value").([]any)
		counts[person] = a.at("totalrecordcount").(float64)
		if float64(len(rows)) != min(100, counts[person]) {
			t.Error(person, len(rows), counts[person])
		}
		for i := range rows {
			id, _ := a.at("value", i, "@search.objectid").(string)
			s.get(person, "accounts("+id+")?$select=name").ok()
		}
	}
	if counts[salesperson] == 0 || counts[salesperson] >= counts[administrator] {
		t.Error(counts)
	}
	facets := s.search(salesperson, "search/v1.0/query", `{"search":"marine","entities":["account"],"facets":["creditlimit,interval:100000","ownerid,count:100"]}`).ok()
	if list := facets.at("facets", "creditlimit").([]any); len(list) != 0 {
		t.Error("column security does not hold in facets:", facets.text)
	}
	hidden := s.search(salesperson, "search/v2.0/query", `{"search":"marine","entities":"[{\"name\":\"account\",\"selectColumns\":[\"creditlimit\"]}]"}`).response()
	if hidden.at("Value", 0, "Attributes", "creditlimit") != nil {
		t.Error(hidden.text)
	}
	if inferred := s.search(salesperson, "search/v2.0/query", `{"search":"marine","filter":"account:creditlimit gt 0","entities":"[{\"name\":\"account\"}]"}`).response(); len(inferred.at("Value").([]any)) != 0 {
		t.Error(inferred.text)
	}
}

func TestSearchFiltersSortsAndPages(t *testing.T) {
	s := searching(t)
	query := func(more string) answer {
		t.Helper()
		return s.search(administrator, "search/v1.0/query", `{"search":"marine",`+more+`}`).ok()
	}
	names := func(a answer) string { return a.column("name") }
	all := query(`"entities":["account"],"top":100,"orderby":["name"],"returntotalrecordcount":true`)
	total := int(all.at("totalrecordcount").(float64))
	if total < 6 || len(all.at("value").([]any)) != total {
		t.Fatal(all.text)
	}
	var pages []string
	for skip := 0; skip < total; skip += 4 {
		pages = append(pages, names(query(fmt.Sprintf(`"entities":["account"],"top":4,"skip":%d,"orderBy":["name asc"]`, skip))))
	}
	if strings.Join(pages, ",") != names(all) {
		t.Errorf("pages %v, not %s", pages, names(all))
	}
	down := query(`"entities":["account"],"top":100,"orderby":["name desc"]`)
	if down.at("value", 0, "name") != all.at("value", total-1, "name") {
		t.Error(down.text)
	}
	active := query(`"top":100,"filter":"account:statecode eq 0 and revenue gt 1000, contact:(statecode eq 1 or fullname eq 'O''Neill, x')","entities":["account"]`)
	same := s.get(administrator, "accounts?$select=name&$filter=contains(name,'marine') and statecode eq 0 and revenue gt 1000").ok()
	if len(active.at("value").([]any)) != len(same.at("value").([]any)) {
		t.Error(active.text, same.text)
	}
	owner, _ := all.at("value", 0, "ownerid").(string)
	if mine := query(`"entities":["account"],"top":100,"filter":"ownerid eq ` + owner + ` and modifiedon ge 2020-04-27T00:00:00"`); mine.at("value", 0, "ownerid") != owner || len(mine.at("value").([]any)) == total {
		t.Error(mine.text)
	}
	if none := query(`"entities":["systemuser"],"filter":"revenue gt 1"`); len(none.at("value").([]any)) != 0 {
		t.Error(none.text)
	}
	f := query(`"entities":["account"],"top":1,"facets":["statecode,sort:value","revenue,values:0|1000|100000000","createdon,interval:year","address1_city,count:2"]`)
	sum := 0.0
	for _, group := range f.at("facets", "statecode").([]any) {
		sum += group.(map[string]any)["Count"].(float64)
	}
	if int(sum) != total || len(f.at("facets", "revenue").([]any)) != 4 || len(f.at("facets", "address1_city").([]any)) != 2 || f.at("facets", "statecode", 0, "OptionalValue") != "Active" {
		t.Error(f.text)
	}
}

func TestSearchesThatAreRefused(t *testing.T) {
	s := searching(t)
	for _, body := range []string{
		`{"search":"ab"}`, `{"search":"` + strings.Repeat("x", 101) + `"}`, `{}`, `[]`, `{"search":`, `{"search":5}`, `{"search":"abc","entities":["role"]}`, `{"search":"abc","entities":["nosuch"]}`,
		`{"search":"abc","filter":"account:nosuch eq 1"}`, `{"search":"abc","filter":"name eq"}`, `{"search":"abc","orderby":["name sideways"]}`, `{"search":"abc","top":-1}`, `{"search":"abc","skip":99999999}`,
		`{"search":"abc","searchmode":"some"}`, `{"search":"abc","options":"{"}`, `{"search":"abc","facets":["ownerid,interval:5"]}`, `{"search":"abc","facets":["ownerid,nosuch:5"]}`,
		`{"search":"a~ b~ c~ d~ e~ f~ g~ h~ i~","searchtype":"full"}`,
	} {
		a := s.search(administrator, "search/v1.0/query", body)
		if code, _ := a.at("error", "code").(string); a.status != 400 || code == "" || a.at("error", "message") == "" {
			t.Error(body, a.status, a.text)
		}
	}
	s.search(administrator, "search/v3.0/query", `{"search":"abc"}`).refused(404, codeResource)
	s.search(administrator, "search/v2.0/nosuch", `{"search":"abc"}`).refused(404, codeResource)
	s.search(stranger, "search/v2.0/query", `{"search":"abc"}`).refused(403, codeNotMember)
	if a := s.send(http.MethodGet, s.organization()+"/api/search/v2.0/query", administrator, ""); a.status != 405 || a.header.Get("Allow") != "POST" {
		t.Error(a.status, a.text)
	}
	unsigned, err := http.Post(s.organization()+"/api/search/v1.0/query", "application/json", strings.NewReader(`{"search":"abc"}`))
	if err != nil || unsigned.StatusCode != 401 || !strings.Contains(unsigned.Header.Get("WWW-Authenticate"), "resource_id=") {
		t.Error(unsigned, err)
	}
}

func TestSearchIsSwitchedOffAndOn(t *testing.T) {
	s := searching(t)
	on := s.get(administrator, "searchstatus").response()
	if on.at("value", "status") != "provisioned" || !strings.Contains(on.text, `"entitylogicalname":"account"`) || !strings.Contains(on.text, `"address1_city":{"indexfieldname"`) {
		t.Error(on.text)
	}
	if a := s.get(administrator, "searchstatistics()").response(); a.at("value", "documentcount").(float64) < 100 || a.at("value", "storagesizeinbytes").(float64) < 1000 {
		t.Error(a.text)
	}
	s.switched(`{"organization":"harbor-sales","enabled":false}`)
	defer s.switched(`{"organization":"harbor-sales","enabled":true}`)
	for _, path := range []string{"search/v1.0/query", "search/v1.0/suggest", "search/v2.0/query", "search/v2.0/autocomplete", "data/v9.2/searchquery"} {
		s.search(administrator, path, `{"search":"litware"}`).refused(400, "0x80048d0b")
	}
	if a := s.get(administrator, "organizations?$select=isexternalsearchindexenabled").ok(); a.at("value", 0, "isexternalsearchindexenabled") != false {
		t.Error(a.text)
	}
	if a := s.send(http.MethodGet, s.organization()+"/api/search/v2.0/status", administrator, "").response(); a.at("value", "status") != "notprovisioned" {
		t.Error(a.text)
	}
}

// One search a second for each person and 150 a minute for the organization; whoever asks sooner is told how long to wait.
func TestSearchIsLimited(t *testing.T) {
	s := searching(t)
	s.switched(`{"organization":"harbor-sales","limits":true}`)
	s.search(administrator, "search/v1.0/query", `{"search":"litware"}`).ok()
	again := s.search(administrator, "search/v2.0/suggest", `{"search":"litware"}`)
	again.refused(429, codeThrottled)
	if again.header.Get("Retry-After") != "1" {
		t.Error(again.header)
	}
	s.search(salesperson, "search/v1.0/query", `{"search":"litware"}`).ok()

	now := time.Unix(1_000_000, 0)
	l := searchLimits{now: func() time.Time { return now }}
	for n := range searchesMost {
		if wait, _ := l.admit(fmt.Sprint(n)); wait != 0 {
			t.Fatal(n, wait)
		}
	}
	if wait, why := l.admit("late"); wait != 60 || !strings.Contains(why, "150") {
		t.Error(wait, why)
	}
	now = now.Add(time.Minute)
	if wait, _ := l.admit("late"); wait != 0 {
		t.Error(wait)
	}
	if wait, _ := l.admit("late"); wait != 1 {
		t.Error(wait)
	}
}

// What was written is found at once, by nobody sooner and by nobody longer.
func TestSearchIsInStepWithWrites(t *testing.T) {
	s := searching(t)
	found := func(text string) int {
		t.Helper()
		return len(s.search(administrator, "search/v1.0/query", `{"search":"`+text+`"}`).ok().at("value").([]any))
	}
	if found("zyxquill") != 0 {
		t.Fatal("it is there already")
	}
	created := s.send(http.MethodPost, s.root()+"accounts", administrator, `{"name":"Zyxquill Harbour","address1_city":"Zyxtown"}`, "Content-Type: application/json")
	if created.status != http.StatusNoContent || found("zyxquill") != 1 || found("zyxtown") != 1 {
		t.Fatal(created.status, created.text)
	}
	row := created.header.Get("OData-EntityId")
	s.send(http.MethodPatch, row, administrator, `{"name":"Zyxfern Harbour","address1_city":null}`, "Content-Type: application/json", "If-Match: *")
	if found("zyxquill") != 0 || found("zyxtown") != 0 || found("zyxfern") != 1 {
		t.Error("an update is not in the index")
	}
	s.send(http.MethodDelete, row, administrator, "")
	if found("zyxfern") != 0 {
		t.Error("a deletion is not in the index")
	}
}

// FuzzSearchRequest: whatever the body, it is answered or refused in words.
func FuzzSearchRequest(f *testing.F) {
	f.Add(`{"search":"abc","filter":"account:name eq 'x', contact:(fullname eq 'y')","facets":["revenue,values:1|x"],"orderby":["@search.score desc, name"]}`)
	f.Add(`{"search":"abc","entities":"[{\"name\":\"account\",\"selectColumns\":[\"name\"],\"filter\":\"not name eq 'a'\"}]","options":"{'querytype':'lucene'}"}`)
	db := smallOrganization(f, nil)
	db.Model().Table("account").Searchable = true
	org := Organization{Organization: world.Organizations()[0], DB: db}
	server := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := db.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r, _ := http.NewRequest(http.MethodPost, "http://d/", nil)
		c := &call{server: server, org: server.organizations[org.Name], caller: caller, r: r}
		request, err := c.searchRequest([]byte(body), len(body)%2 == 0)
		if err == nil {
			_, err = c.searchQuery(request)
		}
		if err != nil && asError(err).Status == http.StatusInternalServerError {
			t.Errorf("%q: %v", body, err)
		}
	})
}

// Of the organizations that Pintab offers, one has search switched off, so that its users see how Pintab does without.
func TestOneOrganizationHasNoSearch(t *testing.T) {
	off := 0
	for _, org := range world.Organizations() {
		if org.Seed == "" {
			continue
		}
		ctx := context.Background()
		db, err := engine.Open(ctx, "", seed.Model(), seed.Options(org, time.Now))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := seed.Fill(ctx, db, org, world.People(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if on, err := db.SearchEnabled(ctx); err != nil || on == org.SearchOff {
			t.Error(org.Name, on, err)
		} else if !on {
			off++
		}
	}
	if off != 1 {
		t.Error(off, "organizations are without search")
	}
}

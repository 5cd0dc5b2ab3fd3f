package dataverse

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestNobodyComesInWithoutAToken(t *testing.T) {
	s := start(t, nil)
	for address, resource := range map[string]string{
		s.root() + "WhoAmI": s.organization() + "/", s.root(): s.organization() + "/", s.base + "/api/discovery/v2.0/Instances": s.base + "/",
	} {
		request, _ := http.NewRequest(http.MethodGet, address, nil)
		a := s.do(request)
		tenant := world.Home.ID
		if strings.Contains(address, "discovery") {
			tenant = "common"
		}
		want := "Bearer authorization_uri=" + s.issuer + "/" + tenant + "/oauth2/authorize, resource_id=" + resource
		if got := a.header.Values("WWW-Authenticate"); a.status != http.StatusUnauthorized || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %d %q, not %q", address, a.status, got, want)
		}
	}
}

func TestTokensAreCheckedForReal(t *testing.T) {
	s := start(t, func(func(string, engine.Row)) {}) // of its own, because it changes the keys
	good := s.token(administrator, s.organization())
	parts := strings.Split(good, ".")
	for name, token := range map[string]string{
		"another resource":     s.token(administrator, s.base),
		"another organization": s.token(administrator, s.base+"/moravia"),
		"another tenant":       s.token(6, s.organization()),
		"changed signature":    parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"changed claims":       parts[0] + "." + strings.Split(s.token(salesperson, s.organization()), ".")[1] + "." + parts[2],
		"no signature":         parts[0] + "." + parts[1] + ".",
		"nonsense":             "abc",
	} {
		request, _ := http.NewRequest(http.MethodGet, s.root()+"WhoAmI", nil)
		request.Header.Set("Authorization", "Bearer "+token)
		if a := s.do(request); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	response, err := http.Post(s.issuer+"/_sandbox/rotate-keys", "application/json", strings.NewReader("{}"))
	if err != nil || response.StatusCode >= 300 {
		t.Fatal("rotating keys:", err, response)
	}
	response.Body.Close()
	s.tokens = map[string]string{}
	s.get(administrator, "WhoAmI").ok() // signed by a key that was never seen
}

func TestMembershipDecidesTheAnswer(t *testing.T) {
	s := start(t, nil)
	s.get(stranger, "WhoAmI").refused(403, "0x80072560")
	s.send(http.MethodGet, s.root()+"WhoAmI", administrator, "").ok()
	retired := s.base + "/harbor-retired"
	request, _ := http.NewRequest(http.MethodGet, retired+"/api/data/v9.2/WhoAmI", nil)
	request.Header.Set("Authorization", "Bearer "+s.token(administrator, retired))
	s.do(request).refused(403, "0x8004A104")
	for _, version := range []string{"v9.0", "v9.1", "v9.2"} {
		a := s.send(http.MethodGet, s.organization()+"/api/data/"+version+"/accounts?$top=1&$select=name", administrator, "").ok()
		if context, _ := a.body["@odata.context"].(string); !strings.Contains(context, "/api/data/"+version+"/$metadata") {
			t.Error(context)
		}
	}
	if a := s.send(http.MethodGet, s.organization()+"/api/data/v8.2/accounts", administrator, ""); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
}

func TestDiscoveryListsWhatAPersonBelongsTo(t *testing.T) {
	s := start(t, nil)
	instances := s.base + "/api/discovery/v2.0/Instances"
	a := s.send(http.MethodGet, instances, administrator, "").ok()
	if got, want := a.column("UrlName"), "harbor-sales,harbor-service,harbor-archive,harbor-retired,harbor-next"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if a.at("value", 0, "IsUserSysAdmin") != true || a.at("value", 0, "ApiUrl") != s.organization() || a.at("value", 3, "State") != 1.0 || a.at("value", 4, "StatusMessage") != 3.0 {
		t.Error(a.text)
	}
	if got := s.send(http.MethodGet, instances, salesperson, "").ok(); got.column("UrlName") != "harbor-sales" || got.at("value", 0, "IsUserSysAdmin") != false {
		t.Error(got.text)
	}
	if got := s.send(http.MethodGet, instances, stranger, "").ok(); got.column("UrlName") != "" {
		t.Error(got.text)
	}
	for query, want := range map[string]string{
		"?$select=UrlName&$filter=State%20eq%201":                                                                              "harbor-retired",
		"?$filter=contains(FriendlyName,'sales')":                                                                              "", // letter for letter here
		"?$filter=contains(FriendlyName,'Sales')":                                                                              "harbor-sales",
		"(" + world.Organizations()[0].ID + ")?$select=UrlName":                                                                "harbor-sales",
		"(UniqueName='unq" + "0c00000000004000800000'" + ")?$select=UrlName":                                                   "",
		"(UniqueName='" + uniqueName(&organization{Organization: Organization{Organization: world.Organizations()[3]}}) + "')": "harbor-retired",
	} {
		if got := s.send(http.MethodGet, instances+query, administrator, ""); got.status != 200 || got.column("UrlName") != want {
			t.Errorf("%s: %d %s, not %s", query, got.status, got.text, want)
		}
	}
	if got := s.send(http.MethodGet, instances+"?$filter=Nothing%20eq%201", administrator, ""); got.status != http.StatusBadRequest {
		t.Error(got.status)
	}
}

func TestMisbehavesOnRequest(t *testing.T) {
	s := start(t, nil)
	response, err := http.Post(s.base+"/_sandbox/faults", "application/json", strings.NewReader(`{"path":"accounts","status":429,"retry_after":7,"times":1}`))
	if err != nil || response.StatusCode >= 300 {
		t.Fatal(err, response)
	}
	response.Body.Close()
	a := s.get(administrator, "accounts?$top=1")
	a.refused(429, "0x80072322")
	if a.header.Get("Retry-After") != "7" {
		t.Error(a.header)
	}
	s.get(administrator, "accounts?$top=1").ok()
}

func TestHostileRequestsAreRefusedCheaply(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{
		"accounts?$filter=" + strings.Repeat("(", 4000) + "name+eq+'x'",
		"accounts?$filter=" + strings.Repeat("name+eq+'x'+or+", 2000) + "name+eq+'x'",
		"accounts?$expand=" + strings.Repeat("parentaccountid($expand=", 30) + "parentaccountid" + strings.Repeat(")", 30),
		"accounts?fetchXml=" + strings.Repeat("%3Cfetch%3E", 3000),
		"accounts?fetchXml=x", "accounts?savedQuery=x%3F$expand=y", "accounts(" + acme + ")/" + strings.Repeat("parentaccountid/", 30),
		"accounts?$skiptoken=AAAA", "accounts?$top=999999999999999999999", "accounts?$filter=%ff", "accounts?$filter=%zz", "accounts?$skip=1",
		"EntityDefinitions(LogicalName='account'", "RetrieveTotalRecordCount(EntityNames=[[[[)", "%2e%2e/%2e%2e/etc", "accounts?$select=name%00",
	} {
		a := s.send(http.MethodGet, s.root()+path, administrator, "")
		problem, _ := a.body["error"].(map[string]any)
		if a.status < 400 || a.status >= 500 || problem["message"] == nil {
			t.Errorf("%.80s: %d %.200s", path, a.status, a.text)
		}
	}
}

func TestActingForAnotherNeedsThePrivilege(t *testing.T) {
	s := start(t, nil)
	s.get(salesperson, "WhoAmI", "MSCRMCallerID: "+ingrid).refused(403, "0x8004A110")
	s.get(administrator, "WhoAmI", "CallerObjectId: "+world.People()[1].ObjectID).refused(403, "0x8004A110")
	allowed := start(t, func(insert func(string, engine.Row)) {
		insert("privilege", engine.Row{"privilegeid": schema.PrivilegeID("prvActOnBehalfOfAnotherUser"), "name": "prvActOnBehalfOfAnotherUser"})
		insert("roleprivileges", engine.Row{"roleid": admins, "privilegeid": schema.PrivilegeID("prvActOnBehalfOfAnotherUser"), "privilegedepthmask": 8})
	})
	for _, header := range []string{"MSCRMCallerID: " + tomas, "CallerObjectId: " + world.People()[1].ObjectID} {
		if a := allowed.get(administrator, "accounts?$select=name", header).ok(); a.column("name") != "Acme" {
			t.Error(header, a.text)
		}
	}
	allowed.get(administrator, "WhoAmI", "CallerObjectId: "+world.People()[5].ObjectID).refused(403, "0x80072560")
}

func TestAnIssuerThatIsDownIsNoChallenge(t *testing.T) {
	s := start(t, nil)
	lost := New(Config{Base: s.base, Entra: "http://127.0.0.1:1", Organizations: []Organization{{Organization: world.Organizations()[0]}}})
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, s.root()+"WhoAmI", nil)
	r.Header.Set("Authorization", "Bearer "+s.token(administrator, s.organization()))
	lost.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("WWW-Authenticate") != "" {
		t.Error(w.Code, w.Header())
	}
}

package dataverse

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// FuzzMessages calls functions and actions of a seeded organization with anything: they answer or refuse, and never fail.
func FuzzMessages(f *testing.F) {
	for _, one := range [][3]string{
		{"POST", "WinOpportunity", `{"Status":3,"OpportunityClose":{"subject":"x","opportunityid@odata.bind":"/opportunities(` + acme + `)"}}`},
		{"POST", "CloseIncident", `{"Status":-1,"IncidentResolution":{"incidentid":{"incidentid":"` + acme + `"}}}`},
		{"POST", "leads(" + acme + ")/Microsoft.Dynamics.CRM.QualifyLead", `{"CreateAccount":true,"CreateContact":true,"CreateOpportunity":true,"Status":3,"OpportunityCustomerId":{"@odata.id":"accounts(` + acme + `)"}}`},
		{"POST", "GrantAccess", `{"Target":{"@odata.id":"accounts(` + acme + `)"},"PrincipalAccess":{"AccessMask":"ReadAccess","Principal":{"@odata.id":"teams(` + acme + `)"}}}`},
		{"POST", "teams(" + acme + ")/Microsoft.Dynamics.CRM.AddMembersTeam", `{"Members":[{"systemuserid":"` + acme + `"}]}`},
		{"GET", "RetrieveRecordChangeHistory(Target=@t,PagingInfo=@p)", `@t={'@odata.id':'accounts(` + acme + `)'}&@p={"PageNumber":2,"Count":1}`},
		{"GET", "RetrieveMetadataChanges(Query=@q)", `@q={"Criteria":{"Conditions":[]},"Properties":{"AllProperties":false}}`},
		{"GET", "RetrieveProcessInstances(EntityId=" + acme + ",EntityLogicalName='opportunity')", ""},
		{"GET", "CalculateRollupField(Target=@t,FieldName='name')", `@t={'@odata.id':'accounts(` + acme + `)'}`},
	} {
		f.Add(one[0], one[1], one[2])
	}
	b, err := seededFile()
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "org.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		f.Fatal(err)
	}
	db, err := engine.Open(context.Background(), path, seed.Model(), seed.Options(world.Organizations()[0], nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	org := Organization{Organization: world.Organizations()[0], DB: db}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := db.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, more string) {
		w := httptest.NewRecorder()
		c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: w, version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: path, batched: true, text: []byte(more)}
		c.r = &http.Request{Method: method, Header: http.Header{"Content-Type": {"application/json"}}, URL: &url.URL{Path: "/harbor-sales/api/data/v9.2/" + path}}
		if method == http.MethodGet {
			c.r.URL.RawQuery = more
		}
		c.answer()
		if w.Code >= 500 {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	})
}

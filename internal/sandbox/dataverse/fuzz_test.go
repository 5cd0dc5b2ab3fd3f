package dataverse

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// FuzzRequests sends paths and queries all the way to the database: whatever is asked, the answer is rows or a refusal,
// never a failure of ours.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][2]string{
		{"accounts", "$filter=primarycontactid/fullname eq 'x' or not contains(name,'%')&$orderby=primarycontactid/fullname desc&$top=3"},
		{"accounts", "$expand=primarycontactid($select=fullname),contact_customer_accounts($filter=contains(fullname,'a');$top=1)"},
		{"accounts", "$apply=filter(rating eq 1)/groupby((rating),aggregate($count as n,revenue with sum as total))"},
		{"accounts", "$filter=contact_customer_accounts/any(o:not (o/parentcustomerid_account/name ne 'x'))"},
		{"accounts", "fetchXml=%3Cfetch%3E%3Centity name='account'%3E%3Cattribute name='name'/%3E%3C/entity%3E%3C/fetch%3E"},
		{"systemusers(" + tomas + ")/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)", "@t={'@odata.id':'accounts(" + acme + ")'}"},
		{"accounts(accountnumber='A1')/primarycontactid/fullname/$value", ""},
		{"EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata", "$select=LogicalName&$expand=OptionSet"},
		{"accounts", "$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='lastcall',PropertyValue=-99999999999999)"},
		{"accounts", "$filter=employees gt 1e400 or revenue eq 99999999999999999999999999 or createdon lt 0000-01-01&savedQuery=" + view},
	} {
		f.Add(seed[0], seed[1])
	}
	org := Organization{Organization: world.Organizations()[0], DB: smallOrganization(f, nil)}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := org.DB.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path, query string) {
		w := httptest.NewRecorder()
		c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: w, version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: path}
		c.r = &http.Request{Method: http.MethodGet, Header: http.Header{"Prefer": {`odata.include-annotations="*"`}}, URL: &url.URL{Path: "/harbor-sales/api/data/v9.2/" + path, RawQuery: query}}
		c.answer()
		if w.Code >= 500 {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	})
}

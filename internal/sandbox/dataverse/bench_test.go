package dataverse

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// BenchmarkRequests is what one answer costs behind authentication and the network.
func BenchmarkRequests(b *testing.B) {
	org := Organization{Organization: world.Organizations()[0], DB: smallOrganization(b, nil)}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := org.DB.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		b.Fatal(err)
	}
	for name, address := range map[string][2]string{
		"row":         {"accounts(" + acme + ")", "$select=name,revenue,_primarycontactid_value"},
		"list":        {"accounts", "$select=name,revenue&$filter=startswith(name,'a') and statecode eq 0&$orderby=name&$expand=primarycontactid($select=fullname)"},
		"view":        {"accounts", "savedQuery=" + view},
		"definitions": {"EntityDefinitions(LogicalName='account')", "$select=LogicalName&$expand=Attributes($select=LogicalName,DisplayName)"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: httptest.NewRecorder(), version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: address[0]}
				c.r = &http.Request{Method: http.MethodGet, Header: http.Header{"Prefer": {`odata.include-annotations="*"`}}, URL: &url.URL{Path: "/harbor-sales/api/data/v9.2/" + address[0], RawQuery: address[1]}}
				c.answer()
			}
		})
	}
}

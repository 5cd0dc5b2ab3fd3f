package dataverse_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
)

// canned answers at once, so that what is measured is the client's own work.
type canned map[string]string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"value":[]}`
	for prefix, text := range c {
		if strings.HasPrefix(strings.TrimPrefix(r.URL.RequestURI(), "/api/data/v9.2/"), prefix) {
			body = text
		}
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func BenchmarkWarmList(b *testing.B) {
	row := `{"@odata.etag":"W/\"1\"","accountid":"aa000000-0000-4000-8000-000000000009","name":"Quillmark Ltd","revenue":120000.0,"revenue@OData.Community.Display.V1.FormattedValue":"€120,000.00"}`
	c := dataverse.New(dataverse.Config{DiscoveryURL: "https://d.example", Tokens: anyToken{}, HTTP: canned{
		"EntityDefinitions(LogicalName='account')?": accountMetadata,
		"savedqueries(": `{"name":"All","returnedtypecode":"account","fetchxml":"<fetch><entity name='account'><attribute name='name'/></entity></fetch>","layoutxml":"<grid><row id='accountid'><cell name='name' width='100'/><cell name='revenue'/></row></grid>"}`,
		"accounts?":     `{"value":[` + strings.Repeat(row+",", 9) + row + `]}`,
	}})
	place := crm.Place{Organization: crm.Organization{URL: "https://o.example", API: "https://o.example"}}
	part := crm.Part{Kind: crm.PartList, Table: "account", ViewID: "ab000000-0000-4000-8000-000000000001", PageSize: 10}
	b.ReportAllocs()
	for b.Loop() {
		list, err := c.List(context.Background(), anna, place, part, crm.PartState{})
		if err != nil || len(list.Rows) != 10 {
			b.Fatal(err)
		}
	}
}

package dataverse

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// FuzzWrites sends writes all the way to the database: whatever is asked, it is done or refused, never a failure of ours.
func FuzzWrites(f *testing.F) {
	for _, seed := range [][3]string{
		{"POST", "accounts", `{"name":"x","primarycontactid":{"fullname":"y"},"contact_customer_accounts":[{"fullname":"z"}]}`},
		{"PATCH", "accounts(" + acme + ")", `{"employees":5,"parentaccountid@odata.bind":"/accounts(accountnumber='A1')","statecode":1}`},
		{"PUT", "accounts(" + acme + ")/name", `{"value":"x"}`},
		{"POST", "systemusers(" + tomas + ")/systemuserroles_association/$ref", `{"@odata.id":"roles(` + admins + `)"}`},
		{"DELETE", "accounts(" + acme + ")/contact_customer_accounts(" + ada + ")/$ref", ""},
		{"PATCH", "accounts(accountnumber='Q')", `{"ownerid@odata.bind":"systemusers(` + tomas + `)"}`},
		{"DELETE", "accounts(" + celik + ")/description", ""},
		{"POST", "accounts(" + acme + ")/account_parent_account", `{"founded":"2020-01-01","interests":"1,0","revenue":1e15}`},
	} {
		f.Add(seed[0], seed[1], []byte(seed[2]))
	}
	org := Organization{Organization: world.Organizations()[0], DB: smallOrganization(f, nil)}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := org.DB.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path string, body []byte) {
		w := httptest.NewRecorder()
		c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: w, version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: path, batched: true, text: body}
		c.r = &http.Request{Method: method, Header: http.Header{"Content-Type": {"application/json"}}, URL: &url.URL{Path: "/harbor-sales/api/data/v9.2/" + path}}
		c.answer()
		if w.Code >= 500 {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	})
}

// FuzzBatch sends whole batches to the database.
func FuzzBatch(f *testing.F) {
	f.Add([]byte(batchOf("GET WhoAmI HTTP/1.1", "GET accounts?$top=1 HTTP/1.1")))
	f.Add([]byte(changeSetOf(with("POST accounts", `{"name":"x"}`), with("PUT $1/primarycontactid/$ref", `{"@odata.id":"contacts(`+ada+`)"}`), "DELETE $1 HTTP/1.1\r\n\r\n")))
	org := Organization{Organization: world.Organizations()[0], DB: smallOrganization(f, nil)}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := org.DB.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: w, version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: "$batch"}
		c.r = httptest.NewRequest(http.MethodPost, "/harbor-sales/api/data/v9.2/$batch", bytes.NewReader(body))
		c.r.Header.Set("Content-Type", "multipart/mixed;boundary=b1")
		c.answer()
		if w.Code >= 500 {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	})
}

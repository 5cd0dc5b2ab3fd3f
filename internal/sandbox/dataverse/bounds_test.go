package dataverse

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// mostMemory is how much one hostile request may allocate in all, from its text to its refusal: addresses are at most 64 KB.
// What carries a body may take bodyMemory times its size besides.
const (
	mostMemory = 48 << 20
	bodyMemory = 6
)

func TestHostileRequestsTakeBoundedMemory(t *testing.T) {
	org := Organization{Organization: world.Organizations()[0], DB: smallOrganization(t, nil)}
	s := New(Config{Base: "http://d", Entra: "http://e", Organizations: []Organization{org}})
	caller, err := org.DB.Caller(context.Background(), world.People()[0].ObjectID)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(method, path, query, body, kind string) (status int, took uint64) {
		w := httptest.NewRecorder()
		c := &call{server: s, org: s.organizations[org.Name], caller: caller, w: w, version: "v9.2", root: "http://d/harbor-sales/api/data/v9.2/", path: path}
		c.r = httptest.NewRequest(method, "/harbor-sales/api/data/v9.2/x", strings.NewReader(body))
		c.r.URL = &url.URL{Path: "/harbor-sales/api/data/v9.2/" + path, RawQuery: query}
		c.r.Header.Set("Content-Type", kind)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c.answer()
		runtime.ReadMemStats(&after)
		return w.Code, after.TotalAlloc - before.TotalAlloc
	}
	answer("GET", "accounts", "$top=1", "", "") // what is made once
	answer("GET", "EntityDefinitions", "$select=LogicalName", "", "")

	repeat := strings.Repeat
	list := `["` + repeat(`x","`, 4000) + `x"]`
	fetch := func(body string) string {
		return "fetchXml=" + url.QueryEscape(`<fetch><entity name="account"><attribute name="name"/>`+body+`</entity></fetch>`)
	}
	bomb := `<!DOCTYPE x [<!ENTITY a "` + repeat("a", 100) + `">` + func() (more string) {
		for i := range 20 {
			name := string(rune('b' + i))
			more += `<!ENTITY ` + name + ` "` + repeat("&"+string(rune('a'+i))+";", 10) + `">`
		}
		return more
	}() + `]><fetch><entity name="&u;"/></fetch>`
	for what, query := range map[string]string{
		"nested brackets":          "$filter=" + repeat("(", 30000),
		"ten thousand conditions":  "$filter=" + repeat("rating eq 1 or ", 3900) + "rating eq 1",
		"a list used often":        "@p=" + list + "&$filter=" + repeat("Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=@p) or ", 400) + "vip",
		"a list of many values":    "@p=[" + repeat("1,", 30000) + "1]&$filter=employees in @p",
		"many small lists":         "@p=[" + repeat("1,", 4000) + "1]&$filter=" + repeat("employees in @p or ", 8) + "vip",
		"nested lambdas":           "$filter=" + repeat("contact_customer_accounts/any(o:o/parentcustomerid_account/", 500),
		"a long path":              "$filter=" + repeat("parentaccountid/", 3000) + "name eq 'x'",
		"nested expansions":        "$expand=" + repeat("parentaccountid($expand=", 2500) + "parentaccountid" + repeat(")", 2500),
		"wide expansions":          "$expand=" + repeat("contact_customer_accounts,", 2000) + "contact_customer_accounts",
		"many columns":             "$select=" + repeat("name,", 12000) + "name",
		"many orders":              "$orderby=" + repeat("name,", 12000) + "name",
		"many aggregates":          "$apply=aggregate(" + repeat("revenue with sum as a,", 2500) + "revenue with sum as b)",
		"a long search pattern":    "$filter=contains(name,'" + repeat("%25_[a-z]", 5000) + "')",
		"many conditions in fetch": fetch("<filter>" + repeat(`<condition attribute="n" operator="eq"/>`, 900) + "</filter>"),
		"deep filters in fetch":    fetch(repeat("<filter>", 3000)),
		"deep links in fetch":      fetch(repeat(`<link-entity name="account" from="accountid" to="parentaccountid">`, 500)),
		"many links in fetch":      fetch(repeat(`<link-entity name="account" from="accountid" to="parentaccountid"/>`, 500)),
		"many values in fetch":     fetch(`<filter><condition attribute="name" operator="in">` + repeat("<value>x</value>", 2000) + `</condition></filter>`),
		"an XML bomb":              "fetchXml=" + url.QueryEscape(bomb),
		"a long attribute in XML":  "fetchXml=" + url.QueryEscape(`<fetch top="`+repeat("1", 60000)+`"/>`),
		"a token of a page":        "$skiptoken=" + repeat("a", 60000),
		"a token of changes":       "$deltatoken=" + repeat("1", 60000) + "!x",
	} {
		if len(query) > maxAddress {
			t.Errorf("%s is no case: %d bytes", what, len(query))
		}
		status, took := answer("GET", "accounts", query, "", "")
		if status >= 500 || took > mostMemory {
			t.Errorf("%s: %d after %d KB", what, status, took>>10)
		}
	}
	for what, query := range map[string]string{
		"RetrieveMetadataChanges(Query=@q)":        "@q=" + url.QueryEscape(`{"Criteria":{"Conditions":[`+repeat(`{"ConditionOperator":"Equals","PropertyName":"LogicalName"},`, 500)+`{"ConditionOperator":"Equals","PropertyName":"LogicalName"}]}}`),
		"EntityDefinitions":                        "$filter=" + repeat("LogicalName eq 'x' or ", 2500) + "IsActivity",
		"RetrieveTotalRecordCount(EntityNames=@q)": "@q=" + list,
		"RetrieveRecordChangeHistory(Target=@q)":   "@q=" + repeat("{", 30000),
		"accounts(" + repeat("a", 30000) + "='x')": "",
	} {
		status, took := answer("GET", what, query, "", "")
		if status >= 500 || took > mostMemory {
			t.Errorf("%.40s: %d after %d KB", what, status, took>>10)
		}
	}
	for what, body := range map[string]string{
		"deep":     repeat(`{"primarycontactid":`, 100000),
		"wide":     `{"contact_customer_accounts":[` + repeat(`{"fullname":"x"},`, 30000) + `{}]}`,
		"repeated": `{` + repeat(`"name":"x",`, 100000) + `"name":"x"}`,
		"long":     `{"name":"` + repeat("x", 4<<20) + `"}`,
		"bound":    `{"buyers@odata.bind":[` + repeat(`"accounts(`+acme+`)",`, 19000) + `"x"]}`,
	} {
		status, took := answer(http.MethodPost, "accounts", "", body, "application/json")
		if status >= 500 || status < 400 || took > mostMemory+bodyMemory*uint64(len(body)) {
			t.Errorf("a %s body of %d KB: %d after %d KB", what, len(body)>>10, status, took>>10)
		}
	}
	for what, body := range map[string]string{
		"many parts":     repeat("--b\r\n\r\nGET accounts HTTP/1.1\r\n\r\n", 200000),
		"no parts":       repeat("-", 4<<20),
		"many headers":   "--b\r\n" + repeat("A: b\r\n", 400000) + "\r\n\r\n--b--",
		"nested parts":   "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" + repeat("--c\r\n\r\n", 400000),
		"long addresses": repeat("--b\r\n\r\nGET accounts?$filter="+repeat("(", 60000)+" HTTP/1.1\r\n\r\n", 60),
	} {
		status, took := answer(http.MethodPost, "$batch", "", body, "multipart/mixed; boundary=b")
		if status >= 500 || took > mostMemory+bodyMemory*uint64(len(body)) {
			t.Errorf("a batch of %s, %d KB: %d after %d KB", what, len(body)>>10, status, took>>10)
		}
	}
	if _, took := answer(http.MethodPost, "searchquery", "", `{"search":"`+repeat("(", 90)+`","filter":"`+repeat("(", 30000)+`"}`, "application/json"); took > mostMemory {
		t.Errorf("a search: %d KB", took>>10)
	}
}

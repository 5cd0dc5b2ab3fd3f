package dataverse

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const byName = `<fetch version="1.0" mapping="logical"%s><entity name="account"><attribute name="name"/><attribute name="revenue"/><attribute name="primarycontactid"/><order attribute="name"/>` +
	`<link-entity name="contact" from="contactid" to="primarycontactid" alias="pc" link-type="outer"><attribute name="fullname"/><attribute name="parentcustomerid"/></link-entity></entity></fetch>`

func fetchXML(attributes string) string {
	return "accounts?fetchXml=" + url.QueryEscape(strings.Replace(byName, "%s", attributes, 1))
}

func TestFetchXMLAnswersInItsOwnShape(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, fetchXML(` returntotalrecordcount="true"`), everything).ok()
	row, _ := a.at("value", 0).(map[string]any)
	for name, value := range map[string]any{
		"name": "Acme", "_primarycontactid_value": ada, "pc.fullname": "Ada O'Hara", "pc.parentcustomerid": acme,
		"pc.parentcustomerid@" + lookupTable: "account", "pc.parentcustomerid@" + formattedValue: "Acme", "accountid": acme,
		"_primarycontactid_value@" + lookupNavigation: "primarycontactid", "pc.fullname@" + attributeName: "fullname",
	} {
		if row[name] != value {
			t.Errorf("%s is %v, not %v", name, row[name], value)
		}
	}
	last, _ := a.at("value", 2).(map[string]any)
	for _, name := range []string{"revenue", "_primarycontactid_value", "pc.fullname"} {
		if v, there := last[name]; there {
			t.Errorf("an empty %s is written as %v", name, v)
		}
	}
	if a.body["@Microsoft.Dynamics.CRM.totalrecordcount"] != 3.0 || a.body["@Microsoft.Dynamics.CRM.morerecords"] != false || a.body["@Microsoft.Dynamics.CRM.globalmetadataversion"] == nil {
		t.Error(a.text)
	}
	if a.body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"] != nil {
		t.Error("a cookie on the last page")
	}
}

func TestFetchXMLPagesByCookie(t *testing.T) {
	s := start(t, nil)
	prefer := `Prefer: odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"`
	first := s.get(administrator, fetchXML(` page="1" count="2"`), prefer).ok()
	if first.column("name") != "Acme,Boreas 50%_[x]" || first.body["@Microsoft.Dynamics.CRM.morerecords"] != true {
		t.Fatal(first.text)
	}
	annotation, _ := first.body["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].(string)
	var cookie struct {
		Page   string `xml:"pagenumber,attr"`
		Cookie string `xml:"pagingcookie,attr"`
	}
	if err := xml.Unmarshal([]byte(annotation), &cookie); err != nil || cookie.Page != "2" {
		t.Fatal(annotation, err)
	}
	inner := cookie.Cookie
	for range 2 {
		var err error
		if inner, err = url.PathUnescape(inner); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(inner, `<cookie page="1">`) {
		t.Fatal(inner)
	}
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(inner))
	second := s.get(administrator, fetchXML(` page="2" count="2" paging-cookie="`+escaped.String()+`"`), prefer).ok()
	if second.column("name") != "Çelik & 'Söhne'" || second.body["@Microsoft.Dynamics.CRM.morerecords"] != false {
		t.Error(second.text)
	}
}

func TestFetchXMLIsRefusedByName(t *testing.T) {
	s := start(t, nil)
	s.get(administrator, "contacts?"+strings.TrimPrefix(fetchXML(""), "accounts?")).refused(400, "0x80041128")
	s.get(administrator, "accounts?fetchXml=<fetch><entity name='account'><attribute name='none'/></entity></fetch>").refused(400, "0x80041103")
	s.get(administrator, "accounts?fetchXml=<fetch><entity name='account'>").refused(400, "0x80040201")
}

func TestAggregatesHaveOnlyTheirAliases(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "accounts?fetchXml=<fetch aggregate='true'><entity name='account'><attribute name='accountid' alias='n' aggregate='count'/><attribute name='rating' alias='r' groupby='true'/><order alias='n' descending='true'/></entity></fetch>", everything).ok()
	row, _ := a.at("value", 0).(map[string]any)
	if row["n"] != 2.0 || row["r"] != 1.0 || row["r@"+formattedValue] != "Cold" || row["@odata.etag"] != nil || row["accountid"] != nil {
		t.Error(a.text)
	}
}

func TestViewsRunByID(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "accounts?savedQuery="+view, everything, "Prefer: odata.maxpagesize=2").ok()
	if a.column("name") != "Acme,Boreas 50%_[x]" || a.at("value", 0, "pc.emailaddress1") != "ada@example.com" {
		t.Error(a.text)
	}
	next, _ := a.body["@odata.nextLink"].(string)
	if got := s.send(http.MethodGet, next, administrator, "", "Prefer: odata.maxpagesize=2").ok(); got.column("name") != "Çelik & 'Söhne'" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts("+acme+")/account_parent_account?savedQuery="+view).ok(); got.column("name") != "Boreas 50%_[x]" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts?savedQuery="+view+"&$filter=rating eq 1&$orderby=name desc&$top=1").ok(); got.column("name") != "Çelik & 'Söhne'" {
		t.Error(got.text)
	}
	s.get(administrator, "contacts?savedQuery="+view).refused(400, "0x80041128")
	s.get(administrator, "accounts?savedQuery="+acme).refused(404, "0x80040217")
}

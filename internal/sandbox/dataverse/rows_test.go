package dataverse

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const everything = `Prefer: odata.include-annotations="*"`

func TestFiltersChooseRows(t *testing.T) {
	s := start(t, nil)
	const acmeName, boreasName, celikName = "Acme", "Boreas 50%_[x]", "Çelik & 'Söhne'"
	for filter, want := range map[string]string{
		`name eq 'ACME'`:                                            acmeName,
		`name eq 'Çelik & ''Söhne'''`:                               celikName,
		`contains(name,'50%')`:                                      boreasName,
		`contains(name,'_')`:                                        boreasName,
		`startswith(name,'b')`:                                      boreasName,
		`endswith(name,'[x]')`:                                      boreasName,
		`not contains(name,'c')`:                                    boreasName,
		`employees gt 10`:                                           boreasName,
		`not (employees gt 10)`:                                     acmeName + "," + celikName,
		`employees ne 10`:                                           boreasName + "," + celikName,
		`revenue eq null`:                                           celikName,
		`revenue ne null and rating eq 0`:                           acmeName,
		`vip eq true`:                                               acmeName,
		`founded ge 1999-05-01 and founded lt 2000-01-01`:           acmeName,
		`lastcall lt 2026-11-18T12:00:00Z`:                          acmeName,
		`_ownerid_value eq ` + tomas:                                acmeName,
		`accountid in (` + acme + `,` + celik + `)`:                 acmeName + "," + celikName,
		`not (name in ('Acme'))`:                                    boreasName + "," + celikName,
		`primarycontactid/fullname eq 'Ada O''Hara'`:                acmeName,
		`primarycontactid/emailaddress1 eq null`:                    boreasName + "," + celikName,
		`primarycontactid/owninguser/fullname eq 'Ingrid Sommer'`:   boreasName,
		`contact_customer_accounts/any(o:o/fullname eq 'Bert <b>')`: acmeName,
		`((contact_customer_accounts/any(contact_customer_accounts:(contact_customer_accounts/fullname eq 'Bert <b>'))) and (statecode eq 0))`: acmeName,
		`contact_customer_accounts/any()`:                                                     acmeName,
		`not contact_customer_accounts/any()`:                                                 boreasName + "," + celikName,
		`contact_customer_accounts/all(o:o/emailaddress1 ne null)`:                            boreasName + "," + celikName,
		`account_parent_account/any(c:c/primarycontactid/fullname eq 'Bert <b>')`:             acmeName,
		`owninguser/systemuserroles_association/any(r:r/name eq 'x')`:                         "!400",
		`Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')`:                          boreasName + "," + celikName,
		`Microsoft.Dynamics.CRM.In(PropertyName='rating',PropertyValues=['0'])`:               acmeName,
		`Microsoft.Dynamics.CRM.ContainValues(PropertyName='interests',PropertyValues=['2'])`: acmeName,
		`Microsoft.Dynamics.CRM.ThisYear(PropertyName='lastcall')`:                            acmeName,
		`name eq 5`:            "!400",
		`nonsense eq 5`:        "!400",
		`name eq 'x`:           "!400",
		`tolower(name) eq 'x'`: "!400",
	} {
		got := s.get(administrator, "accounts?$select=name&$orderby=name&$filter="+url.QueryEscape(filter))
		if want == "!400" {
			if got.status != http.StatusBadRequest {
				t.Errorf("%s: status %d", filter, got.status)
			}
			continue
		}
		if got.status != http.StatusOK || got.column("name") != want {
			t.Errorf("%s: %d %s, not %s\n%s", filter, got.status, got.column("name"), want, got.text)
		}
	}
}

func TestOneRowCarriesItsAnnotations(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "accounts("+acme+")?$select=name,revenue,rating,_primarycontactid_value,lastcall,founded,interests,vip,description", everything).ok()
	want := map[string]any{
		"@odata.context": s.root() + "$metadata#accounts(name,revenue,rating,_primarycontactid_value,lastcall,founded,interests,vip,description)/$entity",
		"name":           "Acme", "revenue": 1200.5, "rating": 0.0, "rating@" + formattedValue: "Warm", "vip": true, "vip@" + formattedValue: "Yes",
		"_primarycontactid_value": ada, "_primarycontactid_value@" + formattedValue: "Ada O'Hara",
		"_primarycontactid_value@" + lookupTable: "contact", "_primarycontactid_value@" + lookupNavigation: "primarycontactid",
		"lastcall": "2026-11-18T11:30:00Z", "founded": "1999-05-01", "interests": "0,2", "accountid": acme, "_transactioncurrencyid_value": euro,
	}
	for name, value := range want {
		if a.body[name] != value {
			t.Errorf("%s is %v, not %v", name, a.body[name], value)
		}
	}
	if v, there := a.body["description"]; !there || v != nil {
		t.Errorf("an empty selected column is %v, %t", v, there)
	}
	if tag := a.header.Get("ETag"); tag == "" || a.body["@odata.etag"] != tag {
		t.Errorf("version %q in the header and %v in the row", tag, a.body["@odata.etag"])
	}
	for _, name := range []string{"x-ms-dop-hint", "x-ms-ratelimit-burst-remaining-xrm-requests", "OData-Version", "REQ_ID"} {
		if a.header.Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
	if got := a.header.Get("x-ms-ratelimit-time-remaining-xrm-requests"); !strings.HasPrefix(got, "1,") {
		t.Errorf("time remaining is %q", got)
	}
	plain := s.get(administrator, "accounts("+acme+")?$select=name").ok()
	for name := range plain.body {
		if strings.Contains(name, "@") && !strings.HasPrefix(name, "@odata.") {
			t.Errorf("annotation %s nobody asked for", name)
		}
	}
	tag := "If-None-Match: " + plain.header.Get("ETag")
	if got := s.get(administrator, "accounts("+acme+")?$select=name", tag); got.status != http.StatusNotModified {
		t.Errorf("unchanged row answers %d", got.status)
	}
	if got := s.get(administrator, "accounts("+acme+")?$select=name", "If-None-Match: null"); got.status != http.StatusOK {
		t.Errorf("If-None-Match: null answers %d", got.status)
	}
}

func TestPathsLeadToRowsAndValues(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{
		"accounts(accountnumber='A1')?$select=name":                     "Acme",
		"accounts(accountnumber='B%2F2%29')?$select=name":               "Boreas 50%_[x]",
		"accounts(accountid=" + boreas + ")?$select=name":               "Boreas 50%_[x]",
		"contacts(" + ada + ")/parentcustomerid_account?$select=name":   "Acme",
		"accounts(" + boreas + ")/parentaccountid?$select=name":         "Acme",
		"accounts(" + acme + ")/account_parent_account(" + boreas + ")": "Boreas 50%_[x]",
	} {
		if got := s.get(administrator, path); got.status != http.StatusOK || got.body["name"] != want {
			t.Errorf("%s: %d %s", path, got.status, got.text)
		}
	}
	if got := s.get(administrator, "accounts("+acme+")/contact_customer_accounts?$select=fullname&$orderby=fullname desc").ok().column("fullname"); got != "Bert <b>,Ada O'Hara" {
		t.Error(got)
	}
	if got := s.get(administrator, "systemusers("+ingrid+")/systemuserroles_association?$select=name").ok().column("name"); got != "System Administrator" {
		t.Error(got)
	}
	if got := s.get(administrator, "roles("+seller+")/systemuserroles_association?$select=fullname").ok().column("fullname"); got != "Tomas Lindqvist" {
		t.Error(got)
	}
	if got := s.get(administrator, "accounts("+acme+")/name").ok(); got.body["value"] != "Acme" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts("+acme+")/employees/$value").ok(); got.text != "10" || got.header.Get("Content-Type") != "text/plain" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts/$count?$filter=rating eq 1").ok(); got.text != "2" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts("+acme+")/contact_customer_accounts/$ref").ok().column("@odata.id"); !strings.Contains(got, s.root()+"contacts("+ada+")") {
		t.Error(got)
	}
	for path, status := range map[string]int{
		"accounts(" + celik + ")/primarycontactid": http.StatusNoContent, "accounts(" + celik + ")/description": http.StatusNoContent,
		"nothings": 404, "accounts(" + acme + ")/nothing": 404, "accounts(accountnumber='none')": 404, "accounts(name='Acme')": 400, "accounts({" + acme + "})": 400,
		"accounts('x')": 400, "accounts()": 400, "accounts(" + ada + ")": 404, "contacts(" + ada + ")/contact_customer_contacts(" + bert + ")": 404,
	} {
		if got := s.get(administrator, path); got.status != status {
			t.Errorf("%s: %d, not %d: %s", path, got.status, status, got.text)
		}
	}
	s.get(administrator, "accounts("+ada+")").refused(404, "0x80040217")
	s.get(administrator, "accounts(accountnumber='none')").refused(404, "0x80060891")
}

func TestExpandBringsRelatedRows(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "accounts?$select=name&$orderby=name&$expand=primarycontactid($select=fullname;$expand=owninguser($select=fullname)),"+
		"contact_customer_accounts($select=fullname;$orderby=fullname desc;$top=1;$count=true),ownerid($select=fullname)", everything).ok()
	if got := a.at("value", 0, "primarycontactid", "fullname"); got != "Ada O'Hara" {
		t.Error(got)
	}
	if got := a.at("value", 1, "primarycontactid", "owninguser", "fullname"); got != "Ingrid Sommer" {
		t.Error(got)
	}
	if got := a.at("value", 0, "ownerid", "fullname"); got != "Tomas Lindqvist" {
		t.Error(got)
	}
	if got := a.at("value", 0, "contact_customer_accounts", 0, "fullname"); got != "Bert <b>" {
		t.Error(got, a.text)
	}
	if list, _ := a.at("value", 0, "contact_customer_accounts").([]any); len(list) != 1 {
		t.Error("$top of an expanded collection was not kept", a.text)
	}
	if n := a.at("value", 0).(map[string]any)["contact_customer_accounts@odata.count"]; n != 2.0 {
		t.Error("the count of an expanded collection is", n)
	}
	if v, there := a.at("value", 2).(map[string]any)["primarycontactid"]; v != nil || !there {
		t.Error("a missing contact is", v)
	}
	if row := a.at("value", 0, "contact_customer_accounts", 0).(map[string]any); row["_parentcustomerid_value"] != nil {
		t.Error("a column nobody selected:", row)
	}
	roles := s.get(administrator, "systemusers?$select=fullname&$orderby=fullname&$expand=systemuserroles_association($select=name)").ok()
	if got := roles.at("value", 1, "systemuserroles_association", 0, "name"); got != "Seller" {
		t.Error(roles.text)
	}
	one := s.get(administrator, "contacts("+ada+")?$select=fullname&$expand=parentcustomerid_account($select=name;$expand=account_parent_account($select=name)),parentcustomerid_contact").ok()
	if got := one.at("parentcustomerid_account", "account_parent_account", 0, "name"); got != "Boreas 50%_[x]" {
		t.Error(one.text)
	}
	if got := s.get(administrator, "accounts?$select=name&$orderby=primarycontactid/fullname desc,name").ok().column("name"); !strings.HasPrefix(got, "Boreas 50%_[x],Acme") {
		t.Error(got)
	}
	if got := s.get(administrator, "systemusers("+ingrid+")?$expand=systemuserroles_association/$ref").ok(); got.at("systemuserroles_association", 0, "@odata.id") != s.root()+"roles("+admins+")" {
		t.Error(got.text)
	}
	s.get(administrator, "accounts?$expand=nothing").refused(400, codeResource)
}

func TestPersonSeesOwnRowsOnly(t *testing.T) {
	s := start(t, nil)
	if got := s.get(salesperson, "accounts?$select=name").ok().column("name"); got != "Acme" {
		t.Error(got)
	}
	s.get(salesperson, "accounts("+boreas+")").refused(403, "0x80048306")
	s.get(salesperson, "accounts("+boreas+")/name").refused(403, "0x80048306")
	s.get(salesperson, "accounts("+boreas+")/contact_customer_accounts").refused(403, "0x80048306")
	s.get(salesperson, "teams").refused(403, "0x80040220")
	own := s.get(salesperson, "accounts("+acme+")?$select=taxid&$expand=contact_customer_accounts($select=fullname)").ok()
	if list := own.at("contact_customer_accounts").([]any); len(list) != 1 {
		t.Error("another person's contact is expanded", own.text)
	}
	if own.body["taxid"] != nil {
		t.Error("a secured column is shown")
	}
	for _, query := range []string{"accounts?$filter=startswith(taxid,'D')", "accounts?$filter=taxid ne null"} {
		if got := s.get(salesperson, query).ok().column("name"); got != "" {
			t.Errorf("%s tells of a secured column: %s", query, got)
		}
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	s := start(t, nil)
	prefer := "Prefer: odata.maxpagesize=2,odata.include-annotations=\"*\""
	first := s.get(administrator, "accounts?$select=name&$orderby=name&$count=true&$filter=statecode ge 0", prefer).ok()
	if first.column("name") != "Acme,Boreas 50%_[x]" || first.body["@odata.count"] != 3.0 {
		t.Fatal(first.text)
	}
	if got := first.header.Get("Preference-Applied"); !strings.Contains(got, "odata.maxpagesize=2") {
		t.Error(got)
	}
	next, _ := first.body["@odata.nextLink"].(string)
	if !strings.HasPrefix(next, s.root()+"accounts?") {
		t.Fatal(next)
	}
	second := s.send(http.MethodGet, next, administrator, "", prefer).ok()
	if second.column("name") != "Çelik & 'Söhne'" || second.body["@odata.nextLink"] != nil {
		t.Fatal(second.text)
	}
	if got := s.send(http.MethodGet, next, salesperson, "", prefer); got.status != http.StatusBadRequest {
		t.Error("another person's link answers", got.status)
	}
	if got := s.send(http.MethodGet, strings.Replace(next, "$select=name", "$select=taxid", 1), administrator, "", prefer); got.status != http.StatusBadRequest {
		t.Error("a link with another query answers", got.status)
	}
	if got := s.send(http.MethodGet, next[:len(next)-3]+"AAA", administrator, "", prefer); got.status != http.StatusBadRequest {
		t.Error("a forged link answers", got.status)
	}
	if got := s.get(administrator, "accounts?$select=name&$orderby=name&$top=1&$count=true").ok(); got.column("name") != "Acme" || got.body["@odata.count"] != 3.0 || got.body["@odata.nextLink"] != nil {
		t.Error(got.text)
	}
}

func TestApplyGroupsAndAggregates(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "accounts?$apply=filter(statecode eq 0)/groupby((rating),aggregate($count as n,revenue with sum as total))", everything).ok()
	if a.at("value", 0, "rating@"+formattedValue) == nil || a.at("value", 0, "n") != 1.0 || a.at("value", 0, "@odata.etag") != nil {
		t.Error(a.text)
	}
	if got := s.get(administrator, "accounts?$apply=groupby((primarycontactid/fullname))&$filter=revenue ne null").ok(); got.column("contact_fullname") != "Ada O'Hara,Bert <b>" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts?$apply=aggregate(employees with average as mean,lastcall with max as latest)").ok(); got.at("value", 0, "mean") != 15.0 || got.at("value", 0, "latest") != "2026-11-18T11:30:00Z" {
		t.Error(got.text)
	}
	if got := s.get(administrator, "accounts?$apply=groupby((lastcall))"); got.status != http.StatusBadRequest {
		t.Error("grouping by a date answers", got.status)
	}
}

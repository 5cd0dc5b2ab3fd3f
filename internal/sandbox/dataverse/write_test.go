package dataverse

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// writable is a sandbox of a test's own, which it may change.
func writable(t *testing.T) *sandbox { return start(t, func(func(string, engine.Row)) {}) }

const asJSON = "Content-Type: application/json; charset=utf-8"

// write sends a JSON body to a path below the root.
func (s *sandbox) write(method, path string, person int, body string, headers ...string) answer {
	s.t.Helper()
	if body != "" {
		headers = append([]string{asJSON}, headers...)
	}
	return s.send(method, s.root()+path, person, body, headers...)
}

// done demands 204 with nothing in it.
func (a answer) done() answer {
	a.t.Helper()
	if a.status != http.StatusNoContent || a.text != "" {
		a.t.Fatalf("status %d: %s", a.status, a.text)
	}
	return a
}

// id is the id of the row that an answer names.
func (a answer) id() string {
	a.t.Helper()
	at := a.header.Get("OData-EntityId")
	if !strings.HasSuffix(at, ")") {
		a.t.Fatalf("no OData-EntityId: %v", a.header)
	}
	return at[strings.LastIndexByte(at, '(')+1 : len(at)-1]
}

func (s *sandbox) create(path, body string) string {
	s.t.Helper()
	return s.write(http.MethodPost, path, administrator, body).done().id()
}

func TestCreateAnswersWithTheAddressOfTheRow(t *testing.T) {
	s := writable(t)
	a := s.write(http.MethodPost, "accounts", administrator, `{"name":"Delta","employees":7,"revenue":12.34,"vip":true,"rating":2,"interests":"0,2","founded":"2001-02-03","lastcall":"2026-01-02T03:04:05+01:00"}`).done()
	if at := a.header.Get("OData-EntityId"); at != s.root()+"accounts("+a.id()+")" || a.header.Get("Location") != at || a.header.Get("OData-Version") != "4.0" {
		t.Error(a.header)
	}
	row := s.get(administrator, "accounts("+a.id()+")").ok()
	for name, want := range map[string]any{
		"name": "Delta", "employees": 7.0, "revenue": 12.34, "vip": true, "rating": 2.0, "interests": "0,2", "founded": "2001-02-03",
		"lastcall": "2026-01-02T02:04:05Z", "statecode": 0.0, "_ownerid_value": ingrid,
	} {
		if row.at(name) != want {
			t.Errorf("%s is %v, not %v", name, row.at(name), want)
		}
	}
	const own = "dd000000-0000-4000-8000-000000000001"
	if made := s.create("accounts", `{"accountid":"`+strings.ToUpper(own)+`"}`); made != own {
		t.Error(made)
	}
	s.write(http.MethodPost, "accounts", administrator, `{"accountid":"`+own+`"}`).refused(412, engine.CodeDuplicateRecord)
	s.write(http.MethodPost, "accounts", administrator, `{"accountnumber":"A1"}`).refused(412, engine.CodeDuplicateKey)
}

func TestRepresentationIsTheRowAsAsked(t *testing.T) {
	s := writable(t)
	a := s.write(http.MethodPost, "accounts?$select=name&$expand=primarycontactid($select=fullname)", administrator,
		`{"name":"Delta","primarycontactid@odata.bind":"/contacts(`+ada+`)"}`, `Prefer: return=representation,odata.include-annotations="*"`)
	if a.status != http.StatusCreated || a.at("name") != "Delta" || a.at("primarycontactid", "fullname") != "Ada O'Hara" || a.at("employees") != nil {
		t.Fatal(a.status, a.text)
	}
	if got := a.header.Get("Preference-Applied"); got != `odata.include-annotations="*",return=representation` {
		t.Error(got)
	}
	if a.header.Get("OData-EntityId") != s.root()+"accounts("+a.at("accountid").(string)+")" || a.header.Get("ETag") != a.at("@odata.etag") {
		t.Error(a.header)
	}
	b := s.write(http.MethodPatch, "accounts("+acme+")?$select=employees", administrator, `{"employees":11}`, "Prefer: return=representation")
	if b.status != http.StatusOK || b.at("employees") != 11.0 || b.at("name") != nil {
		t.Error(b.status, b.text)
	}
	made := s.write(http.MethodPatch, "accounts(dd000000-0000-4000-8000-000000000002)?$select=name", administrator, `{"name":"Made"}`, "Prefer: return=representation")
	if made.status != http.StatusCreated || made.at("name") != "Made" {
		t.Error(made.status, made.text)
	}
	// What cannot be answered is not written either.
	s.write(http.MethodPost, "accounts?$select=nothing", administrator, `{"name":"Ghost"}`, "Prefer: return=representation").refused(400, codeResource)
	if got := s.get(administrator, "accounts?$select=name&$filter=name eq 'Ghost'").column("name"); got != "" {
		t.Error(got)
	}
}

func TestLookupsAreBound(t *testing.T) {
	s := writable(t)
	for _, address := range []string{
		"contacts(" + bert + ")", "/contacts(" + bert + ")", s.root() + "contacts(" + bert + ")", "/harbor-sales/api/data/v9.1/contacts(" + bert + ")",
		"contacts(" + strings.ToUpper(bert) + ")",
	} {
		id := s.create("accounts", `{"primarycontactid@odata.bind":"`+address+`"}`)
		if row := s.get(administrator, "accounts("+id+")").ok(); row.at("_primarycontactid_value") != bert {
			t.Errorf("%s: %s", address, row.text)
		}
	}
	id := s.create("accounts", `{"name":"Child","parentaccountid@odata.bind":"accounts(accountnumber='A1')"}`)
	if row := s.get(administrator, "accounts("+id+")").ok(); row.at("_parentaccountid_value") != acme {
		t.Error(row.text)
	}
	s.write(http.MethodPatch, "accounts("+id+")", administrator, `{"parentaccountid@odata.bind":null}`).done()
	if row := s.get(administrator, "accounts("+id+")").ok(); row.at("_parentaccountid_value") != nil {
		t.Error(row.text)
	}
	// A customer is an account or a contact, and the property says which.
	who := s.create("contacts", `{"fullname":"Cleo","parentcustomerid_contact@odata.bind":"/contacts(`+ada+`)","parentcustomerid_account@odata.bind":null}`)
	if row := s.get(administrator, "contacts("+who+")").ok(); row.at("_parentcustomerid_value") != ada {
		t.Error(row.text)
	}
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{"primarycontactid@odata.bind":"/contacts(dd000000-0000-4000-8000-00000000000f)"}`:            {404, engine.CodeObjectDoesNotExist},
		`{"primarycontactid@odata.bind":"/accounts(` + acme + `)"}`:                                    {400, codeResource},
		`{"primarycontactid@odata.bind":"/nothings(` + acme + `)"}`:                                    {404, codeResource},
		`{"primarycontactid@odata.bind":"/contacts"}`:                                                  {400, codeResource},
		`{"primarycontactid@odata.bind":7}`:                                                            {400, invalidPayload},
		`{"primarycontactid@odata.bind":"` + s.base + `/moravia/api/data/v9.2/contacts(` + ada + `)"}`: {404, codeResource},
		`{"parentaccountid@odata.bind":"accounts(accountnumber='nobody')"}`:                            {404, engine.CodeKeyNotFound},
		`{"nothing@odata.bind":"/contacts(` + ada + `)"}`:                                              {400, invalidPayload},
		`{"primarycontactid@odata.bind":"$1"}`:                                                         {400, codeResource},
		`{"_primarycontactid_value":"` + ada + `"}`:                                                    {400, codeResource},
		`{"primarycontactid":"` + ada + `"}`:                                                           {400, invalidPayload},
	} {
		s.write(http.MethodPost, "accounts", administrator, body).refused(want.status, want.code)
	}
}

func TestRelatedRowsAreCreatedWithTheirParent(t *testing.T) {
	s := writable(t)
	id := s.create("accounts", `{"name":"Deep","primarycontactid":{"fullname":"First","parentcustomerid_account":{"name":"Elsewhere"}},
		"contact_customer_accounts":[{"fullname":"Second"},{"fullname":"Third"}],"account_parent_account@odata.bind":["/accounts(`+boreas+`)"]}`)
	a := s.get(administrator, "accounts("+id+")?$select=name&$expand=primarycontactid($select=fullname;$expand=parentcustomerid_account($select=name)),contact_customer_accounts($select=fullname;$orderby=fullname),account_parent_account($select=name)").ok()
	if a.at("primarycontactid", "fullname") != "First" || a.at("primarycontactid", "parentcustomerid_account", "name") != "Elsewhere" ||
		a.at("contact_customer_accounts", 1, "fullname") != "Third" || a.at("account_parent_account", 0, "name") != "Boreas 50%_[x]" {
		t.Error(a.text)
	}
	below := s.create("accounts("+id+")/contact_customer_accounts", `{"fullname":"Fourth"}`)
	if row := s.get(administrator, "contacts("+below+")").ok(); row.at("_parentcustomerid_value") != id {
		t.Error(row.text)
	}
	// One bad row and none is there.
	s.write(http.MethodPost, "accounts", administrator, `{"name":"Half","contact_customer_accounts":[{"fullname":"Ok"},{"fullname":"`+strings.Repeat("x", 500)+`"}]}`)
	s.write(http.MethodPost, "accounts", administrator, `{"name":"Half","contact_customer_accounts":[{"fullname":"Ok"},{"nothing":1}]}`).refused(400, invalidPayload)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"contact_customer_accounts":[{"fullname":"Late"}]}`).refused(400, codeResource)
	if got := s.get(administrator, "contacts?$select=fullname&$filter=fullname eq 'Late'").column("fullname"); got != "" {
		t.Error(got)
	}
}

func TestUpdateChangesOnlyWhatIsSent(t *testing.T) {
	s := writable(t)
	before := s.get(administrator, "accounts("+acme+")").ok()
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"employees":99,"description":null,"createdon":"2000-01-01T00:00:00Z","@odata.etag":"W/\"1\"","name@OData.Community.Display.V1.FormattedValue":"x"}`, "If-Match: *", "MSCRM.SuppressDuplicateDetection: false", "If-None-Match: null").done()
	after := s.get(administrator, "accounts("+acme+")").ok()
	if after.at("employees") != 99.0 || after.at("name") != "Acme" || after.at("createdon") != before.at("createdon") || after.at("@odata.etag") == before.at("@odata.etag") {
		t.Error(after.text)
	}
	s.write(http.MethodPatch, "accounts(accountnumber='A1')", administrator, `{"employees":98}`).done()
	s.write(http.MethodPut, "accounts("+acme+")/name", administrator, `{"value":"Acme & Sons"}`).done()
	s.write(http.MethodDelete, "accounts("+acme+")/lastcall", administrator, "").done()
	if after := s.get(administrator, "accounts("+acme+")").ok(); after.at("name") != "Acme & Sons" || after.at("lastcall") != nil || after.at("employees") != 98.0 {
		t.Error(after.text)
	}
	s.write(http.MethodPut, "accounts("+acme+")/employees", administrator, `{"value":"many"}`).refused(400, invalidPayload)
	s.write(http.MethodPut, "accounts("+acme+")/name", administrator, `{}`).refused(400, invalidPayload)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"accountid":"`+boreas+`"}`).refused(400, codeResource)
}

func TestPreconditionsGuardTheWrite(t *testing.T) {
	s := writable(t)
	const nobody = "accounts(dd000000-0000-4000-8000-0000000000aa)"
	tag := s.get(administrator, "accounts("+acme+")?$select=name").ok().header.Get("ETag")
	s.write(http.MethodPatch, nobody, administrator, `{"name":"x"}`, "If-Match: *").refused(404, engine.CodeObjectDoesNotExist)
	s.write(http.MethodPatch, nobody, administrator, `{"name":"x"}`, "If-Match: "+tag).refused(404, engine.CodeObjectDoesNotExist)
	s.write(http.MethodPatch, "accounts(accountnumber='none')", administrator, `{"name":"x"}`, "If-Match: *").refused(404, engine.CodeKeyNotFound)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"name":"x"}`, "If-None-Match: *").refused(412, engine.CodeDuplicateRecord)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"name":"x"}`, `If-Match: W/"1"`).refused(412, engine.CodeVersionMismatch)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"name":"x"}`, `If-Match: nonsense`).refused(412, engine.CodeVersionMismatch)
	s.write(http.MethodDelete, "accounts("+acme+")", administrator, "", `If-Match: W/"1"`).refused(412, engine.CodeVersionMismatch)
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"name":"Acme 2"}`, `If-Match: W/"1", `+tag).done()
	s.write(http.MethodPut, "accounts("+acme+")/name", administrator, `{"value":"x"}`, "If-Match: "+tag).refused(412, engine.CodeVersionMismatch)
	made := s.write(http.MethodPatch, nobody, administrator, `{"name":"Upserted"}`, "If-None-Match: *").done()
	if s.root()+nobody != made.header.Get("OData-EntityId") {
		t.Error(made.header)
	}
	keyed := s.write(http.MethodPatch, "accounts(accountnumber='new 1')", administrator, `{"name":"By key"}`).done()
	if row := s.get(administrator, "accounts(accountnumber='new 1')").ok(); row.at("name") != "By key" || row.at("accountid") != keyed.id() {
		t.Error(row.text)
	}
	s.write(http.MethodPatch, "accounts(accountnumber='new 1')", administrator, `{"name":"Again"}`).done()
	s.write(http.MethodPatch, "accounts(accountnumber='new 1')", administrator, `{"name":"Again"}`, "If-None-Match: *").refused(412, engine.CodeDuplicateRecord)
	s.write(http.MethodPatch, "accounts(name='x')", administrator, `{"name":"Again"}`).refused(400, engine.CodeInvalidArgument)
}

func TestNotModifiedIsToldWithoutABody(t *testing.T) {
	s := writable(t)
	path := "accounts(" + acme + ")?$select=name"
	tag := s.get(administrator, path).ok().header.Get("ETag")
	if a := s.get(administrator, path, "If-None-Match: "+tag); a.status != http.StatusNotModified || a.text != "" || a.header.Get("ETag") != tag {
		t.Error(a.status, a.text, a.header)
	}
	s.get(administrator, path, "If-None-Match: null").ok()
	s.get(administrator, path+"&$expand=primarycontactid", "If-None-Match: "+tag).ok()
	s.get(administrator, path, "If-None-Match: "+tag, `Prefer: odata.include-annotations="*"`).ok()
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"employees":1}`).done()
	s.get(administrator, path, "If-None-Match: "+tag).ok()
}

func TestDeleteTakesTheRowAway(t *testing.T) {
	s := writable(t)
	s.write(http.MethodDelete, "contacts("+bert+")", administrator, "").done()
	s.get(administrator, "contacts("+bert+")").refused(404, engine.CodeObjectDoesNotExist)
	s.write(http.MethodDelete, "contacts("+bert+")", administrator, "").refused(404, engine.CodeObjectDoesNotExist)
	s.write(http.MethodDelete, "accounts(accountnumber='nobody')", administrator, "").refused(404, engine.CodeKeyNotFound)
}

func TestReferencesAreMadeAndEnded(t *testing.T) {
	s := writable(t)
	parent := func() any { return s.get(administrator, "contacts("+ada+")").ok().at("_parentcustomerid_value") }
	ref := func(set, id string) string { return `{"@odata.id":"` + s.root() + set + "(" + id + `)"}` }
	s.write(http.MethodPost, "accounts("+boreas+")/contact_customer_accounts/$ref", administrator, ref("contacts", ada)).done()
	if parent() != boreas {
		t.Error(parent())
	}
	s.write(http.MethodDelete, "accounts("+boreas+")/contact_customer_accounts("+ada+")/$ref", administrator, "").done()
	if parent() != nil {
		t.Error(parent())
	}
	s.write(http.MethodPut, "contacts("+ada+")/parentcustomerid_account/$ref", administrator, `{"@odata.id":"accounts(`+acme+`)"}`).done()
	if parent() != acme {
		t.Error(parent())
	}
	s.write(http.MethodDelete, "accounts("+acme+")/contact_customer_accounts/$ref?$id="+s.root()+"contacts("+ada+")", administrator, "").done()
	if parent() != nil {
		t.Error(parent())
	}
	s.write(http.MethodPut, "accounts("+acme+")/primarycontactid/$ref", administrator, ref("contacts", bert)).done()
	s.write(http.MethodDelete, "accounts("+acme+")/primarycontactid/$ref", administrator, "").done()
	if row := s.get(administrator, "accounts("+acme+")").ok(); row.at("_primarycontactid_value") != nil {
		t.Error(row.text)
	}
	roles := func() string {
		return s.get(administrator, "systemusers("+tomas+")/systemuserroles_association?$select=name&$orderby=name").ok().column("name")
	}
	s.write(http.MethodPost, "systemusers("+tomas+")/systemuserroles_association/$ref", administrator, ref("roles", admins)).done()
	if roles() != "Seller,System Administrator" {
		t.Error(roles())
	}
	s.get(salesperson, "accounts?$select=name&$filter=name eq 'Boreas 50%25_[x]'").ok()
	s.write(http.MethodDelete, "roles("+admins+")/systemuserroles_association("+tomas+")/$ref", administrator, "").done()
	if roles() != "Seller" {
		t.Error(roles())
	}
	// Which end is which matters between two rows of one table.
	s.write(http.MethodPost, "accounts("+acme+")/suppliers/$ref", administrator, ref("accounts", boreas)).done()
	s.write(http.MethodPost, "accounts("+acme+")/buyers/$ref", administrator, ref("accounts", celik)).done()
	near := s.get(administrator, "accounts("+acme+")?$select=name&$expand=suppliers($select=name),buyers($select=name)").ok()
	if near.at("suppliers", 0, "accountid") != boreas || near.at("buyers", 0, "accountid") != celik || len(near.at("buyers").([]any)) != 1 {
		t.Error(near.text)
	}
	s.write(http.MethodDelete, "accounts("+boreas+")/buyers("+acme+")/$ref", administrator, "").done()
	if near := s.get(administrator, "accounts("+acme+")/suppliers?$select=name").ok(); near.column("name") != "" {
		t.Error(near.text)
	}
	s.write(http.MethodPost, "accounts("+acme+")/contact_customer_accounts/$ref", administrator, ref("accounts", boreas)).refused(400, codeResource)
	s.write(http.MethodPost, "accounts("+acme+")/nothing/$ref", administrator, ref("accounts", boreas)).refused(404, codeResource)
	s.write(http.MethodPost, "accounts("+acme+")/contact_customer_accounts/$ref", administrator, `{}`).refused(400, invalidPayload)
	s.write(http.MethodDelete, "accounts("+acme+")/contact_customer_accounts/$ref", administrator, "").refused(400, codeResource)
}

func TestBadBodiesAreRefusedInTheServicesWords(t *testing.T) {
	s := writable(t)
	for body, want := range map[string]string{
		`{"nothing":1}`:                      "Invalid property 'nothing' was found in entity 'Microsoft.Dynamics.CRM.account'.",
		`{"employees":"many"}`:               "Cannot convert the literal 'many' to the expected type 'Edm.Int32'.",
		`{"employees":2147483648}`:           "Edm.Int32",
		`{"employees":1.5}`:                  "Edm.Int32",
		`{"employees":true}`:                 "Cannot convert the literal 'True'",
		`{"employees":{}}`:                   "'StartObject' node was found",
		`{"name":5}`:                         "Edm.String",
		`{"vip":2}`:                          "Edm.Boolean",
		`{"founded":"2026-01-01T00:00:00Z"}`: "Edm.Date",
		`{"lastcall":"2026-01-01"}`:          "time zone information is missing",
		`{"lastcall":"soon"}`:                "Edm.DateTimeOffset",
		`{"revenue":"1e999"}`:                "Edm.Decimal",
		`{"accountid":"{1}"}`:                "Edm.Guid",
		`{"@logicalName":"account"}`:         "'logicalName' is an invalid instance annotation name",
		`{"name":"a","name":"b"}`:            "same name",
		`{`:                                  "Invalid JSON",
		`[]`:                                 "JSON object",
	} {
		a := s.write(http.MethodPost, "accounts", administrator, body)
		a.refused(400, invalidPayload)
		if message, _ := a.at("error", "message").(string); !strings.Contains(message, want) || !strings.HasPrefix(message, "Error identified in Payload provided by the user for Entity :'accounts'") {
			t.Errorf("%s: %s", body, message)
		}
	}
	s.send(http.MethodPost, s.root()+"accounts", administrator, `{"name":"x"}`, "Content-Type: text/plain").refused(415, codeResource)
	s.send(http.MethodPost, s.root()+"accounts", administrator, `{"name":"x"}`).refused(415, codeResource)
	s.write(http.MethodPost, "accounts", administrator, `{"name":"`+strings.Repeat("x", maxBody)+`"}`).refused(413, codeUnexpected)
	s.write(http.MethodPost, "nothings", administrator, `{}`).refused(404, codeResource)
	for method, path := range map[string]string{
		http.MethodPut: "accounts(" + acme + ")", http.MethodPost: "accounts(" + acme + ")", http.MethodDelete: "accounts", http.MethodPatch: "accounts",
		"PURGE": "accounts", http.MethodOptions: "",
	} {
		s.write(method, path, administrator, "{}").refused(405, codeResource)
	}
	if a := s.write(http.MethodPut, "accounts("+acme+")", administrator, "{}"); a.header.Get("Allow") != "DELETE, PATCH" {
		t.Error(a.header)
	}
	s.send(http.MethodGet, s.organization()+"/api/backgroundoperation/"+ada, administrator, "").refused(404, "")
	s.write(http.MethodPost, "EntityDefinitions", administrator, "{}").refused(405, codeResource)
}

func TestWritesTakeRights(t *testing.T) {
	s := writable(t)
	s.write(http.MethodPatch, "accounts("+acme+")", salesperson, `{"employees":3}`).done()
	s.write(http.MethodPatch, "accounts("+boreas+")", salesperson, `{"employees":3}`).refused(403, engine.CodeUnmanagedIDAccessDenied)
	s.write(http.MethodDelete, "accounts("+acme+")", salesperson, "").refused(403, engine.CodePrivilegeDenied)
	s.write(http.MethodPost, "roles", salesperson, `{"name":"Mighty"}`).refused(403, engine.CodePrivilegeDenied)
	mine := s.write(http.MethodPost, "contacts", salesperson, `{"fullname":"Mine"}`).done().id()
	if row := s.get(salesperson, "contacts("+mine+")").ok(); row.at("_ownerid_value") != tomas {
		t.Error(row.text)
	}
}

func TestOnlyWhoMayActsForAnother(t *testing.T) {
	s := writable(t)
	s.write(http.MethodPost, "contacts", salesperson, `{"fullname":"x"}`, "MSCRMCallerID: "+ingrid).refused(403, codeNoDelegation)
}

func TestErrorsSayMoreWhenAsked(t *testing.T) {
	s := start(t, nil)
	const nobody = "accounts(dd000000-0000-4000-8000-000000000001)"
	plain, more := s.get(administrator, nobody), s.get(administrator, nobody, `Prefer: odata.include-annotations="*"`)
	problem, _ := more.at("error").(map[string]any)
	if len(plain.at("error").(map[string]any)) != 2 || len(problem) != 6 || problem["@Microsoft.PowerApps.CDS.InnerError.Message"] != problem["message"] {
		t.Error(plain.text, more.text)
	}
}

package dataverse

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// changeSetOf is a batch of one change set, whose parts are numbered from 1.
func changeSetOf(requests ...string) string {
	var b strings.Builder
	b.WriteString("\r\n--b1\r\nContent-Type: multipart/mixed;boundary=c1\r\n\r\n")
	for i, request := range requests {
		b.WriteString("--c1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: " + itoa(i+1) + "\r\n\r\n" + request + "\r\n")
	}
	return b.String() + "--c1--\r\n--b1--\r\n"
}

func with(line, body string) string {
	return line + " HTTP/1.1\r\nContent-Type: application/json;type=entry\r\n\r\n" + body
}

func TestChangeSetsReferToTheirOwnRows(t *testing.T) {
	s := writable(t)
	a := s.batch(changeSetOf(
		with("POST "+s.root()+"accounts", `{"name":"Batch","accountnumber":"B-9"}`),
		with("POST contacts", `{"fullname":"Bound","parentcustomerid_account@odata.bind":"$1"}`),
		with("PUT $1/primarycontactid/$ref", `{"@odata.id":"$2"}`),
		with("PATCH $2", `{"emailaddress1":"b@example.com"}`),
		with("POST contacts", `{"fullname":"Keyed","parentcustomerid_account@odata.bind":"/accounts(accountnumber='B-9')"}`),
		with("PUT $2/fullname", `{"value":"Renamed"}`),
		"DELETE $5 HTTP/1.1\r\n\r\n",
		"DELETE /harbor-sales/api/data/v9.2/accounts("+celik+") HTTP/1.1\r\nIf-Match: *",
	)).ok()
	rows := s.get(administrator, "accounts?$select=name&$filter=accountnumber eq 'B-9'&$expand=primarycontactid($select=fullname,emailaddress1),contact_customer_accounts($select=fullname)").ok()
	if rows.at("value", 0, "primarycontactid", "fullname") != "Renamed" || rows.at("value", 0, "primarycontactid", "emailaddress1") != "b@example.com" || len(rows.at("value", 0, "contact_customer_accounts").([]any)) != 1 {
		t.Error(rows.text)
	}
	s.get(administrator, "accounts("+celik+")").refused(404, engine.CodeObjectDoesNotExist)

	lines := strings.Split(a.text, "\r\n")
	boundary := strings.TrimPrefix(lines[0], "--")
	inner, ok := strings.CutPrefix(lines[1], "Content-Type: multipart/mixed; boundary=")
	if !strings.HasPrefix(boundary, "batchresponse_") || !ok || !strings.HasPrefix(inner, "changesetresponse_") || lines[2] != "" || lines[3] != "--"+inner {
		t.Errorf("%q", lines[:5])
	}
	first := strings.Join(lines[4:9], "|")
	if first != "Content-Type: application/http|Content-Transfer-Encoding: binary|Content-ID: 1||HTTP/1.1 204 No Content" {
		t.Error(first)
	}
	parts := strings.Split(a.text, "--"+inner+"\r\n")
	if len(parts) != 9 || !strings.Contains(parts[1], "\r\nOData-EntityId: "+s.root()+"accounts(") || !strings.Contains(parts[1], "\r\nLocation: ") || strings.Contains(parts[8], "Location") {
		t.Error(a.text)
	}
	if !strings.HasSuffix(a.text, "--"+inner+"--\r\n\r\n--"+boundary+"--\r\n") {
		t.Errorf("%q", a.text[len(a.text)-200:])
	}
}

func TestAChangeSetHappensWholeOrNotAtAll(t *testing.T) {
	s := writable(t)
	good := with("POST accounts", `{"name":"Undone"}`)
	for name, test := range map[string]struct {
		status int
		part   string
		says   string
	}{
		"missing row":       {404, with("PATCH accounts(dd000000-0000-4000-8000-000000000001)", `{}`) + "", ""},
		"unknown property":  {400, with("POST accounts", `{"nothing":1}`), "Invalid property"},
		"unknown reference": {400, with("PUT $7/primarycontactid/$ref", `{"@odata.id":"$1"}`), "Content-ID Reference: '$7' does not exist in the batch context."},
		"a query":           {400, "GET accounts HTTP/1.1\r\n\r\n", "An invalid HTTP method 'GET'"},
		"not a request":     {400, "nonsense", "request line"},
		"not JSON":          {400, with("POST accounts", "{"), "Invalid JSON"},
		"no content type":   {415, "POST accounts HTTP/1.1\r\n\r\n{}", "media type"},
		"another's name":    {400, "DELETE accounts(" + acme + ") HTTP/1.1\r\nMSCRMCallerID: " + tomas, "Impersonation"},
	} {
		if name == "missing row" {
			test.part = strings.Replace(test.part, "Content-Type", "If-Match: *\r\nContent-Type", 1)
		}
		a := s.batch(changeSetOf(good, test.part, with("POST accounts", `{"name":"Undone too"}`)))
		if a.status != test.status || strings.Count(a.text, "HTTP/1.1 ") != 1 || strings.Contains(a.text, "changesetresponse") || !strings.Contains(a.text, test.says) {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	if got := s.get(administrator, "accounts?$select=name&$filter=startswith(name,'Undone')").column("name"); got != "" {
		t.Error(got)
	}
	twice := strings.Replace(changeSetOf(good, good), "Content-ID: 2", "Content-ID: 1", 1)
	if a := s.batch(twice); a.status != http.StatusBadRequest || !strings.Contains(a.text, "more than once") {
		t.Error(a.status, a.text)
	}
	if a := s.batch(strings.Replace(changeSetOf(good), "Content-ID: 1\r\n", "", 1)); a.status != http.StatusBadRequest {
		t.Error(a.status, a.text)
	}
	if a := s.batch(changeSetOf()); a.status != http.StatusBadRequest {
		t.Error(a.status, a.text)
	}
	many := make([]string, 1000)
	for i := range many {
		many[i] = good
	}
	if a := s.batch(changeSetOf(many...)); a.status != http.StatusBadRequest {
		t.Error(a.status)
	}
}

func TestABatchMayGoOnAfterAFailure(t *testing.T) {
	s := writable(t)
	failing := strings.TrimSuffix(changeSetOf(with("POST accounts", `{"name":"Lost"}`), with("POST accounts", `{"accountnumber":"A1"}`)), "--b1--\r\n")
	single := "--b1\r\nContent-Type: application/http\r\nContent-ID: s\r\n\r\n" + with("POST accounts", `{"name":"Kept"}`) + "\r\n"
	body := failing + single + strings.TrimPrefix(batchOf("GET accounts?$select=name&$filter=name eq 'Kept'%20or%20name eq 'Lost' HTTP/1.1"), "\r\n")
	if a := s.batch(body); a.status != http.StatusPreconditionFailed || strings.Count(a.text, "HTTP/1.1 ") != 1 {
		t.Error(a.status, a.text)
	}
	a := s.batch(body, "Prefer: odata.continue-on-error").ok()
	if strings.Count(a.text, "HTTP/1.1 ") != 3 || !strings.Contains(a.text, `"name":"Kept"`) || strings.Contains(a.text, "Lost") || !strings.Contains(a.text, "HTTP/1.1 412 Precondition Failed") {
		t.Error(a.text)
	}
}

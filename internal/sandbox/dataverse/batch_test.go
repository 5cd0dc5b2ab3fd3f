package dataverse

import (
	"net/http"
	"strings"
	"testing"
)

func (s *sandbox) batch(body string, headers ...string) answer {
	s.t.Helper()
	return s.send(http.MethodPost, s.root()+"$batch", administrator, body, append(headers, `Content-Type: multipart/mixed;boundary=b1`)...)
}

// batchOf writes parts the way clients do that leave out the blank line after the headers and begin with CRLF.
func batchOf(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("\r\n--b1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding:binary\r\n\r\n" + line + "\r\nAccept: application/json")
	}
	return b.String() + "\r\n--b1--\r\n"
}

func TestBatchAnswersInOrder(t *testing.T) {
	s := start(t, nil)
	a := s.batch(batchOf(
		"GET "+s.root()+"accounts?$select=name&$filter=name eq 'Acme' HTTP/1.1",
		"GET /harbor-sales/api/data/v9.2/contacts/$count HTTP/1.1",
		"GET accounts("+acme+")?$select=name HTTP/1.1",
	)).ok()
	if !strings.HasPrefix(a.text, "--batchresponse_") {
		t.Errorf("begins with %.40q", a.text)
	}
	parts := strings.Split(a.text, "\r\n\r\nHTTP/1.1 200 OK\r\n")
	if len(parts) != 4 || !strings.Contains(parts[1], `"name":"Acme"`) || !strings.Contains(parts[2], "Content-Type: text/plain\r\n") || !strings.Contains(parts[2], "\r\n\r\n2\r\n") {
		t.Error(a.text)
	}
	if !strings.HasPrefix(parts[1], "Content-Type: application/json; odata.metadata=minimal; odata.streaming=true\r\n") {
		t.Error(parts[1])
	}
	if boundary, _, _ := strings.Cut(a.text, "\r\n"); a.header.Get("Content-Type") != "multipart/mixed; boundary="+strings.TrimPrefix(boundary, "--") || !strings.HasSuffix(a.text, boundary+"--\r\n") {
		t.Error(a.header, boundary)
	}
}

func TestBatchStopsAtTheFirstFailure(t *testing.T) {
	s := start(t, nil)
	body := batchOf("GET nothings HTTP/1.1", "GET WhoAmI HTTP/1.1")
	if a := s.batch(body); a.status != http.StatusNotFound || strings.Count(a.text, "HTTP/1.1 ") != 1 {
		t.Error(a.status, a.text)
	}
	if a := s.batch(body, "Prefer: odata.continue-on-error"); a.status != http.StatusOK || strings.Count(a.text, "HTTP/1.1 ") != 2 {
		t.Error(a.status, a.text)
	}
	for _, broken := range []string{"", "--b1--", "nonsense", "--b1\r\n\r\n--b1--"} {
		if a := s.batch(broken); a.status != http.StatusBadRequest {
			t.Errorf("%q: %d", broken, a.status)
		}
	}
	if a := s.batch(strings.Repeat("--b1\r\n\r\nGET WhoAmI HTTP/1.1\r\n", 1001)+"--b1--", "Prefer: odata.continue-on-error"); a.status != http.StatusBadRequest {
		t.Error(a.status)
	}
	if a := s.batch(batchOf("GET " + s.base + "/moravia/api/data/v9.2/accounts HTTP/1.1")); a.status != http.StatusNotFound {
		t.Error("another organization in a batch answers", a.status)
	}
}

func FuzzSplitBatch(f *testing.F) {
	f.Add(batchOf("GET accounts('x')?$a=b HTTP/1.1"))
	f.Add(changeSetOf("POST accounts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}", "PUT $1/primarycontactid/$ref HTTP/1.1\r\n\r\n{}"))
	f.Fuzz(func(_ *testing.T, body string) {
		for _, part := range splitBatch([]byte(body), "b1") {
			c := &call{org: &organization{}, version: "v9.2", r: &http.Request{Header: http.Header{}}}
			_ = c.read(part.payload)
			for _, inner := range part.changeSet {
				_ = c.read(inner.payload)
			}
		}
	})
}

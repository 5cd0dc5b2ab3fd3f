package dataverse

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a client asked can be read afterwards, so that another program can ask the same.
func TestRequestsAreTold(t *testing.T) {
	s, _ := run(t, nil)
	ask := func(method, path, contentType, body string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer secret")
		r.Header.Set("Prefer", "odata.maxpagesize=5")
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	told := func() []seenRequest {
		t.Helper()
		var all []seenRequest
		if err := json.NewDecoder(ask(http.MethodGet, requestsPath, "", "").Body).Decode(&all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	for range requestsKept {
		ask(http.MethodGet, "/nobody/api/data/v9.2/accounts?$top=3", "", "")
	}
	ask(http.MethodGet, "/api/discovery/v2.0/Instances", "", "")
	all := told()
	if len(all) != requestsKept {
		t.Fatal(len(all))
	}
	want := []seenRequest{
		{Method: "GET", Address: "/nobody/api/data/v9.2/accounts?$top=3", Prefer: "odata.maxpagesize=5"},
		{Method: "GET", Address: "/api/discovery/v2.0/Instances", Prefer: "odata.maxpagesize=5"},
	}
	if diff := cmp.Diff(want, all[len(all)-2:]); diff != "" {
		t.Error(diff)
	}
	if status := ask(http.MethodDelete, requestsPath, "", "").StatusCode; status != http.StatusNoContent || len(told()) != 0 {
		t.Error(status, told())
	}
	if status := ask(http.MethodPut, requestsPath, "", "").StatusCode; status != http.StatusMethodNotAllowed {
		t.Error(status)
	}
}

// The question of a batch stands in its body, of which as much is told as the server reads.
func TestBodiesOfRequestsAreTold(t *testing.T) {
	s := start(t, nil)
	body := "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET WhoAmI() HTTP/1.1\r\n\r\n\r\n--b--\r\n"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.root()+"$batch", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token(salesperson, s.organization()))
	r.Header.Set("Content-Type", `multipart/mixed; boundary="b"`)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response, err = http.Get(s.base + requestsPath); err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var all []seenRequest
	if err := json.NewDecoder(response.Body).Decode(&all); err != nil || len(all) == 0 {
		t.Fatal(err, all)
	}
	last := all[len(all)-1]
	if last.Method != http.MethodPost || last.ContentType != `multipart/mixed; boundary="b"` || last.Body != body {
		t.Errorf("%+v", last)
	}
}

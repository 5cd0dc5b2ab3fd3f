package faults

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// standIn is a server with one effect that can be counted.
func standIn(t *testing.T) (base string, effects *atomic.Int64, in *Injector) {
	effects = new(atomic.Int64)
	in = New()
	srv := httptest.NewServer(in.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		effects.Add(1)
		io.WriteString(w, "hello, hello, hello")
	})))
	t.Cleanup(srv.Close)
	return srv.URL, effects, in
}

func ask(t *testing.T, base, rule string) {
	t.Helper()
	res, err := http.Post(base+Path, "application/json", strings.NewReader(rule))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		t.Fatalf("%s: %d %s", rule, res.StatusCode, body)
	}
}

func get(url string) (status int, header http.Header, body string, err error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get(url)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(b), err
}

func TestARefusalLastsAsOftenAsAsked(t *testing.T) {
	base, effects, _ := standIn(t)
	ask(t, base, `{"path":"/rows","status":429,"retry_after":7,"times":2}`)
	for range 2 {
		status, header, _, _ := get(base + "/rows?$top=1")
		if status != 429 || header.Get("Retry-After") != "7" {
			t.Error(status, header.Get("Retry-After"))
		}
	}
	if status, _, _, _ := get(base + "/elsewhere"); status != 200 {
		t.Error("another path misbehaves:", status)
	}
	if status, _, _, _ := get(base + "/rows"); status != 200 || effects.Load() != 2 {
		t.Error("third request:", status, effects.Load())
	}
}

func TestABodyAndAMethodOfTheTestersOwn(t *testing.T) {
	base, _, _ := standIn(t)
	ask(t, base, `{"method":"POST","status":503,"times":-1,"body":"<html>busy</html>"}`)
	if status, _, _, _ := get(base + "/x"); status != 200 {
		t.Error("GET misbehaves")
	}
	res, err := http.Post(base+"/x", "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	if res.StatusCode != 503 || string(b) != "<html>busy</html>" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Error(res.StatusCode, string(b), res.Header)
	}
}

func TestACutBreaksTheAnswerInItsMiddle(t *testing.T) {
	base, effects, _ := standIn(t)
	for _, n := range []string{"0", "5"} {
		ask(t, base, `{"path":"/","cut_after_bytes":`+n+`}`)
		status, _, body, err := get(base + "/x")
		if status != 200 || err == nil || len(body) != int(n[0]-'0') {
			t.Errorf("cut after %s: %d %q %v", n, status, body, err)
		}
	}
	if effects.Load() != 2 {
		t.Error("the handler did not finish")
	}
	ask(t, base, `{"path":"/","cut_after_bytes":-1,"delay_ms":1}`)
	if _, _, body, err := get(base + "/x"); err != nil || body == "" {
		t.Error("a negative cut cuts:", err)
	}
}

func TestALostAnswerLeavesItsEffect(t *testing.T) {
	base, effects, _ := standIn(t)
	ask(t, base, `{"path":"/x","after_effect":true}`)
	if _, _, _, err := get(base + "/x"); err == nil || effects.Load() == 0 {
		t.Error("answer lost:", err, "effects:", effects.Load())
	}
	before := effects.Load()
	ask(t, base, `{"path":"/x","after_effect":true,"status":504}`)
	if status, _, body, err := get(base + "/x"); err != nil || status != 504 || strings.Contains(body, "hello") || effects.Load() != before+1 {
		t.Error(status, body, err, effects.Load())
	}
}

func TestDeleteClears(t *testing.T) {
	base, _, in := standIn(t)
	ask(t, base, `{"status":500,"times":-1}`)
	req, _ := http.NewRequest(http.MethodDelete, base+Path, nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if status, _, _, _ := get(base + "/x"); status != 200 || len(in.Rules()) != 0 {
		t.Error(status, in.Rules())
	}
}

func TestWhatCannotBeCarriedOutIsRefused(t *testing.T) {
	base, _, in := standIn(t)
	for _, rule := range []string{``, `{}`, `{"status":42}`, `{"delay_ms":-1}`, `{"status":500,"stauts":1}`, `[]`, `{"status":"500"}`} {
		res, err := http.Post(base+Path, "application/json", strings.NewReader(rule))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", rule, res.StatusCode)
		}
	}
	req, _ := http.NewRequest(http.MethodPost, base+Path, strings.NewReader(`{"status":500}`))
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden || len(in.Rules()) != 0 {
		t.Error("a foreign page may change the sandbox:", res.StatusCode)
	}
}

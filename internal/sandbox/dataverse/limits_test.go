package dataverse

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (s *sandbox) limit(method, body string) int {
	s.t.Helper()
	request, err := http.NewRequest(method, s.base+"/_sandbox/limits", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(request).status
}

// Whoever is beyond the limit is refused, and waits longer the more often they ask; others go on.
func TestTooManyRequestsAreRefusedForLonger(t *testing.T) {
	s := writable(t)
	if status := s.limit(http.MethodPost, `{"organization":"harbor-sales","enabled":true,"requests":4}`); status != http.StatusNoContent {
		t.Fatal(status)
	}
	for i := range 4 {
		a := s.get(salesperson, "WhoAmI").ok()
		if left := a.header.Get("x-ms-ratelimit-burst-remaining-xrm-requests"); left != strconv.Itoa(3-i) {
			t.Errorf("after request %d there are %s left", i, left)
		}
	}
	last := 0
	for i := range 5 {
		a := s.get(salesperson, "WhoAmI")
		a.refused(429, codeThrottled)
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if err != nil || wait <= last || wait > 300 {
			t.Errorf("the wait after refusal %d is %q, after %d", i, a.header.Get("Retry-After"), last)
		}
		if last = wait; !strings.Contains(a.text, "Number of requests exceeded the limit of 4 over time window of 300 seconds.") {
			t.Error(a.text)
		}
	}
	s.get(administrator, "WhoAmI").ok()
	if status := s.limit(http.MethodDelete, ""); status != http.StatusNoContent {
		t.Fatal(status)
	}
	s.get(salesperson, "WhoAmI").ok()
	for body, want := range map[string]int{`{"requests":0}`: 400, `{`: 400, `{"organization":"nowhere","enabled":true}`: 404} {
		if status := s.limit(http.MethodPost, body); status != want {
			t.Errorf("%s: %d", body, status)
		}
	}
	if status := s.limit(http.MethodGet, ""); status != http.StatusMethodNotAllowed {
		t.Error(status)
	}
}

func TestTheWindowSlides(t *testing.T) {
	clock := now
	l := newLimits(func() time.Time { return clock })
	l.enforce(func(p *protection) { p.enforced, p.requests, p.time, p.concurrent = true, 2, time.Minute, 1 })
	once := func(took time.Duration) string {
		if _, why := l.admit("tomas"); why != nil {
			return why.Code
		}
		l.spend("tomas", took)
		return ""
	}
	once(0)
	clock = clock.Add(200 * time.Second)
	once(0)
	if code := once(0); code != codeThrottled {
		t.Errorf("a third request: %q", code)
	}
	clock = clock.Add(110 * time.Second) // the first is out of the window, the second is not
	if code := once(61 * time.Second); code != "" {
		t.Error(code)
	}
	clock = clock.Add(200 * time.Second)
	if code := once(0); code != codeExecutionTime {
		t.Errorf("after a minute of work: %q", code)
	}
	clock = clock.Add(301 * time.Second)
	if _, why := l.admit("tomas"); why != nil {
		t.Fatal(why)
	}
	if code := once(0); code != codeConcurrency {
		t.Errorf("two at once: %q", code)
	}
	l.enforce(func(p *protection) { *p = published })
	for range 7000 {
		if code := once(time.Second); code != "" {
			t.Fatal(code)
		}
	}
	if left, seconds := l.remaining("tomas"); left != 1 || seconds != "0.00" {
		t.Error(left, seconds)
	}
}

package dataverse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
)

func TestWhatFailedOnTheWayIsAskedAgain(t *testing.T) {
	for status, times := range map[int]int{502: 3, 503: 3, 504: 3, 500: 1, 400: 1} {
		f := newFake(t)
		f.on(discovered, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if err := organizations(f.client(), anna); err == nil || f.count(discovered) != times {
			t.Errorf("%d: asked %d times: %v", status, f.count(discovered), err)
		}
	}
	f := newFake(t)
	f.on(discovered, func(w http.ResponseWriter, _ *http.Request) {
		if f.count(discovered) < 3 {
			w.WriteHeader(503)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	if err := organizations(f.client(), anna); err != nil {
		t.Error(err)
	}
}

func TestAStrugglingServerIsLeftAlone(t *testing.T) {
	f := newFake(t)
	f.on(discovered, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	c := f.client()
	for range 100 {
		wantFault(t, "down", organizations(c, anna), fault.Unreachable, "dataverse.unreachable")
	}
	if n := f.count(discovered); n > 10 {
		t.Errorf("asked %d times", n)
	}
	f.forward(10 * time.Second)
	f.json(discovered, `{"value":[]}`)
	if err := organizations(c, anna); err != nil {
		t.Error("still broken:", err)
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 5 * time.Second, "7": 7 * time.Second, "0": time.Second, "-5": 5 * time.Second, "1000000000": 5 * time.Minute, "NaN": 5 * time.Second,
		"1e300": 5 * time.Minute, "soon": 5 * time.Second, "12.5": 12500 * time.Millisecond, "Mon, 23 Nov 2026 09:00:30 GMT": 30 * time.Second,
		"Mon, 23 Nov 2020 09:00:30 GMT": time.Second, "Mon, 23 Nov 2099 09:00:30 GMT": 5 * time.Minute,
	} {
		f := newFake(t)
		f.on(discovered, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", text)
			w.Header().Set("Date", "Mon, 23 Nov 2026 09:00:00 GMT")
			w.WriteHeader(429)
		})
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		_, _, err := f.client().Organizations(ctx, anna)
		cancel()
		if want <= 3*time.Second {
			// A short wait is waited for, here until the page's own deadline.
			wantFault(t, text, err, fault.Unreachable, "dataverse.slow")
			continue
		}
		wantFault(t, text, err, fault.Busy, "dataverse.busy")
		if got := fault.Of(err).RetryAfter; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// Nothing is sent for somebody who has been told to wait; others go on. Afterwards one question goes first.
func TestWaitingIsObeyed(t *testing.T) {
	f := newFake(t)
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(429)
	}
	f.on(discovered, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Authorization"), "anna") {
			busy(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	c := f.client()
	for range 5 {
		wantFault(t, "anna", organizations(c, anna), fault.Busy, "dataverse.busy")
	}
	f.forward(10 * time.Second)
	err := organizations(c, anna)
	if fault.Of(err).RetryAfter != 20*time.Second {
		t.Errorf("has to wait for %v", fault.Of(err).RetryAfter)
	}
	if err := organizations(c, ben); err != nil {
		t.Error("another person was slowed down:", err)
	}
	if n := f.count("anna " + discovered); n != 1 {
		t.Errorf("asked %d times while told to wait", n)
	}
	f.forward(time.Minute)
	wantFault(t, "still busy", organizations(c, anna), fault.Busy, "dataverse.busy")
	if n := f.count("anna " + discovered); n != 2 {
		t.Errorf("%d questions after the wait", n)
	}
	f.forward(time.Minute)
	f.json(discovered, `{"value":[]}`)
	if err := organizations(c, anna); err != nil {
		t.Error(err)
	}
}

// renewing is a token source whose first token has been revoked.
type renewing struct {
	*fake
	renewals int
}

func (r *renewing) Renew(_ context.Context, user crm.User, _, refused string) (string, error) {
	r.renewals++
	if refused != user.Object {
		return "", fmt.Errorf("refused %q", refused)
	}
	return user.Object + "-renewed", nil
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		works bool
		asked int
	}{"works": {true, 2}, "refused again": {false, 2}} {
		f := newFake(t)
		f.on(discovered, func(w http.ResponseWriter, r *http.Request) {
			if c.works && strings.HasSuffix(r.Header.Get("Authorization"), "-renewed") {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"value":[]}`)
				return
			}
			w.WriteHeader(401)
		})
		tokens := &renewing{fake: f}
		config := f.config()
		config.Tokens = tokens
		err := organizations(dataverse.New(config), anna)
		if (err == nil) != c.works || tokens.renewals != 1 || f.count(discovered) != c.asked {
			t.Errorf("%s: %v after %d renewals and %d questions", name, err, tokens.renewals, f.count(discovered))
		}
	}
}

// One person whose questions fail is stopped alone; once others' fail too, nobody asks, and one question tries again.
func TestOnePersonsFailuresStopNobodyElse(t *testing.T) {
	f := newFake(t)
	var everybody atomic.Bool
	f.on(discovered, func(w http.ResponseWriter, r *http.Request) {
		if everybody.Load() || r.Header.Get("Authorization") == "Bearer "+anna.User.Object {
			w.WriteHeader(500)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	c := f.client()
	ask := func(person string) error {
		caller := anna
		caller.User.Object = person
		return organizations(c, caller)
	}
	for range 30 {
		_ = ask("anna")
	}
	if n := f.count(discovered); n != 10 {
		t.Errorf("asked %d times for one", n)
	}
	if err := ask("berta"); err != nil {
		t.Error("stopped for another's failures:", err)
	}
	everybody.Store(true)
	for range 30 {
		for _, person := range []string{"carl", "dora", "emil", "frida"} {
			_ = ask(person)
		}
	}
	if n := f.count(discovered); n > 10+1+4*10 {
		t.Errorf("asked %d times when all fail", n)
	}
	if err := ask("gustav"); err == nil || f.count("gustav ") > 0 {
		t.Errorf("somebody new is let ask %d times: %v", f.count("gustav "), err)
	}
	everybody.Store(false)
	f.forward(10 * time.Second)
	for _, person := range []string{"hanna", "gustav", "carl"} {
		if err := ask(person); err != nil {
			t.Errorf("still stopped for %s: %v", person, err)
		}
	}
}

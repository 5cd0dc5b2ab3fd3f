package dataverse_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
)

// throttle is a server that asks for patience and holds it against whoever has none: a question during the wait makes it
// longer, as Dataverse does.
type throttle struct {
	mu         sync.Mutex
	wait       time.Duration
	until      time.Time
	violations int
	asked      int
	atOnce     int
	most       int
	first      bool
}

func (s *throttle) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked++
	s.atOnce++
	s.most = max(s.most, s.atOnce)
	status, body, header := 200, `{"value":[]}`, http.Header{"Content-Type": {"application/json"}}
	switch {
	case !s.first:
		s.first, s.until = true, time.Now().Add(s.wait)
		status = 429
	case time.Now().Before(s.until):
		if time.Until(s.until) < s.wait-10*time.Millisecond {
			s.violations++ // not merely under way already
		}
		status = 429
	}
	if status == 429 {
		header.Set("Retry-After", strconv.Itoa(int(s.wait/time.Second)))
	}
	s.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	s.mu.Lock()
	s.atOnce--
	s.mu.Unlock()
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

type anyToken struct{}

func (anyToken) Token(context.Context, crm.User, string) (string, error) { return "x", nil }

// A short wait is waited for: one question goes ahead when it is over, and nobody asks before.
func TestAShortWaitIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &throttle{wait: 2 * time.Second}
		c := dataverse.New(dataverse.Config{DiscoveryURL: "https://disco.example", Tokens: anyToken{}, HTTP: server})
		start := time.Now()
		if _, _, err := c.Organizations(context.Background(), anna); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 2*time.Second || took > 3*time.Second || server.violations > 0 {
			t.Errorf("took %v with %d violations", took, server.violations)
		}
	})
}

// While one person is told to wait, everything they ask for is held back; then one question goes ahead and the rest follow.
func TestManyQuestionsWaitTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &throttle{wait: 2 * time.Second}
		c := dataverse.New(dataverse.Config{DiscoveryURL: "https://disco.example", Tokens: anyToken{}, HTTP: server})
		org := crm.Organization{URL: "https://o.example", API: "https://o.example"}
		start := time.Now()
		var all sync.WaitGroup
		for i := range 13 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 50 * time.Millisecond)
				// An app of its own makes a question of its own.
				place := crm.Place{Organization: org, App: crm.App{ID: "a", LayerID: strconv.Itoa(i)}}
				if _, _, err := c.Dashboards(context.Background(), anna, place); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if took := time.Since(start); took < 2*time.Second || took > 3*time.Second || server.violations > 0 {
			t.Errorf("took %v, %d questions during the wait", took, server.violations)
		}
	})
}

// Waiting ends with the person's patience and with the page's deadline.
func TestALongWaitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &throttle{wait: 40 * time.Second}
		c := dataverse.New(dataverse.Config{DiscoveryURL: "https://disco.example", Tokens: anyToken{}, HTTP: server})
		start := time.Now()
		for range 3 {
			_, _, err := c.Organizations(context.Background(), anna)
			if !fault.Is(err, fault.Busy) || fault.Of(err).RetryAfter < 30*time.Second {
				t.Error(err)
			}
		}
		if took := time.Since(start); took > time.Second || server.asked != 1 {
			t.Errorf("took %v and %d questions", took, server.asked)
		}
	})
}

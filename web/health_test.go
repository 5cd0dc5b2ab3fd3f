package web

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestReadinessFollowsTheDatabase(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	b.get("/readyz").wantStatus(http.StatusOK)
	b.request(http.MethodHead, "/readyz", nil).wantStatus(http.StatusOK)
	if err := at.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.get("/readyz").wantStatus(http.StatusServiceUnavailable)
	b.get("/healthz").wantStatus(http.StatusOK)
	b.get("/tab/dashboard").wantStatus(http.StatusServiceUnavailable).wantText("We cannot reach our own storage right now.")
	b.get("/tab/dashboard/part?part=one").wantStatus(http.StatusServiceUnavailable).wantOne(`section[data-part="one"]`)
	if log := at.log.text(); !strings.Contains(log, `"fault":"store.unavailable","cause":"sql: database is closed"`) {
		t.Error("the log does not say why:", log)
	}
}

func TestReadinessEndsBeforeTheServerDoes(t *testing.T) {
	at := start(t)
	at.Drain()
	at.browser(false).get("/readyz").wantStatus(http.StatusServiceUnavailable)
	at.browser(false).get("/healthz").wantStatus(http.StatusOK)

	other := start(t)
	server := other.HTTP()
	if err := server.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	for !other.draining.Load() { // Shutdown tells us from a goroutine of its own
		select {
		case <-t.Context().Done():
			t.Fatal("the shutdown was not noticed")
		default:
		}
	}
}

// The server's own limits hold on a real connection.
func TestHeadersOverTheLimitAreRefused(t *testing.T) {
	at := start(t)
	server := at.HTTP()
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.IdleTimeout <= 0 || server.WriteTimeout <= at.cfg.PageDeadline {
		t.Error("a client may take for ever, or a page may not take its time")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() { server.Close(); <-ended })
	for size, want := range map[int]int{60 << 10: http.StatusOK, 70 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: %s\r\n\r\n", strings.Repeat("a", size))
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != want {
			t.Error(size, res.Status)
		}
		c.Close()
	}
}

// Nothing of ours believes the Host header or a proxy that nobody has trusted.
func TestTheHostHeaderDecidesNothing(t *testing.T) {
	at := start(t)
	p := at.browser(false).get("/auth/start?next=/tab/dashboard", func(r *http.Request) {
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("X-Forwarded-Proto", "http")
		r.Header.Set("Forwarded", "host=evil.example")
	}).wantStatus(http.StatusFound)
	if strings.Contains(fmt.Sprint(p.Header), "evil.example") || p.Header.Get("Strict-Transport-Security") == "" {
		t.Error(p.Header)
	}
}

// While another process holds the database's only pen, people go on reading; only when they were last seen is not noted.
func TestALockedDatabaseKeepsNobodyFromReading(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	at.clock.forward(2 * seenEvery)
	other, err := sql.Open("sqlite", "file:"+at.file+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	b.get("/tab/dashboard").wantStatus(http.StatusOK).wantText("Row of one")
	if !strings.Contains(at.log.text(), "store.unavailable") {
		t.Error("the log does not know")
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	b.get("/tab/dashboard").wantStatus(http.StatusOK)
}

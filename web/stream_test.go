package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// vain ends a wait for something that does not come.
const vain = 20 * time.Second

// tap reads a page while it is still being written.
type tap struct {
	testing.TB
	stream io.Reader
	seen   bytes.Buffer
}

// until reads on until text has arrived.
func (p *tap) until(text string) {
	p.Helper()
	buffer := make([]byte, 4096)
	for !strings.Contains(p.seen.String(), text) {
		n, err := p.stream.Read(buffer)
		p.seen.Write(buffer[:n])
		if err != nil {
			p.Fatalf("%v before %q arrived; so far %d bytes", err, text, p.seen.Len())
		}
	}
}

func (p *tap) not(text string) {
	p.Helper()
	if strings.Contains(p.seen.String(), text) {
		p.Errorf("%q is there too early", text)
	}
}

// open asks for a page and returns as soon as its head has arrived.
func (b *browser) open(address, coding string) (*tap, *http.Response) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), vain)
	b.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "iframe")
	r.Header.Set("Accept-Encoding", coding)
	res, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { res.Body.Close() })
	return &tap{TB: b.TB, stream: decoded(b.TB, coding, res.Body)}, res
}

// gates makes the catalogue wait, and gives what lets it go on.
func (at *pintab) gates(keys ...string) map[string]chan struct{} {
	gates := map[string]chan struct{}{}
	at.crm.set(func(c *catalogue) {
		for _, k := range keys {
			gates[k] = make(chan struct{})
			c.wait[k] = gates[k]
		}
	})
	return gates
}

// The frame of the page arrives before Dataverse has answered anything, and each part the moment it is there, in whatever
// order and coding.
func TestThePageArrivesInPieces(t *testing.T) {
	for _, coding := range []string{"zstd", "br", "gzip", "identity"} {
		t.Run(coding, func(t *testing.T) {
			at := start(t)
			b := at.inTeams(person(world.Seller))
			gates := at.gates("place", "one", "two")
			page, res := b.open("/tab/dashboard?theme=dark", coding)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") == "" {
				t.Fatal(res.Status)
			}
			page.until("My Dashboard")
			page.not("Harbor Sales")
			close(gates["place"])
			page.until("Part two")
			page.not("Row of")
			close(gates["two"])
			page.until("Row of two")
			page.not("Row of one")
			close(gates["one"])
			page.until("Row of one")
			page.until("</html>")
		})
	}
}

// A browser that leaves takes its questions along.
func TestUpstreamIsCalledOffWhenTheBrowserLeaves(t *testing.T) {
	at := start(t, func(c *Config) {
		c.PageDeadline = time.Hour
		boards := c.Dashboards.(dashboard.Service)
		boards.PartDeadline = time.Hour
		c.Dashboards = boards
	})
	b := at.inTeams(person(world.Seller))
	at.gates("one")
	page, res := b.open("/tab/dashboard", "identity")
	page.until("Row of two")
	res.Body.Close()
	select {
	case <-at.crm.cancelled:
	case <-time.After(vain):
		t.Error("Dataverse is still being asked")
	}
}

// Upstreams that never answer leave a whole page behind, which says so.
func TestTheDeadlineEndsInAWholePage(t *testing.T) {
	t.Run("before anything is known", func(t *testing.T) {
		at := start(t)
		b := at.inTeams(person(world.Seller))
		at.Server.cfg.PageDeadline = 50 * time.Millisecond
		at.gates("place")
		p := b.get("/tab/dashboard").wantStatus(http.StatusOK)
		if got := p.wantOne(`[data-testid="state"]`).AttrOr("data-failed", ""); got != "down" {
			t.Error(got)
		}
		if !strings.HasSuffix(strings.TrimSpace(p.body), "</html>") {
			t.Error("the page has no end")
		}
	})
	t.Run("with parts missing", func(t *testing.T) {
		at := start(t)
		b := at.inTeams(person(world.Seller))
		at.Server.cfg.PageDeadline = 300 * time.Millisecond
		at.gates("one")
		p := b.get("/tab/dashboard").wantStatus(http.StatusOK)
		p.wantText("Row of two")
		if text := p.wantOne(`section[data-part="one"]`).Text(); strings.TrimSpace(text) == "" {
			t.Error("the missing part says nothing")
		}
		if !strings.HasSuffix(strings.TrimSpace(p.body), "</html>") {
			t.Error("the page has no end")
		}
	})
}

// A defect while parts are filled is said in the parts that are missing.
func TestADefectWhileFillingLeavesAWholePage(t *testing.T) {
	at := start(t, func(c *Config) { c.Dashboards = broken{c.Dashboards} })
	b := at.inTeams(person(world.Seller))
	p := b.get("/tab/dashboard").wantStatus(http.StatusOK)
	for _, key := range []string{"one", "two"} {
		p.wantOne(`section[data-part="` + key + `"]`)
	}
	if strings.Contains(p.body, "secret-canary") || strings.Contains(at.log.text(), "secret-canary") {
		t.Error("the words of a panic got out")
	}
	if !strings.Contains(at.log.text(), `"fault":"internal"`) {
		t.Error("the log does not know")
	}
}

// Nothing personal is logged, and every request is.
func TestTheLogSaysWhatHappenedAndNothingPersonal(t *testing.T) {
	at := start(t)
	seller := person(world.Seller)
	token := at.teamsToken(seller)
	b := at.browser(true)
	b.post("/auth/teams", map[string][]string{"token": {token}}).wantStatus(http.StatusOK)
	at.crm.set(func(c *catalogue) {
		c.partErr["one"] = fault.Wrap(unanswered("https://harbor.example/api?$filter=contains(name,'canary-search')"), fault.Unreachable, "dataverse.unreachable")
	})
	b.get("/tab/dashboard?part=one&q=canary-search").wantStatus(http.StatusOK)
	b.get("/nowhere/canary-search").wantStatus(http.StatusNotFound)
	b.request("CANARY", "/tab/dashboard", nil)
	log := at.log.text()
	for name, secret := range map[string]string{
		"token": token, "object id": seller.ObjectID, "name": seller.Name, "username": seller.Username, "search": "canary-search",
		"method": "CANARY", "session": b.sessionOf(), "row": "Row of",
	} {
		if strings.Contains(log, secret) {
			t.Errorf("the %s is in the log", name)
		}
	}
	for _, want := range []string{`"route":"/auth/teams","status":200`, `"route":"/tab/dashboard","status":200`, `"status":404`, `"fault":"dataverse.unreachable"`} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is not in the log:\n%s", want, log)
		}
	}
}

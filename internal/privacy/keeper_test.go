package privacy_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/store"
)

var (
	ada = crm.User{Tenant: "11111111-0000-4000-8000-000000000001", Object: "aaaaaaaa-0000-4000-8000-000000000001"}
	ben = crm.User{Tenant: "11111111-0000-4000-8000-000000000001", Object: "bbbbbbbb-0000-4000-8000-000000000002"}
)

// memory is what a server remembers of people.
type memory struct {
	mu     sync.Mutex
	people map[crm.User]bool
}

func (m *memory) Drop(match func(crm.User) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for u := range m.people {
		if match(u) {
			delete(m.people, u)
		}
	}
}

func (m *memory) put(people ...crm.User) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range people {
		m.people[u] = true
	}
}

func (m *memory) has(u crm.User) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.people[u]
}

// marks is a database of which only the marks matter here.
type marks struct {
	mu      sync.Mutex
	list    []privacy.Mark
	stopped []crm.StoppedTenant
	err     error
	sweeps  int
}

func (m *marks) StoppedTenants(context.Context) ([]crm.StoppedTenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stopped, m.err
}

func (m *marks) stop(tenants ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = nil
	for _, t := range tenants {
		m.stopped = append(m.stopped, crm.StoppedTenant{Tenant: t})
	}
}

func (m *marks) Marks(context.Context) ([]privacy.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.list, m.err
}

func (m *marks) Sweep(context.Context, time.Duration) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweeps++
	return 0, m.err
}

func (m *marks) set(err error, list ...privacy.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list, m.err = list, err
}

// Somebody erased elsewhere is forgotten here within a second, also when a request puts something back meanwhile, and the
// keeper ends with the server.
func TestAnErasureElsewhereEmptiesMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, remembered := &marks{}, &memory{people: map[crm.User]bool{}}
		remembered.put(ada, ben)
		var log strings.Builder
		keeper := &privacy.Keeper{Rows: rows, Memory: []privacy.Memory{remembered}, Idle: time.Hour, Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { keeper.Run(ctx); close(ended) }()
		time.Sleep(5 * time.Second)
		if !remembered.has(ada) || !remembered.has(ben) {
			t.Error("forgotten without an erasure")
		}
		rows.set(nil, privacy.Mark{Person: ada.Mark(), Epoch: 7})
		time.Sleep(time.Second)
		if remembered.has(ada) || !remembered.has(ben) {
			t.Error("the wrong people are forgotten")
		}
		remembered.put(ada) // by a request that had read a row before
		time.Sleep(61 * time.Second)
		if remembered.has(ada) {
			t.Error("what a late request put back is still there")
		}
		remembered.put(ada) // signed in anew
		time.Sleep(10 * time.Minute)
		if !remembered.has(ada) {
			t.Error("somebody who came back is forgotten again and again")
		}
		rows.set(context.DeadlineExceeded)
		time.Sleep(time.Minute)
		if n := strings.Count(log.String(), "deadline"); n != 1 {
			t.Errorf("%d lines about one outage", n)
		}
		stop()
		<-ended
		if rows.sweeps < 2 {
			t.Errorf("swept %d times", rows.sweeps)
		}
	})
}

// A tenant that is switched off elsewhere is forgotten here within a second, and whoever comes back afterwards stays.
func TestATenantSwitchedOffElsewhereEmptiesMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		other := crm.User{Tenant: "22222222-0000-4000-8000-000000000002", Object: ada.Object}
		rows, remembered := &marks{}, &memory{people: map[crm.User]bool{}}
		remembered.put(ada, ben, other)
		keeper := &privacy.Keeper{Rows: rows, Memory: []privacy.Memory{remembered}, Idle: time.Hour, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { keeper.Run(ctx); close(ended) }()
		time.Sleep(time.Second)
		rows.stop(ada.Tenant)
		time.Sleep(time.Second)
		if remembered.has(ada) || remembered.has(ben) || !remembered.has(other) {
			t.Error("the wrong people are forgotten")
		}
		remembered.put(ada) // by a request that had begun before
		time.Sleep(61 * time.Second)
		if remembered.has(ada) {
			t.Error("what a late request put back is still there")
		}
		rows.stop()
		time.Sleep(time.Second)
		remembered.put(ada)
		time.Sleep(10 * time.Minute)
		if !remembered.has(ada) {
			t.Error("switched on again, and still forgotten")
		}
		rows.stop(ada.Tenant) // a second time
		time.Sleep(time.Second)
		if remembered.has(ada) {
			t.Error("switched off again, and not noticed")
		}
		stop()
		<-ended
	})
}

// Two servers on one database: whoever is erased at one is nobody at the other, and a new start begins with nothing.
func TestErasingIsNoticedByAnotherServer(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "p.db")
	var servers []*store.Store
	for range 2 {
		s, err := store.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		servers = append(servers, s)
	}
	profile := crm.Profile{User: ada, Name: "Ada", Username: "ada@example.com"}
	if err := servers[1].StartSession(t.Context(), []byte("id"), crm.Session{Profile: profile, Created: time.Now(), Seen: time.Now(), Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	remembered := &memory{people: map[crm.User]bool{ada: true, ben: true}}
	here := privacy.Service{Rows: servers[0], Memory: []privacy.Memory{remembered}, Now: time.Now}
	held, err := here.Holdings(t.Context(), ada)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	for _, v := range held[0].Values {
		if v.Column == "id" && (!v.Hidden || v.Text != "") || v.Column == "username" && v.Text != profile.Username || v.Column == "expires" && v.At.IsZero() {
			t.Errorf("%+v", v)
		}
	}
	would, err := here.Erase(t.Context(), ada, true)
	if err != nil || would.Rows() != 1 || !would.Mark.IsZero() || !remembered.has(ada) {
		t.Error("a dry run is not dry:", would, err)
	}
	receipt, err := here.Erase(t.Context(), ada, false)
	if err != nil || receipt.Rows() != 1 || receipt.Mark.Sub(receipt.At) != privacy.MarkLife {
		t.Error(receipt, err)
	}
	if remembered.has(ada) || !remembered.has(ben) {
		t.Error("memory of this process was not emptied of them, or of others too")
	}
	if _, ok, err := servers[1].Session(t.Context(), []byte("id")); ok || err != nil {
		t.Error("the session goes on at the other server", err)
	}
	if again, err := here.Holdings(t.Context(), ada); err != nil || len(again) != 1 || again[0].Table != "erasures" {
		t.Error("more than the mark is left:", again, err)
	}
	if _, err := here.Erase(t.Context(), crm.User{}, false); err == nil {
		t.Error("nobody was erased")
	}
}

package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

var (
	ada   = crm.User{Tenant: "11111111-0000-4000-8000-000000000001", Object: "aaaaaaaa-0000-4000-8000-000000000001"}
	ben   = crm.User{Tenant: "11111111-0000-4000-8000-000000000001", Object: "bbbbbbbb-0000-4000-8000-000000000002"}
	adaIn = crm.User{Tenant: "22222222-0000-4000-8000-000000000002", Object: ada.Object} // the same object id in another tenant
)

// clock is a time that tests move.
type clock struct{ ms atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) forward(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func newClock() *clock                   { c := &clock{}; c.ms.Store(1_800_000_000_123); return c }
func hash(text string) []byte            { return leaseName(text) }
func profile(u crm.User) crm.Profile {
	return crm.Profile{User: u, Name: "N " + u.Object, Username: "u@" + u.Tenant}
}
func session(u crm.User, at time.Time, life time.Duration) crm.Session {
	return crm.Session{Profile: profile(u), Created: at, Seen: at, Expires: at.Add(life)}
}

var databases atomic.Int64

// addresses gives an empty database of each kind.
func addresses(t testing.TB) map[string]string {
	name := fmt.Sprintf("t%d", databases.Add(1))
	admin, err := sql.Open("pgx", cluster.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "pintab ?#%.db"), "postgres": cluster.url(name)}
}

func open(t testing.TB, address string, c *clock) *Store {
	t.Helper()
	s, err := Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if c != nil {
		s.Now = c.now
	}
	return s
}

// everywhere runs a test against both databases.
func everywhere(t *testing.T, test func(t *testing.T, s *Store, c *clock)) {
	for kind, address := range addresses(t) {
		t.Run(kind, func(t *testing.T) {
			c := newClock()
			test(t, open(t, address, c), c)
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestASessionLivesUntilItIsEndedOrExpires(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		want := session(ada, c.now(), time.Hour)
		must(t, s.StartSession(ctx, hash("1"), want))
		got, ok, err := s.Session(ctx, hash("1"))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Error(ok, diff)
		}
		c.forward(10 * time.Minute)
		must(t, s.SawSession(ctx, hash("1")))
		if got, _, _ := s.Session(ctx, hash("1")); !got.Seen.Equal(c.now()) {
			t.Error("seen", got.Seen)
		}
		if _, ok, err := s.Session(ctx, hash("2")); ok || err != nil {
			t.Error("an unknown id was found", err)
		}
		must(t, s.EndSession(ctx, hash("1")))
		must(t, s.SawSession(ctx, hash("1")))
		if _, ok, _ := s.Session(ctx, hash("1")); ok {
			t.Error("an ended session is still there")
		}
		must(t, s.StartSession(ctx, hash("3"), session(ada, c.now(), time.Hour)))
		c.forward(time.Hour)
		if _, ok, _ := s.Session(ctx, hash("3")); ok {
			t.Error("an expired session is still there")
		}
	})
}

func TestEndingAllSessionsOfAPersonLeavesOthersAlone(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		for id, u := range map[string]crm.User{"a1": ada, "a2": ada, "b": ben, "in": adaIn} {
			must(t, s.StartSession(ctx, hash(id), session(u, c.now(), time.Hour)))
		}
		must(t, s.EndSessions(ctx, ada))
		for id, want := range map[string]bool{"a1": false, "a2": false, "b": true, "in": true} {
			if _, ok, err := s.Session(ctx, hash(id)); ok != want || err != nil {
				t.Error(id, ok, err)
			}
		}
	})
}

func TestASignInIsTakenOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		want := crm.SignIn{Nonce: "n", Verifier: "v", Next: "/tab/dashboard?x=1", Browser: "b", Challenge: "c", Expires: c.now().Add(time.Minute)}
		must(t, s.StartSignIn(ctx, hash("state"), want))
		got, ok, err := s.TakeSignIn(ctx, hash("state"))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Error(ok, diff)
		}
		if _, ok, _ := s.TakeSignIn(ctx, hash("state")); ok {
			t.Error("taken twice")
		}
		must(t, s.StartSignIn(ctx, hash("late"), want))
		c.forward(time.Minute)
		if _, ok, _ := s.TakeSignIn(ctx, hash("late")); ok {
			t.Error("taken after it had expired")
		}
	})
}

func TestOfManyWhoCollectAHandOffOneWins(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		for round := range 10 {
			code := hash(fmt.Sprint("code", round))
			want := crm.HandOff{Profile: profile(ada), Next: "/n", Challenge: "c", Expires: c.now().Add(HandOffLife)}
			must(t, s.OfferHandOff(ctx, code, want))
			var winners atomic.Int64
			var all sync.WaitGroup
			for range 12 {
				all.Go(func() {
					got, ok, err := s.TakeHandOff(ctx, code)
					if err != nil {
						t.Error(err)
					}
					if ok {
						winners.Add(1)
						if diff := cmp.Diff(want, got); diff != "" {
							t.Error(diff)
						}
					}
				})
			}
			all.Wait()
			if n := winners.Load(); n != 1 {
				t.Fatal(n, "winners")
			}
		}
		if err := s.OfferHandOff(ctx, hash("long"), crm.HandOff{Expires: c.now().Add(HandOffLife + time.Second)}); err == nil {
			t.Error("a hand-off of more than a minute was kept")
		}
		must(t, s.OfferHandOff(ctx, hash("late"), crm.HandOff{Profile: profile(ada), Expires: c.now().Add(HandOffLife)}))
		c.forward(HandOffLife)
		if _, ok, _ := s.TakeHandOff(ctx, hash("late")); ok {
			t.Error("taken after it had expired")
		}
	})
}

func TestTokensAreKeptForPersonAndResource(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		if sealed, expires, err := s.LoadToken(ctx, ada, "r"); sealed != nil || !expires.IsZero() || err != nil {
			t.Error("a token out of nothing", sealed, expires, err)
		}
		until := c.now().Add(time.Hour)
		must(t, s.SaveToken(ctx, ada, "r", []byte("old"), c.now()))
		must(t, s.SaveToken(ctx, ada, "r", []byte{0, 1, 0xff}, until))
		must(t, s.SaveToken(ctx, ada, "other", []byte("o"), until))
		must(t, s.SaveToken(ctx, adaIn, "r", []byte("in"), until))
		sealed, expires, err := s.LoadToken(ctx, ada, "r")
		if !bytes.Equal(sealed, []byte{0, 1, 0xff}) || !expires.Equal(until) || err != nil {
			t.Error(sealed, expires, err)
		}
		must(t, s.DeleteTokens(ctx, ada))
		if sealed, _, _ := s.LoadToken(ctx, ada, "other"); sealed != nil {
			t.Error("a deleted token is still there")
		}
		if sealed, _, _ := s.LoadToken(ctx, adaIn, "r"); string(sealed) != "in" {
			t.Error("somebody else's token went too")
		}
		c.forward(26 * time.Hour)
		must(t, s.SaveToken(ctx, ben, "r", []byte("b"), c.now()))
		if sealed, _, _ := s.LoadToken(ctx, adaIn, "r"); sealed != nil {
			t.Error("a token that expired a day ago is still there")
		}
	})
}

func TestALeaseHasOneHolder(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		take := func(holder string) bool {
			t.Helper()
			mine, err := s.Lease(ctx, "refresh/"+ada.Object, holder, c.now().Add(10*time.Second))
			must(t, err)
			return mine
		}
		var winners atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				mine, err := s.Lease(ctx, "race", fmt.Sprint(i), c.now().Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if mine {
					winners.Add(1)
				}
			})
		}
		all.Wait()
		if winners.Load() != 1 {
			t.Error(winners.Load(), "holders")
		}
		if !take("one") || take("two") || !take("one") {
			t.Error("a lease was not exclusive, or could not be extended")
		}
		must(t, s.ReleaseLease(ctx, "refresh/"+ada.Object, "two"))
		if take("two") {
			t.Error("somebody else's lease was released")
		}
		must(t, s.ReleaseLease(ctx, "refresh/"+ada.Object, "one"))
		if !take("two") {
			t.Error("a released lease cannot be taken")
		}
		c.forward(10 * time.Second)
		if !take("three") {
			t.Error("a lease that has run out cannot be taken")
		}
	})
}

func TestChoicesAreRemembered(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		if p, err := s.Preference(ctx, ada); err != nil || p != (crm.Preference{}) {
			t.Error(p, err)
		}
		must(t, s.Remember(ctx, ada, crm.Preference{OrganizationURL: "https://one", AppID: "1"}))
		c.forward(time.Minute)
		must(t, s.Remember(ctx, ada, crm.Preference{OrganizationURL: "https://two"}))
		want := crm.Preference{OrganizationURL: "https://two", Updated: c.now()}
		if p, err := s.Preference(ctx, ada); err != nil || p != want {
			t.Error(p, err)
		}
		if p, err := s.Preference(ctx, adaIn); err != nil || p != (crm.Preference{}) {
			t.Error("the same object id in another tenant", p, err)
		}

		must(t, s.ChooseDashboard(ctx, ada, "https://one", "1", "d1", false))
		must(t, s.ChooseDashboard(ctx, ada, "https://one", "1", "d2", true))
		must(t, s.ChooseDashboard(ctx, ada, "https://one", "2", "d3", false))
		for app, want := range map[string]string{"1": "d2 true", "2": "d3 false", "3": " false"} {
			id, personal, err := s.DashboardChoice(ctx, ada, "https://one", app)
			if got := fmt.Sprint(id, " ", personal); got != want || err != nil {
				t.Error(app, got, err)
			}
		}
	})
}

func TestADatabaseThatIsGoneIsAFault(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		must(t, s.Ping(t.Context()))
		must(t, s.Close())
		if err := s.Ping(t.Context()); !fault.Is(err, fault.Unreachable) {
			t.Error(err)
		}
		if _, _, err := s.Session(t.Context(), hash("1")); !fault.Is(err, fault.Unreachable) {
			t.Error(err)
		}
		if err := s.Remember(t.Context(), ada, crm.Preference{}); !fault.Is(err, fault.Unreachable) {
			t.Error(err)
		}
	})
}

func TestOpenAgainKeepsWhatWasThere(t *testing.T) {
	for kind, address := range addresses(t) {
		t.Run(kind, func(t *testing.T) {
			first := open(t, address, nil)
			must(t, first.Remember(t.Context(), ada, crm.Preference{AppID: "1"}))
			must(t, first.Close())
			if p, err := open(t, address, nil).Preference(t.Context(), ada); err != nil || p.AppID != "1" {
				t.Error(p, err)
			}
		})
	}
}

func TestSeveralProcessesMayOpenAtOnce(t *testing.T) {
	address := addresses(t)["postgres"]
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := Open(context.Background(), address)
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}

func TestWhatOpenRefuses(t *testing.T) {
	for _, address := range []string{"", "mysql://x", "sqlite:" + filepath.Join(t.TempDir(), "no", "folder.db"),
		"postgres://nobody:hunter2@127.0.0.1:1/x?connect_timeout=1", "postgres://user:hunter2@host:port/"} {
		_, err := Open(t.Context(), address)
		if err == nil {
			t.Error(address, "was opened")
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Error("the password stands in the error:", err)
		}
	}
}

package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

// fill leaves a trace of a person in every table.
func fill(t *testing.T, s *Store, c *clock, u crm.User, key string) {
	t.Helper()
	ctx := t.Context()
	must(t, s.StartSession(ctx, hash("session"+key), session(u, c.now(), time.Hour)))
	must(t, s.SaveToken(ctx, u, "https://org", []byte("sealed "+u.Object), c.now().Add(time.Hour)))
	must(t, s.OfferHandOff(ctx, hash("code"+key), crm.HandOff{Profile: profile(u), Expires: c.now().Add(HandOffLife)}))
	must(t, s.Remember(ctx, u, crm.Preference{OrganizationURL: "https://org of " + u.Object}))
	must(t, s.ChooseDashboard(ctx, u, "https://org", "app", "dash of "+u.Object, false))
	if _, err := s.Settle(ctx, u, crm.Preference{OrganizationURL: "https://org of " + u.Object}, crm.DashboardChoice{
		OrganizationURL: "https://org", AppID: "app", DashboardID: "other dash of " + u.Object}); err != nil {
		t.Fatal(err)
	}
	must(t, s.StopTenant(ctx, "99999999-0000-4000-8000-000000000009"))
	must(t, s.GiveConsent(ctx, u, "subject"))
	must(t, s.ChooseLanguage(ctx, u, "language of "+u.Object))
	if _, _, err := s.BeginWrite(ctx, u, crm.Write{ID: "operation" + key, Ref: crm.RecordRef{Organization: "https://org", Table: "account", ID: "record of " + u.Object}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Look(ctx, u, crm.RecordRef{Organization: "https://org", Table: "account", ID: "record of " + u.Object}, "1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.TakeIn(ctx, crm.Turn{ID: hash("turn" + key), User: u, Conversation: hash("talk" + key), Sealed: []byte("sealed of " + u.Object)}, "holder", c.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Meet(ctx, hash("talk"+key), u, "personal"); err != nil {
		t.Fatal(err)
	}
	must(t, s.OfferBotCode(ctx, u, hash("bot code"+key), c.now().Add(time.Minute)))
	if right, _, err := s.TakeBotCode(ctx, u, hash("bot code"+key)); !right || err != nil {
		t.Fatal(right, err)
	}
	must(t, s.OfferBotCode(ctx, u, hash("bot code"+key), c.now().Add(time.Minute)))
	if _, err := s.AddPin(ctx, u, pinned(u, "pin"+key)); err != nil {
		t.Fatal(err)
	}
	must(t, s.LeaveRow(ctx, u.Tenant, "https://contoso", "row"+key))
	must(t, s.StartSignIn(ctx, hash("state"+key), crm.SignIn{Expires: c.now().Add(time.Minute)}))
	if _, err := s.Lease(ctx, u.LeaseName(), "holder", c.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
}

// erasable are the tables that an erasure empties.
func erasable() []crm.StoredTable {
	return slices.DeleteFunc(slices.Clone(privacy.Inventory()), func(t crm.StoredTable) bool {
		return t.Find == crm.FindNobody || t.Find == crm.FindMark
	})
}

func erase(t *testing.T, s *Store, u crm.User) map[string]int {
	t.Helper()
	counts, err := s.Erase(t.Context(), u, erasable(), s.Now().Add(time.Hour), false)
	must(t, err)
	byName := map[string]int{}
	for i, table := range erasable() {
		byName[table.Name] = counts[i]
	}
	return byName
}

// Whatever the schema has, the inventory lists, and the other way round: a new table or column has to be told of first.
func TestTheInventoryIsTheSchema(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		var listed, there []string
		for _, table := range privacy.Inventory() {
			for _, column := range table.Columns {
				listed = append(listed, table.Name+"."+column.Name)
			}
		}
		for _, table := range allTablesOf(t, s) {
			rows, err := s.db.writer.Query("SELECT * FROM " + table)
			must(t, err)
			columns, err := rows.Columns()
			must(t, err)
			must(t, rows.Close())
			for _, column := range columns {
				there = append(there, table+"."+column)
			}
			if has := slices.Contains(columns, "object"); has != slices.ContainsFunc(erasable(), func(e crm.StoredTable) bool { return e.Name == table && e.Find == crm.FindPerson }) {
				t.Errorf("%s: an erasure does not go by its columns tenant and object", table)
			}
		}
		slices.Sort(listed)
		slices.Sort(there)
		if diff := cmp.Diff(there, listed); diff != "" {
			t.Error("the schema (-) and the inventory (+) differ:", diff)
		}
	})
}

// A person who is erased is in no table any more; the schema itself says which tables there are.
func TestErasingLeavesNothingOfAPersonInAnyTable(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		fill(t, s, c, ada, "a")
		fill(t, s, c, ben, "b")
		erase(t, s, crm.User{Tenant: "somebody", Object: "else"})
		tables := tablesOf(t, s)
		if len(tables) < 7 {
			t.Fatal("only these tables were found:", tables)
		}
		for _, table := range tables {
			if n := len(rowsOf(t, s, table)); n == 0 {
				t.Errorf("the test leaves no trace in table %s", table)
			}
		}
		dry, err := s.Erase(t.Context(), ada, erasable(), s.Now().Add(time.Hour), true)
		must(t, err)
		counts := erase(t, s, ada)
		for i, table := range erasable() {
			if counts[table.Name] != 1 || dry[i] != 1 {
				t.Errorf("%s: %d rows went, %d were told of before", table.Name, counts[table.Name], dry[i])
			}
		}
		forgotten, kept := 0, 0
		for _, table := range tables {
			for _, row := range rowsOf(t, s, table) {
				forgotten += strings.Count(row, ada.Object) + strings.Count(row, string(leaseName(ada.LeaseName())))
				kept += strings.Count(row, ben.Object) + strings.Count(row, string(leaseName(ben.LeaseName())))
			}
		}
		if forgotten != 0 || kept < 6 {
			t.Error(forgotten, "traces of the person who was erased,", kept, "of the other")
		}
	})
}

// What began before an erasure inserts nothing after it; what begins afterwards does, and so does everybody else.
func TestARequestUnderWayDoesNotBringAnybodyBack(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		var number atomic.Int64
		insert := map[string]func(ctx context.Context, u crm.User) error{
			"session": func(ctx context.Context, u crm.User) error {
				return s.StartSession(ctx, hash(fmt.Sprint("new", number.Add(1))), session(u, c.now(), time.Hour))
			},
			"token": func(ctx context.Context, u crm.User) error {
				return s.SaveToken(ctx, u, "r", []byte("x"), c.now().Add(time.Hour))
			},
			"hand-off": func(ctx context.Context, u crm.User) error {
				return s.OfferHandOff(ctx, hash(fmt.Sprint("offer", number.Add(1))), crm.HandOff{Profile: profile(u), Expires: c.now().Add(HandOffLife)})
			},
			"preference": func(ctx context.Context, u crm.User) error { return s.Remember(ctx, u, crm.Preference{AppID: "a"}) },
			"dashboard": func(ctx context.Context, u crm.User) error {
				return s.ChooseDashboard(ctx, u, "https://o", "a", "d", true)
			},
			"choice": func(ctx context.Context, u crm.User) error {
				_, err := s.Settle(ctx, u, crm.Preference{AppID: "a"}, crm.DashboardChoice{OrganizationURL: "https://o", AppID: "a", DashboardID: "e"})
				return err
			},
			"consent": func(ctx context.Context, u crm.User) error { return s.GiveConsent(ctx, u, "s") },
		}
		must(t, s.StartSession(t.Context(), hash("old"), session(ada, c.now(), time.Hour)))
		row, _, err := s.Session(t.Context(), hash("old"))
		must(t, err)
		before := privacy.WithEpoch(t.Context(), row.Epoch)
		erase(t, s, ada)
		epoch, err := s.Epoch(t.Context())
		must(t, err)
		after := privacy.WithEpoch(t.Context(), epoch)
		for what, do := range insert {
			for name, ctx := range map[string]context.Context{"before": before, "at no epoch": t.Context()} {
				if err := do(ctx, ada); !fault.Is(err, fault.SignedOut) {
					t.Errorf("%s that began %s the erasure: %v", what, name, err)
				}
				must(t, do(ctx, ben))
			}
		}
		if n := traces(t, s, ada); n != 0 {
			t.Error(n, "traces came back")
		}
		must(t, s.SawSession(before, hash("old")))
		for what, do := range insert {
			if err := do(after, ada); err != nil {
				t.Errorf("%s after the erasure: %v", what, err)
			}
		}
		erase(t, s, ada)
		c.forward(time.Hour)
		if _, err := s.Sweep(t.Context(), 48*time.Hour); err != nil {
			t.Error(err)
		}
		if marks, err := s.Marks(t.Context()); err != nil || len(marks) != 0 {
			t.Error("a mark is kept for longer than its time:", marks, err)
		}
		if again, err := s.Epoch(t.Context()); err != nil || again != epoch+1 {
			t.Error("epochs are given again:", again, err)
		}
	})
}

func traces(t *testing.T, s *Store, u crm.User) int {
	t.Helper()
	n := 0
	for _, table := range tablesOf(t, s) {
		for _, row := range rowsOf(t, s, table) {
			n += strings.Count(row, u.Object)
		}
	}
	return n
}

// Many writers and an erasure at once: whoever began before it has either gone or never came.
func TestErasingWhileOthersWrite(t *testing.T) {
	for kind, address := range addresses(t) {
		t.Run(kind, func(t *testing.T) {
			c := newClock()
			replicas := []*Store{open(t, address, c), open(t, address, c)}
			for round := range 5 {
				epoch, err := replicas[0].Epoch(t.Context())
				must(t, err)
				ctx := privacy.WithEpoch(t.Context(), epoch)
				var all sync.WaitGroup
				begun, over := make(chan bool, 100), make(chan struct{})
				for i := range 6 {
					s := replicas[i%2]
					all.Go(func() {
						for n := 0; ; n++ {
							select {
							case <-over:
								return
							default:
							}
							_ = s.StartSession(ctx, hash(fmt.Sprint(round, i, n)), session(ada, c.now(), time.Hour))
							_ = s.SaveToken(ctx, ada, fmt.Sprint(i), []byte("x"), c.now().Add(time.Hour))
							_ = s.GiveConsent(ctx, ada, "s")
							if saved, err := s.Settle(ctx, ada, crm.Preference{OrganizationURL: fmt.Sprint(i)}, crm.DashboardChoice{OrganizationURL: "o", AppID: "a", DashboardID: fmt.Sprint(n)}); err == nil {
								_, _ = s.Undo(ctx, ada, saved)
							}
							select {
							case begun <- true:
							default:
							}
						}
					})
				}
				for range 12 {
					<-begun
				}
				erase(t, replicas[1], ada)
				if n := traces(t, replicas[0], ada); n != 0 {
					t.Error(n, "traces right after the erasure")
				}
				close(over)
				all.Wait()
				if n := traces(t, replicas[0], ada); n != 0 {
					t.Error(n, "traces came back")
				}
			}
		})
	}
}

func TestWhatExpiresIsRemoved(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		fill(t, s, c, ada, "a")
		erase(t, s, ben)
		if n, err := s.Sweep(t.Context(), time.Hour); err != nil || n != 0 {
			t.Error(n, "rows went early", err)
		}
		c.forward(3 * time.Hour)
		if _, err := s.Sweep(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
		lasting := []string{"preferences", "dashboard_choices", "languages", "consents", "erasure_epoch", "stopped_tenants", "conversations", "pins", "pin_creators"}
		left(t, s, append(lasting, "writes", "looks", "heard", "bot_sessions", "pin_rows")...)
		c.forward(max(WriteLife, LookLife))
		if _, err := s.Sweep(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
		left(t, s, lasting...)
		must(t, s.StartSession(privacy.WithEpoch(t.Context(), 9), hash("idle"), session(ada, c.now(), 99*time.Hour)))
		c.forward(2 * time.Hour)
		if n, err := s.Sweep(t.Context(), time.Hour); err != nil || n != 1 {
			t.Error("the idle session stays:", n, err)
		}
	})
}

// left checks that these tables have rows and no others.
func left(t *testing.T, s *Store, want ...string) {
	t.Helper()
	for _, table := range tablesOf(t, s) {
		if n := len(rowsOf(t, s, table)); (n > 0) != slices.Contains(want, table) {
			t.Errorf("%s: %d rows", table, n)
		}
	}
}

func TestConsentIsGivenAndWithdrawn(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		if _, ok, err := s.Consent(ctx, ada, "x"); ok || err != nil {
			t.Error(ok, err)
		}
		must(t, s.GiveConsent(ctx, ada, "x"))
		first := c.now()
		c.forward(time.Hour)
		must(t, s.GiveConsent(ctx, ada, "x"))
		if given, ok, err := s.Consent(ctx, ada, "x"); !ok || !given.Equal(first) || err != nil {
			t.Error(given, ok, err)
		}
		if _, ok, _ := s.Consent(ctx, ben, "x"); ok {
			t.Error("somebody else agreed")
		}
		must(t, s.WithdrawConsent(ctx, ada, "x"))
		if _, ok, _ := s.Consent(ctx, ada, "x"); ok {
			t.Error("withdrawn, and still there")
		}
	})
}

// Deleted rows are gone from the file too, not only from the tables, however much else moved about in it.
func TestErasingLeavesNothingOfAPersonInTheFile(t *testing.T) {
	folder := t.TempDir()
	c := newClock()
	s := open(t, "sqlite:"+filepath.Join(folder, "p.db"), c)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 400 {
		u := crm.User{Tenant: ben.Tenant, Object: fmt.Sprintf("%08x-0000-4000-8000-000000000009", random.Uint32())}
		fill(t, s, c, u, fmt.Sprint("other", i))
		if i%7 == 0 {
			fill(t, s, c, ada, fmt.Sprint("a", i))
			must(t, s.SaveToken(t.Context(), ada, fmt.Sprint("https://", random.Uint32()), bytes.Repeat([]byte(ada.Object), 1+random.IntN(200)), c.now().Add(time.Hour)))
		}
		if i%11 == 0 {
			must(t, s.EndSessions(t.Context(), u))
			must(t, s.DeleteTokens(t.Context(), u))
		}
	}
	if !written(t, folder, ada.Object) {
		t.Fatal("the person is not in the file in the first place")
	}
	erase(t, s, ada)
	for _, text := range []string{ada.Object, profile(ada).Name, string(leaseName(ada.LeaseName())), "dash of " + ada.Object} {
		if written(t, folder, text) {
			t.Errorf("%q is still in the file", text)
		}
	}
}

func written(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	must(t, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		must(t, err)
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

// tablesOf are the tables of ours.
func tablesOf(t *testing.T, s *Store) []string {
	t.Helper()
	return slices.DeleteFunc(allTablesOf(t, s), func(name string) bool { return strings.HasPrefix(name, "goose_") })
}

func allTablesOf(t *testing.T, s *Store) []string {
	t.Helper()
	rows, err := s.db.writer.Query(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	if err != nil {
		rows, err = s.db.writer.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	}
	must(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	must(t, rows.Err())
	return tables
}

// rowsOf gives every row of a table as text.
func rowsOf(t *testing.T, s *Store, table string) []string {
	t.Helper()
	rows, err := s.db.writer.Query("SELECT * FROM " + table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var all []string
	for rows.Next() {
		values := make([]sql.RawBytes, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(t, rows.Scan(into...))
		var line strings.Builder
		for _, v := range values {
			fmt.Fprintf(&line, "%s|", v)
		}
		all = append(all, line.String())
	}
	must(t, rows.Err())
	return all
}

package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
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
	must(t, s.StartSignIn(ctx, hash("state"+key), crm.SignIn{Expires: c.now().Add(time.Minute)}))
	if _, err := s.Lease(ctx, "refresh "+u.Object, "holder", c.now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
}

// A person who is forgotten is in no table any more; the schema itself says which tables there are.
func TestForgetLeavesNothingOfAPersonInAnyTable(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		fill(t, s, c, ada, "a")
		fill(t, s, c, ben, "b")
		tables := tablesOf(t, s)
		if len(tables) < 7 {
			t.Fatal("only these tables were found:", tables)
		}
		for _, table := range tables {
			if n := len(rowsOf(t, s, table)); n == 0 {
				t.Errorf("the test leaves no trace in table %s", table)
			}
		}
		must(t, s.Forget(t.Context(), ada))
		forgotten, kept := 0, 0
		for _, table := range tables {
			for _, row := range rowsOf(t, s, table) {
				forgotten += strings.Count(row, ada.Object)
				kept += strings.Count(row, ben.Object)
			}
		}
		if forgotten != 0 || kept < 5 {
			t.Error(forgotten, "traces of the person who was forgotten,", kept, "of the other")
		}
	})
}

// Deleted rows are gone from the file too, not only from the tables.
func TestForgetLeavesNothingOfAPersonInTheFile(t *testing.T) {
	folder := t.TempDir()
	c := newClock()
	s := open(t, "sqlite:"+filepath.Join(folder, "p.db"), c)
	fill(t, s, c, ada, "a")
	if !written(t, folder, ada.Object) {
		t.Fatal("the person is not in the file in the first place")
	}
	must(t, s.Forget(t.Context(), ada))
	if written(t, folder, ada.Object) {
		t.Error("the person is still in the file")
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

func tablesOf(t *testing.T, s *Store) []string {
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
		if !strings.HasPrefix(name, "goose_") {
			tables = append(tables, name)
		}
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

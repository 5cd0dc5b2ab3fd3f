package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// holding lists the files below a folder that hold a text; PostgreSQL's write-ahead log is not looked at.
func holding(t *testing.T, folder, text string) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && os.IsNotExist(err):
			return nil // temporary files come and go
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "pg_wal":
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if bytes.Contains(content, []byte(text)) {
			files = append(files, path)
		}
		return nil
	}))
	return files
}

// After an erasure and a scrub, no file of PostgreSQL holds a word about the person, nor does its log; others are still there.
func TestScrubbingLeavesNothingOfAPersonInPostgresFiles(t *testing.T) {
	c := newClock()
	// Nobody else's test knows these two, whose databases are files of the same server.
	eve := crm.User{Tenant: "33333333-0000-4000-8000-000000000003", Object: "eeeeeeee-0000-4000-8000-00000000000e"}
	joe := crm.User{Tenant: eve.Tenant, Object: "dddddddd-0000-4000-8000-00000000000d"}
	address := addresses(t)["postgres"]
	s := open(t, address, c)
	for i := range 60 {
		fill(t, s, c, joe, fmt.Sprint("b", i))
		fill(t, s, c, eve, fmt.Sprint("a", i))
		must(t, s.SaveToken(t.Context(), eve, fmt.Sprint("https://org", i), bytes.Repeat([]byte(eve.Object), 1+i), c.now().Add(time.Hour)))
	}
	admin, err := sql.Open("pgx", cluster.url("postgres"))
	must(t, err)
	defer admin.Close()
	checkpoint := func() {
		t.Helper()
		_, err := admin.Exec("CHECKPOINT")
		must(t, err)
	}
	checkpoint()
	words := []string{eve.Object, profile(eve).Name, string(leaseName(eve.LeaseName()))}
	for _, word := range words {
		if len(holding(t, cluster.folder, word)) == 0 {
			t.Fatalf("%q is not in the files in the first place", word)
		}
	}
	erase(t, s, eve)
	must(t, s.Scrub(t.Context()))
	checkpoint()
	for _, word := range words {
		if files := holding(t, cluster.folder, word); len(files) > 0 {
			t.Errorf("%q is still in %q", word, files)
		}
	}
	if len(holding(t, cluster.folder, joe.Object)) == 0 {
		t.Error("somebody else is gone, or the search finds nothing")
	}
}

func TestScrubbingKeepsEverythingElse(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		fill(t, s, c, ada, "a")
		before := map[string]int{}
		for _, table := range tablesOf(t, s) {
			before[table] = len(rowsOf(t, s, table))
		}
		must(t, s.Scrub(t.Context()))
		for table, want := range before {
			if n := len(rowsOf(t, s, table)); n != want {
				t.Errorf("%s has %d rows, not %d", table, n, want)
			}
		}
	})
}

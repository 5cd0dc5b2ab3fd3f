package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

func TestTheSQLiteFileIsSetUpForDurability(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.db")
	s := open(t, "sqlite:"+path, nil)
	for name, p := range map[string]*pool{"writer": s.db.writer, "reader": s.db.reader} {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "secure_delete": "1"} {
			var got string
			must(t, p.QueryRow("PRAGMA "+pragma).Scan(&got))
			if got != want {
				t.Errorf("%s: %s is %s", name, pragma, got)
			}
		}
	}
	if _, err := s.db.reader.Exec("DELETE FROM sessions"); err == nil {
		t.Error("a reading connection can write")
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Error("others may read the file:", info.Mode())
	}
}

func TestADamagedFileIsRefusedByName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "damaged.db")
	s := open(t, "sqlite:"+path, nil)
	must(t, s.Close())
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	info, err := file.Stat()
	must(t, err)
	if _, err := file.WriteAt([]byte(strings.Repeat("garbage!", 1024)), info.Size()/2/4096*4096); err != nil {
		t.Fatal(err)
	}
	must(t, file.Close())
	if _, err := Open(t.Context(), "sqlite:"+path); err == nil || !strings.Contains(err.Error(), "damaged.db") {
		t.Error(err)
	}
}

func TestManyWritersWaitForEachOther(t *testing.T) {
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "p.db"), nil)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 10 {
				if err := s.Remember(t.Context(), crm.User{Tenant: "t", Object: fmt.Sprint(i, j)}, crm.Preference{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// While another process holds the write lock, people can still read; what could not be written is said.
func TestReadingGoesOnWhileTheFileIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.db")
	s := open(t, "sqlite:"+path, nil)
	must(t, s.StartSession(t.Context(), hash("1"), session(ada, time.Now(), time.Hour)))
	other, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	must(t, err)
	defer other.Close()
	tx, err := other.Begin()
	must(t, err)
	if _, ok, err := s.Session(t.Context(), hash("1")); !ok || err != nil {
		t.Error("reading:", ok, err)
	}
	if _, err := s.db.writer.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	if err := s.SawSession(t.Context(), hash("1")); err == nil {
		t.Error("written although the file is locked")
	}
	must(t, tx.Rollback())
	must(t, s.SawSession(t.Context(), hash("1")))
}

func BenchmarkPreference(b *testing.B) {
	for kind, address := range addresses(b) {
		s := open(b, address, nil)
		must(b, s.Remember(b.Context(), ada, crm.Preference{AppID: "1"}))
		must(b, s.StartSession(b.Context(), hash("1"), session(ada, time.Now(), time.Hour)))
		b.Run(kind+"/session", func(b *testing.B) {
			for b.Loop() {
				if _, ok, err := s.Session(b.Context(), hash("1")); !ok || err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(kind+"/read", func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Preference(b.Context(), ada); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(kind+"/write", func(b *testing.B) {
			for b.Loop() {
				if err := s.Remember(b.Context(), ada, crm.Preference{AppID: "1"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package entra

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/store"
)

// The real store as the vault: three replicas on one database redeem once, sign out together, and leave no token readable
// in its files.
func TestReplicasOnOneDatabase(t *testing.T) {
	at := startLogin(t)
	folder := t.TempDir()
	var replicas []*Service
	for range 3 {
		db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(folder, "pintab.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		db.Now = at.clock.Now
		replicas = append(replicas, New(at.config(), db))
	}
	tab := at.tabToken(tomas)
	if _, err := replicas[0].SignInTab(t.Context(), tab); err != nil {
		t.Fatal(err)
	}
	var issued []string
	for range 3 {
		at.clock.forward(90 * time.Minute)
		at.control("faults", `{"path":"/oauth2/v2.0/token","delay_ms":200}`)
		asked := at.counter("token").Load()
		got := parallel(60, func(i int) string {
			token, err := replicas[i%3].Token(t.Context(), userOf(tomas), orgURL)
			if err != nil {
				return err.Error()
			}
			return token
		})
		if n := at.counter("token").Load() - asked; n != 1 || len(got) != 1 {
			t.Error(n, "redemptions,", len(got), "outcomes")
		}
		for token := range got {
			issued = append(issued, token)
		}
	}
	if err := replicas[1].SignOut(t.Context(), userOf(tomas)); err != nil {
		t.Fatal(err)
	}
	replicas[2].Forget(userOf(tomas))
	_, err := replicas[2].Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")

	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no database files", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, token := range append(issued, tab) {
			for _, part := range []string{token, token[len(token)-40:], "eyJ"} {
				if bytes.Contains(content, []byte(part)) {
					t.Errorf("token %d can be read in %s", i, filepath.Base(file))
				}
			}
		}
	}
}

package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Many people count in the same rows, each with the version they have read: every count that was taken is there in the
// end, nobody hears of a lock, and versions only grow.
func TestNoGuardedUpdateIsLost(t *testing.T) {
	o := open(t)
	const rows, writers, rounds = 3, 6, 40
	var ids []string
	for n := range rows {
		ids = append(ids, o.create(world.Administrator, "account", engine.Row{"name": fmt.Sprint("Counter ", n), "numberofemployees": 0}))
	}
	callers := []*engine.Caller{o.as(world.Administrator), o.as(world.Manager)}
	for _, id := range ids { // the manager writes what EMEA owns
		o.change(world.Administrator, update("account", id, engine.Row{"ownerid": o.user("Elin Forsbäck")}))
	}
	var taken [rows]atomic.Int64
	var refused atomic.Int64
	read := func(c *engine.Caller, id string) (version, count int64) {
		page, err := o.Fetch(o.ctx, c, parse(t, `<fetch><entity name="account"><attribute name="numberofemployees"/><filter>`+is("accountid", id)+`</filter></entity></fetch>`), engine.FetchOptions{})
		if err != nil || len(page.Rows) != 1 {
			t.Errorf("%v", err)
			return 0, 0
		}
		count, _ = page.Rows[0].Cells[0].Value.(int64)
		return page.Rows[0].Version, count
	}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			random, c := rand.New(rand.NewPCG(7, uint64(w))), callers[w%len(callers)]
			var last int64
			for range rounds {
				n := random.IntN(rows)
				version, count := read(c, ids[n])
				err := o.Change(o.ctx, c, func(x *engine.Change) error {
					if err := x.Update("account", ids[n], engine.Row{"numberofemployees": count + 1}, engine.Guard{Version: version}); err != nil {
						return err
					}
					now, there, err := x.Version("account", ids[n])
					if !there || now <= version || now <= last {
						t.Errorf("version %d after %d and %d", now, version, last)
					}
					last = now
					return err
				})
				switch {
				case err == nil:
					taken[n].Add(1)
				case code(err) == engine.CodeVersionMismatch:
					refused.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for n, id := range ids {
		if _, count := read(callers[0], id); count != taken[n].Load() {
			t.Errorf("row %d counts %d of %d", n, count, taken[n].Load())
		}
		if told := len(o.told(world.Administrator, "account", id)); int64(told) != taken[n].Load()+2 {
			t.Errorf("row %d has a history of %d for %d changes", n, told, taken[n].Load())
		}
	}
	if refused.Load() == 0 {
		t.Log("nobody ever met anybody")
	}
}

// A change whose person has gone away is not made.
func TestAChangeThatIsCancelled(t *testing.T) {
	o := open(t)
	ctx, cancel := context.WithCancel(o.ctx)
	err := o.Change(ctx, o.as(world.Administrator), func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"accountid": nowhere, "name": "Never"})
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) || o.row("account", nowhere) != nil {
		t.Errorf("%v", err)
	}
}

const crashing = "ENGINE_TEST_CRASHES_IN"

// A process that is killed while it writes loses at most what it had not been told was kept, and never half of a change.
func TestAKilledWriterLeavesWholeChanges(t *testing.T) {
	if path := os.Getenv(crashing); path != "" {
		writeUntilKilled(t, path)
		return
	}
	o := open(t)
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "org.db")
	b, err := os.ReadFile(seededFile)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		if err := os.WriteFile(path, b, 0o600); round == 0 && err != nil {
			t.Fatal(err)
		} else if round > 0 {
			_ = os.Remove(path + "-wal")
			_ = os.Remove(path + "-shm")
		}
		last := kill(t, path, 5+round*40)
		db, err := engine.Open(o.ctx, path, seed.Model(), seed.Options(organization(), func() time.Time { return monday }))
		if err != nil {
			t.Fatal(err)
		}
		own := &office{TB: t, DB: db, ctx: o.ctx, now: monday}
		if found, err := db.Check(); err != nil || found != "ok" {
			t.Errorf("%s %v", found, err)
		}
		names := map[string]int{}
		for _, row := range own.fetch(world.Administrator, `<fetch><entity name="lead"><attribute name="subject"/><filter><condition attribute="subject" operator="begins-with" value="Pair "/></filter></entity></fetch>`).Rows {
			names[fmt.Sprint(row.Cells[0].Value)]++
		}
		for name, n := range names {
			if n != 2 {
				t.Errorf("%q is there %d times", name, n)
			}
		}
		for n := range last + 1 {
			if names[fmt.Sprint("Pair ", n)] != 2 {
				t.Errorf("pair %d of %d was kept and is gone", n, last)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// kill runs this test as a process of its own and kills it after so many changes; it answers the last one that it told.
func kill(t *testing.T, path string, after int) (last int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAKilledWriterLeavesWholeChanges$", "-test.v")
	cmd.Env = append(os.Environ(), crashing+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last = -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if rest, told := strings.CutPrefix(lines.Text(), "kept "); told {
			if _, err := fmt.Sscan(rest, &last); err != nil {
				t.Error(err)
			}
		}
		if last >= after {
			_ = cmd.Process.Kill()
			break
		}
	}
	_ = cmd.Wait() // it was killed
	if last < after {
		t.Fatalf("the writer ended by itself after %d", last)
	}
	return last
}

func writeUntilKilled(t *testing.T, path string) {
	ctx := context.Background()
	db, err := engine.Open(ctx, path, seed.Model(), seed.Options(organization(), func() time.Time { return monday }))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{TB: t, DB: db, ctx: ctx, now: monday}
	c := o.as(world.Seller)
	for n := range 100_000 {
		if err := db.Change(ctx, c, func(x *engine.Change) error {
			for range 2 {
				if _, err := x.Create("lead", engine.Row{"subject": fmt.Sprint("Pair ", n), "lastname": "P"}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("kept", n)
	}
}

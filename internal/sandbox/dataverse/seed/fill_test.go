package seed

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

var today = time.Date(2026, 11, 23, 13, 30, 0, 0, time.UTC)

func organizationNamed(t testing.TB, name string) world.Organization {
	for _, o := range world.Organizations() {
		if o.Name == name {
			return o
		}
	}
	t.Fatalf("no organization %s", name)
	return world.Organization{}
}

func fillAll(t testing.TB, dir func() string) map[string]*engine.DB {
	dbs := map[string]*engine.DB{}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, org := range world.Organizations() {
		if org.Seed == "" {
			continue
		}
		wg.Go(func() {
			path := ""
			if dir != nil {
				path = dir() + "/" + org.Name + ".db"
			}
			db, err := engine.Open(context.Background(), path, Model(), Options(org, func() time.Time { return today }))
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { db.Close() })
			if err := Fill(context.Background(), db, org, world.People(), today); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			dbs[org.Name] = db
		})
	}
	wg.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return dbs
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		d := b.TempDir()
		for _, db := range fillAll(b, func() string { return d }) {
			db.Close()
		}
	}
}

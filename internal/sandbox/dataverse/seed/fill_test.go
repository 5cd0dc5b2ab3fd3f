package seed

import (
	"context"
	"errors"
	"path/filepath"
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

// filled are the organizations, made once for all tests, in memory.
var filled = sync.OnceValues(func() (map[string]*engine.DB, error) { return fillAll("") })

func databases(t testing.TB) map[string]*engine.DB {
	dbs, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	return dbs
}

// fillAll makes every organization at the same time, in a folder or, without one, in memory.
func fillAll(folder string) (map[string]*engine.DB, error) {
	ctx := context.Background()
	orgs := seeded()
	dbs, errs := make([]*engine.DB, len(orgs)), make([]error, len(orgs))
	var wg sync.WaitGroup
	for i, org := range orgs {
		wg.Go(func() {
			path := ""
			if folder != "" {
				path = filepath.Join(folder, org.Name+".db")
			}
			db, err := engine.Open(ctx, path, Model(), Options(org, func() time.Time { return today }))
			if err == nil {
				err = Fill(ctx, db, org, world.People(), today)
			}
			dbs[i], errs[i] = db, err
		})
	}
	wg.Wait()
	byName := map[string]*engine.DB{}
	for i, org := range orgs {
		byName[org.Name] = dbs[i]
	}
	return byName, errors.Join(errs...)
}

// BenchmarkFill is what a start with newly seeded data costs.
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		dbs, err := fillAll(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		for _, db := range dbs {
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

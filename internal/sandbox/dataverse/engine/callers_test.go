package engine

import (
	"context"
	"sync"
	"testing"
	"time"
)

// Many people who come at once, before anything is known of any, are all told who they are: no query waits for another's
// connection while holding one of its own.
func TestManyPeopleComeAtOnce(t *testing.T) {
	w := organization(t, nil)
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	for range 10 {
		if err := w.Load(ctx, func(*Loader) error { return nil }); err != nil { // forgets who has come
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 24 {
			all.Go(func() {
				if _, err := w.Caller(ctx, oid(1)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

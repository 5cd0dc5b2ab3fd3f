package engine

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A query that would never end is ended with its person, and leaves room for the next; after Close there is none.
func TestQueriesEndWithWhoeverAsked(t *testing.T) {
	w := organization(t, nil)
	nothing := func([]any) error { return nil }
	for range 2 * maxReaders {
		ctx, cancel := context.WithTimeout(w.ctx, 5*time.Millisecond)
		if err := w.rows(ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", nil, 1, nothing); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		cancel()
	}
	ctx, cancel := context.WithCancel(w.ctx)
	seen := 0
	if err := w.rows(ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n", nil, 1, func([]any) error {
		if seen++; seen == 3 {
			cancel()
		}
		return nil
	}); !errors.Is(err, context.Canceled) || seen != 3 {
		t.Errorf("%v after %d rows", err, seen)
	}
	if n := len(w.fetch(eve, `<fetch><entity name="setting"/></fetch>`).Rows); n != 1 {
		t.Errorf("%d settings", n)
	}
	said := errors.New("enough")
	for range 2 * maxReaders {
		if err := w.rows(w.ctx, "SELECT 1", nil, 1, func([]any) error { return said }); err != said {
			t.Errorf("%v", err)
		}
		if err := w.rows(w.ctx, "SELECT nonsense", nil, 1, nothing); err == nil {
			t.Error("nonsense is answered")
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.rows(w.ctx, "SELECT 1", nil, 1, nothing); err == nil {
		t.Error("a closed organization answers")
	}
}

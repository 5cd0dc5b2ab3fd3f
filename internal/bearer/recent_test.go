package bearer_test

import (
	"testing"

	"github.com/pintab/pintab/internal/bearer"
)

func TestTheRecentAreRemembered(t *testing.T) {
	r := bearer.NewRecent[int, int](10)
	for i := range 100 {
		r.Put(i, i)
		if _, ok := r.Get(0); !ok {
			t.Fatal("what is used is forgotten")
		}
		if r.Len() > 11 {
			t.Fatal(r.Len(), "entries")
		}
	}
	r.Drop(func(k int, _ int) bool { return k == 0 })
	if _, ok := r.Get(0); ok {
		t.Error("dropped but there")
	}
	if v, ok := r.Get(99); !ok || v != 99 {
		t.Error(v, ok)
	}
}

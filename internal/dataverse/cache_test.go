package dataverse

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// loads is a cache whose loads end when the test says so.
type loads struct {
	*testing.T
	cache *cache[personal]
}

func keyOf(person string) personal {
	return personal{user: crm.User{Tenant: "t", Object: person}, what: slotForms}
}

// begin starts to load a value and gives the way to let it end; the channel then gives what the asker got.
func (l *loads) begin(person, value string) (end func(), got <-chan string) {
	l.Helper()
	begun, release, answer := make(chan struct{}), make(chan struct{}), make(chan string, 1)
	go func() {
		v, err := get(context.Background(), l.cache, keyOf(person), time.Minute, func(context.Context) (string, int, error) {
			close(begun)
			<-release
			return value, 1, nil
		})
		if err != nil {
			v = err.Error()
		}
		answer <- v
	}()
	select {
	case <-begun:
	case v := <-answer:
		l.Fatalf("%s got %q without loading", person, v)
	}
	return func() { close(release) }, answer
}

// now asks, and gives what is kept or "fresh".
func (l *loads) now(person string) string {
	l.Helper()
	value, err := get(context.Background(), l.cache, keyOf(person), time.Minute, func(context.Context) (string, int, error) {
		return "fresh", 1, nil
	})
	if err != nil {
		l.Fatal(err)
	}
	return value
}

// What was asked before somebody had everything read anew is neither given to them nor kept.
func TestNobodyWaitsForWhatWasDropped(t *testing.T) {
	l := &loads{T: t, cache: newCache[personal](time.Now, 1<<20, true)}
	end, got := l.begin("a", "old")
	l.cache.drop(func(k personal) bool { return k == keyOf("a") })
	if v := l.now("a"); v != "fresh" {
		t.Errorf("joined what was dropped: %s", v)
	}
	end()
	if v := <-got; v != "old" {
		t.Errorf("who asked before got %s", v)
	}
	if v := l.now("a"); v != "fresh" {
		t.Errorf("kept what was dropped: %s", v)
	}
}

// One person who drops theirs does not keep others from keeping what they load.
func TestDroppingIsNobodyElses(t *testing.T) {
	l := &loads{T: t, cache: newCache[personal](time.Now, 1<<20, true)}
	end, got := l.begin("b", "kept")
	l.cache.drop(func(k personal) bool { return k == keyOf("a") })
	end()
	if v := <-got; v != "kept" {
		t.Errorf("got %s", v)
	}
	if v := l.now("b"); v != "kept" {
		t.Errorf("not kept, because somebody else dropped theirs: %s", v)
	}
}

// However close together they come, those who ask for the same thing cause one load.
func TestWhatIsKeptIsLoadedOnce(t *testing.T) {
	c, loaded := newCache[personal](time.Now, 64<<20, true), atomic.Int64{}
	const keys = 20_000
	var askers sync.WaitGroup
	for range 4 {
		askers.Go(func() {
			for n := range keys {
				_, err := get(context.Background(), c, keyOf(strconv.Itoa(n)), time.Minute, func(context.Context) (int, int, error) {
					loaded.Add(1)
					return n, 1, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	askers.Wait()
	if n := loaded.Load(); n != keys {
		t.Errorf("%d loads of %d things", n, keys)
	}
}

package dataverse

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// personalLife bounds how long a lost right goes unnoticed.
	personalLife = 60 * time.Second
	metadataLife = 10 * time.Minute
)

// personal is the key of everything that Dataverse trims to a person's rights. The person comes first.
type personal struct {
	user         crm.User
	organization string // Organization.URL; "" for discovery
	what         slot
	id           string
}

// shared is the key of metadata, which is the same for everybody in an organization.
type shared struct {
	tenant       string
	organization string
	lcid         int
	what         slot
	id           string
}

// slot says what is kept under a key, and so of which type it is.
type slot string

type entry struct {
	value   any
	size    int
	expires time.Time
}

// cache keeps values for a while, bounded by the bytes they were read from. Both caches are of this shape; their keys are
// of different types, so that a value can only be where it belongs.
type cache[K comparable] struct {
	now func() time.Time
	// sharesFailures is true where everybody who waits for a load is the same person.
	sharesFailures bool

	entries *otter.Cache[K, entry]
	mu      sync.Mutex
	flights map[K]*flight
	dropped atomic.Uint64 // counts drops
}

// flight is a load under way. Its key carries whatever the cache's key carries, so nobody joins another person's.
type flight struct {
	done  chan struct{}
	value any
	err   error
	left  bool // the person who asked first has gone, which says nothing about the others
	stale bool // its key was dropped meanwhile: who asks from then on loads anew, and nothing is kept; guarded by cache.mu
}

func newCache[K comparable](now func() time.Time, bytes uint64, sharesFailures bool) *cache[K] {
	return &cache[K]{now: now, sharesFailures: sharesFailures, flights: map[K]*flight{}, entries: otter.Must(&otter.Options[K, entry]{
		MaximumWeight: bytes,
		Weigher:       func(_ K, e entry) uint32 { return uint32(min(e.size, 1<<30)) + 256 },
	})}
}

// get gives a kept value or loads it, once for everybody who asks for the key meanwhile. Another person's failed load is
// nobody else's: those who waited for it load for themselves, with their own rights.
func get[T any, K comparable](ctx context.Context, c *cache[K], key K, life time.Duration, load func(context.Context) (T, int, error)) (T, error) {
	for {
		e, f, joined := c.find(key)
		if f == nil {
			return e.value.(T), nil
		}
		if !joined {
			return lead(ctx, c, key, life, f, load)
		}
		select {
		case <-f.done:
			if f.err == nil {
				return f.value.(T), nil
			}
			if c.sharesFailures && !f.left {
				var none T
				return none, f.err
			}
		case <-ctx.Done():
			var none T
			return none, unanswered(ctx.Err())
		}
	}
}

// find gives what is kept under a key, or else the flight that loads it, which is the asker's own to lead unless joined.
func (c *cache[K]) find(key K) (e entry, f *flight, joined bool) {
	if e, ok := c.kept(key); ok {
		return e, nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, joined := c.flights[key]; joined {
		return entry{}, f, true
	}
	// A flight may have landed since the first look: without a second one its value would be loaded twice.
	if e, ok := c.kept(key); ok {
		return e, nil, false
	}
	f = &flight{done: make(chan struct{})}
	c.flights[key] = f
	return entry{}, f, false
}

func (c *cache[K]) kept(key K) (entry, bool) {
	e, ok := c.entries.GetIfPresent(key)
	return e, ok && c.now().Before(e.expires)
}

func lead[T any, K comparable](ctx context.Context, c *cache[K], key K, life time.Duration, f *flight, load func(context.Context) (T, int, error)) (value T, err error) {
	f.err = errors.New("load did not end")
	defer func() {
		c.mu.Lock()
		if c.flights[key] == f {
			delete(c.flights, key)
		}
		c.mu.Unlock()
		close(f.done)
	}()
	value, size, err := load(ctx)
	if err != nil {
		f.err, f.left = fault.Of(err), ctx.Err() != nil
		return value, f.err
	}
	f.value, f.err = value, nil
	c.mu.Lock()
	defer c.mu.Unlock()
	if !f.stale {
		c.entries.Set(key, entry{value: value, size: size, expires: c.now().Add(life)})
	}
	return value, nil
}

// drop forgets the entries that match, and what is being loaded of them. What is loaded for others meanwhile is none of it:
// nobody can keep everybody's cache empty by dropping their own again and again.
func (c *cache[K]) drop(match func(K) bool) {
	c.dropped.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, f := range c.flights {
		if match(key) {
			f.stale = true
			delete(c.flights, key)
		}
	}
	for key := range c.entries.Keys() {
		if match(key) {
			c.entries.Invalidate(key)
		}
	}
}

// mine keeps what load gives for this person alone.
func mine[T any](ctx context.Context, c *Client, caller crm.Caller, org crm.Organization, what slot, id string, load func(context.Context) (T, int, error)) (T, error) {
	value, err := get(ctx, c.people, personal{caller.User, org.URL, what, id}, c.jittered(personalLife), load)
	if err == nil {
		note(ctx, step{org.URL, org.API, what, id})
	}
	return value, err
}

// ours keeps what load gives for everybody in the organization who reads this language.
func ours[T any](ctx context.Context, c *Client, caller crm.Caller, org crm.Organization, what slot, id string, load func(context.Context) (T, int, error)) (T, error) {
	key := shared{caller.User.Tenant, org.URL, lcidOf(caller.Locale), what, id}
	value, err := get(ctx, c.metadata, key, c.jittered(metadataLife), load)
	if err == nil {
		note(ctx, step{org.URL, org.API, what, id})
	}
	return value, err
}

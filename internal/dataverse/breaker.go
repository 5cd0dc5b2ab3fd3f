package dataverse

import (
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// breakAfter is how many failures in a row stop a person's asking; one dashboard asks about as often.
	breakAfter = 10
	// breakForAll is how many people have to be stopped in a row before nobody is let ask. One alone may fail because of what
	// they ask: a view that takes too long says nothing about the others'.
	breakForAll = 2
	// breakFor is how long nothing is asked then.
	breakFor = 5 * time.Second
	// remembered bounds the tables below; forgetting one only means starting afresh.
	remembered = 10000
)

// breakers keep one breaker for each upstream, and one for each person there.
type breakers struct {
	mu    sync.Mutex
	known map[waitKey]*breaker
}

// breakerPair are the breakers that one question passes.
type breakerPair struct{ own, all *breaker }

func (b *breakers) of(id string, user crm.User) breakerPair {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil || len(b.known) >= remembered {
		b.known = map[waitKey]*breaker{}
	}
	one := func(key waitKey, after int) *breaker {
		if b.known[key] == nil {
			b.known[key] = &breaker{after: after}
		}
		return b.known[key]
	}
	return breakerPair{one(waitKey{id, user}, breakAfter), one(waitKey{upstream: id}, breakForAll)}
}

func (p breakerPair) allow(now time.Time) bool {
	if !p.own.allow(now) {
		return false
	}
	if !p.all.allow(now) {
		p.own.forget()
		return false
	}
	return true
}

func (p breakerPair) fail(now time.Time) {
	if p.own.fail(now) || p.all.stopped() {
		p.all.fail(now)
	}
}

func (p breakerPair) succeed() {
	p.own.succeed()
	p.all.succeed()
}

func (p breakerPair) forget() {
	p.own.forget()
	p.all.forget()
}

// breaker stops asking an upstream that fails time and again; after a while one question tries whether it is back.
type breaker struct {
	after    int
	mu       sync.Mutex
	failures int
	until    time.Time
	trying   bool
}

func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < b.after {
		return true
	}
	if now.Before(b.until) || b.trying {
		return false
	}
	b.trying = true
	return true
}

// stopped reports whether nothing, or one question at a time, is asked.
func (b *breaker) stopped() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failures >= b.after
}

// fail counts a failure and reports whether that has stopped the asking just now.
func (b *breaker) fail(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.trying = b.failures+1, false
	if b.failures >= b.after {
		b.until = now.Add(breakFor)
	}
	return b.failures == b.after
}

func (b *breaker) succeed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.trying = 0, false
}

// forget ends a question whose person left: it says nothing about the upstream.
func (b *breaker) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// budgets bound retries to a tenth of what is asked, after a first few: retries must not keep a struggling upstream down.
type budgets struct {
	mu   sync.Mutex
	left map[string]float64
}

const budgetFull = 10

func (b *budgets) earn(id string) { b.change(id, 0.1) }

func (b *budgets) spend(id string) bool { return b.change(id, -1) }

func (b *budgets) change(id string, by float64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == nil || len(b.left) >= remembered {
		b.left = map[string]float64{}
	}
	left, known := b.left[id]
	if !known {
		left = budgetFull
	}
	if left+by < 0 {
		return false
	}
	b.left[id] = min(left+by, budgetFull)
	return true
}

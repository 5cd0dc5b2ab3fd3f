package dataverse

import (
	"sync"
	"time"
)

const (
	// breakAfter is how many failures in a row stop the asking; one dashboard asks about as often.
	breakAfter = 10
	// breakFor is how long nothing is asked then.
	breakFor = 5 * time.Second
	// remembered bounds the tables below; forgetting one only means starting afresh.
	remembered = 10000
)

// breakers keep one breaker for each upstream.
type breakers struct {
	mu    sync.Mutex
	known map[string]*breaker
}

func (b *breakers) of(id string) *breaker {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil || len(b.known) >= remembered {
		b.known = map[string]*breaker{}
	}
	if b.known[id] == nil {
		b.known[id] = &breaker{}
	}
	return b.known[id]
}

// breaker stops asking an upstream that fails time and again; after a while one question tries whether it is back.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time
	trying   bool
}

func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < breakAfter {
		return true
	}
	if now.Before(b.until) || b.trying {
		return false
	}
	b.trying = true
	return true
}

func (b *breaker) fail(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.trying = b.failures+1, false
	if b.failures >= breakAfter {
		b.until = now.Add(breakFor)
	}
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

package dataverse

import (
	"fmt"
	"sync"
	"time"
)

// The service protection limits per person and 300 seconds (Microsoft Learn, "Service protection API limits"). They are
// told in headers, not enforced: a refusal on request is package faults.
const (
	windowLength   = 300 * time.Second
	windowRequests = 8000
	windowTime     = 20 * time.Minute
	limitedPeople  = 4096
)

// limits count what each person has used of the current window.
type limits struct {
	now func() time.Time

	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	began    time.Time
	requests int
	time     time.Duration
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, windows: map[string]*window{}}
}

func (l *limits) current(person string) *window {
	w, now := l.windows[person], l.now()
	if w == nil || now.Sub(w.began) >= windowLength {
		if len(l.windows) >= limitedPeople {
			clear(l.windows)
		}
		w = &window{began: now}
		l.windows[person] = w
	}
	return w
}

// spend counts one answered request.
func (l *limits) spend(person string, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.current(person)
	w.requests++
	w.time += took
}

// remaining is what the headers say: requests, and seconds as "1,199.97".
func (l *limits) remaining(person string) (requests int, seconds string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.current(person)
	left := max(windowTime-w.time, 0).Seconds()
	text := fmt.Sprintf("%.2f", left)
	if left >= 1000 {
		text = fmt.Sprintf("%d,%06.2f", int(left)/1000, left-float64(int(left)/1000*1000))
	}
	return max(windowRequests-w.requests-1, 0), text
}

package dataverse

import (
	"context"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// maxWait is how long one question waits in all for an upstream that asked for patience.
const maxWait = 3 * time.Second

type waitKey struct {
	upstream string
	user     crm.User
}

// waits remembers who has been told to wait where (service protection limits count by user). While told to wait nothing is
// sent for that person; afterwards one question goes first and the others follow when it has been answered.
type waits struct {
	mu    sync.Mutex
	known map[waitKey]*wait
}

type wait struct {
	until time.Time
	probe chan struct{} // closed when the question under way has been answered; nil when none is
}

// turn is the permission to send one question.
type turn struct {
	waits *waits
	key   waitKey
	probe bool
}

// enter waits for a turn, at most as long as patience; waited says how long it took.
func (w *waits) enter(ctx context.Context, now func() time.Time, key waitKey, patience time.Duration) (t turn, waited time.Duration, err error) {
	t = turn{waits: w, key: key}
	for {
		w.mu.Lock()
		entry := w.known[key]
		if entry == nil {
			w.mu.Unlock()
			return t, waited, nil
		}
		left := entry.until.Sub(now())
		if left <= 0 && entry.probe == nil {
			entry.probe, t.probe = make(chan struct{}), true
			w.mu.Unlock()
			return t, waited, nil
		}
		probe := entry.probe
		w.mu.Unlock()
		if left > patience-waited || waited >= patience {
			return t, waited, busy(left)
		}
		if left <= 0 {
			// Somebody's question is under way; its answer decides.
			left = patience - waited
		} else {
			probe = nil
		}
		began := time.Now()
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
			waited += left
		case <-probe:
			waited += time.Since(began)
		case <-ctx.Done():
			timer.Stop()
			return t, waited, unanswered(ctx.Err())
		}
		timer.Stop()
	}
}

func busy(left time.Duration) error {
	f := fault.New(fault.Busy, "dataverse.busy")
	f.RetryAfter = max(left, waitLeast)
	return f.With("seconds", int((f.RetryAfter+time.Second-1)/time.Second))
}

// leave tells how the question ended.
func (t turn) leave(now time.Time, failure error) {
	w := t.waits
	w.mu.Lock()
	defer w.mu.Unlock()
	entry := w.known[t.key]
	if entry != nil && t.probe {
		close(entry.probe)
		entry.probe = nil
	}
	switch {
	case fault.Is(failure, fault.Busy):
		if entry == nil {
			entry = &wait{}
			w.add(t.key, entry, now)
		}
		if until := now.Add(fault.Of(failure).RetryAfter); until.After(entry.until) {
			entry.until = until
		}
	case entry != nil && t.probe:
		delete(w.known, t.key)
	}
}

// add keeps the table bounded: waits that are long over are nobody's any more.
func (w *waits) add(key waitKey, entry *wait, now time.Time) {
	if w.known == nil {
		w.known = map[waitKey]*wait{}
	}
	if len(w.known) >= 10000 {
		for k, e := range w.known {
			if e.probe == nil && now.After(e.until) {
				delete(w.known, k)
			}
		}
	}
	w.known[key] = entry
}

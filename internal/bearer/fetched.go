package bearer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// RefetchPause is between two fetches of a document that we have.
	RefetchPause = 30 * time.Second
	// FirstPause is between two fetches of a document that we still lack.
	FirstPause = 3 * time.Second

	fetchTimeout = 5 * time.Second
)

var errRecently = errors.New("asked a moment ago")

// Fetched is a public document of an issuer, kept and fetched with restraint: by one caller at a time and never
// twice within the pause, whatever tokens strangers send.
type Fetched[T any] struct {
	Get  func(context.Context) (T, error)
	Now  func() time.Time
	Soft time.Duration // after this age it is fetched again, when that works
	Hard time.Duration // after this age it is not used any more

	mu      sync.Mutex
	value   T
	have    bool
	at      time.Time // of the last success
	tried   time.Time // of the last attempt
	failure error     // of the last attempt
	running *fetching
}

type fetching struct {
	done chan struct{}
	err  error
}

// Current gives the document, fetching it when it is missing or old. An old one goes on being used up to Hard.
func (f *Fetched[T]) Current(ctx context.Context) (T, error) {
	value, state := f.look()
	switch state {
	case ageFresh:
		return value, nil
	case ageOld:
		if f.idle() {
			_ = f.Refresh(ctx)
			value, _ = f.look()
		}
		return value, nil
	}
	err := f.Refresh(ctx)
	if value, state = f.look(); state == ageFresh || state == ageOld {
		return value, nil
	}
	return value, err
}

type age int

const (
	ageFresh age = iota
	ageOld
	ageGone
)

func (f *Fetched[T]) look() (T, age) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.Now().Sub(f.at)
	switch {
	case !f.have || old >= f.Hard:
		return f.value, ageGone
	case old >= f.Soft:
		return f.value, ageOld
	}
	return f.value, ageFresh
}

// idle reports whether a fetch may start now.
func (f *Fetched[T]) idle() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running == nil && !f.pausing()
}

func (f *Fetched[T]) pausing() bool {
	pause := FirstPause
	if f.have && f.Now().Sub(f.at) < f.Hard {
		pause = RefetchPause
	}
	since := f.Now().Sub(f.tried)
	return !f.tried.IsZero() && since >= 0 && since < pause
}

// Refresh joins the running fetch, or starts one unless the last was a moment ago. The fetch outlives a caller who leaves
// by at most its own time limit, so that the others who wait for it are served.
func (f *Fetched[T]) Refresh(ctx context.Context) error {
	f.mu.Lock()
	run := f.running
	if run == nil {
		if f.pausing() {
			err := f.failure
			f.mu.Unlock()
			if err == nil {
				err = errRecently
			}
			return err
		}
		run = &fetching{done: make(chan struct{})}
		f.running, f.tried = run, f.Now()
		go f.fetch(context.WithoutCancel(ctx), run)
	}
	f.mu.Unlock()
	select {
	case <-run.done:
		return run.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *Fetched[T]) fetch(ctx context.Context, run *fetching) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	var (
		value T
		err   error
	)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		f.mu.Lock()
		if err == nil {
			f.value, f.have, f.at = value, true, f.Now()
		}
		f.failure, f.running, run.err = err, nil, err
		f.mu.Unlock()
		close(run.done)
	}()
	value, err = f.Get(ctx)
}

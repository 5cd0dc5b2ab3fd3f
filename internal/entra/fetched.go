package entra

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	upstreamTimeout = 5 * time.Second
	refetchPause    = 30 * time.Second // between two fetches of a document that we have
	firstPause      = 3 * time.Second  // between two fetches of a document that we still lack
)

var errRecently = errors.New("asked a moment ago")

// fetched is a public document of the login service, kept and fetched with restraint: by one caller at a time and never
// twice within the pause, whatever tokens strangers send.
type fetched[T any] struct {
	get  func(context.Context) (T, error)
	now  func() time.Time
	soft time.Duration // after this age it is fetched again, when that works
	hard time.Duration // after this age it is not used any more

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

// current gives the document, fetching it when it is missing or old. An old one goes on being used up to hard.
func (f *fetched[T]) current(ctx context.Context) (T, error) {
	value, state := f.look()
	switch state {
	case ageFresh:
		return value, nil
	case ageOld:
		if f.idle() {
			_ = f.refresh(ctx)
			value, _ = f.look()
		}
		return value, nil
	}
	err := f.refresh(ctx)
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

func (f *fetched[T]) look() (T, age) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.now().Sub(f.at)
	switch {
	case !f.have || old >= f.hard:
		return f.value, ageGone
	case old >= f.soft:
		return f.value, ageOld
	}
	return f.value, ageFresh
}

// idle reports whether a fetch may start now.
func (f *fetched[T]) idle() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running == nil && !f.pausing()
}

func (f *fetched[T]) pausing() bool {
	pause := firstPause
	if f.have && f.now().Sub(f.at) < f.hard {
		pause = refetchPause
	}
	since := f.now().Sub(f.tried)
	return !f.tried.IsZero() && since >= 0 && since < pause
}

// refresh joins the running fetch, or starts one unless the last was a moment ago. The fetch outlives a caller who leaves
// by at most its own time limit, so that the others who wait for it are served.
func (f *fetched[T]) refresh(ctx context.Context) error {
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
		f.running, f.tried = run, f.now()
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

func (f *fetched[T]) fetch(ctx context.Context, run *fetching) {
	ctx, cancel := context.WithTimeout(ctx, upstreamTimeout)
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
			f.value, f.have, f.at = value, true, f.now()
		}
		f.failure, f.running, run.err = err, nil, err
		f.mu.Unlock()
		close(run.done)
	}()
	value, err = f.get(ctx)
}

package dashboard

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// parallel bounds the parts of one page that are asked for at once. Dashboards have six as a rule and may be allowed
	// twenty; a chart with its list asks twice, and Dataverse allows a person 52 requests at once.
	parallel = 16
	// usualDeadline leaves the page room within its own ten seconds.
	usualDeadline = 8 * time.Second
)

// Fill asks for every part in parallel and hands each to emit the moment it is there; calls of emit never overlap. A part
// that fails is emitted with its Err. Fill returns after its goroutines have ended, with the context's or emit's error.
func (s Service) Fill(ctx context.Context, caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState, emit func(crm.Filled) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts := d.Parts()
	filled := make(chan crm.Filled)
	slots := make(chan struct{}, parallel)
	var work sync.WaitGroup
	for _, part := range parts {
		work.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
				return
			}
			f := s.fill(ctx, caller, place, part, states[part.Key])
			select {
			case filled <- f:
			case <-ctx.Done():
			}
		})
	}
	go func() {
		work.Wait()
		close(filled)
	}()
	var failed error
	for f := range filled {
		if failed != nil || ctx.Err() != nil {
			continue
		}
		if failed = emit(f); failed != nil {
			cancel()
		}
	}
	if failed != nil {
		return failed
	}
	return context.Cause(ctx)
}

// Part fills one part anew; it is what a retry, a sort or the next page asks for.
func (s Service) Part(ctx context.Context, caller crm.Caller, place crm.Place, dashboardID, key string, state crm.PartState) (crm.Filled, error) {
	refs, _, err := s.Source.Dashboards(ctx, caller, place)
	if err != nil {
		return crm.Filled{}, err
	}
	ref, ok := find(refs, dashboardID)
	if !ok {
		return crm.Filled{}, fault.New(fault.NotFound, "dashboard.gone")
	}
	d, err := s.Source.Dashboard(ctx, caller, place, ref)
	if err != nil {
		return crm.Filled{}, err
	}
	part, ok := d.Part(key)
	if !ok {
		return crm.Filled{}, fault.New(fault.NotFound, "dashboard.part_gone")
	}
	return s.fill(ctx, caller, place, part, state), nil
}

// fill asks for what the part's kind needs, within its own deadline.
func (s Service) fill(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (f crm.Filled) {
	deadline := s.PartDeadline
	if deadline <= 0 {
		deadline = usualDeadline
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	f = crm.Filled{Part: part, State: state}
	defer func() {
		if r := recover(); r != nil {
			f.Err = fault.Wrap(errors.New("panic while a part was filled"), fault.Internal, "dashboard.part_failed")
		}
		if f.Err != nil {
			f.List, f.Chart, f.Tile = nil, nil, nil
			f.Err = s.told(ctx, f.Err)
		}
		f.AsOf = s.now()
	}()
	switch part.Kind {
	case crm.PartUnsupported:
	case crm.PartTile:
		tile, err := s.Source.Count(ctx, caller, place, part, state)
		f.Tile, f.Err = &tile, err
	case crm.PartChart:
		f.Chart, f.List, f.Err = s.chart(ctx, caller, place, part, state, state.Drill != nil)
	case crm.PartChartAndList:
		f.Chart, f.List, f.Err = s.chart(ctx, caller, place, part, state, true)
	default:
		list, err := s.Source.List(ctx, caller, place, part, state)
		f.List, f.Err = &list, err
	}
	return f
}

// chart asks for a chart and, when wanted, for the rows beside it at the same time.
func (s Service) chart(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState, rows bool) (*crm.Chart, *crm.List, error) {
	var (
		both     sync.WaitGroup
		list     *crm.List
		listErr  error
		panicked any
	)
	if rows {
		both.Go(func() {
			defer func() { panicked = recover() }()
			l, err := s.Source.List(ctx, caller, place, part, state)
			list, listErr = &l, err
		})
	}
	chart, err := s.Source.Chart(ctx, caller, place, part, state)
	both.Wait()
	if panicked != nil {
		panic(panicked)
	}
	return &chart, list, errors.Join(err, listErr)
}

// told turns a deadline into a fault that names the situation.
func (s Service) told(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unreachable, "dashboard.part_slow")
	}
	return fault.Of(err)
}

func (s Service) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

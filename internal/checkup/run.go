package checkup

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	parallel = 4  // organizations at once
	most     = 24 // organizations that are tested
)

// Run tests everything and yields what it finds the moment it is there: first the findings of the General steps, then the
// organizations, then theirs. Each announced step is found once, also when the time is over. What runs ends before Run does.
func (s Service) Run(ctx context.Context, caller crm.Caller) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, cancel := context.WithTimeout(ctx, or(s.Time, 20*time.Second))
		r := &run{Service: s, ctx: ctx, caller: caller, general: make(chan Finding, len(General()))}
		var work sync.WaitGroup
		defer func() { cancel(); work.Wait() }()
		work.Go(r.login)
		work.Go(func() { r.general <- r.step(Renewal, r.renewal) })
		found := make(chan []target, 1)
		work.Go(func() { found <- r.discover() })
		for range General() {
			if f := <-r.general; !yield(Event{Finding: &f}) {
				return
			}
		}
		targets := <-found
		organizations := make([]Organization, len(targets))
		for i, t := range targets {
			organizations[i] = t.shown
		}
		findings := make(chan Finding)
		work.Go(func() { r.organizations(targets, findings) })
		going := yield(Event{Organizations: organizations})
		for f := range findings {
			if going && !yield(Event{Finding: &f}) {
				going = false
				cancel()
			}
		}
	}
}

// run is one check under way.
type run struct {
	Service
	ctx     context.Context
	caller  crm.Caller
	general chan Finding
}

// target is an organization with what discovery said of it.
type target struct {
	shown   Organization
	org     crm.Organization
	leftOut *crm.LeftOut
	skipped bool
}

func or(d, usual time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return usual
}

// step runs one test within its time; a panic is a finding too.
func (r *run) step(step Step, test func(context.Context) Finding) (f Finding) {
	defer func() {
		if recover() != nil {
			f = broken(step, crm.Exchange{}, fault.Wrap(errors.New("panic in a check"), fault.Internal, "internal"))
		}
	}()
	ctx, cancel := context.WithTimeout(r.ctx, or(r.StepTime, 6*time.Second))
	defer cancel()
	return test(ctx)
}

func (r *run) renewal(ctx context.Context) Finding {
	x, err := r.Login.TestRenewal(ctx, r.caller.User)
	if err != nil {
		return broken(Renewal, x, err)
	}
	return good(Renewal, x)
}

func (r *run) login() {
	r.general <- r.step(LoginClock, func(ctx context.Context) Finding {
		x, err := r.Login.TestLogin(ctx, r.caller.User)
		if err != nil {
			return broken(LoginClock, x, err)
		}
		return clock(LoginClock, x)
	})
}

// discover asks discovery and tells its clock.
func (r *run) discover() (targets []target) {
	told := Finding{Step: DataverseClock, Verdict: Note, Outcome: Untested}
	r.general <- r.step(Discovery, func(ctx context.Context) Finding {
		listed, leftOut, x, err := r.Dataverse.TestDiscovery(ctx, r.caller)
		if x.Dated {
			told = clock(DataverseClock, x)
		}
		if err != nil {
			return broken(Discovery, x, err)
		}
		targets = targetsOf(listed, leftOut)
		f := good(Discovery, x)
		f.Listed, f.LeftOut = len(listed), len(leftOut)
		if len(listed) == 0 {
			f.Verdict, f.Outcome = Failed, Nothing
		}
		return f
	})
	r.general <- told
	return targets
}

// targetsOf puts those that may be used first.
func targetsOf(listed []crm.Organization, leftOut []crm.LeftOut) []target {
	var all []target
	for i, o := range listed {
		t := target{org: o, skipped: i >= most, shown: Organization{ID: o.ID, Name: o.Name, URL: o.URL, Version: o.Version}}
		t.shown.Steps = []Step{Answer, Member, Apps, Rights, Search}
		if t.skipped {
			t.shown.Steps = []Step{Offer}
		}
		all = append(all, t)
	}
	for _, l := range leftOut {
		all = append(all, target{leftOut: &l, shown: Organization{ID: l.ID, Name: l.Name, URL: l.URL, Steps: []Step{Offer}}})
	}
	return all
}

// organizations tests them a few at a time and closes findings.
func (r *run) organizations(targets []target, findings chan<- Finding) {
	defer close(findings)
	var work sync.WaitGroup
	defer work.Wait()
	slots := make(chan struct{}, parallel)
	for _, t := range targets {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			r.organization(t, func(f Finding) {
				f.Organization = t.shown.ID
				findings <- f
			})
		})
	}
}

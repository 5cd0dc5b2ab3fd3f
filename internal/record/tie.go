package record

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// MostTied is how many records are put on a list at once.
	MostTied = 50
	// tiedTogether is how many of them are under way at once.
	tiedTogether = 4
)

// tie is what an undo of tying takes: the records, and what each belonged to before.
type tie struct {
	Relationship string  `json:"r"`
	Off          bool    `json:"f,omitempty"` // they had been taken off
	Others       []other `json:"o"`
}

type other struct {
	Record crm.Reference  `json:"r"`
	Was    *crm.Reference `json:"w,omitempty"`
}

// Tie puts records on a list of a record, or takes them off it. Each happens once, however often it is sent. The outcome is
// OutcomeSaved where at least one was changed, else OutcomeUnchanged, OutcomeUnknown or OutcomeInvalid; Saved.Tied has them one
// by one, and Saved.Form is left to whoever has opened the record.
func (s *Service) Tie(ctx context.Context, caller crm.Caller, place crm.Place, tying crm.Tying) (crm.Saved, error) {
	t, err := s.onto(caller, place, tying.Token)
	if err != nil {
		return crm.Saved{}, err
	}
	others := distinct(tying.Others)
	switch {
	case len(others) == 0:
		return crm.Saved{}, fault.New(fault.Invalid, "related.nothing")
	case len(others) > MostTied:
		return crm.Saved{}, fault.New(fault.TooLarge, "related.too_many").With("max", MostTied)
	}
	done := s.eachTied(ctx, caller, place, t, tie{Relationship: tying.Relationship, Off: tying.Off, Others: others})
	if done.barred != nil && ended(done.tied) != crm.OutcomeSaved {
		return crm.Saved{}, done.barred
	}
	saved := crm.Saved{Outcome: ended(done.tied), At: s.Now(), Tied: done.tied, Again: done.again, Lost: done.lost}
	if saved.Outcome == crm.OutcomeSaved && !done.again {
		saved.Undo, err = s.untying(caller, t, tying, done)
	}
	return saved, err
}

// untie takes back what a receipt tells of, record by record: one that was changed since stays as it is.
func (s *Service) untie(ctx context.Context, caller crm.Caller, place crm.Place, t token) (crm.Saved, error) {
	if t.Ref.Organization != place.Organization.URL {
		return crm.Saved{}, fault.New(fault.Invalid, "record.other_organization")
	}
	back := *t.Tie
	back.Off = !back.Off
	done := s.eachTied(ctx, caller, place, t, back)
	saved := crm.Saved{Outcome: ended(done.tied), At: s.Now(), Tied: done.tied, Again: done.again, Lost: done.lost}
	var err error
	saved.Form, err = s.Open(ctx, caller, place, t.Ref, t.Form)
	return saved, err
}

// tying is what became of all of them.
type tying struct {
	tied        []crm.Tied
	again, lost bool
	barred      *fault.Error // somebody whose session has ended, or whom Entra ID wants to see
}

// eachTied does what is wanted with every record, some at a time.
func (s *Service) eachTied(ctx context.Context, caller crm.Caller, place crm.Place, t token, wanted tie) tying {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usualDeadline)
	defer cancel()
	found := make([]tying, len(wanted.Others))
	turns := make(chan struct{}, tiedTogether)
	var running sync.WaitGroup
	for i, one := range wanted.Others {
		running.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			found[i] = s.tied(ctx, caller, place, t, wanted, one)
		})
	}
	running.Wait()
	var all tying
	for _, one := range found {
		all.tied = append(all.tied, one.tied...)
		all.again, all.lost = all.again || one.again, all.lost || one.lost
		if one.barred != nil {
			all.barred = one.barred
		}
	}
	return all
}

// tied does it with one record, unless that has happened already.
func (s *Service) tied(ctx context.Context, caller crm.Caller, place crm.Place, t token, wanted tie, one other) tying {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%t\x00%s", t.Operation, wanted.Relationship, wanted.Off, one.Record.Key()))
	id := idOf(sum[:])
	known, fresh, err := s.Writes.BeginWrite(ctx, caller.User, crm.Write{ID: id, Ref: t.Ref})
	switch {
	case err != nil:
		return refusedTie(crm.Tied{Other: one.Record}, fault.Of(err))
	case !fresh && known.State == crm.WriteDone:
		return tying{tied: []crm.Tied{{Other: one.Record, Outcome: crm.OutcomeSaved}}, again: true}
	}
	result, lost, err := s.surelyTied(ctx, caller, place, t, wanted, one)
	failure, state := fault.Of(err), crm.WriteDone
	switch {
	case failure != nil && failure.Lost:
		state = crm.WriteUnknown
	case failure != nil:
		state = crm.WriteRefused
	}
	_ = s.Writes.EndWrite(context.WithoutCancel(ctx), caller.User, id, state, "")
	if failure != nil {
		return refusedTie(result, failure)
	}
	if !fresh {
		result.Outcome = crm.OutcomeSaved // whoever sent it first did it
	}
	return tying{tied: []crm.Tied{result}, again: !fresh, lost: lost}
}

// surelyTied sends it until its outcome is known. What the record belonged to is what it was before the first time.
func (s *Service) surelyTied(ctx context.Context, caller crm.Caller, place crm.Place, t token, wanted tie, one other) (result crm.Tied, lost bool, err error) {
	var was *crm.Reference
	err = s.surely(ctx, func(ctx context.Context) error {
		done, err := s.Adder.Tie(ctx, caller, place, t.Ref, wanted.Relationship, one.Record, !wanted.Off, one.Was)
		if lost {
			done.Was, done.Outcome = was, crm.OutcomeSaved
		}
		if done.Other.Name == "" {
			done.Other.Name = one.Record.Name
		}
		result = done
		if f := fault.Of(err); f != nil && f.Lost && !lost {
			was, lost = done.Was, true
		}
		return err
	})
	return result, lost, err
}

func refusedTie(result crm.Tied, f *fault.Error) tying {
	result.Outcome, result.Problem = crm.OutcomeInvalid, &crm.Problem{Key: f.Key, Args: f.Args}
	if f.Lost {
		result.Outcome, result.Problem = crm.OutcomeUnknown, nil
	}
	refused := tying{tied: []crm.Tied{result}, lost: f.Lost}
	if f.Kind == fault.SignedOut || f.Kind == fault.Consent {
		refused.barred = f
	}
	return refused
}

// ended says what became of all of them together.
func ended(all []crm.Tied) crm.Outcome {
	has := map[crm.Outcome]bool{}
	for _, one := range all {
		has[one.Outcome] = true
	}
	for _, o := range []crm.Outcome{crm.OutcomeSaved, crm.OutcomeUnknown, crm.OutcomeInvalid} {
		if has[o] {
			return o
		}
	}
	return crm.OutcomeUnchanged
}

// untying seals what it takes to take back those that were changed.
func (s *Service) untying(caller crm.Caller, t token, wanted crm.Tying, done tying) (string, error) {
	operation, err := s.operation()
	if err != nil {
		return "", err
	}
	back := token{Use: useTie, Operation: operation, Ref: t.Ref, Form: t.Form, At: s.Now().Unix(), Tie: &tie{Relationship: wanted.Relationship, Off: wanted.Off}}
	for _, one := range done.tied {
		if one.Outcome != crm.OutcomeSaved {
			continue
		}
		o := other{Record: one.Other}
		if !wanted.Off {
			o.Was = one.Was
		}
		back.Tie.Others = append(back.Tie.Others, o)
	}
	return s.Seal.close(caller.User, back)
}

// distinct names each record once.
func distinct(refs []crm.Reference) (others []other) {
	seen := map[string]bool{}
	for _, r := range refs {
		if !seen[r.Key()] {
			seen[r.Key()] = true
			others = append(others, other{Record: r})
		}
	}
	return others
}

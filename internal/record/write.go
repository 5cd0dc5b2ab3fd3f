package record

import (
	"cmp"
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// mostSends bounds how often one operation is sent: again only while the record still has the version that it was meant for.
const mostSends = 3

// write is one operation under way.
type write struct {
	service *Service
	caller  crm.Caller
	place   crm.Place
	token   token
	form    crm.Form // with what was typed
	changes []crm.Change
	input   crm.Input

	// does sends an action that is more than a change of columns; nil for others.
	does     func(ctx context.Context, f crm.Form) (crm.Form, error)
	deleting bool
	// there finds out whether the record has what an action was to bring; nil where its columns tell.
	there func(ctx context.Context, now crm.Form) bool
	// journey is what a move through a process is about; nil for others.
	journey *journey

	deadline time.Duration // where it takes longer than others may; 0 means the service's

	again bool // the operation had been noted before
	lost  bool // an answer was lost
	sends int
}

// run notes the operation and sends it, unless that has happened already. Whoever asked may go away: what has been begun is
// brought to an end and noted all the same.
func (w *write) run(ctx context.Context) (crm.Saved, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(w.deadline, w.service.Deadline, usualDeadline))
	defer cancel()
	known, fresh, err := w.service.Writes.BeginWrite(ctx, w.caller.User, crm.Write{
		ID: w.token.Operation, Ref: w.ref(), Before: w.token.ETag,
	})
	if err != nil {
		return crm.Saved{Form: w.form, At: w.service.Now()}, err
	}
	if fresh {
		return w.send(ctx)
	}
	w.again = true
	known = w.await(ctx, known)
	switch known.State {
	case crm.WriteRefused:
		// The first was refused and said so to whoever asked; this one is an attempt of its own.
		w.again = false
		return w.run(ctx)
	case crm.WriteSent, crm.WriteUnknown:
		w.lost = true // whoever sent it is gone, or still waits
	}
	return w.settle(ctx)
}

// ref is where the write goes; a new record gets the operation's id.
func (w *write) ref() crm.RecordRef {
	ref := w.token.Ref
	if ref.ID == "" {
		ref.ID = w.token.Operation
	}
	return ref
}

func (w *write) creating() bool { return w.token.Use == useNew }

// await gives the first of equal requests the time to end.
func (w *write) await(ctx context.Context, known crm.Write) crm.Write {
	patience := cmp.Or(w.service.Patience, usualPatience)
	for waited := time.Duration(0); known.State == crm.WriteSent && waited < patience; waited += pollEvery {
		if w.service.Now().Sub(known.At) > usualDeadline {
			return known // nobody is at it any more
		}
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return known
		}
		now, fresh, err := w.service.Writes.BeginWrite(ctx, w.caller.User, crm.Write{ID: w.token.Operation, Ref: w.ref(), Before: w.token.ETag})
		if err != nil {
			return known
		}
		if fresh {
			// The first has been refused meanwhile, and the operation is ours now.
			w.end(ctx, crm.WriteRefused, "")
			now.State = crm.WriteRefused
		}
		known = now
	}
	return known
}

// pollEvery is how often a second request looks whether the first has ended.
const pollEvery = 100 * time.Millisecond

// send sends the changes once.
func (w *write) send(ctx context.Context) (crm.Saved, error) {
	w.sends++
	f := w.form
	f.Ref = w.ref()
	var after crm.Form
	var err error
	switch {
	case w.does != nil:
		after, err = w.does(ctx, f)
	case w.creating():
		after, err = w.service.Source.Create(ctx, w.caller, w.place, f, w.changes)
	default:
		after, err = w.service.Source.Update(ctx, w.caller, w.place, f, w.changes)
	}
	failure := fault.Of(err)
	switch {
	case failure == nil && w.deleting:
		w.end(ctx, crm.WriteDone, "")
		return w.outcome(crm.OutcomeGone), nil
	case failure == nil:
		return w.saved(ctx, after)
	case failure.Lost:
		w.lost = true
		return w.settle(ctx)
	case failure.Kind == fault.Conflict:
		return w.settle(ctx)
	}
	if w.lost {
		// It was refused this time, which says nothing about the time before.
		return w.settle(ctx)
	}
	w.end(ctx, crm.WriteRefused, "")
	switch failure.Kind {
	case fault.NotFound:
		return w.outcome(crm.OutcomeGone), nil
	case fault.Invalid:
		return w.refused(ctx, failure)
	}
	return crm.Saved{Form: w.form, At: w.service.Now()}, failure
}

// settle finds out by reading the record what it holds, and what that means for this operation.
func (w *write) settle(ctx context.Context) (crm.Saved, error) {
	now, err := w.service.Source.Record(ctx, w.caller, w.place, w.ref(), w.token.Form)
	failure := fault.Of(err)
	switch {
	case failure == nil:
	case failure.Kind == fault.NotFound && w.creating():
		return w.resend(ctx)
	case failure.Kind == fault.NotFound:
		w.end(ctx, crm.WriteRefused, "")
		return w.outcome(crm.OutcomeGone), nil
	case w.lost || w.again:
		return w.unknown(ctx), nil
	default:
		w.end(ctx, crm.WriteRefused, "")
		return crm.Saved{Form: w.form, At: w.service.Now()}, failure
	}
	if !w.deleting && (w.creating() || !w.differs(ctx, now)) {
		return w.saved(ctx, now)
	}
	if !w.outrun(now) {
		return w.resend(ctx)
	}
	w.end(ctx, crm.WriteRefused, "")
	return w.conflict(now)
}

// resend sends again what has certainly not taken effect so far. If-Match, or If-None-Match, keeps it from happening twice
// should the first still be under way.
func (w *write) resend(ctx context.Context) (crm.Saved, error) {
	if w.sends >= mostSends || ctx.Err() != nil {
		return w.unknown(ctx), nil
	}
	return w.send(ctx)
}

// unknown ends without having found out; asking again does.
func (w *write) unknown(ctx context.Context) crm.Saved {
	w.end(context.WithoutCancel(ctx), crm.WriteUnknown, "")
	return w.outcome(crm.OutcomeUnknown)
}

// differs reports whether the record holds anything else than what was typed.
func (w *write) differs(ctx context.Context, now crm.Form) bool {
	if w.there != nil {
		return !w.there(ctx, now)
	}
	return !w.holds(now)
}

// holds reports whether the record has every value that was typed.
func (w *write) holds(now crm.Form) bool {
	for _, change := range w.changes {
		if there, known := inState(now, change); known {
			if !there {
				return false
			}
			continue
		}
		if x, ok := now.Field(change.Column.LogicalName); !ok || x.Masked || !x.Same(x.Value, change.New) {
			return false
		}
	}
	return true
}

// end notes how the operation ended. Where that fails it stays noted as sent, and whoever sends it again finds out by reading.
func (w *write) end(ctx context.Context, state crm.WriteState, after string) {
	_ = w.service.Writes.EndWrite(ctx, w.caller.User, w.token.Operation, state, after)
}

func (w *write) outcome(o crm.Outcome) crm.Saved {
	return crm.Saved{Outcome: o, Form: w.form, At: w.service.Now(), Again: w.again, Lost: w.lost}
}

// saved makes the receipt.
func (w *write) saved(ctx context.Context, after crm.Form) (crm.Saved, error) {
	w.end(ctx, crm.WriteDone, after.ETag)
	if w.service.Looks != nil && after.ETag != "" {
		// What a person has done here themselves is no news to them. Where that cannot be noted, they are told of it.
		_, _, _ = w.service.Looks.Look(ctx, w.caller.User, after.Ref, after.ETag)
	}
	saved := w.outcome(crm.OutcomeSaved)
	for _, change := range w.changes {
		if x, ok := after.Field(change.Column.LogicalName); ok && !x.Masked {
			change.Column, change.New = x.Column, x.Value // as the organization keeps and shows it
		} else if change.Column.LogicalName == "statecode" {
			change.New.Text = after.State.State.Label
		}
		saved.Changes = append(saved.Changes, change)
	}
	var err error
	if saved.Form, err = w.service.ready(w.caller, after); err != nil {
		return saved, err
	}
	if w.journey != nil {
		return saved, cmp.Or(err, w.arrived(&saved, saved.Form))
	}
	if w.undoable() && after.ETag != "" {
		saved.Undo, err = w.undo(after)
	}
	return saved, err
}

// undoable reports whether the changes are of fields alone.
func (w *write) undoable() bool {
	if w.creating() || w.does != nil || len(w.changes) == 0 {
		return false
	}
	for _, change := range w.changes {
		if change.Column.LogicalName == "statecode" {
			return false
		}
	}
	return true
}

// undo seals what it takes to take the changes back: what the fields were, and the version that has to be there still.
func (w *write) undo(after crm.Form) (string, error) {
	t, err := w.service.snapshot(after)
	if err != nil {
		return "", err
	}
	t.Use, t.Was = useUndo, map[string]kept{}
	values := map[string]kept{}
	for _, change := range w.changes {
		name := change.Column.LogicalName
		x, ok := after.Field(name)
		if !ok || x.ReadOnly != "" {
			return "", nil // closed by the change itself
		}
		t.Was[name], values[name] = keep(x, change.Old), t.Values[name]
	}
	t.Values = values
	return w.service.Seal.close(w.caller.User, t)
}

// refused looks again at what a rule of the organization did not accept: the rules may have changed since the form was drawn.
func (w *write) refused(ctx context.Context, failure *fault.Error) (crm.Saved, error) {
	saved := w.outcome(crm.OutcomeInvalid)
	if w.journey != nil {
		_ = w.service.Source.Refresh(ctx, w.caller, w.place)
		return crm.Saved{Form: w.form, At: w.service.Now()}, failure
	}
	problem := crm.Problem{Key: failure.Key, Args: failure.Args}
	if w.service.Source.Refresh(ctx, w.caller, w.place) == nil {
		f, in, err := w.service.form(ctx, w.caller, w.place, w.token, w.input)
		if err == nil && w.token.Use != useUndo {
			applied, _ := f.Apply(in)
			applied.Token = w.input.Token
			saved.Form = applied
		}
	}
	if saved.Form.Valid() {
		saved.Form.Problems = append(saved.Form.Problems, problem)
	}
	return saved, nil
}

package record

import (
	"context"
	"strconv"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Closer is what this package needs from Dataverse for actions that are more than a change of columns. Both write nothing to
// another version than the form's; a fault with Lost set says that it may have happened all the same.
type Closer interface {
	// Close wins, loses, resolves or qualifies, and gives the record afterwards.
	Close(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, kind crm.ActionKind, status int, given []crm.Change) (crm.Form, error)
	// Remove deletes a record.
	Remove(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, etag string) error
}

// targets are the states that actions lead to.
var targets = map[crm.ActionKind]int{
	crm.ActionActivate: 0, crm.ActionDeactivate: 1, crm.ActionReopen: 0, crm.ActionWin: 1, crm.ActionLose: 2, crm.ActionResolve: 1,
	crm.ActionCancel: 2, crm.ActionComplete: 1, crm.ActionQualify: 1, crm.ActionDisqualify: 2,
}

// Act does something with a record as a whole. The outcomes are those of Save; a record that was deleted on purpose is
// OutcomeGone.
func (s *Service) Act(ctx context.Context, caller crm.Caller, place crm.Place, act crm.Act) (crm.Saved, error) {
	t, err := s.Seal.open(caller.User, act.Token, useForm)
	if err != nil {
		return crm.Saved{}, err
	}
	if t.Ref.Organization != place.Organization.URL {
		return crm.Saved{}, fault.New(fault.Invalid, "record.other_organization")
	}
	now, err := s.Source.Record(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		if fault.Is(err, fault.NotFound) && act.Kind == crm.ActionDelete {
			return crm.Saved{Outcome: crm.OutcomeGone, At: s.Now(), Again: true}, nil
		}
		return crm.Saved{}, err
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: now}
	w.form.ETag, w.form.Token = t.ETag, act.Token
	action, offered := actionOf(now, act.Kind)
	if !offered {
		// It may be our own doing: the second click, or an answer that was lost.
		if state, leads := targets[act.Kind]; leads && now.State.State.Value == state && now.ETag != t.ETag {
			w.again = true
			return w.saved(ctx, now)
		}
		return crm.Saved{Form: w.form}, fault.New(fault.Invalid, "record.not_offered")
	}
	given, asked := asking(now, action).Apply(crm.Input{Columns: act.Columns})
	if !given.Valid() {
		for i := range now.Actions {
			if now.Actions[i].Kind == act.Kind {
				w.form.Actions[i].Fields = given.Fields
			}
		}
		return crm.Saved{Outcome: crm.OutcomeInvalid, Form: w.form, At: s.Now()}, nil
	}
	return w.act(ctx, action, act, asked)
}

// asking is what an action asks for, as a form of its own.
func asking(f crm.Form, action crm.Action) crm.Form {
	return crm.Form{Ref: f.Ref, Table: f.Table, Reading: f.Reading, Fields: action.Fields}
}

func actionOf(f crm.Form, kind crm.ActionKind) (crm.Action, bool) {
	for _, a := range f.Actions {
		if a.Kind == kind {
			return a, true
		}
	}
	return crm.Action{}, false
}

// act sends an action the way of every write.
func (w *write) act(ctx context.Context, action crm.Action, act crm.Act, given []crm.Change) (crm.Saved, error) {
	switch act.Kind {
	case crm.ActionDelete:
		w.does = func(ctx context.Context, f crm.Form) (crm.Form, error) {
			return crm.Form{}, w.service.Closer.Remove(ctx, w.caller, w.place, f.Ref, f.ETag)
		}
		w.deleting = true
		return w.run(ctx)
	case crm.ActionAssign:
		if len(given) == 0 {
			return w.outcome(crm.OutcomeUnchanged), nil
		}
		w.changes = given
		return w.run(ctx)
	case crm.ActionShare:
		return crm.Saved{Form: w.form}, fault.New(fault.Invalid, "record.not_offered")
	}
	reason, ok := chosen(action.Status, act.Status)
	if !ok {
		return crm.Saved{Form: w.form}, fault.New(fault.Invalid, "record.transition")
	}
	state := crm.Option{Value: targets[act.Kind]}
	w.changes = []crm.Change{
		stateChange("statecode", crm.KindState, w.form.State.State, state), stateChange("statuscode", crm.KindStatus, w.form.State.Status, reason),
	}
	if act.Kind == crm.ActionWin || act.Kind == crm.ActionLose || act.Kind == crm.ActionResolve || act.Kind == crm.ActionQualify {
		w.does = func(ctx context.Context, f crm.Form) (crm.Form, error) {
			return w.service.Closer.Close(ctx, w.caller, w.place, f, act.Kind, reason.Value, given)
		}
	}
	return w.run(ctx)
}

// chosen gives the reason that the person chose, or the usual one.
func chosen(options []crm.Option, value int) (crm.Option, bool) {
	for _, o := range options {
		if value == 0 || o.Value == value {
			return o, true
		}
	}
	return crm.Option{}, false
}

func stateChange(column string, kind crm.Kind, from, to crm.Option) crm.Change {
	return crm.Change{
		Column: crm.Column{LogicalName: column, Kind: kind},
		Old:    crm.Value{Raw: strconv.Itoa(from.Value), Text: from.Label}, New: crm.Value{Raw: strconv.Itoa(to.Value), Text: to.Label},
	}
}

// inState reports whether a change of state has happened, wherever the form shows it; known is false for other changes.
func inState(now crm.Form, change crm.Change) (there, known bool) {
	switch change.Column.LogicalName {
	case "statecode":
		return strconv.Itoa(now.State.State.Value) == change.New.Raw, true
	case "statuscode":
		return strconv.Itoa(now.State.Status.Value) == change.New.Raw, true
	}
	return false, false
}

package record

import (
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Mover is what this package needs from Dataverse to move a record through a process.
type Mover interface {
	// Move takes a record from one position to another, together with changes of its columns, and gives it afterwards. A
	// Conflict says that it has another version or stands elsewhere; Lost that it may have taken effect all the same.
	Move(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, from, to crm.Position, changes []crm.Change) (crm.Form, error)
}

// PositionColumn is what a move is called among the changes of a receipt, labelled by the process.
const PositionColumn = "activestageid"

// journey is a move under way: from where the person saw the record to where they want it.
type journey struct {
	From  crm.Position `json:"f"`
	To    crm.Position `json:"t"`
	names [2]string    // of the stages
	label string       // of the process
}

// MoveStage moves a record through one of its processes and saves what was typed into the steps of the stage, both or neither.
// The outcomes are those of Save: OutcomeInvalid where something that the stage requires is missing, OutcomeConflict where
// somebody else has changed the record or moved it meanwhile, with Conflict at the fields that both have changed.
func (s *Service) MoveStage(ctx context.Context, caller crm.Caller, place crm.Place, move crm.Move) (crm.Saved, error) {
	t, err := s.onto(caller, place, move.Token)
	if err != nil {
		return crm.Saved{}, err
	}
	now, err := s.Source.Record(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		return crm.Saved{}, err
	}
	p, there := now.Follow(move.Instance)
	i := slices.IndexFunc(t.Positions, func(at crm.Position) bool { return at.Instance == move.Instance })
	if !there || i < 0 {
		return crm.Saved{Form: now}, fault.New(fault.Invalid, "stage.gone")
	}
	seen := p.At(t.Positions[i])
	to, ok := seen.To(move.Kind)
	if !ok {
		return crm.Saved{Form: now}, fault.New(fault.Invalid, "stage.gone")
	}
	f, in, err := s.form(ctx, caller, place, t, crm.Input{Token: move.Token, Columns: move.Columns})
	if err != nil {
		return crm.Saved{}, err
	}
	standing := p.Position.Same(seen.Position)
	if standing && !p.May(move.Kind) {
		return crm.Saved{Form: now}, fault.New(fault.Forbidden, "stage.no-write")
	}
	applied, changes := stepped(f, in, now, seen, move.Kind.Forward() && standing)
	if !applied.Valid() {
		return s.unmet(caller, now, applied)
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: typedOn(now, applied), changes: changes, input: in}
	w.form.ETag, w.form.Token = t.ETag, move.Token
	w.travel(&journey{From: seen.Position, To: to, label: p.Name, names: names(p, seen.Position, to)})
	return w.run(ctx)
}

// stepped applies what was typed. Before a move forward, everything that the stage requires has to be there, typed now or earlier.
func stepped(f crm.Form, in crm.Input, now crm.Form, p crm.Process, forward bool) (crm.Form, []crm.Change) {
	applied, changes := f.Apply(in)
	stage, ok := p.Now()
	if !forward || !ok {
		return applied, changes
	}
	for _, step := range stage.Steps {
		x, on := now.Field(step.Column)
		if !step.Required || step.Field < 0 || !on || x.Masked {
			continue // the service knows
		}
		value := x.Value
		for _, change := range changes {
			if change.Column.LogicalName == step.Column {
				value = change.New
			}
		}
		for i := range applied.Fields {
			y := &applied.Fields[i]
			if y.LogicalName == step.Column && y.Problem == nil && !x.MetBy(value) {
				y.Problem = &crm.Problem{Key: "problem.step"}
				if y.Kind == crm.KindBoolean {
					y.Problem.Key = "problem.step-yes"
				}
			}
		}
	}
	return applied, changes
}

// unmet draws the record as it is now, with what was typed and what is the matter with it.
func (s *Service) unmet(caller crm.Caller, now, applied crm.Form) (crm.Saved, error) {
	drawn, err := s.ready(caller, typedOn(now, applied))
	return crm.Saved{Outcome: crm.OutcomeInvalid, Form: drawn, At: s.Now()}, err
}

// typedOn puts what was typed, and what is the matter with it, on the record as it is now.
func typedOn(now, applied crm.Form) crm.Form {
	now.Problems, now.Fields = applied.Problems, slices.Clone(now.Fields)
	for i := range now.Fields {
		if x, ok := applied.Field(now.Fields[i].LogicalName); ok {
			now.Fields[i].Typed, now.Fields[i].Problem = x.Typed, x.Problem
		}
	}
	return now
}

// travel makes a write a move.
func (w *write) travel(j *journey) {
	w.journey = j
	w.does = func(ctx context.Context, f crm.Form) (crm.Form, error) {
		return w.service.Mover.Move(ctx, w.caller, w.place, f, j.From, j.To, w.changes)
	}
	w.there = func(_ context.Context, now crm.Form) bool { return standsAt(now, j.To) && w.holds(now) }
}

// standsAt reports whether a record stands where a move was to bring it.
func standsAt(now crm.Form, at crm.Position) bool {
	return slices.ContainsFunc(now.Positions, at.Same)
}

// outrun reports whether somebody else was faster, so that sending again would do another thing than what was wanted.
func (w *write) outrun(now crm.Form) bool {
	if w.journey == nil {
		return now.ETag != w.token.ETag
	}
	return !standsAt(now, w.journey.From) || len(w.changes) > 0 && now.ETag != w.token.ETag
}

// arrived adds the move to a receipt, with what it takes to go back.
func (w *write) arrived(saved *crm.Saved, after crm.Form) (err error) {
	j := w.journey
	if j.From.Stage != j.To.Stage {
		saved.Changes = append(saved.Changes, crm.Change{
			Column: crm.Column{LogicalName: PositionColumn, Label: j.label},
			Old:    crm.Value{Text: j.names[0]}, New: crm.Value{Text: j.names[1]},
		})
	}
	if p, ok := after.Follow(j.To.Instance); !ok || !p.Position.Same(j.To) || after.ETag == "" {
		return nil // it has moved on by itself, or may not be seen any more
	}
	t, err := w.service.snapshot(after)
	if err != nil {
		return err
	}
	t.Use, t.Journey, t.Was = useMove, &journey{From: j.To, To: j.From}, map[string]kept{}
	values := map[string]kept{}
	for _, change := range w.changes {
		name := change.Column.LogicalName
		x, ok := after.Field(name)
		if !ok || x.ReadOnly != "" {
			return nil // closed by the change itself
		}
		t.Was[name], values[name] = keep(x, change.Old), t.Values[name]
	}
	t.Values = values
	saved.Undo, err = w.service.Seal.close(w.caller.User, t)
	return err
}

// moveBack takes a move back, and what was saved with it, if nobody has moved or changed the record since.
func (s *Service) moveBack(ctx context.Context, caller crm.Caller, place crm.Place, t token) (crm.Saved, error) {
	if t.Ref.Organization != place.Organization.URL || t.Journey == nil {
		return crm.Saved{}, fault.New(fault.Invalid, "record.other_organization")
	}
	now, err := s.Source.Record(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		return crm.Saved{}, err
	}
	p, there := now.Follow(t.Journey.From.Instance)
	if !there {
		return crm.Saved{Form: now}, fault.New(fault.Invalid, "stage.gone")
	}
	f, _, err := s.form(ctx, caller, place, t, crm.Input{})
	if err != nil {
		return crm.Saved{}, err
	}
	changes := restoring(&f, t)
	if len(changes) < len(t.Was) {
		return crm.Saved{Outcome: crm.OutcomeInvalid, Form: now}, fault.New(fault.Invalid, "record.no_undo")
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: typedOn(now, f), changes: changes}
	w.form.ETag = t.ETag
	w.travel(&journey{From: t.Journey.From, To: t.Journey.To, label: p.Name, names: names(p, t.Journey.From, t.Journey.To)})
	return w.run(ctx)
}

// names are what the two ends of a move are called.
func names(p crm.Process, from, to crm.Position) (called [2]string) {
	for i, at := range []crm.Position{from, to} {
		if n := p.Find(at.Stage); n >= 0 {
			called[i] = p.Stages[n].Name
		}
	}
	return called
}

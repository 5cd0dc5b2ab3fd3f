package record

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	usualPatience = 15 * time.Second
	usualDeadline = 45 * time.Second
)

// Save writes what a person typed into a form, or makes the record of a new one. Saved always holds the form to draw, where one
// could be made, with what they typed still in it unless it was saved; an error besides says why nothing could be sent, and
// that nothing was changed.
func (s *Service) Save(ctx context.Context, caller crm.Caller, place crm.Place, in crm.Input) (crm.Saved, error) {
	t, err := s.Seal.open(caller.User, in.Token, useForm, useNew)
	if err != nil {
		return crm.Saved{}, err
	}
	f, in, err := s.form(ctx, caller, place, t, in)
	if err != nil {
		return crm.Saved{}, err
	}
	applied, changes := f.Apply(in)
	applied.Token = in.Token
	switch {
	case !applied.Valid():
		return crm.Saved{Outcome: crm.OutcomeInvalid, Form: s.around(ctx, caller, place, t, applied), At: s.Now()}, nil
	case len(changes) == 0 && t.Use == useForm:
		return crm.Saved{Outcome: crm.OutcomeUnchanged, Form: s.unchanged(ctx, caller, place, t, applied), At: s.Now()}, nil
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: applied, changes: t.pointed(applied, changes), input: in}
	saved, err := w.run(ctx)
	s.tieBorn(ctx, caller, place, t, &saved)
	return saved, err
}

// Undo takes back what a receipt tells of, if nobody has changed the record since; otherwise there is a conflict to decide.
func (s *Service) Undo(ctx context.Context, caller crm.Caller, place crm.Place, undo string) (crm.Saved, error) {
	t, err := s.Seal.open(caller.User, undo, useUndo, useMove, useTie)
	if err != nil {
		return crm.Saved{}, err
	}
	if t.Use == useTie && t.Tie != nil {
		return s.untie(ctx, caller, place, t)
	}
	if t.Use == useMove {
		return s.moveBack(ctx, caller, place, t)
	}
	f, _, err := s.form(ctx, caller, place, t, crm.Input{})
	if err != nil {
		return crm.Saved{}, err
	}
	changes := restoring(&f, t)
	if len(changes) < len(t.Was) {
		return crm.Saved{Outcome: crm.OutcomeInvalid, Form: f}, fault.New(fault.Invalid, "record.no_undo")
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: f, changes: changes}
	return w.run(ctx)
}

// restoring are the changes that bring back what an undo's token has kept.
func restoring(f *crm.Form, t token) (changes []crm.Change) {
	for i := range f.Fields {
		x := &f.Fields[i]
		was, ok := t.Was[x.LogicalName]
		x.Conflict = nil
		if ok && x.ReadOnly == "" {
			value := was.value(*x, f.Reading)
			x.Typed = append([]string{}, value.Inputs...)
			changes = append(changes, crm.Change{Column: x.Column, Old: x.Value, New: value})
		}
	}
	return changes
}

// form builds what the token's form showed, by the rules of now.
func (s *Service) form(ctx context.Context, caller crm.Caller, place crm.Place, t token, in crm.Input) (crm.Form, crm.Input, error) {
	if t.Ref.Organization != place.Organization.URL {
		return crm.Form{}, in, fault.New(fault.Invalid, "record.other_organization")
	}
	shaped := t.Ref
	f, err := s.Source.Shape(ctx, caller, place, shaped, t.Form)
	if err != nil {
		return crm.Form{}, in, err
	}
	f.ETag, f.Access, f.Positions = t.ETag, t.Access, t.Positions
	for i := range f.Fields {
		t.put(&f.Fields[i], f.Reading)
	}
	if x, ok := f.Field(f.Table.PrimaryName); ok {
		f.Title = x.Value.Text
	}
	f.Unread = t.Use == useForm
	return f, t.placed(f, in), nil
}

// put gives a field the value that the token's form showed. What could not be typed there is not typed now.
func (t token) put(x *crm.Field, reading crm.Reading) {
	if x.Kind == crm.KindMoney {
		x.Currency = t.Currency
		if t.Decimals > 0 {
			x.Precision = t.Decimals
		}
	}
	k, shown := t.Values[x.LogicalName]
	if !shown {
		if x.ReadOnly == "" {
			x.ReadOnly = crm.ReadOnlyAccess
		}
		return
	}
	x.Value = k.value(*x, reading)
	if was, changed := t.Was[x.LogicalName]; changed {
		x.Conflict = &crm.Conflict{Was: was.value(*x, reading), Theirs: x.Value, Overlap: true}
	}
}

// placed leaves out of an input what the form never showed, and what it showed and nobody has touched although it has gone
// from the form since. What remains without a place, the person has typed: Apply tells them.
func (t token) placed(f crm.Form, in crm.Input) crm.Input {
	columns := make(map[string][]string, len(in.Columns))
	for name, texts := range in.Columns {
		k, shown := t.Values[name]
		_, there := f.Field(name)
		if shown && (there || !k.untouched(texts)) {
			columns[name] = texts
		}
	}
	in.Columns = columns
	return in
}

// untouched reports whether texts are what a form without rules for the column would show for the value.
func (k kept) untouched(texts []string) bool {
	var typed []string
	for _, t := range texts {
		if t != "" {
			typed = append(typed, strings.ReplaceAll(t, "\r\n", "\n"))
		}
	}
	if len(k.Refs) > 0 {
		return slices.EqualFunc(k.Refs, typed, func(r crm.Reference, text string) bool { return strings.HasPrefix(text, r.Key()) })
	}
	joined := strings.Join(typed, ",")
	return joined == k.Raw || joined == k.Text
}

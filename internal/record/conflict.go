package record

import (
	"github.com/pintab/pintab/internal/crm"
)

// conflict puts what the person typed beside what others made of the record meanwhile. Nothing has been overwritten, and the
// form's new token is of the version shown now, so that whatever happens until they have chosen is noticed again.
func (w *write) conflict(now crm.Form) (crm.Saved, error) {
	mine := map[string]crm.Change{}
	for _, change := range w.changes {
		mine[change.Column.LogicalName] = change
	}
	for i := range now.Fields {
		x := &now.Fields[i]
		change, wanted := mine[x.LogicalName]
		k, shown := w.token.Values[x.LogicalName]
		if !shown {
			continue
		}
		was := k.value(*x, now.Reading)
		theirs := !x.Same(was, x.Value)
		switch {
		case wanted && x.Same(x.Value, change.New):
			// Both want the same.
		case wanted && theirs:
			x.Conflict = &crm.Conflict{Was: was, Theirs: x.Value, Mine: change.New, Overlap: true}
			w.typed(x, change)
		case wanted:
			w.typed(x, change)
		case theirs:
			x.Conflict = &crm.Conflict{Was: was, Theirs: x.Value, Mine: was, Choice: crm.Theirs}
		}
		if wanted && x.ReadOnly != "" && x.Typed != nil {
			x.Problem = &crm.Problem{Key: "readonly." + string(x.ReadOnly)}
		}
	}
	saved := w.outcome(crm.OutcomeConflict)
	t, err := w.service.snapshot(now)
	if err != nil {
		return saved, err
	}
	for name := range t.Was {
		// Only what overlaps has to be chosen when it comes back.
		if x, _ := now.Field(name); !x.Conflict.Overlap {
			delete(t.Was, name)
		}
	}
	saved.Form = now
	saved.Form.Token, err = w.service.Seal.close(w.caller.User, t)
	return saved, err
}

// typed keeps what the person typed in the field.
func (w *write) typed(x *crm.Field, change crm.Change) {
	x.Typed = append([]string{}, change.New.Inputs...)
	if before, ok := w.form.Field(x.LogicalName); ok && before.Typed != nil {
		x.Typed = before.Typed
	}
}

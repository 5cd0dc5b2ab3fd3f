package engine

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// SetState moves a row to a state and status reason that only a message such as WinOpportunity or CloseIncident leads to,
// together with other columns. A status of 0 is the state's first one. A row that such a message has closed already is
// refused.
func (x *Change) SetState(name, id string, state, status int, more Row) error {
	return x.operation(func() error {
		t, err := x.written(name, "Update")
		if err != nil {
			return err
		}
		r, err := x.guarded(t, id, Guard{MustExist: true})
		if err != nil {
			return err
		}
		if err := stillOpen(r); err != nil {
			return err
		}
		row := Row{"statecode": state}
		if status != 0 {
			row["statuscode"] = status
		}
		for column, v := range more {
			row[column] = v
		}
		x.message = true
		defer func() { x.message = false }()
		return x.update(r, row)
	})
}

// stillOpen refuses a row that a message has closed: it is reopened by an update first.
func stillOpen(r *current) error {
	f := &r.filled
	if f.state == nil {
		return refuse(CodeNotSupported, "Rows of '%s' have no state.", r.LogicalName)
	}
	switch o := f.state.option(r.values[f.state.at].plain); {
	case o == nil || o.Message == "":
		return nil
	case r.LogicalName == "incident":
		return refuse(CodeCaseResolved, "This case has already been resolved. Close and reopen the case record to see the updates.")
	}
	return refuse(CodeAlreadyClosed, "The %s is already closed.", r.LogicalName)
}

// restate completes state by status and status by state.
func (x *Change) restate(r *current, given []*column, values []stored) {
	f := &r.filled
	if f.state == nil {
		return
	}
	if values[f.state.at].plain == nil {
		values[f.state.at] = r.values[f.state.at]
	}
	x.followState(r, given, values)
	if f.status == nil || slices.Contains(given, f.status) && values[f.status.at].plain != nil {
		return
	}
	if values[f.state.at] != r.values[f.state.at] || values[f.status.at].plain == nil {
		values[f.status.at] = stored{}
		f.fillState(values)
	}
}

// closings are columns that only a closed row has values in.
var closings = []string{"actualvalue", "actualclosedate"}

// followState clears what a message such as WinOpportunity left behind when the row is opened again.
func (x *Change) followState(r *current, given []*column, values []stored) {
	before, after := r.filled.state.option(r.values[r.filled.state.at].plain), r.filled.state.option(values[r.filled.state.at].plain)
	if before == nil || after == nil || before.Value == after.Value {
		return
	}
	if before.Message != "" && after.Message == "" {
		for _, name := range closings {
			if c := r.byName[name]; c != nil && !slices.Contains(given, c) {
				values[c.at] = stored{}
			}
		}
	}
}

// consistent refuses a state that no update leads to, a status that does not go with the state, and one that may not
// follow the one before.
func (x *Change) consistent(t *table, id string, before, after []stored) error {
	f := &t.filled
	if f.state == nil {
		return nil
	}
	state := after[f.state.at].plain
	if moved := before == nil || before[f.state.at].plain != state; moved && !x.message {
		if o := f.state.option(state); o != nil && o.Message != "" {
			return refuse(CodeUseMessage, "This message can not be used to set the state of %[1]s to %[2]s. In order to set state of %[1]s to %[2]s, use the %[3]s message instead.", t.LogicalName, o.Label.In(1033), o.Message)
		}
	}
	if f.status == nil {
		return nil
	}
	status := f.status.option(after[f.status.at].plain)
	if status == nil || int64(status.State) != state {
		if before != nil && before[f.state.at] == after[f.state.at] && before[f.status.at] == after[f.status.at] {
			return nil // a pair that was loaded so
		}
		return refuse(CodeInvalidStateStatus, "%v is not a valid status code for state code %v on %s with Id %s.", after[f.status.at].plain, state, t.LogicalName, id)
	}
	if before == nil || !t.Transitions || before[f.status.at] == after[f.status.at] {
		return nil
	}
	if from := f.status.option(before[f.status.at].plain); from != nil && from.Next != nil && !slices.Contains(from.Next, status.Value) {
		return refuse(CodeInvalidTransition, "The new status reason %d of %s with Id %s cannot follow the current status reason %d.", status.Value, t.LogicalName, id, from.Value)
	}
	return nil
}

// option finds a choice by the number that is kept; nil when there is none.
func (c *column) option(plain any) *schema.Option {
	for i := range c.Options {
		if int64(c.Options[i].Value) == plain {
			return &c.Options[i]
		}
	}
	return nil
}

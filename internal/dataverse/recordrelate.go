package dataverse

import (
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
)

// relate adds what a form shows around the record: what can be done with it, what may be done in its sub-grids, and the
// processes that it goes through.
func (c *Client) relate(ctx context.Context, caller crm.Caller, place crm.Place, s sheet, f *crm.Form) error {
	held := map[string]powers{}
	var tables []string
	each(f, func(control *crm.Control) {
		if control.Kind == crm.ControlSubGrid && control.SubGrid.Relationship != "" {
			tables = append(tables, control.SubGrid.Part.Table)
		}
	})
	tables = unique(tables)
	found, asks := make([]powers, len(tables)), make([]func() error, len(tables))
	for i, table := range tables {
		asks[i] = func() (err error) {
			found[i], err = c.powers(ctx, caller, place.Organization, s.user, table)
			return optional(err)
		}
	}
	var closing []crm.Field
	if table := closings[s.plan.LogicalName]; table != "" && f.Access.Write && !f.State.Inactive {
		asks = append(asks, func() error {
			plan, err := c.blueprint(ctx, caller, place.Organization, table)
			if err == nil {
				closing = plan.closing(f)
			}
			return optional(err)
		})
	}
	more, resolve := c.follow(ctx, caller, place.Organization, s, f)
	if asks = append(asks, more...); len(asks) > 0 {
		if err := together(asks...); err != nil {
			return err
		}
	}
	for i, table := range tables {
		held[table] = found[i]
	}
	each(f, func(control *crm.Control) {
		if control.Kind == crm.ControlSubGrid {
			s.allow(control.SubGrid, held[control.SubGrid.Part.Table], f)
		}
	})
	f.Actions = s.actions(f, closing)
	return resolve()
}

// allow says what may be done in a sub-grid. A record that is closed takes nothing new.
func (s sheet) allow(g *crm.SubGrid, p powers, f *crm.Form) {
	if f.State.Inactive {
		return
	}
	for _, l := range s.plan.down {
		if l.SchemaName == g.Relationship && l.ReferencingEntity == g.Part.Table {
			g.CanCreate = f.Access.AppendTo && p.may("Create") && p.may("Append")
			g.CanAdd = f.Access.AppendTo && p.may("Write") && p.may("Append")
			g.CanRemove = p.may("Write")
		}
	}
	for _, x := range s.plan.across {
		if x.SchemaName == g.Relationship {
			g.CanCreate = f.Access.Append && p.may("Create") && p.may("AppendTo")
			g.CanAdd, g.CanRemove = f.Access.Append && p.may("AppendTo"), f.Access.Append && p.may("AppendTo")
		}
	}
}

// closings are the tables of the activities that closing a record leaves behind (actions WinOpportunity, LoseOpportunity and
// CloseIncident).
var closings = map[string]string{"opportunity": "opportunityclose", "incident": "incidentresolution"}

// closing gives what is asked for when a record is closed, in the words of the organization.
func (b *blueprint) closing(f *crm.Form) []crm.Field {
	var fields []crm.Field
	for _, name := range []string{"subject", "actualrevenue", "actualend", "timespent", "description"} {
		if name == "subject" && b.LogicalName == "opportunityclose" {
			continue // the service words it itself
		}
		x, ok := b.fields[name]
		if !ok || !b.columns[name].create {
			continue
		}
		x.Required, x.ReadOnly = crm.Optional, ""
		if name == "subject" {
			x.Required = crm.Mandatory
		}
		if estimate, ok := f.Field("estimatedvalue"); ok && name == "actualrevenue" {
			x.Currency, x.Precision = estimate.Currency, estimate.Precision
			x.Value = x.ValueOf(f.Reading, estimate.Value.Raw, "")
		}
		fields = append(fields, x)
	}
	return fields
}

// actions says what can be done with the record as a whole.
func (s sheet) actions(f *crm.Form, closing []crm.Field) []crm.Action {
	var all []crm.Action
	add := func(allowed bool, kind crm.ActionKind, state int, fields ...crm.Field) {
		if !allowed {
			return
		}
		a := crm.Action{Kind: kind, Fields: fields}
		if state >= 0 {
			if a.Status = s.following(f.State, state); len(a.Status) == 0 {
				return
			}
		}
		all = append(all, a)
	}
	write, open := f.Access.Write && s.plan.has("statecode") && f.State.Into == nil, !f.State.Inactive
	switch table := s.plan.LogicalName; {
	case table == "opportunity":
		add(write && open, crm.ActionWin, 1, closing...)
		add(write && open, crm.ActionLose, 2, closing...)
		add(write && !open, crm.ActionReopen, 0)
	case table == "incident":
		add(write && open, crm.ActionResolve, 1, closing...)
		add(write && open, crm.ActionCancel, 2)
		add(write && !open, crm.ActionReopen, 0)
	case table == "lead":
		add(write && open, crm.ActionQualify, 1)
		add(write && open, crm.ActionDisqualify, 2)
		add(write && f.State.State.Value == 2, crm.ActionReopen, 0)
	case s.plan.activity:
		add(write && open, crm.ActionComplete, 1)
		add(write && open, crm.ActionCancel, 2)
	default:
		add(write && open, crm.ActionDeactivate, 1)
		add(write && !open, crm.ActionActivate, 0)
	}
	add(f.Access.Assign && s.plan.owned, crm.ActionAssign, -1, s.ownerField(f)...)
	add(f.Access.Share && s.plan.owned, crm.ActionShare, -1)
	add(f.Access.Delete, crm.ActionDelete, -1)
	return all
}

// following gives the status reasons of a state that may come next; the state's usual one stands first.
func (s sheet) following(now crm.RecordState, state int) []crm.Option {
	var options []crm.Option
	for _, o := range s.plan.fields["statuscode"].Options {
		if o.State == state && (now.Status.Next == nil || slices.Contains(now.Status.Next, o.Value)) {
			options = append(options, o)
		}
	}
	return options
}

func (s sheet) ownerField(f *crm.Form) []crm.Field {
	x, ok := s.plan.fields["ownerid"]
	if !ok {
		return nil
	}
	if shown, ok := f.Field("ownerid"); ok {
		x.Value = shown.Value
	}
	x.Required = crm.Mandatory
	return []crm.Field{x}
}

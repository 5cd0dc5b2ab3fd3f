package record

import (
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// birth is where a new record is made, as its token carries it.
type birth struct {
	Origin crm.Origin  `json:"o"`
	Column *crm.Column `json:"c,omitempty"` // the lookup that points there although it stands nowhere on the form
	Tied   bool        `json:"t,omitempty"` // they are tied once it is there
}

// New gives an empty form for a new record of a table. One that is made below another record points to it from the beginning, as
// the relationship of the list says, else by the first of its lookups that can, or is tied to it afterwards.
func (s *Service) New(ctx context.Context, caller crm.Caller, place crm.Place, table string, origin crm.Origin) (crm.Form, error) {
	f, err := s.Source.Shape(ctx, caller, place, crm.RecordRef{Organization: place.Organization.URL, Table: table}, "")
	if err != nil {
		return crm.Form{}, err
	}
	if !f.Access.Create {
		return crm.Form{}, fault.New(fault.Forbidden, "record.no_create").With("table", f.Table.Label)
	}
	var below *birth
	if origin.Record.ID != "" {
		pointing, err := s.Around.Pointing(ctx, caller, place, table, origin)
		if err != nil {
			return crm.Form{}, err
		}
		below = born(&f, origin, pointing)
	}
	t, err := s.snapshot(f)
	if err == nil {
		t.Birth = below
		f.Token, err = s.Seal.close(caller.User, t)
	}
	return f, err
}

// born lets a new record point to where it is made, as far as its form shows that; what it does not show is left to the token.
func born(f *crm.Form, origin crm.Origin, pointing crm.Pointing) *birth {
	parties := []crm.Reference{origin.Record}
	for i := range f.Fields {
		x := &f.Fields[i]
		switch {
		case x.Kind != crm.KindPartyList || x.ReadOnly != "":
		case x.LogicalName == "from" && pointing.Self.ID != "":
			x.Typed = []string{pointing.Self.Input()}
		case x.LogicalName == "to" && slices.Contains(x.Targets, origin.Record.Table):
			x.Typed = []string{parties[0].Input()}
		}
	}
	switch {
	case pointing.Many:
		return &birth{Origin: origin, Tied: true}
	case pointing.Column == nil:
		if column := usualLookup(*f, origin.Record.Table); column != "" {
			given(f, column, origin.Record)
		}
		return nil
	case given(f, pointing.Column.LogicalName, origin.Record):
		return nil
	}
	return &birth{Origin: origin, Column: pointing.Column}
}

// given puts a record into a lookup of the form, if it stands there for typing.
func given(f *crm.Form, column string, to crm.Reference) bool {
	for i := range f.Fields {
		if x := &f.Fields[i]; x.LogicalName == column && x.Kind == crm.KindLookup && x.ReadOnly == "" {
			x.Typed = []string{to.Input()}
			return true
		}
	}
	return false
}

// usualLookup is the lookup by which a new record points to one of a table, where no relationship says so: one that must be filled
// in, else the first of the form.
func usualLookup(f crm.Form, table string) string {
	column := ""
	for _, x := range f.Fields {
		if x.Kind == crm.KindLookup && x.ReadOnly == "" && slices.Contains(x.Targets, table) && (column == "" || x.Required == crm.Mandatory) {
			column = x.LogicalName
		}
	}
	return column
}

// pointed adds to what was typed the lookup that points to where a new record is made, unless the form has come to show it.
func (t token) pointed(f crm.Form, changes []crm.Change) []crm.Change {
	if t.Birth == nil || t.Birth.Column == nil {
		return changes
	}
	if _, shown := f.Field(t.Birth.Column.LogicalName); shown && slices.ContainsFunc(changes, func(c crm.Change) bool { return c.Column.LogicalName == t.Birth.Column.LogicalName }) {
		return changes
	}
	x := crm.Field{Column: *t.Birth.Column}
	return append(changes, crm.Change{Column: x.Column, New: x.ValueOfRefs([]crm.Reference{t.Birth.Origin.Record})})
}

// tieBorn ties a new record to where it was made, and tells what became of that.
func (s *Service) tieBorn(ctx context.Context, caller crm.Caller, place crm.Place, t token, saved *crm.Saved) {
	if t.Birth == nil || !t.Birth.Tied || saved.Outcome != crm.OutcomeSaved {
		return
	}
	origin := t.Birth.Origin.Record
	parent := t
	parent.Ref = crm.RecordRef{Organization: t.Ref.Organization, Table: origin.Table, ID: origin.ID}
	made := crm.Reference{Table: saved.Form.Ref.Table, ID: saved.Form.Ref.ID, Name: saved.Form.Title}
	done := s.tied(ctx, caller, place, parent, tie{Relationship: t.Birth.Origin.Relationship}, other{Record: made})
	for _, one := range done.tied {
		if one.Outcome != crm.OutcomeSaved && one.Outcome != crm.OutcomeUnchanged {
			saved.Tied = append(saved.Tied, one)
		}
	}
}

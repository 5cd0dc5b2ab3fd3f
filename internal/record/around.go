package record

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
)

// around puts what a token does not hold back around what somebody has typed: the columns that cannot be typed over and the
// records shown inside the form, as they are now. The version stays the one that they began with, so that nothing is overwritten.
// Where the record cannot be read, what they typed matters more, and the form says that it was not read again.
func (s *Service) around(ctx context.Context, caller crm.Caller, place crm.Place, t token, applied crm.Form) crm.Form {
	if t.Use != useForm {
		return applied
	}
	now, err := s.Source.Record(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		return applied
	}
	now.ETag, now.Access, now.Title, now.Token, now.Problems = t.ETag, t.Access, applied.Title, applied.Token, applied.Problems
	for i := range now.Fields {
		x := &now.Fields[i]
		typed, there := applied.Field(x.LogicalName)
		if _, shown := t.Values[x.LogicalName]; shown && there {
			*x = typed
		} else if x.ReadOnly == "" {
			x.ReadOnly = crm.ReadOnlyAccess
		}
	}
	return now
}

// unchanged is the record as it is now, for somebody who has saved what was there already.
func (s *Service) unchanged(ctx context.Context, caller crm.Caller, place crm.Place, t token, applied crm.Form) crm.Form {
	now, err := s.Open(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		return applied
	}
	return now
}

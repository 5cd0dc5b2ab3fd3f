package record

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Looks keeps which version of a record a person saw last, and when: nothing of the record.
type Looks interface {
	// Look notes the version that they see now and gives the one before; ok is false when there was none.
	Look(ctx context.Context, user crm.User, ref crm.RecordRef, version string) (before crm.Look, ok bool, err error)
}

// Chronicle tells from Dataverse what happened to a record since a moment, in milliseconds since 1970; told is false where the
// organization does not.
type Chronicle interface {
	History(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, since int64) (happened []crm.Happened, told bool, err error)
}

// mostHappened bounds what is listed.
const mostHappened = 50

// Since tells what others made of a record since the person looked last, and notes that they look now. Without a word from
// the organization's history there is one entry: who changed it last, and when. Changes is empty when nothing has happened or
// they have never looked before.
func (s *Service) Since(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form) (crm.Since, error) {
	if f.ETag == "" {
		return crm.Since{}, nil
	}
	before, looked, err := s.Looks.Look(ctx, caller.User, f.Ref, f.ETag)
	if err != nil || !looked {
		return crm.Since{}, err
	}
	since := crm.Since{Last: before.At}
	if before.Version == f.ETag {
		return since, nil
	}
	happened, told, err := s.Chronicle.History(ctx, caller, place, f, before.At.UnixMilli())
	if err != nil && (fault.Is(err, fault.SignedOut) || fault.Is(err, fault.Consent)) {
		return since, err
	}
	if !told || err != nil || len(happened) == 0 {
		since.Unlisted, since.Changes = true, []crm.Happened{{Touched: f.Changed}}
		return since, nil
	}
	if len(happened) > mostHappened {
		happened, since.More = happened[:mostHappened], true
	}
	since.Changes = happened
	return since, nil
}

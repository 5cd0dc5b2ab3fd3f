package pin

import (
	"context"
	"encoding/hex"
	"io"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// previewRows is how many rows of a view are shown before saving.
const previewRows = 5

// usable says whether this person may have a tab lead there at this moment, and what to call the tab: never by a record's name,
// which not everybody in the channel may read.
func (s *Service) usable(ctx context.Context, caller crm.Caller, t crm.PinTarget) (crm.Place, string, error) {
	if err := check(t); err != nil {
		return crm.Place{}, "", err
	}
	place, err := s.Places.Check(ctx, caller, t.Organization, t.App)
	if err != nil {
		return crm.Place{}, "", err
	}
	if t.View != "" {
		v, err := s.Source.NamedView(ctx, caller, place, t.View, t.Personal)
		if err == nil && v.Table.LogicalName != t.Table {
			err = fault.New(fault.NotFound, "view.gone")
		}
		return place, label(v.View.Name, v.Table.PluralLabel, v.Table.LogicalName), err
	}
	found, err := s.Source.Conditions(ctx, caller, place, []crm.RecordRef{t.Ref()})
	if err == nil {
		err = found[0].Err
	}
	if err != nil {
		return crm.Place{}, "", err
	}
	return place, label(found[0].Table.Label, found[0].Table.LogicalName), nil
}

// Preview shows what a tab would lead to, with the rights of whoever is about to save it. Faults are those of Create.
func (s *Service) Preview(ctx context.Context, caller crm.Caller, t crm.PinTarget) (crm.PinPreview, error) {
	if err := check(t); err != nil {
		return crm.PinPreview{}, err
	}
	place, err := s.Places.Check(ctx, caller, t.Organization, t.App)
	if err != nil {
		return crm.PinPreview{}, err
	}
	p := crm.PinPreview{Target: t, Place: place}
	if t.View != "" {
		return s.previewView(ctx, caller, p)
	}
	found, err := s.Source.Shown(ctx, caller, place, []crm.RecordRef{t.Ref()})
	if err != nil {
		return crm.PinPreview{}, err
	}
	if len(found) == 0 {
		_, _, err := s.usable(ctx, caller, t) // says why
		if err == nil {
			err = fault.New(fault.NotFound, "record.deleted").With("table", t.Table)
		}
		return crm.PinPreview{}, err
	}
	p.Record = &found[0]
	p.Related, err = s.Source.RelatedLists(ctx, caller, place, t.Table)
	return p, err
}

func (s *Service) previewView(ctx context.Context, caller crm.Caller, p crm.PinPreview) (crm.PinPreview, error) {
	v, err := s.Source.NamedView(ctx, caller, p.Place, p.Target.View, p.Target.Personal)
	if err != nil {
		return crm.PinPreview{}, err
	}
	if v.Table.LogicalName != p.Target.Table {
		return crm.PinPreview{}, fault.New(fault.NotFound, "view.gone")
	}
	list, err := s.Source.View(ctx, caller, p.Place, crm.ViewQuery{Table: p.Target.Table, PartState: crm.PartState{ViewID: p.Target.View, PersonalView: p.Target.Personal}})
	if err != nil {
		return crm.PinPreview{}, err
	}
	p.View, p.Columns, p.Rows = &v, list.Columns, list.Rows[:min(previewRows, len(list.Rows))]
	if v.View.Personal {
		p.Warn = "pin.personal_view"
		for _, other := range list.Views {
			if !other.Personal {
				p.Others = append(p.Others, other)
			}
		}
	}
	return p, nil
}

// newID makes a random GUID of version 4 (RFC 9562).
func newID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:], nil
}

package record

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Surroundings is what this package needs from Dataverse for what stands around a record. A Source that lacks it shows no
// sub-grids, timelines and lookups.
type Surroundings interface {
	Related(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, grid crm.SubGrid, state crm.PartState) (crm.List, error)
	Timeline(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, q crm.TimelineQuery) (crm.Timeline, error)
	Lookup(ctx context.Context, caller crm.Caller, place crm.Place, q crm.LookupQuery) (crm.LookupResult, error)
	// Pointing says how a new record comes to belong to the one below which it is made.
	Pointing(ctx context.Context, caller crm.Caller, place crm.Place, table string, origin crm.Origin) (crm.Pointing, error)
}

// SubGrid reads a page of the related records that a control of the form shows.
func (s *Service) SubGrid(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, control crm.Control, state crm.PartState) (crm.List, error) {
	if control.Kind != crm.ControlSubGrid || control.SubGrid == nil {
		return crm.List{}, fault.New(fault.NotFound, "view.gone")
	}
	return s.Around.Related(ctx, caller, place, f.Ref, *control.SubGrid, state)
}

// Timeline reads a part of the record's timeline.
func (s *Service) Timeline(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, control crm.Control, q crm.TimelineQuery) (crm.Timeline, error) {
	if q.Size == 0 {
		q.Size = control.PageSize
	}
	line, err := s.Around.Timeline(ctx, caller, place, f.Ref, q)
	if line.CanNote = err == nil && f.Access.AppendTo && !f.State.Inactive; !line.CanNote {
		line.Create = nil
	}
	return line, err
}

// Lookup finds records by name that a lookup of a form may point to.
func (s *Service) Lookup(ctx context.Context, caller crm.Caller, place crm.Place, q crm.LookupQuery) (crm.LookupResult, error) {
	return s.Around.Lookup(ctx, caller, place, q)
}

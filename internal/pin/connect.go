package pin

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// connectPatience is how long somebody who saves waits for the row in the organization: it is a courtesy to Dynamics 365, and the
	// pin works without it.
	connectPatience = 3 * time.Second
	// mostCaughtUp is how many rows are tried again at once.
	mostCaughtUp = 10
)

// connects reports whether there is a row to write: for a record in a channel of a team.
func connects(p crm.Pin) bool {
	return p.Target.Record != "" && p.Spot.Channel != "" && p.Spot.Team != ""
}

// connect writes the row that connects the record with the channel and says how far that has come.
func (s *Service) connect(ctx context.Context, caller crm.Caller, org crm.Organization, p crm.Pin) crm.PinLink {
	if !connects(p) {
		return crm.PinLinkNone
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	state := crm.PinLinkConnected
	short := s.Settings(crm.Pin{ID: p.ID, Tenant: p.Tenant}, "") // the pin alone: it may be led elsewhere
	if err := s.Source.Connect(ctx, caller, org, p.RowID(), p, short); err != nil {
		if state = crm.PinLinkWaiting; refused(err) {
			state = crm.PinLinkMissing
		}
	}
	if state == crm.PinLinkConnected {
		_ = s.Memory.LeftRow(ctx, p.Tenant, p.RowID()) // of a pin that was taken away and restored
	}
	if state == p.Link {
		return state
	}
	if err := s.Memory.LinkPin(ctx, p.Tenant, p.ID, state); err != nil {
		return crm.PinLinkWaiting
	}
	return state
}

// disconnect has the row of a pin taken away: noted first, so that whoever comes by next does it where this person cannot.
func (s *Service) disconnect(ctx context.Context, caller crm.Caller, p crm.Pin) error {
	if !p.Connected() {
		return nil
	}
	if err := s.Memory.LeaveRow(ctx, p.Tenant, p.Target.Organization, p.RowID()); err != nil {
		return err
	}
	if place, err := s.Places.Check(ctx, caller, p.Target.Organization, p.Target.App); err == nil {
		s.leave(ctx, caller, place.Organization, p.RowID())
	}
	return nil
}

// leave takes a row away. A person who may not leaves it to others.
func (s *Service) leave(ctx context.Context, caller crm.Caller, org crm.Organization, row string) {
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	if err := s.Source.Disconnect(ctx, caller, org, row); err == nil || fault.Is(err, fault.NotFound) {
		_ = s.Memory.LeftRow(ctx, caller.User.Tenant, row) // it is tried again then, which changes nothing
	}
}

// refused reports whether the organization does not want the row, so that asking again is no use.
func refused(err error) bool {
	return fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid)
}

// catchUp tries again what was left in an organization, with the rights of whoever is there. Nobody waits for a failure.
func (s *Service) catchUp(ctx context.Context, caller crm.Caller, org crm.Organization) {
	rows, err := s.Memory.LeavingRows(ctx, caller.User.Tenant, org.URL, mostCaughtUp)
	if err != nil {
		return
	}
	for _, row := range rows {
		s.leave(ctx, caller, org, row)
	}
	waiting, err := s.Memory.WaitingPins(ctx, caller.User.Tenant, org.URL, mostCaughtUp)
	if err != nil {
		return
	}
	for _, p := range waiting {
		s.connect(ctx, caller, org, p)
	}
}

package pin

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Memory keeps pins. A pin of another tenant is never given, and looks as one that does not exist.
type Memory interface {
	// AddPin keeps a pin unless there is one of its id, and gives the one that is there then.
	AddPin(ctx context.Context, user crm.User, p crm.Pin) (crm.Pin, error)
	// Pin gives a pin; ok is false where there is none.
	Pin(ctx context.Context, tenant, id string) (p crm.Pin, ok bool, err error)
	// RetargetPin leads a pin elsewhere, and reports whether there was one.
	RetargetPin(ctx context.Context, tenant, id string, t crm.PinTarget) (bool, error)
	// RemovePin notes that a pin was taken away; RestorePin that it was not. Doing either again changes nothing.
	RemovePin(ctx context.Context, tenant, id string) error
	RestorePin(ctx context.Context, tenant, id string) error
	// OpenPin notes that somebody opened a pin, at most once an hour.
	OpenPin(ctx context.Context, tenant, id string) error
	// LinkPin notes how far the row in the organization has come.
	LinkPin(ctx context.Context, tenant, id string, state crm.PinLink) error
	// LeaveRow notes that a row of an organization is to be taken away, LeftRow that it was; LeavingRows lists them.
	LeaveRow(ctx context.Context, tenant, organization, row string) error
	LeftRow(ctx context.Context, tenant, row string) error
	LeavingRows(ctx context.Context, tenant, organization string, most int) ([]string, error)
	// Pins lists the pins of an organization, removed ones too, the latest first.
	Pins(ctx context.Context, tenant, organization string, most int) ([]crm.Pin, error)
	// PinsAt lists the pins that stand in a place of Teams, the earliest first.
	PinsAt(ctx context.Context, tenant string, at crm.Spot) ([]crm.Pin, error)
	// RemovePinsAt notes that everything in a place of Teams was taken away, with its rows, and says how much that was.
	RemovePinsAt(ctx context.Context, tenant string, at crm.Spot) (int, error)
	// WaitingPins lists pins of an organization whose row there is still to be written.
	WaitingPins(ctx context.Context, tenant, organization string, most int) ([]crm.Pin, error)
	// PinsBy lists the pins that somebody made and that stand, the latest first.
	PinsBy(ctx context.Context, user crm.User, most int) ([]crm.Pin, error)
}

// Places says where a person may work (package workspace).
type Places interface {
	// Check gives the place of an organization and an app that the person may choose at this moment: NotFound
	// workspace.organization_gone or workspace.app_gone where they may not.
	Check(ctx context.Context, caller crm.Caller, organizationURL, appID string) (crm.Place, error)
	// Choose remembers where the person wants to work.
	Choose(ctx context.Context, caller crm.Caller, organizationURL, appID string, board crm.DashboardRef) (time.Time, error)
}

// Source is what this package needs from Dataverse, with the caller's own rights.
type Source interface {
	// Conditions says of records what became of them, each with its own fault.
	Conditions(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.Condition, error)
	// Shown reads records as search results show them; those that cannot be read are left out.
	Shown(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.FoundRecord, error)
	// NamedView finds a view by its id: NotFound view.gone where the person does not see it.
	NamedView(ctx context.Context, caller crm.Caller, place crm.Place, id string, personal bool) (crm.FoundView, error)
	// View reads a page of a view.
	View(ctx context.Context, caller crm.Caller, place crm.Place, q crm.ViewQuery) (crm.ViewList, error)
	// RelatedLists lists the related lists that a tab may show below a record of a table.
	RelatedLists(ctx context.Context, caller crm.Caller, place crm.Place, table string) ([]crm.RelatedList, error)
	// PersonOf finds a person of the organization by their object id in Entra ID: NotFound where they are none.
	PersonOf(ctx context.Context, caller crm.Caller, org crm.Organization, object string) (crm.Reference, error)
	// Steward reports whether the person administers the organization.
	Steward(ctx context.Context, caller crm.Caller, org crm.Organization) (bool, error)
	// Connect writes the row that connects a record with a channel, under this id, so that it is written once; Disconnect takes
	// it away. Both are Forbidden or NotFound where the organization has no such table or the person may not.
	Connect(ctx context.Context, caller crm.Caller, org crm.Organization, row string, p crm.Pin, settings crm.TabSettings) error
	Disconnect(ctx context.Context, caller crm.Caller, org crm.Organization, row string) error
}

// Service makes pins, finds them and takes them away.
type Service struct {
	Memory Memory
	Places Places
	Source Source
	// PublicURL is where tabs are served, without a trailing slash.
	PublicURL string
	Now       func() time.Time
	Random    io.Reader // for ids; nil means crypto/rand
}

// Draft is what somebody saves.
type Draft struct {
	// ID is NewID, asked for once when the page was opened: saving twice makes one pin. Of a tab that exists it is its pin's.
	ID     string
	Target crm.PinTarget
	Spot   crm.Spot
	// Remember makes the target's organization and app those of My Dashboard.
	Remember bool
}

// NewID makes an id for a Draft. It is a GUID that nobody guesses.
func (s *Service) NewID() (string, error) {
	source := s.Random
	if source == nil {
		source = rand.Reader
	}
	return newID(source)
}

// Create keeps a pin, or leads the one of that id elsewhere, and gives the settings that Teams is to be told. What it leads to has
// to be something that the person may read at this moment. Faults: pin.bad_target, workspace.organization_gone,
// workspace.app_gone, record.deleted, record.no_access, view.gone.
func (s *Service) Create(ctx context.Context, caller crm.Caller, d Draft) (crm.Pin, crm.TabSettings, error) {
	if !isGUID(d.ID) {
		return crm.Pin{}, crm.TabSettings{}, fault.New(fault.Invalid, "pin.bad_target")
	}
	place, name, err := s.usable(ctx, caller, d.Target)
	if err != nil {
		return crm.Pin{}, crm.TabSettings{}, err
	}
	p := crm.Pin{ID: d.ID, Tenant: caller.User.Tenant, Target: d.Target, Spot: bounded(d.Spot), Creator: caller.User.Object, Created: s.Now()}
	if connects(p) {
		p.Link = crm.PinLinkWaiting
	}
	kept, err := s.Memory.AddPin(ctx, caller.User, p)
	if err == nil && (!kept.Target.Equal(d.Target) || !kept.Removed.IsZero()) {
		kept, err = s.lead(ctx, caller, kept, d.Target)
	}
	if err != nil {
		return crm.Pin{}, crm.TabSettings{}, err
	}
	if d.Remember {
		if _, err := s.Places.Choose(ctx, caller, d.Target.Organization, d.Target.App, crm.DashboardRef{}); err != nil {
			return crm.Pin{}, crm.TabSettings{}, err
		}
	}
	settings := s.Settings(kept, name)
	kept.Link = s.connect(ctx, caller, place.Organization, kept)
	return kept, settings, nil
}

// Change leads a pin elsewhere, so that its tab stays where it is: repairing, and choosing anew. Faults are those of Create, and
// pin.gone.
func (s *Service) Change(ctx context.Context, caller crm.Caller, id string, to crm.PinTarget) (crm.Pin, crm.TabSettings, error) {
	p, err := s.find(ctx, caller, id)
	if err != nil {
		return crm.Pin{}, crm.TabSettings{}, err
	}
	place, name, err := s.usable(ctx, caller, to)
	if err != nil {
		return crm.Pin{}, crm.TabSettings{}, err
	}
	if p, err = s.lead(ctx, caller, p, to); err != nil {
		return crm.Pin{}, crm.TabSettings{}, err
	}
	settings := s.Settings(p, name)
	p.Link = s.connect(ctx, caller, place.Organization, p)
	return p, settings, nil
}

// lead leads a pin elsewhere, and has the row of where it led before taken away.
func (s *Service) lead(ctx context.Context, caller crm.Caller, p crm.Pin, to crm.PinTarget) (crm.Pin, error) {
	if p.Target.Ref() != to.Ref() {
		if err := s.disconnect(ctx, caller, p); err != nil {
			return crm.Pin{}, err
		}
	}
	if !p.Removed.IsZero() {
		if err := s.Memory.RestorePin(ctx, p.Tenant, p.ID); err != nil {
			return crm.Pin{}, err
		}
	}
	if ok, err := s.Memory.RetargetPin(ctx, p.Tenant, p.ID, to); err != nil || !ok {
		return crm.Pin{}, orGone(err)
	}
	return s.find(ctx, caller, p.ID)
}

// Remove takes a pin away at once. Taking it away again, or one that was never there, is no fault: the tab is gone either way.
func (s *Service) Remove(ctx context.Context, caller crm.Caller, id string) error {
	p, err := s.find(ctx, caller, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !p.Removed.IsZero() {
		return nil
	}
	if err := s.Memory.RemovePin(ctx, p.Tenant, p.ID); err != nil {
		return err
	}
	return s.disconnect(ctx, caller, p)
}

// Restore takes back that a pin was taken away: its tab still stands. Faults: pin.gone, and those of Create.
func (s *Service) Restore(ctx context.Context, caller crm.Caller, id string) (crm.Pin, error) {
	p, err := s.find(ctx, caller, id)
	if err != nil {
		return crm.Pin{}, err
	}
	p, _, err = s.Change(ctx, caller, p.ID, p.Target)
	return p, err
}

// At lists the pins that stand in a place of Teams, for a page that is open there. They say where each leads and no more.
func (s *Service) At(ctx context.Context, caller crm.Caller, at crm.Spot) ([]crm.Pin, error) {
	if bounded(at) == (crm.Spot{}) {
		return nil, nil
	}
	return s.Memory.PinsAt(ctx, caller.User.Tenant, bounded(at))
}

// Left takes away everything in a place of Teams that does not exist any more, or that the app was taken from.
func (s *Service) Left(ctx context.Context, tenant string, at crm.Spot) (int, error) {
	if bounded(at) == (crm.Spot{}) {
		return 0, nil
	}
	return s.Memory.RemovePinsAt(ctx, tenant, bounded(at))
}

// find gives a pin of the caller's tenant, removed or not: pin.gone where there is none.
func (s *Service) find(ctx context.Context, caller crm.Caller, id string) (crm.Pin, error) {
	if !isGUID(id) {
		return crm.Pin{}, orGone(nil)
	}
	p, ok, err := s.Memory.Pin(ctx, caller.User.Tenant, id)
	if err != nil || !ok {
		return crm.Pin{}, orGone(err)
	}
	return p, nil
}

func orGone(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "pin.gone")
}

package pin

import (
	"context"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Open finds the pin of a tab's address, for whoever looks at the tab. It asks Dataverse for nothing but the person's organizations
// and apps: reading the record or the view tells the rest (Judge). Health is what is known so far. An address that an administrator
// made leads to a pin that is not kept yet (Created is zero): Adopt keeps it once it was seen to lead somewhere. Faults:
// pin.other_tenant, pin.gone where the address names a pin alone that is not there, and those of signing in.
func (s *Service) Open(ctx context.Context, caller crm.Caller, a Address) (crm.Pinned, error) {
	if a.Tenant != caller.User.Tenant {
		return crm.Pinned{}, fault.New(fault.Forbidden, "pin.other_tenant")
	}
	p, err := s.find(ctx, caller, a.Pin)
	if fault.Is(err, fault.NotFound) && a.Target.Organization != "" {
		p, err = crm.Pin{ID: a.Pin, Tenant: a.Tenant, Target: a.Target}, nil
	}
	if err != nil {
		return crm.Pinned{}, err
	}
	return s.placed(ctx, caller, p)
}

// Find gives a pin by its id, as Open does.
func (s *Service) Find(ctx context.Context, caller crm.Caller, id string) (crm.Pinned, error) {
	p, err := s.find(ctx, caller, id)
	if err != nil {
		return crm.Pinned{}, err
	}
	return s.placed(ctx, caller, p)
}

// placed says whether the person can get to the organization and the app of a pin.
func (s *Service) placed(ctx context.Context, caller crm.Caller, p crm.Pin) (crm.Pinned, error) {
	seen := crm.Pinned{Pin: p, Health: crm.PinFine}
	if !p.Removed.IsZero() {
		seen.Health = crm.PinRemoved
	}
	place, err := s.Places.Check(ctx, caller, p.Target.Organization, p.Target.App)
	switch {
	case err == nil:
		seen.Place = place
	case fault.Is(err, fault.SignedOut), fault.Is(err, fault.Consent):
		return crm.Pinned{}, err
	case seen.Health == crm.PinFine:
		seen = Judge(seen, crm.Condition{Err: err})
	}
	return seen, nil
}

// Judge says what a pin's health is, given what reading what it leads to said. It changes nothing of a pin that was removed or
// whose organization or app is out of reach.
func Judge(p crm.Pinned, found crm.Condition) crm.Pinned {
	if p.Health != crm.PinFine {
		return p
	}
	if found.Table.LogicalName != "" {
		p.Table = found.Table
	}
	p.Name, p.Into, p.Err = found.Name, found.Into, nil
	f := fault.Of(found.Err)
	switch {
	case f == nil && found.Into != nil:
		p.Health = crm.PinMerged
	case f == nil && found.Inactive:
		p.Health = crm.PinDeactivated
	case f == nil:
	case f.Key == "workspace.app_gone":
		p.Health = crm.PinNoApp
	case f.Key == "workspace.organization_gone", f.Key == "dataverse.not_member", f.Key == "dataverse.organization_disabled", f.Key == "workspace.not_open":
		p.Health = crm.PinOrganization
	case f.Kind == fault.NotFound:
		p.Health = crm.PinDeleted
	case f.Kind == fault.Forbidden:
		p.Health = crm.PinNoAccess
	default:
		p.Health = crm.PinUnknown
	}
	if f != nil {
		p.Err, p.Name, p.Into = f, "", nil
	}
	return p
}

// JudgeForm is Judge for who has read the record on its form, or was refused it.
func JudgeForm(p crm.Pinned, f crm.Form, err error) crm.Pinned {
	return Judge(p, crm.Condition{Table: f.Table, Name: f.Title, Inactive: f.State.Inactive, Into: f.State.Into, Err: err})
}

// Maker says who made a pin, by the name that the organization shows this person; the zero value where nobody knows, and where they may
// not. Nothing of it is kept here but an id.
func (s *Service) Maker(ctx context.Context, caller crm.Caller, p crm.Pinned) (crm.Reference, error) {
	if p.Creator == "" || p.Place.Organization.URL == "" {
		return crm.Reference{}, nil
	}
	who, err := s.Source.PersonOf(ctx, caller, p.Place.Organization, p.Creator)
	if fault.Is(err, fault.SignedOut) {
		return crm.Reference{}, err
	}
	if err != nil {
		return crm.Reference{}, nil // a courtesy: the page says what is the matter without it
	}
	return who, nil
}

// Check asks what became of what pins lead to, all at once as far as they are of one organization and app.
func (s *Service) Check(ctx context.Context, caller crm.Caller, pins []crm.Pinned) ([]crm.Pinned, error) {
	checked := slices.Clone(pins)
	records := map[crm.Place][]int{}
	for i, p := range checked {
		switch {
		case p.Health != crm.PinFine:
		case p.Target.Record != "":
			records[p.Place] = append(records[p.Place], i)
		default:
			v, err := s.Source.NamedView(ctx, caller, p.Place, p.Target.View, p.Target.Personal)
			if fault.Is(err, fault.SignedOut) {
				return nil, err
			}
			checked[i] = Judge(p, crm.Condition{Table: v.Table, Name: v.View.Name, Err: err})
		}
	}
	for place, at := range records {
		refs := make([]crm.RecordRef, len(at))
		for i, n := range at {
			refs[i] = checked[n].Target.Ref()
		}
		found, err := s.Source.Conditions(ctx, caller, place, refs)
		if fault.Is(err, fault.SignedOut) {
			return nil, err
		}
		for i, n := range at {
			if err != nil {
				checked[n] = Judge(checked[n], crm.Condition{Err: err})
				continue
			}
			checked[n] = Judge(checked[n], found[i])
		}
	}
	return checked, nil
}

// mostListed bounds the administrators' list.
const mostListed = 200

// All lists the pins of an organization for somebody who administers it, with their health as that person sees it: Forbidden
// pin.not_steward for anybody else.
func (s *Service) All(ctx context.Context, caller crm.Caller, org crm.Organization) ([]crm.Pinned, error) {
	may, err := s.Source.Steward(ctx, caller, org)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, fault.New(fault.Forbidden, "pin.not_steward").With("organization", org.Name)
	}
	pins, err := s.Memory.Pins(ctx, caller.User.Tenant, org.URL, mostListed)
	if err != nil {
		return nil, err
	}
	all, err := s.seen(ctx, caller, pins)
	if err == nil {
		s.catchUp(ctx, caller, org)
	}
	return all, err
}

// Opened notes that a pin was opened and keeps one that was made by its address alone. It is called once what the pin leads to was
// read, so that nobody fills the database with addresses that lead nowhere. A row that waits to be written in the organization is tried
// again, about once an hour; the page should not wait for this.
func (s *Service) Opened(ctx context.Context, caller crm.Caller, p crm.Pinned, at crm.Spot) error {
	if p.Health != crm.PinFine && p.Health != crm.PinDeactivated && p.Health != crm.PinMerged {
		return nil
	}
	if p.Created.IsZero() {
		kept := p.Pin
		kept.Created, kept.Spot = s.Now(), bounded(at)
		if _, err := s.Memory.AddPin(ctx, caller.User, kept); err != nil {
			return err
		}
	}
	if p.Link == crm.PinLinkWaiting && s.Now().Sub(p.Pin.Opened) > time.Hour {
		s.connect(ctx, caller, p.Place.Organization, p.Pin)
	}
	return s.Memory.OpenPin(ctx, p.Tenant, p.ID)
}

// Mine lists the pins that the person made and that stand, the latest first, with their health.
func (s *Service) Mine(ctx context.Context, caller crm.Caller) ([]crm.Pinned, error) {
	pins, err := s.Memory.PinsBy(ctx, caller.User, mostListed)
	if err != nil {
		return nil, err
	}
	return s.seen(ctx, caller, pins)
}

// seen says what became of pins for one person.
func (s *Service) seen(ctx context.Context, caller crm.Caller, pins []crm.Pin) ([]crm.Pinned, error) {
	all := make([]crm.Pinned, len(pins))
	for i, p := range pins {
		var err error
		if all[i], err = s.placed(ctx, caller, p); err != nil {
			return nil, err
		}
	}
	return s.Check(ctx, caller, all)
}

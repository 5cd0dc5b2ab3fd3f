package workspace

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// parallel bounds how many organizations are asked at once for their apps.
	parallel = 4
	// patience is how long the search for an organization with an app may take in all.
	patience = 4 * time.Second
)

// Place decides where the person works: the remembered choice if it still holds, else the first organization by name
// that has a usable app. Nobody is asked anything. When the remembered organization does not answer, the placement names
// it and the error says why: another organization is never shown in its stead.
func (s Service) Place(ctx context.Context, caller crm.Caller) (Placement, error) {
	listed, leftOut, err := s.Catalog.Organizations(ctx, caller)
	if err != nil {
		return Placement{}, err
	}
	remembered, err := s.Preferences.Preference(ctx, caller.User)
	if err != nil {
		return Placement{}, err
	}
	p := Placement{Organizations: listed, OrganizationsLeftOut: leftOut}
	if remembered.OrganizationURL != "" {
		found, err := s.returnTo(ctx, caller, remembered, &p)
		if found || err != nil {
			return p, err
		}
	}
	return p, s.first(ctx, caller, &p)
}

// returnTo takes the remembered organization; found is false when it no longer holds, and p.Fallback says why.
func (s Service) returnTo(ctx context.Context, caller crm.Caller, remembered crm.Preference, p *Placement) (found bool, err error) {
	i := slices.IndexFunc(p.Organizations, func(o crm.Organization) bool { return o.URL == remembered.OrganizationURL })
	if i < 0 {
		p.Fallback = s.lostOrganization(remembered, p)
		return false, nil
	}
	org := p.Organizations[i]
	apps, leftOut, err := s.Catalog.Apps(ctx, caller, org)
	switch reason := reasonOf(err); {
	case fault.Is(err, fault.Forbidden):
		p.Fallback = &Fallback{Lost: LostOrganization, Name: org.Name, Reason: reason}
		p.leaveOut(org, reason)
		return false, nil
	case err != nil:
		p.Organization = &org
		return false, err
	case len(apps) == 0:
		p.Fallback = &Fallback{Lost: LostOrganization, Name: org.Name, Reason: crm.ReasonNoApp}
		return false, nil
	}
	p.settle(org, apps, leftOut)
	if remembered.AppID == "" {
		return true, nil
	}
	if i := slices.IndexFunc(apps, func(a crm.App) bool { return a.ID == remembered.AppID }); i >= 0 {
		p.App = &apps[i]
		return true, nil
	}
	p.Fallback = &Fallback{Lost: LostApp}
	if i := slices.IndexFunc(leftOut, func(l crm.LeftOut) bool { return l.ID == remembered.AppID }); i >= 0 {
		p.Fallback.Name, p.Fallback.Reason = leftOut[i].Name, leftOut[i].Reason
	}
	return true, nil
}

// lostOrganization says why the remembered organization is not among the listed ones.
func (s Service) lostOrganization(remembered crm.Preference, p *Placement) *Fallback {
	f := &Fallback{Lost: LostOrganization, Name: remembered.OrganizationURL}
	for _, l := range p.OrganizationsLeftOut {
		if l.URL == remembered.OrganizationURL {
			f.Name, f.Reason = l.Name, l.Reason
		}
	}
	return f
}

// first takes the first organization by name that has a usable app and records why each earlier one was passed over. All
// are asked, a few at a time; whatever is still under way once the choice is made is called off.
func (s Service) first(ctx context.Context, caller crm.Caller, p *Placement) error {
	candidates := slices.Clone(p.Organizations)
	answers, end := s.ask(ctx, caller, candidates)
	defer end()
	var telling error // what the person can do something about
	for i, org := range candidates {
		a := <-answers[i]
		switch {
		case a.err == nil && len(a.apps) > 0:
			p.settle(org, a.apps, a.leftOut)
			return nil
		case a.err == nil:
			p.leaveOut(org, crm.ReasonNoApp)
			if p.Organization == nil {
				p.Organization, p.AppsLeftOut = &org, a.leftOut
			}
		default:
			p.leaveOut(org, reasonOf(a.err))
			if fault.Is(a.err, fault.Consent) || fault.Is(a.err, fault.SignedOut) {
				telling = a.err
			}
		}
	}
	return telling
}

// answer is what an organization says of its apps.
type answer struct {
	apps    []crm.App
	leftOut []crm.LeftOut
	err     error
}

// ask asks all organizations for their apps, a few at a time and none for longer than patience; the answers come in the
// order of the organizations. end calls off what is still under way and waits for it.
func (s Service) ask(ctx context.Context, caller crm.Caller, organizations []crm.Organization) (answers []chan answer, end func()) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	var work sync.WaitGroup
	answers = make([]chan answer, len(organizations))
	slots := make(chan struct{}, parallel)
	for i := range answers {
		answers[i] = make(chan answer, 1)
	}
	work.Go(func() {
		for i, org := range organizations {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				for _, waiting := range answers[i:] {
					waiting <- answer{err: ctx.Err()}
				}
				return
			}
			work.Go(func() {
				defer func() { <-slots }()
				var a answer
				a.apps, a.leftOut, a.err = s.Catalog.Apps(ctx, caller, org)
				answers[i] <- a
			})
		}
	})
	return answers, func() { cancel(); work.Wait() }
}

// settle places the person in an organization and its first app.
func (p *Placement) settle(org crm.Organization, apps []crm.App, leftOut []crm.LeftOut) {
	p.Organization, p.App, p.Apps, p.AppsLeftOut = &org, &apps[0], apps, leftOut
}

// leaveOut moves an organization to those left out.
func (p *Placement) leaveOut(org crm.Organization, reason crm.Reason) {
	p.Organizations = slices.DeleteFunc(slices.Clone(p.Organizations), func(o crm.Organization) bool { return o.ID == org.ID })
	for _, l := range p.OrganizationsLeftOut {
		if l.ID == org.ID {
			return
		}
	}
	p.OrganizationsLeftOut = append(slices.Clip(p.OrganizationsLeftOut), crm.LeftOut{ID: org.ID, Name: org.Name, URL: org.URL, Reason: reason})
}

// reasonOf says by which rule an organization that gave no list of apps is passed over; "" for no error.
func reasonOf(err error) crm.Reason {
	f := fault.Of(err)
	switch {
	case f == nil:
		return ""
	case f.Key == "dataverse.not_member":
		return crm.ReasonNotMember
	case f.Key == "dataverse.organization_disabled":
		return crm.ReasonDisabled
	case f.Kind == fault.Consent:
		return crm.ReasonSignIn
	case f.Kind == fault.Forbidden:
		return crm.ReasonRole
	}
	return crm.ReasonUnanswered
}

package workspace

import (
	"context"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// surveyed is up to how many organizations are all asked for their apps, so that those without one are told apart. Of more,
	// only the one that a person looks at is asked.
	surveyed = 8
	// placing is how long finding out where a person works now may take: with many choices at hand, nobody waits for one.
	placing = 4 * time.Second
	// surveying is how long organizations that nobody looks at may take to tell that they have apps.
	surveying = 2500 * time.Millisecond
)

// Choices is what a person may choose from: organizations, and the apps of one of them.
type Choices struct {
	Organizations        []crm.Organization
	OrganizationsLeftOut []crm.LeftOut
	// Organization is the one whose apps are listed: the one asked for, else where the person works, else the first. Nil when
	// there is none. It may be among those left out, so that its AppsLeftOut tell why.
	Organization *crm.Organization
	Apps         []crm.App
	AppsLeftOut  []crm.LeftOut
	// Problem says why Organization gave no apps; nil when it answered.
	Problem error
	// Missing says that the organization asked for is not one that the person may choose; another is listed in its stead.
	Missing bool

	// Now is where the person works at present, and Remembered what they asked us to remember, valid or not.
	Now        Placement
	Remembered crm.Preference
}

// Choices lists what the person may choose, looking at the organization of that address; "" looks where they work. Only
// discovery, our own storage and a sign-in that has ended fail it: what else an organization fails at, or wants of the person,
// stands in its place.
func (s Service) Choices(ctx context.Context, caller crm.Caller, organizationURL string) (Choices, error) {
	listed, leftOut, err := s.Catalog.Organizations(ctx, caller)
	if err != nil {
		return Choices{}, err
	}
	c := Choices{Organizations: listed, OrganizationsLeftOut: leftOut}
	if c.Remembered, err = s.Preferences.Preference(ctx, caller.User); err != nil {
		return Choices{}, err
	}
	if c.Now, err = s.now(ctx, caller); fault.Is(err, fault.SignedOut) {
		return Choices{}, err
	}
	c.look(organizationURL)
	if c.Organization == nil {
		return c, nil
	}
	asked := []crm.Organization{*c.Organization}
	answers, end := s.ask(ctx, caller, asked)
	defer end()
	if len(listed) <= surveyed {
		others := without(listed, c.Organization.ID)
		soon, cancel := context.WithTimeout(ctx, surveying)
		defer cancel()
		told, end := s.ask(soon, caller, others)
		defer end()
		asked, answers = append(asked, others...), append(answers, told...)
	}
	for i, org := range asked {
		a := <-answers[i]
		if i == 0 {
			c.Apps, c.AppsLeftOut, c.Problem = a.apps, a.leftOut, a.err
		}
		switch {
		case fault.Is(a.err, fault.SignedOut):
			return Choices{}, a.err
		case a.err != nil:
			c.leaveOut(org, reasonOf(a.err))
		case len(a.apps) == 0:
			c.leaveOut(org, crm.ReasonNoApp)
		}
	}
	return c, nil
}

// now is Place within a time of its own. A failure names no organization other than the remembered one.
func (s Service) now(ctx context.Context, caller crm.Caller) (Placement, error) {
	ctx, cancel := context.WithTimeout(ctx, placing)
	defer cancel()
	return s.Place(ctx, caller)
}

// look decides whose apps are listed.
func (c *Choices) look(organizationURL string) {
	if i := indexOf(c.Organizations, organizationURL); i >= 0 {
		c.Organization = &c.Organizations[i]
		return
	}
	c.Missing = organizationURL != ""
	switch {
	case c.Now.Organization != nil:
		c.Organization = c.Now.Organization
	case len(c.Organizations) > 0:
		c.Organization = &c.Organizations[0]
	}
}

// leaveOut moves an organization to those left out.
func (c *Choices) leaveOut(org crm.Organization, reason crm.Reason) {
	c.Organizations = without(c.Organizations, org.ID)
	c.OrganizationsLeftOut = append(slices.Clip(c.OrganizationsLeftOut), crm.LeftOut{ID: org.ID, Name: org.Name, URL: org.URL, Reason: reason})
}

// Choose remembers where the person wants to work and, unless board is the zero value, which dashboard is to open there. It
// gives the moment that names this choice, for taking it back. Organization and app have to be what they may choose at this
// moment: NotFound "workspace.organization_gone" or "workspace.app_gone" where they are not. That they may choose the
// dashboard is for the caller to have seen.
func (s Service) Choose(ctx context.Context, caller crm.Caller, organizationURL, appID string, board crm.DashboardRef) (time.Time, error) {
	place, err := s.Check(ctx, caller, organizationURL, appID)
	if err == nil && appID == "" { // only what was said is remembered
		err = fault.New(fault.NotFound, "workspace.app_gone")
	}
	if err != nil {
		return time.Time{}, err
	}
	return s.Preferences.Settle(ctx, caller.User, crm.Preference{OrganizationURL: organizationURL, AppID: appID}, crm.DashboardChoice{
		OrganizationURL: place.Organization.URL, AppID: place.App.ID, DashboardID: board.ID, Personal: board.Personal,
	})
}

// Check gives the place of an organization and an app that the person may choose at this moment. Without an app, as in a link
// that names a record alone, it is the one they remembered there, else the first. Errors are those of Choose.
func (s Service) Check(ctx context.Context, caller crm.Caller, organizationURL, appID string) (crm.Place, error) {
	listed, _, err := s.Catalog.Organizations(ctx, caller)
	if err != nil {
		return crm.Place{}, err
	}
	i := indexOf(listed, organizationURL)
	if i < 0 {
		return crm.Place{}, fault.New(fault.NotFound, "workspace.organization_gone")
	}
	apps, _, err := s.Catalog.Apps(ctx, caller, listed[i])
	if err != nil {
		return crm.Place{}, err
	}
	j := indexOfApp(apps, appID)
	if appID == "" && len(apps) > 0 {
		remembered, err := s.Preferences.Preference(ctx, caller.User)
		if err != nil {
			return crm.Place{}, err
		}
		if j = 0; remembered.OrganizationURL == organizationURL {
			j = max(0, indexOfApp(apps, remembered.AppID))
		}
	}
	if j < 0 {
		return crm.Place{}, fault.New(fault.NotFound, "workspace.app_gone")
	}
	return crm.Place{Organization: listed[i], App: apps[j]}, nil
}

func indexOfApp(apps []crm.App, id string) int {
	return slices.IndexFunc(apps, func(a crm.App) bool { return id != "" && a.ID == id })
}

// Undo takes the choice of that moment back: what was remembered before it is remembered again, or nothing if that was so. It
// is a Conflict "workspace.changed" when something else has been chosen since or it is too late, and it brings nothing back
// that the person may not choose any more.
func (s Service) Undo(ctx context.Context, caller crm.Caller, saved time.Time) error {
	earlier, ok, err := s.Preferences.Earlier(ctx, caller.User, saved)
	if err != nil {
		return err
	}
	if ok && earlier.OrganizationURL != "" {
		if _, err := s.Check(ctx, caller, earlier.OrganizationURL, earlier.AppID); err != nil {
			return err
		}
	}
	if ok {
		ok, err = s.Preferences.Undo(ctx, caller.User, saved)
	}
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "workspace.changed")
	}
	return err
}

// Undoable reports whether the choice of that moment can still be taken back.
func (s Service) Undoable(ctx context.Context, caller crm.Caller, saved time.Time) (bool, error) {
	_, ok, err := s.Preferences.Earlier(ctx, caller.User, saved)
	return ok, err
}

func indexOf(organizations []crm.Organization, url string) int {
	return slices.IndexFunc(organizations, func(o crm.Organization) bool { return url != "" && o.URL == url })
}

func without(organizations []crm.Organization, id string) []crm.Organization {
	return slices.DeleteFunc(slices.Clone(organizations), func(o crm.Organization) bool { return o.ID == id })
}

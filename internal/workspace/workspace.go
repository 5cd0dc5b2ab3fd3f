package workspace

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Catalog is what this package needs from Dataverse: what exists for a person, and what is left out by which rule.
// Both lists are ordered by name, and an error is never an empty list.
type Catalog interface {
	Organizations(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error)
	Apps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, err error)
}

// Preferences keeps what a person asked us to remember. Without a choice Preference gives the zero value and no error.
type Preferences interface {
	Preference(ctx context.Context, user crm.User) (crm.Preference, error)
	// Settle keeps a choice of place and, unless board names none, of a dashboard, and what was there before for Undo. It gives
	// the moment that names the choice.
	Settle(ctx context.Context, user crm.User, p crm.Preference, board crm.DashboardChoice) (time.Time, error)
	// Earlier gives what Undo of a choice brings back, and whether that can still be.
	Earlier(ctx context.Context, user crm.User, saved time.Time) (crm.Preference, bool, error)
	// Undo takes a choice back, once, unless something else has been chosen since, and reports whether it did.
	Undo(ctx context.Context, user crm.User, saved time.Time) (bool, error)
}

// Service answers where a person works.
type Service struct {
	Catalog     Catalog
	Preferences Preferences
}

// Lost says which part of a remembered choice no longer holds.
type Lost string

// What can be lost.
const (
	LostOrganization Lost = "organization"
	LostApp          Lost = "app"
)

// Fallback tells that a remembered choice is no longer valid, and by which rule. Name is the friendly name as far as it
// is still known, else the organization's address; Reason is "" when the thing is not there for this person any more.
type Fallback struct {
	Lost   Lost
	Name   string
	Reason crm.Reason
}

// Placement is where a person works and what else there is. Organization is nil when none answered or there is none; App
// is nil when no organization has a usable one, and Organization then names the first of them, so that AppsLeftOut has
// its reasons.
type Placement struct {
	Organization         *crm.Organization
	App                  *crm.App
	Organizations        []crm.Organization
	Apps                 []crm.App // of Organization
	OrganizationsLeftOut []crm.LeftOut
	AppsLeftOut          []crm.LeftOut // of Organization
	Fallback             *Fallback
}

// Place gives the place of the placement; ok is false when there is none.
func (p Placement) Place() (place crm.Place, ok bool) {
	if p.Organization == nil || p.App == nil {
		return crm.Place{}, false
	}
	return crm.Place{Organization: *p.Organization, App: *p.App}, true
}

package web

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
)

// Search finds what can be pinned.
type Search interface {
	Search(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error)
	SearchViews(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error)
	SearchTables(ctx context.Context, caller crm.Caller, places []crm.Place) ([]crm.SearchTable, error)
}

// Pins keeps where tabs lead, and says what became of it.
type Pins interface {
	// Paste finds what a link or an id that somebody pasted leads to, beginning in the place where they are.
	Paste(ctx context.Context, caller crm.Caller, place crm.Place, text string) (crm.Pasted, error)
	// Preview is what is shown of a target before it is saved. It fails when the person may not see it.
	Preview(ctx context.Context, caller crm.Caller, target crm.PinTarget) (crm.PinPreview, error)
	// Save keeps a new pin, or leads the one of that id elsewhere; id is "" for a new one. Who may not see the target cannot pin it.
	Save(ctx context.Context, caller crm.Caller, id string, target crm.PinTarget, spot crm.Spot) (crm.Pin, crm.TabSettings, error)
	// Open is a pin as the person sees it. Whatever became of its target is its Health; the error is for pins that the person
	// cannot know of (the same for another tenant's and for none) and for a sign-in that has ended.
	Open(ctx context.Context, caller crm.Caller, id string) (crm.Pinned, error)
	// Resolve is Open for a target that a tab's address names, without a pin.
	Resolve(ctx context.Context, caller crm.Caller, target crm.PinTarget) (crm.Pinned, error)
	// Remove takes a pin away. One that is gone already is no failure.
	Remove(ctx context.Context, caller crm.Caller, id string) error
	// List gives the pins that the person may look after, the latest first: their own, and for those who administer an organization
	// all of it. Health is asked for each.
	List(ctx context.Context, caller crm.Caller) ([]crm.Pinned, error)
}

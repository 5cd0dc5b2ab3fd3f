package web

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/templates"
)

// Search finds what can be pinned.
type Search interface {
	Search(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error)
	SearchViews(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error)
	SearchTables(ctx context.Context, caller crm.Caller, places []crm.Place) ([]crm.SearchTable, error)
	// Paste follows a link, or an id, that somebody pasted, beginning in the place where they are.
	Paste(ctx context.Context, caller crm.Caller, place crm.Place, text string) (crm.Pasted, error)
}

// Pins keeps where tabs lead, and says what became of it.
type Pins interface {
	NewID() (string, error)
	Preview(ctx context.Context, caller crm.Caller, target crm.PinTarget) (crm.PinPreview, error)
	Create(ctx context.Context, caller crm.Caller, d pin.Draft) (crm.Pin, crm.TabSettings, error)
	Open(ctx context.Context, caller crm.Caller, a pin.Address) (crm.Pinned, error)
	Find(ctx context.Context, caller crm.Caller, id string) (crm.Pinned, error)
	Opened(ctx context.Context, caller crm.Caller, p crm.Pinned, at crm.Spot) error
	Remove(ctx context.Context, caller crm.Caller, id string) error
	Restore(ctx context.Context, caller crm.Caller, id string) (crm.Pin, error)
	// Maker says who made a pin, where the organization lets this person know.
	Maker(ctx context.Context, caller crm.Caller, p crm.Pinned) (crm.Reference, error)
	All(ctx context.Context, caller crm.Caller, org crm.Organization) ([]crm.Pinned, error)
}

// RelatedLists lists the related lists that a tab may show below a record.
type RelatedLists interface {
	RelatedLists(ctx context.Context, caller crm.Caller, place crm.Place, table string) ([]crm.RelatedList, error)
}

const (
	pinPage       = templates.PinPath
	pinChangePage = templates.PinChangePath
)

func (s *Server) routePins() {
	e := s.echo
	s.page(templates.PinSetupPath, s.showPinSetup)
	e.GET(templates.PinSetupPath+"/panel", s.showPinSetupPanel)
	e.POST(templates.PinSetupPath, s.savePin)
	s.page(pinPage, s.showPin)
	s.page(pinChangePage, s.showPinSetup)
	e.GET(pinChangePage+"/panel", s.showPinSetupPanel)
	e.POST(pinChangePage, s.changePin)
	e.POST(templates.PinRestorePath, s.restorePin)
	s.page(templates.PinsPath, s.showPins)
	e.POST(templates.PinsPath, s.lookAfterPin)
	e.GET(templates.PinRemovePath, s.showPinRemoval)
	e.POST(templates.PinRemovePath, s.removePin)
}

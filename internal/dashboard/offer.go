package dashboard

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Offer lists the dashboards that the person may choose in an app, by name, and says which of them opens as things are.
// Without any the error is NotFound "dashboard.none".
func (s Service) Offer(ctx context.Context, caller crm.Caller, place crm.Place) (choices []crm.DashboardRef, opens crm.DashboardRef, err error) {
	refs, siteMap, err := s.Source.Dashboards(ctx, caller, place)
	if err != nil {
		return nil, crm.DashboardRef{}, err
	}
	if len(refs) == 0 {
		return nil, crm.DashboardRef{}, fault.New(fault.NotFound, "dashboard.none")
	}
	opens, err = s.usual(ctx, caller, place, refs, siteMap)
	return refs, opens, err
}

package dashboard

import (
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Open decides which dashboard the person sees and reads its structure: the wanted one if they may see it, else their own
// choice, the site map's default, the organization's default, the first by name. Without any dashboard the error is
// NotFound "dashboard.none".
func (s Service) Open(ctx context.Context, caller crm.Caller, place crm.Place, wanted string) (Board, error) {
	refs, siteMap, err := s.Source.Dashboards(ctx, caller, place)
	if err != nil {
		return Board{}, err
	}
	if len(refs) == 0 {
		return Board{}, fault.New(fault.NotFound, "dashboard.none")
	}
	ref, ok := find(refs, wanted)
	if !ok {
		if ref, err = s.usual(ctx, caller, place, refs, siteMap); err != nil {
			return Board{}, err
		}
	}
	d, err := s.Source.Dashboard(ctx, caller, place, ref)
	if err != nil {
		return Board{}, err
	}
	return Board{Dashboard: d, Choices: refs}, nil
}

// usual is the dashboard that opens when none is asked for.
func (s Service) usual(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.DashboardRef, siteMap []string) (crm.DashboardRef, error) {
	chosen, _, err := s.Choices.DashboardChoice(ctx, caller.User, place.Organization.URL, place.App.ID)
	if err != nil {
		return crm.DashboardRef{}, err
	}
	if ref, ok := find(refs, chosen); ok {
		return ref, nil
	}
	for _, id := range siteMap {
		if ref, ok := find(refs, id); ok {
			return ref, nil
		}
	}
	if i := slices.IndexFunc(refs, func(r crm.DashboardRef) bool { return r.Default }); i >= 0 {
		return refs[i], nil
	}
	return refs[0], nil
}

func find(refs []crm.DashboardRef, id string) (crm.DashboardRef, bool) {
	i := slices.IndexFunc(refs, func(r crm.DashboardRef) bool { return id != "" && r.ID == id })
	if i < 0 {
		return crm.DashboardRef{}, false
	}
	return refs[i], true
}

// Choose remembers which dashboard opens in this app; it has to be one the person may see.
func (s Service) Choose(ctx context.Context, caller crm.Caller, place crm.Place, dashboardID string) error {
	refs, _, err := s.Source.Dashboards(ctx, caller, place)
	if err != nil {
		return err
	}
	ref, ok := find(refs, dashboardID)
	if !ok {
		return fault.New(fault.NotFound, "dashboard.gone")
	}
	return s.Choices.ChooseDashboard(ctx, caller.User, place.Organization.URL, place.App.ID, ref.ID, ref.Personal)
}

// Refresh forgets what is cached, so that the next page is read anew.
func (s Service) Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error {
	return s.Source.Refresh(ctx, caller, place)
}

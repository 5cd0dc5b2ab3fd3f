package dataverse_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// seen is everything that one person is shown of one part.
type seen struct {
	Organizations []crm.Organization
	Apps          []crm.App
	LeftOut       []crm.LeftOut
	Dashboards    []crm.DashboardRef
	Board         crm.Dashboard
	List          crm.List
	Chart         crm.Chart
	Failure       string
}

// look asks for a part by its place in the app's dashboards.
func (d *desk) look(dashboard, part int) (s seen) {
	ctx := context.Background()
	note := func(err error) {
		if err != nil && s.Failure == "" {
			s.Failure = fault.Of(err).Key
		}
	}
	var err, more error
	s.Organizations, _, err = d.client.Organizations(ctx, d.caller)
	note(err)
	s.Apps, s.LeftOut, err = d.client.Apps(ctx, d.caller, d.place.Organization)
	note(err)
	s.Dashboards, _, err = d.client.Dashboards(ctx, d.caller, d.place)
	note(err)
	if len(s.Dashboards) == 0 {
		return s
	}
	s.Board, err = d.client.Dashboard(ctx, d.caller, d.place, s.Dashboards[dashboard%len(s.Dashboards)])
	note(err)
	parts := s.Board.Parts()
	if len(parts) == 0 {
		return s
	}
	p := parts[part%len(parts)]
	p.ViewPicker = true
	if p.ChartID != "" {
		s.Chart, err = d.client.Chart(ctx, d.caller, d.place, p, crm.PartState{})
	}
	s.List, more = d.client.List(ctx, d.caller, d.place, p, crm.PartState{})
	note(errors.Join(err, more))
	return s
}

// Whatever others ask for at the same moment, everybody is shown what a client that keeps nothing shows them.
func TestCachesAreInvisible(t *testing.T) {
	var desks []*desk
	for _, c := range []struct {
		role              world.Role
		locale, org, name string
	}{
		{world.Administrator, "en-US", sales, "Sales Hub"}, {world.Seller, "en-US", sales, "Sales Hub"}, {world.Manager, "de-DE", sales, "Sales Hub"},
		{world.ReadOnly, "en-US", sales, "Sales Hub"}, {world.Administrator, "de-DE", service, "Customer Service Hub"}, {world.Seller, "en-US", service, "Customer Service Hub"},
		{world.SecondTenant, "de-DE", "Moravia Werke Vertrieb", "Vertriebshub"},
	} {
		d := at(t, c.role, c.locale, c.org, c.name)
		if len(desks) > 0 {
			d.client = desks[0].client
		}
		desks = append(desks, d)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var steps sync.WaitGroup
	slots := make(chan struct{}, 4)
	for range 40 {
		d, dashboard, part := desks[random.IntN(len(desks))], random.IntN(4), random.IntN(6)
		slots <- struct{}{}
		steps.Go(func() {
			defer func() { <-slots }()
			cold := *d
			cold.client = d.stage.client()
			want, got := cold.look(dashboard, part), d.look(dashboard, part)
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 0)); diff != "" {
				t.Errorf("%s in %s, dashboard %d part %d: %s", d.caller.User.Object, d.place.Organization.Name, dashboard, part, diff)
			}
		})
	}
	steps.Wait()
}

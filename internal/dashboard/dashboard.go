package dashboard

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Source is what this package needs from Dataverse. Everything it gives is trimmed to the caller's own rights.
type Source interface {
	// Dashboards lists the dashboards of the app that the person may see, by name, and the ids that the app's site map
	// names as default, in site map order and whether or not the person sees them.
	Dashboards(ctx context.Context, caller crm.Caller, place crm.Place) (refs []crm.DashboardRef, siteMap []string, err error)
	// Dashboard reads the structure of one of them.
	Dashboard(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.DashboardRef) (crm.Dashboard, error)
	List(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.List, error)
	Chart(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.Chart, error)
	Count(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.TileNumber, error)
	// Refresh forgets what is cached for the person and the organization.
	Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error
}

// Choices keeps which dashboard a person chose in an app. Without a choice DashboardChoice gives "" and no error.
type Choices interface {
	DashboardChoice(ctx context.Context, user crm.User, organizationURL, appID string) (id string, personal bool, err error)
	ChooseDashboard(ctx context.Context, user crm.User, organizationURL, appID, dashboardID string, personal bool) error
}

// Service opens and fills dashboards.
type Service struct {
	Source  Source
	Choices Choices
	Now     func() time.Time
	// PartDeadline bounds one part; zero means 8 seconds.
	PartDeadline time.Duration
}

// Board is an opened dashboard and the others the person may choose.
type Board struct {
	Dashboard crm.Dashboard
	Choices   []crm.DashboardRef
}

package store

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
)

const (
	rememberQuery = `INSERT INTO preferences (tenant, object, organization, app, updated) SELECT $3, $4, $5, $6, $7` + unlessErased +
		`ON CONFLICT (tenant, object) DO UPDATE
		SET organization = excluded.organization, app = excluded.app, updated = excluded.updated`
	chooseQuery = `INSERT INTO dashboard_choices (tenant, object, organization, app, dashboard, personal, updated)
		SELECT $3, $4, $5, $6, $7, $8, $9` + unlessErased +
		`ON CONFLICT (tenant, object, organization, app) DO UPDATE
		SET dashboard = excluded.dashboard, personal = excluded.personal, updated = excluded.updated`
)

// Preference gives what a person asked us to remember about where they work; the zero value when that is nothing.
func (s *Store) Preference(ctx context.Context, user crm.User) (crm.Preference, error) {
	var p crm.Preference
	var updated int64
	ok, err := found(s.db.read(ctx, `SELECT organization, app, updated FROM preferences WHERE tenant = $1 AND object = $2`,
		user.Tenant, user.Object), &p.OrganizationURL, &p.AppID, &updated)
	if !ok {
		return crm.Preference{}, err
	}
	p.Updated = instant(updated)
	return p, nil
}

// Remember keeps a person's preference in place of an earlier one. Updated is the time of the call.
func (s *Store) Remember(ctx context.Context, user crm.User, p crm.Preference) error {
	return s.insert(ctx, user, rememberQuery,
		user.Tenant, user.Object, p.OrganizationURL, p.AppID, millis(s.Now()))
}

// DashboardChoice gives the dashboard that a person chose in an app of an organization; "" when they chose none.
func (s *Store) DashboardChoice(ctx context.Context, user crm.User, organizationURL, appID string) (id string, personal bool, err error) {
	_, err = found(s.db.read(ctx, `SELECT dashboard, personal FROM dashboard_choices
		WHERE tenant = $1 AND object = $2 AND organization = $3 AND app = $4`,
		user.Tenant, user.Object, organizationURL, appID), &id, &personal)
	return id, personal, err
}

// ChooseDashboard keeps a person's choice in place of an earlier one for the same app.
func (s *Store) ChooseDashboard(ctx context.Context, user crm.User, organizationURL, appID, dashboardID string, personal bool) error {
	return s.insert(ctx, user, chooseQuery,
		user.Tenant, user.Object, organizationURL, appID, dashboardID, personal, millis(s.Now()))
}

package dataverse

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

var errUnreachable = fault.New(fault.Unreachable, "dataverse.unreachable")

// Organizations lists the organizations a person may choose, and those left out by the rules S31 and S32.
func (c *Client) Organizations(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error) {
	return nil, nil, errUnreachable
}

// Apps lists the apps of an organization that a person may choose, and those left out.
func (c *Client) Apps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, err error) {
	return nil, nil, errUnreachable
}

// Dashboards lists the dashboards of an app that a person may see, by name, and the site map's defaults.
func (c *Client) Dashboards(ctx context.Context, caller crm.Caller, place crm.Place) (refs []crm.DashboardRef, siteMap []string, err error) {
	return nil, nil, errUnreachable
}

// Dashboard reads one dashboard's structure.
func (c *Client) Dashboard(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.DashboardRef) (crm.Dashboard, error) {
	return crm.Dashboard{}, errUnreachable
}

// List reads a page of a part's view.
func (c *Client) List(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.List, error) {
	return crm.List{}, errUnreachable
}

// Chart computes a part's chart.
func (c *Client) Chart(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.Chart, error) {
	return crm.Chart{}, errUnreachable
}

// Count counts the records of a part's view.
func (c *Client) Count(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.TileNumber, error) {
	return crm.TileNumber{}, errUnreachable
}

// Refresh forgets what is cached for the person and the organization's metadata.
func (c *Client) Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error { return nil }

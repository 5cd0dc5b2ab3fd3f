package dataverse

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

const (
	slotApps     slot = "apps"
	slotLicences slot = "licences"
)

// clientUnified is the bit of appmodule.clienttype that stands for the Unified Interface.
const clientUnified = 4

// appModule is a row of appmodules with the roles that open it.
type appModule struct {
	ID          string `json:"appmoduleid"`
	LayerID     string `json:"appmoduleidunique"`
	UniqueName  string `json:"uniquename"`
	Name        string `json:"name"`
	Description string `json:"description"`
	ClientType  int    `json:"clienttype"`
	State       int    `json:"statecode"`
	Roles       []role `json:"appmoduleroles_association"`
	MoreRoles   string `json:"appmoduleroles_association@odata.nextLink"`
}

// Apps lists the apps of an organization that a person may choose, by name, and those left out by the first rule that
// applies (S33, S34): the Unified Interface, switched on, opened by one of the person's roles, licensed.
func (c *Client) Apps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, err error) {
	var (
		modules  []appModule
		roles    held
		licences map[string][]string
		user     string
	)
	err = together(
		func() (err error) { modules, err = c.appModules(ctx, caller, org); return err },
		func() (err error) { roles, err = c.roles(ctx, caller, org); return err },
		func() (err error) { licences, err = c.licences(ctx, caller, org); return err },
		// Only licences and rights need it, but asking now saves a round trip then.
		func() (err error) { user, err = c.who(ctx, caller, org); return err },
	)
	if err != nil {
		return nil, nil, err
	}
	seesAll, plans, err := c.exceptions(ctx, caller, org, user, modules, roles, licences)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range modules {
		app := crm.App{
			ID: crmxml.GUID(m.ID), LayerID: crmxml.GUID(m.LayerID), UniqueName: m.UniqueName, Name: cmp.Or(crm.Label(m.Name), crm.Label(m.UniqueName), m.ID), Description: crm.Label(m.Description),
		}
		if app.ID == "" {
			continue
		}
		reason := general(m)
		switch {
		case reason != "":
		case !seesAll && !opens(m, roles):
			reason = crm.ReasonRole
		case !licensed(licences[app.ID], plans):
			reason = crm.ReasonLicence
		}
		if reason == "" {
			listed = append(listed, app)
			continue
		}
		leftOut = append(leftOut, crm.LeftOut{ID: app.ID, Name: app.Name, Reason: reason})
	}
	slices.SortFunc(listed, func(a, b crm.App) int { return byName(a.Name, b.Name, a.ID, b.ID) })
	sortLeftOut(leftOut)
	return listed, leftOut, nil
}

// general applies the rules that hold for everybody.
func general(m appModule) crm.Reason {
	switch {
	case m.ClientType&clientUnified == 0:
		return crm.ReasonClassic
	case m.State != 0:
		return crm.ReasonInactive
	}
	return ""
}

// opens reports whether one of the person's roles opens the app; copies of a role are compared by their root.
func opens(m appModule, roles held) bool {
	return slices.ContainsFunc(m.Roles, func(r role) bool { return roles.roots[r.root()] })
}

// licensed reports whether an app's service plans and the person's meet. An app without plans is for everybody, and where
// the organization does not tell what a person holds (nil), nobody is shut out.
func licensed(needed []string, plans map[string]bool) bool {
	if len(needed) == 0 || plans == nil {
		return true
	}
	return slices.ContainsFunc(needed, func(p string) bool { return plans[p] })
}

// exceptions asks the two questions that only some people's lists depend on, at the same time.
func (c *Client) exceptions(ctx context.Context, caller crm.Caller, org crm.Organization, user string, modules []appModule, roles held, licences map[string][]string) (seesAll bool, plans map[string]bool, err error) {
	closed, limited := false, false
	for _, m := range modules {
		if general(m) == "" {
			closed = closed || !opens(m, roles)
			limited = limited || len(licences[crmxml.GUID(m.ID)]) > 0
		}
	}
	seesAll = roles.all
	err = together(
		func() (err error) {
			if closed && !seesAll {
				seesAll, err = c.ownsApps(ctx, caller, org, user)
			}
			return err
		},
		func() (err error) {
			if limited {
				plans, err = c.plans(ctx, caller, org, user)
			}
			return err
		},
	)
	return seesAll, plans, err
}

// appModules reads the published apps with their roles.
func (c *Client) appModules(ctx context.Context, caller crm.Caller, org crm.Organization) ([]appModule, error) {
	return mine(ctx, c, caller, org, slotApps, "", func(ctx context.Context) ([]appModule, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		query := "appmodules?$select=appmoduleid,appmoduleidunique,name,uniquename,description,clienttype,statecode" +
			"&$expand=appmoduleroles_association($select=roleid,_parentrootroleid_value)"
		modules, size, err := collect[appModule](ctx, c, caller, up, query)
		if err != nil {
			return nil, 0, err
		}
		// Where many rows are asked for, an expanded collection may come as a link instead of rows.
		asks := make([]func() error, 0, len(modules))
		for i := range modules {
			if m := &modules[i]; len(m.Roles) == 0 && m.MoreRoles != "" {
				asks = append(asks, func() (err error) {
					m.Roles, _, err = collect[role](ctx, c, caller, up, m.MoreRoles)
					return err
				})
			}
		}
		return modules, size, together(asks...)
	})
}

// licences gives the service plans that each app needs, by app id: names and ids in lower case. An organization that has no
// such table or does not let it be read limits nothing.
func (c *Client) licences(ctx context.Context, caller crm.Caller, org crm.Organization) (map[string][]string, error) {
	return mine(ctx, c, caller, org, slotLicences, "", func(ctx context.Context) (map[string][]string, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		type plan struct {
			ID   string `json:"serviceplanid"`
			Name string `json:"name"`
			Apps []struct {
				ID string `json:"appmoduleid"`
			} `json:"serviceplan_appmodule_association"`
		}
		path := "serviceplans?$select=serviceplanid,name&$expand=" + url.QueryEscape("serviceplan_appmodule_association($select=appmoduleid)")
		plans, size, err := collect[plan](ctx, c, caller, up, path)
		if err != nil {
			return map[string][]string{}, 0, optional(err)
		}
		needed := map[string][]string{}
		for _, p := range plans {
			for _, a := range p.Apps {
				id := crmxml.GUID(a.ID)
				needed[id] = append(needed[id], strings.ToLower(p.ID), strings.ToLower(p.Name))
			}
		}
		return needed, size, nil
	})
}

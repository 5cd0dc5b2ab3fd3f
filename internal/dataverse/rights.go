package dataverse

import (
	"context"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

const (
	slotRoles      slot = "roles"
	slotWho        slot = "who"
	slotPrivileges slot = "privileges"
	slotPlans      slot = "plans"
)

// Role templates whose holders see every app.
const (
	templateAdministrator = "627090ff-40a3-4053-8790-584edc5be201"
	templateCustomizer    = "119f245c-3cc8-4b62-b31c-d1a046ced15d"
)

// role is a security role. Every business unit has its own copy of it; Root is what they have in common.
type role struct {
	ID       string `json:"roleid"`
	Root     string `json:"_parentrootroleid_value"`
	Template string `json:"_roletemplateid_value"`
}

// root is the id by which roles are compared.
func (r role) root() string {
	if id := crmxml.GUID(r.Root); id != "" {
		return id
	}
	return crmxml.GUID(r.ID)
}

// held are the roles of a person, their own and their teams', by root.
type held struct {
	roots map[string]bool
	all   bool // System Administrator or System Customizer
}

// The roles of the calling person, and those of the teams that they are a member of.
const (
	ownRoles = `<fetch><entity name="role"><attribute name="roleid"/><attribute name="parentrootroleid"/><attribute name="roletemplateid"/>` +
		`<link-entity name="systemuserroles" from="roleid" to="roleid" intersect="true"><link-entity name="systemuser" from="systemuserid" to="systemuserid">` +
		`<filter><condition attribute="systemuserid" operator="eq-userid"/></filter></link-entity></link-entity></entity></fetch>`
	teamRoles = `<fetch><entity name="role"><attribute name="roleid"/><attribute name="parentrootroleid"/><attribute name="roletemplateid"/>` +
		`<link-entity name="teamroles" from="roleid" to="roleid" intersect="true"><link-entity name="team" from="teamid" to="teamid">` +
		`<link-entity name="teammembership" from="teamid" to="teamid" intersect="true"><link-entity name="systemuser" from="systemuserid" to="systemuserid">` +
		`<filter><condition attribute="systemuserid" operator="eq-userid"/></filter></link-entity></link-entity></link-entity></link-entity></entity></fetch>`
)

// roles reads the person's roles in an organization.
func (c *Client) roles(ctx context.Context, caller crm.Caller, org crm.Organization) (held, error) {
	return mine(ctx, c, caller, org, slotRoles, "", func(ctx context.Context) (held, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return held{}, 0, err
		}
		var own, team []role
		var ownSize, teamSize int
		err = together(
			func() (err error) {
				own, ownSize, err = collect[role](ctx, c, caller, up, "roles?fetchXml="+url.QueryEscape(ownRoles))
				return err
			},
			func() (err error) {
				team, teamSize, err = collect[role](ctx, c, caller, up, "roles?fetchXml="+url.QueryEscape(teamRoles))
				return err
			},
		)
		if err != nil {
			return held{}, 0, err
		}
		h := held{roots: map[string]bool{}}
		for _, r := range append(own, team...) {
			template := crmxml.GUID(r.Template)
			h.all = h.all || template == templateAdministrator || template == templateCustomizer
			// Forms may name a copy of a role instead of its root.
			h.roots[r.root()], h.roots[crmxml.GUID(r.ID)] = true, true
		}
		delete(h.roots, "")
		return h, ownSize + teamSize, nil
	})
}

// who gives the person's systemuserid in an organization.
func (c *Client) who(ctx context.Context, caller crm.Caller, org crm.Organization) (string, error) {
	return mine(ctx, c, caller, org, slotWho, "", func(ctx context.Context) (string, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return "", 0, err
		}
		var answer struct{ UserID string }
		n, err := c.read(ctx, caller, up, call{path: "WhoAmI()"}, &answer)
		if err != nil {
			return "", 0, err
		}
		id := crmxml.GUID(answer.UserID)
		if id == "" {
			return "", 0, notUnderstood("WhoAmI gave no user")
		}
		return id, n, nil
	})
}

// appPrivileges are the rights with which a person sees every app whatever its roles (sharing a model-driven app, Microsoft).
var appPrivileges = []string{"prvCreateAppModule", "prvReadAppModule", "prvWriteAppModule"}

// ownsApps reports whether the person, who is this user there, holds all of appPrivileges.
func (c *Client) ownsApps(ctx context.Context, caller crm.Caller, org crm.Organization, user string) (bool, error) {
	return mine(ctx, c, caller, org, slotPrivileges, user, func(ctx context.Context) (bool, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return false, 0, err
		}
		var held [3]bool
		asks := make([]func() error, len(appPrivileges))
		for i, name := range appPrivileges {
			asks[i] = func() error {
				var answer struct {
					RolePrivileges []struct{ PrivilegeID string }
				}
				path := "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='" + name + "')"
				_, err := c.read(ctx, caller, up, call{path: path}, &answer)
				held[i] = len(answer.RolePrivileges) > 0
				return optional(err)
			}
		}
		err = together(asks...)
		return held == [3]bool{true, true, true}, 0, err
	})
}

// plans gives the names and ids of the service plans of the person, who is this user there, in lower case; nil when the
// organization does not tell.
func (c *Client) plans(ctx context.Context, caller crm.Caller, org crm.Organization, user string) (map[string]bool, error) {
	return mine(ctx, c, caller, org, slotPlans, user, func(ctx context.Context) (map[string]bool, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		var answer struct {
			LicenseInfo *struct {
				ServicePlans []struct{ ID, Name string }
			}
		}
		n, err := c.read(ctx, caller, up, call{path: "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserLicenseInfo()"}, &answer)
		if err != nil || answer.LicenseInfo == nil {
			return nil, n, optional(err)
		}
		plans := map[string]bool{}
		for _, p := range answer.LicenseInfo.ServicePlans {
			plans[strings.ToLower(p.ID)], plans[strings.ToLower(p.Name)] = true, true
		}
		delete(plans, "")
		return plans, n, nil
	})
}

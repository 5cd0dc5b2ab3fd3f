package dataverse

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotSecured    slot = "secured"
	slotPowers     slot = "powers"
	slotPowerNames slot = "powernames"
)

// access asks what the person, who is this user there, may do with one record.
func (c *Client) access(ctx context.Context, caller crm.Caller, org crm.Organization, user, set, id string) (crm.Access, error) {
	up, err := c.organization(org)
	if err != nil {
		return crm.Access{}, err
	}
	var answer struct{ AccessRights string }
	path := "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=" + url.QueryEscape("{'@odata.id':'"+set+"("+id+")'}")
	if _, err := c.read(ctx, caller, up, call{path: path}, &answer); err != nil {
		return crm.Access{}, err
	}
	return accessOf(answer.AccessRights), nil
}

// accessOf reads AccessRights, a list of names.
func accessOf(text string) crm.Access {
	var a crm.Access
	for name := range strings.SplitSeq(text, ",") {
		switch strings.TrimSpace(name) {
		case "ReadAccess":
			a.Read = true
		case "WriteAccess":
			a.Write = true
		case "CreateAccess":
			a.Create = true
		case "DeleteAccess":
			a.Delete = true
		case "AppendAccess":
			a.Append = true
		case "AppendToAccess":
			a.AppendTo = true
		case "AssignAccess":
			a.Assign = true
		case "ShareAccess":
			a.Share = true
		}
	}
	return a
}

// permission is what column security lets a person do with one column.
type permission struct{ read, create, update bool }

// The permissions of the calling person's own profiles, and of the teams that they are a member of.
const (
	permissionFields = `<fetch distinct="true"><entity name="fieldpermission"><attribute name="entityname"/><attribute name="attributelogicalname"/>` +
		`<attribute name="canread"/><attribute name="cancreate"/><attribute name="canupdate"/>`
	ownPermissions = permissionFields + `<link-entity name="systemuserprofiles" from="fieldsecurityprofileid" to="fieldsecurityprofileid" intersect="true">` +
		`<link-entity name="systemuser" from="systemuserid" to="systemuserid"><filter><condition attribute="systemuserid" operator="eq-userid"/></filter></link-entity></link-entity></entity></fetch>`
	teamPermissions = permissionFields + `<link-entity name="teamprofiles" from="fieldsecurityprofileid" to="fieldsecurityprofileid" intersect="true">` +
		`<link-entity name="team" from="teamid" to="teamid"><link-entity name="teammembership" from="teamid" to="teamid" intersect="true">` +
		`<link-entity name="systemuser" from="systemuserid" to="systemuserid"><filter><condition attribute="systemuserid" operator="eq-userid"/></filter></link-entity>` +
		`</link-entity></link-entity></link-entity></entity></fetch>`
)

// permissions gives what column security lets the person do, by "table.column"; nil when the organization does not tell.
func (c *Client) permissions(ctx context.Context, caller crm.Caller, org crm.Organization) (map[string]permission, error) {
	return mine(ctx, c, caller, org, slotSecured, "", func(ctx context.Context) (map[string]permission, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		type row struct {
			Table  string `json:"entityname"`
			Column string `json:"attributelogicalname"`
			Read   int    `json:"canread"`
			Create int    `json:"cancreate"`
			Update int    `json:"canupdate"`
		}
		var own, team []row
		size := 0
		err = together(
			func() (err error) {
				own, size, err = collect[row](ctx, c, caller, up, "fieldpermissions?fetchXml="+url.QueryEscape(ownPermissions))
				return err
			},
			func() (err error) {
				team, _, err = collect[row](ctx, c, caller, up, "fieldpermissions?fetchXml="+url.QueryEscape(teamPermissions))
				return optional(err)
			},
		)
		if err != nil {
			return nil, 0, optional(err)
		}
		all := map[string]permission{}
		for _, r := range append(own, team...) {
			// 0 is "not allowed", 4 is "allowed" (field_security_permission_type).
			p := all[r.Table+"."+r.Column]
			p.read, p.create, p.update = p.read || r.Read == 4, p.create || r.Create == 4, p.update || r.Update == 4
			all[r.Table+"."+r.Column] = p
		}
		return all, size, nil
	})
}

// powers are the privileges on a table that a person holds at any depth, by type: Create, Read, Write ... A type that is
// missing from known is one that the organization does not tell about.
type powers struct {
	known bool
	held  map[string]bool
}

func (p powers) may(verb string) bool { return !p.known || p.held[verb] }

// powers asks which privileges on a table the person, who is this user there, holds.
func (c *Client) powers(ctx context.Context, caller crm.Caller, org crm.Organization, user, table string) (powers, error) {
	names, err := c.powerNames(ctx, caller, org, table)
	if err != nil || len(names) == 0 {
		return powers{}, err
	}
	return mine(ctx, c, caller, org, slotPowers, user+" "+table, func(ctx context.Context) (powers, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return powers{}, 0, err
		}
		list := make([]string, 0, len(names))
		for _, name := range names {
			list = append(list, name)
		}
		text, err := json.Marshal(unique(list))
		if err != nil {
			return powers{}, 0, fault.Wrap(err, fault.Internal, "internal")
		}
		var answer struct {
			RolePrivileges *[]struct{ PrivilegeName, PrivilegeID string }
		}
		path := "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=" + url.QueryEscape(string(text))
		n, err := c.read(ctx, caller, up, call{path: path}, &answer)
		if err != nil || answer.RolePrivileges == nil {
			return powers{}, n, optional(err)
		}
		p := powers{known: true, held: map[string]bool{}}
		for verb, name := range names {
			for _, r := range *answer.RolePrivileges {
				p.held[verb] = p.held[verb] || strings.EqualFold(r.PrivilegeName, name)
			}
		}
		return p, n, nil
	})
}

// powerNames gives the names of a table's privileges by type.
func (c *Client) powerNames(ctx context.Context, caller crm.Caller, org crm.Organization, table string) (map[string]string, error) {
	return ours(ctx, c, caller, org, slotPowerNames, table, func(ctx context.Context) (map[string]string, int, error) {
		up, err := c.organization(org)
		if err != nil || !logicalName.MatchString(table) {
			return nil, 0, err
		}
		var d tableDefinition
		n, err := c.read(ctx, caller, up, call{path: "EntityDefinitions(LogicalName='" + table + "')?$select=LogicalName,Privileges"}, &d)
		if err != nil {
			return nil, 0, optional(err)
		}
		names := map[string]string{}
		for _, p := range d.Privileges {
			if oneWord.MatchString(p.Name) {
				names[p.PrivilegeType] = p.Name
			}
		}
		return names, n, nil
	})
}

// refusedRecord says of a record that could not be read which of the reasons it is; the person learns nothing else of it.
func refusedRecord(err error, table crm.Table) error {
	switch f := fault.Of(err); {
	case f == nil:
		return nil
	case f.Kind == fault.NotFound:
		return fault.Wrap(err, fault.NotFound, "record.deleted").With("table", table.Label)
	case f.Kind == fault.Forbidden && f.Key == "dataverse.forbidden":
		return fault.Wrap(err, fault.Forbidden, "record.no_access").With("table", table.Label)
	}
	return err
}

// isGUID reports whether an id may stand in an address as it is.
func isGUID(id string) bool { return id != "" && crmxml.GUID(id) == id }

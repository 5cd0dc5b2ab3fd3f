package dataverse

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// grantAccess shares a row: {"Target": row, "PrincipalAccess": {"AccessMask": rights, "Principal": user or team}}.
func (c *call) grantAccess(_ written, given odata.Node) (reply, error) {
	return c.shareRow(given, (*engine.Change).Grant)
}

// modifyAccess replaces what was shared.
func (c *call) modifyAccess(_ written, given odata.Node) (reply, error) {
	return c.shareRow(given, (*engine.Change).Modify)
}

func (c *call) shareRow(given odata.Node, share func(*engine.Change, string, string, engine.Ref, engine.Rights) error) (reply, error) {
	target, err := c.rowParameter(given, "Target")
	if err != nil {
		return nil, err
	}
	access, _ := given.Member("PrincipalAccess")
	principal, err := c.rowParameter(access, "Principal")
	if err != nil {
		return nil, err
	}
	mask, _ := access.Member("AccessMask")
	rights, err := rightsOf(mask.Text)
	if err != nil {
		return nil, err
	}
	return c.sendNothing, share(c.x, target.Table, target.ID, principal, rights)
}

// revokeAccess takes all back: {"Target": row, "Revokee": user or team}.
func (c *call) revokeAccess(_ written, given odata.Node) (reply, error) {
	target, err := c.rowParameter(given, "Target")
	if err != nil {
		return nil, err
	}
	principal, err := c.rowParameter(given, "Revokee")
	if err != nil {
		return nil, err
	}
	return c.sendNothing, c.x.Revoke(target.Table, target.ID, principal)
}

// rightsOf reads "ReadAccess, WriteAccess".
func rightsOf(text string) (engine.Rights, error) {
	var rights engine.Rights
	for name := range strings.SplitSeq(text, ",") {
		found := false
		for _, r := range rightNames {
			if strings.TrimSpace(name) == r.name {
				rights, found = rights|r.right, true
			}
		}
		if !found && strings.TrimSpace(name) != "None" {
			return 0, &Error{http.StatusBadRequest, engine.CodeInvalidArgument, "'" + brief(name) + "' is no access right."}
		}
	}
	return rights, nil
}

// retrieveShares lists with whom a row is shared.
func (c *call) retrieveShares(s odata.Segment) error {
	at, err := c.targetArgument(s)
	if err != nil {
		return err
	}
	var shares []engine.Share
	err = c.org.DB.Change(c.r.Context(), c.caller, func(x *engine.Change) (err error) {
		shares, err = x.Shares(at.table.LogicalName, at.id)
		return err
	})
	if err != nil {
		return err
	}
	list := []metadata.Object{}
	for _, share := range shares {
		list = append(list, metadata.Object{
			{Name: "AccessMask", Value: rightsText(share.Rights, ", ")},
			{Name: "Principal", Value: metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + share.Principal.Table}, {Name: "ownerid", Value: share.Principal.ID}}},
		})
	}
	return c.complexValue("RetrieveSharedPrincipalsAndAccessResponse", metadata.Member{Name: "PrincipalAccesses", Value: list})
}

// rightsText writes rights as the AccessRights enumeration.
func rightsText(rights engine.Rights, separator string) string {
	var names []string
	for _, r := range rightNames {
		if rights&r.right != 0 {
			names = append(names, r.name)
		}
	}
	if names == nil {
		return "None"
	}
	return strings.Join(names, separator)
}

// targetArgument reads the parameter Target of a function: a reference to a row.
func (c *call) targetArgument(s odata.Segment) (target, error) {
	parameter, _ := s.Argument("Target")
	var reference map[string]any
	_ = json.Unmarshal([]byte(parameter.Text), &reference) // anything else is no reference
	at, ok := c.reference(reference)
	if !ok {
		return at, bad(s.Name + " needs the parameter Target, a reference to a row.")
	}
	return at, nil
}

package dataverse

import (
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// actions are what POST at the service root calls by name. They run in a transaction, alone or as part of a change set, as
// every other write does.
var actions = map[string]handler{
	"GrantAccess":  (*call).grantAccess,
	"ModifyAccess": (*call).modifyAccess,
	"RevokeAccess": (*call).revokeAccess,
}

// outside are actions that change no row and need no transaction.
var outside = map[string]func(*call) error{
	"searchquery": searchAction("query"), "searchsuggest": searchAction("suggest"), "searchautocomplete": searchAction("autocomplete"),
}

// rootName is the action that a path names at the service root; "" when it names something else.
func (c *call) rootName() string {
	if len(c.segments) != 1 || c.segments[0].Call {
		return ""
	}
	return strings.TrimPrefix(c.segments[0].Name, odata.Namespace)
}

// grantAccess shares a row: {"Target": row, "PrincipalAccess": {"AccessMask": rights, "Principal": user or team}}.
func (c *call) grantAccess(written) (reply, error) { return c.shareRow((*engine.Change).Grant) }

// modifyAccess replaces what was shared.
func (c *call) modifyAccess(written) (reply, error) { return c.shareRow((*engine.Change).Modify) }

func (c *call) shareRow(share func(*engine.Change, string, string, engine.Ref, engine.Rights) error) (reply, error) {
	body, err := c.body("")
	if err != nil {
		return nil, err
	}
	target, err := c.rowParameter(body, "Target")
	if err != nil {
		return nil, err
	}
	access, _ := body.Member("PrincipalAccess")
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
func (c *call) revokeAccess(written) (reply, error) {
	body, err := c.body("")
	if err != nil {
		return nil, err
	}
	target, err := c.rowParameter(body, "Target")
	if err != nil {
		return nil, err
	}
	principal, err := c.rowParameter(body, "Revokee")
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

// rowParameter reads a parameter of an action that is a row: {"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid":
// "<id>"}, {"@odata.id": "<address>"}, or the address in "Name@odata.bind" beside.
func (c *call) rowParameter(parameters odata.Node, name string) (engine.Ref, error) {
	if address, there := parameters.Member(name + "@odata.bind"); there && address.IsString() {
		return c.refer(address.Text)
	}
	row, _ := parameters.Member(name)
	if address, there := row.Member("@odata.id"); there && address.IsString() {
		return c.refer(address.Text)
	}
	kind, _ := row.Member("@odata.type")
	model := c.org.DB.Model()
	if t := model.Table(strings.TrimPrefix(strings.TrimPrefix(kind.Text, "#"), odata.Namespace)); t != nil {
		if id, _ := row.Member(t.PrimaryID); id.IsString() && odata.IsGUID(id.Text) {
			return engine.Ref{Table: t.LogicalName, ID: strings.ToLower(id.Text)}, nil
		}
	}
	return engine.Ref{}, bad("The parameter '" + name + "' is missing, or does not name a row.")
}

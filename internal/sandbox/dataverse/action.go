package dataverse

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// rowParameter reads a parameter of an action that is a row: {"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid":
// "<id>"}, {"@odata.id": "<address>"}, or the address in "Name@odata.bind" beside.
func (c *call) rowParameter(parameters odata.Node, name string) (engine.Ref, error) {
	if address, there := parameters.Member(name + "@odata.bind"); there && address.IsString() {
		return c.refer(address.Text)
	}
	row, _ := parameters.Member(name)
	return c.rowNamed(row, name)
}

// rowNamed reads an object that names a row; name is of the parameter that it belongs to.
func (c *call) rowNamed(row odata.Node, name string) (engine.Ref, error) {
	if address, there := row.Member("@odata.id"); there && address.IsString() {
		return c.refer(address.Text)
	}
	kind, _ := row.Member("@odata.type")
	model := c.org.DB.Model()
	if t := model.Table(strings.TrimPrefix(strings.TrimPrefix(kind.Text, "#"), odata.Namespace)); t != nil {
		id, there := row.Member(t.PrimaryID)
		if !there && (t.LogicalName == "systemuser" || t.LogicalName == "team") {
			id, _ = row.Member("ownerid") // what both derive from
		}
		if id.IsString() && odata.IsGUID(id.Text) {
			return engine.Ref{Table: t.LogicalName, ID: strings.ToLower(id.Text)}, nil
		}
	}
	return engine.Ref{}, bad("The parameter '" + name + "' is missing, or does not name a row.")
}

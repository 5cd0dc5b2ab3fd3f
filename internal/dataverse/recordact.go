package dataverse

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Close runs the message that closes a record in a way that no update can: winning and losing an opportunity, resolving a
// case, qualifying a lead. These messages know no version: the form's is compared with the record's just before.
func (c *Client) Close(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, kind crm.ActionKind, status int, given []crm.Change) (crm.Form, error) {
	now, err := c.Record(ctx, caller, place, f.Ref, f.ID)
	if err != nil {
		return crm.Form{}, err
	}
	if now.ETag != f.ETag {
		return crm.Form{}, fault.New(fault.Conflict, "dataverse.changed")
	}
	path, body, err := c.message(ctx, caller, place.Organization, f, kind, status, given)
	if err != nil {
		return crm.Form{}, err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return crm.Form{}, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return crm.Form{}, fault.Wrap(err, fault.Internal, "internal")
	}
	if _, err := c.write(ctx, caller, up, call{method: http.MethodPost, path: path, body: string(text)}); err != nil {
		return crm.Form{}, err
	}
	return c.written(ctx, caller, place, f)
}

// message writes an action of the Web API (WinOpportunity, LoseOpportunity, CloseIncident, QualifyLead).
func (c *Client) message(ctx context.Context, caller crm.Caller, org crm.Organization, f crm.Form, kind crm.ActionKind, status int, given []crm.Change) (string, map[string]any, error) {
	self := "/" + f.Table.SetName + "(" + f.Ref.ID + ")"
	closing := map[string]any{}
	if table := closings[f.Ref.Table]; table != "" {
		plan, err := c.blueprint(ctx, caller, org, table)
		if err != nil {
			return "", nil, err
		}
		if closing, err = c.payload(ctx, caller, org, plan, given, nil); err != nil {
			return "", nil, err
		}
		closing["@odata.type"] = "Microsoft.Dynamics.CRM." + table
	}
	switch kind {
	case crm.ActionWin, crm.ActionLose:
		closing["opportunityid@odata.bind"] = self
		name := "WinOpportunity"
		if kind == crm.ActionLose {
			name = "LoseOpportunity"
		}
		return name, map[string]any{"Status": status, "OpportunityClose": closing}, nil
	case crm.ActionResolve:
		closing["incidentid@odata.bind"] = self
		return "CloseIncident", map[string]any{"Status": status, "IncidentResolution": closing}, nil
	case crm.ActionQualify:
		return self[1:] + "/Microsoft.Dynamics.CRM.QualifyLead", map[string]any{
			"CreateAccount": true, "CreateContact": true, "CreateOpportunity": true, "Status": status,
		}, nil
	}
	return "", nil, fault.Wrap(errors.New("no message for "+string(kind)), fault.Invalid, "record.refused")
}

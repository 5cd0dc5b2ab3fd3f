package dataverse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// AddNote adds a note to a record under an id of its own, so that it is added once: one that is there already is what was
// wanted.
func (c *Client) AddNote(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, id string, note crm.Note) error {
	plan, err := c.blueprint(ctx, caller, place.Organization, "annotation")
	if err != nil {
		return err
	}
	way, ok := plan.way("objectid", ref.Table)
	if !ok || !isGUID(id) {
		return fault.Wrap(errors.New("table without notes"), fault.Invalid, "record.refused")
	}
	address, err := c.addressOf(ctx, caller, place.Organization, crm.Reference{Table: ref.Table, ID: ref.ID})
	if err != nil {
		return err
	}
	body := map[string]any{"subject": note.Title, "notetext": note.Text, way + "@odata.bind": address}
	if note.File != nil {
		body["filename"], body["mimetype"] = note.File.Name, note.File.Type
		body["documentbody"], body["isdocument"] = base64.StdEncoding.EncodeToString(note.File.Content), true
	}
	err = c.put(ctx, caller, place.Organization, plan.SetName+"("+id+")", body)
	if fault.Is(err, fault.Conflict) || fault.Of(err) != nil && fault.Of(err).Key == "record.duplicate_key" {
		return nil
	}
	return err
}

// put makes a row if there is none under its id.
func (c *Client) put(ctx context.Context, caller crm.Caller, org crm.Organization, path string, body map[string]any) error {
	up, err := c.organization(org)
	if err != nil {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "internal")
	}
	_, err = c.write(ctx, caller, up, call{method: http.MethodPatch, path: path, body: string(text), noneMatch: "*"})
	return err
}

// Share gives a person or a team rights to a record, beside those that they have (GrantAccess).
func (c *Client) Share(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, with crm.Reference, access crm.Access) error {
	plan, err := c.blueprint(ctx, caller, place.Organization, ref.Table)
	if err != nil {
		return err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return err
	}
	if !isGUID(ref.ID) || !isGUID(with.ID) || with.Table != "systemuser" && with.Table != "team" {
		return fault.New(fault.Invalid, "record.refused")
	}
	var rights []string
	for _, r := range []struct {
		given bool
		name  string
	}{
		{access.Read, "ReadAccess"}, {access.Write, "WriteAccess"}, {access.Append, "AppendAccess"}, {access.AppendTo, "AppendToAccess"},
		{access.Delete, "DeleteAccess"}, {access.Assign, "AssignAccess"}, {access.Share, "ShareAccess"},
	} {
		if r.given {
			rights = append(rights, r.name)
		}
	}
	body, err := json.Marshal(map[string]any{
		"Target":          map[string]any{"@odata.type": "Microsoft.Dynamics.CRM." + ref.Table, plan.PrimaryID: ref.ID},
		"PrincipalAccess": map[string]any{"AccessMask": strings.Join(rights, ","), "Principal": map[string]any{"@odata.type": "Microsoft.Dynamics.CRM." + with.Table, with.Table + "id": with.ID}},
	})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "internal")
	}
	_, err = c.write(ctx, caller, up, call{method: http.MethodPost, path: "GrantAccess", body: string(body)})
	return err
}

// auditDetail is one entry of a record's history.
type auditDetail struct {
	OldValue, NewValue row
	AuditRecord        row
}

// History tells what happened to a record since a moment, the latest first (function RetrieveRecordChangeHistory). Told is
// false where the organization keeps no history or does not show it to this person.
func (c *Client) History(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, since int64) (happened []crm.Happened, told bool, err error) {
	plan, err := c.blueprint(ctx, caller, place.Organization, f.Ref.Table)
	if err != nil {
		return nil, false, err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return nil, false, err
	}
	if !isGUID(f.Ref.ID) {
		return nil, false, fault.New(fault.NotFound, "record.deleted").With("table", plan.Label)
	}
	var answer struct {
		AuditDetailCollection *struct{ AuditDetails []auditDetail }
	}
	target := url.QueryEscape("{'@odata.id':'" + plan.SetName + "(" + f.Ref.ID + ")'}")
	_, err = c.read(ctx, caller, up, call{path: "RetrieveRecordChangeHistory(Target=@t)?@t=" + target, prefer: recordAnnotations}, &answer)
	if err != nil || answer.AuditDetailCollection == nil {
		return nil, false, optional(err)
	}
	for _, d := range answer.AuditDetailCollection.AuditDetails {
		h, ok := plan.happened(d, f.Reading, since)
		if ok {
			happened = append(happened, h)
		}
	}
	return happened, true, nil
}

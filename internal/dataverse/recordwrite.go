package dataverse

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// Update sends changes of a record, only these, and only if its version is still the form's (If-Match). It gives the record as
// it is afterwards. Faults: Conflict dataverse.changed when it has another version, record.deleted, record.no_write, record.*
// for what a rule refuses, Busy; Lost says that the changes may be there all the same.
func (c *Client) Update(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error) {
	if f.ETag == "" || !isGUID(f.Ref.ID) {
		return crm.Form{}, fault.New(fault.Invalid, "record.refused") // without a version the service would make a record of it
	}
	s, err := c.sheet(ctx, caller, place, f.Ref.Table, crmxml.FormMain, f.ID)
	if err != nil {
		return crm.Form{}, err
	}
	body, err := c.body(ctx, caller, place, s, f, changes)
	if err != nil {
		return crm.Form{}, err
	}
	return c.send(ctx, caller, place, s, f, changes, body, call{match: f.ETag})
}

// body writes the changes of a record as the service takes them.
func (c *Client) body(ctx context.Context, caller crm.Caller, place crm.Place, s sheet, f crm.Form, changes []crm.Change) (map[string]any, error) {
	var parties []party
	if slices.ContainsFunc(changes, func(x crm.Change) bool { return x.Column.Kind == crm.KindPartyList }) {
		// The service replaces all parties of an activity together; those that this form does not show have to stay.
		now, err := c.recordRow(ctx, caller, place.Organization, s.outline, f.Ref.ID)
		if err != nil {
			return nil, refusedRecord(err, s.plan.Table)
		}
		if now["@odata.etag"] != f.ETag {
			return nil, fault.New(fault.Conflict, "dataverse.changed")
		}
		parties = s.allParties(now)
	}
	return c.payload(ctx, caller, place.Organization, s.plan, changes, parties)
}

// Create makes the record of a new form, under the id that f.Ref already has, so that it can be asked for when the answer is
// lost. A record that is there already is a Conflict.
func (c *Client) Create(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error) {
	s, err := c.sheet(ctx, caller, place, f.Ref.Table, crmxml.FormQuickCreate, f.ID)
	if err != nil {
		return crm.Form{}, err
	}
	body, err := c.payload(ctx, caller, place.Organization, s.plan, changes, nil)
	if err != nil {
		return crm.Form{}, err
	}
	return c.send(ctx, caller, place, s, f, changes, body, call{noneMatch: "*"})
}

// send writes a row and reads what it has become from the answer.
func (c *Client) send(ctx context.Context, caller crm.Caller, place crm.Place, s sheet, f crm.Form, changes []crm.Change, body map[string]any, q call) (crm.Form, error) {
	up, err := c.organization(place.Organization)
	if err != nil {
		return crm.Form{}, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return crm.Form{}, fault.Wrap(err, fault.Internal, "internal")
	}
	q.method, q.body = http.MethodPatch, string(text)
	q.path = s.plan.SetName + "(" + f.Ref.ID + ")?" + s.query(false)
	q.prefer = "return=representation," + recordAnnotations
	a, err := c.write(ctx, caller, up, q)
	if err != nil {
		return crm.Form{}, err
	}
	var r row
	if a.status != http.StatusNoContent && (decode(a.body, &r) != nil || r["@odata.etag"] == nil) {
		// Whoever wrote this answer need not be the service.
		return crm.Form{}, fault.Losing(notUnderstood("record that cannot be read"), true)
	}
	money := slices.ContainsFunc(changes, func(x crm.Change) bool { return x.Column.LogicalName == "transactioncurrencyid" })
	if r == nil || s.beyond || money || q.noneMatch != "" {
		return c.written(ctx, caller, place, f)
	}
	after := s.fill(f.Ref, r, f.Access)
	after.Positions = f.Positions
	for i := range after.Fields {
		// The currency is not in the record's own row.
		if x, ok := f.Field(after.Fields[i].LogicalName); ok && x.Kind == crm.KindMoney {
			after.Fields[i].Currency, after.Fields[i].Precision = x.Currency, x.Precision
		}
	}
	return after, c.relate(ctx, caller, place, s, &after)
}

// written reads what a write has made of a record. Where that fails, the write stands all the same.
func (c *Client) written(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form) (crm.Form, error) {
	after, err := c.Record(ctx, caller, place, f.Ref, f.ID)
	if err != nil {
		return crm.Form{}, fault.Losing(err, true)
	}
	return after, nil
}

// Remove deletes a record if its version is still the one given; "" deletes any.
func (c *Client) Remove(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, etag string) error {
	plan, err := c.blueprint(ctx, caller, place.Organization, ref.Table)
	if err != nil {
		return err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return err
	}
	if !isGUID(ref.ID) {
		return fault.New(fault.NotFound, "record.deleted")
	}
	_, err = c.write(ctx, caller, up, call{method: http.MethodDelete, path: plan.SetName + "(" + ref.ID + ")", match: etag})
	return err
}

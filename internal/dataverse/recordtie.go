package dataverse

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Tie connects a record with another one through a relationship, or takes the connection away. It tells what the other is called
// and, where it can belong to one record alone, to which it belonged before; instead, unless it is nil, is the one that it belongs
// to from then on when it is taken away from here. The outcome is OutcomeUnchanged where nothing had to be done, so that all of
// this may be sent again; of a failure the fault tells.
func (c *Client) Tie(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, relationship string, other crm.Reference, tied bool, instead *crm.Reference) (crm.Tied, error) {
	result := crm.Tied{Other: other}
	plan, err := c.blueprint(ctx, caller, place.Organization, ref.Table)
	if err != nil {
		return result, err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return result, err
	}
	far, err := c.table(ctx, caller, place.Organization, other.Table)
	if err != nil {
		return result, goneAs(err, "record.no_table")
	}
	if !isGUID(ref.ID) || !isGUID(other.ID) {
		return result, fault.New(fault.Invalid, "record.refused")
	}
	self := plan.SetName + "(" + ref.ID + ")"
	move := moving{self: self, here: ref, far: far, tied: tied}
	for _, x := range plan.across {
		if x.SchemaName == relationship {
			move.way = x.from(ref.Table)
			return c.cross(ctx, caller, up, move, result)
		}
	}
	for _, l := range plan.down {
		if l.SchemaName == relationship && l.ReferencingEntity == other.Table {
			move.lookup, move.way = l.ReferencingAttribute, l.ReferencingEntityNavigationPropertyName
			switch {
			case tied:
				move.to = "/" + self
			case instead != nil:
				if move.to, move.way, err = c.wayTo(ctx, caller, place.Organization, other.Table, l.ReferencingAttribute, *instead); err != nil {
					return result, err
				}
			}
			return c.repoint(ctx, caller, up, move, result)
		}
	}
	return result, fault.New(fault.NotFound, "view.gone")
}

// moving is a connection that is to be made or to be ended.
type moving struct {
	self   string // address of the record that the list is of
	here   crm.RecordRef
	far    *table // of the other record
	tied   bool
	way    string // navigation property: of the record, or of the other's lookup
	lookup string // the other's
	to     string // address to which the lookup leads from then on; "" for none
}

// named are the columns that say what the other is called.
func (m moving) named() string {
	if m.far.PrimaryName == "" {
		return m.far.PrimaryID
	}
	return m.far.PrimaryName
}

// from is the navigation property by which a relationship leads away from a table.
func (x crossing) from(table string) string {
	if x.Entity1LogicalName == table {
		return x.Entity1NavigationPropertyName
	}
	return x.Entity2NavigationPropertyName
}

// cross makes or ends a connection of many with many. It looks first, since organizations refuse to make one that is there.
func (c *Client) cross(ctx context.Context, caller crm.Caller, up upstream, m moving, result crm.Tied) (crm.Tied, error) {
	var there struct{ Value []row }
	collection, id := m.self+"/"+m.way, result.Other.ID
	path := collection + "?$select=" + m.named() + "&$filter=" + url.QueryEscape(m.far.PrimaryID+" eq "+id)
	if _, err := c.read(ctx, caller, up, call{path: path}, &there); err != nil {
		return result, err
	}
	for _, r := range there.Value {
		result.Other.Name = r.cell(m.far.PrimaryName).raw
	}
	if len(there.Value) > 0 == m.tied {
		return result, nil
	}
	result.Outcome = crm.OutcomeSaved
	if !m.tied {
		_, err := c.write(ctx, caller, up, call{method: http.MethodDelete, path: collection + "(" + id + ")/$ref"})
		return result, err
	}
	body, err := json.Marshal(map[string]string{"@odata.id": up.id() + m.far.SetName + "(" + id + ")"})
	if err != nil {
		return result, fault.Wrap(err, fault.Internal, "internal")
	}
	_, err = c.write(ctx, caller, up, call{method: http.MethodPost, path: collection + "/$ref", body: string(body)})
	if f := fault.Of(err); f != nil && f.Key == "record.duplicate_key" {
		result.Outcome, err = crm.OutcomeUnchanged, nil // somebody else made it in between
	}
	return result, err
}

// mostRepoints bounds how often a record is read again because somebody changed something else of it in between.
const mostRepoints = 3

// repoint changes the lookup by which the other belongs to a record. It belongs to somebody else's form as well, so its version
// is read first and has to be there still; one that points elsewhere by now is not taken away from there.
func (c *Client) repoint(ctx context.Context, caller crm.Caller, up upstream, m moving, result crm.Tied) (crm.Tied, error) {
	target := any(m.to)
	if m.to == "" {
		target = nil
	}
	body, err := json.Marshal(map[string]any{m.way + "@odata.bind": target})
	if err != nil {
		return result, fault.Wrap(err, fault.Internal, "internal")
	}
	path := m.far.SetName + "(" + result.Other.ID + ")"
	for n := 1; ; n++ {
		var now row
		if _, err := c.read(ctx, caller, up, call{path: path + "?$select=" + m.named() + ",_" + m.lookup + "_value", prefer: recordAnnotations}, &now); err != nil {
			return result, refusedRecord(err, m.far.Table)
		}
		result.Other.Name, result.Was, result.Outcome = now.cell(m.far.PrimaryName).raw, nil, crm.OutcomeUnchanged
		cell := now.cell(m.lookup)
		if cell.set {
			result.Was = &crm.Reference{Table: cmp.Or(cell.table, m.here.Table), ID: cell.raw, Name: cell.text}
		}
		if here := cell.set && cell.raw == m.here.ID; here == m.tied {
			return result, nil
		}
		etag, _ := now["@odata.etag"].(string)
		if etag == "" {
			return result, notUnderstood("record without a version")
		}
		result.Outcome = crm.OutcomeSaved
		_, err = c.write(ctx, caller, up, call{method: http.MethodPatch, path: path, body: string(body), match: etag})
		if !fault.Is(err, fault.Conflict) || n >= mostRepoints {
			return result, err
		}
	}
}

// wayTo gives the address of a record, and the navigation property by which a lookup of a table leads to it.
func (c *Client) wayTo(ctx context.Context, caller crm.Caller, org crm.Organization, table, column string, to crm.Reference) (address, way string, err error) {
	plan, err := c.blueprint(ctx, caller, org, table)
	if err != nil {
		return "", "", err
	}
	way, ok := plan.way(column, to.Table)
	if !ok {
		return "", "", fault.New(fault.Invalid, "record.refused")
	}
	address, err = c.addressOf(ctx, caller, org, to)
	return address, way, err
}

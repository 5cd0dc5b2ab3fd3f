package dataverse

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// payload writes changes as the Web API takes them.
func (c *Client) payload(ctx context.Context, caller crm.Caller, org crm.Organization, plan *blueprint, changes []crm.Change, parties []party) (map[string]any, error) {
	body := map[string]any{}
	for _, change := range changes {
		name, raw := change.Column.LogicalName, change.New.Raw
		switch kind := change.Column.Kind; {
		case kind == crm.KindPartyList:
			parties = replaced(parties, partyMasks[name], change.New.Refs)
		case kind == crm.KindLookup:
			if err := c.bind(ctx, caller, org, plan, name, change, body); err != nil {
				return nil, err
			}
		case raw == "" && kind == crm.KindBoolean:
			return nil, fault.New(fault.Invalid, "record.refused") // a yes/no has no third value
		case raw == "":
			body[name] = nil
		case kind == crm.KindBoolean:
			body[name] = raw == "true"
		case kind.Numeric():
			body[name] = json.Number(raw)
		case kind == crm.KindChoice || kind == crm.KindState || kind == crm.KindStatus:
			n, err := strconv.Atoi(raw)
			if err != nil {
				return nil, fault.Wrap(err, fault.Invalid, "record.refused")
			}
			body[name] = n
		default:
			body[name] = raw
		}
	}
	if slices.ContainsFunc(changes, func(x crm.Change) bool { return x.Column.Kind == crm.KindPartyList }) {
		list, err := c.partyRows(ctx, caller, org, parties)
		if err != nil {
			return nil, err
		}
		body[plan.parties] = list
	}
	return body, nil
}

// bind points a lookup at another record, or at none.
func (c *Client) bind(ctx context.Context, caller crm.Caller, org crm.Organization, plan *blueprint, name string, change crm.Change, body map[string]any) error {
	refs := change.New.Refs
	if len(refs) == 0 {
		refs = change.Old.Refs
	}
	if len(refs) == 0 {
		return nil
	}
	way, ok := plan.way(name, refs[0].Table)
	if !ok {
		return fault.Wrap(errors.New("lookup without a way to its table"), fault.Invalid, "record.refused")
	}
	if len(change.New.Refs) == 0 {
		body[way+"@odata.bind"] = nil
		return nil
	}
	address, err := c.addressOf(ctx, caller, org, refs[0])
	body[way+"@odata.bind"] = address
	return err
}

// addressOf writes a reference as bodies refer to rows.
func (c *Client) addressOf(ctx context.Context, caller crm.Caller, org crm.Organization, ref crm.Reference) (string, error) {
	t, err := c.table(ctx, caller, org, ref.Table)
	if err != nil {
		return "", goneAs(err, "record.no_table")
	}
	if !isGUID(ref.ID) {
		return "", fault.New(fault.Invalid, "record.refused")
	}
	return "/" + t.SetName + "(" + ref.ID + ")", nil
}

// party is one person or address that takes part in an activity.
type party struct {
	mask int
	ref  crm.Reference
}

// replaced puts other people into one part.
func replaced(parties []party, mask int, refs []crm.Reference) []party {
	kept := slices.DeleteFunc(slices.Clone(parties), func(p party) bool { return p.mask == mask })
	for _, r := range refs {
		kept = append(kept, party{mask, r})
	}
	return kept
}

// partyRows writes parties as rows of activityparty. The navigation property to a table is partyid_<table>.
func (c *Client) partyRows(ctx context.Context, caller crm.Caller, org crm.Organization, parties []party) ([]map[string]any, error) {
	list := make([]map[string]any, 0, len(parties))
	for _, p := range parties {
		if p.mask == partyMasks["owner"] || p.mask == partyMasks["regarding"] {
			continue // the service keeps these by itself
		}
		one := map[string]any{"participationtypemask": p.mask}
		if p.ref.ID == "" {
			one["addressused"] = p.ref.Address
		} else {
			address, err := c.addressOf(ctx, caller, org, p.ref)
			if err != nil {
				return nil, err
			}
			one["partyid_"+p.ref.Table+"@odata.bind"] = address
		}
		list = append(list, one)
	}
	return list, nil
}

// allParties reads everybody who takes part in a row's activity.
func (s sheet) allParties(r row) []party {
	var all []party
	for mask := 1; mask <= 12; mask++ {
		for _, ref := range s.partiesOf(r, mask) {
			all = append(all, party{mask, ref})
		}
	}
	return all
}

package dataverse

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const relatedPrefix = "find_related"

// Related reads a page of a sub-grid: the rows of its view that belong to the record.
func (c *Client) Related(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, grid crm.SubGrid, state crm.PartState) (crm.List, error) {
	if grid.Relationship == "" {
		return c.List(ctx, caller, place, grid.Part, state)
	}
	narrow, err := c.belonging(ctx, caller, place.Organization, grid.Part.Table, crm.Belonging{Relationship: grid.Relationship, To: ref})
	if err != nil {
		return crm.List{}, err
	}
	return c.list(ctx, caller, place, grid.Part, state, narrow)
}

// belonging narrows a query over a table to the records that belong to one by a relationship.
func (c *Client) belonging(ctx context.Context, caller crm.Caller, org crm.Organization, table string, of crm.Belonging) (func(*crmxml.Fetch), error) {
	ref := of.To
	if !isGUID(ref.ID) {
		return nil, fault.New(fault.NotFound, "record.deleted").With("table", ref.Table)
	}
	plan, err := c.blueprint(ctx, caller, org, ref.Table)
	if err != nil {
		return nil, err
	}
	for _, l := range plan.down {
		if l.SchemaName == of.Relationship && l.ReferencingEntity == table {
			return func(f *crmxml.Fetch) {
				f.Entity.Filters = append(f.Entity.Filters, equals(l.ReferencingAttribute, ref.ID))
			}, nil
		}
	}
	for _, x := range plan.across {
		if x.SchemaName == of.Relationship {
			near, far := x.Entity1IntersectAttribute, x.Entity2IntersectAttribute
			if x.Entity1LogicalName != ref.Table {
				near, far = far, near
			}
			return func(f *crmxml.Fetch) {
				f.Entity.Links = append(f.Entity.Links, crmxml.Link{
					Name: x.IntersectEntityName, From: far, To: far, Alias: relatedPrefix, Type: "inner", Intersect: true,
					Body: crmxml.Body{Filters: []crmxml.Filter{equals(near, ref.ID)}},
				})
			}, nil
		}
	}
	return nil, fault.New(fault.NotFound, "view.gone")
}

func equals(column, value string) crmxml.Filter {
	return crmxml.Filter{Type: "and", Conditions: []crmxml.Condition{{Attribute: column, Operator: "eq", Value: value}}}
}

const (
	lookupPage = 10
	// mostTargets bounds how many tables one search asks; a regarding column may point to dozens.
	mostTargets = 12
)

// Lookup finds records by name that a lookup may point to, the most recently changed first where nothing was typed. A table that cannot be asked
// is named instead.
func (c *Client) Lookup(ctx context.Context, caller crm.Caller, place crm.Place, q crm.LookupQuery) (crm.LookupResult, error) {
	targets, err := c.sought(ctx, caller, place.Organization, q)
	if err != nil {
		return crm.LookupResult{}, err
	}
	var result crm.LookupResult
	if len(targets) > mostTargets {
		targets, result.More = targets[:mostTargets], true
	}
	found, more := make([][]crm.Reference, len(targets)), make([]bool, len(targets))
	var mu sync.Mutex
	asks := make([]func() error, len(targets))
	for i, target := range targets {
		asks[i] = func() (err error) {
			found[i], more[i], err = c.named(ctx, caller, place.Organization, target, q.Text)
			if err == nil || fault.Is(err, fault.SignedOut) || fault.Is(err, fault.Consent) {
				return err
			}
			if t, named := c.table(ctx, caller, place.Organization, target); named == nil {
				target = t.PluralLabel
			}
			mu.Lock()
			defer mu.Unlock()
			result.Skipped = append(result.Skipped, target)
			return nil
		}
	}
	if len(asks) > 0 {
		if err := together(asks...); err != nil {
			return crm.LookupResult{}, err
		}
	}
	slices.Sort(result.Skipped)
	// The tables take turns, so that the first one does not hide the others.
	for row := range lookupPage {
		for i := range found {
			if row < len(found[i]) && len(result.Found) < 2*lookupPage {
				result.Found = append(result.Found, found[i][row])
			}
		}
	}
	result.More = result.More || slices.Contains(more, true)
	return result, nil
}

// sought are the tables that a search goes through.
func (c *Client) sought(ctx context.Context, caller crm.Caller, org crm.Organization, q crm.LookupQuery) ([]string, error) {
	if q.Column == "" {
		return []string{q.Table}, nil
	}
	plan, err := c.blueprint(ctx, caller, org, q.Table)
	if err != nil {
		return nil, err
	}
	x, ok := plan.fields[q.Column]
	if !ok || x.Kind != crm.KindLookup && x.Kind != crm.KindPartyList {
		return nil, fault.New(fault.NotFound, "record.no_table")
	}
	if q.Target == "" {
		return x.Targets, nil
	}
	if !slices.Contains(x.Targets, q.Target) {
		return nil, fault.New(fault.NotFound, "record.no_table")
	}
	return []string{q.Target}, nil
}

// named finds records of one table.
func (c *Client) named(ctx context.Context, caller crm.Caller, org crm.Organization, target, text string) (refs []crm.Reference, more bool, err error) {
	t, err := c.table(ctx, caller, org, target)
	if err != nil || t.PrimaryName == "" {
		return nil, false, err
	}
	fetch := &crmxml.Fetch{Count: lookupPage + 1, Page: 1, Entity: crmxml.Entity{Name: target}}
	fetch.Ensure(t.PrimaryID)
	fetch.Ensure(t.PrimaryName)
	for column, live := range map[string]string{"statecode": "0", "isdisabled": "0"} {
		if _, has := t.columns[column]; has && (column == "statecode" || target == "systemuser") {
			fetch.Entity.Filters = append(fetch.Entity.Filters, equals(column, live))
		}
	}
	if strings.TrimSpace(text) == "" {
		if _, has := t.columns["modifiedon"]; has {
			fetch.Entity.Orders = []crmxml.Order{{Attribute: "modifiedon", Descending: true}}
		}
	} else {
		quick := listing{table: t}.searchedByName()
		if v, err := c.quickFind(ctx, caller, org, target); err == nil {
			quick = v.fetch
		}
		searched, err := c.tables(ctx, caller, org, tablesOf(quick))
		if err != nil {
			return nil, false, err
		}
		if !fetch.Search(quick, text, searchPrefix, matching(searched, text)) {
			return nil, false, nil
		}
		fetch.Entity.Orders = []crmxml.Order{{Attribute: t.PrimaryName}}
	}
	answer, err := c.run(ctx, caller, org, t.SetName, fetch)
	if err != nil {
		return nil, false, err
	}
	for _, r := range *answer.Value {
		if id := crmxml.GUID(r.cell(t.PrimaryID).raw); id != "" && len(refs) < lookupPage {
			refs = append(refs, crm.Reference{Table: target, Label: t.Label, ID: id, Name: r.cell(t.PrimaryName).text})
		}
	}
	return refs, len(*answer.Value) > lookupPage, nil
}

package dataverse

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// TableOf finds a table by the name of its set, or by its object type code where setName is "": NotFound record.no_table where there
// is none.
func (c *Client) TableOf(ctx context.Context, caller crm.Caller, place crm.Place, setName string, typeCode int) (string, error) {
	all, err := c.searchables(ctx, caller, place)
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if setName != "" && strings.EqualFold(s.SetName, setName) || setName == "" && s.ObjectType == typeCode {
			return s.LogicalName, nil
		}
	}
	term := "ObjectTypeCode eq " + strconv.Itoa(typeCode)
	if setName != "" {
		if !logicalName.MatchString(setName) {
			return "", fault.New(fault.NotFound, "record.no_table")
		}
		term = "EntitySetName eq '" + strings.ToLower(setName) + "'"
	}
	found, err := c.outlines(ctx, caller, place.Organization, []string{term})
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "record.no_table")
	}
	if err != nil {
		return "", goneAs(err, "record.no_table")
	}
	return found[0].LogicalName, nil
}

// WithID finds records of the app's tables that have this id and that the person may read: one at most, since ids are unique.
func (c *Client) WithID(ctx context.Context, caller crm.Caller, place crm.Place, id string) ([]crm.RecordRef, error) {
	up, err := c.organization(place.Organization)
	if err != nil {
		return nil, err
	}
	all, err := c.searchables(ctx, caller, place)
	if err != nil || !isGUID(id) {
		return nil, err
	}
	for some := range slices.Chunk(all, mostAtOnce) {
		paths := make([]string, len(some))
		for i, s := range some {
			paths[i] = s.SetName + "(" + id + ")?$select=" + s.PrimaryID
		}
		_, faults, err := c.askMany(ctx, caller, up, paths)
		if err != nil {
			return nil, err
		}
		for i, s := range some {
			if faults[i] == nil {
				return []crm.RecordRef{{Organization: place.Organization.URL, Table: s.LogicalName, ID: id}}, nil
			}
		}
	}
	return nil, nil
}

// UsualView finds the view in which a table opens: NotFound view.gone where it has none.
func (c *Client) UsualView(ctx context.Context, caller crm.Caller, place crm.Place, table string) (crm.FoundView, error) {
	t, err := c.table(ctx, caller, place.Organization, table)
	if err != nil {
		return crm.FoundView{}, goneAs(err, "record.no_table")
	}
	v, err := c.defaultView(ctx, caller, place.Organization, table)
	if err != nil {
		return crm.FoundView{}, err
	}
	return crm.FoundView{Place: place, Table: t.Table, View: crm.ViewRef{ID: v.ID, Name: crm.Label(v.Name)}}, nil
}

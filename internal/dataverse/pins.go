package dataverse

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// Conditions says of records what became of them: there, inactive, merged into another one, gone, or closed to this person. The error
// is that of all of them at once.
func (c *Client) Conditions(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.Condition, error) {
	org := place.Organization
	up, err := c.organization(org)
	if err != nil {
		return nil, err
	}
	found := make([]crm.Condition, len(refs))
	plans, asks := make([]*blueprint, len(refs)), make([]func() error, len(refs))
	for i, ref := range refs {
		found[i].Ref = ref
		asks[i] = func() error {
			plan, err := c.blueprint(ctx, caller, org, ref.Table)
			if fault.Is(err, fault.NotFound) || err == nil && !isGUID(ref.ID) {
				found[i].Err = fault.New(fault.NotFound, "record.no_table")
				return nil
			}
			plans[i] = plan
			return err
		}
	}
	if len(asks) == 0 {
		return found, nil
	}
	if err := together(asks...); err != nil {
		return nil, err
	}
	var paths []string
	var at []int
	for i, plan := range plans {
		if plan != nil {
			paths, at = append(paths, plan.SetName+"("+refs[i].ID+")?$select="+strings.Join(plan.conditionFields(), ",")), append(at, i)
		}
	}
	for from := 0; from < len(paths); from += mostAtOnce {
		to := min(from+mostAtOnce, len(paths))
		answers, faults, err := c.askManyPreferring(ctx, caller, up, paths[from:to], recordAnnotations)
		if err != nil {
			return nil, err
		}
		for n, i := range at[from:to] {
			found[i] = plans[i].condition(refs[i], answers[n], faults[n])
		}
	}
	return found, nil
}

// conditionFields are the columns that tell what became of a record.
func (b *blueprint) conditionFields() []string {
	fields := []string{b.PrimaryID}
	for _, name := range []string{b.PrimaryName, "statecode", "masterid"} {
		fields = append(fields, b.selected(name)...)
	}
	return unique(fields)
}

// condition takes what was answered about one record.
func (b *blueprint) condition(ref crm.RecordRef, a answer, refused error) crm.Condition {
	k := crm.Condition{Ref: ref, Table: b.Table}
	var r row
	if refused == nil {
		refused = decode(a.body, &r)
	}
	if k.Err = refusedRecord(refused, b.Table); k.Err != nil {
		return k
	}
	k.Name = r.cell(b.PrimaryName).text
	state := r.cell("statecode")
	k.Inactive = state.set && state.raw != "0" && (!b.activity || state.raw != "3") // a scheduled activity is as good as open
	if master := r.cell("masterid"); master.set && k.Inactive {
		k.Into = &crm.Reference{Table: ref.Table, Label: b.Label, ID: crmxml.GUID(master.raw), Name: master.text}
	}
	return k
}

const slotPerson slot = "person"

// PersonOf finds a person of the organization by their object id in Entra ID (systemuser.azureactivedirectoryobjectid): NotFound where
// they are none, or this person may not see them.
func (c *Client) PersonOf(ctx context.Context, caller crm.Caller, org crm.Organization, object string) (crm.Reference, error) {
	if !isGUID(object) {
		return crm.Reference{}, fault.New(fault.NotFound, "dataverse.not_found")
	}
	return mine(ctx, c, caller, org, slotPerson, object, func(ctx context.Context) (crm.Reference, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return crm.Reference{}, 0, err
		}
		type user struct {
			ID   string `json:"systemuserid"`
			Name string `json:"fullname"`
		}
		found, size, err := collect[user](ctx, c, caller, up, "systemusers?$select=systemuserid,fullname&$top=1&$filter="+escaped("azureactivedirectoryobjectid eq "+object))
		if err == nil && len(found) == 0 {
			err = fault.New(fault.NotFound, "dataverse.not_found")
		}
		if err != nil {
			return crm.Reference{}, 0, err
		}
		return crm.Reference{Table: "systemuser", ID: crmxml.GUID(found[0].ID), Name: crm.Label(found[0].Name)}, size, nil
	})
}

// Steward reports whether the person administers the organization: they hold one of the roles that see everything in it.
func (c *Client) Steward(ctx context.Context, caller crm.Caller, org crm.Organization) (bool, error) {
	held, err := c.roles(ctx, caller, org)
	return held.all, err
}

// RelatedLists lists the relationships by which records of the app's tables belong to a record of a table, by what they are called.
func (c *Client) RelatedLists(ctx context.Context, caller crm.Caller, place crm.Place, table string) ([]crm.RelatedList, error) {
	var plan *blueprint
	var all []searchable
	err := together(
		func() (err error) { plan, err = c.blueprint(ctx, caller, place.Organization, table); return err },
		func() (err error) { all, err = c.searchables(ctx, caller, place); return err },
	)
	if err != nil {
		return nil, err
	}
	known := map[string]crm.Table{}
	for _, s := range all {
		known[s.LogicalName] = s.Table
	}
	var lists []crm.RelatedList
	ways := map[string][]string{} // columns by which a table's records belong, by table
	through := map[string]string{}
	add := func(relationship, other, column string) {
		if t, ok := known[other]; ok && logicalName.MatchString(relationship) {
			lists = append(lists, crm.RelatedList{Relationship: relationship, Label: t.PluralLabel, Table: other})
			ways[other], through[relationship] = append(ways[other], column), column
		}
	}
	for _, l := range plan.down {
		add(l.SchemaName, l.ReferencingEntity, l.ReferencingAttribute)
	}
	for _, x := range plan.across {
		other := x.Entity1LogicalName
		if other == table {
			other = x.Entity2LogicalName
		}
		add(x.SchemaName, other, "")
	}
	for i, l := range lists {
		if len(ways[l.Table]) < 2 || through[l.Relationship] == "" {
			continue
		}
		if t, err := c.table(ctx, caller, place.Organization, l.Table); err == nil && t.columns[through[l.Relationship]].Label != "" {
			lists[i].Label += " (" + t.columns[through[l.Relationship]].Label + ")"
		}
	}
	slices.SortFunc(lists, func(a, b crm.RelatedList) int { return byName(a.Label, b.Label, a.Relationship, b.Relationship) })
	return lists, nil
}

// collaboration is the table in which Dynamics 365 keeps which record is connected with which channel. Not every organization has it.
const collaboration = "msdyn_teamscollaboration"

// Connect writes the row that connects a record with a channel, under an id of its own, so that it is written once. Of its columns
// those are filled that the organization has and that are long enough; none of them holds anything of the record but its id.
func (c *Client) Connect(ctx context.Context, caller crm.Caller, org crm.Organization, id string, p crm.Pin, settings crm.TabSettings) error {
	plan, err := c.blueprint(ctx, caller, org, collaboration)
	if err != nil {
		return err
	}
	if !isGUID(id) || !isGUID(p.Target.Record) {
		return fault.Wrap(errors.New("connection without ids"), fault.Invalid, "record.refused")
	}
	body := map[string]any{}
	for name, value := range map[string]string{
		"msdyn_teamid": p.Spot.Team, "msdyn_groupid": p.Spot.Group, "msdyn_channelid": p.Spot.Channel, "msdyn_tenantid": p.Tenant,
		"msdyn_contenturl": settings.ContentURL, "msdyn_weburl": settings.WebsiteURL, "msdyn_pipedentityid": settings.EntityID,
		"regardingobjectid": p.Target.Record, "regardingobjecttypename": p.Target.Table,
	} {
		x, has := plan.fields[name]
		if has && value != "" && (x.MaxLength == 0 || utf16Length(value) <= x.MaxLength) {
			body[name] = value
		}
	}
	err = c.put(ctx, caller, org, plan.SetName+"("+id+")", body)
	if fault.Is(err, fault.Conflict) || fault.Of(err) != nil && fault.Of(err).Key == "record.duplicate_key" {
		return nil // it is there
	}
	return err
}

func utf16Length(text string) int { return len(utf16.Encode([]rune(text))) }

// Disconnect takes such a row away: NotFound where it is not there.
func (c *Client) Disconnect(ctx context.Context, caller crm.Caller, org crm.Organization, id string) error {
	t, err := c.table(ctx, caller, org, collaboration)
	if err != nil {
		return err
	}
	up, err := c.organization(org)
	if err != nil {
		return err
	}
	if !isGUID(id) {
		return fault.New(fault.NotFound, "dataverse.not_found")
	}
	_, err = c.write(ctx, caller, up, call{method: http.MethodDelete, path: t.SetName + "(" + id + ")"})
	return err
}

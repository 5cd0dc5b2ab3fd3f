package dataverse

import (
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
)

const (
	slotActivities slot = "activities"
	slotSelf       slot = "self"
)

// Pointing says how a new record of a table comes to belong to the record below which it is made: by the lookup or the connection
// of the relationship, or by what an activity is about. The zero value says that nothing is known of that.
func (c *Client) Pointing(ctx context.Context, caller crm.Caller, place crm.Place, table string, origin crm.Origin) (crm.Pointing, error) {
	from, err := c.blueprint(ctx, caller, place.Organization, origin.Record.Table)
	if err != nil {
		return crm.Pointing{}, err
	}
	column := ""
	for _, l := range from.down {
		if l.ReferencingEntity == table && (l.SchemaName == origin.Relationship || origin.Relationship == "" && l.ReferencingAttribute == regardingColumn) {
			column = l.ReferencingAttribute
		}
	}
	if column == "" {
		tied := slices.ContainsFunc(from.across, func(x crossing) bool { return x.SchemaName == origin.Relationship })
		return crm.Pointing{Many: tied}, nil
	}
	plan, err := c.blueprint(ctx, caller, place.Organization, table)
	if err != nil {
		return crm.Pointing{}, err
	}
	lookup := plan.fields[column].Column
	p := crm.Pointing{Column: &lookup}
	if plan.activity {
		p.Self, err = c.self(ctx, caller, place.Organization)
		err = optional(err)
	}
	return p, err
}

const regardingColumn = "regardingobjectid"

// activityTable is a table of activities that people make.
type activityTable struct {
	LogicalName, EntitySetName string
	IsQuickCreateEnabled       bool
	DisplayName                label
	ObjectTypeCode             int
}

// usualActivities are those that a timeline offers first, in this order. E-mails have no quick create form, but are written all
// the same.
var usualActivities = []string{"task", "phonecall", "appointment", "email"}

// activities are the tables of activities that people make in an organization: those for which it has quick creation on, and
// e-mails.
func (c *Client) activities(ctx context.Context, caller crm.Caller, org crm.Organization) ([]crm.Table, error) {
	return ours(ctx, c, caller, org, slotActivities, "", func(ctx context.Context) ([]crm.Table, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		found, size, err := collect[activityTable](ctx, c, caller, up, "EntityDefinitions?$select=LogicalName,EntitySetName,IsQuickCreateEnabled,DisplayName,ObjectTypeCode&$filter="+escaped("IsActivity eq true"))
		if err != nil {
			return nil, 0, err
		}
		var tables []crm.Table
		for _, t := range found {
			if t.IsQuickCreateEnabled || t.LogicalName == "email" {
				tables = append(tables, crm.Table{LogicalName: t.LogicalName, SetName: t.EntitySetName, Label: t.DisplayName.in(lcidOf(caller.Locale)), ObjectType: t.ObjectTypeCode})
			}
		}
		rank := func(t crm.Table) int {
			if at := slices.Index(usualActivities, t.LogicalName); at >= 0 {
				return at
			}
			return len(usualActivities)
		}
		slices.SortStableFunc(tables, func(a, b crm.Table) int {
			if r := rank(a) - rank(b); r != 0 {
				return r
			}
			return byName(a.Label, b.Label, a.LogicalName, b.LogicalName)
		})
		return tables, size, nil
	})
}

// acting is what a person may do with activities about the records of a table. All activities share one set of privileges.
type acting struct {
	tables []crm.Table // that they may make
	end    bool        // they may write some
}

// acting asks for that; what cannot be found out is not offered.
func (c *Client) acting(ctx context.Context, caller crm.Caller, org crm.Organization, table string) (acting, error) {
	var plan *blueprint
	var all []crm.Table
	var p powers
	err := together(
		func() (err error) { plan, err = c.blueprint(ctx, caller, org, table); return err },
		func() (err error) { all, err = c.activities(ctx, caller, org); return optional(err) },
		func() error {
			user, err := c.who(ctx, caller, org)
			if err == nil {
				p, err = c.powers(ctx, caller, org, user, "activitypointer")
			}
			return optional(err)
		},
	)
	if err != nil {
		return acting{}, err
	}
	may := acting{end: p.may("Write")}
	if !p.may("Create") || !p.may("Append") {
		return may, nil
	}
	for _, t := range all {
		if slices.ContainsFunc(plan.down, func(l link) bool {
			return l.ReferencingEntity == t.LogicalName && l.ReferencingAttribute == regardingColumn
		}) {
			may.tables = append(may.tables, t)
		}
	}
	return may, nil
}

// self is the person as others see them in an organization; cached, since each new activity is from them.
func (c *Client) self(ctx context.Context, caller crm.Caller, org crm.Organization) (crm.Reference, error) {
	user, err := c.who(ctx, caller, org)
	if err != nil {
		return crm.Reference{}, err
	}
	return mine(ctx, c, caller, org, slotSelf, user, func(ctx context.Context) (crm.Reference, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return crm.Reference{}, 0, err
		}
		var r row
		n, err := c.read(ctx, caller, up, call{path: "systemusers(" + user + ")?$select=fullname"}, &r)
		return crm.Reference{Table: "systemuser", ID: user, Name: r.cell("fullname").raw}, n, err
	})
}

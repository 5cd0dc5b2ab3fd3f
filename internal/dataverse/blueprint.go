package dataverse

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const slotBlueprint slot = "blueprint"

// blueprint is everything about a table that reading and writing one record takes, in a language. It is shared: nobody
// changes one.
type blueprint struct {
	crm.Table
	activity    bool
	owned       bool   // by users and teams
	staged      bool   // its records may go through processes
	image       string // column of the record's own picture
	quickCreate bool
	privileges  map[string]string // Read, Write ... -> prvReadAccount
	fields      map[string]crm.Field
	columns     map[string]column
	order       []string // columns as the table has them
	up          []link   // lookups: this table refers
	down        []link   // this table is referred to
	across      []crossing
	parties     string // collection of an activity's parties
}

// column is what a column allows besides what crm.Field says.
type column struct {
	read, create, update bool
	owner                bool // changed by assigning
	customer             bool
	exact                bool // Label is in the reader's own language
	source               string
}

// link is a one-to-many relationship.
type link struct {
	SchemaName                              string
	ReferencingEntity                       string
	ReferencingAttribute                    string
	ReferencedEntity                        string
	ReferencedAttribute                     string
	ReferencingEntityNavigationPropertyName string
	ReferencedEntityNavigationPropertyName  string
}

// crossing is a many-to-many relationship.
type crossing struct {
	SchemaName                    string
	IntersectEntityName           string
	Entity1LogicalName            string
	Entity2LogicalName            string
	Entity1IntersectAttribute     string
	Entity2IntersectAttribute     string
	Entity1NavigationPropertyName string
	Entity2NavigationPropertyName string
}

// trait is an attribute with everything that some derived type says.
type trait struct {
	attribute
	Description       label
	RequiredLevel     struct{ Value string }
	IsValidForRead    *bool
	IsValidForCreate  *bool
	IsValidForUpdate  *bool
	SourceType        *int
	MaxLength         int
	MinValue          json.Number
	MaxValue          json.Number
	PrecisionSource   *int
	DateTimeBehavior  struct{ Value string }
	MaxSizeInKB       int
	IsPrimaryImage    bool
	AutoNumberFormat  string
	CanStoreFullImage bool
}

// The questions whose answers together are a blueprint: what only derived types tell is one question each.
var blueprintCasts = []string{
	"StringAttributeMetadata?$select=LogicalName,MaxLength,FormatName",
	"MemoAttributeMetadata?$select=LogicalName,MaxLength,FormatName",
	"IntegerAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Format",
	"DecimalAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision",
	"DoubleAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision",
	"MoneyAttributeMetadata?$select=LogicalName,MinValue,MaxValue,Precision,PrecisionSource",
	"DateTimeAttributeMetadata?$select=LogicalName,Format,DateTimeBehavior",
	"LookupAttributeMetadata?$select=LogicalName,Targets",
	"PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet",
	"MultiSelectPicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet",
	"StateAttributeMetadata?$select=LogicalName&$expand=OptionSet",
	"StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet",
	"BooleanAttributeMetadata?$select=LogicalName&$expand=OptionSet",
	"FileAttributeMetadata?$select=LogicalName,MaxSizeInKB",
	"ImageAttributeMetadata?$select=LogicalName,MaxSizeInKB",
}

const (
	linkFields = "$select=SchemaName,ReferencingEntity,ReferencingAttribute,ReferencedEntity,ReferencedAttribute," +
		"ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName"
	crossingFields = "$select=SchemaName,IntersectEntityName,Entity1LogicalName,Entity2LogicalName,Entity1IntersectAttribute," +
		"Entity2IntersectAttribute,Entity1NavigationPropertyName,Entity2NavigationPropertyName"
)

// tableDefinition is the head of a blueprint.
type tableDefinition struct {
	LogicalName, EntitySetName               string
	PrimaryIDAttribute, PrimaryNameAttribute string
	PrimaryImageAttribute                    string
	ObjectTypeCode                           int
	OwnershipType                            string
	IsActivity, IsQuickCreateEnabled         bool
	IsBusinessProcessEnabled                 bool
	EnforceStateTransitions                  bool
	DisplayName, DisplayCollectionName       label
	Privileges                               []struct{ Name, PrivilegeType string }
	Attributes                               []trait
}

// blueprint reads a table's definition in one batch, shared by everybody in the organization who reads the language.
func (c *Client) blueprint(ctx context.Context, caller crm.Caller, org crm.Organization, name string) (*blueprint, error) {
	if !logicalName.MatchString(name) {
		return nil, fault.New(fault.NotFound, "record.no_table")
	}
	return ours(ctx, c, caller, org, slotBlueprint, name, func(ctx context.Context) (*blueprint, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		base := "EntityDefinitions(LogicalName='" + name + "')"
		paths := []string{
			base + "?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,PrimaryImageAttribute,ObjectTypeCode,OwnershipType,IsActivity," +
				"IsQuickCreateEnabled,IsBusinessProcessEnabled,EnforceStateTransitions,DisplayName,DisplayCollectionName,Privileges&$expand=Attributes($select=LogicalName,AttributeType," +
				"AttributeTypeName,DisplayName,Description,IsSecured,AttributeOf,RequiredLevel,IsValidForRead,IsValidForCreate,IsValidForUpdate,SourceType)",
			base + "/ManyToOneRelationships?" + linkFields,
			base + "/OneToManyRelationships?" + linkFields,
			base + "/ManyToManyRelationships?" + crossingFields,
		}
		for _, cast := range blueprintCasts {
			paths = append(paths, base+"/Attributes/Microsoft.Dynamics.CRM."+cast)
		}
		answers, faults, err := c.askMany(ctx, caller, up, paths)
		if err != nil {
			return nil, 0, err
		}
		if err := faults[0]; err != nil {
			return nil, 0, goneAs(err, "record.no_table")
		}
		size := 0
		for _, a := range answers {
			size += len(a.body)
		}
		b, err := draft(answers, faults, lcidOf(caller.Locale))
		return b, size, err
	})
}

// draft puts the answers together. What a derived type says may be missing; the column is then plain.
func draft(answers []answer, faults []error, lcid int) (*blueprint, error) {
	var d tableDefinition
	if err := decode(answers[0].body, &d); err != nil {
		return nil, err
	}
	if d.EntitySetName == "" || d.PrimaryIDAttribute == "" {
		return nil, notUnderstood("table without a set or an id")
	}
	b := &blueprint{
		Table: crm.Table{
			LogicalName: d.LogicalName, SetName: d.EntitySetName, Label: cmp.Or(d.DisplayName.in(lcid), d.LogicalName),
			PluralLabel: cmp.Or(d.DisplayCollectionName.in(lcid), d.DisplayName.in(lcid), d.LogicalName),
			PrimaryID:   d.PrimaryIDAttribute, PrimaryName: d.PrimaryNameAttribute, ObjectType: d.ObjectTypeCode,
		},
		activity: d.IsActivity, owned: d.OwnershipType == "UserOwned" || d.OwnershipType == "TeamOwned", image: d.PrimaryImageAttribute, quickCreate: d.IsQuickCreateEnabled, staged: d.IsBusinessProcessEnabled,
		privileges: map[string]string{}, fields: map[string]crm.Field{}, columns: map[string]column{},
	}
	for _, p := range d.Privileges {
		b.privileges[p.PrivilegeType] = p.Name
	}
	for i, into := range []any{&b.up, &b.down, &b.across} {
		if faults[i+1] == nil {
			page := struct{ Value any }{into}
			if err := decode(answers[i+1].body, &page); err != nil {
				return nil, err
			}
		}
	}
	derived := map[string]trait{}
	for i := 4; i < len(answers); i++ {
		var page struct{ Value []trait }
		if faults[i] == nil {
			if err := decode(answers[i].body, &page); err != nil {
				return nil, err
			}
		}
		for _, t := range page.Value {
			derived[t.LogicalName] = t
		}
	}
	for _, t := range d.Attributes {
		b.add(t, derived[t.LogicalName], lcid, d.EnforceStateTransitions)
	}
	for _, l := range b.down {
		if l.ReferencingEntity == "activityparty" && l.ReferencingAttribute == "activityid" && b.activity {
			b.parties = l.ReferencedEntityNavigationPropertyName
		}
	}
	return b, nil
}

// add describes one column.
func (b *blueprint) add(t, more trait, lcid int, enforced bool) {
	x := crm.Field{
		Column: crm.Column{
			LogicalName: t.LogicalName, Label: cmp.Or(t.DisplayName.in(lcid), t.LogicalName), Secured: t.IsSecured,
			Kind: kindOf(t.attribute, cmp.Or(more.FormatName.Value, more.Format)), Targets: more.Targets,
		},
		Description: t.Description.in(lcid), MaxLength: more.MaxLength, Min: more.MinValue.String(), Max: more.MaxValue.String(),
	}
	switch t.RequiredLevel.Value {
	case "ApplicationRequired", "SystemRequired":
		x.Required = crm.Mandatory
	case "Recommended":
		x.Required = crm.Recommended
	}
	switch more.DateTimeBehavior.Value {
	case "DateOnly":
		x.Behavior = crm.DateOnly
	case "TimeZoneIndependent":
		x.Behavior = crm.ZoneIndependent
	}
	if x.Kind == crm.KindPartyList && len(x.Targets) == 0 {
		x.Targets = partyTables
	}
	x.Column = more.fill(x.Column, lcid)
	if more.OptionSet != nil {
		x.Options = more.OptionSet.follow(x.Options, enforced)
	}
	if more.MaxSizeInKB > 0 {
		x.MaxLength = more.MaxSizeInKB << 10
	}
	family := strings.ToLower(t.AttributeType)
	computed := t.SourceType != nil && *t.SourceType != 0
	k := column{
		read: yes(t.IsValidForRead), create: yes(t.IsValidForCreate) && !computed, update: yes(t.IsValidForUpdate) && !computed,
		owner: family == "owner", customer: family == "customer", exact: t.DisplayName.has(lcid), source: t.AttributeOf,
	}
	b.fields[t.LogicalName], b.columns[t.LogicalName] = x, k
	b.order = append(b.order, t.LogicalName)
}

// partyTables are the tables whose rows take part in activities (column partyid of activityparty), where a column does not
// say.
var partyTables = []string{"account", "contact", "lead", "systemuser", "queue"}

func yes(b *bool) bool { return b == nil || *b }

func (l label) has(lcid int) bool {
	for _, t := range l.LocalizedLabels {
		if t.LanguageCode == lcid && t.Label != "" {
			return true
		}
	}
	return false
}

var follower = regexp.MustCompile(`(?i)\btostatusid="(-?\d+)"`)

// follow adds to status reasons which state they belong to and which reasons may come next (TransitionData, an XML text).
func (s *optionSet) follow(options []crm.Option, enforced bool) []crm.Option {
	for i := range options {
		at := slices.IndexFunc(s.Options, func(o option) bool { return o.Value == options[i].Value })
		if at < 0 {
			continue
		}
		o := s.Options[at]
		if o.State != nil {
			options[i].State = *o.State
		}
		if enforced && o.TransitionData != "" {
			options[i].Next = []int{}
			for _, m := range follower.FindAllStringSubmatch(o.TransitionData, -1) {
				if n, err := strconv.Atoi(m[1]); err == nil {
					options[i].Next = append(options[i].Next, n)
				}
			}
		}
	}
	return options
}

// has reports whether the table has a column that can be read.
func (b *blueprint) has(name string) bool { return b.columns[name].read }

// way gives the navigation property by which a lookup leads to a table.
func (b *blueprint) way(column, target string) (string, bool) {
	for _, l := range b.up {
		if l.ReferencingAttribute == column && l.ReferencedEntity == target {
			return l.ReferencingEntityNavigationPropertyName, true
		}
	}
	// Owners lead to a table of their own, of which users and teams are kinds.
	for _, l := range b.up {
		if l.ReferencingAttribute == column && b.columns[column].owner {
			return l.ReferencingEntityNavigationPropertyName, true
		}
	}
	return "", false
}

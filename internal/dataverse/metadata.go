package dataverse

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotTable  slot = "table"
	slotColumn slot = "column"
)

// table is what a table is called and which columns it has.
type table struct {
	crm.Table
	columns map[string]crm.Column
}

// label is a text in several languages as metadata gives it. UserLocalizedLabel is left alone: it follows the person who
// happened to ask, and what is kept here is for everybody who reads the language.
type label struct {
	LocalizedLabels []struct {
		Label        string
		LanguageCode int
	}
}

func (l label) in(lcid int) string {
	labels := make(crmxml.Labels, len(l.LocalizedLabels))
	for i, t := range l.LocalizedLabels {
		labels[i] = crmxml.Label{LCID: t.LanguageCode, Text: t.Label}
	}
	return labels.In(lcid)
}

// attribute is a column in EntityDefinitions; the fields of derived types are filled where the request casts to them.
type attribute struct {
	LogicalName       string
	AttributeType     string
	AttributeTypeName struct{ Value string }
	DisplayName       label
	IsSecured         bool
	AttributeOf       string
	Format            string
	FormatName        struct{ Value string }
	Precision         *int
	Targets           []string
	OptionSet         *optionSet
	GlobalOptionSet   *optionSet
}

type optionSet struct {
	Options                 []option
	TrueOption, FalseOption *option
}

type option struct {
	Value          int
	Label          label
	Color          string
	State          *int   // of a status reason
	TransitionData string // of a status reason, XML
}

var logicalName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)

// table reads a table's names and columns, shared by everybody in the organization who reads the language.
func (c *Client) table(ctx context.Context, caller crm.Caller, org crm.Organization, name string) (*table, error) {
	if !logicalName.MatchString(name) {
		return nil, fault.New(fault.NotFound, "dataverse.not_found")
	}
	return ours(ctx, c, caller, org, slotTable, name, func(ctx context.Context) (*table, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		base := "EntityDefinitions(LogicalName='" + name + "')"
		var definition struct {
			LogicalName, EntitySetName               string
			PrimaryIDAttribute, PrimaryNameAttribute string
			ObjectTypeCode                           int
			DisplayName, DisplayCollectionName       label
			Attributes                               []attribute
		}
		var texts, dates []attribute
		var size int
		err = together(
			func() (err error) {
				size, err = c.read(ctx, caller, up, call{path: base + "?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ObjectTypeCode,DisplayName,DisplayCollectionName" +
					"&$expand=Attributes($select=LogicalName,AttributeType,AttributeTypeName,DisplayName,IsSecured,AttributeOf)"}, &definition)
				return err
			},
			// What a text or a date looks like is said by derived types only; without it they are plain.
			func() (err error) {
				texts, _, err = collect[attribute](ctx, c, caller, up, base+"/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,FormatName")
				return optional(err)
			},
			func() (err error) {
				dates, _, err = collect[attribute](ctx, c, caller, up, base+"/Attributes/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata?$select=LogicalName,Format")
				return optional(err)
			},
		)
		if err != nil {
			return nil, 0, err
		}
		if definition.EntitySetName == "" || definition.PrimaryIDAttribute == "" {
			return nil, 0, notUnderstood("table without a set or an id")
		}
		lcid := lcidOf(caller.Locale)
		t := &table{columns: make(map[string]crm.Column, len(definition.Attributes)), Table: crm.Table{
			LogicalName: name, SetName: definition.EntitySetName,
			Label: cmp.Or(definition.DisplayName.in(lcid), name), PluralLabel: cmp.Or(definition.DisplayCollectionName.in(lcid), definition.DisplayName.in(lcid), name),
			PrimaryID: definition.PrimaryIDAttribute, PrimaryName: definition.PrimaryNameAttribute, ObjectType: definition.ObjectTypeCode,
		}}
		formats := map[string]string{}
		for _, a := range texts {
			formats[a.LogicalName] = a.FormatName.Value
		}
		for _, a := range dates {
			formats[a.LogicalName] = a.Format
		}
		for _, a := range definition.Attributes {
			t.columns[a.LogicalName] = crm.Column{
				LogicalName: a.LogicalName, Label: cmp.Or(a.DisplayName.in(lcid), a.LogicalName),
				Kind: kindOf(a, formats[a.LogicalName]), Secured: a.IsSecured,
			}
		}
		return t, size, nil
	})
}

var kinds = map[string]crm.Kind{
	"string": crm.KindText, "memo": crm.KindMemo, "integer": crm.KindInteger, "bigint": crm.KindInteger, "decimal": crm.KindDecimal, "double": crm.KindFloat,
	"money": crm.KindMoney, "boolean": crm.KindBoolean, "datetime": crm.KindDateTime, "picklist": crm.KindChoice, "state": crm.KindState, "status": crm.KindStatus,
	"lookup": crm.KindLookup, "customer": crm.KindLookup, "owner": crm.KindLookup, "partylist": crm.KindPartyList, "uniqueidentifier": crm.KindID, "entityname": crm.KindText,
}

// kindOf tells how values of a column are shown.
func kindOf(a attribute, format string) crm.Kind {
	switch a.AttributeTypeName.Value {
	case "MultiSelectPicklistType":
		return crm.KindChoices
	case "ImageType":
		return crm.KindImage
	case "FileType":
		return crm.KindFile
	}
	kind, ok := kinds[strings.ToLower(a.AttributeType)]
	if !ok {
		return crm.KindOther
	}
	switch f := strings.ToLower(format); {
	case kind == crm.KindText && f == "email":
		return crm.KindEmail
	case kind == crm.KindText && f == "phone":
		return crm.KindPhone
	case kind == crm.KindText && f == "url":
		return crm.KindURL
	case kind == crm.KindText && f == "textarea":
		return crm.KindMemo
	case (kind == crm.KindText || kind == crm.KindMemo) && f == "richtext":
		return crm.KindRichText
	case kind == crm.KindInteger && f == "duration":
		return crm.KindDuration
	case kind == crm.KindDateTime && f == "dateonly":
		return crm.KindDate
	}
	return kind
}

// casts are the derived types that say more about columns of a kind than the base type does.
var casts = map[crm.Kind][]string{
	crm.KindChoice:  {"PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet"},
	crm.KindChoices: {"MultiSelectPicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet"},
	crm.KindState:   {"StateAttributeMetadata?$select=LogicalName&$expand=OptionSet"},
	crm.KindStatus:  {"StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet"},
	crm.KindBoolean: {"BooleanAttributeMetadata?$select=LogicalName&$expand=OptionSet"},
	crm.KindMoney:   {"MoneyAttributeMetadata?$select=LogicalName,Precision"},
	crm.KindDecimal: {"DecimalAttributeMetadata?$select=LogicalName,Precision"},
	crm.KindFloat:   {"DoubleAttributeMetadata?$select=LogicalName,Precision"},
}

// column adds to a column what charts need to know: its choices with their colours, or its decimals.
func (c *Client) column(ctx context.Context, caller crm.Caller, org crm.Organization, table, name string) (crm.Column, error) {
	t, err := c.table(ctx, caller, org, table)
	if err != nil {
		return crm.Column{}, err
	}
	column, ok := t.columns[name]
	if !ok || len(casts[column.Kind]) == 0 {
		column.LogicalName = name
		column.Label = cmp.Or(column.Label, name)
		return column, nil
	}
	return ours(ctx, c, caller, org, slotColumn, table+"."+name, func(ctx context.Context) (crm.Column, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return column, 0, err
		}
		for _, cast := range casts[column.Kind] {
			var a attribute
			path := "EntityDefinitions(LogicalName='" + table + "')/Attributes(LogicalName='" + name + "')/Microsoft.Dynamics.CRM." + cast
			size, err := c.read(ctx, caller, up, call{path: path}, &a)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return column, 0, err
			}
			return a.fill(column, lcidOf(caller.Locale)), size, nil
		}
		return column, 0, nil
	})
}

func (a attribute) fill(column crm.Column, lcid int) crm.Column {
	if a.Precision != nil {
		column.Precision = min(max(*a.Precision, 0), 10)
	}
	set := a.OptionSet
	if set == nil {
		set = a.GlobalOptionSet
	}
	if set == nil {
		return column
	}
	options := set.Options
	for _, o := range []*option{set.FalseOption, set.TrueOption} {
		if o != nil {
			options = append(options, *o)
		}
	}
	for _, o := range options {
		column.Options = append(column.Options, crm.Option{Value: o.Value, Label: o.Label.in(lcid), Color: color(o.Color)})
	}
	return column
}

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// color passes a colour on only in the one form that is safe in a style.
func color(text string) string {
	if !hexColor.MatchString(text) {
		return ""
	}
	return strings.ToLower(text)
}

// tables reads several tables at once, each once. One that there is no metadata for is nil: what is shown then has its
// logical name.
func (c *Client) tables(ctx context.Context, caller crm.Caller, org crm.Organization, names []string) (map[string]*table, error) {
	slices.Sort(names)
	names = slices.Compact(names)
	found := make([]*table, len(names))
	asks := make([]func() error, len(names))
	for i, name := range names {
		asks[i] = func() (err error) {
			found[i], err = c.table(ctx, caller, org, name)
			return optional(err)
		}
	}
	if err := together(asks...); err != nil {
		return nil, err
	}
	byName := make(map[string]*table, len(names))
	for i, name := range names {
		byName[name] = found[i]
	}
	return byName, nil
}

// fetchPath is the address of a FetchXML query over a set.
func fetchPath(set string, fetch *crmxml.Fetch) string {
	return set + "?fetchXml=" + url.QueryEscape(fetch.String())
}

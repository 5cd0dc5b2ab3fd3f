package metadata

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

func (b *builder) attributes(t *schema.Table) []*Resource {
	list := make([]*Resource, 0, len(t.Columns))
	for i := range t.Columns {
		list = append(list, b.attribute(t, &t.Columns[i], i+1))
	}
	return list
}

// attributeType is the AttributeTypeCode, which has no member for the newest types.
func attributeType(c *schema.Column) string {
	switch c.Type {
	case schema.MultiSelectPicklist, schema.Image, schema.File:
		return "Virtual"
	}
	return string(c.Type)
}

func required(c *schema.Column) Object {
	level := c.Required
	if level == "" {
		level = "None"
	}
	return Object{{"Value", level}, {"CanBeChanged", level != "SystemRequired"}, {"ManagedPropertyLogicalName", "canmodifyrequirementlevelsettings"}}
}

func (b *builder) attribute(t *schema.Table, c *schema.Column, number int) *Resource {
	id := t.ColumnID(c.LogicalName)
	writable := !c.ReadOnly && !c.Hidden && c.LogicalName != t.PrimaryID && c.Source == schema.Simple
	r := &Resource{Type: "AttributeMetadata", Properties: Object{
		{"MetadataId", id},
		{"LogicalName", c.LogicalName},
		{"SchemaName", c.SchemaName},
		{"EntityLogicalName", t.LogicalName},
		{"DisplayName", b.label(id+"name", c.Label)},
		{"Description", b.label(id+"description", c.Description)},
		{"AttributeType", attributeType(c)},
		{"AttributeTypeName", Object{{"Value", string(c.Type) + "Type"}}},
		{"AttributeOf", orNull(c.AttributeOf)},
		{"ColumnNumber", number},
		{"RequiredLevel", required(c)},
		{"IsValidForRead", !c.Hidden},
		{"IsValidForCreate", writable && !c.UpdateOnly || c.LogicalName == t.PrimaryID},
		{"IsValidForUpdate", writable && !c.CreateOnly},
		{"IsValidForForm", !c.Hidden},
		{"IsValidForGrid", !c.Hidden},
		{"IsValidForAdvancedFind", managed(!c.Hidden, "canmodifysearchsettings")},
		{"IsPrimaryId", c.LogicalName == t.PrimaryID},
		{"IsPrimaryName", c.LogicalName == t.PrimaryName},
		{"IsSecured", c.Secured},
		{"CanBeSecuredForRead", c.LogicalName != t.PrimaryID},
		{"CanBeSecuredForCreate", writable},
		{"CanBeSecuredForUpdate", writable},
		{"IsLogical", c.AttributeOf != ""},
		{"IsCustomAttribute", t.IsCustom || isCustom(c.LogicalName)},
		{"IsManaged", !t.IsCustom},
		{"IsFilterable", !c.Hidden},
		{"IsSearchable", false},
		{"IsRetrievable", true},
		{"IsSortableEnabled", managed(true, "canmodifyissortablesettings")},
		{"IsCustomizable", managed(true, "iscustomizable")},
		{"SourceType", int(c.Source)},
		{"AutoNumberFormat", c.AutoNumber},
		{"IntroducedVersion", "5.0.0.0"},
	}}
	r.Base = len(r.Properties)
	b.derive(r, t, c)
	return r
}

// isCustom tells a customization by its prefix.
func isCustom(name string) bool {
	for i := range name {
		if name[i] == '_' {
			return i > 1 && i < 9 && name[:i] != "address1" && name[:i] != "address2" && name[:i] != "address3"
		}
	}
	return false
}

// derive adds what only the column's own type has.
func (b *builder) derive(r *Resource, t *schema.Table, c *schema.Column) {
	add := func(typeName string, members ...Member) {
		r.Type = typeName
		r.Properties = append(r.Properties, members...)
	}
	switch c.Type {
	case schema.String:
		format := c.Format
		if format == "" {
			format = "Text"
		}
		add("StringAttributeMetadata", Member{"MaxLength", c.MaxLength}, Member{"DatabaseLength", 2 * c.MaxLength}, Member{"Format", format},
			Member{"FormatName", Object{{"Value", format}}}, Member{"ImeMode", "Auto"}, formula(c))
	case schema.Memo:
		format := c.Format
		if format == "" {
			format = "TextArea"
		}
		// The older Format has no member for what FormatName tells apart since (RichText).
		add("MemoAttributeMetadata", Member{"MaxLength", c.MaxLength}, Member{"Format", "TextArea"},
			Member{"FormatName", Object{{"Value", format}}}, Member{"ImeMode", "Auto"})
	case schema.Integer:
		format := c.Format
		if format == "" {
			format = "None"
		}
		add("IntegerAttributeMetadata", bound("MinValue", c.Min, -2147483648), bound("MaxValue", c.Max, 2147483647), Member{"Format", format}, formula(c))
	case schema.BigInt:
		add("BigIntAttributeMetadata", bound("MinValue", c.Min, -9223372036854775808), bound("MaxValue", c.Max, 9223372036854775807))
	case schema.Decimal:
		add("DecimalAttributeMetadata", bound("MinValue", c.Min, -100000000000), bound("MaxValue", c.Max, 100000000000), Member{"Precision", c.Precision}, Member{"ImeMode", "Auto"}, formula(c))
	case schema.Double:
		add("DoubleAttributeMetadata", bound("MinValue", c.Min, -100000000000), bound("MaxValue", c.Max, 100000000000), Member{"Precision", c.Precision}, Member{"ImeMode", "Auto"})
	case schema.Money:
		add("MoneyAttributeMetadata", bound("MinValue", c.Min, -922337203685477), bound("MaxValue", c.Max, 922337203685477), Member{"Precision", c.Precision},
			Member{"PrecisionSource", 2}, Member{"IsBaseCurrency", c.BaseOf != ""}, Member{"CalculationOf", orNull(c.BaseOf)}, Member{"ImeMode", "Auto"}, formula(c))
	case schema.DateTime:
		format, behavior := "DateAndTime", "UserLocal"
		if c.Format == "DateOnly" {
			format = "DateOnly"
		}
		switch {
		case c.DateOnly:
			behavior = "DateOnly"
		case c.ZoneIndependent:
			behavior = "TimeZoneIndependent"
		}
		add("DateTimeAttributeMetadata", Member{"Format", format}, Member{"DateTimeBehavior", Object{{"Value", behavior}}},
			Member{"CanChangeDateTimeBehavior", managed(false, "canchangedatetimebehavior")}, Member{"ImeMode", "Inactive"}, formula(c))
	case schema.File:
		add("FileAttributeMetadata", Member{"MaxSizeInKB", c.MaxSizeKB})
	case schema.Image:
		add("ImageAttributeMetadata", Member{"MaxSizeInKB", c.MaxSizeKB}, Member{"CanStoreFullImage", c.FullImage}, Member{"IsPrimaryImage", c.LogicalName == t.PrimaryImage},
			Member{"MaxHeight", 144}, Member{"MaxWidth", 144})
	case schema.Lookup, schema.Customer, schema.Owner, schema.PartyList:
		targets := c.Targets
		if targets == nil {
			targets = []string{}
		}
		add("LookupAttributeMetadata", Member{"Targets", targets}, Member{"Format", "None"})
	case schema.Uniqueidentifier:
		add("UniqueIdentifierAttributeMetadata")
	case schema.EntityName:
		add("EntityNameAttributeMetadata", Member{"IsEntityReferenceStored", false})
	case schema.Boolean:
		add("BooleanAttributeMetadata", Member{"DefaultValue", c.Default != nil && *c.Default == 1}, formula(c))
	case schema.Picklist, schema.MultiSelectPicklist, schema.State, schema.Status:
		add(string(c.Type)+"AttributeMetadata", Member{"DefaultFormValue", defaultOption(c)})
	}
	b.options(r, t, c)
}

// formula is FormulaDefinition: null for columns that people fill.
func formula(c *schema.Column) Member {
	f := c.Formula
	switch c.Source {
	case schema.Calculated:
		return Member{"FormulaDefinition", f.Expression}
	case schema.Rollup:
		return Member{"FormulaDefinition", strings.ToUpper(f.Aggregate) + "(" + f.Table + "." + f.Column + " BY " + f.Via + ")"}
	}
	return Member{"FormulaDefinition", nil}
}

func defaultOption(c *schema.Column) int {
	if c.Default == nil {
		return -1
	}
	return *c.Default
}

func bound(name string, value *float64, otherwise float64) Member {
	if value == nil {
		value = &otherwise
	}
	return Member{name, *value}
}

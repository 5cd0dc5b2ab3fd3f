package seed

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

var (
	plainName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,99}$`)
	customName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{1,7}_[A-Za-z0-9_]{1,90}$`)
)

// extend adds what the files define to a model that is not indexed yet.
func (f *Files) extend(m *schema.Model) error {
	for _, step := range []func(*schema.Model, *document) error{addOptionSets, addTables, addColumns, addManyToMany} {
		if err := f.each(func(d *document) error { return step(m, d) }); err != nil {
			return err
		}
	}
	return f.each(func(d *document) error { return checkLookups(m, d) })
}

func tableIn(m *schema.Model, name string) *schema.Table {
	for _, t := range m.Tables {
		if t.LogicalName == name {
			return t
		}
	}
	return nil
}

func addOptionSets(m *schema.Model, d *document) error {
	for name, options := range d.OptionSets {
		if _, ok := m.OptionSets[name]; ok {
			return fmt.Errorf("choice %q is there already", name)
		}
		m.OptionSets[name] = optionsOf(options)
	}
	return nil
}

func optionsOf(list []optionFile) []schema.Option {
	var options []schema.Option
	for _, o := range list {
		options = append(options, schema.Option{Value: o.Value, Label: schema.Label(o.Label), Color: o.Color, State: o.State, Next: o.Next})
	}
	return options
}

func addTables(m *schema.Model, d *document) error {
	for _, t := range d.Tables {
		made, err := t.table(m)
		if err != nil {
			return fmt.Errorf("table %q: %w", t.SchemaName, err)
		}
		m.Tables = append(m.Tables, made)
	}
	return nil
}

func (t tableFile) table(m *schema.Model) (*schema.Table, error) {
	if !customName.MatchString(t.SchemaName) {
		return nil, fmt.Errorf("the schemaName needs a prefix and letters, as in new_Berth")
	}
	lower := strings.ToLower(t.SchemaName)
	if tableIn(m, lower) != nil {
		return nil, fmt.Errorf("it is there already")
	}
	ownership := schema.Ownership(cmp.Or(t.Ownership, string(schema.UserOwned)))
	if ownership != schema.UserOwned && ownership != schema.OrganizationOwned {
		return nil, fmt.Errorf("the ownership is UserOwned or OrganizationOwned, not %q", t.Ownership)
	}
	label := schema.Label(t.Label)
	if label.In(1033) == "" {
		label = schema.Label{1033: t.SchemaName}
	}
	key := column(schema.Uniqueidentifier, t.SchemaName+"Id", "")
	key.Label, key.Required = label, "SystemRequired"
	groups := columns{key}
	for _, c := range t.Columns {
		made, err := c.columns(m)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.SchemaName, err)
		}
		groups = append(groups, made...)
	}
	if !slices.ContainsFunc(groups, func(c schema.Column) bool { return c.Type == schema.State }) {
		groups = append(groups, active()...)
	}
	if slices.ContainsFunc(groups, func(c schema.Column) bool { return c.Type == schema.Money }) && !slices.ContainsFunc(groups, func(c schema.Column) bool { return c.LogicalName == "transactioncurrencyid" }) {
		groups = append(groups, currency()...)
	}
	plural := schema.Label(t.PluralLabel)
	if plural.In(1033) == "" {
		plural = schema.Label{1033: label.In(1033) + "s"}
	}
	made := define(t.SchemaName, "|||", t.ObjectType, ownership, groups)
	made.Label, made.PluralLabel, made.IsCustom = label, plural, true
	made.PrimaryName = strings.ToLower(t.PrimaryName)
	if !has(made, made.PrimaryName) {
		return nil, fmt.Errorf("the primaryName %q is none of its columns", t.PrimaryName)
	}
	made.SetName = cmp.Or(t.SetName, made.SetName)
	if !plainName.MatchString(made.SetName) {
		return nil, fmt.Errorf("the setName %q has other characters than letters, digits and _", t.SetName)
	}
	for _, other := range m.Tables {
		if other.SetName == made.SetName {
			return nil, fmt.Errorf("the setName %q is that of %s", made.SetName, other.LogicalName)
		}
		if other.ObjectType == made.ObjectType && made.ObjectType != 0 {
			return nil, fmt.Errorf("the objectTypeCode %d is that of %s", made.ObjectType, other.LogicalName)
		}
	}
	if made.ObjectType == 0 {
		made.ObjectType = nextCode(m)
	}
	made.Searchable, made.Tracked, made.Notes, made.Activities, made.Audited, made.QuickCreate = !t.Unsearched, true, t.Notes, t.Activities, t.Audited, t.QuickCreate
	for _, k := range t.Keys {
		for _, name := range k.Columns {
			if !has(made, name) {
				return nil, fmt.Errorf("the key %q is made of %q, which is none of its columns", k.Name, name)
			}
		}
		made.Keys = append(made.Keys, schema.Key{Name: k.Name, Columns: k.Columns})
	}
	return made, twice(made)
}

// nextCode is the next object type code for custom tables.
func nextCode(m *schema.Model) int {
	code := 10200
	for _, t := range m.Tables {
		code = max(code, t.ObjectType+1)
	}
	return code
}

// twice refuses two columns of one name.
func twice(t *schema.Table) error {
	seen := map[string]bool{}
	for i := range t.Columns {
		name := t.Columns[i].LogicalName
		if seen[name] {
			return fmt.Errorf("it has two columns %q", name)
		}
		seen[name] = true
	}
	return nil
}

func addColumns(m *schema.Model, d *document) error {
	for name, list := range d.Columns {
		t := tableIn(m, name)
		if t == nil {
			return fmt.Errorf("columns are for a table %q that is not there", name)
		}
		for _, c := range list {
			made, err := c.columns(m)
			if err == nil && !customName.MatchString(c.SchemaName) {
				err = fmt.Errorf("the schemaName needs a prefix and letters, as in new_Berth")
			}
			if err != nil {
				return fmt.Errorf("column %q of %s: %w", c.SchemaName, name, err)
			}
			t.Columns = append(t.Columns, made...)
		}
		if err := twice(t); err != nil {
			return fmt.Errorf("table %s: %w", name, err)
		}
	}
	return nil
}

// columns makes a column with the helpers that the service puts beside its kind.
func (c columnFile) columns(m *schema.Model) (columns, error) {
	if c.Type != string(schema.State) && !plainName.MatchString(c.SchemaName) {
		return nil, fmt.Errorf("the schemaName has other characters than letters, digits and _")
	}
	label := schema.Label(c.Label)
	if label.In(1033) == "" {
		label = schema.Label{1033: c.SchemaName}
	}
	made, err := c.kind(m, label.In(1033))
	if err != nil {
		return nil, err
	}
	if c.Type != string(schema.State) {
		made[0].Label = label
	}
	own := &made[0]
	own.Required, own.Secured, own.AutoNumber = cmp.Or(c.Required, own.Required), c.Secured, c.AutoNumber
	own.ReadOnly = own.ReadOnly || c.ReadOnly
	if c.Min != nil {
		own.Min = c.Min
	}
	if c.Max != nil {
		own.Max = c.Max
	}
	if c.Default != nil {
		own.Default = c.Default
	}
	switch c.Required {
	case "", "None", "Recommended", "ApplicationRequired", "SystemRequired":
	default:
		return nil, fmt.Errorf("required is None, Recommended or ApplicationRequired, not %q", c.Required)
	}
	if c.Calculated != "" {
		made = calculated(c.Calculated, made)
	}
	if r := c.Rollup; r != nil {
		made = rollup(schema.Formula{Aggregate: r.Aggregate, Table: r.Table, Via: r.Via, Column: r.Column, Where: r.Where}, made)
	}
	return made, nil
}

func (c columnFile) kind(m *schema.Model, label string) (columns, error) {
	switch kind := schema.ColumnType(c.Type); kind {
	case schema.String:
		return formatted(c.SchemaName, label, cmp.Or(c.Format, "Text"), cmp.Or(c.MaxLength, 100)), nil
	case schema.Memo:
		made := memo(c.SchemaName, label, cmp.Or(c.MaxLength, 2000))
		made[0].Format = cmp.Or(c.Format, "TextArea")
		return made, nil
	case schema.Integer:
		made := whole(c.SchemaName, label, -2147483648, 2147483647)
		made[0].Format = cmp.Or(c.Format, "None")
		return made, nil
	case schema.BigInt:
		return columns{column(kind, c.SchemaName, label)}, nil
	case schema.Decimal:
		return decimal(c.SchemaName, label, cmp.Or(c.Precision, 2), -100000000000, 100000000000), nil
	case schema.Double:
		made := double(c.SchemaName, label, -100000000000, 100000000000)
		made[0].Precision = cmp.Or(c.Precision, 5)
		return made, nil
	case schema.Money:
		return money(c.SchemaName, label), nil
	case schema.Boolean:
		made := yesno(c.SchemaName, label)
		if len(c.Options) > 0 {
			made[0].Options = optionsOf(c.Options)
		}
		return made, nil
	case schema.DateTime:
		return c.moment(label)
	case schema.Picklist, schema.MultiSelectPicklist:
		made := columns{column(kind, c.SchemaName, label)}
		made[0].Options, made[0].OptionSet = optionsOf(c.Options), c.OptionSet
		if _, ok := m.OptionSets[c.OptionSet]; len(c.Options) == 0 && !ok {
			return nil, fmt.Errorf("it needs options, or an optionSet that is there")
		}
		return made, nil
	case schema.State:
		return c.states()
	case schema.Lookup, schema.Customer:
		return c.lookup(kind, label)
	case schema.File:
		return file(c.SchemaName, label, cmp.Or(c.MaxSizeKB, 32768)), nil
	case schema.Image:
		return imageOf(c.SchemaName, label, cmp.Or(c.MaxSizeKB, 10240), c.FullImage), nil
	}
	return nil, fmt.Errorf("the type %q is none of String, Memo, Integer, BigInt, Decimal, Double, Money, Boolean, DateTime, Picklist, MultiSelectPicklist, State, Lookup, Customer, File and Image", c.Type)
}

func (c columnFile) moment(label string) (columns, error) {
	made := moment(c.SchemaName, label)
	own := &made[0]
	own.Format = cmp.Or(c.Format, own.Format)
	switch c.Behavior {
	case "", "UserLocal":
	case "DateOnly":
		own.DateOnly, own.Format = true, "DateOnly"
	case "TimeZoneIndependent":
		own.ZoneIndependent = true
	default:
		return nil, fmt.Errorf("the behavior is UserLocal, DateOnly or TimeZoneIndependent, not %q", c.Behavior)
	}
	return made, nil
}

func (c columnFile) states() (columns, error) {
	made := states("0=Active:1=Active")
	state, status := &made[0], &made[1]
	state.Options, status.Options = nil, nil
	for _, s := range c.States {
		state.Options = append(state.Options, schema.Option{Value: s.Value, Label: schema.Label(s.Label)})
		for _, r := range optionsOf(s.Reasons) {
			r.State = s.Value
			status.Options = append(status.Options, r)
		}
		if len(s.Reasons) == 0 {
			return nil, fmt.Errorf("state %d has no reasons", s.Value)
		}
	}
	if len(state.Options) == 0 {
		return nil, fmt.Errorf("it needs states")
	}
	first := state.Options[0].Value
	state.Default = &first
	return made, nil
}

func (c columnFile) lookup(kind schema.ColumnType, label string) (columns, error) {
	if len(c.Targets) == 0 {
		return nil, fmt.Errorf("a lookup needs targets")
	}
	var targets []string
	for _, t := range c.Targets {
		navigation := t.Navigation
		if navigation == "" {
			navigation = c.SchemaName
			if len(c.Targets) > 1 {
				navigation += "_" + t.Table
			}
		}
		target := t.Table + ":" + navigation
		if t.Collection != "" {
			target += ":" + t.Collection
		}
		targets = append(targets, target)
	}
	return lookupOf(kind, c.SchemaName, label, targets...), nil
}

func addManyToMany(m *schema.Model, d *document) error {
	for _, r := range d.ManyToMany {
		one, two := tableIn(m, r.Entity1), tableIn(m, r.Entity2)
		if !customName.MatchString(r.SchemaName) || one == nil || two == nil || tableIn(m, strings.ToLower(r.SchemaName)) != nil {
			return fmt.Errorf("the manyToMany %q needs a new schemaName with a prefix, and two tables that are there", r.SchemaName)
		}
		left, right := one.PrimaryID, two.PrimaryID
		if one == two {
			left, right = left+"one", right+"two"
		}
		between := intersect(r.SchemaName, r.SchemaName+"Id", r.SchemaName, nextCode(m), left, right)
		between.PrivilegeSet = strings.TrimPrefix(one.Privilege(""), "prv")
		m.Tables = append(m.Tables, between)
		m.ManyToMany = append(m.ManyToMany, schema.ManyToMany{
			SchemaName: r.SchemaName, Intersect: between.LogicalName, Entity1: r.Entity1, Entity2: r.Entity2, Attribute1: left, Attribute2: right,
			Navigation1: r.SchemaName, Navigation2: r.SchemaName,
		})
	}
	return nil
}

// checkLookups refuses lookups and rollups to what is not there, once everything is.
func checkLookups(m *schema.Model, d *document) error {
	check := func(table string, list []columnFile) error {
		for _, c := range list {
			for _, t := range c.Targets {
				if tableIn(m, t.Table) == nil {
					return fmt.Errorf("column %q of %s points to a table %q that is not there", c.SchemaName, table, t.Table)
				}
			}
			if r := c.Rollup; r != nil {
				if t := tableIn(m, r.Table); t == nil || !has(t, r.Via) || !has(t, r.Column) {
					return fmt.Errorf("column %q of %s sums up a table or column that is not there", c.SchemaName, table)
				}
			}
		}
		return nil
	}
	for _, t := range d.Tables {
		if err := check(t.SchemaName, t.Columns); err != nil {
			return err
		}
	}
	for name, list := range d.Columns {
		if err := check(name, list); err != nil {
			return err
		}
	}
	return nil
}

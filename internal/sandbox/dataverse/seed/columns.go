package seed

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Columns are written as groups, because one idea often is several columns (money and its mirror in base currency, a
// state and its reasons). Schema names are given in their own casing; the logical name is their lower case. Labels are
// "English|Deutsch".
type columns = []schema.Column

func labels(s string) schema.Label {
	en, de, ok := strings.Cut(s, "|")
	if !ok {
		de = en
	}
	return schema.Label{1033: en, 1031: de}
}

func column(kind schema.ColumnType, name, label string) schema.Column {
	return schema.Column{LogicalName: strings.ToLower(name), SchemaName: name, Label: labels(label), Type: kind}
}

func id(name, label string) columns {
	c := column(schema.Uniqueidentifier, name, label)
	c.Required = "SystemRequired"
	return columns{c}
}

func guid(name, label string) columns { return columns{column(schema.Uniqueidentifier, name, label)} }

func formatted(name, label, format string, max int) columns {
	c := column(schema.String, name, label)
	c.Format, c.MaxLength = format, max
	return columns{c}
}

func text(name, label string, max int) columns { return formatted(name, label, "Text", max) }
func email(name, label string) columns         { return formatted(name, label, "Email", 100) }
func phone(name, label string) columns         { return formatted(name, label, "Phone", 50) }
func url(name, label string) columns           { return formatted(name, label, "Url", 200) }

func memo(name, label string, max int) columns {
	c := column(schema.Memo, name, label)
	c.Format, c.MaxLength = "TextArea", max
	return columns{c}
}

func bounds(c *schema.Column, low, high float64) { c.Min, c.Max = &low, &high }

func whole(name, label string, low, high float64) columns {
	c := column(schema.Integer, name, label)
	c.Format = "None"
	bounds(&c, low, high)
	return columns{c}
}

func decimal(name, label string, precision int, low, high float64) columns {
	c := column(schema.Decimal, name, label)
	c.Precision = precision
	bounds(&c, low, high)
	return columns{c}
}

func double(name, label string, low, high float64) columns {
	c := column(schema.Double, name, label)
	c.Precision = 5
	bounds(&c, low, high)
	return columns{c}
}

func duration(name, label string) columns {
	c := whole(name, label, 0, 2147483647)
	c[0].Format = "Duration"
	return c
}

// money is an amount in the row's currency and its read-only mirror in the organization's base currency.
func money(name, label string) columns {
	c := column(schema.Money, name, label)
	c.Precision = 2
	bounds(&c, -922337203685477, 922337203685477)
	base := c
	base.LogicalName, base.SchemaName = c.LogicalName+"_base", name+"_Base"
	base.Label = schema.Label{1033: c.Label[1033] + " (Base)", 1031: c.Label[1031] + " (Basis)"}
	base.ReadOnly, base.BaseOf = true, c.LogicalName
	return columns{c, base}
}

// currency goes with every table that has amounts.
func currency() columns {
	rate := decimal("ExchangeRate", "Exchange Rate|Wechselkurs", 10, 0.0000000001, 100000000000)
	rate[0].ReadOnly = true
	return join(lookup("TransactionCurrencyId", "Currency|Währung", "transactioncurrency"), rate)
}

func flag(name, label, no, yes string) columns {
	c := column(schema.Boolean, name, label)
	c.Options = []schema.Option{{Value: 0, Label: labels(no)}, {Value: 1, Label: labels(yes)}}
	zero := 0
	c.Default = &zero
	return columns{c}
}

func yesno(name, label string) columns { return flag(name, label, "No|Nein", "Yes|Ja") }

func date(name, label string) columns {
	c := column(schema.DateTime, name, label)
	c.Format, c.DateOnly = "DateOnly", true
	return columns{c}
}

func moment(name, label string) columns {
	c := column(schema.DateTime, name, label)
	c.Format = "DateAndTime"
	return columns{c}
}

// number reads a number of a definition; a definition without one is a mistake of ours.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic("seed: not a number: " + text)
	}
	return n
}

// options reads "1=Hot|Heiß|#d13438;2=Warm". The colour may be left out.
func options(spec string) []schema.Option {
	parts := strings.Split(spec, ";")
	list := make([]schema.Option, 0, len(parts))
	for _, part := range parts {
		value, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		option := schema.Option{Value: number(value)}
		if hash := strings.LastIndex(text, "|#"); hash >= 0 {
			text, option.Color = text[:hash], text[hash+1:]
		}
		option.Label = labels(text)
		list = append(list, option)
	}
	return list
}

func choice(name, label, spec string) columns {
	c := column(schema.Picklist, name, label)
	c.Options = options(spec)
	return columns{c}
}

func global(name, label, set string) columns {
	c := column(schema.Picklist, name, label)
	c.OptionSet = set
	return columns{c}
}

func choices(name, label, spec string) columns {
	c := column(schema.MultiSelectPicklist, name, label)
	c.Options = options(spec)
	return columns{c}
}

// states gives statecode and statuscode. Each argument is one state: "0=Open|Offen: 1=In Progress|In Bearbeitung;2=On Hold".
func states(specs ...string) columns {
	state := column(schema.State, "StateCode", "Status|Status")
	status := column(schema.Status, "StatusCode", "Status Reason|Statusgrund")
	state.Required = "SystemRequired"
	for _, spec := range specs {
		head, reasons, _ := strings.Cut(spec, ":")
		of := options(head)[0]
		list := options(reasons)
		for i := range list {
			list[i].State = of.Value
		}
		state.Options, status.Options = append(state.Options, of), append(status.Options, list...)
	}
	first := state.Options[0].Value
	state.Default = &first
	return columns{state, status}
}

func active() columns {
	return states("0=Active|Aktiv:1=Active|Aktiv", "1=Inactive|Inaktiv:2=Inactive|Inaktiv")
}

// lookup points to one of several tables. A target is "table", "table:navigation" or "table:navigation:collection".
func lookup(name, label string, targets ...string) columns {
	return lookupOf(schema.Lookup, name, label, targets...)
}

func lookupOf(kind schema.ColumnType, name, label string, targets ...string) columns {
	c := column(kind, name, label)
	c.Navigation, c.Collection = map[string]string{}, map[string]string{}
	for _, target := range targets {
		parts := strings.Split(target, ":")
		navigation := c.LogicalName
		if len(targets) > 1 {
			navigation += "_" + parts[0]
		}
		if strings.Contains(c.SchemaName, "_") {
			navigation = c.SchemaName
		}
		if len(parts) > 1 && parts[1] != "" {
			navigation = parts[1]
		}
		c.Targets = append(c.Targets, parts[0])
		c.Navigation[parts[0]] = navigation
		if len(parts) > 2 {
			c.Collection[parts[0]] = parts[2]
		}
	}
	return columns{c}
}

// customer is the polymorphic account or contact.
func customer(name, label, accounts, contacts string) columns {
	way := strings.ToLower(name)
	if strings.Contains(name, "_") {
		way = name // customizers' relationships keep their casing
	}
	return lookupOf(schema.Customer, name, label,
		"account:"+way+"_account:"+accounts, "contact:"+way+"_contact:"+contacts)
}

func must(c columns) columns {
	c[0].Required = "ApplicationRequired"
	return c
}

func wanted(c columns) columns {
	c[0].Required = "Recommended"
	return c
}

func fixed(c columns) columns {
	for i := range c {
		c[i].ReadOnly = true
	}
	return c
}

func secured(c columns) columns {
	for i := range c {
		c[i].Secured = true
	}
	return c
}

func join(groups ...columns) columns {
	var all columns
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

package metadata

import (
	"encoding/xml"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// CSDL is the service's $metadata document: the model as OData's Common Schema Definition Language, with its
// functions and actions.
func CSDL(model *schema.Model, graph *Graph, messages []Message) []byte {
	d := &csdl{}
	d.line(`<?xml version="1.0" encoding="utf-8"?>`)
	d.line(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>`)
	d.line(`<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">`)
	d.line(`<EntityType Name="crmbaseentity" Abstract="true" />`)
	for _, t := range model.Tables {
		d.table(model, graph, t)
	}
	for _, m := range messages {
		d.message(model, m)
	}
	d.types(messages)
	d.line(`<EntityContainer Name="System">`)
	for _, t := range model.Tables {
		d.line(`<EntitySet Name="`, t.SetName, `" EntityType="Microsoft.Dynamics.CRM.`, t.LogicalName, `" />`)
	}
	for _, m := range messages {
		if kind := m.kind(); m.BoundTo == "" && m.served(model) {
			d.line(`<`, kind, `Import Name="`, m.Name, `" `, kind, `="Microsoft.Dynamics.CRM.`, m.Name, `" />`)
		}
	}
	d.line(`</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`)
	return []byte(d.String())
}

type csdl struct{ strings.Builder }

func (d *csdl) line(parts ...string) {
	for _, p := range parts {
		d.WriteString(p)
	}
	d.WriteByte('\n')
}

func (d *csdl) table(model *schema.Model, graph *Graph, t *schema.Table) {
	d.line(`<EntityType Name="`, t.LogicalName, `" BaseType="mscrm.crmbaseentity">`)
	d.line(`<Key><PropertyRef Name="`, t.PrimaryID, `" /></Key>`)
	for i := range t.Columns {
		c := &t.Columns[i]
		switch {
		case c.Hidden || c.Type == schema.PartyList:
		case c.Type.IsLookup():
			d.line(`<Property Name="_`, c.LogicalName, `_value" Type="Edm.Guid" />`)
		default:
			d.line(`<Property Name="`, c.LogicalName, `" Type="`, EdmType(c), `" />`)
		}
	}
	for _, name := range graph.Singles(t.LogicalName) {
		ways := graph.Single(t.LogicalName, name)
		to := ways[0].One.LogicalName
		if len(ways) > 1 {
			to = "crmbaseentity"
		}
		d.line(`<NavigationProperty Name="`, name, `" Type="mscrm.`, to, `" />`)
	}
	for _, name := range graph.Collections(t.LogicalName) {
		d.line(`<NavigationProperty Name="`, name, `" Type="Collection(mscrm.`, far(graph, t.LogicalName, name), `)" />`)
	}
	for _, k := range t.Keys {
		d.line(`<Annotation Term="OData.Community.Keys.V1.AlternateKeys"><Collection><Record Type="OData.Community.Keys.V1.AlternateKey"><PropertyValue Property="Key"><Collection>`)
		for _, column := range k.Columns {
			d.line(`<Record Type="OData.Community.Keys.V1.PropertyRef"><PropertyValue Property="Alias" String="`, column, `" /><PropertyValue Property="Name" PropertyPath="`, column, `" /></Record>`)
		}
		d.line(`</Collection></PropertyValue></Record></Collection></Annotation>`)
	}
	if name := t.Label.In(1033); name != "" {
		d.WriteString(`<Annotation Term="Org.OData.Core.V1.Description" String="`)
		_ = xml.EscapeText(&d.Builder, []byte(name)) // a strings.Builder never fails
		d.line(`" />`)
	}
	d.line(`</EntityType>`)
}

func far(graph *Graph, table, navigation string) string {
	if r := graph.Collection(table, navigation); r != nil {
		return r.Many.LogicalName
	}
	m := graph.ManyToMany(table, navigation)
	if m.Entity1 == table && m.Navigation1 == navigation {
		return m.Entity2
	}
	return m.Entity1
}

// EdmType is the OData type of a column.
func EdmType(c *schema.Column) string {
	switch c.Type {
	case schema.Integer, schema.Picklist, schema.State, schema.Status:
		return "Edm.Int32"
	case schema.BigInt:
		return "Edm.Int64"
	case schema.Decimal, schema.Money:
		return "Edm.Decimal"
	case schema.Double:
		return "Edm.Double"
	case schema.Boolean:
		return "Edm.Boolean"
	case schema.DateTime:
		if c.DateOnly {
			return "Edm.Date"
		}
		return "Edm.DateTimeOffset"
	case schema.Uniqueidentifier, schema.Lookup, schema.Customer, schema.Owner, schema.File:
		return "Edm.Guid"
	case schema.Image:
		return "Edm.Binary"
	}
	return "Edm.String"
}

package seed

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// behaviors says what deletions and new owners do to the rows of a relationship, which states only messages lead to, and
// of which tables the history is kept. Relationships that are not named here are referential: a deletion clears the link.
func behaviors(m *schema.Model) {
	for _, t := range m.Tables {
		t.Audited = t.Audited || slices.Contains(audited, t.LogicalName) || t.IsActivity && t.LogicalName != "activitypointer"
		for i := range t.Columns {
			c := &t.Columns[i]
			c.Unaudited = c.Unaudited || c.MaxLength > longest || c.Type == schema.File || c.Type == schema.Image
			if t.LogicalName == "incident" && c.LogicalName == "ticketnumber" && c.AutoNumber == "" {
				c.AutoNumber = "CAS-{SEQNUM:5}-{RANDSTRING:6}"
			}
			switch {
			case t.LogicalName == "audit":
			case c.LogicalName == "regardingobjectid", // activities
				t.LogicalName == "annotation" && c.LogicalName == "objectid",
				slices.Contains([]string{"contact", "opportunity", "incident"}, t.LogicalName) && c.Type == schema.Customer:
				cascading(c, schema.Parental)
			case t.LogicalName == "account" && c.LogicalName == "parentaccountid":
				cascading(c, schema.Cascades{Delete: schema.RemoveLink, Assign: schema.Cascade})
			case t.LogicalName == "activityparty" && c.LogicalName == "activityid",
				t.LogicalName == "queueitem" && (c.LogicalName == "objectid" || c.LogicalName == "queueid"),
				t.LogicalName == "fieldpermission" && c.LogicalName == "fieldsecurityprofileid",
				t.LogicalName == "connection" && (c.LogicalName == "record1id" || c.LogicalName == "record2id"),
				t.LogicalName == "postcomment" && c.LogicalName == "postid",
				t.LogicalName == "activitymimeattachment" && c.LogicalName == "objectid",
				t.LogicalName == "appmodulecomponent" && c.LogicalName == "appmoduleidunique":
				cascading(c, schema.Cascades{Delete: schema.Cascade})
			case c.Type.IsLookup() && c.LogicalName == "businessunitid" || t.LogicalName == "businessunit" && c.LogicalName == "parentbusinessunitid":
				cascading(c, schema.Cascades{Delete: schema.Restrict})
			}
		}
	}
	auditTargets(m)
	reached(m, "opportunity", map[int]string{1: "WinOpportunity", 2: "LoseOpportunity"})
	reached(m, "incident", map[int]string{1: "CloseIncident"})
}

// audited are tables whose changes are kept, beside activities and those that say so themselves.
var audited = []string{"account", "contact", "opportunity", "lead", "incident", "annotation", "systemuser", "team", "role", "queue", "organization"}

// longest is the most characters that a column's values may have for a history to repeat them.
const longest = 1_000_000

// cascading gives all relationships of a lookup the same behaviours.
func cascading(c *schema.Column, b schema.Cascades) {
	if c.Cascades == nil {
		c.Cascades = map[string]schema.Cascades{}
	}
	for _, target := range c.Targets {
		if _, said := c.Cascades[target]; !said {
			c.Cascades[target] = b
		}
	}
}

// reached names the messages that lead to states of a table; updates do not.
func reached(m *schema.Model, table string, messages map[int]string) {
	for _, t := range m.Tables {
		if t.LogicalName != table {
			continue
		}
		for i := range t.Columns {
			if c := &t.Columns[i]; c.Type == schema.State {
				for j := range c.Options {
					c.Options[j].Message = messages[c.Options[j].Value]
				}
			}
		}
	}
}

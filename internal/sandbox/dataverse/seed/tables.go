package seed

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// define makes a table. Labels are "Account|Accounts|Firma|Firmen". The first group's first column is the primary key.
func define(name, label string, code int, owner schema.Ownership, groups ...columns) *schema.Table {
	parts := strings.Split(label, "|")
	t := &schema.Table{
		LogicalName: strings.ToLower(name), SchemaName: name, ObjectType: code, Ownership: owner,
		Label: schema.Label{1033: parts[0], 1031: parts[2]}, PluralLabel: schema.Label{1033: parts[1], 1031: parts[3]},
		Columns: join(groups...),
	}
	t.PrimaryID = t.Columns[0].LogicalName
	t.SetName = setName(t.LogicalName)
	t.IsCustom = strings.Contains(name, "_") && !strings.HasPrefix(name, "msdyn_")
	switch owner {
	case schema.UserOwned:
		t.Columns = append(t.Columns, owning(t)...)
	case schema.BusinessOwned:
		if t.LogicalName != "businessunit" && !has(t, "businessunitid") && !has(t, "owningbusinessunit") {
			t.Columns = append(t.Columns, lookup("OwningBusinessUnit", "Owning Business Unit|Besitzende Unternehmenseinheit", "businessunit")...)
		}
	}
	if owner == schema.NoOwner && name != "Organization" {
		t.Columns = append(t.Columns, version()...)
	} else {
		t.Columns = append(t.Columns, history(t)...)
	}
	return t
}

func has(t *schema.Table, name string) bool {
	for i := range t.Columns {
		if t.Columns[i].LogicalName == name {
			return true
		}
	}
	return false
}

// named sets the primary name column, which sits in the table already.
func named(name string, t *schema.Table) *schema.Table {
	t.PrimaryName = name
	return t
}

// setName follows the service: plurals in the English way, and a suffix for tables that are plural already.
func setName(logical string) string {
	switch logical {
	case "principalobjectaccess":
		return "principalobjectaccessset"
	case "teammembership":
		return "teammemberships"
	}
	switch {
	case strings.HasSuffix(logical, "ss"):
		return logical + "es"
	case strings.HasSuffix(logical, "s"):
		return logical + "collection"
	case strings.HasSuffix(logical, "y"):
		return logical[:len(logical)-1] + "ies"
	}
	return logical + "s"
}

func owning(t *schema.Table) columns {
	return join(
		lookupOf(schema.Owner, "OwnerId", "Owner|Besitzer", "systemuser:ownerid:", "team:ownerid:"),
		fixed(lookup("OwningUser", "Owning User|Besitzender Benutzer", "systemuser:owninguser:user_"+t.SetName)),
		fixed(lookup("OwningTeam", "Owning Team|Besitzendes Team", "team:owningteam:team_"+t.SetName)),
		fixed(lookup("OwningBusinessUnit", "Owning Business Unit|Besitzende Unternehmenseinheit", "businessunit:owningbusinessunit:business_unit_"+t.SetName)),
	)
}

func history(t *schema.Table) columns {
	created := fixed(moment("CreatedOn", "Created On|Erstellt am"))
	modified := fixed(moment("ModifiedOn", "Modified On|Geändert am"))
	return join(created,
		fixed(lookup("CreatedBy", "Created By|Erstellt von", "systemuser:createdby:lk_"+t.LogicalName+"base_createdby")),
		modified,
		fixed(lookup("ModifiedBy", "Modified By|Geändert von", "systemuser:modifiedby:lk_"+t.LogicalName+"base_modifiedby")),
		version(),
	)
}

func version() columns {
	return fixed(columns{column(schema.BigInt, "VersionNumber", "Version Number|Versionsnummer")})
}

// intersect is the table behind an N:N relationship.
func intersect(name, key, label string, code int, left, right string) *schema.Table {
	t := &schema.Table{
		LogicalName: strings.ToLower(name), SchemaName: name, ObjectType: code, Ownership: schema.NoOwner, IsIntersect: true,
		Label: labels(label), PluralLabel: labels(label), PrimaryID: strings.ToLower(key),
		Columns: join(id(key, label), guid(left, left), guid(right, right), version()),
	}
	t.SetName = setName(t.LogicalName)
	return t
}

// collections gives every lookup that has none the collection name the service would generate.
func collections(t *schema.Table) {
	for i := range t.Columns {
		c := &t.Columns[i]
		for _, target := range c.Targets {
			if _, ok := c.Collection[target]; !ok {
				c.Collection[target] = target + "_" + t.LogicalName + "_" + c.LogicalName
			}
		}
	}
}

package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// may refuses whoever lacks a table's privilege altogether.
func (c *Caller) may(t *table, verb string) error {
	name := t.Privilege(verb)
	if c.Depth(name) != None {
		return nil
	}
	return refuse(CodePrivilegeDenied, "Principal user (Id=%s, type=8, roleCount=%d, privilegeCount=%d, accessMode=0), is missing %s privilege (Id=%s) on OTC=%d for entity '%s'.",
		c.UserID, len(c.Roles), len(c.privileges), name, schema.PrivilegeID(name), t.ObjectType, t.LogicalName)
}

// reach is the condition for the rows that a privilege covers, empty when it covers all.
func (c *Caller) reach(t *table, alias, verb string, right Rights) frag {
	return c.covering(t, alias, verb, right, c.sharedRows)
}

// covering is reach with a way to ask for shares: many rows are found among them, one row is looked up.
func (c *Caller) covering(t *table, alias, verb string, right Rights, shared func(t *table, alias string, right Rights) frag) frag {
	p := c.privileges[strings.ToLower(t.Privilege(verb))]
	if p == nil || p.depth == None {
		return text("0")
	}
	if p.depth == Global || t.Ownership == schema.NoOwner || t.IsIntersect {
		return frag{}
	}
	var ways []frag
	switch t.Ownership {
	case schema.UserOwned:
		if owners := c.owners(p); len(owners) > 0 && t.byName["ownerid"] != nil {
			ways = append(ways, text(alias+".ownerid IN ("+marks(len(owners))+")", anys(owners)...))
		}
		ways = append(ways, c.inUnits(t, alias, "owningbusinessunit", p))
	case schema.BusinessOwned:
		if t.byName["systemuserid"] != nil && p.own {
			ways = append(ways, text(alias+".systemuserid = ?", c.UserID))
		}
		unit := "businessunitid"
		if t.byName[unit] == nil {
			unit = "owningbusinessunit"
		}
		ways = append(ways, c.inUnits(t, alias, unit, p))
	}
	if c.shares[t.LogicalName] {
		ways = append(ways, shared(t, alias, right))
	}
	if any := combine(ways, " OR "); any.sql != "" {
		return any
	}
	return text("0") // organization-owned rows take a privilege for the whole organization
}

// sharedRows holds for rows among those that are shared with the person or a team.
func (c *Caller) sharedRows(t *table, alias string, right Rights) frag {
	principals := append([]string{c.UserID}, c.Teams...)
	return text(alias+"."+t.pk.sql+" IN (SELECT p.objectid FROM principalobjectaccess p WHERE p.principalid IN ("+marks(len(principals))+
		") AND p.objecttypecode = ? AND "+c.mask+" & ? <> 0)", append(anys(principals), t.LogicalName, int64(right))...)
}

// sharedRow says the same of one row, by what is shared of it: people may have very many rows shared with them.
func (c *Caller) sharedRow(t *table, alias string, right Rights) frag {
	principals := append([]string{c.UserID}, c.Teams...)
	return text("EXISTS (SELECT 1 FROM principalobjectaccess p WHERE p.objectid = "+alias+"."+t.pk.sql+" AND +p.principalid IN ("+marks(len(principals))+
		") AND "+c.mask+" & ? <> 0)", append(anys(principals), int64(right))...)
}

// owners are the users and teams whose rows a privilege covers as own.
func (c *Caller) owners(p *privilege) []string {
	owners := slices.Clone(p.teams)
	if p.own {
		owners = append([]string{c.UserID}, c.Teams...)
	}
	return owners
}

// ownsAll reports whether filters leave only rows of an owner whose rows the person may read anyway, as those of "my active
// accounts" do: then no row has to be looked at for it.
func (c *Caller) ownsAll(t *table, filters []crmxml.Filter) bool {
	p := c.privileges[strings.ToLower(t.Privilege("Read"))]
	if p == nil || t.Ownership != schema.UserOwned {
		return false
	}
	owners := c.owners(p)
	return slices.ContainsFunc(filters, func(f crmxml.Filter) bool { return c.leavesOwned(f, owners) })
}

// leavesOwned reports whether what a filter lets pass belongs to one of the owners.
func (c *Caller) leavesOwned(f crmxml.Filter, owners []string) bool {
	if kind := strings.TrimSpace(f.Type); kind != "" && !strings.EqualFold(kind, "and") || f.QuickFind {
		return false
	}
	return slices.ContainsFunc(f.Conditions, func(one crmxml.Condition) bool {
		if one.Attribute != "ownerid" || one.EntityName != "" || one.ValueOf != "" || len(one.Values) > 0 {
			return false
		}
		switch one.Operator {
		case "eq":
			return slices.Contains(owners, guid(one.Value))
		case "eq-userid":
			return slices.Contains(owners, c.UserID)
		}
		return false
	}) || slices.ContainsFunc(f.Filters, func(inner crmxml.Filter) bool { return c.leavesOwned(inner, owners) })
}

func (c *Caller) inUnits(t *table, alias, column string, p *privilege) frag {
	units := slices.Clone(p.locals)
	for _, top := range p.parents {
		units = append(units, c.units[top]...)
	}
	if len(units) == 0 || t.byName[column] == nil {
		return frag{}
	}
	slices.Sort(units)
	units = slices.Compact(units)
	return text(alias+"."+quoted(column)+" IN ("+marks(len(units))+")", anys(units)...)
}

// verbs name the privilege behind each right, with the right's place in a mask.
var verbs = []struct {
	verb  string
	right Rights
}{
	{"Read", ReadAccess}, {"Write", WriteAccess}, {"Append", AppendAccess}, {"AppendTo", AppendToAccess}, {"Create", CreateAccess},
	{"Delete", DeleteAccess}, {"Share", ShareAccess}, {"Assign", AssignAccess},
}

// rightsOn is the mask of all rights on a row, as SQL.
func (c *Caller) rightsOn(t *table, alias string) frag {
	sum := text("0")
	for _, v := range verbs {
		reach := c.covering(t, alias, v.verb, v.right, c.sharedRow)
		switch reach.sql {
		case "0":
			continue
		case "":
			reach = text("1")
		}
		sum.sql += " + " + strconv.Itoa(int(v.right)) + " * coalesce(" + reach.sql + ", 0)"
		sum.args = append(sum.args, reach.args...)
	}
	return sum
}

// Access says what this person may do with a row, as RetrievePrincipalAccess does. The error's code is
// CodeObjectDoesNotExist for a row that does not exist.
func (db *DB) Access(ctx context.Context, c *Caller, name, id string) (Rights, error) {
	t := db.tables[name]
	if t == nil {
		return 0, refuse(CodeUnknownTable, "The entity with a name = '%s' with namemapping = 'Logical' was not found in the MetadataCache.", name)
	}
	list := c.rightsOn(t, "t0")
	var rights Rights
	found := false
	err := db.rows(ctx, "SELECT "+list.sql+" FROM "+t.sql+" t0 WHERE t0."+t.pk.sql+" = ?", append(list.args, guid(id)), 1, func(values []any) error {
		mask, _ := values[0].(int64)
		found, rights = true, Rights(mask)
		return nil
	})
	if err == nil && !found {
		err = refuse(CodeObjectDoesNotExist, "Entity '%s' With Id = %s Does Not Exist", t.SchemaName, id)
	}
	return rights, err
}

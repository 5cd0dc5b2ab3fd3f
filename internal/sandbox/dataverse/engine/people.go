package engine

import "strings"

// people answers the operators that compare with the person who asks; ok says whether the operator is one of them.
func (c *comparison) people() (part frag, ok bool, err error) {
	column := c.compared(c.field)
	if c.op == "eq-userlanguage" {
		if c.kind() != kInt {
			return frag{}, true, c.invalid("is for whole numbers")
		}
		return text(column+" = ?", int64(c.c.LCID)), true, nil
	}
	me, teams := []string{c.c.UserID}, c.c.Teams
	switch c.op {
	case "eq-userid":
		part = text(column+" = ?", c.c.UserID)
	case "ne-userid":
		part = c.orEmpty(text(column+" <> ?", c.c.UserID))
	case "eq-businessid":
		part = text(column+" = ?", c.c.BusinessUnitID)
	case "ne-businessid":
		part = c.orEmpty(text(column+" <> ?", c.c.BusinessUnitID))
	case "eq-userteams":
		part = text(column+" IN ("+marks(len(teams))+")", anys(teams)...)
	case "eq-useroruserteams":
		all := append(me, teams...)
		part = text(column+" IN ("+marks(len(all))+")", anys(all)...)
	case "eq-useroruserhierarchy", "eq-useroruserhierarchyandteams":
		people := c.below(c.db.tables["systemuser"], c.c.UserID, false)
		part = text(column+" IN ("+people.sql+")", people.args...)
		if c.op == "eq-useroruserhierarchyandteams" && c.db.tables["teammembership"] != nil {
			part = text("("+part.sql+" OR "+column+" IN (SELECT m.teamid FROM teammembership m WHERE m.systemuserid IN ("+people.sql+")))", append(part.args, people.args...)...)
		}
	default:
		return frag{}, false, nil
	}
	if c.kind() != kGUID {
		return frag{}, true, c.invalid("is for lookups and unique identifiers")
	}
	return part, true, nil
}

// hierarchy answers above and under, over the table that the column belongs or points to.
func (c *comparison) hierarchy() (frag, error) {
	t := c.src.table
	if c.kind() == kGUID && c.field.col != t.pk && c.field.col.Type.IsLookup() && c.field.col != t.parent {
		for _, target := range c.field.col.Targets {
			if other := c.db.tables[target]; other != nil && other.parent != nil {
				t = other
				break
			}
		}
	}
	if c.kind() != kGUID || t.parent == nil {
		return frag{}, c.invalid("is for tables with a hierarchy")
	}
	id := guid(c.values[0])
	if id == "" {
		return frag{}, c.mismatch(c.values[0])
	}
	if err := c.c.may(t, "Read"); err != nil {
		return frag{}, err
	}
	column := c.compared(c.field)
	tree := c.below(t, id, strings.Contains(c.op, "above"))
	part := text(column+" IN ("+tree.sql+")", tree.args...)
	switch c.op {
	case "above", "under":
		part = text("("+part.sql+" AND "+column+" <> ?)", append(part.args, id)...)
	case "not-under":
		part = c.orEmpty(text("("+column+" NOT IN ("+tree.sql+") OR "+column+" = ?)", append(tree.args, id)...))
	}
	return part, nil
}

// below selects a row with all rows under it, or above it with up.
func (q *query) below(t *table, id string, up bool) frag {
	if t == nil || t.parent == nil || !q.c.CanReadColumn(t.Table, t.parent.Column) {
		return text("?", id)
	}
	own := ""
	if t.parent.target != "" {
		own = " AND r." + t.parent.target + " = '" + t.LogicalName + "'"
	}
	key, parent := "r."+t.pk.sql, "r."+t.parent.sql
	step := "SELECT " + key + " FROM " + t.sql + " r JOIN h ON " + parent + " = h.id WHERE 1" + own
	if up {
		step = "SELECT " + parent + " FROM " + t.sql + " r JOIN h ON " + key + " = h.id WHERE " + parent + " IS NOT NULL" + own
	}
	return text("WITH RECURSIVE h(id) AS (SELECT ? UNION "+step+") SELECT id FROM h", id)
}

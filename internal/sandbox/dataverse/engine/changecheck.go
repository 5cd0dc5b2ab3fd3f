package engine

import (
	"slices"
	"strings"
)

// accept puts a row's values, converted and checked, where their columns are, and lists the columns that were given.
// Columns that are not valid for writing are ignored, as the service does.
func (x *Change) accept(t *table, row Row, values []stored, creating bool) ([]*column, error) {
	given := make([]*column, 0, len(row))
	for name, v := range row {
		c := t.byName[strings.ToLower(name)]
		if c == nil {
			if base, ok := strings.CutSuffix(name, "@table"); ok && t.byName[base] != nil {
				continue
			}
			return nil, refuse(CodeUnknownColumn, "'%s' entity doesn't contain attribute with Name = '%s' and NameMapping = 'Logical'.", t.SchemaName, name)
		}
		if !c.writable(creating, x.message) {
			continue
		}
		if err := x.mayWrite(c, creating); err != nil {
			return nil, err
		}
		s, err := c.value(v, row)
		if err != nil {
			return nil, refuse(CodeIncorrectValueType, "Incorrect attribute value type for '%s' of '%s': %s.", c.LogicalName, t.LogicalName, err)
		}
		if s.plain == nil {
			s.target = ""
		}
		if s, err = c.valid(s); err != nil {
			return nil, err
		}
		values[c.at] = s
		given = append(given, c)
	}
	slices.SortFunc(given, func(a, b *column) int { return a.at - b.at })
	return given, nil
}

// writable reports whether people give the column's value. Messages also give values that the service keeps itself.
func (c *column) writable(creating, message bool) bool {
	switch {
	case c.ReadOnly && !message, c.kind == kNone, c.LogicalName == "versionnumber", c.BaseOf != "", c.Source != 0:
		return false
	case creating:
		return !c.UpdateOnly
	}
	return !c.CreateOnly && c != c.table.pk
}

// mayWrite refuses whom column security keeps from writing.
func (x *Change) mayWrite(c *column, creating bool) error {
	if !c.Secured || x.c.Administrator {
		return nil
	}
	held := x.c.columns[c.table.LogicalName+"."+c.LogicalName]
	switch {
	case creating && held&columnCreate == 0:
		return refuse(CodeColumnCreateDenied, "The user does not have create permissions to a secured field. The requested operation could not be completed. Attribute: '%s'.", c.LogicalName)
	case !creating && held&columnUpdate == 0:
		return refuse(CodeColumnUpdateDenied, "The user with id '%s' does not have update permission to the secured attribute '%s' of '%s'.", x.c.UserID, c.LogicalName, c.table.LogicalName)
	}
	return nil
}

// links reports whether setting the column ties two rows together, which takes Append and AppendTo. Who takes part in an
// activity is no such tie.
func (c *column) links() bool {
	return c.Type.IsLookup() && c != c.table.filled.owner && c.table.LogicalName != activityParty
}

// linkable checks the row that a lookup is to point to.
func (x *Change) linkable(c *column, v stored) error {
	t := x.db.tables[v.target]
	if t == nil {
		return nil // a lookup to a table that the model does not have
	}
	id := v.plain.(string)
	rights, there, err := x.rights(t, id)
	switch {
	case err != nil:
		return err
	case !there:
		return x.noSuchRow(t, id)
	case c.links():
		return x.need(&current{table: t, id: id, rights: rights}, "AppendTo", AppendToAccess)
	}
	return nil
}

// settle checks what depends on several columns and on other rows.
func (x *Change) settle(t *table, id string, given []*column, before, after []stored) error {
	if err := x.consistent(t, id, before, after); err != nil {
		return err
	}
	for _, c := range given {
		v := after[c.at]
		if !c.Type.IsLookup() || v.plain == nil || before != nil && before[c.at] == v {
			continue
		}
		if err := x.linkable(c, v); err != nil {
			return err
		}
		if c == t.parent && v.target == t.LogicalName {
			if err := x.noLoop(t, id, v.plain.(string)); err != nil {
				return err
			}
		}
	}
	for _, c := range t.columns {
		if c.Required == "SystemRequired" && c.kind != kNone && after[c.at].plain == nil {
			return refuse(CodeInvalidArgument, "The attribute '%s' of '%s' is required and cannot be null.", c.LogicalName, t.LogicalName)
		}
	}
	return x.unique(t, id, before, after)
}

// noLoop refuses a parent that is the row itself or stands below it.
func (x *Change) noLoop(t *table, id, parent string) error {
	for seen := map[string]bool{}; parent != "" && !seen[parent]; {
		if parent == id {
			return refuse(CodeLoop, "Creating this parental association would create a loop in this hierarchy.")
		}
		seen[parent] = true
		where := ""
		if t.parent.target != "" {
			where = " AND " + t.parent.target + " = '" + t.LogicalName + "'"
		}
		v, err := x.w.one("SELECT "+t.parent.sql+" FROM "+t.sql+" WHERE "+t.pk.sql+" = ?"+where, parent)
		if err != nil {
			return err
		}
		parent, _ = v.(string)
	}
	return nil
}

// unique refuses a second row with the values of an alternate key.
func (x *Change) unique(t *table, id string, before, after []stored) error {
	for _, key := range t.Keys {
		changed, whole := before == nil, true
		where, args := []string{t.pk.sql + " <> ?"}, []any{id}
		for _, name := range key.Columns {
			c := t.byName[name]
			if c == nil || after[c.at].plain == nil {
				whole = false
				break
			}
			changed = changed || before[c.at] != after[c.at]
			place, v := c.keyed(after[c.at])
			where, args = append(where, place+" = ?"), append(args, v)
		}
		if !changed || !whole {
			continue
		}
		other, err := x.w.one("SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+strings.Join(where, " AND ")+" LIMIT 1", args...)
		if err != nil {
			return err
		}
		if other != nil {
			return refuse(CodeDuplicateKey, "A record that has the attribute values %s already exists. The entity key %s requires that this set of attributes contains unique values. Select unique values and try again.",
				strings.Join(key.Columns, ", "), key.Name)
		}
	}
	return nil
}

// keyed is where and how a column of an alternate key is looked up.
func (c *column) keyed(v stored) (place string, value any) {
	if s, ok := v.plain.(string); ok && c.folded != "" {
		return c.folded, fold(s)
	}
	return c.sql, v.plain
}

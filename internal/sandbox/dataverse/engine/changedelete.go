package engine

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Delete removes a row with what hangs on it, as its relationships say: rows that cascade go with it, restricting ones
// forbid it, and all others lose their link. The guard is asked first.
func (x *Change) Delete(name, id string, g Guard) error {
	return x.operation(func() error {
		t, err := x.written(name, "Delete")
		if err != nil {
			return err
		}
		r, err := x.held(t, id, g, "Delete", DeleteAccess)
		if err != nil {
			return err
		}
		if r == nil {
			return x.noSuchRow(t, id)
		}
		return x.remove(r, map[string]bool{})
	})
}

// pointer is a lookup through which rows point to a table.
type pointer struct {
	*column
	schema.Cascades
}

// pointers lists the lookups that point to a table, without those that only tell who did something.
func (db *DB) pointers(name string) []pointer {
	var list []pointer
	for _, t := range db.ordered {
		if t.union || t.LogicalName == auditTable {
			continue
		}
		for _, c := range t.columns {
			if !c.Type.IsLookup() || !slices.Contains(c.Targets, name) || c == t.filled.createdBy || c == t.filled.modifiedBy {
				continue
			}
			p := pointer{c, c.CascadesOf(name)}
			switch c {
			case t.filled.owner, t.filled.owningUnit, t.filled.currency:
				p.Delete = schema.Restrict // a row cannot be without
			case t.filled.owningUser, t.filled.owningTeam:
				continue
			}
			list = append(list, p)
		}
	}
	return list
}

// rowsOf lists the ids of the rows whose lookup points to r.
func (x *Change) rowsOf(p pointer, r *current, limit string) ([]string, error) {
	where, args := p.sql+" = ?", []any{r.id}
	if p.target != "" {
		where, args = where+" AND "+p.target+" = ?", append(args, r.LogicalName)
	}
	rows, err := x.w.rows("SELECT "+p.table.pk.sql+" FROM "+p.table.sql+" WHERE "+where+limit, args)
	ids := make([]string, 0, len(rows))
	for _, v := range rows {
		if id, ok := v[0].(string); ok && id != r.id {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// remove deletes a row; gone are the rows on their way out, which may point to each other.
func (x *Change) remove(r *current, gone map[string]bool) error {
	if err := x.need(r, "Delete", DeleteAccess); err != nil {
		return err
	}
	if r.LogicalName == activityParty && len(gone) == 0 {
		if err := x.mayChangeParties(r.table, r.values); err != nil {
			return err
		}
	}
	gone[r.id] = true
	for _, p := range x.db.points[r.LogicalName] {
		limit := ""
		if p.Delete == schema.Restrict {
			limit = " LIMIT 2"
		}
		ids, err := x.rowsOf(p, r, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := x.release(p, id, gone); err != nil {
				return err
			}
		}
	}
	if err := x.untie(r); err != nil {
		return err
	}
	if err := x.audit(r, auditDelete, r.values, nil); err != nil {
		return err
	}
	version := x.wrote(r.table)
	if r.Tracked {
		if err := x.w.exec(`INSERT INTO "~deleted" (tbl, version, id, at) VALUES (?, ?, ?, ?)`, r.LogicalName, version, r.id, x.now); err != nil {
			return err
		}
	}
	return x.w.exec("DELETE FROM "+r.sql+" WHERE "+r.pk.sql+" = ?", r.id)
}

// release does with a row what the relationship says when the row that it points to goes.
func (x *Change) release(p pointer, id string, gone map[string]bool) error {
	if gone[id] {
		return nil
	}
	switch p.Delete {
	case schema.Restrict:
		return refuse(CodeCannotDelete, "The object you tried to delete is associated with another object and cannot be deleted. Rows of '%s' refer to it by '%s'.", p.table.LogicalName, p.LogicalName)
	case schema.Cascade:
		child, err := x.find(p.table, id)
		if err != nil || child == nil {
			return err
		}
		return x.remove(child, gone)
	}
	row, err := x.find(p.table, id)
	if err != nil || row == nil {
		return err
	}
	values := slices.Clone(row.values)
	values[p.at] = stored{}
	if err := x.audit(row, auditUpdate, row.values, values); err != nil {
		return err
	}
	if err := x.store(row, values); err != nil {
		return err
	}
	return x.moved(row, row.values, values)
}

// untie removes what is nobody's own row: shares of the row, and its many-to-many ties.
func (x *Change) untie(r *current) error {
	if t := x.db.tables[shareTable]; t != nil {
		for _, name := range []string{"objectid", "principalid"} {
			if name == "principalid" && r.LogicalName != "team" {
				continue
			}
			if err := x.dropWhere(t, t.byName[name], r.id); err != nil {
				return err
			}
		}
	}
	for i := range x.db.model.ManyToMany {
		m := &x.db.model.ManyToMany[i]
		t := x.db.tables[m.Intersect]
		for _, end := range []struct{ entity, column string }{{m.Entity1, m.Attribute1}, {m.Entity2, m.Attribute2}} {
			if t == nil || end.entity != r.LogicalName {
				continue
			}
			if err := x.dropWhere(t, t.byName[end.column], r.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *Change) dropWhere(t *table, c *column, id string) error {
	if c == nil {
		return nil
	}
	there, err := x.w.one("SELECT 1 FROM "+t.sql+" WHERE "+c.sql+" = ? LIMIT 1", id)
	if err != nil || there == nil {
		return err
	}
	x.wrote(t)
	return x.w.exec("DELETE FROM "+t.sql+" WHERE "+c.sql+" = ?", id)
}

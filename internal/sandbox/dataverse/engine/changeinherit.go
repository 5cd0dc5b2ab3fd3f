package engine

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// keptShare is a row of principalobjectaccess.
type keptShare struct {
	id        string // "" when there is none yet
	principal Ref
	direct    Rights // given on the row itself
	inherited Rights // given on a row that this one belongs to by a parental relationship
}

// shareMask is all that a share p gives, as SQL.
func shareMask(t *table) string {
	if t.byName["inheritedaccessrightsmask"] == nil {
		return "p.accessrightsmask"
	}
	return "(p.accessrightsmask | coalesce(p.inheritedaccessrightsmask, 0))"
}

// sharesOf lists the shares of a row.
func (x *Change) sharesOf(shares *table, id string) ([]keptShare, error) {
	inherited := shares.or("inheritedaccessrightsmask", "0")
	rows, err := x.w.rows("SELECT "+shares.pk.sql+", principaltypecode, principalid, accessrightsmask, "+inherited+" FROM "+shares.sql+" WHERE objectid = ?", []any{id})
	list := make([]keptShare, len(rows))
	for i, v := range rows {
		k := &list[i]
		k.id, _ = v[0].(string)
		k.principal.Table, _ = v[1].(string)
		k.principal.ID, _ = v[2].(string)
		direct, _ := v[3].(int64)
		above, _ := v[4].(int64)
		k.direct, k.inherited = Rights(direct), Rights(above)
	}
	return list, err
}

// shareOf is what is shared of a row with somebody.
func (x *Change) shareOf(shares *table, id string, principal Ref) (keptShare, error) {
	list, err := x.sharesOf(shares, id)
	for _, k := range list {
		if k.principal.ID == principal.ID {
			return k, err
		}
	}
	return keptShare{principal: principal}, err
}

// keepShare writes a share, and removes one that gives nothing.
func (x *Change) keepShare(shares *table, r *current, k keptShare) error {
	switch {
	case k.direct|k.inherited == 0 && k.id == "":
		return nil
	case k.direct|k.inherited == 0:
		x.wrote(shares)
		return x.w.exec("DELETE FROM "+shares.sql+" WHERE "+shares.pk.sql+" = ?", k.id)
	}
	values := make([]stored, len(shares.columns))
	set := func(name string, v any) { shares.put(values, name, stored{plain: v}) }
	set("principalid", k.principal.ID)
	set("principaltypecode", k.principal.Table)
	set("objectid", r.id)
	set("objecttypecode", r.LogicalName)
	set("accessrightsmask", int64(k.direct))
	set("inheritedaccessrightsmask", int64(k.inherited))
	if k.id != "" {
		x.wrote(shares)
		if err := x.w.exec("DELETE FROM "+shares.sql+" WHERE "+shares.pk.sql+" = ?", k.id); err != nil {
			return err
		}
		values[shares.pk.at] = stored{plain: k.id}
	}
	if err := x.fill(shares, values); err != nil {
		return err
	}
	return x.insert(shares, values)
}

// inherits reports whether rows with these values take shares over from the row that a lookup points to.
func (c *column) inherits(v stored) bool {
	return c.Type.IsLookup() && v.plain != nil && c.CascadesOf(v.target).Assign == schema.Cascade
}

// inherit brings what a row takes over from the rows that it belongs to up to date, and reports whether that has changed.
func (x *Change) inherit(r *current) (changed bool, err error) {
	shares := x.db.tables[shareTable]
	if shares == nil || shares.byName["inheritedaccessrightsmask"] == nil || !r.owned() {
		return false, nil
	}
	above := map[Ref]Rights{}
	for _, c := range r.columns {
		if v := r.values[c.at]; c.inherits(v) {
			list, err := x.sharesOf(shares, v.plain.(string))
			if err != nil {
				return false, err
			}
			for _, k := range list {
				above[k.principal] |= k.direct | k.inherited
			}
		}
	}
	own, err := x.sharesOf(shares, r.id)
	if err != nil {
		return false, err
	}
	for _, k := range own {
		now := above[k.principal]
		delete(above, k.principal)
		if now == k.inherited {
			continue
		}
		k.inherited, changed = now, true
		if err := x.keepShare(shares, r, k); err != nil {
			return false, err
		}
	}
	for principal, rights := range above {
		changed = true
		if err := x.keepShare(shares, r, keptShare{principal: principal, inherited: rights}); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// moved lets a row that is new, or that belongs to another row than before, take over the shares of where it is.
func (x *Change) moved(r *current, before, after []stored) error {
	for _, c := range r.columns {
		was := before != nil && c.inherits(before[c.at])
		if !was && !c.inherits(after[c.at]) || before != nil && before[c.at] == after[c.at] {
			continue
		}
		now := &current{table: r.table, id: r.id, values: after}
		changed, err := x.inherit(now)
		if err != nil || !changed {
			return err
		}
		return x.descend(now, map[string]bool{r.id: true}, x.inherit)
	}
	return nil
}

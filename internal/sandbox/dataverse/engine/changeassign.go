package engine

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// assign moves a row that gets another owner to that owner's unit, and reports whether it does.
func (x *Change) assign(r *current, values []stored) (bool, error) {
	f := &r.filled
	if f.owner == nil || values[f.owner.at] == r.values[f.owner.at] {
		return false, nil
	}
	to := values[f.owner.at]
	if to.plain == nil {
		return false, refuse(CodeInvalidArgument, "The attribute 'ownerid' of '%s' is required and cannot be null.", r.LogicalName)
	}
	if err := x.need(r, "Assign", AssignAccess); err != nil {
		return false, err
	}
	if err := x.ownable(r.table, to); err != nil {
		return false, err
	}
	return true, x.give(r.table, to, values)
}

// give sets the columns that say to whom a row belongs.
func (x *Change) give(t *table, to stored, values []stored) error {
	unit, known := x.unitOf(to.plain.(string))
	if !known {
		return refuse(CodeObjectDoesNotExist, "%s With Id = %s Does Not Exist", to.target, to.plain)
	}
	f := &t.filled
	set := func(c *column, v stored) {
		if c != nil {
			values[c.at] = v
		}
	}
	set(f.owner, to)
	set(f.owningUnit, stored{unit, "businessunit"})
	set(f.owningUser, stored{})
	set(f.owningTeam, stored{})
	if to.target == "team" {
		set(f.owningTeam, to)
	} else {
		set(f.owningUser, to)
	}
	return nil
}

// ownable refuses an owner who could not even read the row: the service lets nobody own what they have no privilege for.
func (x *Change) ownable(t *table, to stored) error {
	id, privilege := to.plain.(string), schema.PrivilegeID(t.Privilege("Read"))
	if _, known := x.unitOf(id); !known {
		return refuse(CodeObjectDoesNotExist, "%s With Id = %s Does Not Exist", to.target, id)
	}
	ways := []string{"teamroles s ON s.teamid = ?1"}
	tables := []string{"role", "roleprivileges", "teamroles"}
	if to.target != "team" {
		ways = []string{"systemuserroles s ON s.systemuserid = ?1", "teammembership m ON m.systemuserid = ?1 JOIN teamroles s ON s.teamid = m.teamid"}
		tables = append(tables, "systemuserroles", "teammembership")
	}
	if slices.ContainsFunc(tables, func(name string) bool { return x.db.tables[name] == nil }) {
		return nil
	}
	for _, way := range ways {
		text := "SELECT 1 FROM roleprivileges p JOIN " + way + " JOIN role r ON r.roleid = s.roleid AND p.roleid = " + x.db.tables["role"].root() +
			" WHERE p.privilegeid = ?2 AND p.privilegedepthmask <> 0 LIMIT 1"
		if held, err := x.w.one(text, id, privilege); err != nil || held != nil {
			return err
		}
	}
	return refuse(CodePrincipalDenied, "Target user or team does not hold required privileges. %s with id %s is missing %s.", to.target, id, t.Privilege("Read"))
}

// assignBelow gives rows of parental relationships to the new owner as well, as far as the person may assign them.
func (x *Change) assignBelow(r *current, to stored, done map[string]bool) error {
	return x.descend(r, done, func(child *current) (bool, error) {
		if child.rights&AssignAccess == 0 || child.values[child.filled.owner.at] == to {
			return false, nil
		}
		return true, x.pass(child, to)
	})
}

// descend visits the rows that belong to a row by a parental relationship, each once, and goes on below those for which
// visit says so.
func (x *Change) descend(r *current, done map[string]bool, visit func(child *current) (on bool, err error)) error {
	for _, p := range x.db.points[r.LogicalName] {
		if p.Assign != schema.Cascade || !p.table.owned() {
			continue
		}
		ids, err := x.rowsOf(p, r, "")
		if err != nil {
			return err
		}
		for _, id := range ids {
			if done[id] {
				continue
			}
			done[id] = true
			child, err := x.find(p.table, id)
			if err != nil {
				return err
			}
			if child == nil {
				continue
			}
			on, err := visit(child)
			if err == nil && on {
				err = x.descend(child, done, visit)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// pass gives one row to another owner.
func (x *Change) pass(r *current, to stored) error {
	values := slices.Clone(r.values)
	if err := x.give(r.table, to, values); err != nil {
		return err
	}
	x.stamp(r, values)
	if err := x.audit(r, auditUpdate, r.values, values); err != nil {
		return err
	}
	return x.store(r, values)
}

// relocate follows a user to another business unit: the rows that they own go along, and their roles, which are those of
// the old unit, are taken from them, as the service does.
func (x *Change) relocate(r *current, values []stored) error {
	c := r.byName["businessunitid"]
	if r.LogicalName != "systemuser" || c == nil || values[c.at] == r.values[c.at] || values[c.at].plain == nil {
		return nil
	}
	delete(x.units, r.id)
	for _, t := range x.db.ordered {
		f := &t.filled
		if t.union || !t.owned() || f.owningUnit == nil {
			continue
		}
		there, err := x.w.one("SELECT 1 FROM "+t.sql+" WHERE "+f.owner.sql+" = ? LIMIT 1", r.id)
		if err != nil {
			return err
		}
		if there == nil {
			continue
		}
		if err := x.w.exec("UPDATE "+t.sql+" SET "+f.owningUnit.sql+` = ?, "versionnumber" = ? WHERE `+f.owner.sql+" = ?", values[c.at].plain, x.wrote(t), r.id); err != nil {
			return err
		}
	}
	if t := x.db.tables["usersettings"]; t != nil && t.byName["businessunitid"] != nil {
		if err := x.w.exec("UPDATE "+t.sql+` SET businessunitid = ?, "versionnumber" = ? WHERE systemuserid = ?`, values[c.at].plain, x.wrote(t), r.id); err != nil {
			return err
		}
	}
	if t := x.db.tables["systemuserroles"]; t != nil {
		return x.dropWhere(t, t.byName["systemuserid"], r.id)
	}
	return nil
}

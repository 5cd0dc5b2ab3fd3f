package engine

import (
	"slices"
)

// Create adds a row and gives its id: the row's own, or a new one. What the row leaves out is filled as on a Load; the
// person is its owner unless the row names another.
func (x *Change) Create(name string, row Row) (id string, err error) {
	err = x.operation(func() error {
		id, err = x.create(name, row)
		return err
	})
	return id, err
}

// Update changes the columns of a row that are in row; a nil value clears one. The guard is asked first.
func (x *Change) Update(name, id string, row Row, g Guard) error {
	return x.operation(func() error {
		t, err := x.written(name, "Update")
		if err != nil {
			return err
		}
		r, err := x.guarded(t, id, g)
		if err != nil {
			return err
		}
		if r == nil {
			return x.noSuchRow(t, id)
		}
		return x.update(r, row)
	})
}

// Upsert updates the row with that id, or creates it when there is none.
func (x *Change) Upsert(name, id string, row Row, g Guard) (created bool, err error) {
	err = x.operation(func() error {
		t, err := x.written(name, "Update")
		if err != nil {
			return err
		}
		r, err := x.guarded(t, id, g)
		if err != nil {
			return err
		}
		if r != nil {
			return x.update(r, row)
		}
		fresh := Row{}
		for column, v := range row {
			fresh[column] = v
		}
		fresh[t.PrimaryID] = id
		created = true
		_, err = x.create(name, fresh)
		return err
	})
	return created && err == nil, err
}

// Version is the version number of a row; false when there is none, or none that the person may read.
func (x *Change) Version(name, id string) (int64, bool, error) {
	t, err := x.table(name)
	if err != nil {
		return 0, false, err
	}
	r, err := x.find(t, id)
	if err != nil || r == nil || r.rights&ReadAccess == 0 {
		return 0, false, err
	}
	return r.version, true, nil
}

// guarded reads a row and holds the guard against it; nil when there is no row and the guard does not mind.
func (x *Change) guarded(t *table, id string, g Guard) (*current, error) {
	r, err := x.find(t, id)
	switch {
	case err != nil:
		return nil, err
	case r == nil && (g.MustExist || g.Version != 0):
		return nil, x.noSuchRow(t, id)
	case r == nil:
		return nil, nil
	case g.MustNotExist:
		return nil, refuse(CodeDuplicateRecord, "A record with matching key values already exists.")
	case g.Version != 0 && g.Version != r.version:
		return nil, refuse(CodeVersionMismatch, "The version of the existing record doesn't match the RowVersion property provided.")
	}
	return r, nil
}

func (x *Change) create(name string, row Row) (string, error) {
	t, err := x.written(name, "Create")
	if err != nil {
		return "", err
	}
	if err := x.c.may(t, "Create"); err != nil {
		return "", err
	}
	values := make([]stored, len(t.columns))
	given, err := x.accept(t, row, values, true)
	if err != nil {
		return "", err
	}
	if o := t.filled.owner; o != nil && values[o.at].plain == nil {
		values[o.at] = stored{x.c.UserID, "systemuser"}
	}
	if err := x.fill(t, values); err != nil {
		return "", refuse(CodeInvalidArgument, "%s", err)
	}
	id := values[t.pk.at].plain.(string)
	if old, err := x.find(t, id); err != nil || old != nil {
		if err == nil {
			err = refuse(CodeDuplicateRecord, "Cannot insert duplicate key.")
		}
		return "", err
	}
	for _, need := range []struct {
		verb  string
		right Rights
		asked bool
	}{{"Create", CreateAccess, true}, {"Append", AppendAccess, slices.ContainsFunc(given, (*column).links)}} {
		if !need.asked {
			continue
		}
		ok, err := x.covers(t, values, need.verb, need.right)
		if err == nil && !ok {
			if err = x.c.may(t, need.verb); err == nil {
				err = x.noAccess(t, id, need.verb)
			}
		}
		if err != nil {
			return "", err
		}
	}
	if err := x.settle(t, id, given, nil, values); err != nil {
		return "", err
	}
	return id, x.insert(t, values)
}

func (x *Change) update(r *current, row Row) error {
	if err := x.need(r, "Write", WriteAccess); err != nil {
		return err
	}
	values := slices.Clone(r.values)
	given, err := x.accept(r.table, row, values, false)
	if err != nil {
		return err
	}
	linked := func(c *column) bool { return c.links() && values[c.at].plain != nil && values[c.at] != r.values[c.at] }
	if slices.ContainsFunc(given, linked) {
		if err := x.need(r, "Append", AppendAccess); err != nil {
			return err
		}
	}
	if err := x.assign(r, values); err != nil {
		return err
	}
	f := &r.filled
	if f.modified != nil {
		values[f.modified.at] = stored{plain: x.now}
	}
	if f.modifiedBy != nil {
		values[f.modifiedBy.at] = stored{x.c.UserID, "systemuser"}
	}
	x.restate(r, given, values)
	x.reprice(r, given, values)
	if err := x.settle(r.table, r.id, given, r.values, values); err != nil {
		return err
	}
	return x.store(r, values)
}

// settle checks what depends on several columns and on other rows.
func (x *Change) settle(t *table, id string, given []*column, before, after []stored) error {
	if err := x.consistent(t, id, after); err != nil {
		return err
	}
	for _, c := range given {
		if v := after[c.at]; c.Type.IsLookup() && v.plain != nil && (before == nil || before[c.at] != v) {
			if err := x.linkable(c, v); err != nil {
				return err
			}
		}
	}
	return x.unique(t, id, before, after)
}

// assign moves a row to the unit of its new owner.
func (x *Change) assign(r *current, values []stored) error {
	f := &r.filled
	if f.owner == nil || values[f.owner.at] == r.values[f.owner.at] {
		return nil
	}
	to := values[f.owner.at]
	if to.plain == nil {
		return refuse(CodeInvalidArgument, "The owner of a row of '%s' cannot be cleared.", r.LogicalName)
	}
	if err := x.need(r, "Assign", AssignAccess); err != nil {
		return err
	}
	unit, ok := x.unit(to.plain.(string))
	if !ok {
		return refuse(CodeObjectDoesNotExist, "%s With Id = %s Does Not Exist", to.target, to.plain)
	}
	set := func(c *column, v stored) {
		if c != nil {
			values[c.at] = v
		}
	}
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

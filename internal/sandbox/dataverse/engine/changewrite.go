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
	rights := x.rightsOn(t)
	rows, err := x.w.rows(`SELECT t0."versionnumber", `+rights.sql+" FROM "+t.sql+" t0 WHERE t0."+t.pk.sql+" = ?", append(slices.Clone(rights.args), guid(id)))
	if err != nil || len(rows) == 0 {
		return 0, false, err
	}
	version, _ := rows[0][0].(int64)
	mask, _ := rows[0][1].(int64)
	if (Rights(mask)|x.ownSettings(t, guid(id)))&ReadAccess == 0 {
		return 0, false, nil
	}
	return version, true, nil
}

// guarded is held for people who may write the row.
func (x *Change) guarded(t *table, id string, g Guard) (*current, error) {
	return x.held(t, id, g, "Write", WriteAccess)
}

// held reads a row and holds the guard against it, for people with a right on the row: nobody else learns its version.
// It answers nil when there is no row and the guard does not mind.
func (x *Change) held(t *table, id string, g Guard, verb string, right Rights) (*current, error) {
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
	}
	if err := x.need(r, verb, right); err != nil {
		return nil, err
	}
	if g.Version != 0 && g.Version != r.version {
		return nil, refuse(CodeVersionMismatch, "The version of the existing record doesn't match the RowVersion property provided.")
	}
	return r, nil
}

func (x *Change) create(name string, row Row) (string, error) {
	t, err := x.written(name, "Create")
	if err != nil {
		return "", err
	}
	return x.createIn(t, row)
}

func (x *Change) createIn(t *table, row Row) (string, error) {
	if err := x.c.may(t, "Create"); err != nil {
		return "", err
	}
	values := make([]stored, len(t.columns))
	given, err := x.accept(t, row, values, true)
	if err != nil {
		return "", err
	}
	if err := x.complete(t, given, values); err != nil {
		return "", err
	}
	id := values[t.pk.at].plain.(string)
	if _, there, err := x.rights(t, id); err != nil || there {
		if err == nil {
			err = refuse(CodeDuplicateRecord, "Cannot insert duplicate key.")
		}
		return "", err
	}
	if err := x.mayCreate(t, given, values); err != nil {
		return "", err
	}
	if err := x.settle(t, id, given, nil, values); err != nil {
		return "", err
	}
	if err := x.insert(t, values); err != nil {
		return "", err
	}
	if err := x.parties(t, id, row); err != nil {
		return "", err
	}
	r := &current{table: t, id: id}
	if err := x.moved(r, nil, values); err != nil {
		return "", err
	}
	return id, x.audit(r, auditCreate, nil, values)
}

// complete fills a new row: its owner, numbers, defaults and what follows from other columns.
func (x *Change) complete(t *table, given []*column, values []stored) error {
	if o := t.filled.owner; o != nil && values[o.at].plain == nil {
		values[o.at] = stored{x.c.UserID, "systemuser"}
	}
	if f := &t.filled; f.state != nil && f.status != nil && values[f.state.at].plain == nil {
		status := values[f.status.at] // does not decide the state, as it does when rows are loaded
		values[f.status.at] = stored{}
		if f.fillState(values); status.plain != nil {
			values[f.status.at] = status
		}
	}
	if err := x.number(t, values); err != nil {
		return err
	}
	x.roundMoney(t, given, values)
	if o := t.filled.owner; o != nil {
		if _, known := x.unitOf(values[o.at].plain.(string)); !known {
			return refuse(CodeObjectDoesNotExist, "%s With Id = %s Does Not Exist", values[o.at].target, values[o.at].plain)
		}
	}
	if err := x.fill(t, values); err != nil {
		return refuse(CodeInvalidArgument, "%s", err)
	}
	return x.compute(t, given, nil, values)
}

// mayCreate holds a new row against what the person may create, tie and give to others.
func (x *Change) mayCreate(t *table, given []*column, values []stored) error {
	if t.LogicalName == activityParty {
		return x.mayChangeParties(t, values)
	}
	needs := []Rights{CreateAccess}
	if slices.ContainsFunc(given, func(c *column) bool { return c.links() && values[c.at].plain != nil }) {
		needs = append(needs, AppendAccess)
	}
	for _, v := range verbs {
		if !slices.Contains(needs, v.right) {
			continue
		}
		covered, err := x.covers(t, values, v.verb, v.right)
		if err != nil {
			return err
		}
		if !covered {
			if err := x.c.may(t, v.verb); err != nil {
				return err
			}
			return x.noAccess(t, values[t.pk.at].plain.(string), v.verb)
		}
	}
	if o := t.filled.owner; o != nil && values[o.at].plain != x.c.UserID {
		return x.ownable(t, values[o.at])
	}
	return nil
}

// update changes a row that guarded has found.
func (x *Change) update(r *current, row Row) error {
	if r.LogicalName == activityParty {
		if err := x.mayChangeParties(r.table, r.values); err != nil {
			return err
		}
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
	assigned, err := x.assign(r, values)
	if err != nil {
		return err
	}
	x.stamp(r, values)
	x.restate(r, given, values)
	x.reprice(r, given, values)
	if err := x.compute(r.table, given, r.values, values); err != nil {
		return err
	}
	if err := x.settle(r.table, r.id, given, r.values, values); err != nil {
		return err
	}
	if err := x.parties(r.table, r.id, row); err != nil {
		return err
	}
	if err := x.audit(r, auditUpdate, r.values, values); err != nil {
		return err
	}
	if err := x.store(r, values); err != nil {
		return err
	}
	if err := x.relocate(r, values); err != nil {
		return err
	}
	if err := x.moved(r, r.values, values); err != nil || !assigned {
		return err
	}
	return x.assignBelow(r, values[r.filled.owner.at], map[string]bool{r.id: true})
}

// stamp says who changed a row, and when.
func (x *Change) stamp(r *current, values []stored) {
	f := &r.filled
	if f.modified != nil {
		values[f.modified.at] = stored{plain: x.now}
	}
	if f.modifiedBy != nil {
		values[f.modifiedBy.at] = stored{x.c.UserID, "systemuser"}
	}
}

package engine

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Associate ties two rows by a many-to-many relationship. Rows that are tied already stay so.
func (x *Change) Associate(relationship string, from, to Ref) error {
	return x.operation(func() error {
		m, left, right, err := x.ends(relationship, from, to)
		if err != nil {
			return err
		}
		t := x.db.tables[m.Intersect]
		tied, err := x.tie(t, m, left.id, right.id)
		if err != nil || tied != "" {
			return err
		}
		values := make([]stored, len(t.columns))
		values[t.byName[m.Attribute1].at], values[t.byName[m.Attribute2].at] = stored{plain: left.id}, stored{plain: right.id}
		if err := x.fill(t, values); err != nil {
			return err
		}
		if err := x.auditTie(left, auditAssociate, relationship, right); err != nil {
			return err
		}
		return x.insert(t, values)
	})
}

// Disassociate unties two rows; it does not mind when they are not tied.
func (x *Change) Disassociate(relationship string, from, to Ref) error {
	return x.operation(func() error {
		m, left, right, err := x.ends(relationship, from, to)
		if err != nil {
			return err
		}
		t := x.db.tables[m.Intersect]
		tied, err := x.tie(t, m, left.id, right.id)
		if err != nil || tied == "" {
			return err
		}
		if err := x.auditTie(left, auditDisassociate, relationship, right); err != nil {
			return err
		}
		x.wrote(t)
		return x.w.exec("DELETE FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", tied)
	})
}

// ends finds the rows at both ends of a relationship, in the relationship's own order.
func (x *Change) ends(relationship string, from, to Ref) (m *schema.ManyToMany, left, right *current, err error) {
	for i := range x.db.model.ManyToMany {
		if x.db.model.ManyToMany[i].SchemaName == relationship {
			m = &x.db.model.ManyToMany[i]
		}
	}
	if m == nil || x.db.tables[m.Intersect] == nil {
		return nil, nil, nil, refuse(CodeInvalidArgument, "There is no many-to-many relationship '%s'.", relationship)
	}
	if from.Table != m.Entity1 {
		from, to = to, from
	}
	if from.Table != m.Entity1 || to.Table != m.Entity2 {
		return nil, nil, nil, refuse(CodeInvalidArgument, "The relationship '%s' is between '%s' and '%s'.", relationship, m.Entity1, m.Entity2)
	}
	for _, end := range []struct {
		ref Ref
		row **current
	}{{from, &left}, {to, &right}} {
		t := x.db.tables[end.ref.Table]
		r, err := x.find(t, end.ref.ID)
		if err == nil && r == nil {
			err = x.noSuchRow(t, end.ref.ID)
		}
		if err == nil {
			err = x.need(r, "Append", AppendAccess)
		}
		if err != nil {
			return nil, nil, nil, err
		}
		*end.row = r
	}
	return m, left, right, nil
}

// tie is the id of the intersect row between two rows; "" when there is none.
func (x *Change) tie(t *table, m *schema.ManyToMany, left, right string) (string, error) {
	v, err := x.w.one("SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+t.byName[m.Attribute1].sql+" = ? AND "+t.byName[m.Attribute2].sql+" = ? LIMIT 1", left, right)
	id, _ := v.(string)
	return id, err
}

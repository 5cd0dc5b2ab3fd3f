package engine

// Delete removes a row with what hangs on it. The guard is asked first.
func (x *Change) Delete(name, id string, g Guard) error {
	return x.operation(func() error {
		t, err := x.written(name, "Delete")
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
		if err := x.need(r, "Delete", DeleteAccess); err != nil {
			return err
		}
		x.wrote(r.table)
		return x.w.exec("DELETE FROM "+r.sql+" WHERE "+r.pk.sql+" = ?", r.id)
	})
}

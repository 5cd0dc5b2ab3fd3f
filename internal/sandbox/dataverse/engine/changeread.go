package engine

// Pointing lists the rows of a table whose lookup points to a row, as the transaction sees them.
func (x *Change) Pointing(name, column, id string) ([]string, error) {
	t, err := x.table(name)
	if err != nil {
		return nil, err
	}
	c := t.byName[column]
	if c == nil {
		return nil, refuse(CodeUnknownColumn, "'%s' entity doesn't contain attribute with Name = '%s' and NameMapping = 'Logical'.", t.SchemaName, column)
	}
	rows, err := x.w.rows("SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+c.sql+" = ?", []any{guid(id)})
	var ids []string
	for _, v := range rows {
		if found, ok := v[0].(string); ok {
			ids = append(ids, found)
		}
	}
	return ids, err
}

// Read gives columns of a row as the transaction sees it, in the form in which a Row is written. Left out are columns that
// the table does not have, that the row leaves empty, and that the person may not read.
func (x *Change) Read(name, id string, columns ...string) (Row, error) {
	t, err := x.table(name)
	if err != nil {
		return nil, err
	}
	r, err := x.find(t, id)
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, x.noSuchRow(t, id)
	}
	if err := x.need(r, "Read", ReadAccess); err != nil {
		return nil, err
	}
	row := Row{}
	for _, name := range columns {
		c := r.byName[name]
		if c == nil || c.kind == kNone || r.values[c.at].plain == nil || !x.c.CanReadColumn(r.Table, c.Column) {
			continue
		}
		v := r.values[c.at]
		if c.Type.IsLookup() {
			id, _ := v.plain.(string)
			row[name] = Ref{v.target, id}
			continue
		}
		o := output{Column: Column{Table: r.Table, Column: c.Column}, field: field{col: c}}
		row[name] = o.convert(v.plain)
	}
	return row, nil
}

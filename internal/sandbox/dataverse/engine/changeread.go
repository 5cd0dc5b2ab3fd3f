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

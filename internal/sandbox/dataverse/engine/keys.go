package engine

import (
	"context"
	"strings"
)

// ByKey finds the row with the values of an alternate key. The error's code is CodeKeyNotFound when there is none.
func (db *DB) ByKey(ctx context.Context, c *Caller, name string, key Row) (id string, err error) {
	t, where, args, err := db.keyed(c, name, key)
	if err != nil {
		return "", err
	}
	err = db.rows(ctx, "SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+where+" LIMIT 1", args, 1, func(v []any) error {
		id, _ = v[0].(string)
		return nil
	})
	return found(t, id, err)
}

// ByKey is the same within the transaction.
func (x *Change) ByKey(name string, key Row) (string, error) {
	t, where, args, err := x.db.keyed(x.c, name, key)
	if err != nil {
		return "", err
	}
	v, err := x.w.one("SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+where+" LIMIT 1", args...)
	id, _ := v.(string)
	return found(t, id, err)
}

func found(t *table, id string, err error) (string, error) {
	if err == nil && id == "" {
		err = refuse(CodeKeyNotFound, "A record with the specified key values does not exist in %s entity", t.LogicalName)
	}
	return id, err
}

// keyed is the condition for the row of an alternate key; the columns have to be those of one.
func (db *DB) keyed(c *Caller, name string, key Row) (t *table, where string, args []any, err error) {
	if t = db.tables[name]; t == nil {
		return nil, "", nil, refuse(CodeUnknownTable, "The entity with a name = '%s' with namemapping = 'Logical' was not found in the MetadataCache.", name)
	}
	if err := c.may(t, "Read"); err != nil {
		return nil, "", nil, err
	}
	var parts []string
	for _, k := range t.Keys {
		if parts, args = nil, nil; len(k.Columns) != len(key) {
			continue
		}
		for _, name := range k.Columns {
			column, given := t.byName[name], key[name]
			if column == nil || given == nil {
				break
			}
			v, err := column.value(given, key)
			if err != nil {
				return nil, "", nil, refuse(CodeIncorrectValueType, "Incorrect attribute value type for '%s' of '%s': %s.", name, t.LogicalName, err)
			}
			place, value := column.keyed(v)
			parts, args = append(parts, place+" = ?"), append(args, value)
		}
		if len(parts) == len(k.Columns) {
			return t, strings.Join(parts, " AND "), args, nil
		}
	}
	return nil, "", nil, refuse(CodeInvalidArgument, "The specified key attributes are not a defined key for the %s entity", t.LogicalName)
}

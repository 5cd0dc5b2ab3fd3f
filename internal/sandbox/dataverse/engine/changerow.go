package engine

import (
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// current is a row as the transaction sees it, with what the person may do with it.
type current struct {
	*table
	id      string
	values  []stored
	version int64
	rights  Rights
}

func (r *current) text(name string) string {
	if c := r.byName[name]; c != nil {
		s, _ := r.values[c.at].plain.(string)
		return s
	}
	return ""
}

// table finds a table by its logical name.
func (x *Change) table(name string) (*table, error) {
	t := x.db.tables[strings.ToLower(name)]
	if t == nil {
		return nil, refuse(CodeUnknownTable, "The entity with a name = '%s' with namemapping = 'Logical' was not found in the MetadataCache.", name)
	}
	return t, nil
}

// written finds a table that a message such as Create works on.
func (x *Change) written(name, message string) (*table, error) {
	t, err := x.table(name)
	if err == nil && !t.takes(message) {
		err = refuse(CodeNotSupported, "The '%s' method does not support entities of type '%s'. MessageProcessorCache returned MessageProcessor.Empty.", message, t.LogicalName)
	}
	return t, err
}

// takes reports whether the service has a message for the table.
func (t *table) takes(message string) bool {
	if t.IsIntersect {
		return false
	}
	switch t.LogicalName {
	case activityPointer:
		return message != "Create"
	case shareTable, "privilege", auditTable:
		return false
	case "organization", "systemuser", "usersettings":
		return message == "Update" || message == "Create" && t.LogicalName == "systemuser"
	}
	return true
}

// find reads a row; nil when there is none. A row of activitypointer is that of its own table.
func (x *Change) find(t *table, id string) (*current, error) {
	id = guid(id)
	if id == "" {
		return nil, nil
	}
	if t.union {
		kind, err := x.w.one("SELECT activitytypecode FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", id)
		name, _ := kind.(string)
		if t = x.db.tables[name]; t == nil || err != nil {
			return nil, err
		}
	}
	rights := x.rightsOn(t)
	rows, err := x.w.rows("SELECT "+rights.sql+", "+t.selected()+" FROM "+t.sql+" t0 WHERE t0."+t.pk.sql+" = ?", append(slices.Clone(rights.args), id))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	v := rows[0]
	mask, _ := v[0].(int64)
	r := &current{table: t, id: id, rights: Rights(mask), values: make([]stored, len(t.columns))}
	r.rights |= x.ownSettings(t, id)
	r.version, _ = v[1].(int64)
	at := 2
	for _, c := range t.columns {
		if c.kind == kNone {
			continue
		}
		r.values[c.at].plain = v[at]
		at++
		if c.target != "" {
			r.values[c.at].target, _ = v[at].(string)
			at++
		} else if len(c.Targets) == 1 && r.values[c.at].plain != nil {
			r.values[c.at].target = c.Targets[0]
		}
	}
	return r, nil
}

// rights are what the person may do with a row, without reading it.
func (x *Change) rights(t *table, id string) (rights Rights, there bool, err error) {
	mask := x.rightsOn(t)
	v, err := x.w.one("SELECT "+mask.sql+" FROM "+t.sql+" t0 WHERE t0."+t.pk.sql+" = ?", append(slices.Clone(mask.args), id)...)
	n, there := v.(int64)
	return Rights(n) | x.ownSettings(t, id), there, err
}

// ownSettings are the rights that everybody has on their own settings.
func (x *Change) ownSettings(t *table, id string) Rights {
	if t.LogicalName == "usersettings" && id == x.c.UserID {
		return ReadAccess | WriteAccess | AppendAccess
	}
	return 0
}

func (x *Change) rightsOn(t *table) frag {
	f, ok := x.reaches[t]
	if !ok {
		f = x.c.rightsOn(t, "t0")
		x.reaches[t] = f
	}
	return f
}

// selected lists what find reads: the version number, and each column with its target.
func (t *table) selected() string {
	t.texts.Do(func() {
		list := []string{`"versionnumber"`}
		for _, c := range t.columns {
			if c.kind == kNone {
				continue
			}
			list = append(list, c.sql)
			if c.target != "" {
				list = append(list, c.target)
			}
		}
		t.columnList = strings.Join(list, ", ")
		t.insertion = t.insertText()
	})
	return t.columnList
}

func (t *table) insertText() string {
	names := []string{`"versionnumber"`}
	for _, c := range t.columns {
		if c.kind != kNone && c.LogicalName != "versionnumber" {
			names = append(names, c.places()...)
		}
	}
	return "INSERT INTO " + t.sql + " (" + strings.Join(names, ", ") + ") VALUES (" + marks(len(names)) + ")"
}

// places are the SQL columns that keep a column's value.
func (c *column) places() []string {
	list := []string{c.sql}
	if c.folded != "" {
		list = append(list, c.folded)
	}
	if c.target != "" {
		list = append(list, c.target)
	}
	return list
}

// kept is a value as it stands in the column's places.
func (c *column) kept(args []any, v stored) []any {
	args = append(args, v.plain)
	if c.folded != "" {
		var folded any
		if s, ok := v.plain.(string); ok {
			folded = fold(s)
		}
		args = append(args, folded)
	}
	if c.target != "" {
		var target any
		if v.plain != nil {
			target = v.target
		}
		args = append(args, target)
	}
	return args
}

// insert writes a new row.
func (x *Change) insert(t *table, values []stored) error {
	t.selected()
	args := []any{x.wrote(t)}
	for _, c := range t.columns {
		if c.kind != kNone && c.LogicalName != "versionnumber" {
			args = c.kept(args, values[c.at])
		}
	}
	return x.w.exec(t.insertion, args...)
}

// store writes what differs between two states of a row, and always its version number.
func (x *Change) store(r *current, values []stored) error {
	set, args := []string{`"versionnumber" = ?`}, []any{x.wrote(r.table)}
	for _, c := range r.columns {
		if c.kind == kNone || c.LogicalName == "versionnumber" || c == r.pk || values[c.at] == r.values[c.at] {
			continue
		}
		for _, place := range c.places() {
			set = append(set, place+" = ?")
		}
		args = c.kept(args, values[c.at])
	}
	return x.w.exec("UPDATE "+r.sql+" SET "+strings.Join(set, ", ")+" WHERE "+r.pk.sql+" = ?", append(args, r.id)...)
}

// covers says whether a privilege covers a row with these values, which need not be in the table.
func (x *Change) covers(t *table, values []stored, verb string, right Rights) (bool, error) {
	reach := x.c.covering(t, "t0", verb, right, x.c.sharedRow)
	switch reach.sql {
	case "":
		return true, nil
	case "0":
		return false, nil
	}
	fields, args := []string{"? AS " + t.pk.sql}, []any{values[t.pk.at].plain}
	for _, name := range []string{"ownerid", "owningbusinessunit", "businessunitid", "systemuserid"} {
		if c := t.byName[name]; c != nil && c != t.pk {
			fields, args = append(fields, "? AS "+c.sql), append(args, values[c.at].plain)
		}
	}
	v, err := x.w.one("SELECT "+reach.sql+" FROM (SELECT "+strings.Join(fields, ", ")+") t0", append(slices.Clone(reach.args), args...)...)
	return v == int64(1), err
}

func (x *Change) noSuchRow(t *table, id string) error {
	return refuse(CodeObjectDoesNotExist, "Entity '%s' With Id = %s Does Not Exist", t.SchemaName, id)
}

// need refuses whoever lacks a right on a row: the privilege altogether, or for this row.
func (x *Change) need(r *current, verb string, right Rights) error {
	if r.rights&right != 0 {
		return nil
	}
	if err := x.c.may(r.table, verb); err != nil {
		return err
	}
	return x.noAccess(r.table, r.id, verb)
}

func (x *Change) noAccess(t *table, id, verb string) error {
	return refuse(CodeUnmanagedIDAccessDenied, "Principal with id %s does not have %sAccess right(s) for record with id %s of entity %s", x.c.UserID, verb, id, t.LogicalName)
}

// ownership reports whether rows of a table have owners.
func (t *table) owned() bool { return t.Ownership == schema.UserOwned && t.filled.owner != nil }

package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// create makes the tables that are missing, and the columns that the model has gained since.
func (db *DB) create(ctx context.Context) error {
	have, err := existing(ctx, db.write)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("BEGIN IMMEDIATE;\n")
	b.WriteString("CREATE TABLE IF NOT EXISTS \"~state\" (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);\n")
	b.WriteString("CREATE TABLE IF NOT EXISTS \"~deleted\" (tbl TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (tbl, version)) WITHOUT ROWID;\n")
	b.WriteString("CREATE TABLE IF NOT EXISTS \"~sequence\" (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;\n")
	for _, t := range db.ordered {
		if t.union {
			continue
		}
		columns := have[t.LogicalName]
		if columns == nil {
			b.WriteString(t.createTable())
			continue
		}
		for _, definition := range t.definitions() {
			name, _, _ := strings.Cut(definition[1:], `"`)
			if !columns[name] {
				fmt.Fprintf(&b, "ALTER TABLE %s ADD COLUMN %s;\n", t.sql, definition)
			}
		}
	}
	if t := db.tables[activityPointer]; t != nil {
		b.WriteString(db.activityView(t))
	}
	b.WriteString(db.blobTables())
	b.WriteString("COMMIT;")
	if _, err := db.write.ExecContext(ctx, b.String()); err != nil {
		return fmt.Errorf("engine: creating tables: %w", err)
	}
	return nil
}

func existing(ctx context.Context, pool *sql.DB) (map[string]map[string]bool, error) {
	rows, err := pool.QueryContext(ctx, `SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'`)
	if err != nil {
		return nil, fmt.Errorf("engine: reading the file: %w", err)
	}
	defer rows.Close()
	have := map[string]map[string]bool{}
	for rows.Next() {
		var t, c string
		if err := rows.Scan(&t, &c); err != nil {
			return nil, err
		}
		if have[t] == nil {
			have[t] = map[string]bool{}
		}
		have[t][c] = true
	}
	return have, rows.Err()
}

func (t *table) createTable() string {
	return "CREATE TABLE " + t.sql + " (" + strings.Join(t.definitions(), ", ") + ");\n"
}

// definitions lists the columns of the table; versionnumber is there whether the model shows it or not. What nearly every
// query looks at stands first, since SQLite reads a row up to the column that it wants.
func (t *table) definitions() []string {
	f := &t.filled
	first := []*column{t.pk, t.byName["versionnumber"], f.owner, f.owningUnit, f.state, f.modified, f.currency}
	var list, rest []string
	for _, c := range t.columns {
		if c.kind == kNone {
			continue
		}
		definition := c.sql + " " + c.kind.affinity()
		if c == t.pk {
			definition += " PRIMARY KEY NOT NULL"
		}
		if slices.Contains(first, c) {
			list = append(list, definition)
		} else {
			rest = append(rest, definition)
		}
		if c.folded != "" {
			rest = append(rest, c.folded+" TEXT")
		}
		if c.target != "" {
			rest = append(rest, c.target+" TEXT")
		}
	}
	if t.byName["versionnumber"] == nil {
		list = append(list, `"versionnumber" INTEGER`)
	}
	return append(list, rest...)
}

// activityView shows every activity table's rows in the columns of activitypointer, as the service does.
func (db *DB) activityView(pointer *table) string {
	names := []string{}
	for _, definition := range pointer.definitions() {
		name, _, _ := strings.Cut(definition[1:], `"`)
		names = append(names, name)
	}
	var parts []string
	for _, t := range db.ordered {
		if !t.IsActivity || t.union {
			continue
		}
		var fields []string
		for _, name := range names {
			fields = append(fields, t.activityField(pointer, name)+" AS "+quoted(name))
		}
		parts = append(parts, "SELECT "+strings.Join(fields, ", ")+" FROM "+t.sql)
	}
	if len(parts) == 0 {
		return "DROP VIEW IF EXISTS " + pointer.sql + ";\n" + strings.Replace(pointer.createTable(), "CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
	}
	return "DROP VIEW IF EXISTS " + pointer.sql + ";\nCREATE VIEW " + pointer.sql + " AS " + strings.Join(parts, " UNION ALL ") + ";\n"
}

func (t *table) activityField(pointer *table, name string) string {
	base := strings.TrimRight(name, "~@")
	if base == "activitytypecode" {
		return "'" + t.LogicalName + "'"
	}
	if base == pointer.PrimaryID {
		return t.pk.sql
	}
	c := t.byName[base]
	if c == nil && base == "versionnumber" {
		return quoted(base)
	}
	if c == nil || c.kind == kNone {
		return "NULL"
	}
	if name != base && strings.HasSuffix(name, "@") && c.target == "" {
		return "CASE WHEN " + c.sql + " IS NULL THEN NULL ELSE '" + c.Targets[0] + "' END"
	}
	return quoted(name)
}

// index creates the indexes that queries live from; after the first load, because filling an indexed table costs more.
func (db *DB) index(ctx context.Context) error {
	var b strings.Builder
	b.WriteString("BEGIN IMMEDIATE;\n")
	for _, t := range db.ordered {
		if t.union {
			continue
		}
		for i, columns := range t.indexes() {
			fmt.Fprintf(&b, "CREATE INDEX IF NOT EXISTS %s ON %s (%s)", quoted(fmt.Sprintf("%s#%d#%s", t.LogicalName, i, strings.NewReplacer(`"`, "", ", ", ".").Replace(columns))), t.sql, columns)
			if first, _, several := strings.Cut(columns, ","); !several {
				fmt.Fprintf(&b, " WHERE %s IS NOT NULL", first)
			}
			b.WriteString(";\n")
		}
	}
	b.WriteString("COMMIT;")
	if _, err := db.write.ExecContext(ctx, b.String()); err != nil {
		return fmt.Errorf("engine: creating indexes: %w", err)
	}
	return nil
}

// indexes lists what is looked up: my active rows, the newest first, names, alternate keys, and the other end of each lookup.
// Every order ends with the key, and so does the index that lists are read from, so that nothing is left to sort.
func (t *table) indexes() []string {
	var list []string
	if owner := t.byName["ownerid"]; owner != nil {
		columns := []string{owner.sql}
		if state := t.byName["statecode"]; state != nil {
			columns = append(columns, state.sql)
		}
		if modified := t.byName["modifiedon"]; modified != nil {
			columns = append(columns, modified.sql+" DESC", t.pk.sql)
		}
		list = append(list, strings.Join(columns, ", "))
	}
	if unit := t.byName["owningbusinessunit"]; unit != nil && t.Ownership == schema.UserOwned {
		list = append(list, unit.sql)
	}
	for _, key := range t.Keys {
		var columns []string
		for _, name := range key.Columns {
			if c := t.byName[name]; c != nil && c.folded != "" {
				columns = append(columns, c.folded)
			} else if c != nil {
				columns = append(columns, c.sql)
			}
		}
		list = append(list, strings.Join(columns, ", "))
	}
	if c := t.byName[t.PrimaryName]; c != nil && c.folded != "" && t.Ownership == schema.UserOwned {
		list = append(list, c.folded)
	}
	unindexed := []string{"ownerid", "owninguser", "owningteam", "owningbusinessunit", "createdby", "modifiedby", "transactioncurrencyid"}
	for _, c := range t.columns {
		lookup := c.Type.IsLookup() || (t.IsIntersect || t.LogicalName == "principalobjectaccess") && c.kind == kGUID && c != t.pk
		if lookup && !slices.Contains(unindexed, c.LogicalName) && !slices.Contains(list, c.sql) {
			list = append(list, c.sql)
		}
	}
	if t.Tracked && t.byName["versionnumber"] != nil {
		list = append(list, `"versionnumber"`)
	}
	return list
}

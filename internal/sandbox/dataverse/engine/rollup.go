package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// CalculateRollups brings every rollup column up to date, as the service's own jobs do from time to time.
func (db *DB) CalculateRollups(ctx context.Context) error {
	var b strings.Builder
	for _, t := range db.ordered {
		for _, c := range t.columns {
			if c.Source != schema.Rollup || t.union {
				continue
			}
			statement, err := db.rollup(t, c, "")
			if err != nil {
				return err
			}
			b.WriteString(statement + ";\n")
		}
	}
	return db.writeTogether(ctx, b.String())
}

// CalculateRollup brings one rollup column of one row up to date (CalculateRollupField).
func (db *DB) CalculateRollup(ctx context.Context, name, column, id string) error {
	t := db.tables[name]
	if t == nil || t.byName[column] == nil || t.byName[column].Source != schema.Rollup || guid(id) == "" {
		return refuse(CodeInvalidArgument, "'%s' is no rollup column of '%s'.", column, name)
	}
	var b strings.Builder
	for _, c := range t.columns { // the base amount goes with the amount
		if c.Source != schema.Rollup || c.LogicalName != column && c.BaseOf != column {
			continue
		}
		statement, err := db.rollup(t, c, guid(id))
		if err != nil {
			return err
		}
		b.WriteString(statement + ";\n")
	}
	return db.writeTogether(ctx, b.String())
}

func (db *DB) writeTogether(ctx context.Context, statements string) error {
	if statements == "" {
		return nil
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	if _, err := db.write.ExecContext(ctx, "BEGIN IMMEDIATE;\n"+statements+"COMMIT;"); err != nil {
		return fmt.Errorf("engine: calculating columns: %w", err)
	}
	return nil
}

var aggregates = map[string]string{"sum": "sum", "count": "count", "avg": "avg", "min": "min", "max": "max"}

// rollup writes the statement that sums up the rows below; id limits it to one row.
func (db *DB) rollup(t *table, c *column, id string) (string, error) {
	f := c.Formula
	from := db.tables[f.Table]
	if from == nil || from.byName[f.Via] == nil || from.byName[f.Column] == nil || aggregates[f.Aggregate] == "" || !slices.Contains(from.byName[f.Via].Targets, t.LogicalName) {
		return "", fmt.Errorf("engine: the rollup %s.%s sums up something that is not there", t.LogicalName, c.LogicalName)
	}
	via := from.byName[f.Via].sql
	where := via + " IS NOT NULL"
	for _, name := range slices.Sorted(maps.Keys(f.Where)) {
		if from.byName[name] == nil {
			return "", fmt.Errorf("engine: the rollup %s.%s asks for %q", t.LogicalName, c.LogicalName, name)
		}
		where += fmt.Sprintf(" AND %s = %d", from.byName[name].sql, f.Where[name])
	}
	only := ""
	if id != "" { // a GUID by now
		where += " AND " + via + " = '" + id + "'"
		only = " WHERE " + t.pk.sql + " = '" + id + "'"
	}
	sums := "SELECT " + aggregates[f.Aggregate] + "(" + from.byName[f.Column].sql + ") FROM " + from.sql + " WHERE " + where + " AND " + via + " = " + t.sql + "." + t.pk.sql
	if id == "" {
		sums = "SELECT total FROM (SELECT " + via + " AS of, " + aggregates[f.Aggregate] + "(" + from.byName[f.Column].sql + ") AS total FROM " + from.sql + " WHERE " + where + " GROUP BY 1) WHERE of = " + t.sql + "." + t.pk.sql
	}
	value := "(" + sums + ")"
	if f.Aggregate == "count" {
		value = "coalesce(" + value + ", 0)"
	}
	set := c.sql + " = " + value
	if when := t.byName[c.LogicalName+"_date"]; when != nil {
		set += fmt.Sprintf(", %s = %d", when.sql, db.opts.Now().Unix())
	}
	if state := t.byName[c.LogicalName+"_state"]; state != nil {
		set += ", " + state.sql + " = 1"
	}
	return "UPDATE " + t.sql + " SET " + set + only, nil
}

package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var autoNumberPart = regexp.MustCompile(`\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^}]*)\}`)

// number gives the autonumber columns of a new row their values, unless the row brings its own (Microsoft Learn, "Create
// autonumber columns").
func (x *Change) number(t *table, values []stored) error {
	for _, c := range t.columns {
		if c.AutoNumber == "" || c.kind != kText || values[c.at].plain != nil {
			continue
		}
		next, err := x.sequence(c)
		if err != nil {
			return err
		}
		values[c.at] = stored{plain: autoNumber(c.AutoNumber, next, time.Unix(x.now, 0).UTC())}
	}
	return nil
}

// sequence counts on for a column. It starts behind the rows that are there, which were numbered when they were loaded.
func (x *Change) sequence(c *column) (int64, error) {
	name := c.table.LogicalName + "." + c.LogicalName
	v, err := x.w.one(`UPDATE "~sequence" SET next = next + 1 WHERE name = ? RETURNING next`, name)
	if n, ok := v.(int64); ok || err != nil {
		return n, err
	}
	v, err = x.w.one("SELECT count(*) FROM " + c.table.sql)
	n, _ := v.(int64)
	if err != nil {
		return 0, err
	}
	return n + 1, x.w.exec(`INSERT INTO "~sequence" (name, next) VALUES (?, ?)`, name, n+1)
}

func autoNumber(format string, next int64, now time.Time) string {
	return autoNumberPart.ReplaceAllStringFunc(format, func(part string) string {
		found := autoNumberPart.FindStringSubmatch(part)
		width, _ := strconv.Atoi(found[2])
		switch found[1] {
		case "SEQNUM":
			return fmt.Sprintf("%0*d", min(max(width, 1), 16), next)
		case "RANDSTRING":
			return rand.Text()[:min(max(width, 1), 6)]
		}
		return now.Format(strings.NewReplacer("yyyy", "2006", "yy", "06", "MM", "01", "dd", "02", "HH", "15", "hh", "03", "mm", "04", "ss", "05").Replace(found[2]))
	})
}

// auditSwitch reads whether the organization keeps audit rows.
func (db *DB) auditSwitch(ctx context.Context) error {
	t := db.tables["organization"]
	if t == nil || t.byName["isauditenabled"] == nil {
		db.auditing.Store(true)
		return nil
	}
	on := false
	err := db.rows(ctx, auditQuery(t), nil, 1, func(v []any) error {
		on = v[0] == int64(1)
		return nil
	})
	db.auditing.Store(on)
	return err
}

func auditQuery(t *table) string {
	return "SELECT coalesce(isauditenabled, 0) FROM " + t.sql + " LIMIT 1"
}

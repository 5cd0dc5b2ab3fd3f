package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Loader inserts rows within one transaction.
type Loader struct {
	completion
	ctx        context.Context
	db         *DB
	conn       driver.Conn
	batches    map[*table]*batch
	units      map[string]string // business unit by user or team
	currencies map[string]currency
	version    int64
}

// Load inserts rows in one transaction, which is undone when fill fails. Currencies come before the rows that use them,
// people and business units before the rows they own. Rows reach the file in batches, so that an error such as a double
// key may be told by a later Insert or by Load.
func (db *DB) Load(ctx context.Context, fill func(*Loader) error) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	l := &Loader{ctx: ctx, db: db, batches: map[*table]*batch{}, version: db.version.Load()}
	l.completion = completion{now: db.opts.Now().Unix(), base: db.opts.BaseCurrency, unit: func(owner string) (string, bool) {
		unit, ok := l.units[owner]
		return unit, ok
	}, rate: func(id string) float64 { return l.currencies[id].rate }}
	first := l.version == firstVersion
	var err error
	if l.units, err = db.ownerUnits(ctx); err != nil {
		return err
	}
	db.mu.Lock()
	l.currencies = maps.Clone(db.currencies)
	db.mu.Unlock()
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	// Straight on the driver: thousands of rows pass here at every fresh start, and database/sql costs each value twice.
	err = conn.Raw(func(c any) error {
		l.conn = c.(driver.Conn)
		if !first {
			return l.transaction(fill)
		}
		// A power cut can only lose what the next start makes again.
		return errors.Join(l.exec("PRAGMA synchronous = OFF"), l.transaction(fill), l.exec("PRAGMA synchronous = NORMAL"))
	})
	if err = errors.Join(err, conn.Close()); err != nil {
		return err
	}
	if first {
		if err := db.index(ctx); err != nil {
			return err
		}
		if l.version-firstVersion >= bigTable {
			if err := db.indexBig(ctx); err != nil {
				return err
			}
		}
		if _, err := db.write.ExecContext(ctx, "PRAGMA shrink_memory"); err != nil { // the pages of a whole organization
			return fmt.Errorf("engine: %w", err)
		}
	}
	if err := db.auditSwitch(ctx); err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.version.Store(l.version)
	db.currencies = l.currencies
	db.rights.Add(1)
	clear(db.callers)
	return nil
}

func (l *Loader) transaction(fill func(*Loader) error) (err error) {
	if err := l.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		for _, b := range l.batches {
			err = errors.Join(err, b.close())
		}
		if err != nil {
			err = errors.Join(err, l.exec("ROLLBACK"))
		}
	}()
	if err := fill(l); err != nil {
		return err
	}
	for _, t := range l.db.ordered {
		if b := l.batches[t]; b != nil {
			if err := b.flush(l); err != nil {
				return err
			}
		}
	}
	if err := l.exec(fmt.Sprintf(`INSERT INTO "~state" (one, version) VALUES (1, %[1]d) ON CONFLICT (one) DO UPDATE SET version = %[1]d`, l.version)); err != nil {
		return err
	}
	return l.exec("COMMIT")
}

func (l *Loader) exec(statement string) error {
	if _, err := l.conn.(driver.ExecerContext).ExecContext(l.ctx, statement, nil); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}

// ownerUnits is the business unit of each user and team.
func (db *DB) ownerUnits(ctx context.Context) (map[string]string, error) {
	units := map[string]string{}
	for _, name := range []string{"systemuser", "team"} {
		t := db.tables[name]
		if t == nil || t.byName["businessunitid"] == nil || db.version.Load() == firstVersion {
			continue
		}
		if err := db.rows(ctx, "SELECT "+t.pk.sql+", "+t.or("businessunitid", "''")+" FROM "+t.sql, nil, 2, func(v []any) error {
			units[v[0].(string)] = v[1].(string)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return units, nil
}

// Insert adds a row and answers its id. What the row leaves out is filled: the id, owner columns, dates, version number,
// base amounts of money, state, status and other defaults.
func (l *Loader) Insert(name string, row Row) (id string, err error) {
	t := l.db.tables[name]
	if t == nil {
		return "", fmt.Errorf("engine: no table %q", name)
	}
	if t.union {
		return "", fmt.Errorf("engine: rows of %s are those of the activity tables", name)
	}
	b := l.batches[t]
	if b == nil {
		b = &batch{table: t, place: make([]int, len(t.columns))}
		l.batches[t] = b
	}
	values := b.next()
	if err := t.read(row, values); err != nil {
		return "", err
	}
	if err := l.fill(t, values); err != nil {
		return "", fmt.Errorf("engine: %s: %w", name, err)
	}
	id = values[t.pk.at].plain.(string)
	l.version++
	l.notice(t, id, values)
	return id, b.keep(l, values)
}

// stored is a value as SQLite keeps it, nil when there is none, with a lookup's target.
type stored struct {
	plain  any
	target string
}

// read puts a row's values where their columns are.
func (t *table) read(row Row, values []stored) error {
	for name, v := range row {
		c := t.byName[name]
		if c == nil {
			if strings.HasSuffix(name, "@table") {
				continue
			}
			return fmt.Errorf("engine: table %s has no column %q", t.LogicalName, name)
		}
		if v == nil || c.kind == kNone {
			continue
		}
		s, err := c.value(v, row)
		if err != nil {
			return fmt.Errorf("engine: %s.%s: %w", t.LogicalName, name, err)
		}
		values[c.at] = s
	}
	return nil
}

// value is a value of a row as it is kept; it is the row that names the target of a GUID.
func (c *column) value(v any, row Row) (stored, error) {
	target := ""
	if ref, ok := v.(Ref); ok {
		if ref.ID == "" {
			return stored{}, nil
		}
		v, target = ref.ID, ref.Table
	}
	plain, err := c.store(v)
	if err != nil || !c.Type.IsLookup() || plain == nil {
		return stored{plain: plain}, err
	}
	if target == "" && len(c.Targets) != 1 {
		target, _ = row[c.LogicalName+"@table"].(string)
	}
	switch {
	case target == "" && len(c.Targets) == 1:
		target = c.Targets[0]
	case target == "" && len(c.Targets) > 1:
		return stored{}, fmt.Errorf("the lookup may point to %s; say which", strings.Join(c.Targets, ", "))
	case len(c.Targets) > 0 && !slices.Contains(c.Targets, target):
		return stored{}, fmt.Errorf("the lookup points to %s, not to %q", strings.Join(c.Targets, ", "), target)
	}
	return stored{plain, target}, nil
}

// notice remembers what later rows of the same load build on.
func (l *Loader) notice(t *table, id string, values []stored) {
	text := func(name string) string {
		if c := t.byName[name]; c != nil {
			s, _ := values[c.at].plain.(string)
			return s
		}
		return ""
	}
	switch t.LogicalName {
	case "systemuser", "team":
		l.units[id] = text("businessunitid")
	case "transactioncurrency":
		c := currency{id: id, symbol: text("currencysymbol"), code: text("isocurrencycode"), precision: 2, rate: 1}
		if at := t.byName["currencyprecision"]; at != nil {
			if n, ok := values[at.at].plain.(int64); ok {
				c.precision = int(n)
			}
		}
		if at := t.byName["exchangerate"]; at != nil {
			if f, ok := values[at.at].plain.(float64); ok {
				c.rate = f
			}
		}
		l.currencies[id] = c
	}
}

// Now is the moment that rows of this load are dated with when they bring no dates.
func (l *Loader) Now() time.Time { return time.Unix(l.now, 0).UTC() }

func newID() string { return uuid.NewString() }

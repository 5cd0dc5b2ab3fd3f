package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
)

// Change is a transaction that one person's request makes: create, update and delete rows with that person's rights. It
// sees what it has changed itself, nobody else does before it is committed.
type Change struct {
	completion
	ctx           context.Context
	db            *DB
	c             *Caller
	w             *writer
	version       int64
	units         map[string]string // business unit by owner, as far as asked for
	touched       map[string]bool   // tables with changed rows
	reaches       map[*table]frag
	writes        int
	doomed        error // the first operation that failed after it had written
	money         map[string]currency
	message       bool   // a message such as WinOpportunity is at work
	auditing      *bool  // the organization's switch, when it has changed
	transactionID string // in audit rows; "" before the first
}

// Guard says in which condition a row has to be for a write to happen. The zero Guard asks for nothing.
type Guard struct {
	Version      int64 // the row's version number; 0 is any
	MustExist    bool
	MustNotExist bool
}

// Change runs fn in one transaction with one person's rights, and undoes everything when fn or the commit fails, or when
// an operation within fn had failed halfway. Transactions run one after the other; fn must not call the DB itself.
// Refusals are *Error.
func (db *DB) Change(ctx context.Context, c *Caller, fn func(*Change) error) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	x := &Change{ctx: ctx, db: db, c: c, w: &db.writer, version: db.version.Load(), units: map[string]string{}, touched: map[string]bool{}, reaches: map[*table]frag{}}
	x.completion = completion{now: db.opts.Now().Unix(), base: db.opts.BaseCurrency, user: c.UserID, unit: x.unitOf, rate: x.rateOf}
	err = conn.Raw(func(raw any) error {
		x.w.use(raw.(driver.Conn))
		whole := false
		defer func() {
			if !whole { // fn panics, and database/sql gives the connection up
				x.w.close()
			}
		}()
		err := x.transaction(fn)
		whole = true
		return err
	})
	if closing := conn.Close(); err == nil && closing != nil {
		err = fmt.Errorf("engine: %w", closing)
	}
	if err != nil {
		return err
	}
	x.publish()
	return nil
}

func (x *Change) transaction(fn func(*Change) error) (err error) {
	if err := x.begin(); err != nil {
		return err
	}
	committed := false
	defer func() { // also when fn panics
		if !committed {
			err = undone(err, x.w.exec("ROLLBACK"))
		}
	}()
	if err := fn(x); err != nil {
		return err
	}
	if x.doomed != nil {
		return x.doomed
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if x.writes > 0 {
		if err := x.refresh(); err != nil {
			return err
		}
		if err := x.w.exec(`UPDATE "~state" SET version = ?`, x.version); err != nil {
			return err
		}
	}
	if err := x.w.exec("COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// begin ends a transaction that a failed statement may have left open before it begins another.
func (x *Change) begin() error {
	err := x.w.exec("BEGIN IMMEDIATE")
	if err != nil && x.w.exec("ROLLBACK") == nil {
		err = x.w.exec("BEGIN IMMEDIATE")
	}
	return err
}

// undone keeps a refusal as it is unless undoing fails as well.
func undone(err, rollback error) error {
	if rollback != nil {
		return errors.Join(err, rollback)
	}
	return err
}

// refresh reads what memory keeps of tables that have changed, while it can still fail.
func (x *Change) refresh() error {
	if t := x.db.tables["organization"]; x.touched["organization"] && t.byName["isauditenabled"] != nil {
		v, err := x.w.one(auditQuery(t))
		if err != nil {
			return err
		}
		on := v == int64(1)
		x.auditing = &on
	}
	if !x.touched["transactioncurrency"] {
		return nil
	}
	rows, err := x.w.rows(x.db.currencyQuery(), nil)
	if err != nil {
		return err
	}
	x.money = map[string]currency{}
	for _, v := range rows {
		c := readCurrency(v)
		x.money[c.id] = c
	}
	return nil
}

// securityTables are those that a Caller is made of.
var securityTables = []string{
	"systemuser", "usersettings", "businessunit", "team", "teammembership", "role", "systemuserroles", "teamroles", "roleprivileges", "privilege",
	"fieldsecurityprofile", "fieldpermission", "systemuserprofiles", "teamprofiles", "principalobjectaccess",
}

// publish lets readers know what was committed.
func (x *Change) publish() {
	db := x.db
	db.mu.Lock()
	defer db.mu.Unlock()
	db.version.Store(x.version)
	if x.money != nil {
		db.currencies = maps.Clone(x.money)
	}
	if x.auditing != nil {
		db.auditing.Store(*x.auditing)
	}
	for _, name := range securityTables {
		if x.touched[name] {
			db.rights.Add(1)
			clear(db.callers)
			break
		}
	}
}

// operation runs one write and dooms the transaction when it fails halfway, so that no caller can commit half of it.
func (x *Change) operation(run func() error) error {
	if x.doomed != nil {
		return x.doomed
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	before := x.writes
	err := run()
	if err != nil && x.writes != before {
		x.doomed = err
	}
	return err
}

// wrote counts a change to a table's rows and gives it its version number.
func (x *Change) wrote(t *table) int64 {
	x.writes++
	x.version++
	x.touched[t.LogicalName] = true
	return x.version
}

func (x *Change) unitOf(owner string) (string, bool) {
	if unit, ok := x.units[owner]; ok {
		return unit, unit != ""
	}
	for _, name := range []string{"systemuser", "team"} {
		t := x.db.tables[name]
		if t == nil || t.byName["businessunitid"] == nil {
			continue
		}
		if v, err := x.w.one("SELECT businessunitid FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", owner); err == nil && v != nil {
			x.units[owner], _ = v.(string)
			return x.units[owner], true
		}
	}
	return "", false
}

func (x *Change) rateOf(id string) float64 {
	t := x.db.tables["transactioncurrency"]
	if t == nil {
		return 0
	}
	if !x.touched[t.LogicalName] {
		c, _ := x.db.currency(id)
		return c.rate
	}
	v, err := x.w.one("SELECT "+t.or("exchangerate", "1")+" FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", id)
	rate, ok := v.(float64)
	if err != nil || !ok {
		return 0
	}
	return rate
}

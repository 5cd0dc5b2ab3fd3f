package engine

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Loader inserts rows within one transaction.
type Loader struct {
	ctx        context.Context
	db         *DB
	tx         *sql.Tx
	now        int64
	inserts    map[*table]*insert
	units      map[string]string // business unit by user or team
	currencies map[string]currency
	version    int64
}

// insert is a table's statement; it grows by columns as rows bring them.
type insert struct {
	stmt    *sql.Stmt
	columns []*column
	at      map[*column]int // where a column's first parameter is
	args    []any
}

// Load inserts rows in one transaction, which is undone when fill fails. Currencies come before the rows that use them,
// people and business units before the rows they own.
func (db *DB) Load(ctx context.Context, fill func(*Loader) error) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	first := db.version.Load() == firstVersion
	l := &Loader{ctx: ctx, db: db, tx: tx, now: db.opts.Now().Unix(), inserts: map[*table]*insert{}, version: db.version.Load(), currencies: map[string]currency{}}
	db.mu.Lock()
	for id, c := range db.currencies {
		l.currencies[id] = c
	}
	db.mu.Unlock()
	if err := fill(l); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO "~state" (one, version) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET version = ?1`, l.version); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if first {
		if err := db.index(ctx); err != nil {
			return err
		}
	}
	db.version.Store(l.version)
	db.mu.Lock()
	defer db.mu.Unlock()
	db.currencies = l.currencies
	clear(db.callers)
	return nil
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
	values, err := l.values(t, row)
	if err != nil {
		return "", err
	}
	if err := l.fill(t, values); err != nil {
		return "", fmt.Errorf("engine: %s: %w", name, err)
	}
	if err := l.exec(t, values); err != nil {
		return "", fmt.Errorf("engine: inserting into %s: %w", name, err)
	}
	id = values[t.pk].plain.(string)
	l.notice(t, id, values)
	return id, nil
}

// stored is a value as SQLite keeps it, with a lookup's target.
type stored struct {
	plain  any
	target string
}

func (l *Loader) values(t *table, row Row) (map[*column]stored, error) {
	values := make(map[*column]stored, len(row)+12)
	for name, v := range row {
		if strings.HasSuffix(name, "@table") {
			continue
		}
		c := t.byName[name]
		if c == nil {
			return nil, fmt.Errorf("engine: table %s has no column %q", t.LogicalName, name)
		}
		if v == nil || c.kind == kNone {
			continue
		}
		s, err := l.value(c, v, row)
		if err != nil {
			return nil, fmt.Errorf("engine: %s.%s: %w", t.LogicalName, name, err)
		}
		if s.plain != nil {
			values[c] = s
		}
	}
	return values, nil
}

func (l *Loader) value(c *column, v any, row Row) (stored, error) {
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
	if target == "" {
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

// fill completes a row as the service does on create.
func (l *Loader) fill(t *table, values map[*column]stored) error {
	missing := func(name string) *column {
		if c := t.byName[name]; c != nil {
			if _, ok := values[c]; !ok {
				return c
			}
		}
		return nil
	}
	if _, ok := values[t.pk]; !ok {
		values[t.pk] = stored{plain: uuid.NewString()}
	}
	for _, c := range t.columns {
		if _, ok := values[c]; !ok && c.Default != nil && c.kind != kNone && c.Type != schema.Status {
			plain, err := c.storeNumber(float64(*c.Default), int64(*c.Default))
			if err != nil {
				return err
			}
			values[c] = stored{plain: plain}
		}
	}
	if c := missing("createdon"); c != nil {
		values[c] = stored{plain: l.now}
	}
	if c := missing("modifiedon"); c != nil {
		values[c] = stored{plain: l.now}
		if created, ok := values[t.byName["createdon"]]; ok {
			values[c] = created
		}
	}
	l.fillState(t, values, missing)
	if err := l.fillOwner(t, values, missing); err != nil {
		return err
	}
	l.fillMoney(t, values, missing)
	return nil
}

func (l *Loader) fillState(t *table, values map[*column]stored, missing func(string) *column) {
	state, status := t.byName["statecode"], t.byName["statuscode"]
	if c := missing("statecode"); c != nil && len(c.Options) > 0 {
		values[c] = stored{plain: int64(c.Options[0].Value)}
		if given, ok := values[status]; ok {
			for _, option := range status.Options {
				if int64(option.Value) == given.plain {
					values[c] = stored{plain: int64(option.State)}
				}
			}
		}
	}
	if c := missing("statuscode"); c != nil && state != nil {
		for _, option := range c.Options {
			if int64(option.State) == values[state].plain {
				values[c] = stored{plain: int64(option.Value)}
				return
			}
		}
	}
}

func (l *Loader) fillOwner(t *table, values map[*column]stored, missing func(string) *column) error {
	owner := t.byName["ownerid"]
	if t.Ownership != schema.UserOwned || owner == nil {
		return nil
	}
	of, ok := values[owner]
	if !ok {
		return fmt.Errorf("rows have an owner, this one has no ownerid")
	}
	if c := missing("owninguser"); c != nil && of.target == "systemuser" {
		values[c] = stored{of.plain, "systemuser"}
	}
	if c := missing("owningteam"); c != nil && of.target == "team" {
		values[c] = stored{of.plain, "team"}
	}
	if c := missing("owningbusinessunit"); c != nil {
		unit, err := l.unit(of.plain.(string))
		if err != nil {
			return err
		}
		values[c] = stored{unit, "businessunit"}
	}
	for _, name := range []string{"createdby", "modifiedby"} {
		if c := missing(name); c != nil && of.target == "systemuser" {
			values[c] = stored{of.plain, "systemuser"}
		}
	}
	return nil
}

// unit is the business unit of a user or team.
func (l *Loader) unit(owner string) (string, error) {
	if l.units == nil {
		l.units = map[string]string{}
		for _, name := range []string{"systemuser", "team"} {
			t := l.db.tables[name]
			if t == nil || t.byName["businessunitid"] == nil {
				continue
			}
			rows, err := l.tx.QueryContext(l.ctx, "SELECT "+t.pk.sql+", coalesce(\"businessunitid\", '') FROM "+t.sql)
			if err != nil {
				return "", err
			}
			for rows.Next() {
				var id, unit string
				if err := rows.Scan(&id, &unit); err != nil {
					rows.Close()
					return "", err
				}
				l.units[id] = unit
			}
			if err := rows.Close(); err != nil {
				return "", err
			}
		}
	}
	unit, ok := l.units[owner]
	if !ok {
		return "", fmt.Errorf("the owner %s is neither a user nor a team that is there already", owner)
	}
	return unit, nil
}

// fillMoney completes currency, exchange rate and the amounts in base currency.
func (l *Loader) fillMoney(t *table, values map[*column]stored, missing func(string) *column) {
	if t.LogicalName == "transactioncurrency" {
		return
	}
	where := t.byName["transactioncurrencyid"]
	amounts := slices.ContainsFunc(t.columns, func(c *column) bool { return c.Type == schema.Money })
	if where == nil || !amounts {
		return
	}
	if c := missing("transactioncurrencyid"); c != nil && l.db.opts.BaseCurrency != "" {
		values[c] = stored{l.db.opts.BaseCurrency, "transactioncurrency"}
	}
	rate := 1.0
	if of, ok := values[where]; ok {
		if c, ok := l.currencies[of.plain.(string)]; ok && c.rate > 0 {
			rate = c.rate
		}
	}
	if c := t.byName["exchangerate"]; c != nil {
		if given, ok := values[c]; ok {
			if f, ok := given.plain.(float64); ok && f > 0 {
				rate = f
			}
		}
		values[c] = stored{plain: rate}
	}
	for _, c := range t.columns {
		if c.money == nil {
			continue
		}
		_, given := values[c]
		if amount, ok := values[c.money]; ok && !given {
			values[c] = stored{plain: math.Round(amount.plain.(float64)/rate*1e4) / 1e4}
		}
	}
}

// notice remembers what later rows of the same load build on.
func (l *Loader) notice(t *table, id string, values map[*column]stored) {
	text := func(name string) string {
		s, _ := values[t.byName[name]].plain.(string)
		return s
	}
	switch t.LogicalName {
	case "systemuser", "team":
		if l.units != nil {
			l.units[id] = text("businessunitid")
		}
	case "transactioncurrency":
		c := currency{id: id, symbol: text("currencysymbol"), code: text("isocurrencycode"), precision: 2, rate: 1}
		if n, ok := values[t.byName["currencyprecision"]].plain.(int64); ok {
			c.precision = int(n)
		}
		if f, ok := values[t.byName["exchangerate"]].plain.(float64); ok {
			c.rate = f
		}
		l.currencies[id] = c
	}
}

func (l *Loader) exec(t *table, values map[*column]stored) error {
	in := l.inserts[t]
	if in == nil {
		in = &insert{at: map[*column]int{}}
		l.inserts[t] = in
	}
	grown := in.stmt == nil
	for c := range values {
		if _, ok := in.at[c]; !ok && c.LogicalName != "versionnumber" {
			in.at[c], in.columns, grown = 0, append(in.columns, c), true
		}
	}
	if grown {
		if err := in.prepare(l, t); err != nil {
			return err
		}
	}
	clear(in.args)
	l.version++
	in.args[0] = l.version
	for c, v := range values {
		if c.LogicalName == "versionnumber" {
			continue
		}
		at := in.at[c]
		in.args[at] = v.plain
		if c.folded != "" {
			at++
			in.args[at] = fold(v.plain.(string))
		}
		if c.target != "" {
			in.args[at+1] = v.target
		}
	}
	_, err := in.stmt.ExecContext(l.ctx, in.args...)
	return err
}

func (in *insert) prepare(l *Loader, t *table) error {
	if in.stmt != nil {
		if err := in.stmt.Close(); err != nil {
			return err
		}
	}
	names := []string{`"versionnumber"`}
	for _, c := range in.columns {
		in.at[c] = len(names)
		names = append(names, c.sql)
		if c.folded != "" {
			names = append(names, c.folded)
		}
		if c.target != "" {
			names = append(names, c.target)
		}
	}
	in.args = make([]any, len(names))
	text := "INSERT INTO " + t.sql + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	var err error
	in.stmt, err = l.tx.PrepareContext(l.ctx, text)
	return err
}

// Now is the moment that rows of this load are dated with when they bring no dates.
func (l *Loader) Now() time.Time { return time.Unix(l.now, 0).UTC() }

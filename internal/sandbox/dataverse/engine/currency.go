package engine

import (
	"context"
	"fmt"
)

// currency is a transactioncurrency row, as far as amounts need it.
type currency struct {
	id, symbol, code string
	precision        int
	rate             float64 // foreign amount = base amount × rate
}

func (db *DB) currencyQuery() string {
	t := db.tables["transactioncurrency"]
	return fmt.Sprintf("SELECT %s, %s, %s, %s, %s FROM %s",
		t.pk.sql, t.or("currencysymbol", "''"), t.or("isocurrencycode", "''"), t.or("currencyprecision", "2"), t.or("exchangerate", "1.0"), t.sql)
}

// readCurrency reads a row of currencyQuery.
func readCurrency[T any](v []T) currency {
	field := func(i int) any { return v[i] }
	c := currency{}
	c.id, _ = field(0).(string)
	c.symbol, _ = field(1).(string)
	c.code, _ = field(2).(string)
	precision, _ := field(3).(int64)
	c.precision = int(precision)
	c.rate, _ = field(4).(float64)
	return c
}

func (db *DB) loadCurrencies(ctx context.Context) error {
	all := map[string]currency{}
	if db.tables["transactioncurrency"] != nil {
		if err := db.rows(ctx, db.currencyQuery(), nil, 5, func(v []any) error {
			c := readCurrency(v)
			all[c.id] = c
			return nil
		}); err != nil {
			return err
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.currencies = all
	return nil
}

// or gives an expression for a column that may be missing from the model or empty.
func (t *table) or(name, fallback string) string {
	if c := t.byName[name]; c != nil {
		return "coalesce(" + c.sql + ", " + fallback + ")"
	}
	return fallback
}

func (db *DB) currency(id string) (currency, bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	c, ok := db.currencies[id]
	return c, ok
}

func (db *DB) baseCurrency() currency {
	c, _ := db.currency(db.opts.BaseCurrency)
	return c
}

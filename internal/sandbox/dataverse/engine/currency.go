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

func (db *DB) loadCurrencies(ctx context.Context) error {
	t := db.tables["transactioncurrency"]
	all := map[string]currency{}
	if t != nil {
		rows, err := db.write.QueryContext(ctx, fmt.Sprintf("SELECT %s, %s, %s, %s, %s FROM %s",
			t.pk.sql, t.or("currencysymbol", "''"), t.or("isocurrencycode", "''"), t.or("currencyprecision", "2"), t.or("exchangerate", "1"), t.sql))
		if err != nil {
			return fmt.Errorf("engine: reading currencies: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var c currency
			if err := rows.Scan(&c.id, &c.symbol, &c.code, &c.precision, &c.rate); err != nil {
				return fmt.Errorf("engine: reading currencies: %w", err)
			}
			all[c.id] = c
		}
		if err := rows.Err(); err != nil {
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

package engine

import (
	"math"
	"slices"
)

// reprice completes the amounts in base currency when an amount or the currency has changed.
func (x *Change) reprice(r *current, given []*column, values []stored) {
	f := &r.filled
	if f.currency == nil || !slices.ContainsFunc(given, func(c *column) bool {
		return c == f.currency || slices.ContainsFunc(f.bases, func(b *column) bool { return b.money == c })
	}) {
		return
	}
	for _, c := range f.bases {
		values[c.at] = stored{}
	}
	if f.rate != nil {
		values[f.rate.at] = stored{}
	}
	x.roundMoney(r.table, given, values)
	x.fillMoney(f, values, func(c *column, v stored) {
		if c != nil && values[c.at].plain == nil {
			values[c.at] = v
		}
	})
}

// roundMoney gives amounts the decimals of their currency, as columns with the precision of the currency do.
func (x *Change) roundMoney(t *table, given []*column, values []stored) {
	f := &t.filled
	if f.currency == nil {
		return
	}
	id, _ := values[f.currency.at].plain.(string)
	if id == "" {
		id = x.base
	}
	money, known := x.db.currency(id)
	if !known {
		return
	}
	for _, c := range f.bases {
		if amount, ok := values[c.money.at].plain.(float64); ok && slices.Contains(given, c.money) {
			values[c.money.at].plain = round(amount, money.precision)
		}
	}
}

func round(f float64, places int) float64 {
	scale := math.Pow10(places)
	if r := math.Round(f*scale) / scale; !math.IsInf(r, 0) && !math.IsNaN(r) {
		return r
	}
	return f
}

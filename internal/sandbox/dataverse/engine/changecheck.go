package engine

import (
	"math"
	"slices"
	"strings"
)

// accept puts a row's values, converted and checked, where their columns are, and lists the columns that were given.
// Columns that are not valid for writing are ignored, as the service does.
func (x *Change) accept(t *table, row Row, values []stored, creating bool) ([]*column, error) {
	given := make([]*column, 0, len(row))
	for name, v := range row {
		c := t.byName[strings.ToLower(name)]
		if c == nil {
			if base, ok := strings.CutSuffix(name, "@table"); ok && t.byName[base] != nil {
				continue
			}
			return nil, refuse(CodeUnknownColumn, "'%s' entity doesn't contain attribute with Name = '%s' and NameMapping = 'Logical'.", t.SchemaName, name)
		}
		if c.ReadOnly || c.kind == kNone || c == t.pk && !creating || c.LogicalName == "versionnumber" {
			continue
		}
		s, err := c.value(v, row)
		if err != nil {
			return nil, refuse(CodeIncorrectValueType, "Incorrect attribute value type for '%s' of '%s': %s.", c.LogicalName, t.LogicalName, err)
		}
		if s.plain == nil {
			s.target = ""
		}
		values[c.at] = s
		given = append(given, c)
	}
	slices.SortFunc(given, func(a, b *column) int { return a.at - b.at })
	return given, nil
}

// links reports whether setting the column ties two rows together, which takes Append and AppendTo.
func (c *column) links() bool {
	return c.Type.IsLookup() && c != c.table.filled.owner
}

// linkable checks the row that a lookup is to point to.
func (x *Change) linkable(c *column, v stored) error {
	t := x.db.tables[v.target]
	if t == nil {
		return nil // a lookup to a table that the model does not have
	}
	other, err := x.find(t, v.plain.(string))
	switch {
	case err != nil:
		return err
	case other == nil:
		return x.noSuchRow(t, v.plain.(string))
	case c.links():
		return x.need(other, "AppendTo", AppendToAccess)
	}
	return nil
}

// restate completes state by status and status by state.
func (x *Change) restate(r *current, given []*column, values []stored) {
	f := &r.filled
	if f.state == nil || f.status == nil || slices.Contains(given, f.status) && values[f.status.at].plain != nil {
		return
	}
	if values[f.state.at].plain == nil {
		values[f.state.at] = r.values[f.state.at]
	}
	if values[f.state.at] != r.values[f.state.at] || values[f.status.at].plain == nil {
		values[f.status.at] = stored{}
		f.fillState(values)
	}
}

// consistent refuses a status that does not go with the state.
func (x *Change) consistent(t *table, id string, values []stored) error {
	f := &t.filled
	if f.state == nil || f.status == nil {
		return nil
	}
	state, status := values[f.state.at].plain, values[f.status.at].plain
	for i := range f.status.Options {
		if o := &f.status.Options[i]; int64(o.Value) == status && int64(o.State) == state {
			return nil
		}
	}
	return refuse(CodeInvalidStateStatus, "%v is not a valid status code for state code %v on %s with Id %s.", status, state, t.LogicalName, id)
}

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
	x.fillMoney(f, values, func(c *column, v stored) {
		if c != nil && values[c.at].plain == nil {
			values[c.at] = v
		}
	})
}

// unique refuses a second row with the values of an alternate key.
func (x *Change) unique(t *table, id string, before, after []stored) error {
	for _, key := range t.Keys {
		changed := before == nil
		where, args := []string{t.pk.sql + " <> ?"}, []any{id}
		for _, name := range key.Columns {
			c := t.byName[name]
			if c == nil || after[c.at].plain == nil {
				changed = false
				break
			}
			changed = changed || before[c.at] != after[c.at]
			place, v := c.keyed(after[c.at])
			where, args = append(where, place+" = ?"), append(args, v)
		}
		if !changed {
			continue
		}
		other, err := x.w.one("SELECT "+t.pk.sql+" FROM "+t.sql+" WHERE "+strings.Join(where, " AND ")+" LIMIT 1", args...)
		if err != nil {
			return err
		}
		if other != nil {
			return refuse(CodeDuplicateKey, "A record that has the attribute values %s already exists. The entity key %s requires that this set of attributes contains unique values. Select unique values and try again.",
				strings.Join(key.Columns, ", "), key.Name)
		}
	}
	return nil
}

// keyed is where and how a column of an alternate key is looked up.
func (c *column) keyed(v stored) (place string, value any) {
	if s, ok := v.plain.(string); ok && c.folded != "" {
		return c.folded, fold(s)
	}
	return c.sql, v.plain
}

func round(f float64, places int) float64 {
	scale := math.Pow10(places)
	if r := math.Round(f*scale) / scale; !math.IsInf(r, 0) {
		return r
	}
	return f
}


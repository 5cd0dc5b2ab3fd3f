package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
)

// scope limits an expression to the columns that are searched.
func (in *searchedTable) scope(fts string) string {
	names := make([]string, len(in.columns))
	for i, c := range in.columns {
		names[i] = quoted(c.LogicalName + "~")
	}
	return "{" + strings.Join(names, " ") + "} : (" + fts + ")"
}

// body is FROM and WHERE for the rows that a match finds. The index comes first, so that the search ends with the last row
// that is wanted.
func (in *searchedTable) body(m matching) frag {
	index, name := quoted(in.t.wordIndex()), in.t.sql+" "+in.root.sql
	from := append([]frag{}, in.from...)
	where := append([]frag{}, in.where...)
	switch {
	case m.but && m.fts == "":
		from = append([]frag{text(" FROM " + name)}, from...)
	case m.but:
		from = append([]frag{text(" FROM " + name)}, from...)
		where = append(where, text(in.root.sql+".rowid NOT IN (SELECT rowid FROM "+index+" WHERE "+index+" MATCH ?)", in.scope(m.fts)))
	default:
		from = append([]frag{text(" FROM " + index + " w CROSS JOIN " + name + " ON " + in.root.sql + ".rowid = w.rowid")}, from...)
		where = append([]frag{text(index+" MATCH ?", in.scope(m.fts))}, where...)
	}
	return sequence(" WHERE ", sequence(" ", from...), and(where...))
}

// plain reports whether every row that a match finds counts: the person may read them all, and nothing is filtered.
func (in *searchedTable) plain(m matching) bool {
	return !m.but && and(in.where...).sql == "" && and(in.from...).sql == ""
}

// counted is how many rows are found, up to a limit.
func (in *searchedTable) counted(ctx context.Context) (n int, err error) {
	body := in.body(in.within)
	if in.plain(in.within) {
		index := quoted(in.t.wordIndex())
		body = text(" FROM "+index+" WHERE "+index+" MATCH ?", in.scope(in.within.fts))
	}
	statement := sequence("", text("SELECT count(*) FROM (SELECT 1"), body, text(" LIMIT ?)", maxSearchOrdered))
	err = in.db.rows(ctx, statement.sql, statement.args, 1, func(v []any) error {
		found, _ := v[0].(int64)
		n = int(found)
		return nil
	})
	return n, err
}

// enoughToKnow is up to how many rows a word's rarity is told apart.
const enoughToKnow = 1000

// rare finds out how rare each leaf is, when there are several to weigh against each other.
func (in *searchedTable) rare(ctx context.Context) error {
	in.rarity = make([]float64, len(in.leaves))
	for i, l := range in.leaves {
		in.rarity[i] = 1
		m := l.matches()
		if len(in.leaves) == 1 || m.but || m.fts == "" {
			continue
		}
		index := quoted(in.t.wordIndex())
		if err := in.db.rows(ctx, "SELECT count(*) FROM (SELECT rowid FROM "+index+" WHERE "+index+" MATCH ? LIMIT ?)", []any{in.scope(m.fts), enoughToKnow}, 1, func(v []any) error {
			n, _ := v[0].(int64)
			in.rarity[i] = math.Log(1 + (2*enoughToKnow-float64(n))/(float64(n)+1))
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// collect reads rows to rank. Where one of several words is enough, rows that have them all come first, then those with
// the rarest word, so that a frequent word does not hide what is better.
func (r *searching) collect(ctx context.Context, in *searchedTable) error {
	limit := r.Skip + r.Top + maxRanked
	ordered := len(r.Orders) > 0 && r.Orders[0].Attribute != byScore
	if ordered {
		limit = r.Skip + r.Top
	}
	seen := map[string]bool{}
	for _, m := range in.stages(ordered) {
		if len(seen) >= limit {
			break
		}
		if err := r.read(ctx, in, m, limit, ordered, seen); err != nil {
			return err
		}
	}
	return nil
}

func (in *searchedTable) stages(ordered bool) []matching {
	if ordered || !in.tree.any || len(in.tree.of) < 2 || in.within.but {
		return []matching{in.within}
	}
	type stage struct {
		matching
		rarity float64
	}
	var parts []stage
	var together []string
	for i := range in.tree.of {
		m := in.tree.of[i].matches()
		if m.but || m.fts == "" {
			continue
		}
		rarity := 0.0
		for j, l := range in.leaves {
			if in.tree.of[i].leaf == l {
				rarity = in.rarity[j]
			}
		}
		parts, together = append(parts, stage{m, rarity}), append(together, m.fts)
	}
	slices.SortStableFunc(parts, func(a, b stage) int { return cmp.Compare(b.rarity, a.rarity) })
	list := []matching{{fts: joinedBy(together, " AND ")}}
	for _, p := range parts {
		list = append(list, p.matching)
	}
	return append(list, in.within)
}

// read adds the rows that a match finds.
func (r *searching) read(ctx context.Context, in *searchedTable, m matching, limit int, ordered bool, seen map[string]bool) error {
	fields := []frag{text(in.root.sql + "." + in.t.pk.sql)}
	for _, c := range in.columns {
		fields = append(fields, text("coalesce("+in.root.sql+"."+c.sql+", '')"))
	}
	for _, o := range in.orders {
		fields = append(fields, o.sql)
	}
	statement := sequence("", text("SELECT "), sequence(", ", fields...), in.body(m))
	if ordered {
		statement = sequence("", statement, in.orderBy())
	}
	statement = sequence("", statement, text(" LIMIT ?", limit))
	r.found.Hits = slices.Grow(r.found.Hits, r.Top+maxRanked)
	return in.db.rows(ctx, statement.sql, statement.args, len(fields), func(v []any) error {
		id, _ := v[0].(string)
		if seen[id] {
			return nil
		}
		seen[id] = true
		h := Hit{Table: in.t.Table, ID: id, texts: make([]string, len(in.columns)), keys: slices.Clone(v[1+len(in.columns):])}
		for i := range in.columns {
			h.texts[i], _ = v[1+i].(string)
		}
		if len(in.columns) > 0 && in.columns[0].LogicalName == in.t.PrimaryName {
			h.Name = h.texts[0]
		}
		h.Score = score(in.leaves, in.rarity, h.texts)
		r.found.Hits = append(r.found.Hits, h)
		return nil
	})
}

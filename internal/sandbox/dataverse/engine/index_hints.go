package engine

import "slices"

// manyVisible is from how many rows on the rows that a person may read are no way to find others quickly.
const manyVisible = 2_000

// visible is the condition that holds for the rows this person may read: by ownership, business unit or sharing. In a big
// table of which the person may read many rows it is kept from the choice of an index, because walking along a view's order
// and passing over what is hidden ends with the page, while gathering all that may be read does not.
func (q *query) visible(s *source) frag {
	reach := q.c.reach(s.table, s.sql, "Read", ReadAccess)
	if reach.sql == "" || reach.sql == "0" || s.table.union || !q.seesMany(s.table) {
		return reach
	}
	return text("+"+reach.sql, reach.args...)
}

// seesMany reports whether the person may read many rows of a big table. An answer is kept as long as the person's rights: it
// only chooses between two ways to the same rows.
func (q *query) seesMany(t *table) bool {
	if known, ok := q.c.many.Load(t); ok {
		return known.(bool)
	}
	n, err := q.db.roughly(q.ctx, t)
	found := 0
	if err == nil && n >= bigTable {
		rows := sequence("", text("SELECT 1 FROM "+t.sql+" t0 WHERE "), q.c.reach(t, "t0", "Read", ReadAccess))
		found, err = q.db.atMost(q.ctx, rows, manyVisible)
	}
	if err != nil {
		return false
	}
	q.c.many.Store(t, found > manyVisible)
	return found > manyVisible
}

// finder selects the numbers of all rows for which a condition can hold.
type finder struct {
	src  *source
	rows frag
	most int  // how many it finds; not known of a weak one
	weak bool // SQLite finds these rows by itself, unless others join them
}

// found adds a condition's finder to it.
func (f frag) found() frag {
	if f.find == nil || f.find.weak {
		return f
	}
	return and(sequence("", text(f.find.src.sql+".rowid IN ("), f.find.rows, text(")")), frag{sql: f.sql, args: f.args})
}

// foundByAll is the finder of conditions that all have to hold: the one that finds least.
func foundByAll(parts []frag) *finder {
	var best *finder
	for _, p := range parts {
		if p.find != nil && (best == nil || best.weak && !p.find.weak || best.weak == p.find.weak && p.find.most < best.most) {
			best = p.find
		}
	}
	return best
}

// foundByAny is the finder of conditions of which one has to hold: it takes them all.
func (q *query) foundByAny(parts []frag) *finder {
	if len(parts) == 0 || slices.ContainsFunc(parts, func(p frag) bool { return p.find == nil || p.find.src != parts[0].find.src }) {
		return nil
	}
	all := &finder{src: parts[0].find.src}
	n, err := q.db.roughly(q.ctx, all.src.table)
	if err != nil {
		return nil
	}
	limit := q.worthwhile(n)
	var list []frag
	for _, p := range parts {
		found := p.find.most
		if p.find.weak {
			if found, err = q.db.atMost(q.ctx, p.find.rows, limit); err != nil {
				return nil
			}
		}
		list = append(list, p.find.rows)
		if all.most += found; all.most > limit {
			return nil
		}
	}
	all.rows = sequence(" UNION ", list...)
	return all
}

package engine

import (
	"context"
	"math"
	"strings"
	"unicode/utf8"
)

// maxTrigrams is how many trigrams of a pattern are looked up: more hardly narrow any further.
const maxTrigrams = 12

// runs are the stretches of a pattern that a match has to contain as they are, at least three characters long.
func (p pattern) runs() []string {
	var list []string
	for _, run := range p.literals {
		if utf8.RuneCountInString(run) >= 3 && !strings.ContainsRune(run, 0) {
			list = append(list, run)
		}
	}
	return list
}

// trigrams writes the full text query for rows whose text may match the pattern; "" when an index cannot tell.
func (p pattern) trigrams() string {
	var list []string
	for _, run := range p.runs() {
		runes := []rune(run)
		step := 1
		if len(runes)-2 > maxTrigrams {
			step = 3
		}
		last := len(runes) - 3
		for i := 0; ; i = min(i+step, last) {
			list = append(list, `"`+strings.ReplaceAll(string(runes[i:i+3]), `"`, `""`)+`"`)
			if i == last || len(list) >= maxTrigrams {
				break
			}
		}
		if len(list) >= maxTrigrams {
			break
		}
	}
	return strings.Join(list, " AND ")
}

// narrowed adds to a condition that compares text with a pattern what a text index knows, when that makes it cheaper. The
// condition must hold for the rows found: under a negation it may not be used, since a row without text is no longer told
// from one that differs.
func (q *query) narrowed(s *source, c *column, p pattern, part frag) frag {
	if !c.indexable() || p.exact || p.starts && s.table.sorted(c) {
		return part
	}
	match := p.trigrams()
	if match == "" {
		return part
	}
	n, err := q.db.roughly(q.ctx, s.table)
	if err != nil || n < q.indexFrom || !q.db.wantTextIndex(q.ctx, c, n) {
		return part
	}
	few, err := q.db.atMost(q.ctx, c, match, q.worthwhile(n))
	if err != nil || !few {
		return part
	}
	index := quoted(c.textIndex())
	return and(text(s.sql+".rowid IN (SELECT rowid FROM "+index+" WHERE "+index+" MATCH ?)", match), part)
}

// worthwhile is how many rows an index may find before a scan is cheaper. Looking a row up by its number costs about thirty
// times as much as passing it in a scan. A scan for a page ends when the page is full, so the more rows match, the sooner.
func (q *query) worthwhile(rows int64) int {
	if q.f.Aggregate || q.f.Distinct || q.f.ReturnTotalRecordCount || q.o.Count || q.quick {
		return int(rows / 30)
	}
	size, _, err := q.size()
	if err != nil {
		return 0
	}
	return int(min(math.Sqrt(float64(rows)*float64(size+1)/30), float64(rows/30)))
}

// atMost asks an index whether it finds no more than a number of rows.
func (db *DB) atMost(ctx context.Context, c *column, match string, limit int) (bool, error) {
	index, found := quoted(c.textIndex()), int64(0)
	err := db.rows(ctx, "SELECT count(*) FROM (SELECT rowid FROM "+index+" WHERE "+index+" MATCH ? LIMIT ?)", []any{match, limit + 1}, 1, func(v []any) error {
		found, _ = v[0].(int64)
		return nil
	})
	return found <= int64(limit), err
}

// sorted reports whether an ordinary index has a column first, so that the beginning of a text is found in it.
func (t *table) sorted(c *column) bool {
	for _, columns := range t.indexes() {
		if first, _, _ := strings.Cut(columns, ","); first == c.folded && c.folded != "" {
			return true
		}
	}
	return false
}

package engine

import (
	"context"
	"math"
	"slices"
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

// narrowed adds to a condition that compares text with a pattern which rows it can hold for, when an index knows and few
// do. The condition must not stand under a negation: there, a row without text is told from one that differs.
func (q *query) narrowed(s *source, c *column, p pattern, part frag) frag {
	if !c.indexable() {
		return part
	}
	n, err := q.db.roughly(q.ctx, s.table)
	if err != nil || n < q.indexFrom {
		return part
	}
	switch match := p.trigrams(); {
	case (p.exact || p.starts) && s.table.sorted(c):
		part.find = &finder{src: s, rows: sequence("", text("SELECT rowid FROM "+s.table.sql+" WHERE "), p.sql(c.folded)), weak: true}
	case match != "" && q.db.wantTextIndex(q.ctx, c, n):
		index, limit := quoted(c.textIndex()), q.worthwhile(n)
		rows := text("SELECT rowid FROM "+index+" WHERE "+index+" MATCH ?", match)
		if found, err := q.db.atMost(q.ctx, rows, limit); err == nil && found <= limit {
			part.find = &finder{src: s, rows: rows, most: found}
		}
	}
	return part
}

// worthwhile is how many rows an index may find before a scan is cheaper. Looking a row up by its number costs about thirty
// times as much as passing it in a scan. A scan for a page ends when the page is full, so the more rows match, the sooner;
// but names that have a word in common often stand together in the order of names, so that a scan is not trusted to meet
// one of two hundred soon.
func (q *query) worthwhile(rows int64) int {
	if q.f.Aggregate || q.f.Distinct || q.f.ReturnTotalRecordCount || q.o.Count || q.quick {
		return int(rows / 30)
	}
	size, _, err := q.size()
	if err != nil {
		return 0
	}
	return int(min(max(math.Sqrt(float64(rows)*float64(size+1)/30), float64(rows)/200), float64(rows/30)))
}

// atMost counts rows up to one more than a limit.
func (db *DB) atMost(ctx context.Context, rows frag, limit int) (found int, err error) {
	err = db.rows(ctx, "SELECT count(*) FROM ("+rows.sql+" LIMIT ?)", append(slices.Clip(rows.args), limit+1), 1, func(v []any) error {
		n, _ := v[0].(int64)
		found = int(n)
		return nil
	})
	return found, err
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

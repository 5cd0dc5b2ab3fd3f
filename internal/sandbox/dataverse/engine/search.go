package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Search is a question to the full text index of Dataverse search.
type Search struct {
	Text   string
	Lucene bool // the full syntax instead of the simple one
	All    bool // every word has to be found, not any
	// Beginning takes the last word for the beginning of one, and Fuzzy lets each word differ in a letter.
	Beginning, Fuzzy bool
	// Tables are where to search; none are all that can be searched and that the person may read.
	Tables    []SearchTable
	Top, Skip int
	Count     bool
	// Orders replace the order by score. The attribute "@search.score" is the score.
	Orders []crmxml.Order
	Facets []Facet
}

// SearchTable is a table to search.
type SearchTable struct {
	Name    string
	Columns []string // to search in; none are all that the quick find view looks at
	Filters []crmxml.Filter
	Shown   []string // of SearchColumns: the columns that the quick find view shows
}

// Found answers a Search.
type Found struct {
	Hits   []Hit
	Count  int                     // of all rows found; -1 when nobody asked
	Facets map[string][]FacetValue // by Facet.Name
}

// Hit is a row that was found.
type Hit struct {
	Table *schema.Table
	ID    string
	Name  string // "" where rows are not searched by their name
	Score float64
	// Highlights are texts by column, with what was found between {crmhit} and {/crmhit}.
	Highlights map[string]string
	// Completed is the word, folded, that the beginning at the end of a search stands for; "" when none does.
	Completed string

	keys  []any
	texts []string
}

// maxRanked is how many rows of a table are scored at most beyond those asked for. Ranking a hundred thousand rows would
// cost a hundred times as much, and nobody turns as many pages.
const maxRanked = 15

// maxSearchOrdered is how many rows are sorted at most when a search asks for another order than the score.
const maxSearchOrdered = 50_000

// SearchColumns lists what the searchable tables are searched by, in the model's order of tables. The list is everybody's:
// it must not be changed.
func (db *DB) SearchColumns(ctx context.Context) ([]SearchTable, error) {
	if _, err := db.searched(ctx); err != nil {
		return nil, err
	}
	db.words.mu.Lock()
	defer db.words.mu.Unlock()
	return db.words.list, nil
}

// Search finds rows by words, with the person's rights. Refusals are of type *Error.
func (db *DB) Search(ctx context.Context, c *Caller, s Search) (*Found, error) {
	searched, err := db.searched(ctx)
	if err != nil {
		return nil, err
	}
	tables := s.Tables
	if len(tables) == 0 {
		for _, t := range db.ordered {
			if len(searched[t]) > 0 && c.may(t, "Read") == nil {
				tables = append(tables, SearchTable{Name: t.LogicalName})
			}
		}
	}
	r := &searching{db: db, caller: c, Search: s, left: maxVocabulary, found: &Found{Count: -1, Facets: map[string][]FacetValue{}}}
	if s.Count {
		r.found.Count = 0
	}
	for _, one := range tables {
		t := db.tables[strings.ToLower(one.Name)]
		if t == nil || len(searched[t]) == 0 {
			return nil, refuse(CodeInvalidArgument, "The table '%s' is not enabled for search.", one.Name)
		}
		if c.may(t, "Read") != nil {
			continue // nothing of it is for this person
		}
		if err := r.table(ctx, t, searched[t], one); err != nil {
			return nil, err
		}
	}
	r.finish()
	return r.found, nil
}

// searching is one search under way.
type searching struct {
	Search
	db     *DB
	caller *Caller
	left   int // words that may still be looked at
	found  *Found
	tables []*searchedTable
}

// searchedTable is one table of a search.
type searchedTable struct {
	*query
	t       *table
	columns []*column // that the person may read
	tree    clause
	leaves  []*leaf
	rarity  []float64
	within  matching
}

// table searches one table and adds what it finds.
func (r *searching) table(ctx context.Context, t *table, columns []*column, one SearchTable) error {
	in := &searchedTable{t: t, columns: r.readable(t, columns, one.Columns)}
	in.query = r.db.newQuery(r.caller, &crmxml.Fetch{Entity: crmxml.Entity{Name: t.LogicalName, Body: crmxml.Body{Filters: one.Filters}}}, FetchOptions{RawOrder: true})
	in.ctx = ctx
	if err := in.bind(); err != nil {
		return err
	}
	if err := in.sorts(in.root, r.sortedBy()); err != nil {
		return err
	}
	if len(in.columns) == 0 {
		return nil
	}
	in.tree = r.parse()
	in.tree.each(func(l *leaf) {
		l.absent = l.column != "" && !slices.ContainsFunc(in.columns, func(c *column) bool { return c.LogicalName == l.column })
	})
	if err := r.db.expand(ctx, t, &in.tree, &r.left); err != nil {
		return err
	}
	in.leaves = in.tree.wanted(nil)
	in.within = in.tree.matches()
	if in.within.fts == "" && !in.within.but {
		return nil
	}
	r.tables = append(r.tables, in)
	if err := in.rare(ctx); err != nil {
		return err
	}
	if err := r.collect(ctx, in); err != nil {
		return err
	}
	if r.Count {
		n, err := in.counted(ctx)
		if err != nil {
			return err
		}
		r.found.Count += n
	}
	return r.facets(ctx, in)
}

// parse reads the text anew for each table, since what a leaf stands for differs.
func (r *searching) parse() clause {
	read := parseSearch
	if r.Lucene {
		read = parseLucene
	}
	c := read(r.Text, r.All || r.Beginning)
	leaves := c.wanted(nil)
	for i, l := range leaves {
		if r.Beginning && i == len(leaves)-1 && !l.expands() && l.near == 0 {
			l.prefix = true
		} else if r.Fuzzy && len(l.words) == 1 && len(l.words[0]) > 3 && !l.prefix {
			l.fuzzy = 1
		}
	}
	return c
}

// readable are the columns to search in: those asked for, as far as the person may read them.
func (r *searching) readable(t *table, columns []*column, asked []string) []*column {
	var list []*column
	for _, c := range columns {
		wanted := len(asked) == 0 || slices.ContainsFunc(asked, func(name string) bool { return strings.EqualFold(name, c.LogicalName) })
		if wanted && r.caller.CanReadColumn(t.Table, c.Column) {
			list = append(list, c)
		}
	}
	return list
}

const byScore = "@search.score"

// sortedBy are the orders by columns.
func (r *searching) sortedBy() []crmxml.Order {
	var list []crmxml.Order
	for _, o := range r.Orders {
		if o.Attribute != byScore {
			list = append(list, o)
		}
	}
	return list
}

// finish puts the hits of all tables in order and keeps the page that was asked for.
func (r *searching) finish() {
	slices.SortStableFunc(r.found.Hits, r.compare)
	hits := r.found.Hits[min(r.Skip, len(r.found.Hits)):]
	r.found.Hits = hits[:min(r.Top, len(hits))]
	for i := range r.found.Hits {
		h := &r.found.Hits[i]
		for _, in := range r.tables {
			if in.t.Table == h.Table {
				h.Highlights = in.highlights(h.texts, r.Beginning)
				if r.Beginning {
					h.Completed = completed(in.leaves, h.texts)
				}
			}
		}
	}
	r.finishFacets()
}

// compare sorts by the orders asked for, then by score, then by id, so that pages neither repeat nor miss a row.
func (r *searching) compare(a, b Hit) int {
	at := 0
	for _, o := range r.Orders {
		d := cmp.Compare(a.Score, b.Score)
		if o.Attribute != byScore {
			d = compareKeys(a.keys[at], b.keys[at])
			at++
		}
		if o.Descending {
			d = -d
		}
		if d != 0 {
			return d
		}
	}
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
}

// compareKeys orders values as SQLite does: nothing first, then numbers, then text.
func compareKeys(a, b any) int {
	number := func(v any) (float64, bool) {
		switch x := v.(type) {
		case int64:
			return float64(x), true
		case float64:
			return x, true
		}
		return math.Inf(-1), v == nil
	}
	x, isNumber := number(a)
	y, other := number(b)
	if isNumber && other {
		return cmp.Compare(x, y)
	}
	s, isText := a.(string)
	t, otherText := b.(string)
	if isText && otherText {
		return strings.Compare(s, t)
	}
	if isText {
		return 1
	}
	return -1
}

func (in *searchedTable) highlights(texts []string, partly bool) map[string]string {
	marked := map[string]string{}
	for i, c := range in.columns {
		if text := highlighted(in.leaves, texts[i], partly); text != "" {
			marked[c.LogicalName] = text
		}
	}
	return marked
}

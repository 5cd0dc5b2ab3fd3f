package crm

import (
	"net/url"
	"slices"
	"strings"
)

// Test is how a filter compares a column.
type Test string

// The tests. Which of them a column knows follows from its kind: TestsOf.
const (
	TestIs     Test = "is"     // one of the values: choices by number, records by Reference.Key, "1" and "0" for yes and no
	TestHas    Test = "has"    // text that stands anywhere; of a lookup, in the record's name
	TestStarts Test = "starts" // text that stands at the beginning
	TestFrom   Test = "from"   // a plain number, or a day as in 2026-11-23, and everything above
	TestTo     Test = "to"     // the same, and everything below
	TestEmpty  Test = "empty"  // "1": without a value; "0": with one
)

// ColumnFilter narrows a view by one of its columns.
type ColumnFilter struct {
	Column string // as ListColumn.Name
	Test   Test
	Values []string // several for TestIs, one for every other test
}

// FilterColumn is what can be asked of a column of a view.
type FilterColumn struct {
	ListColumn
	Options  []Option     // of choices
	Behavior DateBehavior // of dates
	Tests    []Test       // none: the column cannot be filtered
	Seen     []Reference  // records that rows of this page point to, each once
}

// Belonging narrows a view to the records that belong to one record by a relationship, as a sub-grid does.
type Belonging struct {
	Relationship string // schema name
	To           RecordRef
}

// ViewQuery is what a person asks of the list page. All of it travels in the address, none of it is stored, and every name
// in it is looked up before it is used.
type ViewQuery struct {
	PartState // view, sort, page and search; charts and drills mean nothing here
	Table     string
	Filters   []ColumnFilter
	Of        *Belonging
	Counted   bool // the total is wanted exactly, as far as Dataverse counts
	// Mark is where an earlier page left off, as ViewList.Mark gave it; "" where pages are counted from the first.
	Mark string
}

// ViewList is a page of a view with what can be asked of it.
type ViewList struct {
	List
	Filterable []FilterColumn // one for each column of the list
	Filters    []ColumnFilter // those in force
	Dropped    bool           // the address has filters that do not fit the view
	NameOnly   bool           // only names were searched: everything would have been too much for Dataverse
	Of         *Reference     // the record that the rows belong to
	Mark       string         // where this page left off; "" on the last one
}

// TestsOf gives the tests that columns of a kind know. Related is true for columns of related records.
func TestsOf(kind Kind, related bool) []Test {
	switch {
	case kind.Textual():
		return []Test{TestHas, TestStarts, TestEmpty}
	case kind.Numeric() || kind == KindDate || kind == KindDateTime:
		return []Test{TestFrom, TestTo, TestEmpty}
	case kind == KindChoice || kind == KindChoices || kind == KindState || kind == KindStatus || kind == KindBoolean:
		return []Test{TestIs, TestEmpty}
	case kind == KindLookup && related:
		return []Test{TestIs, TestEmpty}
	case kind == KindLookup:
		return []Test{TestHas, TestIs, TestEmpty}
	}
	return nil
}

const (
	filterPrefix = "f."
	// mostFilters and mostFilterValues bound what an address may ask.
	mostFilters      = 40
	mostFilterValues = 100
	longestFilter    = 200
)

// FilterName is the name of the address parameter, and of the input, of a test of a column.
func FilterName(column string, test Test) string { return filterPrefix + column + "." + string(test) }

// Values writes the query as address parameters: table, view, personal, sort, desc, page, q, count, rel, of and one for
// each filter.
func (q ViewQuery) Values() url.Values {
	v := q.Query("")
	for _, name := range []string{"part", "chart", "cat", "ser"} {
		v.Del(name)
	}
	v.Set("table", q.Table)
	if q.Counted {
		v.Set("count", "1")
	}
	if q.Of != nil {
		v.Set("rel", q.Of.Relationship)
		v.Set("of", Reference{Table: q.Of.To.Table, ID: q.Of.To.ID}.Key())
	}
	for _, f := range q.Filters {
		name := FilterName(f.Column, f.Test)
		v[name] = append(v[name], f.Values...)
	}
	return v
}

// ViewQueryFrom reads what Values wrote and what forms with the same names send. Anything malformed is ignored.
func ViewQueryFrom(v url.Values) ViewQuery {
	_, state := PartStateFrom(v)
	state.ChartID, state.Drill = "", nil
	q := ViewQuery{PartState: state, Table: v.Get("table"), Counted: v.Get("count") == "1"}
	if r, ok := ReferenceFrom(v.Get("of")); ok && r.ID != "" && isLogicalName(v.Get("rel")) {
		q.Of = &Belonging{Relationship: v.Get("rel"), To: RecordRef{Table: r.Table, ID: r.ID}}
	}
	for name, texts := range v {
		if f, ok := filterFrom(name, texts); ok && len(q.Filters) < mostFilters {
			q.Filters = append(q.Filters, f)
		}
	}
	slices.SortFunc(q.Filters, func(a, b ColumnFilter) int {
		return strings.Compare(FilterName(a.Column, a.Test), FilterName(b.Column, b.Test))
	})
	return q
}

func filterFrom(name string, texts []string) (ColumnFilter, bool) {
	rest, ok := strings.CutPrefix(name, filterPrefix)
	dot := strings.LastIndexByte(rest, '.')
	if !ok || dot <= 0 || len(rest) > 300 {
		return ColumnFilter{}, false
	}
	f := ColumnFilter{Column: rest[:dot], Test: Test(rest[dot+1:])}
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" && len(text) <= longestFilter && len(f.Values) < mostFilterValues && !slices.Contains(f.Values, text) {
			f.Values = append(f.Values, text)
		}
	}
	if f.Test != TestIs && len(f.Values) > 1 {
		f.Values = f.Values[:1]
	}
	return f, len(f.Values) > 0
}

// Filter gives the values of a test of a column; none when it is not in force.
func (q ViewQuery) Filter(column string, test Test) []string {
	for _, f := range q.Filters {
		if f.Column == column && f.Test == test {
			return f.Values
		}
	}
	return nil
}

// Unfiltered is the query without one filter, or with one of its values less. A narrower or wider list begins at its first
// page again.
func (q ViewQuery) Unfiltered(column string, test Test, value string) ViewQuery {
	var kept []ColumnFilter
	for _, f := range q.Filters {
		if f.Column == column && f.Test == test {
			f.Values = slices.DeleteFunc(slices.Clone(f.Values), func(v string) bool { return value == "" || v == value })
		}
		if len(f.Values) > 0 {
			kept = append(kept, f)
		}
	}
	q.Filters = kept
	return q.First()
}

// First is the query for the first page.
func (q ViewQuery) First() ViewQuery {
	q.Page, q.Mark, q.Counted = 0, "", false
	return q
}

// At is the query for a page.
func (q ViewQuery) At(page int, mark string) ViewQuery {
	q.Page, q.Mark = page, mark
	return q
}

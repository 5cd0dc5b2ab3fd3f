package dataverse_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// looking is somebody who looks at views.
type looking struct{ *desk }

func look(t *testing.T, role world.Role) looking {
	t.Helper()
	return looking{at(t, role, "en-US", sales, "Sales Hub")}
}

func (l looking) at(q crm.ViewQuery) crm.ViewList {
	l.t.Helper()
	list, err := l.client.View(l.t.Context(), l.caller, l.place, q)
	if err != nil {
		l.t.Fatalf("%+v: %v", q, err)
	}
	return list
}

func ids(list crm.ViewList) (all []string) {
	for _, r := range list.Rows {
		all = append(all, r.Ref.ID)
	}
	return all
}

// Going on by the mark and going on by number come to the same rows, none twice, and going back too.
func TestAViewIsTurnedForthAndBack(t *testing.T) {
	l := look(t, world.Administrator)
	q := crm.ViewQuery{Table: "account"}
	first := l.at(q)
	if len(first.Rows) != 50 || !first.More || first.Mark == "" || first.Total < 51 {
		t.Fatalf("%d rows of %d, more %v, mark %q", len(first.Rows), first.Total, first.More, first.Mark)
	}
	second := l.at(q.At(2, first.Mark))
	if counted := l.at(q.At(2, "")); !slices.Equal(ids(second), ids(counted)) {
		t.Error("the mark leads elsewhere than the number")
	}
	for _, id := range ids(second) {
		if slices.Contains(ids(first), id) {
			t.Errorf("%s is on both pages", id)
		}
	}
	if back := l.at(q.At(1, "")); !slices.Equal(ids(back), ids(first)) {
		t.Error("going back leads elsewhere")
	}
}

// Every filter that a column offers keeps exactly the rows that fit it.
func TestFiltersKeepWhatFits(t *testing.T) {
	l := look(t, world.Administrator)
	for _, table := range []string{"account", "opportunity", "contact", "incident"} {
		all := l.at(crm.ViewQuery{Table: table})
		if len(all.Rows) == 0 {
			t.Errorf("no %s", table)
			continue
		}
		for i, f := range all.Filterable {
			for _, test := range f.Tests {
				value, fits := probe(all, i, f, test)
				if value == "" {
					continue
				}
				got := l.at(crm.ViewQuery{Table: table, Filters: []crm.ColumnFilter{{Column: f.Name, Test: test, Values: []string{value}}}})
				if got.Dropped || len(got.Filters) != 1 {
					t.Errorf("%s.%s %s %q does not fit", table, f.Name, test, value)
					continue
				}
				if len(got.Rows) == 0 && (test != crm.TestEmpty || value != "1") {
					t.Errorf("%s.%s %s %q finds nothing", table, f.Name, test, value)
				}
				for _, row := range got.Rows {
					if !fits(row.Cells[i]) {
						t.Errorf("%s.%s %s %q finds %+v", table, f.Name, test, value, row.Cells[i])
						break
					}
				}
			}
		}
	}
}

// probe makes a value of a test out of a row that there is, and says which cells fit it.
func probe(list crm.ViewList, column int, f crm.FilterColumn, test crm.Test) (string, func(crm.Cell) bool) {
	if test == crm.TestEmpty {
		return "0", func(c crm.Cell) bool { return c.Raw != "" }
	}
	for _, row := range list.Rows {
		c := row.Cells[column]
		switch {
		case c.Raw == "":
		case test == crm.TestHas:
			word := c.Text[len(c.Text)/2:]
			if f.Kind == crm.KindText && len(word) > 3 || f.Kind == crm.KindLookup && len(word) > 3 {
				return strings.TrimSpace(word), func(c crm.Cell) bool {
					return strings.Contains(strings.ToLower(c.Text), strings.ToLower(strings.TrimSpace(word)))
				}
			}
		case test == crm.TestStarts && len(c.Text) > 3:
			word := strings.TrimSpace(c.Text[:3])
			return word, func(c crm.Cell) bool { return strings.HasPrefix(strings.ToLower(c.Text), strings.ToLower(word)) }
		case test == crm.TestIs && f.Kind == crm.KindLookup && c.Link != nil:
			id := c.Link.ID
			return crm.Reference{Table: c.Link.Table, ID: id}.Key(), func(c crm.Cell) bool { return c.Link != nil && c.Link.ID == id }
		case test == crm.TestIs && f.Kind != crm.KindChoices && f.Kind != crm.KindBoolean:
			raw := c.Raw
			return raw, func(c crm.Cell) bool { return c.Raw == raw }
		case (test == crm.TestFrom || test == crm.TestTo) && f.Kind.Numeric():
			limit, _ := strconv.ParseFloat(c.Raw, 64)
			return c.Raw, func(c crm.Cell) bool {
				n, err := strconv.ParseFloat(c.Raw, 64)
				return err == nil && (test == crm.TestFrom && n >= limit || test == crm.TestTo && n <= limit)
			}
		case f.Kind == crm.KindDate && len(c.Raw) >= 10:
			day := c.Raw[:10]
			return day, func(c crm.Cell) bool {
				return c.Raw != "" && (test == crm.TestFrom && c.Raw[:10] >= day || test == crm.TestTo && c.Raw[:10] <= day)
			}
		}
	}
	return "", nil
}

// Wildcards and quotes in a filter are letters like any other.
func TestAFilterIsTakenLiterally(t *testing.T) {
	l := look(t, world.Administrator)
	for _, text := range []string{"%", "_", "[a-z]", "*", "'", `"`, "<condition/>", "&", "\u202e", "😀"} {
		list := l.at(crm.ViewQuery{Table: "account", Filters: []crm.ColumnFilter{{Column: "name", Test: crm.TestHas, Values: []string{text}}}})
		for _, row := range list.Rows {
			if !strings.Contains(row.Name, text) {
				t.Errorf("%q finds %q", text, row.Name)
			}
		}
	}
}

// What an address asks of columns that the view does not have, or with values that no column has, is left out and said.
func TestAFilterThatDoesNotFitIsLeftOut(t *testing.T) {
	l := look(t, world.Administrator)
	for _, f := range []crm.ColumnFilter{
		{Column: "creditlimit_secret", Test: crm.TestHas, Values: []string{"x"}}, {Column: "ownerid.password", Test: crm.TestHas, Values: []string{"x"}},
		{Column: "name", Test: "drop table", Values: []string{"x"}}, {Column: "name", Test: crm.TestFrom, Values: []string{"1"}}, {Column: "name", Test: crm.TestEmpty, Values: []string{"maybe"}},
		{Column: `name" operator="null`, Test: crm.TestHas, Values: []string{"x"}},
	} {
		list := l.at(crm.ViewQuery{Table: "account", Filters: []crm.ColumnFilter{f}})
		if !list.Dropped || len(list.Filters) > 0 || len(list.Rows) == 0 {
			t.Errorf("%+v: dropped %v, %d rows", f, list.Dropped, len(list.Rows))
		}
	}
}

// Exporting gives the rows of all pages once, in their order, and says when it had to stop.
func TestRowsAreReadToTheirEnd(t *testing.T) {
	l := look(t, world.Administrator)
	q := crm.ViewQuery{Table: "contact"}
	total := l.at(q).Total
	seen := map[string]bool{}
	cut, err := l.client.Rows(t.Context(), l.caller, l.place, q, 50_000, func(list crm.ViewList) error {
		for _, id := range ids(list) {
			if seen[id] {
				t.Errorf("%s comes twice", id)
			}
			seen[id] = true
		}
		return nil
	})
	if err != nil || cut || len(seen) != total {
		t.Errorf("%d rows of %d, cut %v: %v", len(seen), total, cut, err)
	}
	n := 0
	cut, err = l.client.Rows(t.Context(), l.caller, l.place, q, 17, func(list crm.ViewList) error { n += len(list.Rows); return nil })
	if err != nil || !cut || n != 17 {
		t.Errorf("%d rows, cut %v: %v", n, cut, err)
	}
}

// A warm page is one question; counting and the name of a record are others at the same time.
func TestAWarmPageIsOneQuestion(t *testing.T) {
	l := look(t, world.Administrator)
	q := crm.ViewQuery{Table: "account", Filters: []crm.ColumnFilter{{Column: "name", Test: crm.TestHas, Values: []string{"a"}}}}
	l.at(q)
	for want, q := range map[int64]crm.ViewQuery{1: q, 2: func() crm.ViewQuery { q.Counted = true; return q }()} {
		before := sandbox(t).requests.Load()
		list := l.at(q)
		if asked := sandbox(t).requests.Load() - before; asked != want {
			t.Errorf("%d questions, want %d", asked, want)
		}
		if list.Total != len(list.Rows) && !list.More {
			t.Errorf("%d in all, %d rows", list.Total, len(list.Rows))
		}
	}
}

// What is not there is said by name.
func TestAViewThatIsNotThere(t *testing.T) {
	l := look(t, world.Administrator)
	for key, q := range map[string]crm.ViewQuery{
		"record.no_table": {Table: "spaceship"},
		"view.gone":       {Table: "account", PartState: crm.PartState{ViewID: "0a000000-0000-4000-8000-00000000dead"}},
		"list.too_far":    {Table: "account", PartState: crm.PartState{Page: 999 * 2}},
	} {
		if _, err := l.client.View(t.Context(), l.caller, l.place, q); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

package engine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Facet groups what is found by a column, or by table.
type Facet struct {
	Name     string // as the client asked, the key in an answer
	Table    string // of which table alone the column is meant; "" for any that has it
	Column   string // "" for the table itself
	Most     int    // values to answer; 0 is 10
	Sort     string // count, -count, value or -value; "" is count
	Bounds   []string
	Interval string // a number, or minute, hour, day, week, month, quarter or year
}

// FacetValue is a group of what was found: one value, or a range from From up to but without To.
type FacetValue struct {
	Range    bool
	Value    any    // string, int64, float64, bool or time.Time
	Text     string // what a person reads, for lookups and choices
	From, To any    // of a range; nil where it has no end
	Count    int
}

// maxFaceted is how many rows of a table are grouped at most.
const maxFaceted = 10_000

// facets adds what one table contributes to the groups.
func (r *searching) facets(ctx context.Context, in *searchedTable) error {
	for _, f := range r.Facets {
		if f.Column == "" {
			n, err := in.counted(ctx)
			if err != nil {
				return err
			}
			if n > 0 {
				r.found.Facets[f.Name] = append(r.found.Facets[f.Name], FacetValue{Value: in.t.LogicalName, Count: n})
			}
			continue
		}
		c := in.t.byName[strings.ToLower(f.Column)]
		if f.Table != "" && f.Table != in.t.LogicalName || c == nil || c.Hidden || c.kind == kNone || c.kind == kMemo {
			continue
		}
		if !f.groupable(c.Column) {
			return refuse(CodeInvalidArgument, "The facet '%s' does not fit the type of its column.", f.Name)
		}
		if err := r.facet(ctx, in, f, c); err != nil {
			return err
		}
	}
	return nil
}

func (r *searching) facet(ctx context.Context, in *searchedTable, f Facet, c *column) error {
	of := field{src: in.root, col: c}
	name := "NULL"
	if c.Type.IsLookup() && in.readable(of) {
		name = in.nameOf(of, false)
	}
	// Of all the rows in range: grouping comes after the limit, or a common word would cost whatever it finds.
	rows := sequence("", text("SELECT "+in.raw(of)+" AS v, "+name+" AS n"), in.body(in.within), text(" LIMIT ?", maxFaceted))
	statement := sequence("", text("SELECT v, min(n), count(*) FROM ("), rows, text(") WHERE v IS NOT NULL GROUP BY v"))
	shown := &output{field: of, Column: Column{Table: in.t.Table, Column: c.Column}}
	return in.db.rows(ctx, statement.sql, statement.args, 3, func(v []any) error {
		value := FacetValue{Value: shown.convert(v[0])}
		value.Text, _ = v[1].(string)
		n, _ := v[2].(int64)
		value.Count = int(n)
		if len(c.Options) > 0 {
			value.Text = in.c.text(in.db, c, value.Value, currency{})
		}
		r.found.Facets[f.Name] = f.add(r.found.Facets[f.Name], value, c)
		return nil
	})
}

// add counts a value where it belongs.
func (f *Facet) add(list []FacetValue, v FacetValue, c *column) []FacetValue {
	switch {
	case len(f.Bounds) > 0:
		if len(list) == 0 {
			list = f.ranges(c)
		}
		at := len(list) - 1
		for at > 0 && compareKeys(plain(v.Value), plain(list[at].From)) < 0 {
			at--
		}
		if at >= 0 {
			list[at].Count += v.Count
		}
		return list
	case f.Interval != "":
		v.Value, v.Text = f.start(v.Value), ""
	}
	for i := range list {
		if list[i].Value == v.Value {
			list[i].Count += v.Count
			return list
		}
	}
	return append(list, v)
}

// plain is a value that compareKeys knows.
func plain(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.Unix()
	}
	return v
}

// ranges are the groups between bounds, the first and the last open at one end.
func (f *Facet) ranges(c *column) []FacetValue {
	var list []FacetValue
	var last any
	for _, text := range f.Bounds {
		var bound any
		if c.kind == kTime {
			t, err := parseTime(text, time.UTC)
			if err != nil {
				continue
			}
			bound = t.UTC()
		} else if n, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil && !math.IsNaN(n) {
			bound = n
		} else {
			continue
		}
		list = append(list, FacetValue{Range: true, From: last, To: bound})
		last = bound
	}
	return append(list, FacetValue{Range: true, From: last})
}

// start is where the interval begins that a value lies in.
func (f *Facet) start(v any) any {
	switch x := v.(type) {
	case time.Time:
		y, m, d := x.Date()
		switch strings.ToLower(f.Interval) {
		case "minute":
			return x.Truncate(time.Minute)
		case "hour":
			return x.Truncate(time.Hour)
		case "week":
			return time.Date(y, m, d-int(x.Weekday()), 0, 0, 0, 0, time.UTC)
		case "month":
			return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		case "quarter":
			return time.Date(y, (m-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
		case "year":
			return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	case int64:
		if n, err := strconv.ParseInt(f.Interval, 10, 64); err == nil && n > 0 {
			return int64(math.Floor(float64(x)/float64(n))) * n
		}
	case float64:
		if n, err := strconv.ParseFloat(f.Interval, 64); err == nil && n > 0 {
			return math.Floor(x/n) * n
		}
	}
	return v
}

// finishFacets sorts the groups and keeps as many as were asked for; every facet has a list, if an empty one.
func (r *searching) finishFacets() {
	for _, f := range r.Facets {
		list := r.found.Facets[f.Name]
		if list == nil {
			list = []FacetValue{}
		}
		if len(f.Bounds) == 0 {
			slices.SortStableFunc(list, f.compare)
			list = list[:min(cmp.Or(f.Most, 10), len(list))]
		}
		r.found.Facets[f.Name] = list
	}
}

func (f *Facet) compare(a, b FacetValue) int {
	value := compareKeys(plain(a.Value), plain(b.Value))
	sort := f.Sort
	if sort == "" && f.Interval != "" {
		sort = "value"
	}
	switch sort {
	case "value":
		return value
	case "-value":
		return -value
	case "-count":
		return cmp.Or(a.Count-b.Count, value)
	}
	return cmp.Or(b.Count-a.Count, value)
}

// groupable reports whether a facet's interval and bounds fit a column's type.
func (f *Facet) groupable(c *schema.Column) bool {
	switch kindOf(c) {
	case kTime:
		if f.Interval == "" {
			return true
		}
		return slices.Contains([]string{"minute", "hour", "day", "week", "month", "quarter", "year"}, strings.ToLower(f.Interval))
	case kInt, kReal:
		if f.Interval == "" {
			return true
		}
		n, err := strconv.ParseFloat(f.Interval, 64)
		return err == nil && n > 0
	}
	return f.Interval == "" && len(f.Bounds) == 0
}

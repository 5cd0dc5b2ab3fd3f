package engine

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// fuzzColumns are one of every kind, some with limits.
func fuzzColumns() []*column {
	low, high := -10.0, 1e6
	limits := func(c *schema.Column) { c.Min, c.Max = &low, &high }
	t := &table{Table: &schema.Table{LogicalName: "thing", SchemaName: "Thing", PrimaryID: "thingid"}, byName: map[string]*column{}}
	var list []*column
	for _, kind := range []schema.ColumnType{schema.String, schema.Memo, schema.Integer, schema.BigInt, schema.Decimal, schema.Double, schema.Money, schema.Boolean, schema.DateTime,
		schema.Picklist, schema.MultiSelectPicklist, schema.Lookup, schema.Customer, schema.Uniqueidentifier, schema.PartyList, schema.EntityName} {
		for _, limited := range []bool{false, true} {
			c := col(kind, "c", to("thing"))
			if limited {
				limits(&c)
				c.MaxLength, c.Options, c.DateOnly = 5, []schema.Option{{Value: 1}, {Value: -7}}, true
				c.Targets = []string{"thing", "other"}
			}
			list = append(list, newColumn(t, &c))
		}
	}
	return list
}

// Whatever a client sends, a column either refuses it or keeps something that it would take again.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"", "x", "1", "-7", "1,-7", "1e400", "2026-02-30", "2026-11-23T10:00:00Z", "0001-01-01", "NaN", "true", "{A0000000-0000-4000-8000-000000000001}", "\x00", "𝔸𝔸𝔸", strings.Repeat("9", 40)} {
		f.Add(s, 1.5, int64(math.MaxInt64), int64(math.MinInt64))
	}
	f.Add("9223372036854775807", math.Inf(-1), int64(253402300800), int64(0))
	columns := fuzzColumns()
	f.Fuzz(func(t *testing.T, s string, number float64, whole, seconds int64) {
		moment := time.Unix(seconds%1e12, 0).UTC()
		for _, c := range columns {
			for _, given := range []any{s, number, whole, int(whole), whole != 0, moment, []int{int(whole), int(seconds)}, Ref{"thing", s}, Ref{s, s}, nil} {
				v, err := c.value(given, Row{"c@table": "other"})
				if err != nil {
					continue
				}
				if v, err = c.valid(v); err != nil {
					continue
				}
				c.sane(t, v)
				again, err := c.valid(c.unspell(c.spell(v)))
				if err != nil || again != v {
					t.Errorf("%s: %#v comes back from an audit row as %#v: %v", c.Type, v, again, err)
				}
			}
		}
	})
}

// sane checks what a column has let in.
func (c *column) sane(t *testing.T, v stored) {
	t.Helper()
	switch p := v.plain.(type) {
	case nil:
	case string:
		if (c.kind == kText || c.kind == kMemo) && c.MaxLength > 0 && utf8.RuneCountInString(p) > c.MaxLength || c.kind == kGUID && guid(p) != p {
			t.Errorf("%s keeps %q", c.Type, p)
		}
	case int64:
		if c.Type == schema.Integer && (p > math.MaxInt32 || p < math.MinInt32 || c.Min != nil && p < -10) || c.kind == kTime && (p < earliest || p > latest) {
			t.Errorf("%s keeps %d", c.Type, p)
		}
	case float64:
		if math.IsNaN(p) || math.IsInf(p, 0) || c.Max != nil && p > *c.Max {
			t.Errorf("%s keeps %v", c.Type, p)
		}
	default:
		t.Errorf("%s keeps a %T", c.Type, p)
	}
	if c.Type.IsLookup() && v.plain != nil && v.target != "thing" && v.target != "other" {
		t.Errorf("%s points to %q", c.Type, v.target)
	}
}

// A formula either does not come to be, or gives a number or nothing.
func FuzzFormulas(f *testing.F) {
	for _, s := range []string{"a*b/2", "(a+b)*(a-b)", "a/0", "1e308*a*a", "((((", "a b", "-a", "", "a+", "3.5"} {
		f.Add(s, 2.0)
	}
	t1 := &table{Table: &schema.Table{LogicalName: "thing"}, byName: map[string]*column{}}
	for i, name := range []string{"a", "b"} {
		c := col(schema.Double, name)
		t1.byName[name] = newColumn(t1, &c)
		t1.byName[name].at = i
	}
	f.Fuzz(func(t *testing.T, text string, a float64) {
		formula, err := t1.parseFormula(text)
		if err != nil {
			return
		}
		if v, known := formula.value([]stored{{plain: a}, {plain: int64(3)}}); known && (math.IsNaN(v) || math.IsInf(v, 0)) && !math.IsNaN(a) && !math.IsInf(a, 0) {
			t.Errorf("%q is %v", text, v)
		}
		if _, known := formula.value([]stored{{}, {}}); known && strings.ContainsAny(text, "ab") {
			t.Errorf("%q has a value without its columns", text)
		}
	})
}

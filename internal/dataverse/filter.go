package dataverse

import (
	"context"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// filterPrefix begins the aliases of what filters join.
const filterPrefix = "only_"

// take notes what can be asked of each column, and which of the filters of an address can be.
func (v *viewing) take(ctx context.Context, filters []crm.ColumnFilter) error {
	v.list.Filterable = make([]crm.FilterColumn, len(v.list.Columns))
	asks := make([]func() error, len(v.list.Columns))
	for i, column := range v.list.Columns {
		asks[i] = func() (err error) {
			v.list.Filterable[i], err = v.filterable(ctx, column)
			return err
		}
	}
	if len(asks) > 0 {
		if err := together(asks...); err != nil {
			return err
		}
	}
	for _, f := range filters {
		if f, ok := v.fits(f); ok {
			v.list.Filters = append(v.list.Filters, f)
		} else {
			v.list.Dropped = true
		}
	}
	return nil
}

// filterable says what can be asked of a column.
func (v *viewing) filterable(ctx context.Context, column crm.ListColumn) (crm.FilterColumn, error) {
	f := crm.FilterColumn{ListColumn: column}
	alias, name := linked(column.Name)
	tests := crm.TestsOf(column.Kind, alias != "")
	if alias == "" {
		if v.plan == nil {
			return f, nil
		}
		x, ok := v.plan.fields[name]
		if !ok {
			return f, nil
		}
		f.Options, f.Behavior = x.Options, x.Behavior
	} else {
		link, ok := v.view.fetch.Link(alias)
		if !ok || v.tables[link.Name] == nil {
			return f, nil
		}
		if slices.Contains(tests, crm.TestIs) && column.Kind != crm.KindLookup {
			described, err := v.c.column(ctx, v.caller, v.org, link.Name, name)
			if err != nil {
				return f, optional(err)
			}
			f.Options = described.Options
		}
	}
	if slices.Contains(tests, crm.TestIs) && column.Kind != crm.KindLookup && len(f.Options) == 0 {
		tests = []crm.Test{crm.TestEmpty}
	}
	f.Tests = tests
	return f, nil
}

// fits reports whether a filter can be asked of the view, and leaves out values that no row can have.
func (v *viewing) fits(f crm.ColumnFilter) (crm.ColumnFilter, bool) {
	i := slices.IndexFunc(v.list.Filterable, func(c crm.FilterColumn) bool { return c.Name == f.Column })
	if i < 0 || !slices.Contains(v.list.Filterable[i].Tests, f.Test) {
		return f, false
	}
	column, given := v.list.Filterable[i], len(f.Values)
	f.Values = slices.DeleteFunc(slices.Clone(f.Values), func(text string) bool { return !sensible(column, f.Test, text) })
	return f, len(f.Values) == given && given > 0
}

// sensible reports whether a value can be compared with a column.
func sensible(column crm.FilterColumn, test crm.Test, text string) bool {
	switch test {
	case crm.TestEmpty:
		return text == "1" || text == "0"
	case crm.TestFrom, crm.TestTo:
		if column.Kind.Numeric() {
			// What fractions and exponents mean is asked of nobody.
			_, err := strconv.ParseFloat(text, 64)
			n, ok := new(big.Rat).SetString(text)
			return err == nil && ok && len(text) <= 30 && (n.IsInt() || column.Kind != crm.KindInteger && column.Kind != crm.KindDuration)
		}
		at, err := time.Parse(time.DateOnly, text)
		return err == nil && at.Year() >= 1753
	case crm.TestIs:
		if column.Kind == crm.KindLookup {
			r, ok := crm.ReferenceFrom(text)
			return ok && r.ID != ""
		}
		return slices.ContainsFunc(column.Options, func(o crm.Option) bool { return strconv.Itoa(o.Value) == text })
	}
	return true
}

// apply narrows a query by a filter that fits.
func (v *viewing) apply(fetch *crmxml.Fetch, n int, f crm.ColumnFilter) {
	alias, name := linked(f.Column)
	c := crmxml.Condition{EntityName: alias, Attribute: name}
	kind := v.list.Filterable[slices.IndexFunc(v.list.Filterable, func(c crm.FilterColumn) bool { return c.Name == f.Column })].Kind
	var filter crmxml.Filter
	switch f.Test {
	case crm.TestEmpty:
		c.Operator = "null"
		if f.Values[0] == "0" {
			c.Operator = "not-null"
		}
	case crm.TestHas, crm.TestStarts:
		if kind == crm.KindLookup {
			fetch.Entity.Filters = append(fetch.Entity.Filters, v.named(fetch, n, name, f.Values[0]))
			return
		}
		c.Operator, c.Value = "like", crmxml.Like(f.Values[0], f.Test == crm.TestHas)
	case crm.TestFrom, crm.TestTo:
		c.Operator, c.Value = map[crm.Test]string{crm.TestFrom: "ge", crm.TestTo: "le"}[f.Test], f.Values[0]
		if !kind.Numeric() {
			// The service takes days on the person's own clock.
			c.Operator = map[crm.Test]string{crm.TestFrom: "on-or-after", crm.TestTo: "on-or-before"}[f.Test]
		}
	case crm.TestIs:
		c.Operator = "in"
		if kind == crm.KindChoices {
			c.Operator = "contain-values"
		}
		for _, text := range f.Values {
			if r, ok := crm.ReferenceFrom(text); ok && kind == crm.KindLookup {
				text = r.ID
			}
			c.Values = append(c.Values, crmxml.ConditionValue{Text: text})
		}
	}
	filter = crmxml.Filter{Type: "and", Conditions: []crmxml.Condition{c}}
	fetch.Entity.Filters = append(fetch.Entity.Filters, filter)
}

// named finds rows whose lookup points to a record by its name, in whichever table that is.
func (v *viewing) named(fetch *crmxml.Fetch, n int, column, text string) crmxml.Filter {
	either := crmxml.Filter{Type: "or"}
	for i, target := range v.plan.fields[column].Targets {
		t := v.targets[target]
		if t == nil || t.PrimaryName == "" {
			continue
		}
		alias := filterPrefix + strconv.Itoa(n) + "_" + strconv.Itoa(i)
		fetch.Entity.Links = append(fetch.Entity.Links, crmxml.Link{Name: target, From: t.PrimaryID, To: column, Alias: alias, Type: "outer"})
		either.Conditions = append(either.Conditions, crmxml.Condition{EntityName: alias, Attribute: t.PrimaryName, Operator: "like", Value: crmxml.Like(text, true)})
	}
	return either
}

// aim looks up the tables that the lookups of filters by name point to.
func (v *viewing) aim(ctx context.Context) (err error) {
	var names []string
	for _, f := range v.list.Filters {
		_, name := linked(f.Column)
		if x := v.fieldOf(name); f.Test == crm.TestHas && x.Kind == crm.KindLookup {
			if len(x.Targets) == 0 || len(x.Targets) > mostTargets {
				return fault.New(fault.TooLarge, "view.too_many_tables")
			}
			names = append(names, x.Targets...)
		}
	}
	if len(names) > 0 {
		v.targets, err = v.c.tables(ctx, v.caller, v.org, names)
	}
	return err
}

func (v *viewing) fieldOf(name string) crm.Field {
	if v.plan == nil {
		return crm.Field{}
	}
	return v.plan.fields[name]
}

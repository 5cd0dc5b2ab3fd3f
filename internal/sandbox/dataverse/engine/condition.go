package engine

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// filters turns the filters of an entity or link-entity into one condition; they all have to hold.
func (q *query) filters(s *source, list []crmxml.Filter) (frag, error) {
	var parts []frag
	for i := range list {
		part, err := q.filter(s, &list[i], false)
		if err != nil {
			return frag{}, err
		}
		parts = append(parts, part.found())
	}
	return and(parts...), nil
}

// filter turns one filter into a condition. In a quick-find filter a condition whose column cannot hold the text that is
// searched finds nothing, where it would be an error elsewhere.
func (q *query) filter(s *source, f *crmxml.Filter, quick bool) (frag, error) {
	quick = quick || f.QuickFind
	q.quick = q.quick || quick
	var parts []frag
	for i := range f.Conditions {
		part, err := q.condition(s, &f.Conditions[i], quick)
		if err != nil {
			return frag{}, err
		}
		parts = append(parts, part)
	}
	for i := range f.Filters {
		part, err := q.filter(s, &f.Filters[i], quick)
		if err != nil {
			return frag{}, err
		}
		parts = append(parts, part)
	}
	for i := range f.Links {
		part, err := q.linkFilter(s, &f.Links[i])
		if err != nil {
			return frag{}, err
		}
		parts = append(parts, part)
	}
	if strings.EqualFold(strings.TrimSpace(f.Type), "or") {
		any := combine(parts, " OR ")
		any.find = q.foundByAny(parts)
		return any, nil
	}
	all := and(parts...)
	all.find = foundByAll(parts)
	return all, nil
}

// comparison is one condition under way.
type comparison struct {
	*query
	*crmxml.Condition
	field
	op     string
	values []string
}

func (q *query) condition(s *source, c *crmxml.Condition, quick bool) (frag, error) {
	if q.count.conditions++; q.count.conditions > maxConditions {
		return frag{}, refuse(CodeTooManyConditions, "Number of conditions in query exceeded maximum limit.")
	}
	if c.EntityName != "" && !strings.EqualFold(c.EntityName, s.link) {
		other, err := q.named(c.EntityName)
		if err != nil {
			return frag{}, err
		}
		s = other
	}
	f, err := q.field(s, c.Attribute)
	if err != nil {
		return frag{}, err
	}
	cmp := &comparison{query: q, Condition: c, field: f, op: strings.ToLower(strings.TrimSpace(c.Operator))}
	cmp.values = append(cmp.values, texts(c)...)
	if q.count.values += len(cmp.values); q.count.values > maxValues {
		return frag{}, refuse("0x8004430E", "Number of values in query exceeded maximum limit.")
	}
	part, err := cmp.sql()
	if quick && err != nil {
		return text("0"), nil
	}
	return part, err
}

func texts(c *crmxml.Condition) []string {
	if len(c.Values) == 0 {
		return []string{c.Value}
	}
	list := make([]string, 0, len(c.Values))
	for _, v := range c.Values {
		list = append(list, v.Text)
	}
	return list
}

func (c *comparison) sql() (frag, error) {
	if c.ValueOf != "" {
		return c.columns()
	}
	switch c.op {
	case "eq", "ne", "neq", "gt", "ge", "lt", "le":
		return c.compare()
	case "in", "not-in":
		return c.among()
	case "between", "not-between":
		return c.between()
	case "null":
		return text(c.raw(c.field) + " IS NULL"), nil
	case "not-null":
		return text(c.raw(c.field) + " IS NOT NULL"), nil
	case "like", "not-like", "begins-with", "not-begin-with", "ends-with", "not-end-with":
		return c.like()
	case "contain-values", "not-contain-values":
		return c.contain()
	case "above", "under", "not-under", "eq-or-above", "eq-or-under":
		return c.hierarchy()
	case "in-fiscal-period":
		return c.inPeriod()
	}
	if part, ok, err := c.people(); ok || err != nil {
		return part, err
	}
	return c.dates()
}

// orEmpty lets the negative operators hold for rows without a value, as they do in the service.
func (c *comparison) orEmpty(f frag) frag {
	return text("("+f.sql+" OR "+c.raw(c.field)+" IS NULL)", f.args...)
}

var sqlOperators = map[string]string{"eq": "=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "ne": "<>", "neq": "<>"}

func (c *comparison) compare() (frag, error) {
	if len(c.Values) > 1 {
		return frag{}, c.invalid("expects one value")
	}
	v, err := c.value(c.values[0])
	if err != nil {
		return frag{}, err
	}
	part := text(c.compared(c.field)+" "+sqlOperators[c.op]+" ?", v)
	if c.op == "ne" || c.op == "neq" {
		return c.orEmpty(part), nil
	}
	return part, nil
}

// columns compares with another column of the row or of a joined one.
func (c *comparison) columns() (frag, error) {
	other, name := c.src, c.ValueOf
	if link, column, ok := strings.Cut(c.ValueOf, "."); ok {
		var err error
		if other, err = c.named(link); err != nil {
			return frag{}, err
		}
		name = column
	}
	g, err := c.query.field(other, name)
	if err != nil {
		return frag{}, err
	}
	class := func(k kind) kind {
		switch k {
		case kMemo:
			return kText
		case kReal:
			return kInt
		}
		return k
	}
	if class(c.kind()) != class(g.kind()) {
		return frag{}, c.invalid("cannot compare columns of different types")
	}
	operator, ok := sqlOperators[c.op]
	if !ok {
		return frag{}, c.invalid("cannot compare columns")
	}
	part := text(c.compared(c.field) + " " + operator + " " + c.compared(g))
	if operator == "<>" {
		return c.orEmpty(part), nil
	}
	return part, nil
}

func (c *comparison) among() (frag, error) {
	values := make([]any, 0, len(c.values))
	for _, v := range c.values {
		value, err := c.value(v)
		if err != nil {
			return frag{}, err
		}
		values = append(values, value)
	}
	if c.op == "in" {
		return text(c.compared(c.field)+" IN ("+marks(len(values))+")", values...), nil
	}
	return c.orEmpty(text(c.compared(c.field)+" NOT IN ("+marks(len(values))+")", values...)), nil
}

func (c *comparison) between() (frag, error) {
	if len(c.values) != 2 {
		return frag{}, c.invalid("expects two values")
	}
	low, err := c.value(c.values[0])
	if err != nil {
		return frag{}, err
	}
	high, err := c.value(c.values[1])
	if err != nil {
		return frag{}, err
	}
	if c.op == "between" {
		return text(c.compared(c.field)+" BETWEEN ? AND ?", low, high), nil
	}
	return c.orEmpty(text(c.compared(c.field)+" NOT BETWEEN ? AND ?", low, high)), nil
}

// like compares text; for lookups and choices the text that they show, for numbers their digits.
func (c *comparison) like() (frag, error) {
	if len(c.values) != 1 {
		return frag{}, c.invalid("expects one value")
	}
	value := c.values[0]
	if utf8.RuneCountInString(value) > maxPattern {
		return frag{}, c.invalid("has a value that is too long")
	}
	var p pattern
	switch c.op {
	case "begins-with", "not-begin-with":
		p = likePattern(value + "%")
	case "ends-with", "not-end-with":
		p = likePattern("%" + value)
	default:
		p = likePattern(value)
	}
	subject := c.field
	if !subject.name && subject.col.kind != kMulti && (subject.col.Type.IsLookup() || len(subject.col.Options) > 0) {
		subject.name = true
	}
	expression := c.compared(subject)
	switch subject.kind() {
	case kInt, kReal, kBool, kTime:
		expression = "CAST(" + expression + " AS TEXT)"
	}
	part := p.sql(expression)
	if strings.HasPrefix(c.op, "not-") {
		return text("("+"NOT "+part.sql+" OR "+expression+" IS NULL)", part.args...), nil
	}
	if !subject.name && c.readable(subject) {
		return c.narrowed(subject.src, subject.col, p, part), nil
	}
	return part, nil
}

func (p pattern) sql(expression string) frag {
	switch {
	case p.exact:
		return text(expression+" = ?", p.prefix)
	case p.starts:
		return text("("+expression+" >= ? AND "+expression+" < ?)", p.prefix, after(p.prefix))
	case p.within:
		return text("instr("+expression+", ?) > 0", p.middle)
	case p.glob == "*":
		return text(expression + " IS NOT NULL")
	case p.prefix != "":
		return text("("+expression+" >= ? AND "+expression+" < ? AND "+expression+" GLOB ?)", p.prefix, after(p.prefix), p.glob)
	}
	return text(expression+" GLOB ?", p.glob)
}

func (c *comparison) contain() (frag, error) {
	if c.field.col.kind != kMulti {
		return frag{}, c.invalid("is for multi-select choices")
	}
	list := "(',' || " + c.raw(c.field) + " || ',')"
	var parts []frag
	for _, v := range c.values {
		for _, one := range strings.Split(v, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(one))
			if err != nil {
				return frag{}, c.mismatch(one)
			}
			parts = append(parts, text("instr("+list+", ?) > 0", ","+strconv.Itoa(n)+","))
		}
	}
	part := combine(parts, " OR ")
	if c.op == "contain-values" {
		return part, nil
	}
	return c.orEmpty(text("NOT ("+part.sql+")", part.args...)), nil
}

// value reads a text of the query as the column keeps it.
func (c *comparison) value(s string) (any, error) {
	if c.name {
		return fold(s), nil
	}
	switch c.field.col.kind {
	case kText, kMemo:
		if utf8.RuneCountInString(s) > maxPattern*5 {
			return nil, c.invalid("has a value that is too long")
		}
		return fold(s), nil
	case kTime:
		return c.moment(s)
	case kGUID:
		if id := guid(s); id != "" {
			return id, nil
		}
		return nil, c.mismatch(s)
	case kInt:
		if c.Type() == schema.Integer || c.Type() == schema.BigInt {
			if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && !math.IsNaN(f) && math.Abs(f) < 1<<62 {
				if f == math.Trunc(f) {
					return int64(f), nil
				}
				return f, nil
			}
			return nil, c.mismatch(s)
		}
	}
	v, err := c.field.col.store(strings.TrimSpace(s))
	if err != nil || v == nil {
		return nil, c.mismatch(s)
	}
	return v, nil
}

// Type is the column's type.
func (c *comparison) Type() schema.ColumnType { return c.field.col.Type }

// moment reads a date as seconds. Without a zone it is the person's clock; some columns know no zone at all.
func (c *comparison) moment(s string) (int64, error) {
	zone := c.zone
	if c.field.col.zoneless() {
		zone = time.UTC
	}
	t, err := parseTime(s, zone)
	if err != nil {
		return 0, refuse(CodeInvalidDateTime, "The date-time format for %s is invalid, or value is outside the supported range.", s)
	}
	return c.field.col.storeTime(t), nil
}

func (c *comparison) mismatch(v string) error {
	return refuse(CodeIncorrectValueType, "Condition for attribute '%s.%s': expected argument(s) of a different type from '%s'.", c.src.LogicalName, c.field.col.LogicalName, v)
}

func (c *comparison) invalid(why string) error {
	return refuse(CodeInvalidQuery, "Condition for attribute '%s.%s': the operator '%s' %s.", c.src.LogicalName, c.field.col.LogicalName, c.Operator, why)
}

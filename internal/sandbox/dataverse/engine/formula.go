package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// formula is a calculated column's expression: numbers, columns of the same row, + - * / and parentheses. It has no value
// when a column in it has none, or when it divides by zero.
type formula interface {
	value(values []stored) (float64, bool)
}

type constant float64

func (c constant) value([]stored) (float64, bool) { return float64(c), true }

type reference struct{ *column }

func (r reference) value(values []stored) (float64, bool) {
	switch v := values[r.at].plain.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

type arithmetic struct {
	operator    byte
	left, right formula
}

func (a arithmetic) value(values []stored) (float64, bool) {
	l, known := a.left.value(values)
	r, also := a.right.value(values)
	if !known || !also {
		return 0, false
	}
	switch a.operator {
	case '+':
		l += r
	case '-':
		l -= r
	case '*':
		l *= r
	default:
		l /= r
	}
	return l, !math.IsNaN(l) && !math.IsInf(l, 0)
}

// parseFormula reads an expression over a table's columns.
func (t *table) parseFormula(text string) (formula, error) {
	p := &formulaParser{table: t, rest: text}
	f, err := p.sum()
	if err == nil && strings.TrimLeft(p.rest, " ") != "" {
		err = fmt.Errorf("%q is left over", p.rest)
	}
	if err != nil {
		return nil, fmt.Errorf("engine: formula %q of table %s: %w", text, t.LogicalName, err)
	}
	return f, nil
}

type formulaParser struct {
	table *table
	rest  string
	depth int
}

// peek is the next character that is no space; 0 at the end.
func (p *formulaParser) peek() byte {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *formulaParser) sum() (formula, error)     { return p.chain("+-", p.product) }
func (p *formulaParser) product() (formula, error) { return p.chain("*/", p.operand) }

func (p *formulaParser) chain(operators string, next func() (formula, error)) (formula, error) {
	left, err := next()
	for err == nil {
		operator := p.peek()
		if operator == 0 || strings.IndexByte(operators, operator) < 0 {
			return left, nil
		}
		p.rest = p.rest[1:]
		var right formula
		right, err = next()
		left = arithmetic{operator, left, right}
	}
	return nil, err
}

func (p *formulaParser) operand() (formula, error) {
	if p.peek() == '(' {
		if p.depth++; p.depth > 50 {
			return nil, fmt.Errorf("it is nested too deeply")
		}
		p.rest = p.rest[1:]
		f, err := p.sum()
		if err == nil && p.peek() != ')' {
			err = fmt.Errorf("a parenthesis is missing")
		}
		if err != nil {
			return nil, err
		}
		p.rest = p.rest[1:]
		p.depth--
		return f, nil
	}
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '.')
	})
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	if c := p.table.byName[word]; c != nil {
		return reference{c}, nil
	}
	n, err := strconv.ParseFloat(word, 64)
	if err != nil || strings.Trim(word, "0123456789.e") != "" || math.IsInf(n, 0) { // no "inf", and no hexadecimal
		return nil, fmt.Errorf("%q is neither a number nor a column", word)
	}
	return constant(n), nil
}

// calculate gives the calculated columns of a row their values.
func (t *table) calculate(values []stored) error {
	for _, c := range t.calculated {
		f, known := c.formula.value(values)
		if !known {
			values[c.at] = stored{}
			continue
		}
		places := c.Precision
		if c.kind == kInt {
			places = 0
		}
		plain, err := c.storeNumber(round(f, places), int64(math.Round(f)))
		if err != nil {
			return fmt.Errorf("engine: %s.%s: %w", t.LogicalName, c.LogicalName, err)
		}
		values[c.at] = stored{plain: plain}
	}
	return nil
}

package odata

import (
	"strconv"
	"strings"
)

// Resolver gives the value of a path: nil, string, bool, int or float64. An unknown path is an error.
type Resolver func(Path) (any, error)

// Holds evaluates a filter over values in memory, which is how the service answers for metadata and discovery. Strings
// are compared letter for letter.
func Holds(e Expr, value Resolver) (bool, error) {
	switch e := e.(type) {
	case And:
		for _, term := range e.Terms {
			if ok, err := Holds(term, value); err != nil || !ok {
				return false, err
			}
		}
		return true, nil
	case Or:
		for _, term := range e.Terms {
			if ok, err := Holds(term, value); err != nil || ok {
				return ok, err
			}
		}
		return false, nil
	case Not:
		ok, err := Holds(e.Term, value)
		return !ok, err
	case Comparison:
		return comparisonHolds(e, value)
	case In:
		left, err := value(e.Path)
		for _, v := range e.Values {
			if order, comparable := compare(left, v); comparable && order == 0 {
				return true, err
			}
		}
		return false, err
	case Match:
		left, err := value(e.Path)
		text, _ := left.(string)
		return matches(e.Function, text, e.Text), err
	case Function:
		return false, problem("The query function %s is not supported here", e.Name)
	case Lambda:
		return false, problem("any and all are not supported here")
	}
	return false, problem("The filter is not supported here")
}

func matches(function, text, part string) bool {
	switch function {
	case "startswith":
		return strings.HasPrefix(text, part)
	case "endswith":
		return strings.HasSuffix(text, part)
	}
	return strings.Contains(text, part)
}

func comparisonHolds(c Comparison, value Resolver) (bool, error) {
	left, err := value(c.Path)
	if err != nil {
		return false, err
	}
	if c.Other != nil {
		return false, problem("Two properties cannot be compared here")
	}
	order, comparable := compare(left, c.Value)
	switch c.Operator {
	case "eq":
		return comparable && order == 0, nil
	case "ne":
		return !comparable || order != 0, nil
	}
	if !comparable || left == nil {
		return false, nil
	}
	return map[string]bool{"gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[c.Operator], nil
}

// compare orders a value and a literal; comparable is false when they are of different kinds.
func compare(left any, right Literal) (order int, comparable bool) {
	switch left := left.(type) {
	case nil:
		return 0, right.Kind == Null
	case bool:
		return 0, right.Kind == Bool && (right.Text == "true") == left || right.Kind == Number && (right.Text == "1") == left
	case int:
		return compareNumber(float64(left), right)
	case float64:
		return compareNumber(left, right)
	case string:
		switch right.Kind {
		case String, Enum, Date, DateTime:
			return strings.Compare(left, right.Text), true
		case GUID:
			return strings.Compare(strings.ToLower(left), right.Text), true
		}
	}
	return 0, false
}

func compareNumber(left float64, right Literal) (int, bool) {
	n, err := strconv.ParseFloat(right.Text, 64)
	if err != nil || right.Kind != Number && right.Kind != Enum && right.Kind != String {
		return 0, false
	}
	switch {
	case left < n:
		return -1, true
	case left > n:
		return 1, true
	}
	return 0, true
}

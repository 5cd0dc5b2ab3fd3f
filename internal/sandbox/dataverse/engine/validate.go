package engine

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The moments that the service keeps, in seconds of Unix time: 1753-01-01 and the end of 9999.
const (
	earliest = -6847804800
	latest   = 253402300799
)

// valid holds a value against the column's definition and rounds numbers to the decimals that are kept.
func (c *column) valid(s stored) (stored, error) {
	switch v := s.plain.(type) {
	case string:
		return s, c.validText(v)
	case int64:
		return s, c.validNumber(v)
	case float64:
		places := c.Precision
		if c.Type == schema.Money || c.Precision == 0 && c.Type == schema.Double {
			places = 4
		}
		v = round(v, places)
		if c.Min != nil && v < *c.Min || c.Max != nil && v > *c.Max || math.Abs(v) > 1e15 {
			return s, c.outOfRange(plainNumber(v))
		}
		return stored{plain: v}, nil
	}
	return s, nil
}

func (c *column) validText(v string) error {
	switch c.kind {
	case kMulti:
		for _, part := range strings.Split(v, ",") {
			n, _ := strconv.ParseInt(part, 10, 64)
			if c.option(n) == nil && len(c.Options) > 0 {
				return c.outOfOptions(part)
			}
		}
		return nil
	case kText, kMemo:
	default:
		return nil
	}
	if c.MaxLength > 0 && length(v) > c.MaxLength {
		return refuse(CodeStringTooLong, "A validation error occurred.  The length of the '%s' attribute of the '%s' entity exceeded the maximum allowed length of '%d'.", c.LogicalName, c.table.LogicalName, c.MaxLength)
	}
	if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff }) {
		return refuse(CodeInvalidArgument, "The attribute '%s' of '%s' contains one or more invalid characters.", c.LogicalName, c.table.LogicalName)
	}
	return nil
}

// length is how many UTF-16 code units a text has, which is what the service counts.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

func (c *column) validNumber(v int64) error {
	switch {
	case c.kind == kTime:
		if v < earliest || v > latest {
			return refuse(CodeInvalidDateTime, "The date-time of '%s' of '%s' is outside the supported range. Minimum value supported: 1753-01-01T00:00:00Z.", c.LogicalName, c.table.LogicalName)
		}
		return nil
	case c.kind != kInt:
		return nil
	case c.Type == schema.Picklist || c.Type == schema.State || c.Type == schema.Status:
		if c.option(v) == nil && len(c.Options) > 0 {
			return c.outOfOptions(strconv.FormatInt(v, 10))
		}
		return nil
	}
	low, high := int64(math.MinInt32), int64(math.MaxInt32)
	if c.Type == schema.BigInt {
		low, high = math.MinInt64, math.MaxInt64
	}
	if v < low || v > high || c.Min != nil && float64(v) < *c.Min || c.Max != nil && float64(v) > *c.Max {
		return c.outOfRange(strconv.FormatInt(v, 10))
	}
	return nil
}

func (c *column) outOfRange(v string) error {
	low, high := "-2147483648", "2147483647"
	if c.Min != nil {
		low = plainNumber(*c.Min)
	}
	if c.Max != nil {
		high = plainNumber(*c.Max)
	}
	return refuse(CodeOutOfRange, "A validation error occurred. The value %s of '%s' on record of type '%s' is outside the valid range. Accepted Values: %s to %s", v, c.LogicalName, c.table.LogicalName, low, high)
}

func (c *column) outOfOptions(v string) error {
	var accepted []string
	for i := range c.Options {
		accepted = append(accepted, strconv.Itoa(c.Options[i].Value))
	}
	return refuse(CodeUnknownOption, "A validation error occurred. The value %s of '%s' on record of type '%s' is outside the valid range. Accepted Values: %s", v, c.LogicalName, c.table.LogicalName, strings.Join(accepted, ","))
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

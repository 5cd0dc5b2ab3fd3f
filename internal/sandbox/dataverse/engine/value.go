package engine

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// guid normalizes a GUID to lower case without braces; "" when it is none.
func guid(s string) string {
	s = strings.TrimSpace(s)
	if len(s) == 38 && s[0] == '{' && s[37] == '}' {
		s = s[1:37]
	}
	if len(s) != 36 {
		return ""
	}
	upper := false
	for i := 0; i < 36; i++ {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return ""
			}
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		case 'A' <= c && c <= 'F':
			upper = true
		default:
			return ""
		}
	}
	if upper {
		return strings.ToLower(s)
	}
	return s
}

// store turns a value of a Row into what SQLite keeps; lookups are told apart by the loader.
func (c *column) store(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if x == "" {
			return nil, nil // the service keeps no empty text
		}
		return c.storeText(x)
	case bool:
		if c.kind == kBool {
			return truth(x), nil
		}
	case int:
		return c.storeNumber(float64(x), int64(x))
	case int64:
		return c.storeNumber(float64(x), x)
	case float64:
		return c.storeNumber(x, int64(x))
	case time.Time:
		if c.kind == kTime {
			return c.storeTime(x), nil
		}
	case []int:
		if c.kind == kMulti {
			return multi(x), nil
		}
	case fmt.Stringer:
		return c.store(x.String())
	}
	return nil, fmt.Errorf("a %T does not fit type %s", v, c.Type)
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (c *column) storeNumber(f float64, n int64) (any, error) {
	switch c.kind {
	case kInt:
		if f != math.Trunc(f) {
			return nil, fmt.Errorf("%v is not a whole number", f)
		}
		if f < -1<<63 || f >= 1<<63 {
			return nil, fmt.Errorf("%v is too large", f)
		}
		return n, nil
	case kReal:
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%v is not a number", f)
		}
		return f, nil
	case kBool:
		return truth(f != 0), nil
	case kMulti:
		return multi([]int{int(n)}), nil
	}
	return nil, fmt.Errorf("a number does not fit type %s", c.Type)
}

// storeTime keeps what a person would read off the value for columns without a zone, the instant for others.
func (c *column) storeTime(t time.Time) int64 {
	switch {
	case c.DateOnly:
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix()
	case c.ZoneIndependent:
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC).Unix()
	}
	return t.Unix()
}

// zoneless says that the column holds a reading of a clock or calendar, the same for everybody.
func (c *column) zoneless() bool { return c.DateOnly || c.ZoneIndependent }

func (c *column) storeText(s string) (any, error) {
	switch c.kind {
	case kText, kMemo:
		return s, nil
	case kInt:
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a whole number", s)
		}
		return n, nil
	case kReal:
		f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%q is not a number", s)
		}
		return f, nil
	case kBool:
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "1", "true":
			return int64(1), nil
		case "0", "false":
			return int64(0), nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", s)
	case kTime:
		t, err := parseTime(s, time.UTC)
		if err != nil {
			return nil, err
		}
		return c.storeTime(t), nil
	case kGUID:
		if id := guid(s); id != "" {
			return id, nil
		}
		return nil, fmt.Errorf("%q is not a GUID", s)
	case kMulti:
		var numbers []int
		for _, part := range strings.Split(s, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil {
				return nil, fmt.Errorf("%q is not a list of choices", s)
			}
			numbers = append(numbers, n)
		}
		return multi(numbers), nil
	}
	return nil, fmt.Errorf("values of type %s are not kept", c.Type)
}

func multi(numbers []int) any {
	if len(numbers) == 0 {
		return nil
	}
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05",
	"2006-01-02 15:04", "1/2/2006", "1/2/2006 3:04 PM", "1/2/2006 15:04", "2006-1-2",
}

// parseTime reads a date or a moment; without a zone it is a wall clock time at loc.
func parseTime(s string, loc *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date", s)
}

package dataverse

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// appendString writes a JSON string. Text that is not valid UTF-8 is repaired, never refused.
func appendString(b []byte, s string) []byte {
	out, _ := jsontext.AppendQuote(b, s) // reports invalid UTF-8 and has replaced it
	return out
}

// appendValue writes a cell's raw value as the column's type. Times have no fractions of a second: clients turn exactly
// that shape into dates.
func appendValue(b []byte, column engine.Column, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		if column.Column.Type == schema.Boolean && column.Aggregate == "" {
			return strconv.AppendBool(b, v != 0)
		}
		return strconv.AppendInt(b, v, 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case time.Time:
		return append(v.UTC().AppendFormat(append(b, '"'), timeLayout(column)), '"') // no text that needs escaping
	}
	return append(b, "null"...)
}

func timeText(column engine.Column, t time.Time) string { return t.UTC().Format(timeLayout(column)) }

func timeLayout(column engine.Column) string {
	if column.Column.DateOnly {
		return time.DateOnly
	}
	return "2006-01-02T15:04:05Z"
}

// rawText is a value for $value.
func rawText(column engine.Column, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case time.Time:
		return timeText(column, v)
	}
	return string(appendValue(nil, column, value))
}

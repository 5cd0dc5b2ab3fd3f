package metadata

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Raw is a value that is JSON already.
type Raw []byte

// AppendJSON writes a value of an Object as JSON.
func AppendJSON(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		b, _ = jsontext.AppendQuote(b, v) // names and labels of the model are valid UTF-8
		return b
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case Raw:
		return append(b, v...)
	case Object:
		return appendObject(b, v)
	case []Object:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	case []int:
		return appendList(b, v)
	}
	return append(b, "null"...)
}

func appendObject(b []byte, o Object) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(AppendJSON(b, m.Name), ':')
		b = AppendJSON(b, m.Value)
	}
	return append(b, '}')
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendJSON(b, v)
	}
	return append(b, ']')
}

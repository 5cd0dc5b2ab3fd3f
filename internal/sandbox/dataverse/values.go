package dataverse

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// valueFor turns a value of a body into one of an engine.Row, as strictly as the service's OData reader: numbers may come
// as text, but a text never comes as a number.
func valueFor(t *schema.Table, c *schema.Column, n odata.Node) (any, error) {
	var value any
	ok := false
	switch {
	case n.Kind == odata.NodeNull:
		return nil, nil
	case n.Kind == odata.NodeObject || n.Kind == odata.NodeArray:
		kind := map[odata.NodeKind]string{odata.NodeObject: "StartObject", odata.NodeArray: "StartArray"}[n.Kind]
		return nil, payloadError(t.SetName, "An unexpected '"+kind+"' node was found for property named '"+c.LogicalName+"' when reading from the JSON reader. A 'PrimitiveValue' node was expected.")
	}
	switch kind := metadata.EdmType(c); kind {
	case "Edm.String":
		value, ok = n.Text, n.IsString()
	case "Edm.Int32", "Edm.Int64":
		value, ok = wholeNumber(n, kind)
	case "Edm.Decimal", "Edm.Double":
		value, ok = realNumber(n)
	case "Edm.Boolean":
		value, ok = n.True || strings.EqualFold(n.Text, "true"), n.Kind == odata.NodeBool || strings.EqualFold(n.Text, "true") || strings.EqualFold(n.Text, "false")
	case "Edm.Guid":
		value, ok = strings.ToLower(n.Text), n.IsString() && odata.IsGUID(n.Text)
	case "Edm.Date":
		value, ok = day(n)
	case "Edm.DateTimeOffset":
		return moment(t, n)
	}
	if !ok {
		return nil, cannotConvert(t, n, metadata.EdmType(c))
	}
	return value, nil
}

func cannotConvert(t *schema.Table, n odata.Node, kind string) error {
	literal := n.Text
	if n.Kind == odata.NodeBool {
		literal = map[bool]string{true: "True", false: "False"}[n.True]
	}
	if len(literal) > 100 {
		literal = literal[:100]
	}
	return payloadError(t.SetName, "Cannot convert the literal '"+literal+"' to the expected type '"+kind+"'.")
}

func numeric(n odata.Node) bool { return n.Kind == odata.NodeNumber || n.IsString() }

func wholeNumber(n odata.Node, kind string) (any, bool) {
	bits := map[string]int{"Edm.Int32": 32, "Edm.Int64": 64}[kind]
	v, err := strconv.ParseInt(strings.TrimSuffix(n.Text, ".0"), 10, bits)
	return v, err == nil && numeric(n)
}

func realNumber(n odata.Node) (any, bool) {
	v, err := strconv.ParseFloat(n.Text, 64)
	return v, err == nil && numeric(n) && !math.IsNaN(v) && !math.IsInf(v, 0)
}

func day(n odata.Node) (any, bool) {
	v, err := time.Parse(time.DateOnly, n.Text)
	return v, err == nil && n.IsString()
}

// moment reads a date with time, which needs a zone.
func moment(t *schema.Table, n odata.Node) (any, error) {
	if n.IsString() {
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
			if v, err := time.Parse(layout, n.Text); err == nil {
				return v.UTC(), nil
			}
		}
		for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
			if _, err := time.Parse(layout, n.Text); err == nil {
				return nil, payloadError(t.SetName, "Cannot convert the literal '"+n.Text+"' to the expected type 'Edm.DateTimeOffset'. ---> System.FormatException: The time zone information is missing on the DateTimeOffset value '"+
					n.Text+"'. A DateTimeOffset value must contain the time zone information.")
			}
		}
	}
	return nil, cannotConvert(t, n, "Edm.DateTimeOffset")
}

// binary reads base64, as image columns come in a row.
func binary(n odata.Node) (any, bool) {
	v, err := base64.StdEncoding.DecodeString(n.Text)
	return v, err == nil && n.IsString()
}

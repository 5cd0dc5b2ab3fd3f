package dataverse

import (
	"fmt"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// literalFor checks that a literal is of the column's type and writes it as a FetchXML value.
func literalFor(c *schema.Column, v odata.Literal) (string, error) {
	ok := false
	text := v.Text
	switch c.Type {
	case schema.String, schema.Memo, schema.EntityName, schema.MultiSelectPicklist, schema.Virtual:
		ok = v.Kind == odata.String
	case schema.Integer, schema.BigInt, schema.Decimal, schema.Double, schema.Money, schema.Picklist, schema.State, schema.Status:
		ok = v.Kind == odata.Number
	case schema.Boolean:
		ok = v.Kind == odata.Bool
		text = map[bool]string{false: "0", true: "1"}[v.IsTrue()]
	case schema.DateTime:
		ok = v.Kind == odata.Date || v.Kind == odata.DateTime
		text = dateFor(c, v)
	case schema.Uniqueidentifier, schema.Lookup, schema.Customer, schema.Owner, schema.File:
		ok = v.Kind == odata.GUID
	}
	if !ok {
		return "", bad(fmt.Sprintf("A binary operator with incompatible types was detected. '%s' is of type '%s', and the literal '%.60s' is not.", c.LogicalName, metadata.EdmType(c), v.Text))
	}
	return text, nil
}

// dateFor writes a date. A day compared with a point in time is midnight UTC, as OData promotes Edm.Date.
func dateFor(c *schema.Column, v odata.Literal) string {
	switch {
	case c.DateOnly && v.Kind == odata.DateTime:
		return v.Text[:len("2006-01-02")]
	case !c.DateOnly && v.Kind == odata.Date:
		return v.Text + "T00:00:00Z"
	}
	return v.Text
}

package seed

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The kinds of columns that few tables have: each is a group, since the service puts helpers beside them.

// rich is text with formatting, kept as HTML.
func rich(name, label string, max int) columns {
	c := memo(name, label, max)
	c[0].Format = "RichText"
	return c
}

// localDay is a day kept as a moment: midnight of whoever typed it, so that people elsewhere may see the day before.
func localDay(name, label string) columns {
	c := moment(name, label)
	c[0].Format = "DateOnly"
	return c
}

// clock is a date and time that means the same to everybody, wherever they are.
func clock(name, label string) columns {
	c := moment(name, label)
	c[0].ZoneIndependent = true
	return c
}

// clockDay is a day of that kind.
func clockDay(name, label string) columns {
	c := clock(name, label)
	c[0].Format = "DateOnly"
	return c
}

func wholeAs(name, label, format string) columns {
	c := whole(name, label, -1, 2147483647)
	c[0].Format = format
	return c
}

// suffixed names a helper column as its owner, with the owner's own casing.
func suffixed(kind schema.ColumnType, of schema.Column, suffix string) schema.Column {
	label := schema.Label{1033: of.Label[1033] + " " + strings.Trim(suffix, "_"), 1031: of.Label[1031] + " " + strings.Trim(suffix, "_")}
	return schema.Column{
		LogicalName: of.LogicalName + strings.ToLower(suffix), SchemaName: of.SchemaName + suffix, Label: label,
		Type: kind, ReadOnly: true, AttributeOf: of.LogicalName,
	}
}

// file is an attachment of the row itself.
func file(name, label string, maxKB int) columns {
	c := column(schema.File, name, label)
	c.MaxSizeKB = maxKB
	title := suffixed(schema.String, c, "_Name")
	title.Format, title.MaxLength = "Text", 512
	return columns{c, title}
}

// imageOf is a picture: a thumbnail in the column, the full size behind the id.
func imageOf(name, label string, maxKB int, full bool) columns {
	c := column(schema.Image, name, label)
	c.MaxSizeKB, c.FullImage = maxKB, full
	address := suffixed(schema.String, c, "_URL")
	address.Format, address.MaxLength = "Url", 200
	return columns{c, suffixed(schema.Uniqueidentifier, c, "Id"), suffixed(schema.BigInt, c, "_Timestamp"), address}
}

// calculated makes a group's columns follow from others of the same row; a base amount follows from the amount.
func calculated(expression string, c columns) columns {
	for i := range c {
		c[i].Source, c[i].ReadOnly, c[i].Formula.Expression = schema.Calculated, true, expression
		if c[i].BaseOf != "" {
			c[i].Formula.Expression = "(" + expression + ") / exchangerate"
		}
	}
	return c
}

// rollup makes a group's columns sum up the rows that refer to theirs, and says beside when that was and how it went.
func rollup(f schema.Formula, c columns) columns {
	for i := range c {
		c[i].Source, c[i].ReadOnly, c[i].Formula = schema.Rollup, true, f
		if c[i].BaseOf != "" {
			c[i].Formula.Column += "_base"
		}
	}
	when := suffixed(schema.DateTime, c[0], "_Date")
	when.Format = "DateAndTime"
	state := suffixed(schema.Integer, c[0], "_State")
	state.Format = "None"
	return append(c, when, state)
}

// numbered is text that the service fills by a pattern.
func numbered(name, label, pattern string) columns {
	c := text(name, label, 100)
	c[0].AutoNumber = pattern
	return c
}

// onlyAtFirst can be given to a new row and never changed.
func onlyAtFirst(c columns) columns {
	for i := range c {
		c[i].CreateOnly = true
	}
	return c
}

// following says which status reasons may follow which: "1>2 3" and so on.
func following(c columns, rules ...string) columns {
	for _, rule := range rules {
		from, to, _ := strings.Cut(rule, ">")
		for i := range c {
			for o := range c[i].Options {
				option := &c[i].Options[o]
				if c[i].Type != schema.Status || option.Value != number(from) {
					continue
				}
				option.Next = []int{}
				for _, next := range strings.Fields(to) {
					option.Next = append(option.Next, number(next))
				}
			}
		}
	}
	return c
}

package web

import (
	"net/url"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/richtext"
	"github.com/pintab/pintab/templates"
)

// inputFrom reads what the form of a record posts. Formatted text is cleaned, as it will be shown; where a browser without script
// could only show it as plain text, it stays what it was while nobody touches it.
func inputFrom(form url.Values) crm.Input {
	values := url.Values{}
	for name, texts := range form {
		values[name] = texts
	}
	in := crm.InputFrom(values)
	for column, texts := range in.Columns {
		if len(texts) == 0 {
			continue
		}
		was, plain := form[templates.PlainName(column)]
		switch {
		case plain && len(was) > 0 && templates.PlainHash(texts[0]) == was[0]:
			delete(in.Columns, column)
		case plain:
			in.Columns[column] = []string{richtext.FromText(texts[0])}
		case form.Has(templates.RichName(column)):
			in.Columns[column] = []string{richtext.Clean(texts[0])}
		}
	}
	return in
}

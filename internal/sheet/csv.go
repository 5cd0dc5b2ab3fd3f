package sheet

import (
	"bufio"
	"io"
	"regexp"
	"strings"
)

// csvFile is CSV with the mark by which Excel knows UTF-8, and with the separators of the reader's Excel: where numbers have a
// decimal comma, columns are separated by semicolons.
type csvFile struct {
	w                  *bufio.Writer
	separator, decimal string
}

// CSV begins a CSV file.
func CSV(w io.Writer, h Heading) (Writer, error) {
	f := &csvFile{w: bufio.NewWriterSize(w, 32<<10), separator: ",", decimal: "."}
	if h.Decimal == "," {
		f.separator, f.decimal = ";", ","
	}
	if _, err := f.w.WriteString("\ufeff"); err != nil {
		return nil, err
	}
	cells := make([]Cell, len(h.Columns))
	for i, text := range h.Columns {
		cells[i] = Text(text)
	}
	return f, f.Row(cells)
}

func (f *csvFile) Row(cells []Cell) error {
	for i, c := range cells {
		if i > 0 {
			_, _ = f.w.WriteString(f.separator) // the error stays for Flush
		}
		switch c.kind {
		case kindNumber:
			_, _ = f.w.WriteString(strings.Replace(c.text, ".", f.decimal, 1))
		case kindDay, kindMoment:
			_, _ = f.w.WriteString(c.text)
		default:
			if c.text != "" {
				_, _ = f.w.WriteString(`"` + strings.ReplaceAll(guarded(c.text), `"`, `""`) + `"`)
			}
		}
	}
	_, err := f.w.WriteString("\r\n")
	return err
}

func (f *csvFile) Close() error { return f.w.Flush() }

// hidden is a formula behind a separator, which becomes a cell of its own where a spreadsheet expects another separator.
var hidden = regexp.MustCompile(`([,;|\t\r\n]["']?)([=+@＝＋＠]|[-－][^\s\d])`)

// guarded puts an apostrophe before what might be taken for a formula.
func guarded(text string) string {
	if plainNumber.MatchString(text) {
		return text
	}
	text = hidden.ReplaceAllString(text, "$1'$2")
	if formula(text) {
		return "'" + text
	}
	return text
}

package sheet

import (
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Writer writes a file. Close ends it; without Close the file is not whole.
type Writer interface {
	Row(cells []Cell) error
	Close() error
}

// Heading is how a file begins.
type Heading struct {
	Name    string   // of the table
	Columns []string // headings
	Widths  []int    // px
	Decimal string   // decimal separator of CSV; "" is a point
}

// New begins a file.
type New func(w io.Writer, h Heading) (Writer, error)

type kind int

const (
	kindText kind = iota
	kindNumber
	kindDay
	kindMoment
)

// Cell is one value; the zero value is an empty one.
type Cell struct {
	kind kind
	text string
	at   time.Time
}

// Text is a value that is never reckoned with.
func Text(text string) Cell { return Cell{text: text} }

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,30}(\.[0-9]{1,30})?$`)

// Number is a plain number ("-1234.5"); what is none, or has more digits than spreadsheets keep, is text as it is shown.
func Number(plain, shown string) Cell {
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(plain), "0")
	if !plainNumber.MatchString(plain) || len(digits) > 15 {
		return Text(shown)
	}
	return Cell{kind: kindNumber, text: plain}
}

// Day is a day, whatever the time.
func Day(t time.Time) Cell { return Cell{kind: kindDay, at: t, text: t.Format(time.DateOnly)} }

// Moment is a day and a time as the clock of t shows them, to the minute.
func Moment(t time.Time) Cell {
	return Cell{kind: kindMoment, at: t, text: t.Format("2006-01-02 15:04")}
}

// formula reports whether a spreadsheet might take a text for a formula (OWASP, CSV injection): by its first character, also in
// the width of East Asian scripts. A plain number is none, whatever its sign.
func formula(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) && text != "" && !plainNumber.MatchString(text)
}

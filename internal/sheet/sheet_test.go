package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// written is a file of one row.
func written(t *testing.T, begin New, h Heading, cells ...Cell) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := begin(&out, h)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Row(cells), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// part reads a file of a workbook.
func part(t *testing.T, book []byte, name string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// worksheet is what a reader finds in a sheet.
type worksheet struct {
	Rows []struct {
		Cells []struct {
			At     string `xml:"r,attr"`
			Style  string `xml:"s,attr"`
			Type   string `xml:"t,attr"`
			Value  string `xml:"v"`
			Inline string `xml:"is>t"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
}

func readSheet(t *testing.T, book []byte) (s worksheet) {
	t.Helper()
	if err := xml.Unmarshal(part(t, book, "xl/worksheets/sheet1.xml"), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// Whatever a record's text begins with, CSV makes no formula of it; numbers stay numbers.
func TestCSVMakesNoFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1 555 0100": "'+1 555 0100", "-x": "'-x", "@sum": "'@sum", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1", "－1": "'－1",
		"-12.5": "-12.5", "plain": "plain", "": "", "a-b": "a-b", "a;=cmd()": "a;'=cmd()", "a,+cmd": "a,'+cmd", "a\n@x": "a\n'@x", "5, -3 and 4": "5, -3 and 4", "x;-y": "x;'-y",
		`say "hi"`: `say "hi"`,
	} {
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, CSV, Heading{Columns: []string{"a", "b"}}, Text(text), Number("-1234.5", "")), []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		// encoding/csv reads "\r\n" inside quotes as "\n"; a lone "\r" stays.
		if got := rows[1][0]; got != want || rows[1][1] != "-1234.5" {
			t.Errorf("%q becomes %q, want %q; the number is %q", text, got, want, rows[1][1])
		}
	}
}

// Excel splits columns as the reader's numbers tell it to.
func TestCSVIsSeparatedAsTheReaderDoes(t *testing.T) {
	day := time.Date(2026, 11, 23, 14, 5, 30, 0, time.UTC)
	got := string(written(t, CSV, Heading{Columns: []string{"Name", "Wert"}, Decimal: ","}, Text("a;b"), Number("1234.5", ""), Day(day), Moment(day), Cell{}))
	if want := "\ufeff\"Name\";\"Wert\"\r\n\"a;b\";1234,5;2026-11-23;2026-11-23 14:05;\r\n"; got != want {
		t.Errorf("%q", got)
	}
}

// In a workbook numbers and dates are such, and text is text, letter for letter.
func TestAWorkbookKeepsTypes(t *testing.T) {
	at := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	s := readSheet(t, written(t, XLSX, Heading{Name: "x", Columns: []string{"=a"}, Widths: []int{100}},
		Number("-1234.50", "x"), Day(at), Moment(at), Text("=1+1"), Text("plain <&> \"'"), Cell{}, Text("_x0041_"), Number("12345678901234567", "12,345,678,901,234,567"), Number("1e5", "odd"),
		Day(time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC))))
	type value struct{ style, kind, text string }
	want := []value{
		{"", "", "-1234.50"}, {"2", "", "46349"}, {"3", "", "46349.75"}, {"4", "inlineStr", "=1+1"}, {"", "inlineStr", "plain <&> \"'"}, {"", "inlineStr", "_x005F_x0041_"},
		{"", "inlineStr", "12,345,678,901,234,567"}, {"", "inlineStr", "odd"}, {"", "inlineStr", "1850-01-01"},
	}
	if len(s.Rows) != 2 || len(s.Rows[1].Cells) != len(want) {
		t.Fatalf("%+v", s)
	}
	for i, c := range s.Rows[1].Cells {
		if got := (value{c.Style, c.Type, c.Value + c.Inline}); got != want[i] {
			t.Errorf("%s is %q, want %q", c.At, got, want[i])
		}
	}
	if s.Rows[1].Cells[5].At != "G2" || s.Rows[0].Cells[0].Inline != "=a" {
		t.Errorf("%+v", s)
	}
}

// Names and texts that Excel refuses become ones that it takes.
func TestAWorkbookThatExcelTakes(t *testing.T) {
	for name, want := range map[string]string{"": "Sheet1", "a/b:c*d?[e]\\f": "a b c d  e  f", "'quoted'": "quoted", "History": "Sheet1", strings.Repeat("ä", 40): strings.Repeat("ä", 31), "<&>": "&lt;&amp;&gt;"} {
		if book := string(part(t, written(t, XLSX, Heading{Name: name}), "xl/workbook.xml")); !strings.Contains(book, `name="`+want+`"`) {
			t.Errorf("%q: %s", name, book)
		}
	}
	long := readSheet(t, written(t, XLSX, Heading{}, Text(strings.Repeat("😀", 20_000)), Text("a\x00b\x1bc")))
	if text := long.Rows[1].Cells[0].Inline; !strings.HasSuffix(text, "…") || len(text) > 2*longestText+3 {
		t.Errorf("%d bytes, ends in %q", len(text), text[len(text)-4:])
	}
}

func TestColumnsAreCountedInLetters(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := letters(i); got != want {
			t.Errorf("%d is %s, want %s", i, got, want)
		}
	}
}

// No text at all makes a formula, or a file that cannot be read again.
func FuzzCells(f *testing.F) {
	for _, text := range []string{"=1", "a;=1", "\"\r\n=", "-1", "\ufeff=1", "_x000D_"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := bytes.TrimPrefix(written(t, CSV, Heading{Columns: []string{"a"}}, Text(text)), []byte("\ufeff"))
		rows, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, row := range rows[1:] {
			if formula(row[0]) {
				t.Errorf("%q becomes %q", text, row[0])
			}
		}
		s := readSheet(t, written(t, XLSX, Heading{Columns: []string{"a"}}, Text(text)))
		for _, c := range s.Rows[1].Cells {
			if c.Type != "inlineStr" || formula(text) && c.Style != styleQuoted {
				t.Errorf("%q is %+v", text, c)
			}
		}
	})
}

// A file whose reader has gone ends in an error.
func TestAReaderThatIsGone(t *testing.T) {
	for _, begin := range []New{CSV, XLSX} {
		r, w := io.Pipe()
		_ = r.Close()
		f, err := begin(w, Heading{})
		if err == nil {
			for i := 0; i < 100_000 && err == nil; i++ {
				err = f.Row([]Cell{Text(strings.Repeat("x", 100))})
			}
		}
		if err == nil {
			t.Error("nobody notices")
		}
	}
}

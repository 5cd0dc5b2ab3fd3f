package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// The parts of a workbook with one sheet that are the same in each (ECMA-376 part 1, 12).
const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	rootRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles = xmlHead + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>` +
		`<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// The places of formats in styles. Excel's own sign for text that looks like a formula is a format too (quotePrefix), so the text
// itself stays as it is.
const (
	styleHeading = "1"
	styleDay     = "2"
	styleMoment  = "3"
	styleQuoted  = "4"
)

// Limits of Excel (specifications and limits): a cell's text in UTF-16 units, and a sheet's name.
const (
	longestText = 32767
	longestName = 31
)

// workbook is an Office Open XML workbook with one sheet.
type workbook struct {
	archive *zip.Writer
	sheet   *bufio.Writer
	row     int
}

// XLSX begins a workbook.
func XLSX(w io.Writer, h Heading) (Writer, error) {
	b := &workbook{archive: zip.NewWriter(w)}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", rootRelations}, {"xl/workbook.xml", bookOf(h.Name)},
		{"xl/_rels/workbook.xml.rels", bookRelations}, {"xl/styles.xml", styles},
	} {
		to, err := b.archive.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(to, part.text); err != nil {
			return nil, err
		}
	}
	to, err := b.archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	b.sheet = bufio.NewWriterSize(to, 32<<10)
	_, err = b.sheet.WriteString(sheetHead(h.Widths))
	if err != nil {
		return nil, err
	}
	cells := make([]Cell, len(h.Columns))
	for i, text := range h.Columns {
		cells[i] = Text(text)
	}
	return b, b.write(cells, styleHeading)
}

func bookOf(name string) string {
	return xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="` + escaped(sheetName(name)) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
}

// sheetName makes a name of what Excel takes for one.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(shortened(name, longestName, ""), " '")
	if name == "" || strings.EqualFold(name, "history") {
		return "Sheet1"
	}
	return name
}

// sheetHead freezes the headings and gives the columns their widths, in characters of about 7 px.
func sheetHead(widths []int) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	if len(widths) > 0 {
		b.WriteString("<cols>")
		for i, width := range widths {
			n := strconv.Itoa(i + 1)
			b.WriteString(`<col min="` + n + `" max="` + n + `" width="` + strconv.Itoa(max(8, min(width/7, 100))) + `" customWidth="1"/>`)
		}
		b.WriteString("</cols>")
	}
	b.WriteString("<sheetData>")
	return b.String()
}

func (b *workbook) Row(cells []Cell) error { return b.write(cells, "") }

func (b *workbook) write(cells []Cell, style string) error {
	b.row++
	row := strconv.Itoa(b.row)
	_, _ = b.sheet.WriteString(`<row r="` + row + `">`) // errors stay for the last write
	for i, c := range cells {
		if c.text == "" {
			continue
		}
		_, _ = b.sheet.WriteString(`<c r="` + letters(i) + row + `"`)
		_, _ = b.sheet.WriteString(c.xml(style) + "</c>")
	}
	_, err := b.sheet.WriteString("</row>")
	return err
}

func (b *workbook) Close() error {
	if _, err := b.sheet.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	return b.archive.Close()
}

// xml writes the rest of a cell's element: its format, its type and its value.
func (c Cell) xml(style string) string {
	if serial, ok := serialOf(c.at); c.kind == kindDay && ok {
		return ` s="` + styleDay + `"><v>` + strconv.Itoa(int(serial)) + "</v>"
	} else if c.kind == kindMoment && ok {
		return ` s="` + styleMoment + `"><v>` + strconv.FormatFloat(serial, 'f', -1, 64) + "</v>"
	}
	if c.kind == kindNumber {
		return "><v>" + c.text + "</v>"
	}
	if style == "" && formula(c.text) {
		style = styleQuoted
	}
	if style != "" {
		style = ` s="` + style + `"`
	}
	return style + ` t="inlineStr"><is><t xml:space="preserve">` + escaped(shortened(c.text, longestText, "…")) + "</t></is>"
}

// serialOf is a date as Excel counts days, in whole minutes; false before March 1900, where its calendar is wrong.
func serialOf(t time.Time) (float64, bool) {
	if t.Year() < 1900 || t.Year() > 9999 || t.Year() == 1900 && t.Month() < time.March {
		return 0, false
	}
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	days := int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
	return float64(days) + float64(t.Hour()*60+t.Minute())/(24*60), true
}

// letters names a column: A, B ... Z, AA.
func letters(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// escape is how Office Open XML writes characters that XML cannot hold; text that only looks like it has to be escaped itself
// (ECMA-376 part 1, 22.9.2.19).
var escape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(escape.ReplaceAllString(text, "_x005F_$1"))) // a Builder takes everything
	return b.String()
}

// shortened cuts a text to so many UTF-16 units, the end included.
func shortened(text string, most int, end string) string {
	if len(text) <= most {
		return text
	}
	n := 0
	for i, r := range text {
		if n += max(utf16.RuneLen(r), 1); n > most {
			cut := text[:i]
			for range len([]rune(end)) {
				_, size := utf8.DecodeLastRuneInString(cut)
				cut = cut[:len(cut)-size]
			}
			return cut + end
		}
	}
	return text
}

package web

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/sheet"
)

const (
	// exportLimit is the most rows of a file; more is a case for the export of Dynamics 365 itself.
	exportLimit = 50_000
	// exportTime bounds reading them all.
	exportTime = 5 * time.Minute
)

// formats are the files that a view can become.
var formats = map[string]struct{ suffix, media string }{
	"csv":  {".csv", "text/csv; charset=utf-8"},
	"xlsx": {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}

// exportView answers a view as a file, written while it is read. Before the first rows are there, what goes wrong is a page;
// afterwards the connection breaks, so that nobody takes half a file for a whole one.
func (s *Server) exportView(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	format, ok := formats[c.QueryParam("format")]
	if !ok {
		return fault.New(fault.Invalid, "web.bad_request")
	}
	leave, err := s.exports.enter(visitOf(c).caller().User)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request().Context(), exportTime)
	defer cancel()
	place, err := s.place(ctx, c, c.QueryParams())
	if err != nil {
		return err
	}
	reading := crm.Reading{Locale: visitOf(c).locale.Tag(), Zone: time.UTC}
	if s.cfg.Readings != nil {
		if reading, err = s.cfg.Readings.Reading(ctx, visitOf(c).caller(), place.Organization); err != nil {
			return err
		}
	}
	file := &export{c: c, format: format.media, suffix: format.suffix, reading: reading, write: sheet.CSV}
	if format.suffix == ".xlsx" {
		file.write = sheet.XLSX
	}
	// A view as long as that takes longer than a page may.
	if err := http.NewResponseController(c.Response()).SetWriteDeadline(time.Now().Add(exportTime + time.Minute)); err != nil {
		s.cfg.Log.WarnContext(ctx, "no longer write deadline", "error", err)
	}
	cut, err := s.cfg.Views.Rows(ctx, visitOf(c).caller(), place, crm.ViewQueryFrom(c.QueryParams()), exportLimit, file.page)
	if err != nil {
		return err
	}
	return file.end(cut)
}

// export is a file on its way.
type export struct {
	c              echo.Context
	format, suffix string
	reading        crm.Reading
	write          sheet.New
	to             sheet.Writer
	columns        []crm.FilterColumn
}

// page writes one page; the first one begins the file.
func (x *export) page(list crm.ViewList) error {
	if x.to == nil {
		if err := x.begin(list); err != nil {
			return err
		}
	}
	cells := make([]sheet.Cell, len(x.columns))
	for _, row := range list.Rows {
		for i, column := range x.columns {
			cells[i] = x.cell(column, row.Cells[i])
		}
		if err := x.to.Row(cells); err != nil {
			return fault.Wrap(err, fault.Unreachable, "web.too_slow") // the reader has gone
		}
	}
	x.c.Response().Flush()
	return nil
}

func (x *export) begin(list crm.ViewList) error {
	x.columns = list.Filterable
	heading := sheet.Heading{Name: list.View.Name, Decimal: x.reading.Decimal()}
	for _, column := range x.columns {
		heading.Columns, heading.Widths = append(heading.Columns, column.Label), append(heading.Widths, column.Width)
	}
	h := x.c.Response().Header()
	h.Set(echo.HeaderContentType, x.format)
	h.Set(echo.HeaderContentDisposition, attachment(list.View.Name, x.suffix))
	x.c.Response().WriteHeader(http.StatusOK)
	var err error
	x.to, err = x.write(x.c.Response(), heading)
	return err
}

// end says so when the file does not have all rows.
func (x *export) end(cut bool) error {
	if cut {
		words := locale.From(x.c.Request().Context()).T("view.cut", locale.Args{"n": exportLimit})
		if err := x.to.Row([]sheet.Cell{sheet.Text(words)}); err != nil {
			return err
		}
	}
	return x.to.Close()
}

// cell is a value as spreadsheets reckon with it: numbers as numbers, days and times as such on the person's own clock, and
// everything else as Dataverse shows it.
func (x *export) cell(column crm.FilterColumn, cell crm.Cell) sheet.Cell {
	kind := column.Kind
	switch {
	case cell.Raw == "" && cell.Text == "":
		return sheet.Cell{}
	case kind.Numeric():
		return sheet.Number(cell.Raw, cell.Text)
	case kind == crm.KindDate || kind == crm.KindDateTime:
		if at, err := time.Parse(time.RFC3339, cell.Raw); err == nil {
			// Only instants depend on the person's clock.
			if column.Behavior == crm.UserLocal {
				at = at.In(x.reading.Zone)
			}
			if kind == crm.KindDateTime {
				return sheet.Moment(at)
			}
			return sheet.Day(at)
		}
		if day, err := time.Parse(time.DateOnly, cell.Raw); err == nil {
			return sheet.Day(day)
		}
	}
	return sheet.Text(cell.Text)
}

// attachment names a file after a view.
func attachment(name, suffix string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|%`, r) {
			return '-'
		}
		return r
	}, crm.Label(name))
	name = strings.Trim(name, " .-")
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	if name == "" {
		name = "Pintab"
	}
	return mime.FormatMediaType("attachment", map[string]string{"filename": name + suffix})
}

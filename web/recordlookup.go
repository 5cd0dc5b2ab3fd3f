package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// Lookups finds records that a lookup may point to.
type Lookups interface {
	Lookup(ctx context.Context, caller crm.Caller, place crm.Place, q crm.LookupQuery) (crm.LookupResult, error)
}

// seekLimit is the longest text that is looked for, in bytes.
const seekLimit = 400

// showLookup answers what typing into a lookup finds, whatever goes wrong.
func (s *Server) showLookup(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	place, a, err := s.aboutHere(ctx, c)
	q := crm.LookupQuery{Table: a.ref.Table, Column: c.QueryParam("column"), Target: c.QueryParam("type"), Text: c.QueryParam("q")}
	switch {
	case a.new != "":
		q.Table = a.new
	case q.Column == "": // records of a table, not the value of a column
		q.Table, q.Target = q.Target, ""
	}
	if err == nil && len(q.Text) > seekLimit {
		err = fault.New(fault.TooLarge, "web.too_large")
	}
	m := templates.LookupModel{Many: c.QueryParam("many") != "", Found: templates.Found{Query: q}}
	if err == nil {
		m.Found.Result, err = s.cfg.Lookups.Lookup(ctx, visitOf(c).caller(), place, q)
	}
	status := http.StatusOK
	if err != nil {
		f := asFault(err)
		s.blame(c, f)
		m.Found.Err, status = f, statuses[f.Kind]
		retryAfter(c, f)
	}
	for _, r := range m.Found.Result.Found {
		if r.Table != m.Found.Result.Found[0].Table {
			m.Many = true
		}
	}
	return s.draw(c, status, templates.LookupPanel(m))
}

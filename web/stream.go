package web

import (
	"context"
	"iter"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// stream is one dashboard on its way to a browser that already shows the frame of the page: from here on, whatever goes
// wrong has to be said inside the page.
type stream struct {
	*Server
	c   echo.Context
	ctx context.Context // ends with the page's deadline; drawing goes on after it, so that the page can say so
}

func (s *Server) streamed(c echo.Context) (*stream, context.CancelFunc) {
	ctx, cancel := s.deadline(c)
	return &stream{Server: s, c: c, ctx: ctx}, cancel
}

// open decides where the person works and which dashboard they see. A State is shown in the board's stead.
func (s *stream) open(query url.Values) (board templates.Board, state *templates.State) {
	var place crm.Place
	defer func() {
		if r := recover(); r != nil {
			board, state = templates.Board{}, s.failed(panicked(r), place)
		}
	}()
	caller := visitOf(s.c).caller()
	placement, err := s.cfg.Places.Place(s.ctx, caller)
	if placement.Organization != nil {
		place.Organization = *placement.Organization
	}
	if err != nil {
		return board, s.failed(err, place)
	}
	place, ok := placement.Place()
	switch {
	case ok:
	case placement.Organization == nil:
		return board, &templates.State{Situation: templates.NoOrganization, LeftOut: placement.OrganizationsLeftOut, RetryPath: s.ownPath(s.c)}
	default:
		place.Organization = *placement.Organization
		return board, &templates.State{Situation: templates.NoApp, Place: place, LeftOut: placement.AppsLeftOut, RetryPath: s.ownPath(s.c)}
	}
	asOf, wanted := s.cfg.Now(), query.Get("dashboard")
	opened, err := s.cfg.Dashboards.Open(s.ctx, caller, place, wanted)
	if err != nil {
		return board, s.failed(err, place)
	}
	board = templates.Board{Place: place, Dashboard: opened.Dashboard, Choices: opened.Choices, AsOf: asOf}
	if wanted != "" && wanted != opened.Dashboard.ID {
		board.Notice = "dashboard.choice-gone"
	}
	states := map[string]crm.PartState{}
	if key, partState := crm.PartStateFrom(query); key != "" {
		states[key] = partState
	}
	board.Parts = s.parts(caller, place, opened.Dashboard, states)
	return board, nil
}

// failed makes the state of a page that could not be opened.
func (s *stream) failed(err error, place crm.Place) *templates.State {
	f := asFault(err)
	s.blame(s.c, f)
	if f.Kind == fault.SignedOut {
		s.endSession(s.c)
	}
	state := templates.StateOf(f, s.ownPath(s.c), visitOf(s.c).correlation)
	state.Place = place
	if f.Key == "dashboard.none" {
		state.Situation = templates.NoDashboard
	}
	return &state
}

// parts yields each part the moment it is filled. Parts that the deadline, or a defect of ours, leaves unfilled are
// yielded at the end with a reason, unless nobody reads any more.
func (s *stream) parts(caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState) iter.Seq[crm.Filled] {
	return func(yield func(crm.Filled) bool) {
		missing := map[string]bool{}
		for _, p := range d.Parts() {
			missing[p.Key] = true
		}
		err := s.fill(caller, place, d, states, func(f crm.Filled) error {
			delete(missing, f.Part.Key)
			if f.Err != nil {
				s.blame(s.c, f.Err)
			}
			if !yield(f) {
				return errGone
			}
			return nil
		})
		if err == nil || err == errGone || s.c.Request().Context().Err() != nil {
			return
		}
		reason := asFault(err)
		s.blame(s.c, reason)
		for _, p := range d.Parts() {
			if missing[p.Key] && !yield(crm.Filled{Part: p, State: states[p.Key], AsOf: s.cfg.Now(), Err: reason}) {
				return
			}
		}
	}
}

// fill is Dashboards.Fill with a panic made an error: the page is half written, and the rest of it must still come.
func (s *stream) fill(caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState, emit func(crm.Filled) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(r)
		}
	}()
	return s.cfg.Dashboards.Fill(s.ctx, caller, place, d, states, emit)
}

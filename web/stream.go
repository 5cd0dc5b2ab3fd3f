package web

import (
	"context"
	"iter"
	"net/url"
	"time"

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
	ctx, cancel := s.ahead(c, dashboardScene(c))
	return &stream{Server: s, c: c, ctx: ctx}, cancel
}

// dashboardScene names a dashboard in a person's visits; "" stands for the one that opens by itself.
func dashboardScene(c echo.Context) string { return "dashboard " + c.QueryParam("dashboard") }

// ahead is deadline for a page that a person has seen before: what it needed then is asked for at once.
func (s *Server) ahead(c echo.Context, scene string, like ...string) (context.Context, context.CancelFunc) {
	ctx, cancel := s.deadline(c)
	if s.cfg.Ahead == nil {
		return ctx, cancel
	}
	ctx, end := s.cfg.Ahead(ctx, visitOf(c).caller(), scene, like...)
	return ctx, func() { end(); cancel() }
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
	placement, notice, err := s.placement(s.ctx, caller, query)
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
	board = templates.Board{Place: place, Dashboard: opened.Dashboard, Choices: opened.Choices, AsOf: asOf, Lost: lost(placement), Notice: notice}
	if wanted != "" && wanted != opened.Dashboard.ID {
		board.Notice = "dashboard.choice-gone"
	}
	states := map[string]crm.PartState{}
	if key, partState := crm.PartStateFrom(query); key != "" {
		states[key] = partState
		board.Touched = key
	}
	board.Parts, board.More = s.parts(caller, place, opened.Dashboard, states)
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

// moment is how long a part that has been drawn waits for the next one before it is sent. Parts mostly come in one burst, and
// a browser that gets them together lays the page out once.
const moment = 4 * time.Millisecond

// parts yields each part the moment it is filled; more tells whether another one has come or comes within a moment. Parts
// that the deadline, or a defect of ours, leaves unfilled are yielded at the end with a reason, unless nobody reads any more.
func (s *stream) parts(caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState) (all iter.Seq[crm.Filled], more func() bool) {
	arriving := make(chan crm.Filled)
	var next *crm.Filled
	more = func() bool {
		timer := time.NewTimer(moment)
		defer timer.Stop()
		select {
		case f, open := <-arriving:
			if open {
				next = &f
			}
		case <-timer.C:
		}
		return next != nil
	}
	take := func() (f crm.Filled, ok bool) {
		if next != nil {
			f, next = *next, nil
			return f, true
		}
		f, ok = <-arriving
		return f, ok
	}
	all = func(yield func(crm.Filled) bool) {
		missing := map[string]bool{}
		for _, p := range d.Parts() {
			missing[p.Key] = true
		}
		ctx, cancel := context.WithCancel(s.ctx)
		var failed error
		go func() {
			defer close(arriving)
			failed = s.fill(ctx, caller, place, d, states, func(f crm.Filled) error {
				select {
				case arriving <- f:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		}()
		defer func() {
			cancel()
			for range arriving { // until nothing runs any more
			}
		}()
		for f, ok := take(); ok; f, ok = take() {
			delete(missing, f.Part.Key)
			if f.Err != nil {
				s.blame(s.c, f.Err)
			}
			if !yield(f) {
				return
			}
		}
		if failed == nil || s.c.Request().Context().Err() != nil {
			return
		}
		reason := asFault(failed)
		s.blame(s.c, reason)
		for _, p := range d.Parts() {
			if missing[p.Key] && !yield(crm.Filled{Part: p, State: states[p.Key], AsOf: s.cfg.Now(), Err: reason}) {
				return
			}
		}
	}
	return all, more
}

// fill is Dashboards.Fill with a panic made an error: the page is half written, and the rest of it must still come.
func (s *stream) fill(ctx context.Context, caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState, emit func(crm.Filled) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(r)
		}
	}()
	return s.cfg.Dashboards.Fill(ctx, caller, place, d, states, emit)
}

package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// showDashboard answers My Dashboard as a stream.
func (s *Server) showDashboard(c echo.Context) error {
	stream, cancel := s.streamed(c)
	defer cancel()
	query := c.QueryParams()
	model := templates.DashboardModel{Page: s.pageOf(c), Profile: visitOf(c).session.Profile, Open: func(context.Context) (templates.Board, *templates.State) {
		return stream.open(query)
	}}
	r := c.Response()
	r.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	r.WriteHeader(http.StatusOK)
	return templates.DashboardPage(model).Render(c.Request().Context(), r)
}

// askToSignIn answers a page to nobody: silently in Teams, by way of Entra ID in a browser's own tab.
func (s *Server) askToSignIn(c echo.Context) error {
	path := s.ownPath(c)
	if topLevel(c.Request()) && !visitOf(c).inTeams {
		return c.Redirect(http.StatusFound, "/auth/start?"+url.Values{"next": {path}}.Encode())
	}
	page := s.pageOf(c)
	page.InTeams = true
	return s.draw(c, http.StatusOK, templates.ShellPage(templates.ShellModel{Page: page, Next: path}))
}

// showPart answers one part of a dashboard as a piece of HTML, whatever goes wrong.
func (s *Server) showPart(c echo.Context) error {
	key, state := crm.PartStateFrom(c.QueryParams())
	place, filled, err := s.part(c, key, state)
	status := http.StatusOK
	if err != nil {
		f := asFault(err)
		s.blame(c, f)
		if f.Kind == fault.SignedOut {
			s.endSession(c)
		}
		status = statuses[f.Kind]
		retryAfter(c, f)
		filled = crm.Filled{Part: crm.Part{Key: key}, State: state, AsOf: s.cfg.Now(), Err: f}
	}
	return s.draw(c, status, templates.PartPanel(templates.PartModel{
		Place: place, DashboardID: c.QueryParam("dashboard"), Filled: filled, Theme: visitOf(c).theme,
	}))
}

func (s *Server) part(c echo.Context, key string, state crm.PartState) (place crm.Place, filled crm.Filled, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(r)
		}
	}()
	session, err := s.signedIn(c)
	if err == nil && session == nil {
		err = fault.New(fault.SignedOut, "web.signed_out")
	}
	if err != nil {
		return place, filled, err
	}
	ctx, cancel := s.ahead(c, "part "+c.QueryParam("dashboard")+" "+key, dashboardScene(c), "dashboard ")
	defer cancel()
	if place, err = s.place(ctx, c, c.QueryParams()); err != nil {
		return place, filled, err
	}
	filled, err = s.cfg.Dashboards.Part(ctx, visitOf(c).caller(), place, c.QueryParam("dashboard"), key, state)
	return place, filled, err
}

// chooseDashboard remembers which dashboard opens from now on.
func (s *Server) chooseDashboard(c echo.Context) error {
	return s.change(c, func(ctx context.Context, form url.Values) error {
		place, err := s.place(ctx, c, form)
		if err != nil {
			return err
		}
		return s.cfg.Dashboards.Choose(ctx, visitOf(c).caller(), place, form.Get("dashboard"))
	})
}

// refreshDashboard forgets what is cached for the person, so that the page is read anew. That is possible, and most
// wanted, where there is no place yet.
func (s *Server) refreshDashboard(c echo.Context) error {
	return s.change(c, func(ctx context.Context, form url.Values) error {
		place, err := s.place(ctx, c, form)
		if fault.Is(err, fault.SignedOut) || fault.Is(err, fault.Consent) {
			return err
		}
		return s.cfg.Dashboards.Refresh(ctx, visitOf(c).caller(), place)
	})
}

// change does something for a person and leads back to the page they came from.
func (s *Server) change(c echo.Context, what func(ctx context.Context, form url.Values) error) error {
	return s.changeTo(c, homePage, func(ctx context.Context, form url.Values, back string) (string, error) {
		return back, what(ctx, form)
	})
}

// changeTo does something for a person and leads to the page that what gives, told which one they came from: the one that the
// form names, else page.
func (s *Server) changeTo(c echo.Context, page string, what func(ctx context.Context, form url.Values, back string) (string, error)) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	back := s.back(form, page)
	s.bound(c, back)
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return c.Redirect(http.StatusSeeOther, back) // the page itself knows how to sign in
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	to, err := what(ctx, form, back)
	if fault.Is(err, fault.SignedOut) {
		s.blame(c, err)
		s.endSession(c)
		to, err = back, nil
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// back is the page that a form came from, in the look it had and about what it was.
func (s *Server) back(form url.Values, page string) string {
	if next := form.Get("next"); next != "" {
		return s.next(next)
	}
	kept := url.Values{}
	for _, name := range []string{"theme", "locale", "org", "app"} {
		if value := form.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	return s.next(page + "?" + kept.Encode())
}

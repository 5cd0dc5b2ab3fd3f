package web

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/checkup"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// checkPage is where the connection check is.
const checkPage = "/tab/check"

// Checks tests what a person needs, step by step.
type Checks interface {
	Run(ctx context.Context, caller crm.Caller) iter.Seq[checkup.Event]
}

func (s *Server) routeCheck() {
	s.openPage(checkPage, s.showCheck)
	s.echo.POST("/tab/check/browser", s.checkBrowser)
}

// showCheck answers the connection check as a stream. Somebody without a session gets what their browser can test.
func (s *Server) showCheck(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	model := templates.CheckModel{
		Page: s.pageOf(c), SignedIn: session != nil, At: s.cfg.Now(), Reference: visitOf(c).correlation, Program: programVersion(),
	}
	if session != nil {
		next, stop := iter.Pull(s.cfg.Checks.Run(c.Request().Context(), visitOf(c).caller()))
		defer stop()
		s.unroll(c, next, &model)
	}
	r := c.Response()
	r.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	r.WriteHeader(http.StatusOK)
	return templates.CheckPage(model).Render(c.Request().Context(), r)
}

// unroll gives the page the events of a check one after the other: the general findings end where the organizations come.
func (s *Server) unroll(c echo.Context, next func() (checkup.Event, bool), m *templates.CheckModel) {
	var organizations []checkup.Organization
	findings := func(yield func(checkup.Finding) bool) {
		for {
			event, more := next()
			if !more {
				return
			}
			if event.Finding == nil {
				organizations = event.Organizations
				return
			}
			s.noteFinding(c, *event.Finding)
			if !yield(*event.Finding) {
				return
			}
		}
	}
	m.General, m.Findings = findings, findings
	m.Organizations = func() []checkup.Organization { return organizations }
}

// noteFinding writes down why a step failed; a sign-in that is worth nothing any more ends here as on every page.
func (s *Server) noteFinding(c echo.Context, f checkup.Finding) {
	if f.Err == nil {
		return
	}
	s.blame(c, f.Err)
	if fault.Is(f.Err, fault.SignedOut) {
		s.endSession(c)
	}
}

// checkCookie is set as a session's cookie is, to see whether the browser brings it back; it means nothing.
const checkCookie = "__Host-pintab-check"

// checkBrowser tells a browser our time and whether it brought the cookie of the time before.
func (s *Server) checkBrowser(c echo.Context) error {
	_, err := c.Request().Cookie(checkCookie)
	cookie := http.Cookie{Name: checkCookie, Value: "1", Path: "/", MaxAge: 60, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true}
	c.SetCookie(&cookie)
	return c.JSON(http.StatusOK, map[string]any{"now": s.cfg.Now().UnixMilli(), "cookie": !errors.Is(err, http.ErrNoCookie)})
}

// programVersion names what is running: the module's version, else the revision it was built from.
var programVersion = sync.OnceValue(func() string {
	built, ok := debug.ReadBuildInfo()
	if !ok {
		return "?"
	}
	if v := built.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range built.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return setting.Value[:12]
		}
	}
	return "devel"
})

package web

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/templates"
)

// visit is what is known about one request beyond the request itself. Teams tells theme and language in the address; of it
// only a language that the person chose is remembered.
type visit struct {
	correlation string // names the request in the log
	theme       templates.Theme
	locale      *locale.Locale
	languages   []string // language preferences of Teams and of the browser, best first
	chosen      bool     // the person chose the language
	inTeams     bool
	path        string       // the page's own address when it is answered from another one
	session     *crm.Session // of somebody signed in; nil else, and on pages that need nobody
	sessionID   []byte       // what the session is kept under
	cookieCame  bool         // with a session that has ended, or of somebody else than sits there
	blame       error        // what went wrong, for the log
	pinned      *crm.Pinned  // the pin of the tab that the page is in, on its landing
}

const visitKey = "visit"

func visitOf(c echo.Context) *visit {
	v, _ := c.Get(visitKey).(*visit)
	if v == nil {
		v = &visit{locale: locale.Negotiate()}
		c.Set(visitKey, v)
	}
	return v
}

// blame notes for the log what went wrong with a request that is answered all the same.
func (s *Server) blame(c echo.Context, err error) { visitOf(c).blame = err }

// language reads theme and language from the address, and the language from the browser where Teams does not tell.
func (s *Server) language(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.dress(c, c.QueryParams())
		v := visitOf(c)
		v.inTeams = framed(c.Request()) || c.QueryParam("theme") != ""
		return next(c)
	}
}

// dress takes theme and language from the query of the page that is about to be drawn.
func (s *Server) dress(c echo.Context, query url.Values) {
	v, r := visitOf(c), c.Request()
	v.theme = templates.ThemeFrom(query.Get("theme"))
	v.languages = []string{query.Get("locale"), r.Header.Get("Accept-Language")}
	s.speak(c, chosenLanguage(c))
}

// recognizedAt notes for the database that the request's person was recognized at this epoch: what is stored about them
// from here on is stored only if they are not erased meanwhile.
func recognizedAt(c echo.Context, epoch int64) {
	r := c.Request()
	c.SetRequest(r.WithContext(privacy.WithEpoch(r.Context(), epoch)))
}

// recognizing begins a sign-in: an erasure from here on undoes it.
func (s *Server) recognizing(c echo.Context) error {
	epoch, err := s.cfg.Store.Epoch(c.Request().Context())
	if err == nil {
		recognizedAt(c, epoch)
	}
	return err
}

// framed reports whether the browser says that it loads the page into a frame.
func framed(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return dest == "iframe" || dest == "frame"
}

// topLevel reports whether the browser says that it loads the page into a tab of its own.
func topLevel(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "document" }

// page is what every page needs to know about this visit.
func (s *Server) pageOf(c echo.Context) templates.Page {
	v := visitOf(c)
	page := templates.Page{Theme: v.theme, HostOrigins: s.cfg.HostOrigins, Path: v.path, CookieCame: v.cookieCame, InTeams: v.inTeams}
	if v.session != nil {
		page.LoginHint = v.session.Profile.Username
	}
	return page
}

// caller is on whose behalf the request asks Dataverse.
func (v *visit) caller() crm.Caller {
	return crm.Caller{User: v.session.Profile.User, Locale: v.locale.Tag()}
}

// ownPath is the address of the page that was asked for, as far as it is one to come back to.
func (s *Server) ownPath(c echo.Context) string {
	if v := visitOf(c); v.path != "" {
		return v.path
	}
	return s.next(c.Request().URL.RequestURI())
}

package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// form reads a form body; what stands in the address is not part of it.
func (s *Server) form(c echo.Context) (url.Values, error) {
	r := c.Request()
	err := r.ParseForm()
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(bodyLimit)
	}
	if err != nil {
		f := asFault(err)
		if f.Kind == fault.TooLarge {
			return nil, f
		}
		return nil, fault.Wrap(err, fault.Invalid, "web.bad_request")
	}
	return r.PostForm, nil
}

// deadline bounds what upstreams may take for one page; it also ends when the browser goes away.
func (s *Server) deadline(c echo.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.Request().Context(), s.cfg.PageDeadline)
}

// signedIn finds who the request's session belongs to; nil when it has none.
func (s *Server) signedIn(c echo.Context) (*crm.Session, error) {
	v := visitOf(c)
	if v.session != nil {
		return v.session, nil
	}
	r := c.Request()
	session, err := s.sessions.New(r, sessionCookie)
	if err != nil {
		return nil, err
	}
	row, ok := session.Values[sessionKey].(crm.Session)
	if !ok {
		_, err := r.Cookie(sessionCookie)
		v.cookieCame = err == nil // of a session that has ended: cookies are kept, all the same
		return nil, nil
	}
	if someoneElse(c, row.Profile.User) {
		v.cookieCame = true
		return nil, nil
	}
	if row.Stopped {
		return nil, fault.New(fault.Forbidden, "entra.stopped")
	}
	if err := s.cfg.SignIn.Admit(row.Profile.Tenant); err != nil {
		return nil, err
	}
	// A database that cannot be written to does not keep anybody from reading, nor waiting for it.
	ctx, cancel := context.WithTimeout(r.Context(), seenPatience)
	defer cancel()
	if err := s.sessions.saw(ctx, session, row); err != nil {
		s.blame(c, err)
	}
	v.session, v.sessionID = &row, hashOf(session.ID)
	recognizedAt(c, row.Epoch)
	s.speakTo(c, row.Language)
	return v.session, nil
}

// teamsUser is where the manifest has Teams say who sits there: a directory object id.
const teamsUser = "user"

var objectID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// someoneElse reports whether Teams says that another person sits there than the one whom the session belongs to: one browser
// keeps its cookies when somebody else signs in to Teams. It proves nothing, so it only ever leads to signing in.
func someoneElse(c echo.Context, user crm.User) bool {
	said := strings.ToLower(c.QueryParam(teamsUser))
	return objectID.MatchString(said) && said != user.Object
}

// endSession ends the request's session once the person's tokens have turned out to be worthless. Failing at it is no
// more than a note: the session is of no use to anybody.
func (s *Server) endSession(c echo.Context) {
	v := visitOf(c)
	if v.sessionID == nil {
		return
	}
	if err := s.cfg.Store.EndSession(context.WithoutCancel(c.Request().Context()), v.sessionID); err != nil {
		s.blame(c, err)
	}
	if !c.Response().Committed {
		s.sessions.takeBack(c.Response())
	}
	v.session, v.sessionID = nil, nil
}

// bound makes the rest of the request look and read like the page it leads to.
func (s *Server) bound(c echo.Context, next string) {
	if next == "" {
		return
	}
	visitOf(c).path = next
	s.dress(c, queryOf(next))
}

// welcome starts a session and answers the page at next itself, which saves the person a round trip.
func (s *Server) welcome(c echo.Context, profile crm.Profile, next string) error {
	next = s.next(next) // pages come and go while a sign-in waits
	row, id, err := s.sessions.start(c.Response(), c.Request(), profile)
	if err != nil {
		return err
	}
	v := visitOf(c)
	v.session, v.sessionID, v.path, v.inTeams = &row, id, next, true
	s.speakTo(c, row.Language)
	path, query, _ := strings.Cut(next, "?")
	r := c.Request().Clone(c.Request().Context())
	r.Method, r.URL = http.MethodGet, &url.URL{Path: path, RawQuery: query}
	r.RequestURI, r.Body, r.Form, r.PostForm = next, http.NoBody, nil, nil
	return s.pages[path](s.at(c, r))
}

// at is the same exchange as c with another request.
func (s *Server) at(c echo.Context, r *http.Request) echo.Context {
	inner := s.echo.NewContext(r, nil)
	inner.SetResponse(c.Response())
	inner.SetPath(c.Path())
	inner.Set(visitKey, visitOf(c))
	return inner
}

func queryOf(path string) url.Values {
	_, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil
	}
	return values
}

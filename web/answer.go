package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// statuses is the one table from situations to HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusBadRequest,
	fault.SignedOut:   http.StatusUnauthorized,
	fault.Consent:     http.StatusUnauthorized,
	fault.Forbidden:   http.StatusForbidden,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Busy:        http.StatusTooManyRequests,
	fault.Unreachable: http.StatusServiceUnavailable,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// draw draws a whole page or a piece of one, to memory first, so that what fails while it is drawn can still become an
// error page.
func (s *Server) draw(c echo.Context, status int, component templ.Component) error {
	page := buffers.Get().(*bytes.Buffer)
	page.Reset()
	defer buffers.Put(page)
	if err := component.Render(c.Request().Context(), page); err != nil {
		return fault.Wrap(err, fault.Internal, "internal")
	}
	return c.HTMLBlob(status, page.Bytes())
}

// answered draws the page of a failed request inside all the layers that other pages go through.
func (s *Server) answered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				s.fail(panicked(r), c)
			}
		}()
		if err := next(c); err != nil {
			s.fail(err, c)
		}
		return nil
	}
}

// fail answers a failed request with the page that says what is the matter. It is Echo's error handler too.
func (s *Server) fail(err error, c echo.Context) {
	f := asFault(err)
	s.blame(c, f)
	if c.Response().Committed {
		panic(http.ErrAbortHandler) // half a page must not look like a whole one
	}
	retryAfter(c, f)
	if err := s.drawFault(c, f); err != nil && !c.Response().Committed {
		s.blame(c, errors.Join(f, err))
		_ = c.String(http.StatusInternalServerError, "Something went wrong. Reference: "+visitOf(c).correlation+"\n")
	}
}

// retryAfter tells programs how long to wait; people read it on the page.
func retryAfter(c echo.Context, f *fault.Error) {
	if f.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
	}
}

// drawFault draws the error page. A person whose session has ended, or whom Entra ID wants to see, is led to sign in.
func (s *Server) drawFault(c echo.Context, f *fault.Error) error {
	v, path := visitOf(c), s.ownPath(c)
	switch f.Kind {
	case fault.SignedOut, fault.Consent:
		if f.Kind == fault.SignedOut {
			s.endSession(c)
		}
		return s.draw(c, statuses[f.Kind], templates.SignInPage(templates.SignInModel{
			Page: s.pageOf(c), Next: path, Fault: f, Claims: f.Claims,
		}))
	}
	status := statuses[f.Kind]
	var echoed *echo.HTTPError
	if errors.As(f, &echoed) && echoed.Code == http.StatusMethodNotAllowed {
		status = echoed.Code // Echo has said in Allow what is
	}
	state := templates.StateOf(f, path, v.correlation)
	state.Operator = s.cfg.Operator
	return s.draw(c, status, templates.StatePage(templates.StateModel{Page: s.pageOf(c), State: state}))
}

// asFault names errors that are not faults yet: Echo's own, and those of reading a request.
func asFault(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	var tooLarge *http.MaxBytesError
	var echoed *echo.HTTPError
	switch {
	case errors.As(err, &tooLarge):
		return fault.Wrap(err, fault.TooLarge, "web.too_large")
	case errors.As(err, &echoed) && (echoed.Code == http.StatusNotFound || echoed.Code == http.StatusMethodNotAllowed):
		return fault.Wrap(err, fault.NotFound, "web.no_such_page")
	case errors.As(err, &echoed) && echoed.Code < http.StatusInternalServerError:
		return fault.Wrap(err, fault.Invalid, "web.bad_request")
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(err, fault.Unreachable, "web.too_slow")
	}
	return fault.Of(err)
}

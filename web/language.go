package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/templates"
)

// languageCookie holds the name of the language that somebody chose, for the pages that know nobody: signing in, failures,
// privacy and terms. Whoever is signed in reads the language that the database keeps for them.
const languageCookie = "__Host-pintab-language"

// Readings says by which time zone and formats a person reads records.
type Readings interface {
	Reading(ctx context.Context, caller crm.Caller, org crm.Organization) (crm.Reading, error)
}

// speak settles the language of the page: the chosen one, else what Teams asks for, else the browser.
func (s *Server) speak(c echo.Context, chosen string) {
	v, r := visitOf(c), c.Request()
	v.locale = locale.Prefer(chosen, v.languages...)
	v.chosen = locale.IsLanguage(chosen)
	ctx := locale.WithAsked(locale.With(r.Context(), v.locale), locale.Negotiate(v.languages...))
	c.SetRequest(r.WithContext(ctx))
}

// chosenLanguage is what the person chose as far as the request tells: their session, else the browser's cookie.
func chosenLanguage(c echo.Context) string {
	if v := visitOf(c); v.session != nil {
		return v.session.Language
	}
	cookie, err := c.Request().Cookie(languageCookie)
	if err != nil || !locale.IsLanguage(cookie.Value) {
		return ""
	}
	return cookie.Value
}

// speakTo settles the language of somebody who has just been recognized, and has the browser know it too.
func (s *Server) speakTo(c echo.Context, language string) {
	s.speak(c, language)
	if cookie, err := c.Request().Cookie(languageCookie); err == nil && cookie.Value == language || err != nil && language == "" {
		return
	}
	s.keepLanguage(c, language)
}

// keepLanguage has the browser remember a language; "" has it forget.
func (s *Server) keepLanguage(c echo.Context, language string) {
	options := s.sessions.options(int(s.cfg.SessionLife / time.Second))
	cookie := &http.Cookie{
		Name: languageCookie, Value: language, Path: "/", MaxAge: options.MaxAge,
		Secure: true, HttpOnly: true, SameSite: options.SameSite, Partitioned: true,
	}
	if language == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Response(), cookie)
}

// languageFrom says whose wish the page's language is.
func languageFrom(c echo.Context) templates.LanguageSource {
	switch {
	case visitOf(c).chosen:
		return templates.LanguageChosen
	case locale.Speaks(c.QueryParam("locale")):
		return templates.LanguageOfHost
	case locale.Speaks(c.Request().Header.Get("Accept-Language")):
		return templates.LanguageOfBrowser
	}
	return templates.LanguageUsual
}

// saveLanguage keeps the language that the person chose, and leads back to Settings in it.
func (s *Server) saveLanguage(c echo.Context) error {
	return s.settle(c, func(ctx context.Context, caller crm.Caller, form, to url.Values) error {
		language := form.Get("language")
		if language != "" && !locale.IsLanguage(language) {
			return fault.New(fault.Invalid, "web.bad_request")
		}
		if err := s.cfg.Store.ChooseLanguage(ctx, caller.User, language); err != nil {
			return err
		}
		s.keepLanguage(c, language)
		to.Set("notice", "language")
		if language == "" {
			to.Set("notice", "language-followed")
		}
		return nil
	})
}

// reading asks how the person reads records of the organization that Settings looks at. Not knowing it is no reason to
// show nothing.
func (s *Server) reading(c echo.Context, ctx context.Context, org *crm.Organization) *crm.Reading {
	if org == nil || s.cfg.Readings == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readingPatience)
	defer cancel()
	reading, err := s.cfg.Readings.Reading(ctx, visitOf(c).caller(), *org)
	if err != nil {
		s.blame(c, err)
		return nil
	}
	return &reading
}

// readingPatience is how long Settings waits for it.
const readingPatience = 3 * time.Second

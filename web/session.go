package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/pintab/pintab/internal/crm"
)

// sessionCookie holds a signed, otherwise meaningless id. Chromium sends it back inside Teams only because it is
// Partitioned; __Host- binds it to this very host.
const sessionCookie = "__Host-pintab"

// seenEvery is how often the use of a session is written down.
const seenEvery = 5 * time.Minute

// seenPatience is how long that may take.
const seenPatience = 250 * time.Millisecond

// sessionKey is where a sessions.Session keeps its crm.Session.
const sessionKey = "session"

// cookieSessions is a sessions.Store: a signed id in the cookie, the row in the database, nothing else in either place.
type cookieSessions struct {
	rows   Sessions
	codecs []securecookie.Codec
	rand   io.Reader
	now    func() time.Time
	idle   time.Duration
	life   time.Duration
}

func newCookieSessions(cfg Config) *cookieSessions {
	s := &cookieSessions{rows: cfg.Store, rand: cfg.Rand, now: cfg.Now, idle: cfg.SessionIdle, life: cfg.SessionLife}
	for _, key := range cfg.CookieKeys {
		// The row knows when the session ends, so the cookie's own age is not looked at.
		s.codecs = append(s.codecs, securecookie.New(key, nil).MaxAge(0).SetSerializer(securecookie.NopEncoder{}))
	}
	return s
}

// Get gives the session of a request, asking the database once for each request.
func (s *cookieSessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New gives the session that the cookie names, or a new one. The error is the database's; a cookie that is forged,
// outdated or unknown simply gives a new session.
func (s *cookieSessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = s.options(int(s.life / time.Second))
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil
	}
	var id []byte
	if err := securecookie.DecodeMulti(name, cookie.Value, &id, s.codecs...); err != nil || len(id) != secretBytes {
		return session, nil
	}
	row, ok, err := s.rows.Session(r.Context(), hashOf(string(id)))
	if err != nil || !ok {
		return session, err
	}
	if s.now().Sub(row.Seen) > s.idle {
		return session, s.rows.EndSession(r.Context(), hashOf(string(id)))
	}
	session.ID, session.IsNew, session.Values[sessionKey] = string(id), false, row
	return session, nil
}

// Save starts a new session, with a new id, or ends one whose MaxAge is negative. An existing session has nothing to
// save: its row does not change.
func (s *cookieSessions) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		s.takeBack(w)
		if session.IsNew {
			return nil
		}
		return s.rows.EndSession(r.Context(), hashOf(session.ID))
	}
	if !session.IsNew {
		return nil
	}
	row, ok := session.Values[sessionKey].(crm.Session)
	if !ok {
		return errors.New("web: a session of nobody")
	}
	id := make([]byte, secretBytes)
	if _, err := io.ReadFull(s.rand, id); err != nil {
		return err
	}
	if err := s.rows.StartSession(r.Context(), hashOf(string(id)), row); err != nil {
		return err
	}
	value, err := securecookie.EncodeMulti(session.Name(), id, s.codecs...)
	if err != nil {
		return err
	}
	session.ID, session.IsNew = string(id), false
	http.SetCookie(w, sessions.NewCookie(session.Name(), value, session.Options))
	return nil
}

func (s *cookieSessions) options(maxAge int) *sessions.Options {
	return &sessions.Options{Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true}
}

// saw writes down that a session is in use, at most every seenEvery.
func (s *cookieSessions) saw(ctx context.Context, session *sessions.Session, row crm.Session) error {
	if s.now().Sub(row.Seen) < seenEvery {
		return nil
	}
	return s.rows.SawSession(ctx, hashOf(session.ID))
}

// start replaces whatever session the request carries by a new one for profile, and gives what the new one is kept under.
func (s *cookieSessions) start(w http.ResponseWriter, r *http.Request, profile crm.Profile) (crm.Session, []byte, error) {
	old, err := s.New(r, sessionCookie)
	if err != nil {
		return crm.Session{}, nil, err
	}
	if !old.IsNew {
		if err := s.rows.EndSession(r.Context(), hashOf(old.ID)); err != nil {
			return crm.Session{}, nil, err
		}
	}
	language, err := s.rows.Language(r.Context(), profile.User)
	if err != nil {
		return crm.Session{}, nil, err
	}
	now := s.now()
	row := crm.Session{Profile: profile, Created: now, Seen: now, Expires: now.Add(s.life), Language: language}
	session := sessions.NewSession(s, sessionCookie)
	session.IsNew = true
	session.Options = s.options(int(s.life / time.Second))
	session.Values[sessionKey] = row
	err = s.Save(r, w, session)
	return row, hashOf(session.ID), err
}

// takeBack tells the browser to forget the cookie.
func (s *cookieSessions) takeBack(w http.ResponseWriter) {
	http.SetCookie(w, sessions.NewCookie(sessionCookie, "", s.options(-1)))
}

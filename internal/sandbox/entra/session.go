package entra

import (
	"net/http"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// sessionCookie has a name of its own because browsers share cookies between the ports of localhost.
const sessionCookie = "sandbox_entra_session"

// session is one browser: the accounts that signed in with it, newest last.
type session struct {
	people []string // object ids
	form   string   // proof that a form came from a page of ours
	sid    string
	used   time.Time
}

// sessionOf finds the browser's session. Callers hold mu.
func (s *Server) sessionOf(r *http.Request) *session {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	known := s.sessions[hash(c.Value)]
	if known == nil || s.now().Sub(known.used) > sessionLife {
		return nil
	}
	known.used = s.now()
	return known
}

// ensureSession finds or starts the browser's session. Callers hold mu.
func (s *Server) ensureSession(w http.ResponseWriter, r *http.Request) *session {
	if known := s.sessionOf(r); known != nil {
		return known
	}
	s.purge()
	id := s.secret("")
	fresh := &session{form: s.secret(""), sid: s.newGUID(), used: s.now()}
	s.sessions[hash(id)] = fresh
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return fresh
}

func (c *session) signIn(p world.Person) {
	c.people = append(slices.DeleteFunc(c.people, func(id string) bool { return id == p.ObjectID }), p.ObjectID)
}

func (c *session) has(p world.Person) bool { return c != nil && slices.Contains(c.people, p.ObjectID) }

// logout forgets the browser's accounts and returns to a registered address only.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	a, fail := s.audience(r)
	if fail == nil {
		if err := r.ParseForm(); err != nil {
			fail = aad(9002313, "invalid_request", "Invalid request. Request is malformed or invalid.")
		} else {
			fail = duplicate(r.Form)
		}
	}
	if fail != nil {
		s.showError(w, r, fail)
		return
	}
	if c, err := r.Cookie(sessionCookie); err == nil {
		s.mu.Lock()
		delete(s.sessions, hash(c.Value))
		s.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	back := r.Form.Get("post_logout_redirect_uri")
	if !s.redirects[back] {
		s.show(w, http.StatusOK, "message", page{Title: "You signed out", Tenant: a.name(), Text: "You can close this window now."})
		return
	}
	if state := r.Form.Get("state"); state != "" {
		back = withQuery(back, map[string]string{"state": state})
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

package entra

import (
	"net/http"
	"net/url"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// answerCode issues a code for a person who has agreed to everything.
func (s *Server) answerCode(w http.ResponseWriter, r *http.Request, q authRequest, p world.Person) {
	s.mu.Lock()
	s.purge()
	current := s.ensureSession(w, r)
	code := s.secret("1.")
	s.codes[hash(code)] = &authCode{
		person: p.ObjectID, tenant: q.audience.segment, redirect: q.redirect, scope: q.get("scope"),
		nonce: q.get("nonce"), challenge: q.get("code_challenge"), sid: current.sid, issued: s.now(),
	}
	s.mu.Unlock()
	s.answer(w, r, q, map[string]string{"code": code, "session_state": current.sid})
}

// answerError sends a refusal to the client.
func (s *Server) answerError(w http.ResponseWriter, r *http.Request, q authRequest, e *aadError) {
	values := map[string]string{"error": e.oauth, "error_description": s.tell(r, e).description()}
	if e.suberror != "" {
		values["error_subcode"] = e.suberror
	}
	s.answer(w, r, q, values)
}

// answer returns to the client's address by query or by a form that posts itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, q authRequest, values map[string]string) {
	if state := q.get("state"); state != "" {
		values["state"] = state
	}
	if q.get("response_mode") == "form_post" {
		s.show(w, http.StatusOK, "post", page{Title: "Returning", Action: q.redirect, Values: values})
		return
	}
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusSeeOther
	}
	w.Header().Set("Location", withQuery(q.redirect, values))
	w.WriteHeader(status)
}

func withQuery(address string, values map[string]string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := u.Query()
	for name, value := range values {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// form reads a page's form: the authorization request from its address, who it is about from its fields.
func (s *Server) form(w http.ResponseWriter, r *http.Request) (q authRequest, p world.Person, ok bool) {
	if q, ok = s.authRequest(w, r); !ok {
		return q, p, false
	}
	s.mu.Lock()
	current := s.sessionOf(r)
	expected := ""
	if current != nil {
		expected = current.form
	}
	s.mu.Unlock()
	p, known := s.byObject(r.PostForm.Get("account"))
	if expected == "" || r.PostForm.Get("form") != expected || !known || !q.audience.has(p) {
		s.show(w, http.StatusBadRequest, "again", page{
			Title: "This page is too old", Tenant: q.audience.name(), Text: "Your browser sent a form that this sign-in did not make, or cookies are blocked.",
			Action: q.address("/oauth2/v2.0/authorize"),
		})
		return q, p, false
	}
	return q, p, true
}

// login is the account chooser's form.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	q, p, ok := s.form(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	s.ensureSession(w, r).signIn(p)
	s.mu.Unlock()
	s.goOn(w, r, q, p)
}

// approve is the multi-factor form.
func (s *Server) approve(w http.ResponseWriter, r *http.Request) {
	s.decide(w, r, "mfa", func(q authRequest, need requirement) bool { return sameClaims(q.get("claims"), need.claims) })
}

// consent is the consent form.
func (s *Server) consent(w http.ResponseWriter, r *http.Request) {
	s.decide(w, r, "consent", func(authRequest, requirement) bool { return true })
}

// decide takes a person's yes or no; only somebody signed in with this browser can say either.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, kind string, met func(authRequest, requirement) bool) {
	q, p, ok := s.form(w, r)
	if !ok {
		return
	}
	if r.PostForm.Get("decision") != "accept" {
		s.answerError(w, r, q, aad(65004, "access_denied", "User declined to consent to access the app."))
		return
	}
	s.mu.Lock()
	signedIn := s.sessionOf(r).has(p)
	if need := s.required[p.ObjectID]; signedIn && need.kind == kind && met(q, need) {
		delete(s.required, p.ObjectID)
	}
	s.mu.Unlock()
	if !signedIn {
		s.answerError(w, r, q, aad(50058, "login_required", "A silent sign-in request was sent but no user is signed in."))
		return
	}
	s.answerCode(w, r, q, p)
}

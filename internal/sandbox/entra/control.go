package entra

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/faults"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// readControl reads the JSON body of a control and refuses pages of other sites.
func readControl(w http.ResponseWriter, r *http.Request, into any) bool {
	if faults.CrossSite(r) {
		http.Error(w, "a web page of another site may not use this control", http.StatusForbidden)
		return false
	}
	if into == nil {
		return true
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		http.Error(w, "not understood: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// require makes tokens for a person need the person: {"username","kind":"consent"|"mfa"|"none","resource"}. With a resource, an
// API's address, only tokens for that one do, as where a conditional access policy is about one application.
func (s *Server) require(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Username string `json:"username"`
		Kind     string `json:"kind"`
		Resource string `json:"resource"`
	}
	if !readControl(w, r, &body) {
		return
	}
	p, ok := s.byUsername(body.Username)
	if !ok {
		http.Error(w, "nobody has this username", http.StatusNotFound)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch body.Kind {
	case "consent", "mfa":
		s.required[p.ObjectID] = requirement{kind: body.Kind, claims: s.challenge(), resource: strings.TrimRight(body.Resource, "/")}
	case "none":
		delete(s.required, p.ObjectID)
	default:
		http.Error(w, `kind is "consent", "mfa" or "none"`, http.StatusBadRequest)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"username": p.Username, "kind": body.Kind})
}

// challenge is a claims request such as conditional access makes: one policy id that only we know.
func (s *Server) challenge() string {
	return `{"access_token":{"capolids":{"essential":true,"values":["` + s.newGUID() + `"]}}}`
}

// interaction refuses tokens for a resource to a person of whom something is required. Callers hold mu.
func (s *Server) interaction(p world.Person, resource string) *aadError {
	need, ok := s.required[p.ObjectID]
	if !ok || need.resource != "" && need.resource != resource {
		return nil
	}
	e := aad(50076, "interaction_required", "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.").with("basic_action")
	if need.kind == "consent" {
		e = aad(65001, "interaction_required", "The user or administrator has not consented to use the application with ID '%s'. Send an interactive authorization request for this user and resource.", s.cfg.Client.ID).with("consent_required")
	}
	e.claims = need.claims
	return e
}

// rotateKeys signs with a new key from now on; the old one is no longer published and no longer accepted.
func (s *Server) rotateKeys(w http.ResponseWriter, r *http.Request) {
	if !readControl(w, r, nil) {
		return
	}
	keys, err := generateKeyRing(s.newKid())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = keys
	s.journal.add(entry{Op: "key", ID: keys.kid, Key: keys.encoded()})
	writeJSON(w, http.StatusOK, map[string]any{"kid": keys.kid})
}

// moveClock moves the stand-in's clock: {"forward":"1h"}; a negative duration moves it back.
func (s *Server) moveClock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Forward string `json:"forward"`
	}
	if !readControl(w, r, &body) {
		return
	}
	d, err := time.ParseDuration(body.Forward)
	if err != nil {
		http.Error(w, `forward is a duration such as "1h" or "90m"`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forward += d
	writeJSON(w, http.StatusOK, map[string]any{"now": s.now().UTC().Format(time.RFC3339), "forward": s.forward.String()})
}

package entra

import (
	"fmt"
	"net/http"
	"regexp"
)

// aadError is a refusal in Entra ID's own words: OAuth error, AADSTS number and sentence.
type aadError struct {
	code     int
	oauth    string // the OAuth error, for example invalid_grant
	text     string
	suberror string
	claims   string
	status   int
}

// aad makes a refusal with the status that Entra ID gives: 401 for client credentials, 400 for the rest.
func aad(code int, oauth, format string, args ...any) *aadError {
	status := http.StatusBadRequest
	if oauth == "invalid_client" {
		status = http.StatusUnauthorized
	}
	return &aadError{code: code, oauth: oauth, text: fmt.Sprintf(format, args...), status: status}
}

func (e *aadError) with(suberror string) *aadError {
	e.suberror = suberror
	return e
}

// told is a refusal with the identifiers that support people ask for.
type told struct {
	*aadError
	trace, correlation, timestamp string
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// tell stamps a refusal. The correlation id is the client's, when it sent one.
func (s *Server) tell(r *http.Request, e *aadError) told {
	correlation := r.Header.Get("client-request-id")
	if !guid.MatchString(correlation) {
		correlation = s.newGUID()
	}
	return told{e, s.newGUID(), correlation, s.Now().UTC().Format("2006-01-02 15:04:05Z")}
}

func (t told) description() string {
	return fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", t.code, t.text, t.trace, t.correlation, t.timestamp)
}

// writeError answers a refusal as the token endpoint does.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, e *aadError) {
	t := s.tell(r, e)
	body := map[string]any{
		"error":             e.oauth,
		"error_description": t.description(),
		"error_codes":       []int{e.code},
		"timestamp":         t.timestamp,
		"trace_id":          t.trace,
		"correlation_id":    t.correlation,
		"error_uri":         fmt.Sprintf("%s/error?code=%d", s.cfg.Base, e.code),
	}
	if e.suberror != "" {
		body["suberror"] = e.suberror
	}
	if e.claims != "" {
		body["claims"] = e.claims
	}
	w.Header().Set("x-ms-request-id", t.trace)
	w.Header().Set("client-request-id", t.correlation)
	if e.status == http.StatusUnauthorized && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+s.cfg.Base+`"`)
	}
	writeJSON(w, e.status, body)
}

// refuse is what a tester's fault answers.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int) {
	w.Header().Set("Cache-Control", "no-store")
	var e *aadError
	switch {
	case status == http.StatusTooManyRequests:
		e = aad(90055, "temporarily_unavailable", "There are too many incoming requests for this tenant. Try again later.")
	case status >= 500:
		e = aad(90033, "temporarily_unavailable", "A transient error has occurred. Please try again.")
	default:
		e = aad(90014, "invalid_request", "The request was refused because a tester asked for it.")
	}
	e.status = status
	s.writeError(w, r, e)
}

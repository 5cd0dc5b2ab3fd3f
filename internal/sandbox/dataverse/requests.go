package dataverse

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
)

const (
	requestsPath = "/_sandbox/requests"
	// requestsKept is how many requests are remembered, and requestBodyKept how much of the body of each.
	requestsKept    = 200
	requestBodyKept = 64 << 10
)

// seenRequest is one request as GET /_sandbox/requests tells it: what a program has to know to make the same request again
// with a token of its own. Tokens are never kept.
type seenRequest struct {
	Method      string `json:"method"`
	Address     string `json:"address"` // path and query, as sent
	Accept      string `json:"accept,omitempty"`
	Prefer      string `json:"prefer,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Body        string `json:"body,omitempty"`
}

// requestLog remembers the last requests of organizations, so that tests and measurements can see which calls a client makes.
type requestLog struct {
	mu   sync.Mutex
	seen []*seenRequest
}

// recorded serves the log and notes every other request in it.
func (l *requestLog) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == requestsPath {
			l.serve(w, r)
			return
		}
		seen := l.note(r)
		if r.Body != nil && r.ContentLength != 0 {
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(r.Body, noted{l, seen}), r.Body}
		}
		next.ServeHTTP(w, r)
	})
}

func (l *requestLog) note(r *http.Request) *seenRequest {
	seen := &seenRequest{
		Method: r.Method, Address: r.URL.RequestURI(), Accept: r.Header.Get("Accept"),
		Prefer: strings.Join(r.Header.Values("Prefer"), ","), ContentType: r.Header.Get("Content-Type"),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.seen) == requestsKept {
		l.seen = append(l.seen[:0], l.seen[1:]...)
	}
	l.seen = append(l.seen, seen)
	return seen
}

// serve lists the requests, newest last; DELETE forgets them.
func (l *requestLog) serve(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		all := []seenRequest{}
		l.mu.Lock()
		for _, seen := range l.seen {
			all = append(all, *seen)
		}
		l.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(all) // a client that has gone away is nobody's error
	case http.MethodDelete:
		l.mu.Lock()
		l.seen = nil
		l.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, DELETE")
		http.Error(w, "GET lists the requests, DELETE forgets them.", http.StatusMethodNotAllowed)
	}
}

// noted adds the beginning of what is written to it to the body of a request.
type noted struct {
	log  *requestLog
	seen *seenRequest
}

func (n noted) Write(p []byte) (int, error) {
	n.log.mu.Lock()
	defer n.log.mu.Unlock()
	n.seen.Body += string(p[:min(len(p), requestBodyKept-len(n.seen.Body))])
	return len(p), nil
}

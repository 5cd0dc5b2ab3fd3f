package dataverse

import (
	"encoding/json"
	"net/http"
	"time"
)

const limitSwitchPath = "/_sandbox/limits"

// switchLimits enforces the service protection limits in an organization, or in all when it names none, and tunes them:
//
//	POST /_sandbox/limits {"organization":"harbor-sales","enabled":true,"requests":6000,"milliseconds":1200000,"window_seconds":300,"concurrent":52}
//
// What the request leaves out stays as it is; what was counted begins anew. DELETE goes back to the published limits, which
// are told and not enforced.
func (s *Server) switchLimits(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Organization  string
		Enabled       *bool
		Requests      *int
		Milliseconds  *int
		WindowSeconds *int `json:"window_seconds"`
		Concurrent    *int
	}
	switch r.Method {
	case http.MethodPost:
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&asked); err != nil {
			http.Error(w, "The body is JSON with organization, enabled, requests, milliseconds, window_seconds and concurrent.", http.StatusBadRequest)
			return
		}
	case http.MethodDelete:
	default:
		w.Header().Set("Allow", "POST, DELETE")
		http.Error(w, "POST switches and tunes the service protection limits, DELETE takes that back.", http.StatusMethodNotAllowed)
		return
	}
	for _, n := range []*int{asked.Requests, asked.Milliseconds, asked.WindowSeconds, asked.Concurrent} {
		if n != nil && (*n < 1 || *n > 1_000_000_000) {
			http.Error(w, "Limits are numbers from 1.", http.StatusBadRequest)
			return
		}
	}
	change := func(p *protection) {
		if r.Method == http.MethodDelete {
			*p = published
		}
		given(&p.enforced, asked.Enabled)
		given(&p.requests, asked.Requests)
		given(&p.concurrent, asked.Concurrent)
		if asked.Milliseconds != nil {
			p.time = time.Duration(*asked.Milliseconds) * time.Millisecond
		}
		if asked.WindowSeconds != nil {
			p.window = time.Duration(*asked.WindowSeconds) * time.Second
		}
	}
	if asked.Organization != "" && s.organizations[asked.Organization] == nil {
		http.Error(w, "There is no organization with that name.", http.StatusNotFound)
		return
	}
	for name, org := range s.organizations {
		if asked.Organization == "" || asked.Organization == name {
			org.limits.enforce(change)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func given[T any](at, value *T) {
	if value != nil {
		*at = *value
	}
}

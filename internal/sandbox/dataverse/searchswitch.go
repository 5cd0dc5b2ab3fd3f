package dataverse

import (
	"encoding/json"
	"net/http"
)

const searchSwitchPath = "/_sandbox/search"

// switchSearch turns an organization's search on or off, and the limits on how often one may search:
//
//	POST /_sandbox/search {"organization":"harbor-sales","enabled":false,"limits":false}
//
// What the request leaves out stays as it is.
func (s *Server) switchSearch(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST switches the search of an organization.", http.StatusMethodNotAllowed)
		return
	}
	var asked struct {
		Organization    string
		Enabled, Limits *bool
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&asked); err != nil {
		http.Error(w, "The body is JSON with organization, enabled and limits.", http.StatusBadRequest)
		return
	}
	org := s.organizations[asked.Organization]
	if org == nil || org.DB == nil {
		http.Error(w, "There is no organization with that name and with rows.", http.StatusNotFound)
		return
	}
	if asked.Enabled != nil {
		if err := org.DB.EnableSearch(r.Context(), *asked.Enabled); err != nil {
			http.Error(w, "The organization could not be changed.", http.StatusInternalServerError)
			return
		}
	}
	if asked.Limits != nil {
		org.searches.enforce(*asked.Limits)
	}
	w.WriteHeader(http.StatusNoContent)
}

package web

import (
	"net/url"
	"strings"
)

// homePage is where an address that is not ours ends up.
const homePage = "/tab/dashboard"

// nextLimit is the longest address that signing in leads back to.
const nextLimit = 2048

// next gives the page of ours that text names, with its query written anew, or homePage. Who sits at Teams is left out: it
// belongs to the address that Teams opens, and signing in must never lead back to being asked again. Only exact paths of our own
// pages are let through, so the result can never lead anywhere else, whatever a browser makes of slashes and escapes.
func (s *Server) next(text string) string {
	if len(text) > nextLimit || !strings.HasPrefix(text, "/") {
		return homePage
	}
	path, query, _ := strings.Cut(text, "?")
	if _, ours := s.pages[path]; !ours {
		return homePage
	}
	values, err := url.ParseQuery(query)
	if err != nil || strings.Contains(query, "#") {
		return homePage
	}
	values.Del(teamsUser)
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

package teams

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

type tokenCall struct {
	Person string `json:"person"`
	App    string `json:"app"`
	Origin string `json:"origin"` // of the frame that asks
}

func (t *tokenCall) person() string { return t.Person }

// giveTabToken answers getAuthToken: a token for the app's own resource, for the person at the window. The reasons of
// failure are Teams' words, because apps decide by them what to do next.
func (s *Server) giveTabToken(w http.ResponseWriter, r *http.Request) {
	var in tokenCall
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	token, reason := s.tabToken(r.Context(), p, s.catalog.find(in.App), in.Origin)
	if reason != "" {
		answer(w, http.StatusOK, map[string]any{"ok": false, "reason": reason})
		return
	}
	answer(w, http.StatusOK, map[string]any{"ok": true, "token": token})
}

func (s *Server) tabToken(ctx context.Context, p world.Person, a *app, origin string) (token, reason string) {
	if a == nil || a.WebApplication.ID == "" || a.WebApplication.Resource == "" {
		return "", "resourceDisabled"
	}
	if !sameHost(a.WebApplication.Resource, origin) {
		return "", "App resource defined in manifest and iframe origin do not match"
	}
	scope := s.config.SSOScope
	if scope == "" {
		scope = a.WebApplication.Resource + "/access_as_user"
	}
	form := url.Values{
		"grant_type": {"password"}, "client_id": {s.config.Client.ID}, "client_secret": {s.config.Client.Secret},
		"username": {p.Username}, "password": {p.Password}, "scope": {scope},
	}
	address := strings.TrimSuffix(s.config.Entra, "/") + "/" + p.TenantID + "/oauth2/v2.0/token"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", "unknownAuthError"
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.config.HTTP.Do(request)
	if err != nil {
		s.config.Log.Warn("teams stand-in: Entra stand-in unreachable", "error", err)
		return "", "unknownAuthError"
	}
	defer response.Body.Close()
	var out struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&out); err != nil || (out.AccessToken == "" && out.Error == "") {
		return "", "unknownAuthError"
	}
	if out.AccessToken == "" {
		s.config.Log.Info("teams stand-in: no tab token", "error", out.Error, "description", out.Description)
		return "", out.Error
	}
	return out.AccessToken, ""
}

// sameHost compares the host in an api:// resource with that of an origin, port included.
func sameHost(resource, origin string) bool {
	r, err := url.Parse(resource)
	if err != nil {
		return false
	}
	o, err := url.Parse(origin)
	return err == nil && r.Host != "" && strings.EqualFold(r.Host, o.Host)
}

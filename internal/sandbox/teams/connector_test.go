package teams_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// connectorClaims checks a token as a bot does: issuer, audience, signature and time, with the published keys.
func (h *host) connectorClaims(raw string) map[string]any {
	h.t.Helper()
	ctx := context.Background()
	var metadata struct {
		Issuer string
		Keys   string `json:"jwks_uri"`
	}
	h.json("/botframework/v1/.well-known/openidconfiguration", &metadata)
	if metadata.Issuer != "https://api.botframework.com" {
		h.t.Errorf("issuer %s", metadata.Issuer)
	}
	verifier := oidc.NewVerifier(metadata.Issuer, oidc.NewRemoteKeySet(ctx, metadata.Keys), &oidc.Config{ClientID: world.Registration.BotAppID})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		h.t.Fatal(err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		h.t.Fatal(err)
	}
	return claims
}

func (h *host) json(path string, out any) {
	h.t.Helper()
	r, err := h.client.Get(h.URL + path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(out); err != nil {
		h.t.Fatal(err)
	}
}

func TestWhatTheConnectorSendsCanBeVerified(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	if claims := h.connectorClaims(h.Bot.tokens[0]); claims["serviceurl"] != h.Bot.last().ServiceURL {
		t.Errorf("serviceurl %v, activity %s", claims["serviceurl"], h.Bot.last().ServiceURL)
	}
	var keys struct {
		Keys []struct {
			Kid          string
			Endorsements []string
		}
	}
	h.json("/botframework/v1/.well-known/keys", &keys)
	if len(keys.Keys) != 1 {
		t.Fatalf("%d keys", len(keys.Keys))
	}
	if diff := cmp.Diff([]string{"msteams"}, keys.Keys[0].Endorsements); diff != "" {
		t.Error(diff)
	}
}

func TestOtherProgramsOnThisMachineGetAConnectorToken(t *testing.T) {
	h := startHost(t, nil)
	for _, address := range []string{"http://localhost:12345/", "http://127.0.0.1:9/_connector", "https://[::1]:9/"} {
		status, out := h.call(http.MethodPost, "/_sandbox/connector/token", map[string]any{"serviceUrl": address})
		if status != http.StatusOK {
			t.Errorf("%s: %d %v", address, status, out)
			continue
		}
		if claims := h.connectorClaims(out["access_token"].(string)); claims["serviceurl"] != address {
			t.Errorf("serviceurl %v, want %s", claims["serviceurl"], address)
		}
	}
	for _, address := range []string{"", "http://example.com/", "http://localhost.example.com/", "http://user@localhost/", "ftp://localhost/", "http://169.254.169.254/", "//localhost/"} {
		status, out := h.call(http.MethodPost, "/_sandbox/connector/token", map[string]any{"serviceUrl": address})
		if status != http.StatusBadRequest || out["access_token"] != nil || out["error"] == "" {
			t.Errorf("%q: %d %v", address, status, out)
		}
	}
}

func TestTheConnectorRefusesWhoeverIsNotTheBot(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	path := "/v3/conversations/" + url.PathEscape(k.id) + "/activities"
	message := map[string]any{"type": "message", "text": "hello"}
	other := newKey()
	for name, c := range map[string]struct {
		token string
		want  int
	}{
		"the bot":            {h.Entra.sign(t, nil), http.StatusCreated},
		"v1 claim appid":     {h.Entra.sign(t, map[string]any{"azp": nil, "appid": strings.ToUpper(world.Registration.BotAppID)}), http.StatusCreated},
		"no token":           {"", http.StatusUnauthorized},
		"not a token":        {"abc", http.StatusUnauthorized},
		"another audience":   {h.Entra.sign(t, map[string]any{"aud": world.Registration.ID}), http.StatusUnauthorized},
		"an unknown issuer":  {h.Entra.sign(t, map[string]any{"iss": h.Entra.URL + "/elsewhere/v2.0"}), http.StatusUnauthorized},
		"expired":            {h.Entra.sign(t, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), http.StatusUnauthorized},
		"no app in it":       {h.Entra.sign(t, map[string]any{"azp": nil}), http.StatusUnauthorized},
		"another bot":        {h.Entra.sign(t, map[string]any{"azp": "11111111-2222-4333-8444-555555555555"}), http.StatusNotFound},
		"signed by somebody": {signedBy(t, other, h.Entra.URL), http.StatusUnauthorized},
	} {
		if status, out := h.Bot.connector(http.MethodPost, path, message, c.token); status != c.want {
			t.Errorf("%s: %d %v, want %d", name, status, out, c.want)
		}
	}
	if lines := k.lines(); len(lines) != 2 {
		t.Errorf("%d messages arrived, want 2", len(lines))
	}
}

func TestTheConnectorKeepsToItsProtocol(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	base := "/v3/conversations/" + url.PathEscape(k.id)
	token := h.Entra.sign(t, nil)
	member := h.Bot.last().From.ID
	for _, c := range []struct {
		method, path string
		body         any
		want         int
	}{
		{http.MethodPost, base + "/activities", map[string]any{"type": "message"}, http.StatusBadRequest},
		{http.MethodPost, base + "/activities", map[string]any{"type": "dance"}, http.StatusBadRequest},
		{http.MethodPost, base + "/activities", map[string]any{"type": "typing"}, http.StatusAccepted},
		{http.MethodPost, base + "/activities/17", map[string]any{"type": "message", "text": "a reply"}, http.StatusCreated},
		{http.MethodPost, base + "/activities", map[string]any{"type": "message", "text": strings.Repeat("x", 110<<10)}, http.StatusRequestEntityTooLarge},
		{http.MethodPost, "/v3/conversations/a:nowhere/activities", map[string]any{"type": "typing"}, http.StatusNotFound},
		{http.MethodPut, base + "/activities/1", map[string]any{"type": "message", "text": "x"}, http.StatusNotFound},
		{http.MethodGet, base + "/members", nil, http.StatusOK},
		{http.MethodGet, base + "/pagedmembers", nil, http.StatusOK},
		{http.MethodGet, base + "/members/" + url.PathEscape(member), nil, http.StatusOK},
		{http.MethodGet, base + "/members/29:nobody", nil, http.StatusNotFound},
		{http.MethodGet, "/v3/teams/x", nil, http.StatusNotFound},
		{http.MethodPost, "/v3/conversations", map[string]any{"members": []any{map[string]any{"id": member}}}, http.StatusCreated},
		{http.MethodPost, "/v3/conversations", map[string]any{"members": []any{map[string]any{"id": "29:nobody"}}}, http.StatusForbidden},
		{http.MethodPost, "/v3/conversations", map[string]any{}, http.StatusBadRequest},
	} {
		status, out := h.Bot.connector(c.method, c.path, c.body, token)
		if status != c.want {
			t.Errorf("%s %s: %d %v, want %d", c.method, c.path, status, out, c.want)
		}
		if problem, _ := out["error"].(map[string]any); status >= 400 && problem["code"] == nil {
			t.Errorf("%s %s: the error has no code: %v", c.method, c.path, out)
		}
	}
	_, page := h.Bot.connector(http.MethodGet, base+"/pagedmembers", nil, token)
	members, _ := page["members"].([]any)
	if len(members) != 1 || members[0].(map[string]any)["userPrincipalName"] != tomas {
		t.Errorf("members %v", page)
	}
}

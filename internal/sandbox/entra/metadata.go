package entra

import (
	"encoding/json"
	"net/http"
)

// metadata is the OpenID configuration, with Entra ID's {tenantid} placeholder in the issuer of shared endpoints.
func (s *Server) metadata(w http.ResponseWriter, r *http.Request) {
	a, fail := s.audience(r)
	if fail != nil {
		s.writeError(w, r, fail)
		return
	}
	base := s.cfg.Base + "/" + a.segment
	issuer := s.cfg.Base + "/{tenantid}/v2.0"
	if a.tenant != nil {
		issuer = s.issuer(a.tenant.ID)
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"end_session_endpoint":                  base + "/oauth2/v2.0/logout",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"response_modes_supported":              []string{"query", "form_post"},
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", "client_credentials", "password", grantJWTBearer},
		"code_challenge_methods_supported":      []string{"S256"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"claims_supported": []string{"sub", "iss", "aud", "exp", "iat", "nbf", "auth_time", "nonce", "name", "oid", "tid",
			"preferred_username", "email", "ver", "sid", "uti"},
		"request_uri_parameter_supported": false,
		"http_logout_supported":           true,
		"frontchannel_logout_supported":   false,
		"tenant_region_scope":             "EU",
		"cloud_instance_name":             "sandbox",
	})
}

func (s *Server) issuer(tenant string) string { return s.cfg.Base + "/" + tenant + "/v2.0" }

func (s *Server) publicKeys(w http.ResponseWriter, r *http.Request) {
	a, fail := s.audience(r)
	if fail != nil {
		s.writeError(w, r, fail)
		return
	}
	issuer := s.cfg.Base + "/{tenantid}/v2.0"
	if a.tenant != nil {
		issuer = s.issuer(a.tenant.ID)
	}
	s.mu.Lock()
	keys := s.keys.public(issuer)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"keys": keys})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(body)
}

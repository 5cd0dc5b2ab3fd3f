package entra

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/fault"
)

// garbled is a login service with one tenant whose answers the test writes.
func garbled(t *testing.T, tokenEndpoint http.HandlerFunc) (*Service, *memoryVault) {
	c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	at := srv.URL + "/" + homeTenant
	mux.HandleFunc("/"+homeTenant+"/v2.0/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"jwks_uri":%q}`, at+"/v2.0", at+"/a", at+"/t", at+"/k")
	})
	mux.HandleFunc("/"+homeTenant+"/t", tokenEndpoint)
	vault := newMemoryVault(c.Now)
	s := New(Config{Authority: srv.URL, TenantID: homeTenant, ClientID: clientID, ClientSecret: "s", DiscoveryResource: disco,
		RedirectURL: callback, SealKeys: [][]byte{bytes.Repeat([]byte{1}, 32)}, Now: c.Now}, vault)
	return s, vault
}

// keepRefresh makes a person look signed in.
func keepRefresh(t *testing.T, s *Service, v *memoryVault) {
	t.Helper()
	sealed, err := s.sealer.seal(userOf(tomas), refreshRow, "rt", s.cfg.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	_ = v.SaveToken(t.Context(), userOf(tomas), refreshRow, sealed, s.cfg.Now().Add(time.Hour))
}

// whatever the token endpoint answers becomes a fault that says what the person can do, in bounded memory.
func TestAnswersOfTheTokenEndpoint(t *testing.T) {
	long := strings.Repeat("x", 2<<20)
	for name, c := range map[string]struct {
		status int
		body   string
		kind   fault.Kind
	}{
		"empty":               {200, "", fault.Unreachable},
		"page":                {200, "<html>sign in</html>", fault.Unreachable},
		"null":                {200, "null", fault.Unreachable},
		"array":               {200, "[]", fault.Unreachable},
		"no token":            {200, `{"token_type":"Bearer"}`, fault.Unreachable},
		"number token":        {200, `{"token_type":"Bearer","access_token":7}`, fault.Unreachable},
		"other type":          {200, `{"token_type":"mac","access_token":"a"}`, fault.Unreachable},
		"header injection":    {200, `{"token_type":"Bearer","access_token":"a\r\nX: y"}`, fault.Unreachable},
		"too long":            {200, `{"token_type":"Bearer","access_token":"` + long + `"}`, fault.Unreachable},
		"cut":                 {200, `{"token_type":"Bearer","access_token":"a`, fault.Unreachable},
		"page 400":            {400, "<html>", fault.Unreachable},
		"empty 400":           {400, "", fault.Unreachable},
		"500":                 {500, `{"error":"server_error"}`, fault.Unreachable},
		"503":                 {503, "", fault.Unreachable},
		"transient 400":       {400, `{"error":"temporarily_unavailable","error_codes":[90033]}`, fault.Unreachable},
		"redirect":            {302, "", fault.Unreachable},
		"429":                 {429, "", fault.Busy},
		"revoked":             {400, `{"error":"invalid_grant","error_codes":[50173],"suberror":"bad_token"}`, fault.SignedOut},
		"expired":             {400, `{"error":"invalid_grant","error_codes":[700082],"suberror":"token_expired"}`, fault.SignedOut},
		"MFA":                 {400, `{"error":"interaction_required","error_codes":[50076],"suberror":"basic_action","claims":"{}"}`, fault.Consent},
		"MFA as grant":        {400, `{"error":"invalid_grant","error_codes":[50079],"suberror":"additional_action"}`, fault.Consent},
		"consent":             {400, `{"error":"invalid_grant","error_codes":[65001],"suberror":"consent_required"}`, fault.Consent},
		"consent, code alone": {400, `{"error":"invalid_grant","error_codes":[65001]}`, fault.Consent},
		"wrong secret":        {401, `{"error":"invalid_client","error_codes":[7000215]}`, fault.Internal},
		"unknown API":         {400, `{"error":"invalid_resource","error_codes":[500011]}`, fault.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			s, vault := garbled(t, func(w http.ResponseWriter, r *http.Request) {
				if c.status == 302 {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			keepRefresh(t, s, vault)
			token, err := s.Token(t.Context(), userOf(tomas), orgURL)
			if !fault.Is(err, c.kind) || token != "" {
				t.Errorf("%q %v", token, err)
			}
			if left := vault.count(userOf(tomas)); (c.kind == fault.SignedOut) != (left == 0) {
				t.Error(left, "rows left")
			}
		})
	}
}

func TestLifeOfATokenIsBelievedWithinReason(t *testing.T) {
	for stated, want := range map[string]time.Duration{
		`3600`: time.Hour, `"3600"`: time.Hour, `0`: unstatedLife, `-5`: unstatedLife, `1e30`: unstatedLife, `99999999`: maxLife, `null`: unstatedLife,
	} {
		s, _ := garbled(t, http.NotFound)
		g, err := s.readGrant([]byte(`{"token_type":"bearer","access_token":"a","expires_in":` + stated + `}`))
		if err != nil || g.expires.Sub(s.cfg.Now()) != want {
			t.Error(stated, err, g.expires.Sub(s.cfg.Now()))
		}
	}
}

// The client secret goes to the login service's origin and nowhere else, neither by redirect nor by metadata.
func TestSecretsStayWithTheLoginService(t *testing.T) {
	var elsewhere atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere.Add(1)
		fmt.Fprint(w, `{"token_type":"Bearer","access_token":"a"}`)
	}))
	defer thief.Close()
	s, vault := garbled(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", thief.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	keepRefresh(t, s, vault)
	_, err := s.Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.Unreachable, "entra.unreachable")

	s, _ = garbled(t, http.NotFound)
	for _, address := range []string{thief.URL, strings.Replace(s.cfg.Authority, "127.0.0.1", "localhost", 1), strings.Replace(s.cfg.Authority, "http://", "http://user@", 1), "https" + strings.TrimPrefix(s.cfg.Authority, "http")} {
		req, err := http.NewRequest(http.MethodPost, address, strings.NewReader("client_secret=s"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.out.Do(req); err == nil {
			t.Error("sent to", address)
		}
	}
	good := metadata{Issuer: s.issuer(homeTenant), Authorization: s.cfg.Authority + "/a", Token: s.cfg.Authority + "/t", Keys: s.cfg.Authority + "/k"}
	if err := s.checkMetadata(good, homeTenant); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m *metadata){
		"issuer": func(m *metadata) { m.Issuer = "https://evil.example/" + homeTenant + "/v2.0" }, "issuer of another tenant": func(m *metadata) { m.Issuer = s.issuer(secondTenant) },
		"placeholder": func(m *metadata) { m.Issuer = s.issuer("{tenantid}") }, "token": func(m *metadata) { m.Token = thief.URL }, "keys": func(m *metadata) { m.Keys = thief.URL },
		"authorization": func(m *metadata) { m.Authorization = thief.URL }, "no keys": func(m *metadata) { m.Keys = "" }, "user": func(m *metadata) { m.Token = strings.Replace(m.Token, "http://", "http://u@", 1) },
	} {
		m := good
		change(&m)
		if s.checkMetadata(m, homeTenant) == nil {
			t.Error(name, "accepted")
		}
	}
	if elsewhere.Load() != 0 {
		t.Error("somebody else was sent the secret")
	}
}

// Another OpenID provider can stand where Entra ID stands: its metadata is at its own address and names its own endpoints.
func TestAnotherOpenIDProvider(t *testing.T) {
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	key := testKey()
	var nonce, scope atomic.Value
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": srv.URL, "authorization_endpoint": srv.URL + "/auth?kc=1", "token_endpoint": srv.URL + "/token", "jwks_uri": srv.URL + "/jwks"})
	})
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{
			map[string]string{"kty": "EC", "crv": "P-999"}, map[string]string{"kty": "RSA", "kid": "k1", "alg": "RS256", "n": b64(key.N.Bytes()), "e": "AQAB"},
		}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		scope.Store(r.PostFormValue("scope"))
		now := c.Now().Unix()
		id := signWith(key, encode(map[string]any{"alg": "RS256", "kid": "k1"}), encode(map[string]any{
			"iss": srv.URL, "aud": clientID, "sub": "s", "iat": now, "exp": now + 60, "tid": homeTenant, "oid": personID, "nonce": nonce.Load()}))
		fmt.Fprintf(w, `{"token_type":"Bearer","access_token":"at","refresh_token":"rt","id_token":%q,"expires_in":3600}`, id)
	})
	s := New(Config{Authority: srv.URL + "/", TenantID: homeTenant, ClientID: clientID, ClientSecret: "s", DiscoveryResource: disco, RedirectURL: callback,
		SealKeys: [][]byte{bytes.Repeat([]byte{1}, 32)}, Now: c.Now}, newMemoryVault(c.Now))
	u, err := url.Parse(s.AuthorizeURL(request()))
	if err != nil || u.Path != "/auth" || u.Query().Get("kc") != "1" || u.Query().Get("client_id") != clientID || u.Query().Get("prompt") != "consent" {
		t.Error(u, err)
	}
	nonce.Store(request().Nonce)
	who, err := s.Redeem(t.Context(), "c", request().Verifier, request().Nonce)
	if err != nil || who.Object != personID {
		t.Fatal(who, err)
	}
	if token, err := s.Token(t.Context(), who.User, disco); token != "at" || err != nil {
		t.Error(token, err)
	}
	if token, err := s.Token(t.Context(), who.User, orgURL); token != "at" || err != nil || scope.Load() != "" {
		t.Error(token, err, scope.Load())
	}
	nonce.Store("other")
	_, err = s.Redeem(t.Context(), "c", request().Verifier, request().Nonce)
	wantFault(t, err, fault.SignedOut, "entra.token-refused")
}

// A process starts while the login service is down, and works once it is there.
func TestStartingWithoutTheLoginService(t *testing.T) {
	at := startLogin(t)
	token := at.tabToken(tomas)
	at.control("faults", `{"path":"openid-configuration","status":500,"times":-1}`)
	s := at.replica()
	_, err := s.SignInTab(t.Context(), token)
	wantFault(t, err, fault.Unreachable, "entra.unreachable")
	if u := s.AuthorizeURL(request()); !strings.HasPrefix(u, at.base+"/organizations/oauth2/v2.0/authorize?") {
		t.Error(u)
	}
	req, _ := http.NewRequest(http.MethodDelete, at.base+"/_sandbox/faults", nil)
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != 204 {
		t.Fatal(err)
	}
	at.clock.forward(bearer.FirstPause)
	if _, err := s.SignInTab(t.Context(), token); err != nil {
		t.Error(err)
	}
}

func FuzzTokenEndpoint(f *testing.F) {
	for _, seed := range []string{`{"token_type":"Bearer","access_token":"a","expires_in":"1"}`, `{"error":"invalid_grant","error_codes":[1]}`, `null`, `[]`, `{"error":{}}`} {
		f.Add(200, seed)
		f.Add(400, seed)
	}
	s := New(Config{Authority: "http://localhost", TenantID: homeTenant}, nil) // no request is made
	f.Fuzz(func(t *testing.T, status int, body string) {
		if g, err := s.readGrant([]byte(body)); err == nil && (!headerSafe(g.access) || !g.expires.After(s.cfg.Now().Add(-time.Minute))) {
			t.Errorf("%+v", g)
		}
		if err := s.refusal(&http.Response{StatusCode: status, Header: http.Header{}}, []byte(body)); err == nil {
			t.Error("a refusal is no error")
		}
	})
}

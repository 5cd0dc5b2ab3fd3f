package botframework_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/fault"
)

const (
	app     = "6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90"
	issuer  = "https://api.botframework.com"
	service = "https://smba.trafficmanager.net/emea/"
)

// authority publishes keys as the Bot Connector does.
type authority struct {
	*testing.T
	server  *httptest.Server
	keys    atomic.Pointer[[]map[string]any]
	fetches atomic.Int64
	now     time.Time
}

func publish(t *testing.T, keys ...map[string]any) *authority {
	a := &authority{T: t, now: time.Unix(1_800_000_000, 0)}
	a.keys.Store(&keys)
	mux := http.NewServeMux()
	mux.HandleFunc("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q,"id_token_signing_alg_values_supported":["RS256"]}`, issuer, a.server.URL+"/keys")
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		a.fetches.Add(1)
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": *a.keys.Load()})
	})
	a.server = httptest.NewServer(mux)
	t.Cleanup(a.server.Close)
	return a
}

func (a *authority) verifier() *botframework.Verifier {
	v, err := botframework.NewVerifier(botframework.VerifierConfig{AppID: app, Issuer: issuer, Metadata: a.server.URL + "/metadata", Now: func() time.Time { return a.now }})
	if err != nil {
		a.Fatal(err)
	}
	return v
}

func newKey(t *testing.T) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func published(key *rsa.PrivateKey, kid string, channels any) map[string]any {
	k := map[string]any{"kty": "RSA", "use": "sig", "kid": kid, "e": "AQAB", "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes())}
	if channels != nil {
		k["endorsements"] = channels
	}
	return k
}

func (a *authority) claims(changes map[string]any) string {
	c := map[string]any{"iss": issuer, "aud": app, "serviceurl": service, "nbf": a.now.Unix() - 300, "exp": a.now.Unix() + 3600}
	maps.Copy(c, changes)
	for name, value := range c {
		if value == nil {
			delete(c, name)
		}
	}
	raw, err := json.Marshal(c)
	if err != nil {
		a.Fatal(err)
	}
	return string(raw)
}

func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, kid, payload string) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Everything that an SDK of Microsoft's accepts although it ought not to is refused, and what all refuse too.
func TestTokensThatAreNotTheConnectors(t *testing.T) {
	key, bare, web, stranger := newKey(t), newKey(t), newKey(t), newKey(t)
	a := publish(t, published(key, "k", []string{"msteams"}), published(bare, "bare", nil), published(web, "web", []string{"webchat"}))
	v := a.verifier()
	good := func(changes map[string]any) string { return sign(t, jose.RS256, key, "k", a.claims(changes)) }
	activity := func(service, channel string) *botframework.Activity {
		return &botframework.Activity{ServiceURL: service, ChannelID: channel}
	}
	ours := activity(service, "msteams")
	plain := base64.RawURLEncoding.EncodeToString
	const evil = "https://evil.trafficmanager.net/"
	now := a.now.Unix()
	cases := map[string]struct {
		token string
		a     *botframework.Activity
		kind  fault.Kind
	}{
		"alg none":             {plain([]byte(`{"alg":"none","kid":"k"}`)) + "." + plain([]byte(a.claims(nil))) + ".", ours, fault.SignedOut},
		"HS256":                {sign(t, jose.HS256, key.N.Bytes(), "k", a.claims(nil)), ours, fault.SignedOut},
		"RS512":                {sign(t, jose.RS512, key, "k", a.claims(nil)), ours, fault.SignedOut},
		"bad signature":        {sign(t, jose.RS256, stranger, "k", a.claims(nil)), ours, fault.SignedOut},
		"unknown key":          {sign(t, jose.RS256, stranger, "other", a.claims(nil)), ours, fault.SignedOut},
		"wrong aud":            {good(map[string]any{"aud": "other"}), ours, fault.SignedOut},
		"no aud":               {good(map[string]any{"aud": nil}), ours, fault.SignedOut},
		"several aud":          {good(map[string]any{"aud": []string{"other", app}}), ours, fault.SignedOut},
		"aud as an address":    {good(map[string]any{"aud": "api://" + app}), ours, fault.SignedOut},
		"wrong iss":            {good(map[string]any{"iss": issuer + "/"}), ours, fault.SignedOut},
		"no iss":               {good(map[string]any{"iss": nil}), ours, fault.SignedOut},
		"Entra ID's":           {good(map[string]any{"iss": "https://login.microsoftonline.com/t/v2.0", "tid": "t", "serviceurl": nil}), ours, fault.SignedOut},
		"expired":              {good(map[string]any{"exp": now - 360}), ours, fault.SignedOut},
		"no exp":               {good(map[string]any{"exp": nil}), ours, fault.SignedOut},
		"not yet valid":        {good(map[string]any{"nbf": now + 360}), ours, fault.SignedOut},
		"no serviceurl":        {good(map[string]any{"serviceurl": nil}), ours, fault.SignedOut},
		"another serviceurl":   {good(map[string]any{"serviceurl": "https://smba.trafficmanager.net/amer/"}), ours, fault.SignedOut},
		"no address in it":     {good(nil), activity("", "msteams"), fault.SignedOut},
		"other case of it":     {good(nil), activity(strings.ToUpper(service), "msteams"), fault.SignedOut},
		"signed evil address":  {good(map[string]any{"serviceurl": evil}), activity(evil, "msteams"), fault.Forbidden},
		"endorsed elsewhere":   {sign(t, jose.RS256, web, "web", a.claims(nil)), ours, fault.Forbidden},
		"channel of another":   {sign(t, jose.RS256, web, "web", a.claims(nil)), activity(service, "webchat"), fault.Forbidden},
		"webchat":              {good(nil), activity(service, "webchat"), fault.Forbidden},
		"no channel":           {good(nil), activity(service, ""), fault.Forbidden},
		"without endorsements": {sign(t, jose.RS256, bare, "bare", a.claims(nil)), ours, fault.Forbidden},
		"a claim twice":        {sign(t, jose.RS256, key, "k", strings.Replace(a.claims(nil), "{", `{"aud":"x",`, 1)), ours, fault.SignedOut},
		"a newline at the end": {good(nil) + "\n", ours, fault.SignedOut},
		"something at its end": {good(nil) + ".x", ours, fault.SignedOut},
		"nothing":              {"", ours, fault.SignedOut},
		"too long":             {good(nil) + strings.Repeat("a", bearer.MaxToken), ours, fault.SignedOut},
	}
	for name, c := range cases {
		if err := v.Verify(t.Context(), "Bearer "+c.token, c.a); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, token := range map[string]string{"usual": good(nil), "slow clock": good(map[string]any{"exp": now - 240}), "fast clock": good(map[string]any{"nbf": now + 240})} {
		for range 2 {
			if err := v.Verify(t.Context(), "Bearer "+token, ours); err != nil {
				t.Error(name, err)
			}
		}
	}
	remembered := good(nil)
	if err := v.Verify(t.Context(), "Bearer "+remembered, ours); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(t.Context(), "Bearer "+remembered, activity(evil, "msteams")); !fault.Is(err, fault.SignedOut) {
		t.Error("a remembered token covers another address:", err)
	}
	if n := a.fetches.Load(); n > 2 {
		t.Error(n, "fetches of the keys")
	}
}

// A flood of unknown keys costs one fetch in half a minute; a key that is put up counts within it, and one that is taken down
// no longer does, not even with a token that was seen before.
func TestKeysAreRotated(t *testing.T) {
	before, after := newKey(t), newKey(t)
	a := publish(t, published(before, "before", []string{"msteams"}))
	v := a.verifier()
	ours := &botframework.Activity{ServiceURL: service, ChannelID: "msteams"}
	old, fresh := sign(t, jose.RS256, before, "before", a.claims(nil)), sign(t, jose.RS256, after, "after", a.claims(nil))
	if err := v.Verify(t.Context(), "Bearer "+old, ours); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		_ = v.Verify(t.Context(), "Bearer "+sign(t, jose.RS256, after, fmt.Sprint(i), a.claims(nil)), ours)
	}
	if n := a.fetches.Load(); n > 2 {
		t.Error(n, "fetches for 200 forged tokens")
	}
	a.keys.Store(&[]map[string]any{published(after, "after", []string{"msteams"})})
	a.now = a.now.Add(bearer.RefetchPause)
	if err := v.Verify(t.Context(), "Bearer "+fresh, ours); err != nil {
		t.Error("the new key:", err)
	}
	if err := v.Verify(t.Context(), "Bearer "+old, ours); !fault.Is(err, fault.SignedOut) {
		t.Error("the old key still counts:", err)
	}
	if _, err := botframework.NewVerifier(botframework.VerifierConfig{Metadata: a.server.URL + "/metadata"}); err == nil {
		t.Error("a bot without an app id believes somebody")
	}
}

func TestAddressesOfTheConnector(t *testing.T) {
	for _, address := range []string{service, "https://smba.trafficmanager.net/amer/3b0f7f2e-5d0a-4f0b-8f51-6a1b0c9d2e11/", "https://smba.infra.gcc.teams.microsoft.com/teams"} {
		if !(botframework.Addresses{}).Allows(address) {
			t.Error("refused:", address)
		}
	}
	for _, address := range []string{"", "https://evil.example/", "https://smba.trafficmanager.net.evil/emea/", "https://evil.trafficmanager.net/emea/", "https://smba.trafficmanager.net@evil/emea/",
		"http://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net:8443/emea/", "https://xn--smba.trafficmanager.net/emea/", `https://smba.trafficmanager.net\@evil/emea/`,
		"https://SMBA.trafficmanager.net/emea/", "https://smba.trafficmanager.net./emea/", "https://169.254.169.254/emea/", "https://smba.trafficmanager.net/", "https://smba.trafficmanager.net/emea/?x",
		"https://smba.trafficmanager.net/emea/../x", "https://smba.trafficmanager.net/emea/%2e", "http://localhost:3979/", "//smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/emea/\n"} {
		if (botframework.Addresses{}).Allows(address) {
			t.Error("allowed:", address)
		}
	}
	for address, want := range map[string]bool{"http://127.0.0.1:3979/": true, "http://localhost:56150/_connector": true, service: false, "http://localhost.evil.example/": false, "http://10.0.0.1/": false, "http://user@localhost/": false} {
		if got := (botframework.Addresses{Loopback: true}).Allows(address); got != want {
			t.Error(address, got)
		}
	}
}

// What the connector refuses for a while is sent again, in order and no faster than it allows; an address that is not its own
// gets nothing, not even when it was stored.
func TestSendingAtTheConnectorsPace(t *testing.T) {
	var got []string
	var tokens atomic.Int64
	refusals := []int{429, 412, 502}
	now := time.Unix(1_800_000_000, 0)
	var waited time.Duration
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			tokens.Add(1)
			fmt.Fprint(w, `{"access_token":"secret","expires_in":3600}`)
			return
		}
		if len(refusals) > 0 {
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(refusals[0])
			refusals = refusals[1:]
			return
		}
		var a botframework.Activity
		_ = json.NewDecoder(r.Body).Decode(&a)
		got = append(got, a.Text)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"id":"%d"}`, len(got))
	}))
	defer server.Close()
	c := botframework.NewConnector(botframework.ConnectorConfig{
		AppID: app, Secret: "s", TokenURL: server.URL + "/token", Scope: issuer + "/.default", Addresses: botframework.Addresses{Loopback: true},
		Now: func() time.Time { return now }, Sleep: func(_ context.Context, d time.Duration) error { now, waited = now.Add(d), waited+d; return nil },
	})
	to := botframework.Reference{ServiceURL: server.URL + "/", Conversation: "19:x@thread;messageid=1", Bot: "28:b"}
	for i := range 61 {
		if id, err := c.Send(t.Context(), to, botframework.Activity{Type: "message", Text: fmt.Sprint(i)}); err != nil || id != fmt.Sprint(i+1) {
			t.Fatal(i, id, err)
		}
	}
	for i, text := range got {
		if text != fmt.Sprint(i) {
			t.Fatal("out of order:", got)
		}
	}
	if waited < 30*time.Second || tokens.Load() != 1 {
		t.Error("61 messages within", waited, "with", tokens.Load(), "tokens")
	}
	refusals = []int{403}
	if _, err := c.Send(t.Context(), to, botframework.Activity{Type: "message", Text: "x"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := c.Send(t.Context(), to, botframework.Activity{Type: "message", Text: strings.Repeat("x", botframework.MaxMessage)}); !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
	to.ServiceURL = "http://evil.example/"
	if _, err := c.Send(t.Context(), to, botframework.Activity{Type: "message", Text: "x"}); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

package entra

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// forge is an issuer whose key the test has, so that it can sign anything.
type forge struct {
	testing.TB
	clock  *clock
	base   string
	key    *rsa.PrivateKey
	kids   atomic.Pointer[map[string]*rsa.PublicKey] // what is published
	status atomic.Int64                              // of the key document, 0 for 200
	fetch  atomic.Int64                              // how often it was asked for
	other  atomic.Int64                              // requests that nobody should make
	pad    atomic.Int64                              // extra bytes of the key document
}

const (
	homeTenant   = "3b0f7f2e-5d0a-4f0b-8f51-6a1b0c9d2e11"
	secondTenant = "9c4e8d17-2b6a-4a7d-b0c3-54f1e8a7d622"
	strangers    = "77777777-0000-4000-8000-000000000007"
	clientID     = "6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90"
	personID     = "a1000000-0000-4000-8000-000000000002"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func startForge(t testing.TB) *forge {
	f := &forge{TB: t, clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, key: testKey()}
	f.publish(map[string]*rsa.PublicKey{"k1": &f.key.PublicKey})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tenant := strings.SplitN(r.URL.Path, "/", 3)[1]
		switch {
		case strings.HasSuffix(r.URL.Path, "/v2.0/.well-known/openid-configuration"):
			at := "http://" + r.Host + "/" + tenant
			json.NewEncoder(w).Encode(map[string]string{"issuer": at + "/v2.0", "authorization_endpoint": at + "/a", "token_endpoint": at + "/t", "jwks_uri": at + "/keys"})
		case strings.HasSuffix(r.URL.Path, "/keys"):
			f.fetch.Add(1)
			if status := f.status.Load(); status != 0 {
				w.WriteHeader(int(status))
				return
			}
			var keys []map[string]string
			for kid, key := range *f.kids.Load() {
				keys = append(keys, map[string]string{"kty": "RSA", "use": "sig", "kid": kid, "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())})
			}
			json.NewEncoder(w).Encode(map[string]any{"keys": keys, "pad": strings.Repeat("x", int(f.pad.Load()))})
		default:
			f.other.Add(1)
			w.WriteHeader(404)
		}
	}))
	t.Cleanup(srv.Close)
	f.base = srv.URL
	return f
}

func (f *forge) publish(kids map[string]*rsa.PublicKey) { f.kids.Store(&kids) }

func (f *forge) service() *Service {
	return New(Config{
		Authority: f.base, TenantID: homeTenant, AllowedTenants: []string{secondTenant}, ClientID: clientID, ClientSecret: "s",
		Audiences: []string{"api://pintab.example/" + clientID}, DiscoveryResource: disco, RedirectURL: callback,
		SealKeys: [][]byte{bytes.Repeat([]byte{1}, 32)}, Now: f.clock.Now,
	}, newMemoryVault(f.clock.Now))
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// good gives header and payload of a token that is accepted.
func (f *forge) good() (header, payload map[string]any) {
	now := f.clock.Now().Unix()
	return map[string]any{"alg": "RS256", "typ": "JWT", "kid": "k1"}, map[string]any{
		"iss": f.base + "/" + homeTenant + "/v2.0", "aud": clientID, "tid": homeTenant, "oid": personID, "sub": "pairwise", "ver": "2.0",
		"iat": now - 10, "nbf": now - 10, "exp": now + 3600, "scp": "access_as_user", "azp": PublishedTabClients[1], "name": "Tomas", "preferred_username": "tomas@x",
	}
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b64(b)
}

func (f *forge) sign(header, payload string) string { return signWith(f.key, header, payload) }

func signWith(key *rsa.PrivateKey, header, payload string) string {
	sum := sha256.Sum256([]byte(header + "." + payload))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return header + "." + payload + "." + b64(signature)
}

// token signs a good token after a change.
func (f *forge) token(change func(header, payload map[string]any)) string {
	header, payload := f.good()
	if change != nil {
		change(header, payload)
	}
	return f.sign(encode(header), encode(payload))
}

func set(name string, value any) func(_, payload map[string]any) {
	return func(_, payload map[string]any) {
		if payload[name] = value; value == nil {
			delete(payload, name)
		}
	}
}

func head(name string, value any) func(header, _ map[string]any) {
	return func(header, _ map[string]any) {
		if header[name] = value; value == nil {
			delete(header, name)
		}
	}
}

// raw signs a payload given as text with %s for the good members.
func (f *forge) raw(change func(string) string) string {
	header, payload := f.good()
	b, _ := json.Marshal(payload)
	return f.sign(encode(header), b64([]byte(change(string(b)))))
}

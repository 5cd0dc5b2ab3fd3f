package teams

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// issuer is who signs what the Bot Connector sends (Microsoft's connector authentication page).
const issuer = "https://api.botframework.com"

// connector signs what goes to bots and checks what comes from them.
type connector struct {
	config Config
	key    func() (*signingKey, error)

	mu      sync.Mutex
	issuers map[string]*oidc.Provider
}

func newConnector(c Config) *connector {
	key := sync.OnceValues(func() (*signingKey, error) { return newSigningKey(c) })
	return &connector{config: c, key: key, issuers: map[string]*oidc.Provider{}}
}

// token makes a token such as the Bot Connector sends with an activity: for one bot and one service address, for an hour.
func (c *connector) token(bot, serviceURL string) (string, error) {
	key, err := c.key()
	if err != nil {
		return "", err
	}
	now := c.config.Now()
	return jwt.Signed(key.signer).Claims(map[string]any{
		"iss": issuer, "aud": bot, "serviceurl": serviceURL,
		"nbf": now.Add(-5 * time.Minute).Unix(), "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}).Serialize()
}

// audiences are the forms in which Entra names the Bot Connector as a resource.
var audiences = []string{issuer, issuer + "/"}

// accept checks the bearer token of a bot that calls the connector and gives the bot's app id. The token must come from
// one of the tenants of the Entra stand-in and be meant for the connector.
func (c *connector) accept(ctx context.Context, header string) (botID string, err error) {
	raw, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return "", errors.New("no bearer token")
	}
	from, err := statedIssuer(raw)
	if err != nil {
		return "", err
	}
	provider, err := c.provider(ctx, from)
	if err != nil {
		return "", err
	}
	token, err := provider.Verifier(&oidc.Config{SkipClientIDCheck: true, Now: c.config.Now}).Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(token.Audience, func(a string) bool { return slices.Contains(audiences, a) }) {
		return "", fmt.Errorf("the token is for %v, not for %s", token.Audience, issuer)
	}
	var claims struct {
		AppID string `json:"appid"`
		AZP   string `json:"azp"`
	}
	if err := token.Claims(&claims); err != nil {
		return "", err
	}
	if claims.AppID == "" {
		claims.AppID = claims.AZP
	}
	if claims.AppID == "" {
		return "", errors.New("the token does not say which app it was issued to")
	}
	return strings.ToLower(claims.AppID), nil
}

// statedIssuer reads who a token says it is from, only to know whose keys have to prove it.
func statedIssuer(raw string) (string, error) {
	parsed, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return "", errors.New("not a token signed with RS256")
	}
	var claims jwt.Claims
	if err := parsed.UnsafeClaimsWithoutVerification(&claims); err != nil {
		return "", err
	}
	return claims.Issuer, nil
}

func (c *connector) provider(ctx context.Context, from string) (*oidc.Provider, error) {
	known := slices.ContainsFunc(c.config.Tenants, func(t world.Tenant) bool { return from == tenantIssuer(c.config.Entra, t.ID) })
	if !known {
		return nil, fmt.Errorf("issuer %q is not a tenant of the sandbox", from)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.issuers[from]; p != nil {
		return p, nil
	}
	// The provider outlives this request, so that it keeps the client but not the deadline.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), c.config.HTTP), from)
	if err != nil {
		return nil, err
	}
	c.issuers[from] = p
	return p, nil
}

func tenantIssuer(entra, tenant string) string {
	return strings.TrimSuffix(entra, "/") + "/" + tenant + "/v2.0"
}

// giveConnectorToken lets another channel program talk to the bot as the Bot Connector would. Only addresses on this
// machine can be named, because the bot sends its own token there.
func (s *Server) giveConnectorToken(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ServiceURL string `json:"serviceUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&in); err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"error": `send JSON: {"serviceUrl": "http://localhost:12345/"}`})
		return
	}
	u, err := url.Parse(in.ServiceURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || !loopback(u.Hostname()) {
		answer(w, http.StatusBadRequest, map[string]any{"error": "serviceUrl must be an http or https address on this machine, such as http://localhost:12345/"})
		return
	}
	token, err := s.connector.token(s.config.Client.BotAppID, in.ServiceURL)
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"error": "the token could not be signed"})
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 3600})
}

func (s *Server) connectorMetadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                "https://invalid.botframework.com",
		"jwks_uri":                              s.config.Base + "/botframework/v1/.well-known/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
	})
}

// connectorKeys lists the signing key with the channels that it may speak for, as the Bot Connector does.
func (s *Server) connectorKeys(w http.ResponseWriter, _ *http.Request) {
	key, err := s.connector.key()
	if err != nil {
		http.Error(w, "The connector has no key.", http.StatusInternalServerError)
		return
	}
	exponent := []byte{byte(key.public.E >> 16), byte(key.public.E >> 8), byte(key.public.E)}
	answer(w, http.StatusOK, map[string]any{"keys": []map[string]any{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.kid, "x5t": key.kid,
		"n":            base64.RawURLEncoding.EncodeToString(key.public.N.Bytes()),
		"e":            base64.RawURLEncoding.EncodeToString(exponent),
		"endorsements": []string{"msteams"},
	}}})
}

package dataverse

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// identity is whom a verified token speaks for.
type identity struct {
	Tenant   string
	Object   string
	audience []string
	expires  time.Time
	starts   time.Time
}

var errNoToken = errors.New("dataverse: no usable bearer token")

const rememberedTokens = 4096

// verifier checks access tokens against the issuer's published keys, one issuer per tenant, and remembers what it has
// checked until the token ends. Unknown key ids make go-oidc fetch the keys again.
type verifier struct {
	entra   string
	tenants map[string]bool
	client  *http.Client
	now     func() time.Time

	mu        sync.Mutex
	providers map[string]*oidc.IDTokenVerifier // by tenant
	known     map[[sha256.Size]byte]identity
}

func newVerifier(cfg Config) *verifier {
	client := cfg.Client
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	v := &verifier{
		entra: cfg.Entra, tenants: map[string]bool{}, client: client, now: cfg.Now,
		providers: map[string]*oidc.IDTokenVerifier{}, known: map[[sha256.Size]byte]identity{},
	}
	for _, o := range cfg.Organizations {
		v.tenants[o.TenantID] = true
	}
	return v
}

// bearer verifies the request's token: issued by that tenant ("" is any tenant that has organizations) for that resource.
func (v *verifier) bearer(r *http.Request, tenant, resource string) (identity, error) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if raw = strings.TrimSpace(raw); !strings.EqualFold(scheme, "Bearer") || raw == "" || len(raw) > 16<<10 {
		return identity{}, errNoToken
	}
	id, err := v.identify(raw)
	if err != nil {
		return identity{}, err
	}
	now := v.now()
	switch {
	case !now.Before(id.expires), now.Add(5 * time.Minute).Before(id.starts):
		return identity{}, fmt.Errorf("%w: outside its time", errNoToken)
	case tenant != "" && id.Tenant != tenant:
		return identity{}, fmt.Errorf("%w: another tenant's", errNoToken)
	case !slices.ContainsFunc(id.audience, func(a string) bool { return strings.TrimSuffix(a, "/") == resource }):
		return identity{}, fmt.Errorf("%w: for another resource", errNoToken)
	}
	return id, nil
}

func (v *verifier) identify(raw string) (identity, error) {
	key := sha256.Sum256([]byte(raw))
	v.mu.Lock()
	id, known := v.known[key]
	v.mu.Unlock()
	if known {
		return id, nil
	}
	id, err := v.verify(raw)
	if err != nil {
		return identity{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.known) >= rememberedTokens {
		clear(v.known)
	}
	v.known[key] = id
	return id, nil
}

func (v *verifier) verify(raw string) (identity, error) {
	tenant, err := claimedTenant(raw)
	if err != nil || !v.tenants[tenant] {
		return identity{}, fmt.Errorf("%w: no tenant of ours", errNoToken)
	}
	check, err := v.provider(tenant)
	if err != nil {
		return identity{}, err
	}
	ctx := oidc.ClientContext(context.Background(), v.client)
	token, err := check.Verify(ctx, raw)
	if err != nil {
		return identity{}, fmt.Errorf("%w: %w", errNoToken, err)
	}
	var claims struct {
		Tenant    string `json:"tid"`
		Object    string `json:"oid"`
		NotBefore int64  `json:"nbf"`
	}
	if err := token.Claims(&claims); err != nil || claims.Object == "" || claims.Tenant != tenant {
		return identity{}, fmt.Errorf("%w: no oid or tid", errNoToken)
	}
	return identity{
		Tenant: claims.Tenant, Object: strings.ToLower(claims.Object), audience: token.Audience,
		expires: token.Expiry, starts: time.Unix(claims.NotBefore, 0),
	}, nil
}

// provider reads an issuer's metadata once; a failure is tried again with the next request.
func (v *verifier) provider(tenant string) (*oidc.IDTokenVerifier, error) {
	v.mu.Lock()
	check := v.providers[tenant]
	v.mu.Unlock()
	if check != nil {
		return check, nil
	}
	// The key set keeps this context for as long as it lives, so it is not the request's.
	provider, err := oidc.NewProvider(oidc.ClientContext(context.Background(), v.client), v.entra+"/"+tenant+"/v2.0")
	if err != nil {
		return nil, err
	}
	check = provider.Verifier(&oidc.Config{SkipClientIDCheck: true, Now: v.now, SupportedSigningAlgs: []string{oidc.RS256}})
	v.mu.Lock()
	v.providers[tenant] = check
	v.mu.Unlock()
	return check, nil
}

// unauthorized answers 401 as the service does: one header, unquoted values (Microsoft's clients read it with a plain
// split). An issuer that cannot be reached is no reason to ask the person to sign in again.
func (s *Server) unauthorized(w http.ResponseWriter, err error, tenant, resource string) {
	if !errors.Is(err, errNoToken) {
		fail(w, &Error{http.StatusServiceUnavailable, codeUnexpected, "The token could not be checked, because its issuer does not answer."})
		return
	}
	w.Header().Set("WWW-Authenticate", "Bearer authorization_uri="+s.cfg.Entra+"/"+tenant+"/oauth2/authorize, resource_id="+resource)
	w.Header().Set("REQ_ID", requestID())
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusUnauthorized)
}

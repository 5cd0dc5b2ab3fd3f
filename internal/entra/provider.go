package entra

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/pintab/pintab/internal/bearer"
)

const (
	metadataSoft = 12 * time.Hour
	metadataHard = 30 * 24 * time.Hour // addresses may go on being used while the login service is down
	keysSoft     = 6 * time.Hour
	keysHard     = 24 * time.Hour
)

// provider is the login service as one tenant sees it.
type provider struct {
	tenant   string // GUID, or Organizations
	metadata *bearer.Fetched[metadata]
	keys     *keySet
}

// metadata is what we use of an OpenID configuration.
type metadata struct {
	Issuer        string `json:"issuer"`
	NamesItself   bool   `json:"authorization_response_iss_parameter_supported"` // RFC 9207, 3
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	Keys          string `json:"jwks_uri"`
}

// provider gives the login service of an allowed tenant; anybody else's is never asked for.
func (s *Service) provider(tenant string) (*provider, bool) {
	p, ok := s.providers[tenant]
	return p, ok
}

func (s *Service) newProvider(tenant string) *provider {
	p := &provider{tenant: tenant}
	p.metadata = &bearer.Fetched[metadata]{Now: s.cfg.Now, Soft: metadataSoft, Hard: metadataHard,
		Get: func(ctx context.Context) (metadata, error) { return s.fetchMetadata(ctx, tenant) }}
	p.keys = &keySet{bearer.Keys[*rsa.PublicKey]{Fetched: bearer.Fetched[map[string]*rsa.PublicKey]{Now: s.cfg.Now, Soft: keysSoft, Hard: keysHard,
		Get: func(ctx context.Context) (map[string]*rsa.PublicKey, error) { return s.fetchKeys(ctx, p) }}}}
	return p
}

// fetchMetadata reads Entra ID's configuration of a tenant or, where there is none, the one at the authority's own
// address, which is where OpenID Connect Discovery 1.0 puts it.
func (s *Service) fetchMetadata(ctx context.Context, tenant string) (metadata, error) {
	body, err := s.getJSON(ctx, s.cfg.Authority+"/"+tenant+"/v2.0/.well-known/openid-configuration")
	var status statusError
	if errors.As(err, &status) && status >= 400 && status < 500 && status != http.StatusTooManyRequests {
		body, err = s.getJSON(ctx, s.cfg.Authority+"/.well-known/openid-configuration")
	}
	if err != nil {
		return metadata{}, err
	}
	var m metadata
	if err := json.Unmarshal(body, &m); err != nil {
		return m, errors.New("metadata is not JSON")
	}
	return m, s.checkMetadata(m, tenant)
}

// checkMetadata refuses a document that would send people or secrets elsewhere. The issuer is Entra ID's for the tenant,
// still with its placeholder on shared endpoints, or the authority itself.
func (s *Service) checkMetadata(m metadata, tenant string) error {
	switch m.Issuer {
	case s.issuer(tenant), s.cfg.Authority, s.cfg.Authority + "/":
	case s.issuer("{tenantid}"):
		if tenant != Organizations {
			return errors.New("metadata has an issuer of no tenant")
		}
	default:
		return errors.New("metadata has another issuer")
	}
	authority, err := url.Parse(s.cfg.Authority)
	if err != nil {
		return fmt.Errorf("authority: %w", err)
	}
	for _, address := range []string{m.Authorization, m.Token, m.Keys} {
		u, err := url.Parse(address)
		if err != nil || originOf(u) != originOf(authority) || u.User != nil {
			return errors.New("metadata leads to another host")
		}
	}
	return nil
}

// isEntra tells Entra ID from another OpenID provider by its issuer, which is not the authority itself.
func (s *Service) isEntra(m metadata) bool {
	return strings.TrimRight(m.Issuer, "/") != s.cfg.Authority
}

// issuer is the v2.0 issuer of a tenant's tokens at Entra ID.
func (s *Service) issuer(tenant string) string { return s.cfg.Authority + "/" + tenant + "/v2.0" }

// verifier is go-oidc's check of signature, issuer and expiry. Audience and everything else is ours; its clock runs
// behind by the leeway that we give.
func (s *Service) verifier(p *provider, issuer string) *oidc.IDTokenVerifier {
	return oidc.NewVerifier(issuer, p.keys, &oidc.Config{
		SkipClientIDCheck:    true,
		SupportedSigningAlgs: []string{oidc.RS256},
		Now:                  func() time.Time { return s.cfg.Now().Add(-leeway) },
	})
}

// authorization is where browsers are sent, and whether Entra ID is there. Its address is known without asking; another
// provider's is asked for.
func (s *Service) authorization(p *provider) (endpoint string, isEntra bool) {
	ctx, cancel := context.WithTimeout(context.Background(), upstreamTimeout)
	defer cancel()
	if m, err := p.metadata.Current(ctx); err == nil {
		return m.Authorization, s.isEntra(m)
	}
	return s.cfg.Authority + "/" + p.tenant + "/oauth2/v2.0/authorize", true
}

// withQuery adds parameters to an endpoint, which may have some of its own.
func withQuery(endpoint string, values url.Values) string {
	if strings.Contains(endpoint, "?") {
		return endpoint + "&" + values.Encode()
	}
	return endpoint + "?" + values.Encode()
}

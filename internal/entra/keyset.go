package entra

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pintab/pintab/internal/bearer"
)

// keySet is the oidc.KeySet of a tenant.
type keySet struct{ bearer.Keys[*rsa.PublicKey] }

// VerifySignature gives the payload of a token that one of the published keys signed.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	u, err := bearer.TakeApart(token)
	if err != nil {
		return nil, err
	}
	key, err := k.find(ctx, u.KeyID)
	if err != nil {
		return nil, err
	}
	return bearer.Verify(token, key)
}

func (k *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, err := k.Find(ctx, kid)
	if err != nil && !errors.Is(err, bearer.ErrUnknownKey) {
		return nil, unreachable(err)
	}
	return key, err
}

// fetchKeys reads the tenant's signing keys and leaves out what cannot sign its tokens.
func (s *Service) fetchKeys(ctx context.Context, p *provider) (map[string]*rsa.PublicKey, error) {
	m, err := p.metadata.Current(ctx)
	if err != nil {
		return nil, err
	}
	body, err := s.getJSON(ctx, m.Keys)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, errors.New("signing keys are not JSON")
	}
	keys := map[string]*rsa.PublicKey{}
	for _, raw := range document.Keys {
		if kid, key, ok := readKey(raw, m.Issuer, p.tenant); ok && len(keys) < bearer.MaxKeys {
			if _, twice := keys[kid]; !twice {
				keys[kid] = key
			}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no usable signing key is published")
	}
	return keys, nil
}

// readKey accepts a key for signatures. Entra ID names the issuer that a key signs for ("issuer" in its key documents); a key
// of another issuer is none of this tenant's.
func readKey(raw json.RawMessage, issuer, tenant string) (string, *rsa.PublicKey, bool) {
	var extra struct {
		Issuer string `json:"issuer"`
	}
	if json.Unmarshal(raw, &extra) != nil || extra.Issuer != "" && strings.ReplaceAll(extra.Issuer, "{tenantid}", tenant) != issuer {
		return "", nil, false
	}
	return bearer.ReadKey(raw)
}

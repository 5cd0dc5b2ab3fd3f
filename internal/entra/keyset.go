package entra

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const maxKeys = 100

// publicKey is one signing key that a tenant's tokens may be signed with.
type publicKey struct{ *rsa.PublicKey }

// keySet is the oidc.KeySet of a tenant. Its restraint is that of fetched: an unknown key id costs at most one fetch in
// 30 seconds, which serves as the memory of unknown ids for all of them at once; a bad signature costs none; and a key
// that is no longer published is refused after a day at the latest.
type keySet struct{ fetched[map[string]publicKey] }

var errUnknownKey = errors.New("token is signed with an unknown key")

// VerifySignature gives the payload of a token that one of the published keys signed.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, errors.New("token is not a signed token")
	}
	key, err := k.find(ctx, signed.Signatures[0].Header.KeyID)
	if err != nil {
		return nil, err
	}
	payload, err := signed.Verify(key.PublicKey)
	if err != nil {
		return nil, errors.New("signature does not match")
	}
	return payload, nil
}

func (k *keySet) find(ctx context.Context, kid string) (publicKey, error) {
	keys, err := k.current(ctx)
	if err != nil {
		return publicKey{}, unreachable(err)
	}
	if key, ok := keys[kid]; ok {
		return key, nil
	}
	if err := k.refresh(ctx); err != nil {
		if ctx.Err() != nil {
			return publicKey{}, unreachable(err)
		}
		return publicKey{}, errUnknownKey
	}
	if keys, err = k.current(ctx); err != nil {
		return publicKey{}, unreachable(err)
	}
	if key, ok := keys[kid]; ok {
		return key, nil
	}
	return publicKey{}, errUnknownKey
}

// fetchKeys reads the tenant's signing keys and leaves out what cannot sign its tokens.
func (s *Service) fetchKeys(ctx context.Context, p *provider) (map[string]publicKey, error) {
	m, err := p.metadata.current(ctx)
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
	keys := map[string]publicKey{}
	for _, raw := range document.Keys {
		if kid, key, ok := readKey(raw, m.Issuer, p.tenant); ok && len(keys) < maxKeys {
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

// readKey accepts an RSA signature key of at least 2048 bits. Entra ID names the issuer that a key signs for ("issuer" in
// its key documents); a key of another issuer is none of this tenant's.
func readKey(raw json.RawMessage, issuer, tenant string) (string, publicKey, bool) {
	var key jose.JSONWebKey
	var extra struct {
		Issuer string `json:"issuer"`
	}
	if json.Unmarshal(raw, &key) != nil || json.Unmarshal(raw, &extra) != nil {
		return "", publicKey{}, false
	}
	public, ok := key.Key.(*rsa.PublicKey)
	if !ok || key.KeyID == "" || key.Use != "" && key.Use != "sig" || key.Algorithm != "" && key.Algorithm != "RS256" {
		return "", publicKey{}, false
	}
	if public.N.BitLen() < 2048 {
		return "", publicKey{}, false
	}
	if extra.Issuer != "" && strings.ReplaceAll(extra.Issuer, "{tenantid}", tenant) != issuer {
		return "", publicKey{}, false
	}
	return key.KeyID, publicKey{public}, true
}

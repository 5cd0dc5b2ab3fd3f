package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/go-jose/go-jose/v4"
)

// keyRing holds the one signing key. After a rotation the old key is gone: what it signed is refused everywhere.
type keyRing struct {
	kid    string
	key    *rsa.PrivateKey
	signer jose.Signer
}

func newKeyRing(kid string, key *rsa.PrivateKey) (*keyRing, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return &keyRing{kid: kid, key: key, signer: signer}, nil
}

func generateKeyRing(kid string) (*keyRing, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return newKeyRing(kid, key)
}

func readKeyRing(kid, encoded string) (*keyRing, error) {
	der, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("signing key: not an RSA key")
	}
	return newKeyRing(kid, key)
}

func (k *keyRing) encoded() string {
	der, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		panic("entra stand-in: an RSA key has no PKCS #8 form: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(der)
}

// public is the key as Entra ID publishes it: without alg, with the issuer it signs for.
func (k *keyRing) public(issuer string) []map[string]string {
	return []map[string]string{{
		"kty": "RSA", "use": "sig", "kid": k.kid, "issuer": issuer,
		"n": base64.RawURLEncoding.EncodeToString(k.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.key.E)).Bytes()),
	}}
}

func (k *keyRing) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := k.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// verify gives the claims of a token that this key signed.
func (k *keyRing) verify(token string) (map[string]any, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, err
	}
	payload, err := signed.Verify(&k.key.PublicKey)
	if err != nil {
		return nil, err
	}
	var claims map[string]any
	return claims, json.Unmarshal(payload, &claims)
}

package teams

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is defined as a SHA-1 thumbprint.
	"crypto/x509"
	"encoding/base64"

	"github.com/go-jose/go-jose/v4"
)

// signingKey is the connector's key and what it is known by.
type signingKey struct {
	public *rsa.PublicKey
	kid    string
	signer jose.Signer
}

// newSigningKey takes the configured key or makes one, which costs more than the rest of a start; it is therefore made when
// it is first needed.
func newSigningKey(c Config) (*signingKey, error) {
	key := c.ConnectorKey
	if key == nil {
		var err error
		if key, err = rsa.GenerateKey(c.Rand, 2048); err != nil {
			return nil, err
		}
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum(public) //nolint:gosec // an identifier, not a protection.
	kid := base64.RawURLEncoding.EncodeToString(sum[:])
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType("JWT").WithHeader("x5t", kid),
	)
	return &signingKey{public: &key.PublicKey, kid: kid, signer: signer}, err
}

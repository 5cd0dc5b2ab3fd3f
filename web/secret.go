package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"io"
)

// secretBytes is how much randomness ids, codes, states and nonces carry.
const secretBytes = 32

// secret makes an unguessable text of 43 characters that may stand in addresses and cookies.
func (s *Server) secret() (string, error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(s.cfg.Rand, raw); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// isSecret reports whether text has the shape that secret makes.
func isSecret(text string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && len(raw) == secretBytes && len(text) == 43
}

// hashOf is under which a secret is kept: whoever reads the database cannot use what stands there.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// challengeOf is the SHA-256 hash of a secret in URL-safe base64 without padding, as in RFC 7636 (S256).
func challengeOf(secret string) string { return base64.RawURLEncoding.EncodeToString(hashOf(secret)) }

// sameText compares in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

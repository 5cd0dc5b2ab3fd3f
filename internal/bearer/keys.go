package bearer

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"

	"github.com/go-jose/go-jose/v4"
)

// MaxKeys is how many keys of one issuer are kept.
const MaxKeys = 100

// ErrUnknownKey says that the issuer publishes no key of that id.
var ErrUnknownKey = errors.New("token is signed with an unknown key")

// Keys are the keys that an issuer publishes, by their ids. Their restraint is that of Fetched: an unknown key id costs at
// most one fetch in RefetchPause, which serves as the memory of unknown ids for all of them at once; a bad signature costs
// none; and a key that is no longer published is refused after Hard at the latest.
type Keys[K any] struct{ Fetched[map[string]K] }

// Find gives the key of an id. The error is ErrUnknownKey, or why the keys cannot be had.
func (k *Keys[K]) Find(ctx context.Context, kid string) (K, error) {
	var none K
	keys, err := k.Current(ctx)
	if err != nil {
		return none, err
	}
	if key, ok := keys[kid]; ok {
		return key, nil
	}
	if err := k.Refresh(ctx); err != nil {
		if ctx.Err() != nil {
			return none, err
		}
		return none, ErrUnknownKey
	}
	if keys, err = k.Current(ctx); err != nil {
		return none, err
	}
	if key, ok := keys[kid]; ok {
		return key, nil
	}
	return none, ErrUnknownKey
}

// Verify gives the payload of a token that this key signed with RS256.
func Verify(token string, key *rsa.PublicKey) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, errors.New("token is not a signed token")
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, errors.New("signature does not match")
	}
	return payload, nil
}

// ReadKey reads a published RSA signature key of at least 2048 bits; ok is false for every other one.
func ReadKey(raw json.RawMessage) (kid string, public *rsa.PublicKey, ok bool) {
	var key jose.JSONWebKey
	if json.Unmarshal(raw, &key) != nil {
		return "", nil, false
	}
	public, ok = key.Key.(*rsa.PublicKey)
	if !ok || key.KeyID == "" || key.Use != "" && key.Use != "sig" || key.Algorithm != "" && key.Algorithm != "RS256" {
		return "", nil, false
	}
	return key.KeyID, public, public.N.BitLen() >= 2048
}

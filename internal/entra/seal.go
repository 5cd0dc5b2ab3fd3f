package entra

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// refreshRow is the resource under which the vault keeps a refresh token.
const refreshRow = "refresh"

const (
	sealVersion = 1
	keyMark     = 4 // bytes that tell which key sealed a row
	nonceSize   = 12
)

var errSealed = errors.New("sealed token does not open")

// sealer encrypts tokens for the vault with AES-256-GCM. Person and resource are authenticated with them, so that a row
// copied to another person or resource does not open.
//
//	version (1) | mark of the key (4) | nonce (12) | ciphertext and tag
type sealer struct {
	keys    []sealKey
	rand    io.Reader
	problem error
}

type sealKey struct {
	mark [keyMark]byte
	aead cipher.AEAD
}

func newSealer(keys [][]byte, rand io.Reader) *sealer {
	s := &sealer{rand: rand}
	for _, key := range keys {
		block, err := aes.NewCipher(key)
		if err != nil || len(key) != 32 {
			s.problem = errors.New("a seal key does not have 32 bytes")
			return s
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			s.problem = fmt.Errorf("seal key: %w", err)
			return s
		}
		sum := sha256.Sum256(append([]byte("pintab seal key mark\x00"), key...))
		s.keys = append(s.keys, sealKey{mark: [keyMark]byte(sum[:keyMark]), aead: aead})
	}
	if len(s.keys) == 0 {
		s.problem = errors.New("no seal key is configured")
	}
	return s
}

// content is what is sealed. The expiry is inside, because the vault's own column is not authenticated.
type content struct {
	Token   string `json:"t"`
	Expires int64  `json:"e"`
}

func bound(user crm.User, resource string) []byte {
	return []byte("pintab token 1\x00" + user.Tenant + "\x00" + user.Object + "\x00" + resource)
}

func (s *sealer) seal(user crm.User, resource, token string, expires time.Time) ([]byte, error) {
	if s.problem != nil {
		return nil, fault.Wrap(s.problem, fault.Internal, "entra.misconfigured")
	}
	plain, err := json.Marshal(content{token, expires.Unix()})
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	key := s.keys[0]
	out := make([]byte, 0, 1+keyMark+nonceSize+len(plain)+key.aead.Overhead())
	out = append(append(out, sealVersion), key.mark[:]...)
	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(s.rand, nonce); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	out = append(out, nonce...)
	return key.aead.Seal(out, nonce, plain, bound(user, resource)), nil
}

func (s *sealer) open(user crm.User, resource string, sealed []byte) (token string, expires time.Time, err error) {
	if len(sealed) < 1+keyMark+nonceSize || sealed[0] != sealVersion {
		return "", time.Time{}, errSealed
	}
	mark, nonce, text := sealed[1:1+keyMark], sealed[1+keyMark:1+keyMark+nonceSize], sealed[1+keyMark+nonceSize:]
	for _, key := range s.keys {
		if !bytes.Equal(key.mark[:], mark) {
			continue
		}
		plain, err := key.aead.Open(nil, nonce, text, bound(user, resource))
		if err != nil {
			continue
		}
		var c content
		if err := json.Unmarshal(plain, &c); err != nil {
			return "", time.Time{}, errSealed
		}
		return c.Token, time.Unix(c.Expires, 0), nil
	}
	return "", time.Time{}, errSealed
}

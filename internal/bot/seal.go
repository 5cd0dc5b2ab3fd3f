package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"

	"github.com/pintab/pintab/internal/fault"
)

// seal closes what must not be read, or changed, by whoever keeps or carries it.
type seal struct {
	aeads []cipher.AEAD
	mac   []byte
}

func newSeal(keys [][]byte) (*seal, error) {
	s := &seal{}
	for _, key := range keys {
		if len(key) != 32 {
			return nil, errors.New("bot: a key does not have 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		s.aeads = append(s.aeads, aead)
	}
	if len(s.aeads) == 0 {
		return nil, errors.New("bot: no key is configured")
	}
	sum := sha256.Sum256(append([]byte("pintab bot code"), keys[0]...))
	s.mac = sum[:]
	return s, nil
}

// close seals a text for one purpose, in which alone it can be opened.
func (s *seal) close(text []byte, purpose []byte) []byte {
	return s.aeads[0].Seal(nil, nil, text, purpose)
}

func (s *seal) open(sealed, purpose []byte) ([]byte, error) {
	for _, aead := range s.aeads {
		if text, err := aead.Open(nil, nil, sealed, purpose); err == nil {
			return text, nil
		}
	}
	return nil, errors.New("seal does not open")
}

// code is the one-way number of a code that a person types: short codes need a key, or they could be tried out.
func (s *seal) code(code string) []byte {
	h := hmac.New(sha256.New, s.mac)
	h.Write([]byte(code))
	return h.Sum(nil)
}

// token seals a value that travels through addresses.
func (s *seal) token(value any, purpose string) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	return base64.RawURLEncoding.EncodeToString(s.close(raw, []byte(purpose))), nil
}

func (s *seal) untoken(token, purpose string, value any) error {
	if len(token) > 4096 {
		return errors.New("token is too long")
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return err
	}
	raw, err := s.open(sealed, []byte(purpose))
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, value)
}

// random is an unguessable text of 22 characters.
func (s *Service) random() (string, error) {
	raw := make([]byte, 16)
	if _, err := io.ReadFull(s.cfg.Rand, raw); err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// number is a one-way number of texts that say who or what something is.
func number(parts ...string) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}

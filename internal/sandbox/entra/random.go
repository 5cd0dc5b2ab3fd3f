package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
)

// random gives n random bytes. A broken source of randomness is a defect nobody can go on from.
func (s *Server) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.cfg.Rand, b); err != nil {
		panic("entra stand-in: no randomness: " + err.Error())
	}
	return b
}

func (s *Server) secret(prefix string) string {
	return prefix + base64.RawURLEncoding.EncodeToString(s.random(32))
}

func (s *Server) newGUID() string {
	b := s.random(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// below gives a number from 0 to n-1; the slight bias does not matter here.
func (s *Server) below(n int64) int64 {
	return int64(binary.BigEndian.Uint64(s.random(8)) % uint64(n))
}

// hash is how secrets are looked up and stored.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// servicePrincipal is the object id of an application in a tenant, the same at every start.
func servicePrincipal(tenant, client string) string {
	sum := sha256.Sum256([]byte("principal\x00" + tenant + "\x00" + client))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (s *Server) newKid() string { return base64.RawURLEncoding.EncodeToString(s.random(20)) }

package store

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// HandOffLife is the longest that a hand-off may wait to be collected.
const HandOffLife = 60 * time.Second

// StartSignIn keeps a sign-in under the SHA-256 hash of its state and removes those that nobody came back from.
func (s *Store) StartSignIn(ctx context.Context, state []byte, f crm.SignIn) error {
	if _, err := s.db.exec(ctx, `DELETE FROM sign_ins WHERE expires <= $1`, millis(s.Now())); err != nil {
		return failed(err)
	}
	_, err := s.db.exec(ctx, `INSERT INTO sign_ins (id, nonce, verifier, next, browser, challenge, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, state, f.Nonce, f.Verifier, f.Next, f.Browser, f.Challenge, millis(f.Expires))
	return failed(err)
}

// TakeSignIn finds a sign-in by the hash of its state and removes it, so that of many callers exactly one gets it.
func (s *Store) TakeSignIn(ctx context.Context, state []byte) (crm.SignIn, bool, error) {
	var f crm.SignIn
	var expires int64
	ok, err := found(s.db.take(ctx, `DELETE FROM sign_ins WHERE id = $1
		RETURNING nonce, verifier, next, browser, challenge, expires`, state),
		&f.Nonce, &f.Verifier, &f.Next, &f.Browser, &f.Challenge, &expires)
	f.Expires = instant(expires)
	if !ok || !f.Expires.After(s.Now()) {
		return crm.SignIn{}, false, err
	}
	return f, true, nil
}

// OfferHandOff keeps a hand-off under the SHA-256 hash of its code, for HandOffLife at the longest.
func (s *Store) OfferHandOff(ctx context.Context, code []byte, h crm.HandOff) error {
	now := s.Now()
	if h.Expires.Sub(now) > HandOffLife {
		return fault.New(fault.Internal, "internal")
	}
	if _, err := s.db.exec(ctx, `DELETE FROM hand_offs WHERE expires <= $1`, millis(now)); err != nil {
		return failed(err)
	}
	p := h.Profile
	return s.insert(ctx, p.User, `INSERT INTO hand_offs (id, tenant, object, name, username, next, challenge, expires)
		SELECT $3, $4, $5, $6, $7, $8, $9, $10`+unlessErased,
		code, p.Tenant, p.Object, p.Name, p.Username, h.Next, h.Challenge, millis(h.Expires))
}

// TakeHandOff finds a hand-off by the hash of its code and removes it, so that of many callers exactly one gets it.
// Whether the caller is the one it was meant for is decided afterwards, by the challenge: a wrong one uses it up too.
func (s *Store) TakeHandOff(ctx context.Context, code []byte) (crm.HandOff, bool, error) {
	var h crm.HandOff
	var expires int64
	p := &h.Profile
	ok, err := found(s.db.take(ctx, `DELETE FROM hand_offs WHERE id = $1
		RETURNING tenant, object, name, username, next, challenge, expires`, code),
		&p.Tenant, &p.Object, &p.Name, &p.Username, &h.Next, &h.Challenge, &expires)
	h.Expires = instant(expires)
	if !ok || !h.Expires.After(s.Now()) {
		return crm.HandOff{}, false, err
	}
	return h, true, nil
}

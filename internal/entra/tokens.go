package entra

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	renewBefore = 5 * time.Minute // an access token is renewed so long before it expires
	renewSpread = 6 * time.Minute // and up to so much earlier, so that people who came together do not renew together
	renewPause  = 30 * time.Second
	lastMoment  = 20 * time.Second // a token is not handed out for less
)

// purpose is whose token for what: the only key of any cache of tokens.
type purpose struct {
	user     crm.User
	resource string
}

// errand is what several callers may wait for together: a token, and not the refused one.
type errand struct {
	purpose
	refused string
}

// held is an access token in memory.
type held struct {
	token   string
	renew   time.Time // from then on it is renewed, when that works
	expires time.Time
}

func (h held) usable(now time.Time) bool {
	return h.token != "" && now.Add(lastMoment).Before(h.expires)
}

// Token gives an access token of the person for a resource: an organization's URL that discovery listed for them, or the
// discovery origin. It comes from memory, from the vault, or from redeeming the refresh token, which one replica does once
// for everybody who asks. A person who has to sign in again is a fault of Kind SignedOut, or Consent with Claims.
func (s *Service) Token(ctx context.Context, user crm.User, resource string) (string, error) {
	resource, ok := resourceOf(resource)
	if !ok {
		return "", fault.Wrap(errors.New("token asked for something that is no address of an API"), fault.Invalid, "entra.resource")
	}
	want := purpose{user, resource}
	known, _ := s.held.Get(want)
	if now := s.cfg.Now(); known.usable(now) && now.Before(known.renew) {
		return known.token, nil
	}
	token, err := s.redeeming.do(ctx, errand{want, ""}, func(ctx context.Context) (string, error) { return s.obtain(ctx, want, "") })
	if err != nil && known.usable(s.cfg.Now()) && (fault.Is(err, fault.Unreachable) || fault.Is(err, fault.Busy)) {
		// The login service is away, but the token that it gave before is still good: ask again a little later.
		known.renew = s.cfg.Now().Add(renewPause)
		s.held.Put(want, known)
		return known.token, nil
	}
	return token, err
}

// Renew gives another token than the one that an upstream refused. Whoever comes with the same refused token, shares one
// redemption; whoever comes late, gets its result.
func (s *Service) Renew(ctx context.Context, user crm.User, resource, refused string) (string, error) {
	resource, ok := resourceOf(resource)
	if !ok {
		return "", fault.Wrap(errors.New("token asked for something that is no address of an API"), fault.Invalid, "entra.resource")
	}
	want := purpose{user, resource}
	if known, _ := s.held.Get(want); known.token != refused && known.usable(s.cfg.Now()) {
		return known.token, nil
	}
	return s.redeeming.do(ctx, errand{want, refused}, func(ctx context.Context) (string, error) { return s.obtain(ctx, want, refused) })
}

// obtain gets a token that is not in memory, and is not the refused one.
func (s *Service) obtain(ctx context.Context, want purpose, refused string) (string, error) {
	leave, err := s.gates.enter(ctx, want.user)
	if err != nil {
		return "", err
	}
	defer leave()
	if token, ok, err := s.stored(ctx, want, refused); ok || err != nil {
		return token, err
	}
	if err := s.waiting(want.user); err != nil {
		return "", err
	}
	var token string
	err = s.leased(ctx, want.user, func(ctx context.Context) (err error) {
		// Another replica may have renewed it while we waited for the lease.
		var ok bool
		if token, ok, err = s.stored(ctx, want, refused); ok || err != nil {
			return err
		}
		token, err = s.redeem(ctx, want)
		return err
	})
	return token, err
}

// stored takes a token that needs no renewing from the vault into memory.
func (s *Service) stored(ctx context.Context, want purpose, refused string) (string, bool, error) {
	sealed, _, err := s.vault.LoadToken(ctx, want.user, want.resource)
	if err != nil || sealed == nil {
		return "", false, err
	}
	token, expires, err := s.sealer.open(want.user, want.resource, sealed)
	if err != nil || token == refused || !s.cfg.Now().Add(renewBefore).Before(expires) {
		return "", false, nil // a row that does not open is worth no more than none
	}
	if known, ok := s.held.Get(want); ok && known.token == token && !s.cfg.Now().Before(known.renew) {
		return "", false, nil // the very token that is to be renewed
	}
	s.hold(want, token, expires)
	return token, true, nil
}

func (s *Service) hold(want purpose, token string, expires time.Time) held {
	renew := expires.Add(-renewBefore)
	if left := renew.Sub(s.cfg.Now()); left > renewSpread {
		renew = renew.Add(-s.spread(min(renewSpread, left/10)))
	}
	h := held{token: token, renew: renew, expires: expires}
	s.held.Put(want, h)
	return h
}

// spread is a random part of a duration.
func (s *Service) spread(d time.Duration) time.Duration {
	var b [8]byte
	if _, err := io.ReadFull(s.cfg.Rand, b[:]); err != nil || d <= 0 {
		return 0
	}
	return time.Duration(binary.BigEndian.Uint64(b[:]) % uint64(d))
}

// redeem spends the refresh token for a new one and an access token. Callers hold the person's lease.
func (s *Service) redeem(ctx context.Context, want purpose) (string, error) {
	sealed, _, err := s.vault.LoadToken(ctx, want.user, refreshRow)
	if err != nil {
		return "", err
	}
	if sealed == nil {
		return "", fault.New(fault.SignedOut, "entra.signed-out")
	}
	refresh, _, err := s.sealer.open(want.user, refreshRow, sealed)
	if err != nil {
		return "", fault.Wrap(err, fault.SignedOut, "entra.signed-out")
	}
	if err := s.admit(ctx, want.user.Tenant); err != nil {
		return "", err
	}
	p, _ := s.provider(want.user.Tenant)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	// Entra ID's refresh tokens open every API; elsewhere they are bound to what was granted (RFC 6749, 6).
	if m, err := p.metadata.Current(ctx); err != nil {
		return "", unreachable(err)
	} else if s.isEntra(m) {
		form.Set("scope", "openid profile offline_access "+want.resource+"/.default")
	}
	g, err := s.exchange(ctx, p, form)
	if err != nil {
		return "", s.spent(ctx, want.user, sealed, err)
	}
	return g.access, s.keep(ctx, want.user, want.resource, g)
}

// spent forgets the tokens of a person whose refresh token is worth nothing any more, unless a new sign-in has brought
// another meanwhile.
func (s *Service) spent(ctx context.Context, user crm.User, sealed []byte, err error) error {
	if !fault.Is(err, fault.SignedOut) {
		return s.note(user, err)
	}
	s.Forget(user)
	now, _, failed := s.vault.LoadToken(ctx, user, refreshRow)
	if failed == nil && bytes.Equal(now, sealed) {
		failed = s.vault.DeleteTokens(ctx, user)
	}
	return errors.Join(err, failed)
}

// keep holds what was granted in memory and, sealed, in the vault. The refresh token goes first: it is the one that
// cannot be had again.
func (s *Service) keep(ctx context.Context, user crm.User, resource string, g grant) error {
	if g.refresh != "" {
		if err := s.save(ctx, user, refreshRow, g.refresh, s.cfg.Now().Add(refreshKept)); err != nil {
			return err
		}
	}
	if err := s.save(ctx, user, resource, g.access, g.expires); err != nil {
		return err
	}
	s.hold(purpose{user, resource}, g.access, g.expires)
	return nil
}

func (s *Service) save(ctx context.Context, user crm.User, row, token string, expires time.Time) error {
	sealed, err := s.sealer.seal(user, row, token, expires)
	if err != nil {
		return err
	}
	if err = s.vault.SaveToken(ctx, user, row, sealed, expires); err == nil || ctx.Err() != nil {
		return err
	}
	// Tried once more, because the token that it replaces has just been used up.
	return s.vault.SaveToken(ctx, user, row, sealed, expires)
}

// note remembers that we were told to wait for a person.
func (s *Service) note(user crm.User, err error) error {
	if f := fault.Of(err); f.Kind == fault.Busy {
		s.told.Put(user, s.cfg.Now().Add(f.RetryAfter))
	}
	return err
}

// waiting is the fault while we were told to wait; nothing is sent before.
func (s *Service) waiting(user crm.User) error {
	until, ok := s.told.Get(user)
	if left := until.Sub(s.cfg.Now()); ok && left > 0 {
		f := fault.New(fault.Busy, "entra.busy")
		f.RetryAfter = left
		return f
	}
	return nil
}

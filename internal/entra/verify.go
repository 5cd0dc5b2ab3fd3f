package entra

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	leeway         = 60 * time.Second // our clock and the login service's may differ so much
	rememberTokens = time.Hour        // at most, so that a withdrawn key is noticed
	maxRemembered  = 20_000
)

var lowerGUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// verified is a tab token that passed, kept by the hash of its every byte.
type verified struct {
	profile crm.Profile
	until   time.Time
}

// VerifyTab checks the token that Teams gave a tab and says whose it is. A refusal is a fault of Kind SignedOut; Forbidden
// when the person's tenant is not one of ours; Unreachable when the signing keys cannot be had.
func (s *Service) VerifyTab(ctx context.Context, token string) (crm.Profile, error) {
	if len(token) > bearer.MaxToken {
		return crm.Profile{}, refused(errors.New("token is too long"))
	}
	key := sha256.Sum256([]byte(token))
	if known, ok := s.verified.Get(key); ok && s.cfg.Now().Before(known.until) {
		return known.profile, s.admit(ctx, known.profile.Tenant)
	}
	u, err := bearer.TakeApart(token)
	if err != nil {
		return crm.Profile{}, refused(err)
	}
	if u.Type != "JWT" {
		return crm.Profile{}, refused(errors.New("token has another typ"))
	}
	person, err := s.checkToken(ctx, token, u)
	if err != nil {
		return crm.Profile{}, err
	}
	if err := s.checkTab(u.Claims); err != nil {
		return crm.Profile{}, refused(err)
	}
	exp, _ := u.Claims.Seconds("exp")
	s.verified.Put(key, verified{person, earlier(time.Unix(exp, 0), s.cfg.Now().Add(rememberTokens))})
	return person, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// checkToken is what tab tokens and id tokens have in common: tenant, issuer, signature, times and identity.
func (s *Service) checkToken(ctx context.Context, token string, u bearer.Token) (crm.Profile, error) {
	tid, err := u.Claims.Text("tid")
	if err != nil {
		return crm.Profile{}, refused(err)
	}
	if err := s.Admit(tid); err != nil {
		return crm.Profile{}, err
	}
	p, _ := s.provider(tid)
	m, err := p.metadata.Current(ctx)
	if err != nil {
		return crm.Profile{}, unreachable(err)
	}
	// The issuer is compared whole, with the one that the tenant's own metadata has to name.
	if iss, err := u.Claims.Text("iss"); err != nil || iss != m.Issuer {
		return crm.Profile{}, refused(errors.New("iss is not the tenant's"))
	}
	if err := s.checkTimes(u.Claims); err != nil {
		return crm.Profile{}, refused(err)
	}
	// Looked for by itself first, because go-oidc flattens the error of a key set into text.
	if _, err := p.keys.find(ctx, u.KeyID); err != nil {
		if errors.Is(err, bearer.ErrUnknownKey) {
			return crm.Profile{}, refused(err)
		}
		return crm.Profile{}, err
	}
	if _, err := s.verifier(p, m.Issuer).Verify(ctx, token); err != nil {
		return crm.Profile{}, refused(err)
	}
	if err := s.admit(ctx, tid); err != nil {
		return crm.Profile{}, err
	}
	return identity(u.Claims, tid)
}

// identity reads who the token is about: tid and oid decide, names are for showing.
func identity(c bearer.Claims, tid string) (crm.Profile, error) {
	oid, err := c.Text("oid")
	if err != nil || !lowerGUID.MatchString(oid) {
		return crm.Profile{}, refused(errors.New("oid is missing or not a GUID"))
	}
	if sub, err := c.Text("sub"); err != nil || sub == "" {
		return crm.Profile{}, refused(errors.New("sub is missing"))
	}
	return crm.Profile{User: crm.User{Tenant: tid, Object: oid}, Name: crm.Label(c.Optional("name")), Username: c.Optional("preferred_username")}, nil
}

func (s *Service) checkTimes(c bearer.Claims) error {
	now := s.cfg.Now()
	exp, err := c.Seconds("exp")
	if err != nil {
		return err
	}
	iat, err := c.Seconds("iat")
	if err != nil {
		return err
	}
	switch {
	case !now.Before(time.Unix(exp, 0).Add(leeway)):
		return errors.New("token has expired")
	case time.Unix(iat, 0).After(now.Add(leeway)):
		return errors.New("token was issued in the future")
	case exp <= iat:
		return errors.New("token expires before it was issued")
	}
	if c["nbf"] != nil {
		nbf, err := c.Seconds("nbf")
		if err != nil {
			return err
		}
		if time.Unix(nbf, 0).After(now.Add(leeway)) {
			return errors.New("token is not valid yet")
		}
	}
	return nil
}

// checkTab is what makes a token of Entra ID a tab token: meant for us, for a person, asked for by Teams, for this scope.
func (s *Service) checkTab(c bearer.Claims) error {
	if aud, err := c.Text("aud"); err != nil || !slices.Contains(s.audiences, aud) {
		return errors.New("aud is not this application")
	}
	if ver, err := c.Text("ver"); err != nil || ver != "2.0" {
		return errors.New("ver is not 2.0")
	}
	scp, err := c.Text("scp")
	if err != nil || !slices.Contains(strings.Split(scp, " "), "access_as_user") {
		return errors.New("scp does not have access_as_user")
	}
	if azp, err := c.Text("azp"); err != nil || !slices.Contains(s.cfg.TabClients, azp) {
		return errors.New("azp is not a client that may embed us")
	}
	if c["idtyp"] != nil && c.Optional("idtyp") != "user" {
		return errors.New("token is not a person's")
	}
	return nil
}

// verifyID checks an id token for the sign-in that this nonce belongs to.
func (s *Service) verifyID(ctx context.Context, token, nonce string) (crm.Profile, error) {
	u, err := bearer.TakeApart(token)
	if err != nil {
		return crm.Profile{}, refused(err)
	}
	if u.Type != "" && u.Type != "JWT" {
		return crm.Profile{}, refused(errors.New("id token has another typ"))
	}
	person, err := s.checkToken(ctx, token, u)
	if err != nil {
		return crm.Profile{}, err
	}
	got, err := u.Claims.Text("nonce")
	if err != nil || nonce == "" || subtle.ConstantTimeCompare([]byte(got), []byte(nonce)) != 1 {
		return crm.Profile{}, refused(errors.New("id token is of another sign-in"))
	}
	if aud, err := u.Claims.Text("aud"); err != nil || aud != s.cfg.ClientID {
		return crm.Profile{}, refused(errors.New("id token is for another application"))
	}
	if u.Claims["scp"] != nil || u.Claims.Optional("idtyp") == "app" {
		return crm.Profile{}, refused(errors.New("token is not an id token"))
	}
	return person, nil
}

func refused(cause error) error { return fault.Wrap(cause, fault.SignedOut, "entra.token-refused") }

// unreachable keeps a fault that already says so.
func unreachable(cause error) error {
	var f *fault.Error
	if errors.As(cause, &f) {
		return f
	}
	return fault.Wrap(cause, fault.Unreachable, "entra.unreachable")
}

package entra

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// signInScope asks for an identity, a refresh token and the discovery service at once.
func (s *Service) signInScope() string {
	return "openid profile offline_access " + s.cfg.DiscoveryResource + "/.default"
}

// SignInTab verifies a tab token, exchanges it on behalf of the person and keeps the tokens. A fault of Kind Consent
// carries the claims challenge that an interactive sign-in has to answer. Calls with the same token share one exchange.
func (s *Service) SignInTab(ctx context.Context, token string) (crm.Profile, error) {
	person, err := s.VerifyTab(ctx, token)
	if err != nil {
		return crm.Profile{}, err
	}
	return s.signingIn.do(ctx, sha256.Sum256([]byte(token)), func(ctx context.Context) (crm.Profile, error) {
		if err := s.waiting(person.User); err != nil {
			return crm.Profile{}, err
		}
		p, _ := s.provider(person.Tenant)
		g, err := s.exchange(ctx, p, url.Values{
			"grant_type":          {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
			"requested_token_use": {"on_behalf_of"},
			"assertion":           {token},
			"scope":               {s.signInScope()},
		})
		if err != nil {
			return crm.Profile{}, hinted(s.note(person.User, err), person)
		}
		return person, s.keep(ctx, person.User, s.cfg.DiscoveryResource, g)
	})
}

// hinted lets an interactive sign-in offer the account that it is about.
func hinted(err error, person crm.Profile) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Consent {
		return err
	}
	own := *f // the fault may be on its way to others too
	own.LoginHint = person.Username
	return &own
}

// AuthorizeURL is where a browser goes to sign in interactively.
func (s *Service) AuthorizeURL(req AuthRequest) string {
	p, ok := s.provider(strings.ToLower(req.Tenant))
	if !ok {
		p = s.home()
	}
	sum := sha256.Sum256([]byte(req.Verifier))
	q := url.Values{
		"client_id":             {s.cfg.ClientID},
		"response_type":         {"code"},
		"response_mode":         {"query"},
		"redirect_uri":          {s.cfg.RedirectURL},
		"scope":                 {s.signInScope()},
		"state":                 {req.State},
		"nonce":                 {req.Nonce},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(sum[:])},
		"code_challenge_method": {"S256"},
	}
	endpoint, isEntra := s.authorization(p)
	if !isEntra && req.Prompt == "" {
		req.Prompt = "consent" // without it, providers may leave offline_access out (OpenID Connect Core 1.0, 11)
	}
	for name, value := range map[string]string{"login_hint": req.LoginHint, "claims": req.Claims, "prompt": req.Prompt} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return withQuery(endpoint, q)
}

// home is the provider of Config.TenantID.
func (s *Service) home() *provider { return s.providers[s.cfg.TenantID] }

// Redeem exchanges an authorization code, verifies the id token with its nonce and keeps the tokens. A code that the login
// service does not accept, or an id token of another sign-in, is a fault of Kind SignedOut.
func (s *Service) Redeem(ctx context.Context, code, verifier, nonce string) (crm.Profile, error) {
	if code == "" || verifier == "" || nonce == "" {
		return crm.Profile{}, refused(errors.New("sign-in without code, verifier or nonce"))
	}
	g, err := s.exchange(ctx, s.home(), url.Values{
		"grant_type":    {"authorization_code"},
		"code":          {code},
		"code_verifier": {verifier},
		"redirect_uri":  {s.cfg.RedirectURL},
		"scope":         {s.signInScope()},
	})
	if err != nil {
		return crm.Profile{}, err
	}
	person, err := s.verifyID(ctx, g.id, nonce)
	if err != nil {
		return crm.Profile{}, err
	}
	if g.refresh == "" {
		return crm.Profile{}, fault.Wrap(errors.New("no refresh token was given"), fault.Internal, "entra.misconfigured")
	}
	return person, s.keep(ctx, person.User, s.cfg.DiscoveryResource, g)
}

// CheckIssuer refuses an authorization response that another login service has sent, so that its code is never taken to ours:
// one that names another issuer, and one that names none although ours always does (RFC 9207, 2.4).
func (s *Service) CheckIssuer(ctx context.Context, issuer string) error {
	m, err := s.home().metadata.Current(ctx)
	if err != nil {
		return unreachable(err)
	}
	switch {
	case issuer == "" && !m.NamesItself, issuer == m.Issuer && issuer != "":
		return nil
	case issuer != "" && s.isEntra(m):
		// Of an app that several tenants use, the answer names the person's own tenant.
		for tenant := range s.providers {
			if tenant != Organizations && issuer == s.issuer(tenant) {
				return nil
			}
		}
	}
	return fault.Wrap(errors.New("answer of another login service"), fault.SignedOut, "web.sign_in_refused")
}

// SignOut forgets the person's tokens in memory and in the vault. It waits a little for a redemption under way, so that
// its result does not outlive the sign-out; it never leaves tokens behind because somebody else is slow.
func (s *Service) SignOut(ctx context.Context, user crm.User) error {
	patience, cancel := context.WithTimeout(ctx, upstreamTimeout)
	defer cancel()
	if leave, err := s.gates.enter(patience, user); err == nil {
		defer leave()
	}
	erase := func(context.Context) error {
		s.Forget(user)
		return s.vault.DeleteTokens(ctx, user)
	}
	if err := s.leased(patience, user, erase); err == nil {
		return nil
	}
	return erase(ctx)
}

// Forget drops the person's tokens from memory, when another replica has signed them out.
func (s *Service) Forget(user crm.User) {
	s.held.Drop(func(p purpose, _ held) bool { return p.user == user })
	s.told.Drop(func(u crm.User, _ time.Time) bool { return u == user })
	s.tested.Drop(func(u crm.User, _ time.Time) bool { return u == user })
}

// Drop forgets everything that memory holds of the people who match, also who they are: they were erased.
func (s *Service) Drop(match func(crm.User) bool) {
	s.held.Drop(func(p purpose, _ held) bool { return match(p.user) })
	s.told.Drop(func(u crm.User, _ time.Time) bool { return match(u) })
	s.tested.Drop(func(u crm.User, _ time.Time) bool { return match(u) })
	s.verified.Drop(func(_ [32]byte, v verified) bool { return match(v.profile.User) })
}

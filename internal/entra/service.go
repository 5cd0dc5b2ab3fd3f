package entra

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// VerifyTab checks the token that Teams gave a tab and says whose it is.
func (s *Service) VerifyTab(ctx context.Context, token string) (crm.Profile, error) {
	return crm.Profile{}, fault.New(fault.Unreachable, "entra.unreachable")
}

// SignInTab verifies a tab token, exchanges it on behalf of the person and keeps the tokens. A fault of Kind Consent
// carries the claims challenge that an interactive sign-in has to answer.
func (s *Service) SignInTab(ctx context.Context, token string) (crm.Profile, error) {
	return crm.Profile{}, fault.New(fault.Unreachable, "entra.unreachable")
}

// AuthorizeURL is where a browser goes to sign in interactively.
func (s *Service) AuthorizeURL(req AuthRequest) string { return "" }

// Redeem exchanges an authorization code, verifies the id token with its nonce and keeps the tokens.
func (s *Service) Redeem(ctx context.Context, code, verifier, nonce string) (crm.Profile, error) {
	return crm.Profile{}, fault.New(fault.Unreachable, "entra.unreachable")
}

// Token gives an access token of the person for a resource (an organization's URL or the discovery origin).
func (s *Service) Token(ctx context.Context, user crm.User, resource string) (string, error) {
	return "", fault.New(fault.Unreachable, "entra.unreachable")
}

// SignOut forgets the person's tokens in memory and in the vault.
func (s *Service) SignOut(ctx context.Context, user crm.User) error {
	return s.vault.DeleteTokens(ctx, user)
}

// Forget drops the person's tokens from memory, when another replica has signed them out.
func (s *Service) Forget(user crm.User) {}

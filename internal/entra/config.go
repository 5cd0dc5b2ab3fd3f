package entra

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Organizations is the TenantID of an app that several tenants use: people of AllowedTenants, and nobody else, may sign in.
const Organizations = "organizations"

// Config is an app registration and where it is registered.
type Config struct {
	// Authority is the origin of the login service, for example https://login.microsoftonline.com. A path is allowed, so
	// that another OpenID provider can stand in; a trailing slash is ignored.
	Authority string
	// TenantID is the home tenant (GUID), or Organizations.
	TenantID string
	// AllowedTenants are the tenants (GUIDs) whose people may sign in besides those of a home tenant.
	AllowedTenants []string
	// StoppedTenants are tenants (GUIDs) whose people are refused whatever else is allowed.
	StoppedTenants []string
	// Stopped reports whether a tenant has been switched off meanwhile; nil: none ever is. It is asked at every sign-in and at
	// every renewal of tokens.
	Stopped      func(ctx context.Context, tenant string) (bool, error)
	ClientID     string
	ClientSecret string
	// Audiences are accepted as aud of a tab token besides ClientID, for example api://pintab.example/<client id>.
	Audiences []string
	// TabClients are the applications (azp) that may ask for a tab token; nil means the published Teams and Microsoft 365
	// clients.
	TabClients []string
	// DiscoveryResource is the resource for which a token is fetched at sign-in: the origin of the discovery service.
	DiscoveryResource string
	// RedirectURL is where the login service sends the authorization code, letter for letter as registered.
	RedirectURL string
	// SealKeys are the keys (32 bytes each) that encrypt tokens in the vault: the first seals, all of them open.
	SealKeys [][]byte
	HTTP     *http.Client     // nil: a client of our own; only its Transport is used
	Now      func() time.Time // nil: time.Now
	Rand     io.Reader        // nil: crypto/rand; safe for concurrent use
}

// Vault keeps sealed tokens and short leases for all replicas. It sees neither tokens nor keys.
type Vault interface {
	// LoadToken gives what SaveToken kept; sealed is nil when there is nothing.
	LoadToken(ctx context.Context, user crm.User, resource string) (sealed []byte, expires time.Time, err error)
	// SaveToken keeps or replaces the sealed token of a person for a resource. The resource of a refresh token is "refresh".
	SaveToken(ctx context.Context, user crm.User, resource string, sealed []byte, expires time.Time) error
	// DeleteTokens forgets everything of a person.
	DeleteTokens(ctx context.Context, user crm.User) error
	// Lease takes or renews the lease name for holder until a moment. It is false while another holder's lease runs.
	Lease(ctx context.Context, name, holder string, until time.Time) (bool, error)
	// ReleaseLease ends a lease that holder still has; otherwise it does nothing.
	ReleaseLease(ctx context.Context, name, holder string) error
}

// AuthRequest is one interactive sign-in. State, Nonce and Verifier come from the caller, who keeps them for Redeem.
type AuthRequest struct {
	State     string
	Nonce     string
	Verifier  string // PKCE code verifier, 43 to 128 characters
	LoginHint string // username to prefill, "" for none
	Claims    string // claims challenge of a fault of Kind Consent, "" for none
	Prompt    string // "", "none", "login", "consent" or "select_account"
	Tenant    string // tenant to sign in to, "" for Config.TenantID
}

// PublishedTabClients are the applications of Microsoft that embed tabs (Microsoft's tab single sign-on registration page):
// Teams on desktop and mobile, Teams on the web, Microsoft 365 on the web and desktop, Outlook on desktop, web and mobile.
var PublishedTabClients = []string{
	"1fec8e78-bce4-4aaf-ab1b-5451cc387264",
	"5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
	"4765445b-32c6-49b0-83e6-1d93765276ca",
	"0ec893e0-5785-4de6-99da-4ed124e5296c",
	"d3590ed6-52b3-4102-aeff-aad2292ab01c",
	"bc59ab01-8403-45c6-8796-ac3ef710b3e3",
	"27922004-5251-4030-b22d-91ecd9a37ea4",
}

package dataverse

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// TokenSource gives access tokens on behalf of a person. Resource is an organization's web address without a trailing
// slash, or the origin of the discovery service; errors are faults (SignedOut, Consent, Unreachable).
type TokenSource interface {
	Token(ctx context.Context, user crm.User, resource string) (string, error)
}

// TokenRenewer is what a TokenSource may do besides: give another token than the one that an upstream refused with 401.
type TokenRenewer interface {
	Renew(ctx context.Context, user crm.User, resource, refused string) (string, error)
}

// Config says where the discovery service is and what the client works with.
type Config struct {
	// DiscoveryURL is the origin (and path prefix) before /api/discovery, for example
	// https://globaldisco.crm.dynamics.com.
	DiscoveryURL string
	Tokens       TokenSource
	// HTTP replaces the usual transport, for tests; nil means one with pools sized for a dashboard.
	HTTP http.RoundTripper
	Now  func() time.Time // nil means time.Now
	// Random gives a number in [0, 1) for jitter; nil means math/rand/v2.
	Random func() float64
	// AllowHTTP permits http addresses, on loopback hosts only.
	AllowHTTP bool
	// Log gets what an upstream did; nil means nothing is logged.
	Log *slog.Logger
}

// Client asks Dataverse on behalf of people. It is safe for concurrent use.
type Client struct {
	config Config
}

// New makes a client.
func New(config Config) *Client { return &Client{config: config} }

package dataverse

import (
	"context"
	"log/slog"
	"math/rand/v2"
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
	// Random gives a number in [0, 1) for jitter; nil means math/rand/v2. It is called by several goroutines at once.
	Random func() float64
	// AllowHTTP permits http addresses, on loopback hosts only.
	AllowHTTP bool
	// Open says which organizations the operator has opened, by crm.Organization.URL; nil means all. Nothing is ever asked of
	// another one, and no token for it.
	Open func(organizationURL string) bool
	// Log gets what an upstream did; nil means nothing is logged.
	Log *slog.Logger
}

// Client asks Dataverse on behalf of people. It is safe for concurrent use.
type Client struct {
	config    Config
	transport http.RoundTripper
	people    *cache[personal]
	metadata  *cache[shared]
	trails    *cache[scene]
	waits     waits
	breakers  breakers
	budgets   budgets
	paces     paces
}

// New makes a client.
func New(config Config) *Client {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Random == nil {
		config.Random = rand.Float64
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{config: config, transport: config.HTTP}
	if c.transport == nil {
		c.transport = usualTransport()
	}
	c.people = newCache[personal](config.Now, 64<<20, true)
	c.metadata = newCache[shared](config.Now, 64<<20, false)
	c.trails = newCache[scene](config.Now, 32<<20, false)
	return c
}

// usualTransport keeps enough idle connections for the parallel parts of a dashboard: net/http keeps two.
func usualTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 512
	t.MaxIdleConnsPerHost = 64
	t.IdleConnTimeout = 90 * time.Second
	t.TLSHandshakeTimeout = 5 * time.Second
	t.MaxResponseHeaderBytes = 64 << 10
	return t
}

// jittered shortens a duration by up to a fifth, so that what was filled together does not expire together.
func (c *Client) jittered(d time.Duration) time.Duration {
	return d - time.Duration(c.config.Random()*float64(d)/5)
}

// Refresh forgets what is cached for the person and the organization's metadata.
func (c *Client) Refresh(_ context.Context, caller crm.Caller, place crm.Place) error {
	c.people.drop(func(k personal) bool { return k.user == caller.User })
	c.metadata.drop(func(k shared) bool {
		return k.tenant == caller.User.Tenant && k.organization == place.Organization.URL
	})
	return nil
}

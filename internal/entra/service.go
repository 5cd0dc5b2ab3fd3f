package entra

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/crm"
)

const maxHeld = 20_000 // access tokens in memory

// Service is the sign-in of one app registration. It is safe for concurrent use.
type Service struct {
	cfg       Config
	vault     Vault
	out       *http.Client
	providers map[string]*provider // by tenant, filled once
	audiences []string
	sealer    *sealer

	verified  *bearer.Recent[[32]byte, verified]
	held      *bearer.Recent[purpose, held]
	told      *bearer.Recent[crm.User, time.Time] // people for whom the login service asked us to wait, and until when
	tested    *bearer.Recent[crm.User, time.Time] // people whose renewal was tested, and when
	redeeming *joint[errand, string]
	signingIn *joint[[32]byte, crm.Profile]
	gates     *gates
}

// New makes the service. It asks nothing of the login service, which may be down when a process starts.
func New(cfg Config, vault Vault) *Service {
	cfg.Authority = strings.TrimRight(cfg.Authority, "/")
	cfg.DiscoveryResource = strings.TrimRight(cfg.DiscoveryResource, "/")
	cfg.TenantID = strings.ToLower(cfg.TenantID)
	if cfg.TenantID == "" {
		cfg.TenantID = Organizations
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.TabClients == nil {
		cfg.TabClients = PublishedTabClients
	}
	s := &Service{
		cfg:       cfg,
		vault:     vault,
		out:       newOutbound(cfg.Authority, cfg.HTTP),
		providers: map[string]*provider{},
		audiences: append([]string{cfg.ClientID}, cfg.Audiences...),
		sealer:    newSealer(cfg.SealKeys, cfg.Rand),
		verified:  bearer.NewRecent[[32]byte, verified](maxRemembered),
		held:      bearer.NewRecent[purpose, held](maxHeld),
		told:      bearer.NewRecent[crm.User, time.Time](maxHeld),
		tested:    bearer.NewRecent[crm.User, time.Time](maxHeld),
		redeeming: newJoint[errand, string](),
		signingIn: newJoint[[32]byte, crm.Profile](),
		gates:     newGates(),
	}
	for _, tenant := range append([]string{cfg.TenantID}, cfg.AllowedTenants...) {
		if tenant = strings.ToLower(tenant); tenant != "" {
			s.providers[tenant] = s.newProvider(tenant)
		}
	}
	return s
}

// resourceOf accepts the address of an API: https, or http on this machine, without anything after the path. The result
// has no trailing slash, so that one API has one name.
func resourceOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(address, "?#\\ \t\r\n") {
		return "", false
	}
	switch host := u.Hostname(); {
	case u.Scheme == "https":
	case u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1"):
	default:
		return "", false
	}
	return strings.TrimRight(address, "/"), true
}

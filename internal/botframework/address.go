package botframework

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// serviceHosts are the hosts of the Bot Connector for Teams: public, GCC, GCC High and DoD (TeamsServiceEndpoints of
// Microsoft's Agents SDK). They are compared whole: anybody may register another name under trafficmanager.net.
var serviceHosts = []string{
	"smba.trafficmanager.net",
	"smba.infra.gcc.teams.microsoft.com",
	"smba.infra.gov.teams.microsoft.us",
	"smba.infra.dod.teams.microsoft.us",
}

// servicePath begins with a region, or the name of the service, and may name a tenant.
var servicePath = regexp.MustCompile(`^/[a-z][a-z0-9-]{1,31}(/[0-9a-fA-F-]{36})?/?$`)

// loopbackPath is what programs on this machine may have.
var loopbackPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*/?$`)

// Addresses says which service addresses the app's token may be sent to.
type Addresses struct {
	// Loopback allows addresses on this machine, also with http, and nothing else.
	Loopback bool
}

// Allows reports whether an address is the Bot Connector's, letter for letter.
func (a Addresses) Allows(address string) bool {
	if len(address) > 512 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.ContainsAny(address, `\%?#@`) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return false
	}
	if a.Loopback {
		return (u.Scheme == "http" || u.Scheme == "https") && onThisMachine(u.Hostname()) && loopbackPath.MatchString(u.Path) && !strings.Contains(u.Path, "..")
	}
	return strings.HasPrefix(address, "https://") && slices.Contains(serviceHosts, u.Host) && servicePath.MatchString(u.Path)
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

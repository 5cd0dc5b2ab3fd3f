package manifest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Config is what differs from one installation of Pintab to the next.
type Config struct {
	// BaseURL is where Pintab is reached, without a path: https://pintab.example.com.
	BaseURL string
	// AppID is the GUID of the Teams app itself. It stays the same for the life of an installation: a new one is a new app.
	AppID string
	// ClientID is the application (client) id of the Entra ID registration.
	ClientID string
	// BotID is the Microsoft App ID of the bot; empty means that the bot shares ClientID.
	BotID string
	// Version is the version of the package as major.minor.patch; Teams offers an update only when it grows.
	Version string
	// AllowLoopback lets BaseURL be http on a loopback address, as the sandbox needs. Real Teams loads https only.
	AllowLoopback bool
}

var (
	guidPattern    = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	versionPattern = regexp.MustCompile(`^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$`)
)

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// SSOResource is the application ID URI of Pintab's registration, and the webApplicationInfo.resource of its manifest.
// Microsoft's registration page for tab single sign-on prescribes api://<host>/botid-<id> for an app whose tabs and bot
// share one registration, as Pintab's do, and wants the host in lower case and equal to the tab's. A port belongs to it.
// The result is empty when baseURL has no host.
func SSOResource(baseURL, clientID string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" {
		return ""
	}
	return "api://" + strings.ToLower(u.Host) + "/botid-" + strings.ToLower(clientID)
}

// SSOScope is the delegated scope by which Teams asks for the tab's token.
func SSOScope(baseURL, clientID string) string {
	return SSOResource(baseURL, clientID) + "/access_as_user"
}

// checked gives the configuration in its normal form, or every problem it has, one on a line.
func (c Config) checked() (Config, error) {
	var problems []error
	origin, err := checkedOrigin(c.BaseURL, c.AllowLoopback)
	if err != nil {
		problems = append(problems, err)
	}
	c.BaseURL = origin
	if c.BotID == "" {
		c.BotID = c.ClientID
	}
	for _, id := range []struct {
		name  string
		value *string
	}{{"the app id", &c.AppID}, {"the client id", &c.ClientID}, {"the bot id", &c.BotID}} {
		*id.value = strings.ToLower(*id.value)
		if !guidPattern.MatchString(*id.value) || *id.value == zeroGUID {
			problems = append(problems, fmt.Errorf("%s must be a GUID such as 12345678-90ab-4cde-8f01-234567890abc, not %q", id.name, *id.value))
		}
	}
	if !versionPattern.MatchString(c.Version) {
		problems = append(problems, fmt.Errorf("the version must be three numbers such as 1.4.0, not %q", c.Version))
	}
	return c, errors.Join(problems...)
}

// checkedOrigin gives scheme and host in lower case. Anything beyond them is refused, because an address with a path,
// a user or a query would be cut into the manifest's own addresses.
func checkedOrigin(base string, allowLoopback bool) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "", fmt.Errorf("the public address must be an address such as https://pintab.example.com, not %q", base)
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("the public address must be scheme and host only, not %q", base)
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return "", fmt.Errorf("the public address must be https, because Teams loads nothing else: %q", base)
	}
	if u.Scheme == "http" && !allowLoopback {
		return "", fmt.Errorf("the public address %q is http on this machine only, which real Teams does not load; give the https address, or allow loopback addresses for the sandbox", base)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

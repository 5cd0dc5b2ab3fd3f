package main

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Config is everything that `pintab serve` can be told. It comes from the environment only; the README's table is printed
// from this struct.
type Config struct {
	PublicURL       string   `env:"PINTAB_PUBLIC_URL,required,notEmpty" help:"address people reach Pintab at, for example https://pintab.example.com"`
	Port            int      `env:"PORT" envDefault:"3978" help:"port to listen on"`
	Address         string   `env:"PINTAB_ADDRESS" help:"address to listen on; empty for all"`
	ClientID        string   `env:"CLIENT_ID,required,notEmpty" help:"application (client) id of the Entra ID registration"`
	ClientSecret    string   `env:"CLIENT_SECRET,required,notEmpty" secret:"true" help:"client secret of the registration"`
	TenantID        string   `env:"TENANT_ID,required,notEmpty" help:"directory (tenant) id, or several separated by commas"`
	DatabaseURL     string   `env:"DATABASE_URL,required,notEmpty" secret:"true" help:"sqlite:<file> or postgres://..."`
	SessionKeys     []string `env:"PINTAB_SESSION_KEYS,required,notEmpty" secret:"true" help:"32 random bytes in base64, or several separated by commas: the first seals, all open"`
	Authority       string   `env:"PINTAB_AUTHORITY" envDefault:"https://login.microsoftonline.com" help:"login host"`
	DiscoveryURL    string   `env:"PINTAB_DISCOVERY_URL" envDefault:"https://globaldisco.crm.dynamics.com" help:"global discovery service of your cloud"`
	FrameAncestors  []string `env:"PINTAB_FRAME_ANCESTORS" envSeparator:" " envDefault:"https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft" help:"hosts that may show Pintab in a frame, separated by spaces"`
	OperatorName    string   `env:"PINTAB_OPERATOR_NAME" help:"who runs this installation, as the privacy page and the terms say"`
	OperatorContact string   `env:"PINTAB_OPERATOR_CONTACT" help:"how people reach them: an e-mail address, a web address or words"`
	Organizations   []string `env:"PINTAB_ORGANIZATIONS" help:"addresses of the Dataverse organizations that may be used, separated by commas; empty for all"`
	StoppedTenants  []string `env:"PINTAB_STOPPED_TENANTS" help:"directory (tenant) ids, separated by commas, whose people are refused and signed out"`
	TrustedProxies  []string `env:"PINTAB_TRUSTED_PROXIES" help:"addresses or networks of your reverse proxies, separated by commas, whose X-Forwarded-For is believed, for example 10.0.0.0/8"`
	BotAppID        string   `env:"PINTAB_BOT_APP_ID" help:"Microsoft App ID of the bot; empty for CLIENT_ID"`
	BotSecret       string   `env:"PINTAB_BOT_SECRET" secret:"true" help:"secret of the bot's registration; empty for CLIENT_SECRET"`
	BotIssuer       string   `env:"PINTAB_BOT_ISSUER" envDefault:"https://api.botframework.com" help:"who signs what the Bot Connector of your cloud sends"`
	BotMetadata     string   `env:"PINTAB_BOT_OPENID_METADATA" envDefault:"https://login.botframework.com/v1/.well-known/openidconfiguration" help:"OpenID metadata of the Bot Connector"`
	BotTokenURL     string   `env:"PINTAB_BOT_TOKEN_URL" help:"token endpoint for the bot; empty for that of the first TENANT_ID"`
	Loopback        bool     `env:"PINTAB_LOOPBACK" help:"1 allows http, on loopback addresses only"`
}

// loadConfig reads the environment and reports every problem at once.
func loadConfig(environment map[string]string) (Config, error) {
	cfg, err := env.ParseAsWithOptions[Config](env.Options{Environment: environment})
	var problems []error
	if err != nil {
		var several env.AggregateError
		if errors.As(err, &several) {
			problems = append(problems, several.Errors...)
		} else {
			problems = append(problems, err)
		}
	}
	problems = append(problems, cfg.problems()...)
	return cfg, errors.Join(problems...)
}

// problems lists what cannot work although each value could be read.
func (c Config) problems() []error {
	var problems []error
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for name, address := range map[string]string{"PINTAB_PUBLIC_URL": c.PublicURL, "PINTAB_AUTHORITY": c.Authority, "PINTAB_DISCOVERY_URL": c.DiscoveryURL} {
		if address == "" {
			continue // already reported as missing
		}
		if err := checkAddress(address, c.Loopback); err != nil {
			complain("%s: %w", name, err)
		}
	}
	for name, address := range map[string]string{"PINTAB_BOT_ISSUER": c.BotIssuer, "PINTAB_BOT_OPENID_METADATA": c.BotMetadata, "PINTAB_BOT_TOKEN_URL": c.BotTokenURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && c.Loopback && isLoopback(u.Hostname()))) {
			complain("%s: not an https address", name)
		}
	}
	for i, key := range c.SessionKeys {
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(key)); err != nil || len(raw) < 32 {
			complain("PINTAB_SESSION_KEYS: key %d is not base64 of at least 32 bytes; `openssl rand -base64 32` makes one", i+1)
		}
	}
	for i, address := range c.organizations() {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && c.Loopback && isLoopback(u.Hostname())) || u.RawQuery != "" || u.Fragment != "" {
			complain("PINTAB_ORGANIZATIONS: address %d is not one such as https://contoso.crm.dynamics.com", i+1)
		}
	}
	for _, tenant := range c.stopped() {
		if !guid.MatchString(tenant) {
			complain("PINTAB_STOPPED_TENANTS: %q is not a directory (tenant) id", tenant)
		}
	}
	if _, err := c.trustedProxies(); err != nil {
		problems = append(problems, err)
	}
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "sqlite:") && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		complain("DATABASE_URL: starts neither with sqlite: nor with postgres://")
	}
	return problems
}

// checkAddress accepts an https origin, or with loopback also http on this very machine.
func checkAddress(address string, loopback bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return errors.New("not an address such as https://pintab.example.com")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return errors.New("must be scheme and host only")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && loopback && isLoopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return errors.New("http is only for loopback addresses with PINTAB_LOOPBACK=1; use https")
	}
	return fmt.Errorf("scheme %q is not https", u.Scheme)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// keys derives one key for a purpose from each configured session key, so that no two uses share bytes.
func (c Config) keys(purpose string) ([][]byte, error) {
	var keys [][]byte
	for _, text := range c.SessionKeys {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		key, err := hkdf.Key(sha256.New, raw, nil, "pintab "+purpose, 32)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// tenants are the directories whose people may sign in.
func (c Config) tenants() []string { return tidied(strings.Split(c.TenantID, ",")) }

// stopped are the directories whose people are refused.
func (c Config) stopped() []string { return tidied(c.StoppedTenants) }

// organizations are the addresses of the organizations that may be used, as discovery writes them; none means all.
func (c Config) organizations() []string {
	list := tidied(c.Organizations)
	for i := range list {
		list[i] = strings.TrimRight(list[i], "/")
	}
	return list
}

// trustedProxies are the networks of the reverse proxies.
func (c Config) trustedProxies() ([]*net.IPNet, error) {
	var networks []*net.IPNet
	for _, text := range tidied(c.TrustedProxies) {
		if ip := net.ParseIP(text); ip != nil {
			bits := 128
			if v4 := ip.To4(); v4 != nil {
				ip, bits = v4, 32
			}
			networks = append(networks, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
			continue
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return nil, fmt.Errorf("PINTAB_TRUSTED_PROXIES: %q is neither an address nor a network such as 10.0.0.0/8", text)
		}
		if ones, _ := network.Mask.Size(); ones == 0 {
			return nil, fmt.Errorf("PINTAB_TRUSTED_PROXIES: %q is everybody", text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

var guid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// tidied are the items of a list that are not empty, in lower case.
func tidied(items []string) []string {
	var list []string
	for _, item := range items {
		if item = strings.ToLower(strings.TrimSpace(item)); item != "" {
			list = append(list, item)
		}
	}
	return list
}

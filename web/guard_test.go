package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// address makes an address that a route answers.
func address(route string) string {
	return strings.ReplaceAll(route, "*", "nothing.js")
}

var policy = regexp.MustCompile(`^default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; img-src 'self' data:; ` +
	`frame-ancestors ` + regexp.QuoteMeta(frameAncestors) + `; script-src 'self' 'nonce-([A-Za-z0-9+/]{22})'; style-src 'self' 'nonce-([A-Za-z0-9+/]{22})'$`)

// Every answer carries the headers: pages, errors, redirects, refusals, files, whatever the method.
func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	at := start(t)
	signedIn, nobody := at.inTeams(person(world.Seller)), at.browser(false)
	addresses := []string{"/nowhere", "/tab/dashboard/", "//tab/dashboard", "/static/../x", "/%2e%2e/x", "/tab/dashboard?part=%zz"}
	for _, r := range at.echo.Routes() {
		addresses = append(addresses, address(r.Path))
	}
	nonces := map[string]bool{}
	for _, b := range []*browser{signedIn, nobody} {
		for _, to := range addresses {
			for _, method := range []string{"GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
				p := b.request(method, to, url.Values{"token": {"x"}})
				name := method + " " + to
				parts := policy.FindStringSubmatch(p.Header.Get("Content-Security-Policy"))
				if parts == nil || parts[1] != parts[2] {
					t.Fatalf("%s: policy %q", name, p.Header.Get("Content-Security-Policy"))
				}
				if nonces[parts[1]] {
					t.Fatalf("%s: the nonce was used before", name)
				}
				nonces[parts[1]] = true
				for header, want := range map[string]string{
					"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
					"X-Frame-Options": "", "Cross-Origin-Opener-Policy": "", "Access-Control-Allow-Origin": "",
				} {
					if got := p.Header.Get(header); got != want {
						t.Errorf("%s: %s is %q", name, header, got)
					}
				}
				if !strings.HasPrefix(to, "/static/") && to != "/favicon.ico" && p.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: Cache-Control %q", name, p.Header.Get("Cache-Control"))
				}
				if p.StatusCode >= 500 {
					t.Errorf("%s: %s", name, p.Status)
				}
				if strings.Contains(p.body, "nonce=") && !strings.Contains(p.body, `nonce="`+parts[1]+`"`) {
					t.Errorf("%s: the page has another nonce than its policy", name)
				}
			}
		}
	}
}

func TestThereIsNoTransportSecurityOverHTTP(t *testing.T) {
	at := start(t, func(c *Config) { c.PublicURL = "http://localhost:3978" })
	if got := at.browser(false).get("/healthz").Header.Get("Strict-Transport-Security"); got != "" {
		t.Error(got)
	}
}

// What another site can make a browser send is refused before any handler, on every route that changes something.
func TestRequestsFromOtherSitesAreRefused(t *testing.T) {
	at := start(t)
	origins := []string{"", "null", "https://evil.example", at.url, strings.Replace(at.url, "https:", "http:", 1), at.url + ".evil.example"}
	sites := []string{"", "none", "same-origin", "same-site", "cross-site", "nonsense"}
	cells := 0
	for _, r := range at.echo.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		b := at.inTeams(person(world.Seller))
		for _, site := range sites {
			for _, origin := range origins {
				if b.sessionOf() == "" { // signing out, where it is allowed, does so
					b = at.inTeams(person(world.Seller))
				}
				p := b.post(address(r.Path), url.Values{}, func(r *http.Request) {
					r.Header.Del("Sec-Fetch-Site")
					r.Header.Del("Origin")
					if site != "" {
						r.Header.Set("Sec-Fetch-Site", site)
					}
					if origin != "" {
						r.Header.Set("Origin", origin)
					}
				})
				sameHost := origin == at.url || origin == strings.Replace(at.url, "https:", "http:", 1)
				allowed := site == "same-origin" || site == "none" ||
					site == "" && (sameHost || origin == "" && ownProof[r.Path]) ||
					origin == at.url || // the configured origin is ours whatever else is said
					r.Path == "/auth/callback" // Entra ID posts from its own site
				if refused := p.StatusCode == http.StatusForbidden; refused == allowed {
					t.Errorf("POST %s, Sec-Fetch-Site %q, Origin %q: %s", r.Path, site, origin, p.Status)
				}
				cells++
			}
		}
	}
	if cells < 6*36 {
		t.Error("only", cells, "cells")
	}
	if n := at.crm.called("refresh"); n == 0 {
		t.Error("no allowed request went through")
	}
}

// A refused request has no effect.
func TestACrossSiteSignOutDoesNotSignOut(t *testing.T) {
	at := start(t)
	b := at.inTeams(person(world.Seller))
	b.post("/auth/signout", url.Values{}, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site"); r.Header.Del("Origin") }).wantStatus(http.StatusForbidden)
	b.get("/tab/dashboard").wantText("Row of one")
}

func TestBodiesOverTheLimitAreRefusedOnEveryRoute(t *testing.T) {
	at := start(t)
	big := append([]byte("token="), bytes.Repeat([]byte("x"), bodyLimit)...)
	for _, r := range at.echo.Routes() {
		for _, announced := range []bool{true, false} {
			b := at.browser(false)
			p := b.request(r.Method, address(r.Path), url.Values{}, func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(big)), int64(len(big))
				if !announced {
					r.ContentLength = -1
				}
			})
			reads := r.Method == http.MethodPost && r.Path != "/auth/signout"
			if (announced || reads && p.StatusCode != http.StatusUnauthorized) && p.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s %s, announced %t: %s", r.Method, r.Path, announced, p.Status)
			}
		}
	}
	almost := url.Values{"token": {strings.Repeat("x", bodyLimit-len("token="))}}
	at.browser(false).post("/auth/teams", almost).wantStatus(http.StatusUnauthorized)
}

func TestClientAddressesComeFromTrustedProxiesOnly(t *testing.T) {
	r, _ := http.NewRequest("GET", "/", nil)
	r.RemoteAddr = "192.0.2.1:1"
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.Header.Set("X-Real-Ip", "203.0.113.9")
	if got := addressExtractor(nil)(r); got != "192.0.2.1" {
		t.Error("believed anybody:", got)
	}
}

func TestConfigurationsThatCannotWorkAreRefused(t *testing.T) {
	at := start(t)
	for name, spoil := range map[string]func(*Config){
		"no origin":           func(c *Config) { c.PublicURL = "pintab.example" },
		"no key":              func(c *Config) { c.CookieKeys = nil },
		"a short key":         func(c *Config) { c.CookieKeys = [][]byte{[]byte("short")} },
		"an injected policy":  func(c *Config) { c.FrameAncestors = []string{"https://a; script-src *"} },
		"no sign-in":          func(c *Config) { c.SignIn = nil },
		"a host with a space": func(c *Config) { c.HostOrigins = []string{"http://a b"} },
	} {
		cfg := at.cfg
		spoil(&cfg)
		if _, err := New(cfg); err == nil {
			t.Error(name, "was accepted")
		}
	}
	if _, err := New(at.cfg); err != nil {
		t.Error(fmt.Errorf("the good one was not: %w", err))
	}
}

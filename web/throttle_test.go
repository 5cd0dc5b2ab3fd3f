package web

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// One address is held to its pace, in bursts and for long; its neighbours and the memory are not touched by it.
func TestAThrottleHoldsOneAddressToItsPace(t *testing.T) {
	c := &clock{}
	th := newThrottle(Pace{Burst: 3, Second: 0.5}, c.now)
	allowed := func(address string, tries int) (n int) {
		for range tries {
			if th.take(address) == 0 {
				n++
			}
		}
		return n
	}
	if n := allowed("192.0.2.1", 10); n != 3 {
		t.Error(n, "at once")
	}
	if wait := th.take("192.0.2.1"); wait.Round(time.Second) != 2*time.Second {
		t.Error("has to wait", wait)
	}
	if n := allowed("192.0.2.2", 10); n != 3 {
		t.Error("a neighbour is held up:", n)
	}
	c.forward(4 * time.Second)
	if n := allowed("192.0.2.1", 10); n != 2 {
		t.Error(n, "after four seconds")
	}
	c.forward(-time.Hour) // a clock that was set back
	if n := allowed("192.0.2.1", 10); n != 0 {
		t.Error(n, "in the past")
	}
	// One customer's IPv6 addresses are one; the same IPv4 address is one however it is written.
	if n := allowed("2001:db8::1", 3) + allowed("2001:db8::ffff:2%eth0", 3); n != 3 {
		t.Error(n, "from one network")
	}
	if n := allowed("2001:db8:0:1::1", 3); n != 3 {
		t.Error("another network is held up:", n)
	}
	if n := allowed("::ffff:192.0.2.9", 3) + allowed("192.0.2.9", 3); n != 3 {
		t.Error(n, "from one address")
	}
	if th.take("") != 0 || th.take("@") != 0 {
		t.Error("nobody is held up")
	}
	for i := range throttledAddresses + 5000 {
		th.take(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff))
	}
	if len(th.known) != throttledAddresses || th.recent.Len() != throttledAddresses {
		t.Error("remembers", len(th.known))
	}
}

// A flood of sign-ins from one address is refused with a page that says when to go on, and writes nothing; others sign in.
func TestAFloodOfSignInsWritesLittle(t *testing.T) {
	_, proxy, _ := net.ParseCIDR("127.0.0.0/8")
	at := start(t, func(c *Config) {
		c.StartPace, c.SignInPace, c.TrustedProxies = Pace{Burst: 5, Second: 0.1}, Pace{Burst: 5, Second: 0.1}, []*net.IPNet{proxy}
	})
	from := func(address string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("X-Forwarded-For", address) }
	}
	flood := at.browser(false)
	refused := 0
	for i := range 40 {
		// What stands left of the proxy's own entry is the client's invention.
		p := flood.get("/auth/start", from(fmt.Sprintf("203.0.113.%d, 198.51.100.7", i)))
		if p.StatusCode == http.StatusTooManyRequests {
			refused++
			p.wantText("Signing in is busy")
			p.wantText("Too many sign-ins come from your network")
			if p.Header.Get("Retry-After") != "10" || p.cookie(signInCookie) != nil {
				t.Error("Retry-After", p.Header.Get("Retry-After"))
			}
		}
	}
	if refused != 35 {
		t.Error(refused, "refused")
	}
	for _, route := range []string{"/auth/teams", "/auth/handoff", "/auth/callback"} {
		last := 0
		for range 6 {
			last = flood.post(route, url.Values{"token": {"x"}, "code": {"x"}, "state": {"x"}}, from("198.51.100.8")).StatusCode
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("%s: %d", route, last)
		}
	}
	other := at.browser(true)
	other.post("/auth/teams", url.Values{"token": {at.teamsToken(person(world.Seller))}, "next": {"/tab/dashboard"}}, from("198.51.100.9")).wantStatus(http.StatusOK)
	other.get("/tab/dashboard", from("198.51.100.7")).wantText("for " + person(world.Seller).ObjectID) // whoever has a session is not asked
	flood.get("/privacy", from("198.51.100.7")).wantStatus(http.StatusOK)
	at.clock.forward(10 * time.Second)
	flood.get("/auth/start", from("198.51.100.7")).wantStatus(http.StatusFound)
}

// An answer that names another login service is not redeemed, nor is its refusal believed (RFC 9207).
func TestAnAnswerOfAnotherLoginServiceIsRefused(t *testing.T) {
	at := start(t)
	seller := person(world.Seller)
	for iss, fine := range map[string]bool{
		at.idp + "/" + world.Home.ID + "/v2.0": true, at.idp + "/" + world.Second.ID + "/v2.0": true, "": true,
		"https://evil.example": false, at.idp: false, at.idp + "/" + world.Home.ID + "/v2.0/": false,
		at.idp + "/11111111-1111-1111-1111-111111111111/v2.0": false, strings.ToUpper(at.idp) + "/" + world.Home.ID + "/v2.0": false,
	} {
		b := at.browser(false)
		back := b.begin(seller, "next=/tab/dashboard", "accept")
		if iss != "" {
			back += "&iss=" + url.QueryEscape(iss)
		}
		p := b.get(back)
		if signedIn := p.cookie(sessionCookie) != nil; signedIn != fine {
			t.Errorf("%q: signed in %v, %s", iss, signedIn, p.Status)
		}
		if !fine {
			p.wantStatus(http.StatusUnauthorized)
			p.wantText("The sign-in service refused")
		}
	}
	b := at.browser(false)
	back := b.begin(seller, "", "accept")
	b.get(back + "&iss=a&iss=b").wantStatus(http.StatusBadRequest)
}

// A session that ended is no sign of blocked cookies: the browser has just brought one.
func TestAnEndedSessionIsNoBlockedCookie(t *testing.T) {
	at := start(t)
	b, elsewhere := at.inTeams(person(world.Seller)), at.inTeams(person(world.Seller))
	elsewhere.post("/auth/signout", url.Values{}).wantStatus(http.StatusOK)
	p := b.get("/tab/dashboard")
	p.wantOne("#token")
	if got := p.doc.Find("html").AttrOr("data-cookies", ""); got != "kept" {
		t.Errorf("data-cookies is %q", got)
	}
	if got := at.browser(true).get("/tab/dashboard").doc.Find("html").AttrOr("data-cookies", ""); got != "" {
		t.Errorf("without any cookie it is %q", got)
	}
	// Two windows of one browser sign in at once; the second to come back finds itself signed in.
	two := at.browser(false)
	first, second := two.begin(person(world.Seller), "next=/tab/settings", "accept"), two.begin(person(world.Seller), "next=/tab/privacy", "accept")
	two.get(first).wantStatus(http.StatusSeeOther)
	two.get(second).wantStatus(http.StatusSeeOther).wantLocation("/tab/privacy")
}

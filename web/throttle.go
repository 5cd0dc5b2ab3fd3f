package web

import (
	"container/list"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/fault"
)

// Pace is how often one address may do something: so many at once, and so many a second for as long as it likes.
type Pace struct {
	Burst  float64
	Second float64
}

// The usual paces. A whole company may come from one address, all at nine o'clock; what a flood leaves behind in the database
// stays small all the same, because a sign-in that nobody comes back from is removed after ten minutes.
var (
	signInPace = Pace{Burst: 600, Second: 20}
	startPace  = Pace{Burst: 120, Second: 4}
)

// throttledAddresses bounds the memory of a throttle; each takes about 200 bytes.
const throttledAddresses = 50_000

// throttle refuses what comes faster from one address than its pace. It is safe for concurrent use.
type throttle struct {
	pace Pace
	now  func() time.Time

	mu     sync.Mutex
	known  map[netip.Prefix]*list.Element
	recent *list.List // of *bucket, the one used last in front
}

// bucket holds what an address may still do at once.
type bucket struct {
	of   netip.Prefix
	left float64
	at   time.Time
}

func newThrottle(pace Pace, now func() time.Time) *throttle {
	return &throttle{pace: pace, now: now, known: map[netip.Prefix]*list.Element{}, recent: list.New()}
}

// take lets an address do it once more, or says how long it has to wait.
func (t *throttle) take(address string) (wait time.Duration) {
	key, ok := neighbourhood(address)
	if !ok {
		return 0 // not from a network: there is nobody to hold up
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	b := t.bucket(key, now)
	b.left = min(t.pace.Burst, b.left+max(0, now.Sub(b.at).Seconds())*t.pace.Second)
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) / t.pace.Second * float64(time.Second))
	}
	b.left--
	return 0
}

// bucket is that of an address; the one that was used longest ago makes room.
func (t *throttle) bucket(key netip.Prefix, now time.Time) *bucket {
	if e, ok := t.known[key]; ok {
		t.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if t.recent.Len() >= throttledAddresses {
		last := t.recent.Back()
		delete(t.known, last.Value.(*bucket).of)
		t.recent.Remove(last)
	}
	b := &bucket{of: key, left: t.pace.Burst, at: now}
	t.known[key] = t.recent.PushFront(b)
	return b
}

// neighbourhood is what counts as one address: of IPv6 the 64 bits that one customer is given.
func neighbourhood(address string) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, false
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}

// paced lists what somebody without a session can make us write or work out, and how often.
func (s *Server) paced() map[string]*throttle {
	if s.cfg.Unpaced {
		return nil
	}
	signIns, starts := newThrottle(s.cfg.SignInPace, s.cfg.Now), newThrottle(s.cfg.StartPace, s.cfg.Now)
	return map[string]*throttle{
		"GET /auth/start":     starts,
		"GET /auth/bot/start": starts,
		"POST /auth/teams":    signIns,
		"POST /auth/handoff":  signIns,
		"GET /auth/callback":  signIns,
		"POST /auth/callback": signIns,
	}
}

// throttled refuses, before anything is read or written, what an address does too often.
func (s *Server) throttled(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		method := c.Request().Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if t := s.paces[method+" "+c.Path()]; t != nil {
			if wait := t.take(c.RealIP()); wait > 0 {
				f := fault.New(fault.Busy, "web.too_many")
				f.RetryAfter = max(wait, time.Second)
				return f
			}
		}
		return next(c)
	}
}

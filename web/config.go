package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/workspace"
	"github.com/pintab/pintab/templates"
)

// Config is everything the server needs. The ports and PublicURL, CookieKeys and AuthorizeURL are required.
type Config struct {
	PublicURL      string       // our origin as browsers see it, for example https://pintab.example.com
	FrameAncestors []string     // hosts that may show us in a frame, as CSP host sources; none means nobody
	HostOrigins    []string     // origins that TeamsJS accepts beside its built-in list; empty in production
	CookieKeys     [][]byte     // 32 bytes or more each: the first signs session cookies, all verify them
	TrustedProxies []*net.IPNet // their X-Forwarded-For is believed

	// SignInPace is how often one address may sign in, and StartPace how often it may begin to interactively; the zero value
	// means the usual. Unpaced lifts both, where everybody comes from one address: on this machine alone.
	SignInPace, StartPace Pace
	Unpaced               bool

	SessionIdle  time.Duration // a session unused for so long has ended; 0 means three days
	SessionLife  time.Duration // no session lives longer; 0 means thirty days
	PageDeadline time.Duration // upstream calls of one page end after so long; 0 means ten seconds

	SignIn SignIn
	// AuthorizeURL is where a browser goes to sign in interactively; "" while the login service is not known.
	AuthorizeURL func(AuthRequest) string
	Store        Store
	Places       Places
	Dashboards   Dashboards
	Checks       Checks       // nil: there is no connection check
	Records      Records      // nil: there is no page of records
	Views        Views        // nil: there is no list page; it needs Records
	Lookups      Lookups      // nil: lookups suggest nothing
	Acts         Acts         // nil: a record's actions are not offered
	Adds         Adds         // nil: nothing is added to a record but other records
	Files        Files        // nil: files and images are left to Dynamics 365
	Stages       Stages       // nil: processes are shown, and moved in Dynamics 365
	Related      Related      // nil: sub-grids and timelines are left to Dynamics 365
	Search       Search       // nil: nothing is looked for, and nothing pinned
	Pins         Pins         // nil: nothing is pinned; it needs Search, Records and Views
	RelatedLists RelatedLists // nil: tabs show records without lists
	// WriteDeadline bounds a write with everything that finding out its outcome takes; 0 means 50 seconds.
	WriteDeadline time.Duration
	Readings      Readings // nil: Settings says nothing of time zones and formats of records
	// Ahead begins to read at once what a person's last visits to a scene needed one after the other; nil: nobody does.
	Ahead    Ahead
	Bot      Bot // nil: there is no chat
	Privacy  Privacy
	Operator templates.Operator // who answers for this installation

	Log  *slog.Logger     // nil: slog.Default
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // nil: crypto/rand
}

// SignIn is what this package needs from Entra ID.
type SignIn interface {
	// SignInTab verifies the token that Teams gave a tab, exchanges it and keeps the person's tokens.
	SignInTab(ctx context.Context, token string) (crm.Profile, error)
	// Redeem exchanges an authorization code, verifies the ID token with its nonce and keeps the person's tokens.
	Redeem(ctx context.Context, code, verifier, nonce string) (crm.Profile, error)
	// CheckIssuer refuses an answer that says it comes from another login service than ours, or that ought to say where it comes
	// from and does not (RFC 9207). Issuer is its parameter iss; "" when it has none.
	CheckIssuer(ctx context.Context, issuer string) error
	// SignOut forgets the person's tokens.
	SignOut(ctx context.Context, user crm.User) error
	// Admit refuses the people of a tenant that is stopped or not allowed (any more), signed in or not.
	Admit(tenant string) error
}

// AuthRequest is one interactive sign-in. Its fields are those of the authorization request of the same names.
type AuthRequest struct {
	State     string
	Nonce     string
	Verifier  string
	LoginHint string
	Claims    string
	Prompt    string
	Tenant    string
}

// Store keeps sessions, sign-ins and hand-offs, each under the SHA-256 hash of its secret.
type Store interface {
	Sessions
	StartSignIn(ctx context.Context, state []byte, f crm.SignIn) error
	TakeSignIn(ctx context.Context, state []byte) (crm.SignIn, bool, error)
	OfferHandOff(ctx context.Context, code []byte, h crm.HandOff) error
	TakeHandOff(ctx context.Context, code []byte) (crm.HandOff, bool, error)
	// Epoch is the number of erasures of people so far (privacy.WithEpoch); a Session carries its own.
	Epoch(ctx context.Context) (int64, error)
	Ping(ctx context.Context) error
}

// Sessions keeps the rows behind session cookies.
type Sessions interface {
	StartSession(ctx context.Context, id []byte, session crm.Session) error
	Session(ctx context.Context, id []byte) (crm.Session, bool, error)
	SawSession(ctx context.Context, id []byte) error
	EndSession(ctx context.Context, id []byte) error
	EndSessions(ctx context.Context, user crm.User) error
	// Language is the one that a person chose for the pages; "" for none. A Session carries it.
	Language(ctx context.Context, user crm.User) (string, error)
	ChooseLanguage(ctx context.Context, user crm.User, language string) error
}

// Places says where a person works, and lets them choose.
type Places interface {
	Place(ctx context.Context, caller crm.Caller) (workspace.Placement, error)
	Choices(ctx context.Context, caller crm.Caller, organizationURL string) (workspace.Choices, error)
	Check(ctx context.Context, caller crm.Caller, organizationURL, appID string) (crm.Place, error)
	Choose(ctx context.Context, caller crm.Caller, organizationURL, appID string, board crm.DashboardRef) (saved time.Time, err error)
	Undo(ctx context.Context, caller crm.Caller, saved time.Time) error
	Undoable(ctx context.Context, caller crm.Caller, saved time.Time) (bool, error)
}

// Dashboards opens and fills dashboards.
type Dashboards interface {
	Open(ctx context.Context, caller crm.Caller, place crm.Place, wanted string) (dashboard.Board, error)
	Fill(ctx context.Context, caller crm.Caller, place crm.Place, d crm.Dashboard, states map[string]crm.PartState, emit func(crm.Filled) error) error
	Part(ctx context.Context, caller crm.Caller, place crm.Place, dashboardID, key string, state crm.PartState) (crm.Filled, error)
	Offer(ctx context.Context, caller crm.Caller, place crm.Place) (choices []crm.DashboardRef, opens crm.DashboardRef, err error)
	Choose(ctx context.Context, caller crm.Caller, place crm.Place, dashboardID string) error
	Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error
}

// Ahead goes ahead of a visit that a person is about to make: the visit goes on with the context given back, and end has
// to be called after it. Scene names what is shown; a scene where the person has not been yet goes by one that is like it.
type Ahead func(ctx context.Context, caller crm.Caller, scene string, like ...string) (visit context.Context, end func())

// complete fills what may be left out and refuses what may not.
func (c *Config) complete() error {
	origin, err := url.Parse(c.PublicURL)
	if err != nil || origin.Host == "" || origin.Scheme != "https" && origin.Scheme != "http" {
		return errors.New("web: PublicURL is not an origin such as https://pintab.example.com")
	}
	c.PublicURL = origin.Scheme + "://" + origin.Host
	if len(c.CookieKeys) == 0 {
		return errors.New("web: no key to sign cookies with")
	}
	for _, key := range c.CookieKeys {
		if len(key) < 32 {
			return errors.New("web: a cookie key is shorter than 32 bytes")
		}
	}
	for _, source := range append(append([]string{}, c.FrameAncestors...), c.HostOrigins...) {
		if source == "" || strings.ContainsAny(source, " ;,\"'\r\n\t") {
			return errors.New("web: a frame ancestor or host origin has characters that no host has")
		}
	}
	if c.SignIn == nil || c.AuthorizeURL == nil || c.Store == nil || c.Places == nil || c.Dashboards == nil || c.Privacy == nil {
		return errors.New("web: a port is missing")
	}
	c.defaults()
	return nil
}
func (c *Config) defaults() {
	setDuration(&c.SessionIdle, 3*24*time.Hour)
	setDuration(&c.SessionLife, 30*24*time.Hour)
	setDuration(&c.PageDeadline, 10*time.Second)
	setDuration(&c.WriteDeadline, 50*time.Second)
	if c.SignInPace == (Pace{}) {
		c.SignInPace = signInPace
	}
	if c.StartPace == (Pace{}) {
		c.StartPace = startPace
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
}

func setDuration(d *time.Duration, usual time.Duration) {
	if *d <= 0 {
		*d = usual
	}
}

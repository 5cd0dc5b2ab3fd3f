package templates

import (
	"net/url"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

// Theme is one of the three looks of Teams. Anything else is drawn as ThemeDefault.
type Theme string

// The themes, as Teams names them in app.theme and in the {theme} placeholder.
const (
	ThemeDefault  Theme = "default"
	ThemeDark     Theme = "dark"
	ThemeContrast Theme = "contrast"
)

// ThemeFrom reads a theme name as Teams writes it; unknown names give ThemeDefault.
func ThemeFrom(name string) Theme {
	switch t := Theme(name); t {
	case ThemeDark, ThemeContrast:
		return t
	}
	return ThemeDefault
}

// Page is what every page needs to know, whatever it shows.
type Page struct {
	Theme Theme
	// HostOrigins are origins that TeamsJS accepts as its host beside its built-in list, each with scheme, host and port.
	// Empty in production; the sandbox gives the address of its Teams stand-in.
	HostOrigins []string
	// Path is the address this page is to be found at, with its query, when it was answered from another one (POST
	// /auth/teams answers the dashboard itself). Script puts it into the address bar. Empty: leave the address alone.
	Path string
	// LoginHint is the username of the person in session, for a sign-in to offer; "" without one.
	LoginHint string
	// CookieCame says that the browser has sent a session, though not one that this page could be shown by. A page that signs in
	// silently then knows that cookies are not blocked.
	CookieCame bool
	// InTeams says that the page is known to run inside Teams; outside of it TeamsJS is not loaded.
	InTeams bool
}

// ShellModel is the page that signs a person in silently when Teams shows a tab without a session.
type ShellModel struct {
	Page Page
	// Next is the path to go to after signing in, with its query; always our own, beginning with "/".
	Next string
	// CookiesBlocked says that a sign-in has just succeeded and its cookie did not come back.
	CookiesBlocked bool
}

// SignInModel asks the person to sign in with a click: after a silent attempt was refused, after signing out, or in an
// ordinary browser.
type SignInModel struct {
	Page Page
	Next string
	// Fault says why; nil when the person simply is not signed in.
	Fault *fault.Error
	// Claims is the claims challenge that the interactive sign-in has to carry; usually fault.Error.Claims.
	Claims string
	// SignedOut says that the person has just signed out.
	SignedOut bool
}

// StartURL is where an interactive sign-in begins in the same window, without script.
func (m SignInModel) StartURL() string {
	hint := m.Page.LoginHint
	if m.Fault != nil && m.Fault.LoginHint != "" {
		hint = m.Fault.LoginHint
	}
	return startURL(m.Next, m.Claims, hint)
}

func startURL(next, claims, hint string) string {
	v := url.Values{}
	if next != "" {
		v.Set("next", next)
	}
	if claims != "" {
		v.Set("claims", claims)
	}
	if hint != "" {
		v.Set("login_hint", hint)
	}
	if len(v) == 0 {
		return "/auth/start"
	}
	return "/auth/start?" + v.Encode()
}

// HandOffModel is the end of the sign-in popup: it gives the one-time code to the tab that opened it and closes.
type HandOffModel struct {
	Page Page
	// Code is the one-time code; empty when signing in failed.
	Code string
	// ShownCode is a code for the person to type where their client does not hand it on; empty for none.
	ShownCode string
	// Fault says why signing in failed.
	Fault *fault.Error
	// AppOrigin is our own origin, to which alone the code is posted.
	AppOrigin string
}

// Situation is what a StatePage is about.
type Situation string

// The situations. Each has a title, a sentence and a way on.
const (
	NoOrganization Situation = "no-organization" // State.LeftOut tells why each is not offered
	NoApp          Situation = "no-app"          // the same, for the apps of State.Place.Organization
	NoDashboard    Situation = "no-dashboard"
	NoPermission   Situation = "no-permission"
	UpstreamBusy   Situation = "busy" // State.RetryAfter
	UpstreamDown   Situation = "down"
	SignInBusy     Situation = "too-many" // State.RetryAfter
	SignedOut      Situation = "signed-out"
	CookiesBlocked Situation = "cookies-blocked"
	PageNotFound   Situation = "not-found"
	BadRequest     Situation = "bad-request"
	Conflicting    Situation = "conflict"
	OverLimit      Situation = "too-large"
	TenantStopped  Situation = "stopped"  // the operator has switched Pintab off for the person's company
	Broken         Situation = "internal" // State.Correlation

	// Of tabs whose record or view cannot be shown: State.Pin tells where they lead.
	PinDeleted      Situation = "pin-deleted"
	PinNoAccess     Situation = "pin-no-access"
	PinNoApp        Situation = "pin-no-app"
	PinOrganization Situation = "pin-organization"
	PinRemoved      Situation = "pin-removed"
	PinUnknown      Situation = "pin-unknown"
	PinPersonal     Situation = "pin-personal" // a personal view that is not shared with the person
	PinGuest        Situation = "pin-guest"    // of an organization that knows no guests
	PinTenant       Situation = "pin-tenant"   // of another company; there is no State.Pin
)

// Situations lists every situation, for tests.
func Situations() []Situation {
	return []Situation{NoOrganization, NoApp, NoDashboard, NoPermission, UpstreamBusy, UpstreamDown, SignInBusy, SignedOut,
		CookiesBlocked, PageNotFound, BadRequest, Conflicting, OverLimit, TenantStopped, Broken,
		PinDeleted, PinNoAccess, PinNoApp, PinOrganization, PinRemoved, PinUnknown, PinPersonal, PinGuest, PinTenant}
}

// SituationOf gives the situation of a fault.
func SituationOf(f *fault.Error) Situation {
	switch f.Key {
	case "web.too_many", "entra.busy":
		return SignInBusy
	case "entra.stopped":
		return TenantStopped
	case "pin.other_tenant":
		return PinTenant
	}
	switch f.Kind {
	case fault.Invalid:
		return BadRequest
	case fault.SignedOut, fault.Consent:
		return SignedOut
	case fault.Forbidden:
		return NoPermission
	case fault.NotFound:
		return PageNotFound
	case fault.Conflict:
		return Conflicting
	case fault.Busy:
		return UpstreamBusy
	case fault.Unreachable:
		return UpstreamDown
	case fault.TooLarge:
		return OverLimit
	}
	return Broken
}

// RetryLater is how long a person is told to wait when an upstream did not say.
const RetryLater = 10 * time.Second

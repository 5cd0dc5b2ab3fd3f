package templates

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// State is a situation in which the page that was asked for cannot be shown.
type State struct {
	Situation Situation
	// Fault supplies the sentence where its key has one in package locale; nil for the situation's own sentence.
	Fault *fault.Error
	// Place is where the person works, as far as it is known.
	Place crm.Place
	// LeftOut are the organizations (or apps) that are not offered, and why.
	LeftOut []crm.LeftOut
	// RetryAfter is how long an upstream asked us to wait; zero when it did not say.
	RetryAfter time.Duration
	// Operator is whom to ask where only they can help; it is shown in no other situation.
	Operator Operator
	// Pin is the pin of a tab that shows no record and no view; nil on every other page.
	Pin *PinTrouble
	// Correlation identifies this request in the log; shown for Broken.
	Correlation string
	// RetryPath is where Try again leads, usually the address that was asked for; empty: /tab/dashboard.
	RetryPath string
}

// StateModel is a State as a page of its own.
type StateModel struct {
	Page  Page
	State State
}

// StateOf makes the state of a failed request.
func StateOf(err error, retryPath, correlation string) State {
	f := fault.Of(err)
	return State{Situation: SituationOf(f), Fault: f, RetryAfter: f.RetryAfter, RetryPath: retryPath, Correlation: correlation}
}

func (s State) title(ctx context.Context) string {
	return t(ctx, "state."+string(s.Situation)+".title")
}

// text prefers the fault's own sentence to the situation's.
func (s State) text(ctx context.Context) string {
	l := locale.From(ctx)
	if s.Fault != nil && l.Has(s.Fault.Key) {
		return faultText(ctx, s.Fault)
	}
	args := locale.Args{"organization": s.Place.Organization.Name, "app": s.Place.App.Name}
	return l.T("state."+string(s.Situation)+".text", waitArgs(s.RetryAfter, args))
}

// waitArgs adds how long to wait; an upstream that did not say is given RetryLater.
func waitArgs(wait time.Duration, args locale.Args) locale.Args {
	if wait <= 0 {
		wait = RetryLater
	}
	args["wait"] = wait
	return args
}

func (s State) icon() templ.Component {
	switch s.Situation {
	case SignedOut, CookiesBlocked, NoPermission, PinNoAccess, PinPersonal, PinGuest, PinTenant:
		return iconLock()
	case NoOrganization, NoApp, NoDashboard, PinNoApp, PinOrganization:
		return iconBoard()
	case UpstreamBusy, SignInBusy:
		return iconClock()
	case PageNotFound, PinDeleted, PinRemoved:
		return iconSearch()
	}
	return iconWarning()
}

func (s State) retryPath() string {
	if !strings.HasPrefix(s.RetryPath, "/") || strings.HasPrefix(s.RetryPath, "//") || strings.HasPrefix(s.RetryPath, `/\`) {
		return dashboardPath
	}
	return s.RetryPath
}

// choosable reports that another organization or app may do better, which Settings knows.
func (s State) choosable() bool {
	switch s.Situation {
	case NoOrganization, NoApp, NoDashboard:
		return true
	case NoPermission, UpstreamBusy, UpstreamDown:
		return s.Place.Organization.URL != ""
	}
	return false
}

func (s State) claims() string {
	if s.Fault == nil {
		return ""
	}
	return s.Fault.Claims
}

func (s State) home(theme Theme) templ.SafeURL {
	if theme == "" || theme == ThemeDefault {
		return dashboardPath
	}
	return templ.SafeURL(dashboardPath + "?theme=" + url.QueryEscape(string(theme)))
}

// dynamics is the organization or the app in Dynamics 365, where the place is known as far as that.
func (s State) dynamics() templ.SafeURL {
	switch s.Situation {
	case NoApp, NoDashboard, NoPermission:
		if s.Place.App.ID != "" {
			l := links{place: s.Place, origin: safeURL(s.Place.Organization.URL)}
			return l.dynamics()
		}
		return safeURL(s.Place.Organization.URL)
	}
	return ""
}

func (s State) leftOutTitle(ctx context.Context) string {
	if s.Situation == NoApp {
		return t(ctx, "state.left-out-apps")
	}
	return t(ctx, "state.left-out-organizations")
}

func leftOutName(ctx context.Context, o crm.LeftOut) string {
	if o.Name == "" {
		return t(ctx, "list.no-name")
	}
	return o.Name
}

func leftOutReason(ctx context.Context, o crm.LeftOut) string {
	return t(ctx, "reason."+string(o.Reason), locale.Args{"detail": o.Detail})
}

// interactive reports that signing in silently again would end at the same place: Entra ID wants the person.
func (s State) interactive() bool {
	return s.Situation == SignedOut && s.Fault != nil && s.Fault.Kind == fault.Consent
}

// newWindow keeps a sign-in out of the frame, where Entra ID does not show itself; script turns such a link into a popup.
func newWindow(p Page) templ.OrderedAttributes {
	if !p.InTeams {
		return nil
	}
	return templ.OrderedAttributes{{Key: "target", Value: "_blank"}}
}

// asksOperator reports whether only the people who run Pintab can help.
func (s State) asksOperator() bool {
	return s.Situation == TenantStopped || s.Fault != nil && s.Fault.Key == "entra.tenant"
}

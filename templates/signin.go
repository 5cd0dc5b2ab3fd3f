package templates

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

func shellAttributes(ctx context.Context, p Page, cookiesBlocked bool) templ.OrderedAttributes {
	attributes := htmlAttributes(ctx, p)
	if cookiesBlocked {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "data-cookies", Value: "blocked"})
	}
	return attributes
}

func isDashboard(next string) bool {
	path, _, _ := strings.Cut(next, "?")
	return path == dashboardPath || path == ""
}

// shellTitle names the page that signing in leads to, for as long as it is not there.
func shellTitle(ctx context.Context, next string) string {
	path, _, _ := strings.Cut(next, "?")
	switch {
	case isDashboard(next):
		return t(ctx, "dashboard.title")
	case path == settingsPath:
		return t(ctx, "settings.title")
	}
	return t(ctx, "product")
}

func signInTitle(ctx context.Context, m SignInModel) string {
	switch {
	case m.SignedOut:
		return t(ctx, "signin.signed-out")
	case m.Fault != nil && m.Fault.Kind == fault.Consent:
		return t(ctx, "signin.consent-title")
	case m.Fault != nil && m.Fault.Kind != fault.SignedOut:
		return t(ctx, "signin.failed")
	}
	return t(ctx, "signin.title")
}

func signInText(ctx context.Context, m SignInModel) string {
	switch {
	case m.SignedOut:
		return t(ctx, "signin.signed-out-text")
	case m.Fault != nil:
		return faultText(ctx, m.Fault)
	}
	return t(ctx, "signin.text")
}

// faultText is the sentence for a fault: its own where it has one, else that of its kind.
func faultText(ctx context.Context, f *fault.Error) string {
	l := locale.From(ctx)
	args := locale.Args{}
	for name, value := range f.Args {
		args[name] = value
	}
	args = waitArgs(f.RetryAfter, args)
	if l.Has(f.Key) {
		return l.T(f.Key, args)
	}
	return l.T("state."+string(SituationOf(f))+".text", args)
}

// handOffProblem is a word for the host's log, not for people.
func handOffProblem(m HandOffModel) string {
	if m.Fault == nil {
		return ""
	}
	return m.Fault.Key
}

package templates

import (
	"context"
	"net/url"
	"slices"

	"github.com/pintab/pintab/internal/fault"
)

// ResendModel is a form that could not be taken: the person's session had ended, or nobody answered. It holds all that they
// typed, so that it can be sent again.
type ResendModel struct {
	Page   Page
	Fault  *fault.Error
	Action string     // where the form goes, ours with its query
	Fields url.Values // what was posted
	Next   string     // the page that the form belongs to
}

// signIn reports whether signing in is what helps.
func (m ResendModel) signIn() bool {
	return m.Fault.Kind == fault.SignedOut || m.Fault.Kind == fault.Consent
}

func (m ResendModel) names() []string {
	names := make([]string, 0, len(m.Fields))
	for name := range m.Fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (m ResendModel) title(ctx context.Context) string {
	if m.signIn() {
		return t(ctx, "resend.sign-in")
	}
	return t(ctx, "resend.title")
}

func (m ResendModel) text(ctx context.Context) string {
	if m.signIn() {
		return t(ctx, "resend.sign-in-text")
	}
	return faultText(ctx, m.Fault)
}

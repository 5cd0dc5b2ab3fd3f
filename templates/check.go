package templates

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/checkup"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// CheckModel is the connection check. It is drawn as a dashboard is: what is known at once, then each finding the moment it
// is there. General, Organizations and Findings are asked in this order, once each, and only when SignedIn.
type CheckModel struct {
	Page     Page
	SignedIn bool
	At       time.Time
	// Reference names this request in the log, and Program the version of Pintab; both are for the report.
	Reference string
	Program   string

	General       iter.Seq[checkup.Finding]
	Organizations func() []checkup.Organization
	Findings      iter.Seq[checkup.Finding]
}

// checked is what the page has found so far, for its summary and report.
type checked struct {
	organizations []checkup.Organization
	findings      []checkup.Finding
}

func (c *checked) add(f checkup.Finding) checkup.Finding {
	c.findings = append(c.findings, f)
	return f
}

func (c *checked) found(organizations []checkup.Organization) []checkup.Organization {
	c.organizations = organizations
	return organizations
}

func (c *checked) count(v checkup.Verdict) int {
	n := 0
	for _, f := range c.findings {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

func (c *checked) summary(ctx context.Context) string {
	return t(ctx, "check.summary", locale.Args{"fine": c.count(checkup.Fine), "note": c.count(checkup.Note), "failed": c.count(checkup.Failed)})
}

// wanted is the sign-in that one of the findings asks for; nil when none does.
func (c *checked) wanted() *fault.Error {
	var first *fault.Error
	for _, f := range c.findings {
		switch f.Cause {
		case checkup.CauseConsent:
			return fault.Of(f.Err) // its challenge matters
		case checkup.CauseSignIn:
			if first == nil {
				first = fault.Of(f.Err)
			}
		}
	}
	return first
}

func signInLink(p Page, next string, f *fault.Error) string {
	hint, claims := p.LoginHint, ""
	if f != nil {
		claims = f.Claims
		if f.LoginHint != "" {
			hint = f.LoginHint
		}
	}
	return startURL(next, claims, hint)
}

// checkable reports whether a check of the connection may tell more about the situation.
func (s State) checkable() bool {
	switch s.Situation {
	case NoOrganization, NoApp, UpstreamBusy, UpstreamDown, CookiesBlocked, Broken, PinNoAccess, PinNoApp, PinOrganization, PinUnknown:
		return true
	}
	return false
}

// checkText is what a finding says: what was found, and why.
func checkText(ctx context.Context, f checkup.Finding) string {
	seconds := f.Seconds
	if seconds < 0 {
		seconds = -seconds
	}
	var rights []string
	for _, name := range f.Missing {
		rights = append(rights, t(ctx, "check.right."+name))
	}
	text := t(ctx, "check."+string(f.Step)+"."+string(f.Outcome), locale.Args{
		"n": f.Listed, "out": f.LeftOut, "version": f.Version, "ms": milliseconds(f.Took), "seconds": seconds, "rights": strings.Join(rights, locale.From(ctx).Comma()),
	})
	if f.Cause != "" {
		text += " " + t(ctx, "check.because."+string(f.Cause))
	}
	if f.Reason != "" {
		text += " " + t(ctx, "reason."+string(f.Reason), locale.Args{"detail": f.Detail})
	}
	return text
}

// milliseconds rounds up: nothing takes no time.
func milliseconds(d time.Duration) int { return int((d + time.Millisecond - 1) / time.Millisecond) }

// checkAdvice is what to do about a finding, or whom to ask; "" where there is nothing to do.
func checkAdvice(ctx context.Context, f checkup.Finding) string {
	for _, key := range []string{"check.do." + string(f.Step) + "." + string(f.Outcome), "check.do." + string(f.Outcome), "check.do." + string(f.Cause)} {
		if locale.From(ctx).Has(key) {
			return t(ctx, key)
		}
	}
	return ""
}

func stepTitle(ctx context.Context, s checkup.Step) string { return t(ctx, "check.step."+string(s)) }

func verdictText(ctx context.Context, v checkup.Verdict) string {
	return t(ctx, "check.verdict."+string(v))
}

// stepSlot names the place of a finding; ids are GUIDs.
func stepSlot(organization string, s checkup.Step) string {
	if organization == "" {
		return string(s)
	}
	return string(s) + "-" + organization
}

// report is everything in plain text. It holds names of organizations and of requests, and nothing about the person.
func (c *checked) report(ctx context.Context, m CheckModel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s · Pintab %s · %s · %s %s\n", t(ctx, "check.title"), m.At.UTC().Format("2006-01-02 15:04:05 UTC"),
		m.Program, locale.From(ctx).Tag(), t(ctx, "check.reference"), m.Reference)
	if !m.SignedIn {
		fmt.Fprintf(&b, "%s\n", t(ctx, "check.signed-out"))
	}
	c.lines(ctx, &b, "")
	for _, o := range c.organizations {
		fmt.Fprintf(&b, "\n%s (%s)\n", oneLine(o.Name), oneLine(o.URL))
		c.lines(ctx, &b, o.ID)
	}
	return b.String()
}

func (c *checked) lines(ctx context.Context, b *strings.Builder, organization string) {
	for _, f := range c.findings {
		if f.Organization != organization {
			continue
		}
		fmt.Fprintf(b, "[%s] %s: %s", verdictText(ctx, f.Verdict), stepTitle(ctx, f.Step), oneLine(checkText(ctx, f)))
		var notes []string
		if f.Took > 0 {
			notes = append(notes, fmt.Sprintf("%d ms", milliseconds(f.Took)))
		}
		if f.Request != "" {
			notes = append(notes, "request "+f.Request)
		}
		if f.Err != nil {
			notes = append(notes, fault.Of(f.Err).Key)
		}
		if len(notes) > 0 {
			fmt.Fprintf(b, " (%s)", strings.Join(notes, "; "))
		}
		b.WriteByte('\n')
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// browserOutcome is what script may find, with the verdict that goes with it.
type browserOutcome struct {
	name    string
	verdict checkup.Verdict
}

// browserStep is one thing that only a browser can test.
type browserStep struct {
	name     string
	outcomes []browserOutcome
}

// browserSteps lists them in reading order. What script fills into their messages keeps its braces here.
func browserSteps() []browserStep {
	return []browserStep{
		{"script", []browserOutcome{{"good", checkup.Fine}}},
		{"frame", []browserOutcome{{"good", checkup.Fine}, {"alone", checkup.Note}}},
		{"host", []browserOutcome{{"good", checkup.Fine}, {"alone", checkup.Note}, {"silent", checkup.Failed}}},
		{"token", []browserOutcome{{"good", checkup.Fine}, {"alone", checkup.Note}, {"silent", checkup.Note}, {"refused", checkup.Failed}}},
		{"cookie", []browserOutcome{{"good", checkup.Fine}, {"blocked", checkup.Failed}, {"unreachable", checkup.Failed}}},
		{"browser-clock", []browserOutcome{{"good", checkup.Fine}, {"differs", checkup.Note}, {"unreachable", checkup.Failed}}},
	}
}

func browserText(ctx context.Context, step, outcome string) string {
	text := t(ctx, "check."+step+"."+outcome)
	if key := "check.do." + step + "." + outcome; locale.From(ctx).Has(key) {
		text += " " + t(ctx, key)
	}
	return text
}

package checkup

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Login is what this package needs of the login service.
type Login interface {
	// TestRenewal redeems the person's refresh token.
	TestRenewal(ctx context.Context, user crm.User) (crm.Exchange, error)
	// TestLogin asks for something public, to know its clock.
	TestLogin(ctx context.Context, user crm.User) (crm.Exchange, error)
}

// Dataverse is what this package needs of Dataverse, asked afresh each time.
type Dataverse interface {
	TestDiscovery(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, x crm.Exchange, err error)
	TestVersion(ctx context.Context, caller crm.Caller, org crm.Organization) (version string, x crm.Exchange, err error)
	TestMember(ctx context.Context, caller crm.Caller, org crm.Organization) (user string, x crm.Exchange, err error)
	TestApps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, x crm.Exchange, err error)
	TestRights(ctx context.Context, caller crm.Caller, org crm.Organization, user string, privileges []string) (map[string]crm.Right, crm.Exchange, error)
	TestSearch(ctx context.Context, caller crm.Caller, org crm.Organization) (crm.Search, crm.Exchange, error)
}

// Service tests for one person at a time. It is safe for concurrent use.
type Service struct {
	Login     Login
	Dataverse Dataverse
	// StepTime is how long one step may take, 0 means six seconds; Time bounds all of them, 0 means twenty seconds.
	StepTime, Time time.Duration
}

// Step is one thing that is tested.
type Step string

// The steps: those of General once, the others for each organization.
const (
	Renewal        Step = "renewal"
	LoginClock     Step = "login-clock"
	Discovery      Step = "discovery"
	DataverseClock Step = "dataverse-clock"

	Offer  Step = "offer" // of an organization that is left out: why
	Answer Step = "answer"
	Member Step = "member"
	Apps   Step = "apps"
	Rights Step = "rights"
	Search Step = "search"
)

// General lists the steps that are not an organization's, in reading order.
func General() []Step { return []Step{Renewal, LoginClock, Discovery, DataverseClock} }

// Verdict is how a step ended.
type Verdict string

// The verdicts.
const (
	Fine   Verdict = "fine"
	Note   Verdict = "note"
	Failed Verdict = "failed"
)

// Outcome is what was found; with its step it names a message. A step that failed for a reason of its own has that as its
// outcome, and any other failure Broken with a Cause.
type Outcome string

// The outcomes.
const (
	Good     Outcome = "good"
	Slow     Outcome = "slow"     // good, but took long
	Nothing  Outcome = "none"     // no organization, or no app
	Missing  Outcome = "missing"  // rights, in Finding.Missing
	Unknown  Outcome = "unknown"  // the upstream does not tell
	Off      Outcome = "off"      // search
	Differs  Outcome = "differs"  // clocks, by Finding.Seconds
	LeftOut  Outcome = "left-out" // by Finding.Reason
	Broken   Outcome = "broken"   // by Finding.Cause
	Untested Outcome = "untested" // because a step that it needs failed
	TooMany  Outcome = "too-many" // organizations; the first ones are tested
)

// Cause says why a step failed, in terms of what can be done about it.
type Cause string

// The causes.
const (
	CauseSignIn      Cause = "sign-in"
	CauseConsent     Cause = "consent"
	CauseForbidden   Cause = "forbidden"
	CauseNotMember   Cause = "not-member"
	CauseDisabled    Cause = "disabled"
	CauseBusy        Cause = "busy"
	CauseSlow        Cause = "slow"
	CauseUnreachable Cause = "unreachable"
	CauseStrange     Cause = "strange" // it answered, but not as it should
	CauseOurs        Cause = "ours"
)

// Causes lists every cause, for tests.
func Causes() []Cause {
	return []Cause{CauseSignIn, CauseConsent, CauseForbidden, CauseNotMember, CauseDisabled, CauseBusy, CauseSlow, CauseUnreachable, CauseStrange, CauseOurs}
}

// Finding is what a step found. The fields after Cause are set where the outcome speaks of them.
type Finding struct {
	Step         Step
	Organization string // Organization.ID; "" for general steps
	Verdict      Verdict
	Outcome      Outcome
	Cause        Cause

	Listed  int // organizations or apps
	LeftOut int
	Version string
	Seconds int        // the upstream's clock is so far ahead of ours
	Missing []string   // names of Privileges
	Reason  crm.Reason // of what is left out
	Detail  string

	Took    time.Duration
	Request string // the upstream's name for the request
	Err     error  // for the log, and for the way on of a sign-in that is wanted
}

// Organization is one that is tested.
type Organization struct {
	ID      string
	Name    string
	URL     string
	Version string // "" for one that is left out
	Steps   []Step // what will be found, in reading order
}

// Event is a finding or, once, the organizations that will be tested.
type Event struct {
	Finding       *Finding
	Organizations []Organization // when Finding is nil
}

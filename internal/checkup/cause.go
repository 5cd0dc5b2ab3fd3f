package checkup

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// causeOf reads a fault as what can be done about it.
func causeOf(err error) Cause {
	f := fault.Of(err)
	switch f.Key {
	case "dataverse.not_member":
		return CauseNotMember
	case "dataverse.organization_disabled":
		return CauseDisabled
	case "dataverse.slow":
		return CauseSlow
	}
	switch f.Kind {
	case fault.SignedOut:
		return CauseSignIn
	case fault.Consent:
		return CauseConsent
	case fault.Forbidden:
		return CauseForbidden
	case fault.Busy:
		return CauseBusy
	case fault.Unreachable:
		if errors.Is(err, context.DeadlineExceeded) {
			return CauseSlow
		}
		if f.Key == "dataverse.not_understood" || f.Key == "dataverse.bad_address" {
			return CauseStrange
		}
		return CauseUnreachable
	case fault.NotFound, fault.Invalid, fault.TooLarge, fault.Conflict:
		return CauseStrange
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return CauseSlow
	}
	return CauseOurs
}

// broken is the finding of a step that failed.
func broken(step Step, x crm.Exchange, err error) Finding {
	return Finding{Step: step, Verdict: Failed, Outcome: Broken, Cause: causeOf(err), Took: x.Took, Request: x.Request, Err: err}
}

// slow is from when on people notice.
const slow = 2 * time.Second

// good is the finding of a step that went well, if perhaps slowly.
func good(step Step, x crm.Exchange) Finding {
	f := Finding{Step: step, Verdict: Fine, Outcome: Good, Took: x.Took, Request: x.Request}
	if x.Took >= slow {
		f.Verdict, f.Outcome = Note, Slow
	}
	return f
}

// A clock may differ by noticed without a word, because an answer takes time and tells whole seconds; tokens are refused
// when clocks differ by more than endured (package entra's leeway).
const (
	noticed = 10 * time.Second
	endured = 60 * time.Second
)

// clock judges an upstream's clock.
func clock(step Step, x crm.Exchange) Finding {
	f := Finding{Step: step, Verdict: Fine, Outcome: Good, Seconds: int(math.Round(x.Ahead.Seconds())), Took: x.Took, Request: x.Request}
	switch ahead := x.Ahead.Abs(); {
	case !x.Dated:
		f.Verdict, f.Outcome = Note, Unknown
	case ahead > endured:
		f.Verdict, f.Outcome = Failed, Differs
	case ahead > noticed:
		f.Verdict, f.Outcome = Note, Differs
	}
	return f
}

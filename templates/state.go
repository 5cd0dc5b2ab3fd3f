package templates

import (
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
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

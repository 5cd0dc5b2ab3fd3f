// Package fault is the one error type of Pintab: what went wrong in terms of the person's situation.
//
// An error is named where its cause is known: a Kind, which the web door turns into an HTTP status and the bot into a
// reply, and a message key of package locale, which is all that a person ever reads. The cause is for the log alone.
// This package knows no transport and no language.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is a situation that a person can be in. Doors have one table each from Kind to what they answer.
type Kind int

// The kinds. Their order has no meaning.
const (
	Internal    Kind = iota // a defect or an unknown failure of ours
	Invalid                 // what was sent cannot be understood or accepted
	SignedOut               // no valid session or token; signing in again helps
	Consent                 // Entra wants the person: consent, MFA or another claims challenge
	Forbidden               // the person lacks a right in Dataverse
	NotFound                // there is no such thing, or the person may not know of it
	Conflict                // somebody else changed it first
	Busy                    // an upstream asked us to wait (429); RetryAfter says how long
	Unreachable             // an upstream did not answer, or not in a way we understand
	TooLarge                // over a stated limit
)

// Error is a failure with its situation, its message and its cause.
type Error struct {
	Kind Kind
	// Key names the message in package locale, for example "dataverse.busy".
	Key string
	// Args fill the placeholders of the message; values are shown to people, so never secrets.
	Args map[string]any
	// RetryAfter is how long an upstream asked us to wait; zero when it did not say.
	RetryAfter time.Duration
	// Claims is the claims challenge of Entra ID that an interactive sign-in has to carry (Kind Consent).
	Claims string
	// LoginHint is the username of the person that has to sign in (Kind Consent), so that the right account is offered; never logged.
	LoginHint string
	// Lost is set on a failed write of which it is not known whether it took effect: something was sent, and no answer came
	// that could be understood. Without it nothing has been changed.
	Lost  bool
	cause error
}

// New makes an error without a cause.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// Wrap makes an error that keeps cause for the log. A nil cause gives a plain New.
func Wrap(cause error, kind Kind, key string) *Error {
	return &Error{Kind: kind, Key: key, cause: cause}
}

// With sets one argument of the message and returns the error itself.
func (e *Error) With(name string, value any) *Error {
	if e.Args == nil {
		e.Args = map[string]any{}
	}
	e.Args[name] = value
	return e
}

// Error is for logs and tests; people read the message behind Key.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Key
	}
	return fmt.Sprintf("%s: %v", e.Key, e.cause)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Of finds the fault in a chain of errors; any other error becomes an Internal one with that cause.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return Wrap(err, Internal, "internal")
}

// Losing is err as a fault whose Lost is as given. It is a copy: the fault itself may be the answer to others as well, who
// asked for the same at the same time.
func Losing(err error, lost bool) *Error {
	f := *Of(err)
	f.Lost = lost
	return &f
}

// Is reports whether err is a fault of this kind.
func Is(err error, kind Kind) bool {
	var f *Error
	return errors.As(err, &f) && f.Kind == kind
}

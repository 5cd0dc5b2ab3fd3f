package dataverse

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// writeTime bounds one write: rules of an organization run within it, for up to two minutes, but nobody waits that long.
const writeTime = 25 * time.Second

// Codes of the Web API that refuse a write for a reason of its own (web service error codes).
const (
	codeVersion       = "0x80060882"
	codeDuplicateID   = "0x80040237"
	codeDuplicateKey  = "0x80060892"
	codeDuplicates    = "0x80040333"
	codeSecuredUpdate = "0x8004f507"
	codeSecuredCreate = "0x8004f505"
	codeTooLong       = "0x80044331"
	codeTransition    = "0x8004f00e"
	codeStatus        = "0x80048408"
	codeRule          = "0x80040265"
	codeInUse         = "0x80040227"
	codeFileBlocked   = "0x80043e09"
)

// write sends a change and gives the answer, or a fault that says with Lost whether it may have taken effect all the same.
// It is never sent twice but where the first was refused unread: with a token that has run out, and to somebody who was told
// to wait a little.
func (c *Client) write(ctx context.Context, caller crm.Caller, up upstream, q call) (answer, error) {
	token, err := c.config.Tokens.Token(ctx, caller.User, up.resource)
	if err != nil {
		return answer{}, fault.Of(err)
	}
	q.patience = writeTime
	if q.body != "" && q.contentType == "" {
		q.contentType = "application/json; charset=utf-8"
	}
	renewed, patience := false, maxWait
	for {
		turn, waited, err := c.waits.enter(ctx, c.config.Now, waitKey{up.id(), caller.User}, patience)
		if err != nil {
			return answer{}, err
		}
		patience -= waited
		var sent atomic.Bool
		traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
		a, err := c.attempt(traced, caller, up, q, token)
		if err == nil && q.unwrap != nil {
			a = q.unwrap(a)
		}
		failure := unwritten(a, err, sent.Load())
		turn.leave(c.config.Now(), failure)
		if failure == nil {
			return a, nil
		}
		f := fault.Of(failure)
		switch {
		case f.Kind == fault.SignedOut && !renewed:
			renewer, ok := c.config.Tokens.(TokenRenewer)
			if !ok {
				return answer{}, f
			}
			if token, err = renewer.Renew(ctx, caller.User, up.resource, token); err != nil {
				return answer{}, fault.Of(err)
			}
			renewed = true
		case f.Kind == fault.Busy && f.RetryAfter <= patience:
		default:
			return answer{}, f
		}
	}
}

// unwritten turns what came of a write into a fault; nil when it took effect.
func unwritten(a answer, err error, sent bool) error {
	if err != nil {
		f := failed(a, err).(*fault.Error)
		f.Lost = sent
		return f
	}
	switch a.status {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent, http.StatusPartialContent:
		return nil
	}
	code := errorCode(a.body)
	f := refusal(a)
	f.Lost = a.status >= 500 || a.status < 400 || a.status == http.StatusRequestTimeout
	key, kind := "", fault.Invalid
	switch {
	case a.status == http.StatusNotFound:
		key, kind = "record.deleted", fault.NotFound
	case a.status == http.StatusRequestEntityTooLarge:
		key, kind = "file.too-large", fault.TooLarge
	case code == codeFileBlocked:
		key = "file.type"
	case code == codeDuplicateID || code == codeDuplicateKey:
		key = "record.duplicate_key"
	case code == codeDuplicates:
		key = "record.duplicate"
	case code == codeSecuredUpdate || code == codeSecuredCreate:
		key, kind = "record.column_secured", fault.Forbidden
	case code == codeTooLong:
		key = "record.too_long"
	case code == codeTransition || code == codeStatus:
		key = "record.transition"
	case code == codeRule:
		key = "record.rule"
	case code == codeInUse:
		key = "record.in_use"
	case f.Key == "dataverse.forbidden":
		key, kind = "record.no_write", fault.Forbidden
	case f.Key == "dataverse.refused":
		key = "record.refused"
	}
	if key == "" || f.Lost {
		return f
	}
	return fault.Wrap(f, kind, key)
}

package dataverse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

// Codes of the Web API that mean something special to a person (web service error codes).
const (
	codeNotMember     = "0x80072560"
	codeDisabled      = "0x8004a104"
	codeTooManyRows   = "0x8004e023"
	codeQuickFindRows = "0x8004e024"
	codeOwnerDenied   = "0x80040231" // PrincipalPrivilegeDenied
)

// refusal names the situation behind an answer that is not 200.
func refusal(a answer) *fault.Error {
	code := errorCode(a.body)
	cause := fmt.Errorf("status %d, code %s, request %s", a.status, word(code), word(a.header.Get("x-ms-service-request-id")))
	switch a.status {
	case http.StatusUnauthorized:
		if claims := claimsChallenge(a.header.Get("WWW-Authenticate")); claims != "" {
			f := fault.Wrap(cause, fault.Consent, "dataverse.claims")
			f.Claims = claims
			return f
		}
		return fault.Wrap(cause, fault.SignedOut, "dataverse.signed_out")
	case http.StatusForbidden:
		switch code {
		case codeNotMember:
			return fault.Wrap(cause, fault.Forbidden, "dataverse.not_member")
		case codeDisabled:
			return fault.Wrap(cause, fault.Forbidden, "dataverse.organization_disabled")
		case codeOwnerDenied: // the new owner lacks something, not who asks
			return fault.Wrap(cause, fault.Forbidden, "record.owner_denied")
		}
		return fault.Wrap(cause, fault.Forbidden, "dataverse.forbidden")
	case http.StatusNotFound:
		return fault.Wrap(cause, fault.NotFound, "dataverse.not_found")
	case http.StatusPreconditionFailed:
		return fault.Wrap(cause, fault.Conflict, "dataverse.changed")
	case http.StatusRequestEntityTooLarge:
		return fault.Wrap(cause, fault.TooLarge, "dataverse.too_large")
	case http.StatusTooManyRequests:
		f := fault.Wrap(cause, fault.Busy, "dataverse.busy")
		f.RetryAfter = retryAfter(a.header)
		return f.With("seconds", int(f.RetryAfter/time.Second))
	}
	switch {
	case code == codeTooManyRows || code == codeQuickFindRows:
		return fault.Wrap(cause, fault.TooLarge, "dataverse.too_many_rows")
	case a.status >= 400 && a.status < 500:
		return fault.Wrap(cause, fault.Invalid, "dataverse.refused")
	case a.status >= 500:
		return fault.Wrap(cause, fault.Unreachable, "dataverse.unreachable")
	}
	return fault.Wrap(cause, fault.Unreachable, "dataverse.not_understood")
}

// unanswered is a request without an answer: a broken connection, a deadline, a person who left.
func unanswered(err error) *fault.Error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unreachable, "dataverse.slow")
	}
	return fault.Wrap(err, fault.Unreachable, "dataverse.unreachable")
}

// errorCode reads the code from the shapes of errors: OData's and the gateway's; "" where there is none. The message beside it
// is left alone: it may name records, and nobody but Dataverse's own log, found by the request's id, needs it.
func errorCode(body []byte) string {
	var b struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
		ErrorCode any `json:"ErrorCode"`
	}
	if json.Unmarshal(body, &b) != nil {
		return ""
	}
	code := b.Error.Code
	if code == "" && b.ErrorCode != nil {
		code = fmt.Sprint(b.ErrorCode)
		if n, err := strconv.ParseFloat(code, 64); err == nil {
			code = fmt.Sprintf("0x%08x", uint32(int64(n)))
		}
	}
	return strings.ToLower(code)
}

var oneWord = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,64}$`)

// word lets an upstream's codes and ids into the log, and nothing that could be a text.
func word(text string) string {
	if !oneWord.MatchString(text) {
		return "none"
	}
	return text
}

const (
	waitUnsaid = 5 * time.Second
	waitLeast  = time.Second
	waitMost   = 5 * time.Minute
)

// retryAfter reads seconds or an HTTP date (RFC 9110) and keeps the wait within sane bounds.
func retryAfter(header http.Header) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	wait := waitUnsaid
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 0 {
		wait = waitMost
		if n < waitMost.Seconds() {
			wait = time.Duration(n * float64(time.Second))
		}
	} else if at, err := http.ParseTime(text); err == nil {
		// The upstream's own clock is the one it reckons with.
		if sent, err := http.ParseTime(header.Get("Date")); err == nil {
			wait = at.Sub(sent)
		}
	}
	return min(max(wait, waitLeast), waitMost)
}

var claimsParameter = regexp.MustCompile(`(?i)\bclaims="?([A-Za-z0-9+/=_-]+)"?`)

// claimsChallenge reads the claims of a bearer challenge (continuous access evaluation: base64 JSON); "" when there are none.
func claimsChallenge(header string) string {
	m := claimsParameter.FindStringSubmatch(header)
	if m == nil {
		return ""
	}
	text := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(m[1]), "=")
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || !json.Valid(raw) {
		return ""
	}
	return string(raw)
}

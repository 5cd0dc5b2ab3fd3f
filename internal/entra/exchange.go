package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

const (
	maxWait       = time.Hour           // the longest Retry-After that we believe
	defaultWait   = 10 * time.Second    // when we are told to wait but not how long
	maxLife       = 48 * time.Hour      // the longest life of an access token that we believe
	unstatedLife  = 10 * time.Minute    // of a token whose answer does not say
	refreshKept   = 90 * 24 * time.Hour // how long Entra ID lets a refresh token lie
	maxTokenSaved = 64 << 10
)

// grant is what the token endpoint gave.
type grant struct {
	access  string
	refresh string // "" when none was given
	id      string
	expires time.Time // of the access token
}

// exchange asks the token endpoint of a tenant. It tries once: a refresh token or a code must not be sent twice.
func (s *Service) exchange(ctx context.Context, p *provider, form url.Values) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, upstreamTimeout)
	defer cancel()
	m, err := p.metadata.Current(ctx)
	if err != nil {
		return grant{}, unreachable(err)
	}
	form.Set("client_id", s.cfg.ClientID)
	form.Set("client_secret", s.cfg.ClientSecret)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return grant{}, unreachable(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := s.out.Do(req)
	if err != nil {
		return grant{}, unreachable(brokenOff(err))
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return grant{}, unreachable(brokenOff(err))
	}
	if res.StatusCode != http.StatusOK {
		return grant{}, s.refusal(res, body)
	}
	return s.readGrant(body)
}

func (s *Service) readGrant(body []byte) (grant, error) {
	var answer struct {
		Type    string      `json:"token_type"`
		Access  string      `json:"access_token"`
		Refresh string      `json:"refresh_token"`
		ID      string      `json:"id_token"`
		Expires json.Number `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return grant{}, unreachable(errors.New("token endpoint did not answer JSON"))
	}
	if !strings.EqualFold(answer.Type, "Bearer") || !headerSafe(answer.Access) || len(answer.Access)+len(answer.Refresh) > maxTokenSaved {
		return grant{}, unreachable(errors.New("token endpoint did not answer a bearer token"))
	}
	life := unstatedLife
	if n, err := answer.Expires.Int64(); err == nil && n > 0 {
		life = min(time.Duration(min(n, int64(maxLife/time.Second)))*time.Second, maxLife)
	}
	return grant{access: answer.Access, refresh: answer.Refresh, id: answer.ID, expires: s.cfg.Now().Add(life)}, nil
}

// headerSafe reports whether a token can be put into a header as it is.
func headerSafe(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// endpointError is a refusal of the token endpoint, without its description: that may name people.
type endpointError struct {
	Status   int
	OAuth    string `json:"error"`
	Codes    []int  `json:"error_codes"`
	Suberror string `json:"suberror"`
	Claims   string `json:"claims"`
	Trace    string `json:"trace_id"`
}

func (e *endpointError) Error() string {
	return fmt.Sprintf("token endpoint answered %d %s AADSTS%v %s trace %s", e.Status, word(e.OAuth), e.Codes, word(e.Suberror), word(e.Trace))
}

var oneWord = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,64}$`)

// word lets codes and ids into the log, and nothing that could be a text.
func word(text string) string {
	if !oneWord.MatchString(text) {
		return "none"
	}
	return text
}

// refusal names the person's situation behind an answer that is not 200.
func (s *Service) refusal(res *http.Response, body []byte) error {
	e := &endpointError{}
	readable := json.Unmarshal(body, e) == nil && e.OAuth != ""
	e.Status = res.StatusCode
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		f := fault.Wrap(e, fault.Busy, "entra.busy")
		f.RetryAfter = s.retryAfter(res.Header.Get("Retry-After"))
		return f
	case !readable, res.StatusCode >= 500, e.OAuth == "temporarily_unavailable", e.OAuth == "server_error":
		return unreachable(e)
	case e.wantsPerson():
		f := fault.Wrap(e, fault.Consent, "entra.consent")
		f.Claims = e.Claims
		return f
	case e.OAuth == "invalid_grant", e.OAuth == "access_denied":
		return fault.Wrap(e, fault.SignedOut, "entra.signed-out")
	}
	return fault.Wrap(e, fault.Internal, "entra.misconfigured")
}

// wantsPerson reports whether only the person can go on: consent, multi-factor or another claims challenge. The suberrors
// are Entra ID's (Microsoft Authentication Library, InvalidGrantAuthError).
func (e *endpointError) wantsPerson() bool {
	if e.Claims != "" || slices.Contains(e.Codes, 65001) {
		return true
	}
	switch e.OAuth {
	case "interaction_required", "consent_required", "login_required":
		return true
	}
	switch e.Suberror {
	case "basic_action", "additional_action", "message_only", "consent_required":
		return true
	}
	return false
}

// retryAfter reads the header's two forms (RFC 9110, 10.2.3) and believes at most an hour.
func (s *Service) retryAfter(header string) time.Duration {
	wait := defaultWait
	if n, err := strconv.Atoi(strings.TrimSpace(header)); err == nil && n >= 0 {
		wait = time.Duration(min(n, int(maxWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(s.cfg.Now())
	}
	return min(max(wait, time.Second), maxWait)
}

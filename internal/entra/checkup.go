package entra

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// testedWithin is how recent a renewal counts as tested, so that checking again and again spends no refresh tokens.
const testedWithin = 10 * time.Second

// TestRenewal redeems the person's refresh token for the discovery service, as happens whenever an access token runs out.
// Errors are those of Token.
func (s *Service) TestRenewal(ctx context.Context, user crm.User) (crm.Exchange, error) {
	want := purpose{user, s.cfg.DiscoveryResource}
	started := time.Now()
	token, err := s.Token(ctx, user, want.resource)
	if err != nil {
		return crm.Exchange{Took: time.Since(started)}, err
	}
	if at, ok := s.tested.Get(user); ok && s.cfg.Now().Sub(at).Abs() < testedWithin {
		return crm.Exchange{Took: time.Since(started)}, nil
	}
	_, err = s.Renew(ctx, user, want.resource, token)
	if err == nil {
		s.tested.Put(user, s.cfg.Now())
	}
	return crm.Exchange{Took: time.Since(started)}, err
}

// TestLogin reads the login service's public configuration afresh and tells its clock by the answer.
func (s *Service) TestLogin(ctx context.Context, user crm.User) (crm.Exchange, error) {
	if _, ok := s.provider(user.Tenant); !ok {
		return crm.Exchange{}, fault.New(fault.Forbidden, "entra.tenant")
	}
	ctx, cancel := context.WithTimeout(ctx, upstreamTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.cfg.Authority+"/"+user.Tenant+"/v2.0/.well-known/openid-configuration", nil)
	if err != nil {
		return crm.Exchange{}, unreachable(err)
	}
	start, watch := s.cfg.Now(), time.Now()
	response, err := s.out.Do(request)
	if err != nil {
		return crm.Exchange{Took: time.Since(watch)}, unreachable(brokenOff(err))
	}
	defer response.Body.Close()
	x := crm.Dating(start, start.Add(time.Since(watch)), response.Header.Get("Date"))
	x.Request = requestName(response.Header.Get("x-ms-request-id"))
	_, err = io.Copy(io.Discard, response.Body)
	switch {
	case err != nil:
		return x, unreachable(brokenOff(err))
	case response.StatusCode >= 500 || response.StatusCode == http.StatusTooManyRequests:
		return x, unreachable(statusError(response.StatusCode)) // another answer than 200 still tells the time
	}
	return x, nil
}

// requestName keeps a name of a request only when it is a GUID, because it is shown.
func requestName(text string) string {
	if len(text) != 36 {
		return ""
	}
	for i, r := range text {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if r != '-' {
				return ""
			}
		case (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F'):
			return ""
		}
	}
	return text
}

package entra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

const upstreamTimeout = 5 * time.Second

const maxAnswer = 1 << 20 // bytes of an answer of the login service

// newOutbound gives the only client that this package uses. It talks to the login service's origin and to nobody else,
// follows no redirect (it carries secrets), and reads bounded answers.
func newOutbound(authority string, given *http.Client) *http.Client {
	var base http.RoundTripper
	if given != nil {
		base = given.Transport
	}
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = 32
		own.ResponseHeaderTimeout = upstreamTimeout
		own.IdleConnTimeout = time.Minute
		base = own
	}
	origin := ""
	if u, err := url.Parse(authority); err == nil {
		origin = originOf(u)
	}
	return &http.Client{
		Transport:     guard{origin, base},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func originOf(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// guard lets requests pass to one origin only.
type guard struct {
	origin string
	next   http.RoundTripper
}

func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if g.origin == "" || originOf(r.URL) != g.origin || r.URL.User != nil || r.Host != "" && !strings.EqualFold(r.Host, r.URL.Host) {
		return nil, errElsewhere
	}
	res, err := g.next.RoundTrip(r)
	if err == nil {
		res.Body = &bounded{res.Body, maxAnswer}
	}
	return res, err
}

// bounded fails a body that is longer than expected instead of cutting it.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// statusError is an answer other than 200.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("login service answered %d", int(e)) }

// getJSON fetches a public document.
func (s *Service) getJSON(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	res, err := s.out.Do(req)
	if err != nil {
		return nil, brokenOff(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, statusError(res.StatusCode)
	}
	body, err := io.ReadAll(res.Body)
	return body, brokenOff(err)
}

// What goes wrong on our own side of a connection.
var (
	errElsewhere = errors.New("request does not go to the login service")
	errTooLong   = errors.New("answer is too long")
)

// brokenOff is a transport error without addresses, which may carry what logs must not, and without the other side's words.
func brokenOff(err error) error {
	for _, own := range []error{errElsewhere, errTooLong} {
		if errors.Is(err, own) {
			return own
		}
	}
	return fault.Transport(err)
}

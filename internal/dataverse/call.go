package dataverse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// call is one question to an upstream. Everything asked by ask is safe to repeat, also the batch that carries a long query;
// what is not goes through Client.write.
type call struct {
	path        string // below the upstream, or an absolute nextLink
	prefer      string
	body        string
	content     *io.SectionReader // instead of body, of size bytes
	size        int64
	contentType string
	method      string // of a write; "" for a question
	match       string // If-Match
	noneMatch   string // If-None-Match
	header      map[string]string
	unwrap      func(answer) answer // gives the answer that counts out of that of a batch
	patience    time.Duration       // bounds the attempt; 0 means attemptTime
}

func (q call) verb() string {
	if q.method != "" {
		return q.method
	}
	if q.body != "" {
		return http.MethodPost
	}
	return http.MethodGet
}

func (q call) reader() io.Reader {
	if q.content != nil {
		return io.NewSectionReader(q.content, 0, q.size) // from the beginning, however often it is sent
	}
	if q.body == "" {
		return nil
	}
	return strings.NewReader(q.body)
}

const (
	retries = 2
	// retryPause is the longest pause before the first retry; it doubles.
	retryPause = 150 * time.Millisecond
)

// ask sends a question on behalf of a person and gives the answer with status 200, or a fault. This is the only place
// that retries: at most twice, with full jitter, what failed on the way (502, 503, 504, a broken connection), and what was
// told to wait when the wait is short.
func (c *Client) ask(ctx context.Context, caller crm.Caller, up upstream, q call) (answer, error) {
	token, err := c.config.Tokens.Token(ctx, caller.User, up.resource)
	if err != nil {
		return answer{}, fault.Of(err)
	}
	renewed := false
	patience := maxWait
	for attempt := 0; ; attempt++ {
		turn, waited, err := c.waits.enter(ctx, c.config.Now, waitKey{up.id(), caller.User}, patience)
		if err != nil {
			return answer{}, err
		}
		patience -= waited
		a, err := c.attempt(ctx, caller, up, q, token)
		failure := failed(a, err)
		turn.leave(c.config.Now(), failure)
		if failure == nil {
			return a, nil
		}
		switch f := fault.Of(failure); {
		case ctx.Err() != nil:
			return answer{}, unanswered(ctx.Err())
		case f.Kind == fault.SignedOut && !renewed:
			renewer, ok := c.config.Tokens.(TokenRenewer)
			if !ok {
				return answer{}, f
			}
			if token, err = renewer.Renew(ctx, caller.User, up.resource, token); err != nil {
				return answer{}, fault.Of(err)
			}
			renewed = true
			attempt--
		case attempt >= retries:
			return answer{}, f
		case f.Kind == fault.Busy:
			if f.RetryAfter > patience {
				return answer{}, f
			}
		case transient(a, err) && c.budgets.spend(up.id()):
			if !pause(ctx, time.Duration(c.config.Random()*float64(retryPause<<attempt))) {
				return answer{}, unanswered(ctx.Err())
			}
		default:
			return answer{}, f
		}
		c.config.Log.DebugContext(ctx, "dataverse asked again", "host", up.host, "attempt", attempt+1, "fault", fault.Of(failure).Key)
	}
}

// attempt is one exchange, counted by the person's own breaker and by that of everybody.
func (c *Client) attempt(ctx context.Context, caller crm.Caller, up upstream, q call, token string) (answer, error) {
	b := c.breakers.of(up.id(), caller.User)
	if !b.allow(c.config.Now()) {
		return answer{}, fault.New(fault.Unreachable, "dataverse.unreachable")
	}
	c.budgets.earn(up.id())
	a, err := c.exchange(ctx, up, q, token)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		b.forget()
	case err != nil && fault.Of(err).Kind != fault.TooLarge, a.status >= 500:
		b.fail(c.config.Now())
	default:
		b.succeed()
	}
	return a, err
}

// failed turns a transport error or an answer that is none into a fault. Only files come in parts, or not at all.
func failed(a answer, err error) error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return f
	case err != nil:
		return unanswered(err)
	case a.status == http.StatusOK, a.status == http.StatusPartialContent, a.status == http.StatusNoContent:
		return nil
	}
	return refusal(a)
}

// transient reports whether the same question may well be answered if it is put again at once.
func transient(a answer, err error) bool {
	if err != nil {
		var f *fault.Error
		return !errors.As(err, &f) && !errors.Is(err, context.DeadlineExceeded)
	}
	return a.status == http.StatusBadGateway || a.status == http.StatusServiceUnavailable || a.status == http.StatusGatewayTimeout
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// read asks and decodes a JSON answer. It also gives the size of the answer, by which caches are bounded.
func (c *Client) read(ctx context.Context, caller crm.Caller, up upstream, q call, into any) (size int, err error) {
	a, err := c.ask(ctx, caller, up, q)
	if err != nil {
		return 0, err
	}
	if kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type")); err != nil || kind != "application/json" {
		return 0, fault.Wrap(errors.New("answer is not JSON"), fault.Unreachable, "dataverse.not_understood")
	}
	return len(a.body), decode(a.body, into)
}

// decode keeps numbers as they are written, so that large ones lose nothing.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return notUnderstood(unreadable(err))
	}
	return nil
}

// unreadable says what is wrong with an answer without quoting it, as errors of encoding/json do.
func unreadable(err error) string {
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &mistyped):
		kind, _, _ := strings.Cut(mistyped.Value, " ")
		return fmt.Sprintf("answer has a %s where a %s belongs, at byte %d", kind, mistyped.Type, mistyped.Offset)
	case errors.As(err, &syntax):
		return fmt.Sprintf("answer is not JSON at byte %d", syntax.Offset)
	}
	return "answer is not JSON"
}

// pages bounds how far nextLinks are followed.
const pages = 20

// collect reads a whole collection, following nextLinks that stay on the upstream. An answer without a collection is a
// failure, never an empty one.
func collect[T any](ctx context.Context, c *Client, caller crm.Caller, up upstream, path string) (all []T, size int, err error) {
	for range pages {
		var page struct {
			Value *[]T   `json:"value"`
			Next  string `json:"@odata.nextLink"`
		}
		n, err := c.read(ctx, caller, up, call{path: path}, &page)
		if err != nil {
			return nil, 0, err
		}
		if page.Value == nil {
			return nil, 0, fault.Wrap(errors.New("answer has no value"), fault.Unreachable, "dataverse.not_understood")
		}
		all, size = append(all, *page.Value...), size+n
		if page.Next == "" {
			return all, size, nil
		}
		path = page.Next
	}
	return nil, 0, fault.New(fault.TooLarge, "dataverse.too_large")
}

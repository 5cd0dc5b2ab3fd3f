package botframework

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

const (
	renewBefore   = 5 * time.Minute // an app token is renewed so long before it expires
	unstatedLife  = 10 * time.Minute
	longestLife   = 48 * time.Hour
	maxTokenReply = 64 << 10
)

// appToken is the app's own token for the Bot Connector: one for all conversations, fetched by one caller at a time.
type appToken struct {
	cfg ConnectorConfig

	mu      sync.Mutex
	token   string
	renew   time.Time // when a new one is fetched, if that works
	expires time.Time
	running *fetching
	paused  time.Time // nobody asks before
	failure error
}

type fetching struct {
	done chan struct{}
	err  error
}

// failedPause is between two attempts of which the first failed.
const failedPause = time.Second

// get gives a token that is good for a while. Stale is one that was just refused, "" for none: it is not given again.
func (t *appToken) get(ctx context.Context, stale string) (string, error) {
	t.mu.Lock()
	now := t.cfg.Now()
	if stale != "" && t.token == stale {
		t.token = ""
	}
	if t.token != "" && now.Before(t.renew) {
		defer t.mu.Unlock()
		return t.token, nil
	}
	usable := ""
	if t.token != "" && now.Before(t.expires) {
		usable = t.token
	}
	run := t.running
	if run == nil {
		if now.Before(t.paused) {
			defer t.mu.Unlock()
			if usable != "" {
				return usable, nil
			}
			return "", t.failure
		}
		run = &fetching{done: make(chan struct{})}
		t.running = run
		go t.fetch(context.WithoutCancel(ctx), run)
	}
	t.mu.Unlock()
	if usable != "" {
		return usable, nil
	}
	select {
	case <-run.done:
	case <-ctx.Done():
		return "", unreachable(ctx.Err())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if run.err != nil {
		return "", run.err
	}
	return t.token, nil
}

func (t *appToken) fetch(ctx context.Context, run *fetching) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	token, life, err := t.ask(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.cfg.Now()
	if err != nil {
		t.failure, t.paused = err, now.Add(failedPause)
	} else {
		t.token, t.expires = token, now.Add(life)
		t.renew = t.expires.Add(-min(renewBefore, life/2))
	}
	t.running, run.err = nil, err
	close(run.done)
}

// ask fetches a token by the client credentials grant (RFC 6749, 4.4).
func (t *appToken) ask(ctx context.Context) (token string, life time.Duration, err error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {t.cfg.AppID}, "client_secret": {t.cfg.Secret}, "scope": {t.cfg.Scope},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, unreachable(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := t.cfg.HTTP.Do(req)
	if err != nil {
		return "", 0, unreachable(fault.Transport(err))
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxTokenReply))
	if err != nil {
		return "", 0, unreachable(fault.Transport(err))
	}
	if res.StatusCode != http.StatusOK {
		return "", 0, unreachable(statusError(res.StatusCode))
	}
	var grant struct {
		Token   string      `json:"access_token"`
		Expires json.Number `json:"expires_in"`
	}
	if json.Unmarshal(raw, &grant) != nil || grant.Token == "" || strings.ContainsFunc(grant.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", 0, unreachable(errors.New("the token endpoint gave no token"))
	}
	life = unstatedLife
	if seconds, err := grant.Expires.Int64(); err == nil && seconds > 0 {
		life = min(time.Duration(seconds)*time.Second, longestLife)
	}
	return grant.Token, life, nil
}

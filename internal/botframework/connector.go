package botframework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

const (
	answerTimeout = 15 * time.Second
	maxReply      = 1 << 20
	maxTries      = 4 // of one request, the first included
	firstBackoff  = 400 * time.Millisecond
	longestWait   = 30 * time.Second // of a Retry-After that is waited for
)

// MaxMessage is how many bytes an activity may have; Teams takes about 100 KB, counted in UTF-16, and recommends 80.
const MaxMessage = 80 << 10

// ConnectorConfig is who sends, and how.
type ConnectorConfig struct {
	AppID, Secret string
	// TokenURL is the token endpoint of the tenant that the bot is registered in.
	TokenURL string
	// Scope is what the token is for, for example https://api.botframework.com/.default.
	Scope     string
	Addresses Addresses
	HTTP      *http.Client     // nil: a client of our own
	Now       func() time.Time // nil: time.Now
	// Sleep waits between tries; nil waits on the machine's clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Connector sends to conversations: in the order in which it is asked to, at the pace that the Bot Connector allows, with
// retries where it asks for them. It is safe for concurrent use.
//
// Faults: NotFound "bot.gone" when the conversation is not there any more or the bot may not speak in it, TooLarge
// "bot.too_large", Busy "bot.busy", Unreachable "bot.unreachable", Forbidden "bot.forbidden" when the address is not one of
// the Bot Connector's. Lost is set where it is not known whether the message arrived.
type Connector struct {
	cfg   ConnectorConfig
	token *appToken
	pace  *pacer
}

// NewConnector makes a connector. It asks nobody anything yet.
func NewConnector(cfg ConnectorConfig) *Connector {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	cfg.HTTP = outbound(cfg.HTTP)
	return &Connector{cfg: cfg, token: &appToken{cfg: cfg}, pace: newPacer(cfg.Now, cfg.Sleep)}
}

// Send says something in a conversation and gives the id of the message, "" where the connector does not tell it.
func (c *Connector) Send(ctx context.Context, to Reference, a Activity) (id string, err error) {
	return c.say(ctx, http.MethodPost, to, "", a)
}

// Reply says something in answer to an activity.
func (c *Connector) Reply(ctx context.Context, to Reference, activityID string, a Activity) (id string, err error) {
	a.ReplyToID = activityID
	return c.say(ctx, http.MethodPost, to, activityID, a)
}

// Update puts another message in the place of one that was sent.
func (c *Connector) Update(ctx context.Context, to Reference, activityID string, a Activity) error {
	a.ID = activityID
	_, err := c.say(ctx, http.MethodPut, to, activityID, a)
	return err
}

// Delete takes back a message that was sent.
func (c *Connector) Delete(ctx context.Context, to Reference, activityID string) error {
	return c.call(ctx, to, request{method: http.MethodDelete, path: activityPath(to, activityID)})
}

// Typing shows that an answer is under way. It is not worth a retry.
func (c *Connector) Typing(ctx context.Context, to Reference) error {
	raw, err := activityOf(to, Activity{Type: TypeTyping})
	if err != nil {
		return err
	}
	return c.call(ctx, to, request{method: http.MethodPost, path: activityPath(to, ""), body: raw, once: true})
}

// Members lists who is in a conversation.
func (c *Connector) Members(ctx context.Context, to Reference) ([]Member, error) {
	var all []Member
	next := ""
	for range 20 {
		var page struct {
			Members []Member `json:"members"`
			Next    string   `json:"continuationToken"`
		}
		path := "/v3/conversations/" + url.PathEscape(to.Conversation) + "/pagedmembers?pageSize=500"
		if next != "" {
			path += "&continuationToken=" + url.QueryEscape(next)
		}
		if err := c.call(ctx, to, request{method: http.MethodGet, path: path, answer: &page}); err != nil {
			return nil, err
		}
		all = append(all, page.Members...)
		if next = page.Next; next == "" {
			break
		}
	}
	return all, nil
}

// Member is somebody in a conversation (Teams adds what it knows of their account).
type Member struct {
	Account
	ObjectID string `json:"objectId,omitempty"`
	TenantID string `json:"tenantId,omitempty"`
}

// Open begins, or finds, the personal conversation with somebody whose id the bot knows, and gives the conversation's id.
func (c *Connector) Open(ctx context.Context, serviceURL, bot, member, tenant string) (conversation string, err error) {
	body := map[string]any{
		"bot": Account{ID: bot}, "members": []Account{{ID: member}}, "isGroup": false, "tenantId": tenant,
		"channelData": map[string]any{"tenant": map[string]string{"id": tenant}},
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	var made struct {
		ID string `json:"id"`
	}
	// Opening is counted with what is said to the person.
	to := Reference{ServiceURL: serviceURL, Conversation: "member " + member, Bot: bot}
	err = c.call(ctx, to, request{method: http.MethodPost, path: "/v3/conversations", body: raw, answer: &made})
	if err == nil && made.ID == "" {
		err = unreachable(errors.New("the connector opened no conversation"))
	}
	return made.ID, err
}

func activityPath(to Reference, activityID string) string {
	path := "/v3/conversations/" + url.PathEscape(to.Conversation) + "/activities"
	if activityID != "" {
		path += "/" + url.PathEscape(activityID)
	}
	return path
}

// say sends an activity.
func (c *Connector) say(ctx context.Context, method string, to Reference, activityID string, a Activity) (string, error) {
	raw, err := activityOf(to, a)
	if err != nil {
		return "", err
	}
	var answer struct {
		ID string `json:"id"`
	}
	err = c.call(ctx, to, request{method: method, path: activityPath(to, activityID), body: raw, answer: &answer})
	return answer.ID, err
}

// activityOf is an activity as it is sent.
func activityOf(to Reference, a Activity) ([]byte, error) {
	a.From = &Account{ID: to.Bot}
	a.Conversation = &Conversation{ID: to.Conversation}
	raw, err := json.Marshal(a)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	if len(raw) > MaxMessage {
		return nil, fault.New(fault.TooLarge, "bot.too_large")
	}
	return raw, nil
}

// request is one thing that is asked of the connector.
type request struct {
	method, path string
	body         []byte // nil: none
	answer       any    // what is answered is read into it as far as it can be read; nil: it is not read
	once         bool   // it is not worth a second try
}

// call sends a request when its turn has come, again where the connector asks for that.
func (c *Connector) call(ctx context.Context, to Reference, r request) error {
	// The address is looked at where it is used, since a reference may have been stored by whoever could write to the database.
	if !c.cfg.Addresses.Allows(to.ServiceURL) {
		return forbidden(errors.New("serviceUrl is no address of the Bot Connector"))
	}
	line, leave, err := c.pace.enter(ctx, to.Conversation)
	if err != nil {
		return err
	}
	defer leave()
	address := strings.TrimRight(to.ServiceURL, "/") + r.path
	var token, stale string
	backoff := firstBackoff
	for try := 1; ; try++ {
		if token, err = c.token.get(ctx, stale); err != nil {
			return err
		}
		if err := c.pace.slot(ctx, line); err != nil {
			return err
		}
		status, wait, err := c.try(ctx, address, token, r)
		var again bool
		switch {
		case err != nil:
			again = !fault.Of(err).Lost && ctx.Err() == nil
		case status/100 == 2:
			return nil
		case status == http.StatusUnauthorized && stale == "":
			stale, again, wait = token, true, 0
		default:
			again = retried(status)
			err = refusal(status)
		}
		if !again || r.once || try == maxTries || wait > longestWait {
			return err
		}
		if status != http.StatusUnauthorized {
			// Half of the pause is chance, so that those who were refused together do not come back together.
			wait = max(wait, backoff/2+time.Duration(rand.Int64N(int64(backoff))))
			backoff *= 2
		}
		c.pace.hold(line, wait)
	}
}

// retried are the answers after which the same is sent again (Microsoft's page "Optimize your bot with rate limiting").
func retried(status int) bool {
	switch status {
	case http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// refusal names what the connector's answer means.
func refusal(status int) error {
	cause := statusError(status)
	switch status {
	case http.StatusForbidden, http.StatusNotFound:
		return fault.Wrap(cause, fault.NotFound, "bot.gone")
	case http.StatusRequestEntityTooLarge:
		return fault.Wrap(cause, fault.TooLarge, "bot.too_large")
	case http.StatusTooManyRequests, http.StatusPreconditionFailed:
		return fault.Wrap(cause, fault.Busy, "bot.busy")
	}
	return unreachable(cause)
}

// try sends a request once. Status is 0 when there was no answer; then Lost says whether the connector may have got it.
func (c *Connector) try(ctx context.Context, address, token string, r request) (status int, wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, address, bytes.NewReader(r.body))
	if err != nil {
		return 0, 0, unreachable(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if r.body == nil {
		req.Body, req.ContentLength = nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	req.GetBody = nil // the transport sends nothing a second time of its own accord
	res, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return 0, 0, fault.Losing(unreachable(fault.Transport(err)), !neverSent(err))
	}
	defer res.Body.Close()
	raw, readErr := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if res.StatusCode/100 == 2 && readErr == nil && r.answer != nil && len(raw) > 0 {
		_ = json.Unmarshal(raw, r.answer) // an id may be missing: the message is there all the same
	}
	return res.StatusCode, retryAfter(res.Header, c.cfg.Now()), nil
}

// retryAfter reads the header of that name: seconds, or a moment (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 3600)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

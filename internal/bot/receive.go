package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

var guid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Receive takes one request of the Bot Connector and says what to answer it: a status, and the JSON of an invoke's answer, nil
// for none. The error is for the log alone.
func (s *Service) Receive(ctx context.Context, authorization string, body []byte) (status int, answer []byte, err error) {
	var a botframework.Activity
	if err := json.Unmarshal(body, &a); err != nil {
		return http.StatusBadRequest, nil, fault.Wrap(err, fault.Invalid, "bot.refused")
	}
	if err := s.cfg.Verifier.Verify(ctx, authorization, &a); err != nil {
		return statusOf(err), nil, err
	}
	tenant, conversation := a.Tenant(), a.ConversationID()
	if a.Type == "" || conversation == "" || tenant == "" {
		return http.StatusBadRequest, nil, fault.New(fault.Invalid, "bot.refused")
	}
	// Whose tenant is switched off is told so; anybody else's is not answered at all.
	if err := s.cfg.SignIn.Admit(tenant); err != nil && fault.Of(err).Key != "entra.stopped" {
		return http.StatusForbidden, nil, err
	}
	epoch, err := s.cfg.People.Epoch(ctx)
	if err != nil {
		return http.StatusServiceUnavailable, nil, err
	}
	ctx = privacy.WithEpoch(ctx, epoch)
	p := s.person(&a, tenant)
	switch a.Type {
	case botframework.TypeInvoke:
		reply, err := s.invoked(ctx, p, &a, body)
		return respond(reply, err)
	case botframework.TypeMessage, botframework.TypeConversationUpdate, botframework.TypeInstallationUpdate:
		if err := s.takeIn(ctx, p, &a, body); err != nil {
			return statusOf(err), nil, err
		}
	}
	return http.StatusOK, nil, nil
}

// statusOf is the one table from situations to what the connector is answered. It delivers again after a 5xx.
func statusOf(err error) int {
	switch fault.Of(err).Kind {
	case fault.SignedOut:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Unreachable, fault.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func respond(a botframework.Answer, err error) (int, []byte, error) {
	if a.Body == nil {
		return a.Status, nil, err
	}
	raw, failed := json.Marshal(a.Body)
	if failed != nil {
		return http.StatusInternalServerError, nil, fault.Wrap(failed, fault.Internal, "internal")
	}
	return a.Status, raw, err
}

// person is who says something, and where.
type person struct {
	crm.User
	name     string
	personal bool // the conversation is between the two
	kind     string
	talk     []byte // one-way number of the conversation
	to       botframework.Reference
	locales  []string
}

// person reads who an activity is from. The directory's id is believed because the connector has signed for the activity; it is
// compared with the account that the person signs in with.
func (s *Service) person(a *botframework.Activity, tenant string) person {
	// A thread of a channel is a conversation of its own to the connector, and the channel's to us.
	conversation, _, _ := strings.Cut(a.ConversationID(), ";messageid=")
	p := person{User: crm.User{Tenant: tenant}, personal: a.Personal(), to: a.Reference(), locales: a.Locales(), talk: number("talk", a.ChannelID, conversation)}
	if p.kind = botframework.KindPersonal; !p.personal {
		p.kind = a.Conversation.Kind
	}
	if a.From == nil {
		return p
	}
	p.name = crm.Label(a.From.Name)
	if id := strings.ToLower(a.From.AADObjectID); guid.MatchString(id) {
		p.Object = id
	}
	return p
}

// activityNumber is what an activity is recognized by. One without an id is recognized by its every byte.
func activityNumber(a *botframework.Activity, body []byte) []byte {
	if a.ID == "" {
		return number("bytes", a.ChannelID, a.ConversationID(), string(body))
	}
	return number("activity", a.ChannelID, a.ConversationID(), a.Type, a.ID)
}

// takeIn hears an activity and queues it; nothing else has happened when it returns.
func (s *Service) takeIn(ctx context.Context, p person, a *botframework.Activity, body []byte) error {
	id := activityNumber(a, body)
	t := crm.Turn{
		ID: id, User: p.User, Conversation: number("queue", a.ChannelID, a.ConversationID()),
		Sealed: s.seal.close(body, id), Epoch: privacy.EpochOf(ctx), Tries: 1,
	}
	fresh, mine, err := s.cfg.Queue.TakeIn(ctx, t, s.holder, s.cfg.Now().Add(leaseTime))
	switch {
	case fault.Is(err, fault.SignedOut):
		return nil // erased in this very moment: there is nobody to answer
	case err != nil:
		return err
	case mine:
		s.runner.begin(t, a)
	case fresh:
		s.runner.later(t.Conversation)
	}
	return nil
}

// reading opens a turn that another process, or an earlier run, has left.
func (s *Service) reading(t crm.Turn) (*botframework.Activity, error) {
	body, err := s.seal.open(t.Sealed, t.ID)
	if err != nil {
		return nil, err
	}
	var a botframework.Activity
	return &a, json.Unmarshal(body, &a)
}

// invokeTime is how long an invoke may take; those whose answer can come later say so after soonTime.
const (
	invokeTime = 10 * time.Second
	soonTime   = 3500 * time.Millisecond
)

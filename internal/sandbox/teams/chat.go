package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	// typingLasts is how long a typing sign stays when no message follows.
	typingLasts = 8 * time.Second
	// answerTime is how long the Bot Connector waits for a bot (Microsoft's troubleshooting page for bots).
	answerTime = 15 * time.Second
)

// chatPage is what the script needs to show a conversation.
type chatPage struct {
	ID      string   `json:"id"`
	Person  string   `json:"person"`
	Name    string   `json:"name"` // of the person
	App     appFacts `json:"app"`
	Locale  string   `json:"locale"`
	Pending bool     `json:"pending"`
}

func (s *Server) chatPageOf(v view, a *app) *chatPage {
	bot := a.bot("personal")
	if bot == nil {
		return nil
	}
	page := &chatPage{ID: conversationID(bot.BotID, v.Person.ObjectID), Person: v.Person.Username, Name: v.Person.Name, App: factsOf(a, v.Locale), Locale: v.Locale}
	s.store.read(func(k *kept) {
		if c := k.conversation(page.ID); c != nil {
			page.Pending = len(c.Pending) > 0
		}
	})
	return page
}

// startConversation opens a person's chat with an app's bot and tells the bot, in the order in which Teams does: first
// that the app was installed, then that person and bot have joined. What cannot be delivered waits in the conversation.
func (s *Server) startConversation(ctx context.Context, v view, a *app) {
	bot := a.bot("personal")
	if bot == nil {
		return
	}
	talk := s.envelope(v.Person, *bot, v.Locale)
	added := []map[string]any{
		{"type": "installationUpdate", "action": "add"},
		{"type": "conversationUpdate", "membersAdded": []map[string]any{
			{"id": memberID(bot.BotID, v.Person.ObjectID), "aadObjectId": v.Person.ObjectID}, {"id": botMember(bot.BotID)},
		}},
	}
	id := conversationID(bot.BotID, v.Person.ObjectID)
	err := s.store.change(func(k *kept) error {
		c := &conversation{ID: id, App: a.ID, Person: v.Person.ObjectID}
		for _, event := range added {
			c.Pending = append(c.Pending, talk(event, k.next()))
		}
		k.Conversations = append(k.Conversations, c)
		return nil
	})
	if err != nil {
		s.config.Log.Error("teams stand-in: conversation", "error", err)
		return
	}
	s.deliverPending(ctx, id)
}

// endConversation tells the bot that the app is gone and forgets the conversation, whether or not the bot hears it.
func (s *Server) endConversation(ctx context.Context, v view, a *app) {
	bot := a.bot("personal")
	if bot == nil {
		return
	}
	talk := s.envelope(v.Person, *bot, v.Locale)
	removed := []map[string]any{
		{"type": "conversationUpdate", "membersRemoved": []map[string]any{{"id": botMember(bot.BotID)}}},
		{"type": "installationUpdate", "action": "remove"},
	}
	var events []json.RawMessage
	id := conversationID(bot.BotID, v.Person.ObjectID)
	err := s.store.change(func(k *kept) error {
		for _, event := range removed {
			events = append(events, talk(event, k.next()))
		}
		k.Conversations = slices.DeleteFunc(k.Conversations, func(c *conversation) bool { return c.ID == id })
		return nil
	})
	if err != nil {
		s.config.Log.Error("teams stand-in: conversation", "error", err)
	}
	for _, event := range events {
		if _, _, err := s.send(ctx, a, event); err != nil {
			return
		}
	}
}

// envelope gives a function that makes an activity of what is special about it.
func (s *Server) envelope(p world.Person, bot manifestBot, locale string) func(special map[string]any, id string) json.RawMessage {
	now := s.config.Now()
	language, country, _ := strings.Cut(locale, "-")
	return func(special map[string]any, id string) json.RawMessage {
		activity := map[string]any{
			"id": id, "channelId": "msteams", "serviceUrl": s.config.Base + "/",
			"timestamp": now.UTC().Format("2006-01-02T15:04:05.000Z"), "localTimestamp": now.Format("2006-01-02T15:04:05.000-07:00"),
			"from":         map[string]any{"id": memberID(bot.BotID, p.ObjectID), "name": p.Name, "aadObjectId": p.ObjectID},
			"recipient":    map[string]any{"id": botMember(bot.BotID), "name": "Bot"},
			"conversation": map[string]any{"id": conversationID(bot.BotID, p.ObjectID), "conversationType": "personal", "tenantId": p.TenantID},
			"entities":     []map[string]any{{"type": "clientInfo", "locale": locale, "country": country, "platform": "Web"}},
			"channelData":  map[string]any{"tenant": map[string]any{"id": p.TenantID}, "source": map[string]any{"name": "message"}},
			"locale":       strings.Join([]string{language, country}, "-"),
		}
		for name, value := range special {
			activity[name] = value
		}
		raw, err := json.Marshal(activity)
		if err != nil {
			// Only maps of strings and decoded JSON go in, which always encode.
			panic(err)
		}
		return raw
	}
}

// endpoint is where an app's bot listens.
func (s *Server) endpoint(a *app) string {
	if address := s.config.Bots[firstBot(a).BotID]; address != "" {
		return address
	}
	for _, t := range a.StaticTabs {
		if u, err := url.Parse(t.ContentURL); err == nil && u.Host != "" {
			return u.Scheme + "://" + u.Host + "/api/messages"
		}
	}
	return ""
}

// send delivers one activity as the Bot Connector does and gives the bot's answer.
func (s *Server) send(ctx context.Context, a *app, activity json.RawMessage) (status int, body []byte, err error) {
	address := s.endpoint(a)
	if address == "" {
		return 0, nil, fmt.Errorf("%s has a bot but no address for it", a.Name.Short)
	}
	token, err := s.connector.token(firstBot(a).BotID, s.config.Base+"/")
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(activity))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := s.config.HTTP.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, body, err
}

// trouble turns a failed delivery into a sentence for the person; "" when it went well.
func trouble(a *app, status int, err error) string {
	switch {
	case err != nil:
		return a.Name.Short + " did not answer. Its bot may not be running."
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Sprintf("%s refused the message (%d): its bot is not set up yet, or it does not trust this client.", a.Name.Short, status)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return fmt.Sprintf("%s has no bot at its messaging address yet (%d).", a.Name.Short, status)
	case status < 200 || status > 299:
		return fmt.Sprintf("The bot of %s answered with an error (%d).", a.Name.Short, status)
	}
	return ""
}

// deliverPending tells the bot what it has not heard yet, in order, and stops at the first that fails.
func (s *Server) deliverPending(ctx context.Context, id string) (problem string) {
	for {
		var next json.RawMessage
		var appID string
		s.store.read(func(k *kept) {
			if c := k.conversation(id); c != nil && len(c.Pending) > 0 {
				next, appID = c.Pending[0], c.App
			}
		})
		a := s.catalog.find(appID)
		if next == nil || a == nil {
			return ""
		}
		status, _, err := s.send(ctx, a, next)
		if problem = trouble(a, status, err); problem != "" {
			return problem
		}
		err = s.store.talk(id, func(c *conversation, _ func() string) error {
			if len(c.Pending) > 0 && bytes.Equal(c.Pending[0], next) {
				c.Pending = c.Pending[1:]
			}
			return nil
		})
		if err != nil {
			return ""
		}
	}
}

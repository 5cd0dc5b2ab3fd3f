package teams

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// chatCall is what the conversation's script sends: a message, a card's submit, an invoke, or the wish to try again.
type chatCall struct {
	Person  string          `json:"person"`
	Text    string          `json:"text"`
	Value   json.RawMessage `json:"value"`
	Name    string          `json:"name"`    // of an invoke
	ReplyTo string          `json:"replyTo"` // the message whose card was used
	Again   string          `json:"again"`   // id of a message to send again
	Locale  string          `json:"locale"`
}

func (c *chatCall) person() string { return c.Person }

// mine gives the conversation of a call if it belongs to the person who calls, with the app and its bot.
func (s *Server) mine(w http.ResponseWriter, p world.Person, id string) (*app, *manifestBot, bool) {
	var appID string
	s.store.read(func(k *kept) {
		if c := k.conversation(id); c != nil && c.Person == p.ObjectID {
			appID = c.App
		}
	})
	if a := s.catalog.find(appID); a != nil {
		if bot := a.bot("personal"); bot != nil {
			return a, bot, true
		}
	}
	answer(w, http.StatusNotFound, map[string]any{"reason": "There is no such conversation."})
	return nil, nil, false
}

func (s *Server) listMessages(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	if _, _, ok := s.mine(w, v.Person, r.PathValue("id")); !ok {
		return
	}
	var out struct {
		Version  int       `json:"version"`
		Typing   int64     `json:"typingFor"` // milliseconds that the typing sign still has to stand
		Pending  bool      `json:"pending"`
		Messages []message `json:"messages"`
	}
	out.Messages = []message{}
	s.store.read(func(k *kept) {
		c := k.conversation(r.PathValue("id"))
		if c == nil {
			return
		}
		out.Version, out.Pending = c.Version, len(c.Pending) > 0
		out.Messages = append(out.Messages, slices.Clone(c.Messages)...)
		out.Typing = max(0, c.Typing.Sub(s.config.Now()).Milliseconds())
	})
	answer(w, http.StatusOK, out)
}

// streamChanges tells the page whenever its conversation has changed, as server-sent events that carry the version only.
func (s *Server) streamChanges(w http.ResponseWriter, r *http.Request) {
	v, id := s.viewOf(r), r.PathValue("id")
	if _, _, ok := s.mine(w, v.Person, id); !ok {
		return
	}
	// A stream never ends by itself, so that a graceful shutdown has to end it.
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok {
		s.onShutdown.Do(func() { server.RegisterOnShutdown(s.Close) })
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	for {
		version, next, ok := s.store.watch(id)
		if !ok {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %d\n\n", version); err != nil {
			return
		}
		if err := flush.Flush(); err != nil {
			return
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		}
	}
}

// sendMessage takes what a person typed or submitted, shows it at once and delivers it. The answer says whether it
// arrived; the bot's own answer comes by the connector.
func (s *Server) sendMessage(w http.ResponseWriter, r *http.Request) {
	var in chatCall
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	id := r.PathValue("id")
	a, bot, ok := s.mine(w, p, id)
	if !ok {
		return
	}
	in.Text = strings.TrimSpace(in.Text)
	if in.Again == "" && in.Text == "" && len(in.Value) == 0 || len(in.Text) > maxPost {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": "Write something, at most 8,000 characters."})
		return
	}
	if problem := s.deliverPending(r.Context(), id); problem != "" {
		s.config.Log.Info("teams stand-in: bot has not heard of the installation", "app", a.Name.Short)
	}
	sent, err := s.keepMessage(id, in, s.envelope(p, *bot, in.Locale))
	if errors.Is(err, errNoActivity) {
		answer(w, http.StatusNotFound, map[string]any{"reason": "This message is not there any more."})
		return
	}
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The conversation could not be saved."})
		return
	}
	status, _, failure := s.send(r.Context(), a, sent.Activity)
	problem := trouble(a, status, failure)
	err = s.store.talk(id, func(c *conversation, _ func() string) error {
		for i := range c.Messages {
			if c.Messages[i].ID == sent.ID {
				c.Messages[i].Problem = problem
			}
		}
		return nil
	})
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The conversation could not be saved."})
		return
	}
	answer(w, http.StatusOK, map[string]any{"id": sent.ID, "problem": problem})
}

// keepMessage writes a message into the conversation, or finds the one that is to be sent again: with the same id, so
// that a bot which did get it can tell.
func (s *Server) keepMessage(id string, in chatCall, talk func(map[string]any, string) json.RawMessage) (message, error) {
	var sent message
	err := s.store.talk(id, func(c *conversation, next func() string) error {
		if in.Again != "" {
			i := slices.IndexFunc(c.Messages, func(m message) bool { return m.ID == in.Again && m.From == "person" })
			if i < 0 {
				return errNoActivity
			}
			c.Messages[i].Problem = ""
			sent = c.Messages[i]
			return nil
		}
		special := map[string]any{"type": "message"}
		if in.Text != "" {
			special["text"], special["textFormat"] = in.Text, "plain"
		}
		if len(in.Value) > 0 {
			special["value"] = in.Value
		}
		if in.ReplyTo != "" {
			special["replyToId"] = in.ReplyTo
		}
		number := next()
		sent = message{ID: number, From: "person", Activity: talk(special, number), At: s.config.Now()}
		c.Messages = append(c.Messages, sent)
		return nil
	})
	return sent, err
}

// deliverAgain tries to tell the bot of an installation that it has not heard of.
func (s *Server) deliverAgain(w http.ResponseWriter, r *http.Request) {
	var in chatCall
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	if _, _, ok := s.mine(w, p, r.PathValue("id")); !ok {
		return
	}
	answer(w, http.StatusOK, map[string]any{"problem": s.deliverPending(r.Context(), r.PathValue("id"))})
}

// invokes are the names that this client sends; the bot's answer to one is its HTTP response.
var invokes = []string{"adaptiveCard/action", "signin/verifyState", "task/fetch", "task/submit"}

func (s *Server) sendInvoke(w http.ResponseWriter, r *http.Request) {
	var in chatCall
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	id := r.PathValue("id")
	a, bot, ok := s.mine(w, p, id)
	if !ok {
		return
	}
	if !slices.Contains(invokes, in.Name) {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": "This client does not send such an invoke."})
		return
	}
	special := map[string]any{"type": "invoke", "name": in.Name, "value": in.Value}
	if in.ReplyTo != "" {
		special["replyToId"] = in.ReplyTo
	}
	number := ""
	if err := s.store.change(func(k *kept) error { number = k.next(); return nil }); err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The conversation could not be saved."})
		return
	}
	status, body, err := s.send(r.Context(), a, s.envelope(p, *bot, in.Locale)(special, number))
	if err != nil {
		answer(w, http.StatusOK, map[string]any{"problem": trouble(a, 0, err)})
		return
	}
	var parsed any
	if json.Unmarshal(body, &parsed) != nil {
		parsed = nil
	}
	if card := replacement(parsed); card != nil && in.ReplyTo != "" {
		s.replaceCard(id, in.ReplyTo, card)
	}
	answer(w, http.StatusOK, map[string]any{"status": status, "body": parsed, "problem": invokeTrouble(a, status, parsed)})
}

// replacement gives the card by which the answer to an Action.Execute replaces the one that was used; nil for none.
func replacement(body any) any {
	response, _ := body.(map[string]any)
	if response["type"] == "application/vnd.microsoft.card.adaptive" {
		return response["value"]
	}
	return nil
}

// invokeTrouble leaves alone what has a card or a message of its own.
func invokeTrouble(a *app, status int, body any) string {
	if status == http.StatusNotImplemented {
		return a.Name.Short + " does not know this action."
	}
	if response, ok := body.(map[string]any); ok && response["type"] != nil {
		return ""
	}
	return trouble(a, status, nil)
}

func (s *Server) replaceCard(id, messageID string, card any) {
	err := s.store.talk(id, func(c *conversation, _ func() string) error {
		i := ofBot(c, messageID)
		if i < 0 {
			return errNoActivity
		}
		raw, err := json.Marshal(map[string]any{"type": "message", "attachments": []any{
			map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
		}})
		if err != nil {
			return err
		}
		c.Messages[i].Activity = raw
		return nil
	})
	if err != nil {
		s.config.Log.Info("teams stand-in: card not replaced", "error", err)
	}
}

package teams

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// maxActivity is the size that Teams accepts of one message: about 100 KB in UTF-16.
const maxActivity = 100 << 10

// caller is a bot that proved who it is, and the conversation it speaks to.
type caller struct {
	bot          string
	conversation conversation
	person       world.Person
}

// connectorAPI is the Bot Connector's REST service (botframework-channel.json): what a bot calls at the serviceUrl of an
// activity. Every call needs the bot's own token, and reaches only the bot's own conversations.
func (s *Server) connectorAPI() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(http.ResponseWriter, *http.Request, caller)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if c, ok := s.identify(w, r); ok {
				f(w, r, c)
			}
		})
	}
	handle("POST /v3/conversations", s.createConversation)
	handle("POST /v3/conversations/{id}/activities", s.receiveActivity)
	handle("POST /v3/conversations/{id}/activities/{activity}", s.receiveActivity)
	handle("PUT /v3/conversations/{id}/activities/{activity}", s.replaceActivity)
	handle("DELETE /v3/conversations/{id}/activities/{activity}", s.deleteActivity)
	handle("GET /v3/conversations/{id}/members", s.listMembers)
	handle("GET /v3/conversations/{id}/members/{member}", s.showMember)
	handle("GET /v3/conversations/{id}/pagedmembers", s.pageMembers)
	mux.HandleFunc("/v3/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "NotFound", "The connector has no such operation.")
	})
	return mux
}

// refuse answers in the connector's shape of an error.
func refuse(w http.ResponseWriter, status int, code, text string) {
	answer(w, status, map[string]any{"error": map[string]string{"code": code, "message": text}})
}

func (s *Server) identify(w http.ResponseWriter, r *http.Request) (caller, bool) {
	bot, err := s.connector.accept(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		s.config.Log.Info("teams stand-in: connector call refused", "error", err)
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "Unauthorized", "Authorization has been denied for this request.")
		return caller{}, false
	}
	c := caller{bot: bot}
	id := r.PathValue("id")
	if id == "" {
		return c, true
	}
	found := false
	s.store.read(func(k *kept) {
		if kept := k.conversation(id); kept != nil {
			c.conversation, found = *kept, true
		}
	})
	a := s.catalog.find(c.conversation.App)
	if !found || a == nil || !strings.EqualFold(firstBot(a).BotID, bot) {
		refuse(w, http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
		return caller{}, false
	}
	c.person, _ = s.personByID(c.conversation.Person)
	return c, true
}

// activityIn is the part of an activity that the client has to understand; the rest is kept as it came.
type activityIn struct {
	Type        string            `json:"type"`
	Text        string            `json:"text"`
	Attachments []json.RawMessage `json:"attachments"`
}

func readActivity(w http.ResponseWriter, r *http.Request) (raw json.RawMessage, a activityIn, ok bool) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxActivity))
	if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
		refuse(w, http.StatusRequestEntityTooLarge, "MessageSizeTooBig", "Message size too large.")
		return nil, a, false
	}
	if err != nil || json.Unmarshal(raw, &a) != nil {
		refuse(w, http.StatusBadRequest, "BadSyntax", "The activity is not JSON of the expected shape.")
		return nil, a, false
	}
	return raw, a, true
}

func (s *Server) receiveActivity(w http.ResponseWriter, r *http.Request, c caller) {
	raw, a, ok := readActivity(w, r)
	if !ok {
		return
	}
	switch {
	case a.Type == "typing":
		err := s.store.talk(c.conversation.ID, func(k *conversation, _ func() string) error {
			k.Typing = s.config.Now().Add(typingLasts)
			return nil
		})
		s.accepted(w, err, http.StatusAccepted, nil)
	case a.Type != "message":
		refuse(w, http.StatusBadRequest, "BadArgument", "Unknown activity type.")
	case strings.TrimSpace(a.Text) == "" && len(a.Attachments) == 0:
		refuse(w, http.StatusBadRequest, "BadSyntax", "A message needs text or an attachment.")
	default:
		id := ""
		err := s.store.talk(c.conversation.ID, func(k *conversation, next func() string) error {
			id = next()
			k.Typing = time.Time{}
			k.Messages = append(k.Messages, message{ID: id, From: "bot", Activity: raw, At: s.config.Now()})
			return nil
		})
		s.accepted(w, err, http.StatusCreated, map[string]string{"id": id})
	}
}

var errNoActivity = errors.New("there is no such activity")

func (s *Server) replaceActivity(w http.ResponseWriter, r *http.Request, c caller) {
	raw, _, ok := readActivity(w, r)
	if !ok {
		return
	}
	id := r.PathValue("activity")
	err := s.store.talk(c.conversation.ID, func(k *conversation, _ func() string) error {
		i := ofBot(k, id)
		if i < 0 {
			return errNoActivity
		}
		k.Messages[i].Activity = raw
		return nil
	})
	s.accepted(w, err, http.StatusOK, map[string]string{"id": id})
}

func (s *Server) deleteActivity(w http.ResponseWriter, r *http.Request, c caller) {
	err := s.store.talk(c.conversation.ID, func(k *conversation, _ func() string) error {
		i := ofBot(k, r.PathValue("activity"))
		if i < 0 {
			return errNoActivity
		}
		k.Messages = slices.Delete(k.Messages, i, i+1)
		return nil
	})
	s.accepted(w, err, http.StatusOK, nil)
}

// ofBot finds a message that the bot itself sent; it may not touch those of a person.
func ofBot(k *conversation, id string) int {
	return slices.IndexFunc(k.Messages, func(m message) bool { return m.ID == id && m.From == "bot" })
}

// accepted answers a change of a conversation.
func (s *Server) accepted(w http.ResponseWriter, err error, status int, body any) {
	switch {
	case errors.Is(err, errNoActivity):
		refuse(w, http.StatusNotFound, "ActivityNotFoundInConversation", "The activity was not found in this conversation.")
	case errors.Is(err, errNoConversation):
		refuse(w, http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
	case err != nil:
		s.config.Log.Error("teams stand-in: conversation", "error", err)
		refuse(w, http.StatusInternalServerError, "ServiceError", "The conversation could not be saved.")
	case body == nil:
		w.WriteHeader(status)
	default:
		answer(w, status, body)
	}
}

// createConversation finds the personal conversation of a member, so that a bot can write first.
func (s *Server) createConversation(w http.ResponseWriter, r *http.Request, c caller) {
	var in struct {
		Members []struct {
			ID string `json:"id"`
		} `json:"members"`
		IsGroup bool `json:"isGroup"`
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, maxActivity)).Decode(&in) != nil || len(in.Members) != 1 || in.IsGroup {
		refuse(w, http.StatusBadRequest, "BadSyntax", "Name exactly one member: the bot has personal conversations only.")
		return
	}
	for _, p := range s.config.People {
		if memberID(c.bot, p.ObjectID) != in.Members[0].ID {
			continue
		}
		id := conversationID(c.bot, p.ObjectID)
		known := false
		s.store.read(func(k *kept) { known = k.conversation(id) != nil })
		if known {
			answer(w, http.StatusCreated, map[string]string{"id": id})
			return
		}
	}
	refuse(w, http.StatusForbidden, "BotNotInConversationRoster", "The person has not installed this app.")
}

func (s *Server) memberOf(c caller) map[string]any {
	given, family, _ := strings.Cut(c.person.Name, " ")
	return map[string]any{
		"id": memberID(c.bot, c.person.ObjectID), "name": c.person.Name, "givenName": given, "surname": family,
		"aadObjectId": c.person.ObjectID, "objectId": c.person.ObjectID, "email": c.person.Username,
		"userPrincipalName": c.person.Username, "tenantId": c.person.TenantID, "userRole": "user",
	}
}

func (s *Server) listMembers(w http.ResponseWriter, _ *http.Request, c caller) {
	answer(w, http.StatusOK, []any{s.memberOf(c)})
}

func (s *Server) pageMembers(w http.ResponseWriter, _ *http.Request, c caller) {
	answer(w, http.StatusOK, map[string]any{"members": []any{s.memberOf(c)}})
}

func (s *Server) showMember(w http.ResponseWriter, r *http.Request, c caller) {
	wanted := r.PathValue("member")
	if wanted != memberID(c.bot, c.person.ObjectID) && wanted != c.person.ObjectID {
		refuse(w, http.StatusNotFound, "MemberNotFoundInConversation", "The member was not found in this conversation.")
		return
	}
	answer(w, http.StatusOK, s.memberOf(c))
}

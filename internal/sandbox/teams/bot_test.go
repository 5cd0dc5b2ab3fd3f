package teams_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// activity is what a bot reads of an activity.
type activity struct {
	Type         string
	ID           string
	Action       string
	Name         string
	Text         string
	Value        json.RawMessage
	ServiceURL   string
	ReplyToID    string
	ChannelID    string
	MembersAdded []struct{ ID string }
	From         struct{ ID, Name, AadObjectID string }
	Recipient    struct{ ID string }
	Conversation struct{ ID, ConversationType, TenantID string }
	ChannelData  struct{ Tenant struct{ ID string } }
}

// bot records what it hears and answers as it is told.
type bot struct {
	t      *testing.T
	host   *host
	mu     sync.Mutex
	heard  []activity
	tokens []string
	Status int                                      // instead of 200
	Invoke func(activity) (status int, body any)    // the answer to an invoke
	Reply  func(activity) (message any, reply bool) // what it says on a message or an event
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var a activity
	if err := json.Unmarshal(raw, &a); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	b.heard = append(b.heard, a)
	b.tokens = append(b.tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	status, invoke, reply := b.Status, b.Invoke, b.Reply
	b.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	if a.Type == "invoke" && invoke != nil {
		code, body := invoke(a)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(body)
		return
	}
	if reply == nil {
		return
	}
	if message, ok := reply(a); ok {
		if status, _ := b.say(a.Conversation.ID, message); status != http.StatusCreated {
			b.t.Errorf("the connector answered %d to a reply", status)
		}
	}
}

// say sends a message by the connector.
func (b *bot) say(conversation string, message any) (int, map[string]any) {
	return b.connector(http.MethodPost, "/v3/conversations/"+url.PathEscape(conversation)+"/activities", message, b.host.Entra.sign(b.t, nil))
}

func (b *bot) connector(method, path string, body any, token string) (int, map[string]any) {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(method, b.host.URL+path, bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return b.host.do(r)
}

func (b *bot) activities() []activity {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]activity(nil), b.heard...)
}

func (b *bot) last() activity {
	b.t.Helper()
	all := b.activities()
	if len(all) == 0 {
		b.t.Fatal("the bot heard nothing")
	}
	return all[len(all)-1]
}

func (b *bot) set(f func(*bot)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(b)
}

// talk is a person's conversation with the bot.
type talk struct {
	h      *host
	person string
	id     string
}

type line struct {
	ID       string
	From     string
	Problem  string
	Activity struct {
		Text        string
		ID          string
		Attachments []struct{ Content json.RawMessage }
	}
}

// converse opens the Conversation tab of an installed app.
func (h *host) converse(person string) talk {
	h.t.Helper()
	p := h.get(personal + "/conversations?person=" + person)
	var chat struct{ ID string }
	if err := json.Unmarshal([]byte(p.Find("#chat").Text()), &chat); err != nil || chat.ID == "" {
		h.t.Fatalf("no conversation on %s: %v", p.url, err)
	}
	return talk{h, person, chat.ID}
}

func (k talk) path() string { return "/_host/conversations/" + url.PathEscape(k.id) }

func (k talk) lines() []line {
	k.h.t.Helper()
	r, err := k.h.client.Get(k.h.URL + k.path() + "?person=" + k.person)
	if err != nil {
		k.h.t.Fatal(err)
	}
	defer r.Body.Close()
	var out struct{ Messages []line }
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
		k.h.t.Fatal(err)
	}
	return out.Messages
}

func (k talk) say(text string) map[string]any {
	k.h.t.Helper()
	status, out := k.h.call(http.MethodPost, k.path()+"/messages", map[string]any{"person": k.person, "text": text, "locale": "en-US"})
	if status != http.StatusOK {
		k.h.t.Fatalf("saying %q: %d %v", text, status, out)
	}
	return out
}

package teams

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// store keeps what people did in the client: installations, tabs, posts and conversations, in one JSON file.
type store struct {
	path    string
	mu      sync.Mutex
	kept    kept
	changed map[string]chan struct{} // conversation id -> closed at its next change
}

type kept struct {
	Serial        int
	Uploads       [][]byte
	Installs      []install
	Tabs          []pinned
	Posts         []post
	Conversations []*conversation
}

// install is an app that was installed: For is a person's object id, a team's id or a chat's id.
type install struct {
	App   string
	Scope string // personal, team or groupChat
	For   string
	At    time.Time
}

// pinned is an app's tab in a channel or a chat.
type pinned struct {
	ID     string
	Space  string
	App    string
	Name   string
	Config instanceConfig
}

// instanceConfig is what a configuration page says about its tab (TeamsJS pages.InstanceConfig).
type instanceConfig struct {
	EntityID             string `json:"entityId,omitempty"`
	ContentURL           string `json:"contentUrl"`
	WebsiteURL           string `json:"websiteUrl,omitempty"`
	RemoveURL            string `json:"removeUrl,omitempty"`
	SuggestedDisplayName string `json:"suggestedDisplayName,omitempty"`
}

// post is what somebody wrote in a channel or a chat. In a tab's conversation it has the tab, and the sub page of which
// the app said that it is about.
type post struct {
	Space, Person, Text string
	Tab, Sub            string `json:",omitempty"`
	At                  time.Time
}

// conversation is a person's chat with an app's bot.
type conversation struct {
	ID       string
	App      string
	Person   string // object id
	Version  int    // grows with every change
	Typing   time.Time
	Messages []message
	Pending  []json.RawMessage // events that the bot has not been told of yet
}

// message is one line of a conversation: what was sent, by whom, and whether it arrived.
type message struct {
	ID       string          `json:"id"`
	From     string          `json:"from"` // person or bot
	Activity json.RawMessage `json:"activity"`
	At       time.Time       `json:"at"`
	Problem  string          `json:"problem,omitempty"` // why the bot did not get it, for people
}

// maxMessages bounds a conversation; the oldest go first.
const maxMessages = 400

func openStore(path string) (*store, error) {
	s := &store{path: path, changed: map[string]chan struct{}{}}
	if path == "" {
		return s, nil
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("teams stand-in: %w", err)
	}
	if err := json.Unmarshal(raw, &s.kept); err != nil {
		return nil, fmt.Errorf("teams stand-in: %s is damaged (%w); delete it to begin anew", path, err)
	}
	return s, nil
}

// read runs f while nobody changes anything. f must not keep what it is given.
func (s *store) read(f func(k *kept)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.kept)
}

// change runs f and writes the outcome to disk. When f fails, nothing is written and f must not have changed anything.
func (s *store) change(f func(k *kept) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := f(&s.kept); err != nil {
		return err
	}
	return s.write()
}

// write replaces the file whole, so that a crash leaves the old one or the new one.
func (s *store) write() error {
	if s.path == "" {
		return nil
	}
	raw, err := json.Marshal(s.kept)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	next := s.path + ".next"
	if err := os.WriteFile(next, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(next, s.path)
}

// talk changes one conversation and wakes those who watch it.
func (s *store) talk(id string, f func(c *conversation, next func() string) error) error {
	return s.change(func(k *kept) error {
		c := k.conversation(id)
		if c == nil {
			return errNoConversation
		}
		if err := f(c, k.next); err != nil {
			return err
		}
		c.Version++
		if extra := len(c.Messages) - maxMessages; extra > 0 {
			c.Messages = slices.Delete(c.Messages, 0, extra)
		}
		if waiting := s.changed[id]; waiting != nil {
			close(waiting)
			delete(s.changed, id)
		}
		return nil
	})
}

// watch gives a conversation's version and a channel that is closed at its next change.
func (s *store) watch(id string) (version int, next <-chan struct{}, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.kept.conversation(id)
	if c == nil {
		return 0, nil, false
	}
	if s.changed[id] == nil {
		s.changed[id] = make(chan struct{})
	}
	return c.Version, s.changed[id], true
}

func (s *store) uploads() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept.Uploads)
}

var errNoConversation = errors.New("there is no such conversation")

func (k *kept) conversation(id string) *conversation {
	for _, c := range k.Conversations {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (k *kept) installed(app, scope, target string) bool {
	return slices.ContainsFunc(k.Installs, func(i install) bool {
		return i.App == app && i.Scope == scope && i.For == target
	})
}

func (k *kept) tab(id string) *pinned {
	for i := range k.Tabs {
		if k.Tabs[i].ID == id {
			return &k.Tabs[i]
		}
	}
	return nil
}

// next gives a number that was not used before, as Teams numbers messages.
func (k *kept) next() string {
	k.Serial++
	return strconv.Itoa(1_700_000_000_000 + k.Serial)
}

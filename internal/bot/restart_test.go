package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/bot"
	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/internal/workspace"
)

// everybody takes the part of what is not at issue: a token check that is passed, a tenant that is let in.
type everybody struct{}

func (everybody) Verify(context.Context, string, *botframework.Activity) error { return nil }
func (everybody) Admit(string) error                                           { return nil }
func (everybody) SignOut(context.Context, crm.User) error                      { return nil }

// conversations are what the bot said, by conversation.
type conversations struct {
	mu   sync.Mutex
	said map[string]int
}

func (c *conversations) Send(_ context.Context, to botframework.Reference, _ botframework.Activity) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said[to.Conversation]++
	return "id", nil
}
func (c *conversations) Update(context.Context, botframework.Reference, string, botframework.Activity) error {
	return nil
}
func (c *conversations) Typing(context.Context, botframework.Reference) error { return nil }

// What was acknowledged is answered, once, although the process that took it in never came to it; and what it said is nowhere
// in the database's file meanwhile.
func TestMessagesOutliveTheirProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pintab.db")
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mu sync.Mutex
	clock := time.Unix(1_800_000_000, 0)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	db.Now = now
	talk := &conversations{said: map[string]int{}}
	start := func() *bot.Service {
		s, err := bot.New(bot.Config{
			Verifier: everybody{}, Speaker: talk, Queue: db, People: db, SignIn: everybody{}, Privacy: privacy.Service{Rows: db, Now: now},
			Places: workspace.Service{}, PublicURL: "https://pintab.example", Keys: [][]byte{bytes.Repeat([]byte("k"), 32)}, Now: now, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	dying := start() // it takes in and never runs
	const each = 3
	for i := range 100 {
		for j := range each {
			body := fmt.Sprintf(`{"type":"message","id":"%d","channelId":"msteams","serviceUrl":"https://smba.trafficmanager.net/emea/","text":"canary of a customer",
				"from":{"id":"29:x","aadObjectId":"6d1b1a3e-0f52-4c0f-9a43-5d1f6e2c7b90"},"recipient":{"id":"28:b"},
				"conversation":{"id":"talk %d","conversationType":"personal","tenantId":"72f988bf-86f1-41af-91ab-2d7cd011db47"}}`, j, i)
			for range 2 {
				if status, answer, err := dying.Receive(t.Context(), "", []byte(body)); status != 200 || answer != nil || err != nil {
					t.Fatal(status, string(answer), err)
				}
			}
		}
	}
	for _, suffix := range []string{"", "-wal"} {
		if raw, err := os.ReadFile(path + suffix); err == nil && bytes.Contains(raw, []byte("canary of")) {
			t.Error("the database holds what was typed")
		}
	}
	if n, err := db.WaitingTurns(t.Context()); n != 100*each || err != nil {
		t.Fatal(n, "wait", err)
	}
	mu.Lock()
	clock = clock.Add(time.Minute)
	mu.Unlock()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	next := start()
	go func() { defer close(ended); next.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if n, err := db.WaitingTurns(t.Context()); err != nil || time.Now().After(deadline) {
			t.Fatal(n, "still wait", err)
		} else if n == 0 {
			break
		}
	}
	stop()
	<-ended
	for i := range 100 {
		if n := talk.said[fmt.Sprint("talk ", i)]; n != each {
			t.Errorf("talk %d: %d answers to %d messages", i, n, each)
		}
	}
}

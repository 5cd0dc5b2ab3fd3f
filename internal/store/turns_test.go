package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

func turn(id, conversation string) crm.Turn {
	return crm.Turn{ID: hash(id), User: ada, Conversation: hash(conversation), Sealed: []byte("sealed " + id)}
}

func takeIn(t *testing.T, s *Store, c *clock, one crm.Turn, holder string) (fresh, mine bool) {
	t.Helper()
	fresh, mine, err := s.TakeIn(t.Context(), one, holder, c.now().Add(time.Minute))
	must(t, err)
	return fresh, mine
}

func next(t *testing.T, s *Store, c *clock, holder string) []string {
	t.Helper()
	turns, err := s.NextTurns(t.Context(), holder, c.now().Add(time.Minute), 10)
	must(t, err)
	var all []string
	for _, one := range turns {
		all = append(all, string(one.Sealed))
	}
	return all
}

// An activity is taken in once, however often and wherever it arrives, also at the same moment and long after it was answered.
func TestAnActivityIsTakenInOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		var fresh atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				one := turn(fmt.Sprint("activity ", i%4), fmt.Sprint("talk ", i%4))
				f, _, err := s.TakeIn(context.Background(), one, "a", c.now().Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if f {
					fresh.Add(1)
				}
			})
		}
		all.Wait()
		if n := fresh.Load(); n != 4 {
			t.Error(n, "were fresh, want 4")
		}
		if n, err := s.WaitingTurns(t.Context()); n != 4 || err != nil {
			t.Error(n, "wait", err)
		}
		must(t, s.EndTurn(t.Context(), hash("activity 1")))
		c.forward(HeardLife - time.Minute)
		if _, err := s.Sweep(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if f, _ := takeIn(t, s, c, turn("activity 1", "talk 1"), "a"); f {
			t.Error("taken for a new one")
		}
		if f, err := s.Hear(t.Context(), hash("activity 1")); f || err != nil {
			t.Error("heard for the first time", err)
		}
	})
}

// Turns of one conversation are held one after the other, those of several side by side, and what a process leaves behind is
// taken over once its time is up.
func TestTurnsOfAConversationComeInOrder(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		if f, mine := takeIn(t, s, c, turn("1", "talk"), "a"); !f || !mine {
			t.Fatal(f, mine)
		}
		if f, mine := takeIn(t, s, c, turn("2", "talk"), "b"); !f || mine {
			t.Fatal(f, mine)
		}
		if f, mine := takeIn(t, s, c, turn("3", "other"), "b"); !f || !mine {
			t.Fatal(f, mine)
		}
		if got := next(t, s, c, "b"); got != nil {
			t.Error("held twice:", got)
		}
		if ok, err := s.KeepTurn(t.Context(), hash("1"), "b", c.now().Add(time.Hour)); ok || err != nil {
			t.Error("held for another", err)
		}
		must(t, s.EndTurn(t.Context(), hash("1")))
		if got := next(t, s, c, "b"); len(got) != 1 || got[0] != "sealed 2" {
			t.Error(got)
		}
		c.forward(2 * time.Minute)
		if got := next(t, s, c, "c"); len(got) != 2 || got[0] != "sealed 2" || got[1] != "sealed 3" {
			t.Error(got)
		}
		must(t, s.ReleaseTurns(t.Context(), "c"))
		turns, err := s.NextTurns(t.Context(), "d", c.now().Add(time.Minute), 1)
		if err != nil || len(turns) != 1 || turns[0].Tries != 3 || turns[0].User != ada {
			t.Errorf("%+v %v", turns, err)
		}
	})
}

// Several replicas that look at once share the turns, and none is begun twice.
func TestReplicasShareTurns(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		for i := range 40 {
			takeIn(t, s, c, turn(fmt.Sprint(i), fmt.Sprint("talk ", i)), "gone")
		}
		c.forward(2 * time.Minute)
		var mu sync.Mutex
		seen := map[string]int{}
		var all sync.WaitGroup
		for r := range 4 {
			all.Go(func() {
				for range 20 {
					turns, err := s.NextTurns(context.Background(), fmt.Sprint("replica ", r), c.now().Add(time.Minute), 3)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					for _, one := range turns {
						seen[string(one.Sealed)]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		for id, n := range seen {
			if n != 1 {
				t.Error(id, "was begun", n, "times")
			}
		}
		if len(seen) != 40 {
			t.Error(len(seen), "of 40 were begun")
		}
	})
}

// What somebody wrote before they were erased, and arrives after it, is not kept.
func TestNothingOfSomebodyErasedIsQueued(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		erase(t, s, ada)
		_, _, err := s.TakeIn(t.Context(), turn("1", "talk"), "a", c.now().Add(time.Minute))
		if !fault.Is(err, fault.SignedOut) {
			t.Error(err)
		}
		if n, err := s.WaitingTurns(t.Context()); n != 0 || err != nil {
			t.Error(n, err)
		}
		epoch, err := s.Epoch(t.Context())
		must(t, err)
		later := turn("2", "talk")
		later.Epoch = epoch
		if f, mine := takeIn(t, s, c, later, "a"); !f || !mine {
			t.Error("a later message is refused")
		}
	})
}

// A code signs in whom it was made for, once, and not after five wrong ones or ten minutes.
func TestBotCodes(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		offer := func() { must(t, s.OfferBotCode(ctx, ada, hash("code"), c.now().Add(10*time.Minute))) }
		take := func(u crm.User, code string) (right, waiting bool) {
			right, waiting, err := s.TakeBotCode(ctx, u, hash(code))
			must(t, err)
			return right, waiting
		}
		offer()
		if right, waiting := take(ben, "code"); right || waiting {
			t.Error("another person's code was taken")
		}
		if right, waiting := take(ada, "wrong"); right || !waiting {
			t.Error(right, waiting)
		}
		if right, _ := take(ada, "code"); !right {
			t.Error("the right code is refused")
		}
		if right, waiting := take(ada, "code"); right || waiting {
			t.Error("a code counts twice")
		}
		standing, err := s.BotStanding(ctx, ada)
		if err != nil || !standing.SignedIn || !standing.Since.Equal(c.now()) {
			t.Errorf("%+v %v", standing, err)
		}
		offer()
		for range codeTries {
			take(ada, "wrong")
		}
		if right, waiting := take(ada, "code"); right || waiting {
			t.Error("the right code counts after too many wrong ones")
		}
		offer()
		c.forward(10 * time.Minute)
		if right, waiting := take(ada, "code"); right || waiting {
			t.Error("an old code counts")
		}
		must(t, s.EndSessions(ctx, ada))
		if standing, err := s.BotStanding(ctx, ada); err != nil || standing.SignedIn {
			t.Error("still signed in", err)
		}
	})
}

// Who does not talk for long is signed out; who talks stays signed in.
func TestBotSessionsEndUnused(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		must(t, s.OfferBotCode(ctx, ada, hash("code"), c.now().Add(time.Minute)))
		if right, _, err := s.TakeBotCode(ctx, ada, hash("code")); !right || err != nil {
			t.Fatal(err)
		}
		for range 5 {
			c.forward(BotSessionLife - time.Hour)
			if standing, err := s.BotStanding(ctx, ada); !standing.SignedIn || err != nil {
				t.Fatal("signed out although in use", err)
			}
		}
		c.forward(BotSessionLife)
		if standing, err := s.BotStanding(ctx, ada); standing.SignedIn || err != nil {
			t.Error("signed in after all that time", err)
		}
		must(t, s.StopTenant(ctx, ada.Tenant))
		if standing, err := s.BotStanding(ctx, ben); !standing.Stopped || err != nil {
			t.Error("not stopped", err)
		}
	})
}

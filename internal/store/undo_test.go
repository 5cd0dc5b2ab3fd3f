package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
)

// opens is all that a person chose, as text.
func opens(t *testing.T, s *Store, u crm.User) string {
	t.Helper()
	p, err := s.Preference(t.Context(), u)
	must(t, err)
	board, personal, err := s.DashboardChoice(t.Context(), u, "https://two", "2")
	must(t, err)
	return fmt.Sprintf("%s %s %q %v", p.OrganizationURL, p.AppID, board, personal)
}

// Undo brings back exactly what was there before the choice that it names, once, and never for somebody else.
func TestAChoiceIsTakenBack(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		settle := func(u crm.User, p crm.Preference, board string) time.Time {
			t.Helper()
			saved, err := s.Settle(ctx, u, p, crm.DashboardChoice{OrganizationURL: "https://two", AppID: "2", DashboardID: board, Personal: board == "mine"})
			must(t, err)
			if kept, err := s.Preference(ctx, u); err != nil || !kept.Updated.Equal(saved) {
				t.Error("a choice is not named by its moment:", kept, saved, err)
			}
			return saved
		}
		undo := func(u crm.User, saved time.Time, want bool) {
			t.Helper()
			if done, err := s.Undo(ctx, u, saved); done != want || err != nil {
				t.Errorf("%v, want %v: %v", done, want, err)
			}
		}
		want := func(u crm.User, text string) {
			t.Helper()
			if got := opens(t, s, u); got != text {
				t.Errorf("%s, want %s", got, text)
			}
		}
		one, two := crm.Preference{OrganizationURL: "https://one", AppID: "1"}, crm.Preference{OrganizationURL: "https://two", AppID: "2"}
		const nothing = `  "" false`

		undo(ada, c.now(), false)
		first := settle(ada, two, "board") // the very first choice: back to none at all
		want(ada, `https://two 2 "board" false`)
		c.forward(time.Second)
		settle(ben, one, "")
		undo(ben, first, false)
		undo(ada, first, true)
		want(ada, nothing)
		undo(ada, first, false)
		want(ben, `https://one 1 "" false`)

		before := settle(ada, one, "") // two tabs, in the same millisecond
		after := settle(ada, two, "mine")
		if !after.After(before) {
			t.Error("two choices have the same name")
		}
		undo(ada, before, false)
		want(ada, `https://two 2 "mine" true`)
		c.forward(time.Minute)
		undo(ada, after, true)
		want(ada, `https://one 1 "" false`)
		undo(ada, after, false)

		must(t, s.ChooseDashboard(ctx, ada, "https://two", "2", "old", false))
		third := settle(ada, two, "new")
		undo(ada, third, true)
		want(ada, `https://one 1 "old" false`)

		fourth := settle(ada, two, "new")
		c.forward(time.Second)
		must(t, s.ChooseDashboard(ctx, ada, "https://two", "2", "later", false)) // in the picker of My Dashboard
		undo(ada, fourth, false)
		want(ada, `https://two 2 "later" false`)

		fifth := settle(ada, one, "")
		if earlier, ok, err := s.Earlier(ctx, ada, fifth); !ok || err != nil || !cmp.Equal(earlier, two) {
			t.Error(earlier, ok, err)
		}
		c.forward(UndoLife)
		undo(ada, fifth, false)
		if _, ok, err := s.Earlier(ctx, ada, fifth); ok || err != nil {
			t.Error("too late, and still offered", err)
		}
		want(ada, `https://one 1 "later" false`)
	})
}

// Of many who press the same Undo at once, one does it, and nothing of a choice is ever half done.
func TestUndoHappensOnce(t *testing.T) {
	for kind, address := range addresses(t) {
		t.Run(kind, func(t *testing.T) {
			c := newClock()
			replicas := []*Store{open(t, address, c), open(t, address, c)}
			for round := range 5 {
				saved, err := replicas[0].Settle(t.Context(), ada, crm.Preference{OrganizationURL: "https://two", AppID: "2"},
					crm.DashboardChoice{OrganizationURL: "https://two", AppID: "2", DashboardID: fmt.Sprint("board", round)})
				must(t, err)
				var done atomic.Int32
				var all sync.WaitGroup
				for i := range 8 {
					all.Go(func() {
						if ok, err := replicas[i%2].Undo(t.Context(), ada, saved); err != nil {
							t.Error(err)
						} else if ok {
							done.Add(1)
						}
					})
				}
				all.Wait()
				if got := opens(t, replicas[1], ada); done.Load() != 1 || got != `  "" false` {
					t.Errorf("%d undid it, and %s is left", done.Load(), got)
				}
			}
		})
	}
}

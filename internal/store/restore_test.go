package store

import (
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

func TestAPreferenceIsRestoredUnlessItChanged(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		want := func(organization string) {
			t.Helper()
			if p, err := s.Preference(ctx, ada); err != nil || p.OrganizationURL != organization {
				t.Errorf("%v, want %q: %v", p, organization, err)
			}
		}
		restore := func(p crm.Preference, since time.Time, want bool) {
			t.Helper()
			if done, err := s.Restore(ctx, ada, p, since); done != want || err != nil {
				t.Error(done, err)
			}
		}
		one := crm.Preference{OrganizationURL: "https://one", AppID: "1"}
		restore(one, c.now(), false) // nothing is kept, and nothing is brought back
		want("")
		must(t, s.Remember(ctx, ada, one))
		must(t, s.Remember(ctx, ben, one))
		first := c.now()
		c.forward(time.Minute)
		must(t, s.Remember(ctx, ada, crm.Preference{OrganizationURL: "https://two", AppID: "2"}))
		restore(one, first, false)
		want("https://two")
		second := c.now()
		c.forward(time.Minute)
		restore(one, second, true)
		want("https://one")
		restore(one, second, false) // once
		restore(crm.Preference{}, c.now(), true)
		want("")
		if p, err := s.Preference(ctx, ben); err != nil || p.OrganizationURL != "https://one" {
			t.Error("somebody else's:", p, err)
		}
	})
}

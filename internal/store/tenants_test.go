package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
)

// A tenant that is switched off is signed out at once, for every process; what its people chose stays for when it is on again.
func TestATenantIsSwitchedOffAndOn(t *testing.T) {
	for kind, address := range addresses(t) {
		t.Run(kind, func(t *testing.T) {
			c := newClock()
			s, other := open(t, address, c), open(t, address, c)
			ctx := t.Context()
			const filler = "99999999-0000-4000-8000-000000000009" // which fill switches off
			fill(t, s, c, ada, "a")
			fill(t, s, c, adaIn, "b")
			c.forward(time.Second)
			since := c.now()
			must(t, s.StopTenant(ctx, ada.Tenant))
			c.forward(time.Minute)
			must(t, s.StopTenant(ctx, ada.Tenant))
			for table, want := range map[string]int{"sessions": 1, "tokens": 1, "hand_offs": 1, "preferences": 2} {
				if n := len(rowsOf(t, s, table)); n != want {
					t.Errorf("%s: %d rows, want %d", table, n, want)
				}
			}
			all, err := other.StoppedTenants(ctx)
			if err != nil || len(all) != 2 || !cmp.Equal(all[1], crm.StoppedTenant{Tenant: ada.Tenant, Since: since}) {
				t.Error(all, err)
			}
			// A sign-in that was under way leaves a session that says so, and the next sweep takes it.
			must(t, other.StartSession(ctx, hash("late"), session(ada, c.now(), time.Hour)))
			must(t, other.SaveToken(ctx, ada, "r", []byte("x"), c.now().Add(time.Hour)))
			if row, ok, err := s.Session(ctx, hash("late")); !ok || !row.Stopped || err != nil {
				t.Error(row, ok, err)
			}
			must(t, s.StartSession(ctx, hash("theirs"), session(adaIn, c.now(), time.Hour)))
			if row, _, err := other.Session(ctx, hash("theirs")); row.Stopped || err != nil {
				t.Error("somebody of another tenant is stopped:", err)
			}
			if _, err := s.Sweep(ctx, time.Hour); err != nil {
				t.Error(err)
			}
			if _, ok, err := s.Session(ctx, hash("late")); ok || err != nil || len(rowsOf(t, s, "tokens")) != 1 {
				t.Error("what a late sign-in left is still there", err)
			}
			for tenant, want := range map[string]bool{ada.Tenant: true, adaIn.Tenant: false, filler: true} {
				if off, err := other.TenantStopped(ctx, tenant); off != want || err != nil {
					t.Error(tenant, off, err)
				}
			}
			for _, was := range []bool{true, false} {
				if on, err := other.StartTenant(ctx, ada.Tenant); on != was || err != nil {
					t.Error(on, err)
				}
			}
			if off, err := s.TenantStopped(ctx, ada.Tenant); off || err != nil {
				t.Error("still switched off", err)
			}
		})
	}
}

func TestATenantIsEnded(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		fill(t, s, c, ada, "a")
		fill(t, s, c, adaIn, "b")
		must(t, s.EndTenant(t.Context(), ada.Tenant))
		for table, want := range map[string]int{"sessions": 1, "tokens": 1, "hand_offs": 1, "preferences": 2} {
			if n := len(rowsOf(t, s, table)); n != want {
				t.Errorf("%s: %d rows, want %d", table, n, want)
			}
		}
	})
}

package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

func pinned(by crm.User, id string) crm.Pin {
	return crm.Pin{
		ID: id, Tenant: by.Tenant, Creator: by.Object, Link: crm.PinLinkWaiting,
		Target: crm.PinTarget{Organization: "https://contoso", App: "app", Table: "account", Record: "record", Lists: []string{"one", "two"}},
		Spot:   crm.Spot{Team: "team", Group: "group", Channel: "channel of " + id},
	}
}

func ids(pins []crm.Pin) string {
	var all []string
	for _, p := range pins {
		all = append(all, p.ID)
	}
	return strings.Join(all, " ")
}

// A pin comes back as it was kept, for its own tenant alone.
func TestAPinIsKept(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		want := pinned(ada, "p")
		got, err := s.AddPin(ctx, ada, want)
		must(t, err)
		want.Created, want.Changed = c.now(), c.now()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		view := pinned(ada, "v")
		view.Target = crm.PinTarget{Organization: "https://contoso", App: "app", Table: "account", View: "view", Personal: true, Beside: true}
		if got, err := s.AddPin(ctx, ada, view); err != nil || !got.Target.Equal(view.Target) {
			t.Error(got.Target, err)
		}
		for _, absent := range []struct{ tenant, id string }{{adaIn.Tenant, "p"}, {ada.Tenant, "q"}, {"", "p"}} {
			if p, ok, err := s.Pin(ctx, absent.tenant, absent.id); ok || err != nil || p.ID != "" {
				t.Error(absent, p, err)
			}
		}
	})
}

// Saving twice makes one pin, and the second does not change the first.
func TestAPinIsMadeOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				p := pinned(ada, "p")
				p.Target.Record = fmt.Sprint("record ", i)
				if _, err := s.AddPin(t.Context(), ada, p); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		first, _, err := s.Pin(t.Context(), ada.Tenant, "p")
		must(t, err)
		again := pinned(ben, "p")
		kept, err := s.AddPin(t.Context(), ben, again)
		must(t, err)
		if diff := cmp.Diff(first, kept); diff != "" || kept.Creator != ada.Object {
			t.Error("somebody else's pin was changed", diff)
		}
		if pins, err := s.Pins(t.Context(), ada.Tenant, "https://contoso", 10); err != nil || len(pins) != 1 {
			t.Error(len(pins), err)
		}
	})
}

func TestAPinLeadsElsewhereAndGoes(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		_, err := s.AddPin(ctx, ada, pinned(ada, "p"))
		must(t, err)
		c.forward(time.Hour)
		to := crm.PinTarget{Organization: "https://other", App: "app2", Table: "contact", Record: "r2"}
		if ok, err := s.RetargetPin(ctx, ada.Tenant, "p", to); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if ok, err := s.RetargetPin(ctx, adaIn.Tenant, "p", to); ok || err != nil {
			t.Error("another tenant led it elsewhere", err)
		}
		p, _, _ := s.Pin(ctx, ada.Tenant, "p")
		if !p.Target.Equal(to) || !p.Changed.Equal(c.now()) || p.Created.Equal(p.Changed) || p.Creator != ada.Object {
			t.Errorf("%+v", p)
		}
		must(t, s.RemovePin(ctx, adaIn.Tenant, "p"))
		must(t, s.RestorePin(ctx, ada.Tenant, "p"))
		for range 2 {
			must(t, s.RemovePin(ctx, ada.Tenant, "p"))
			c.forward(time.Hour)
		}
		if p, ok, _ := s.Pin(ctx, ada.Tenant, "p"); !ok || !p.Removed.Equal(c.now().Add(-2*time.Hour)) {
			t.Error("taking away twice moved the moment", ok, p.Removed)
		}
		must(t, s.RestorePin(ctx, ada.Tenant, "p"))
		if p, _, _ := s.Pin(ctx, ada.Tenant, "p"); !p.Removed.IsZero() {
			t.Error("it is still away", p.Removed)
		}
	})
}

// When it was last opened is known to within an hour, and by nobody's name.
func TestOpeningAPin(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		_, err := s.AddPin(ctx, ada, pinned(ada, "p"))
		must(t, err)
		opened := func() time.Time {
			must(t, s.OpenPin(ctx, ada.Tenant, "p"))
			p, _, err := s.Pin(ctx, ada.Tenant, "p")
			must(t, err)
			return p.Opened
		}
		first := opened()
		c.forward(59 * time.Minute)
		second := opened()
		c.forward(time.Minute)
		if third := opened(); first.IsZero() || !second.Equal(first) || !third.Equal(c.now()) {
			t.Error(first, second, third)
		}
	})
}

func TestListsOfPins(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		add := func(by crm.User, id string, at crm.Spot, link crm.PinLink, organization string) {
			p := pinned(by, id)
			p.Spot, p.Link, p.Target.Organization = at, link, organization
			_, err := s.AddPin(ctx, by, p)
			must(t, err)
			c.forward(time.Second)
		}
		const here = "https://contoso"
		add(ada, "a", crm.Spot{Team: "t", Channel: "c1"}, crm.PinLinkWaiting, here)
		add(ben, "b", crm.Spot{Team: "t", Channel: "c2"}, crm.PinLinkConnected, here)
		add(ben, "chat", crm.Spot{Chat: "x"}, crm.PinLinkNone, here)
		add(ada, "elsewhere", crm.Spot{Team: "t", Channel: "c1"}, crm.PinLinkWaiting, "https://other")
		add(adaIn, "other", crm.Spot{Team: "t", Channel: "c1"}, crm.PinLinkWaiting, here)
		must(t, s.RemovePin(ctx, ada.Tenant, "b"))
		look := func(what, want string, pins []crm.Pin, err error) {
			t.Helper()
			must(t, err)
			if got := ids(pins); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		pins, err := s.Pins(ctx, ada.Tenant, here, 10)
		look("of an organization", "chat b a", pins, err)
		pins, err = s.Pins(ctx, ada.Tenant, here, 1)
		look("the latest", "chat", pins, err)
		pins, err = s.PinsBy(ctx, ben, 10)
		look("of somebody", "chat", pins, err)
		pins, err = s.WaitingPins(ctx, ada.Tenant, here, 10)
		look("waiting", "a", pins, err)
		pins, err = s.PinsAt(ctx, ada.Tenant, crm.Spot{Team: "t", Channel: "c1"})
		look("of a channel", "a elsewhere", pins, err)
		pins, err = s.PinsAt(ctx, ada.Tenant, crm.Spot{Team: "t"})
		look("of a team", "a elsewhere", pins, err)
		pins, err = s.PinsAt(ctx, ada.Tenant, crm.Spot{})
		look("of nowhere", "", pins, err)
		if n, err := s.RemovePinsAt(ctx, ada.Tenant, crm.Spot{}); n != 0 || err != nil {
			t.Error("nowhere lost", n, err)
		}
		if n, err := s.RemovePinsAt(ctx, ada.Tenant, crm.Spot{Team: "t"}); n != 2 || err != nil {
			t.Error(n, err)
		}
		pins, err = s.PinsAt(ctx, ada.Tenant, crm.Spot{Team: "t"})
		look("of a team that is gone", "", pins, err)
		pins, err = s.PinsAt(ctx, adaIn.Tenant, crm.Spot{Team: "t"})
		look("of another tenant's team", "other", pins, err)
		a, _, err := s.Pin(ctx, ada.Tenant, "a")
		must(t, err)
		if rows, err := s.LeavingRows(ctx, ada.Tenant, here, 10); err != nil || !cmp.Equal(rows, []string{a.RowID()}) {
			t.Error("its row is not to be taken away:", rows, err)
		}
	})
}

func TestRowsThatAreToGo(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		for _, id := range []string{"1", "2", "1", "3"} {
			must(t, s.LeaveRow(ctx, ada.Tenant, "https://contoso", id))
			c.forward(time.Second)
		}
		must(t, s.LeaveRow(ctx, adaIn.Tenant, "https://contoso", "1"))
		must(t, s.LeftRow(ctx, ada.Tenant, "1"))
		if rows, err := s.LeavingRows(ctx, ada.Tenant, "https://contoso", 1); err != nil || !cmp.Equal(rows, []string{"2"}) {
			t.Error(rows, err)
		}
		if rows, err := s.LeavingRows(ctx, ada.Tenant, "https://other", 9); err != nil || rows != nil {
			t.Error(rows, err)
		}
		if rows, _ := s.LeavingRows(ctx, adaIn.Tenant, "https://contoso", 9); len(rows) != 1 {
			t.Error("another tenant's row went too", rows)
		}
	})
}

// R17: a removal that was missed is made up for, what is removed can be restored for a while, and then nothing of it is left.
func TestPinsAreSwept(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		sweep := func() {
			t.Helper()
			_, err := s.Sweep(ctx, time.Hour)
			must(t, err)
		}
		for _, id := range []string{"unopened", "opened", "changed"} {
			_, err := s.AddPin(ctx, ada, pinned(ada, id))
			must(t, err)
		}
		c.forward(PinUnopenedLife - time.Hour)
		must(t, s.OpenPin(ctx, ada.Tenant, "opened"))
		_, err := s.RetargetPin(ctx, ada.Tenant, "changed", pinned(ada, "").Target)
		must(t, err)
		sweep()
		if pins, _ := s.PinsBy(ctx, ada, 9); len(pins) != 3 {
			t.Error("swept too early:", ids(pins))
		}
		c.forward(time.Hour + time.Second)
		sweep()
		if pins, _ := s.PinsBy(ctx, ada, 9); ids(pins) != "changed opened" {
			t.Error(ids(pins))
		}
		if rows, _ := s.LeavingRows(ctx, ada.Tenant, "https://contoso", 9); len(rows) != 1 {
			t.Error("its row stays:", rows)
		}
		c.forward(PinRemovedLife - time.Hour)
		sweep()
		if _, ok, _ := s.Pin(ctx, ada.Tenant, "unopened"); !ok {
			t.Error("it cannot be restored any more")
		}
		c.forward(2 * time.Hour)
		sweep()
		if _, ok, _ := s.Pin(ctx, ada.Tenant, "unopened"); ok {
			t.Error("it is kept for ever")
		}
		if rows := rowsOf(t, s, "pin_creators"); len(rows) != 2 {
			t.Error("who made it is still known:", rows)
		}
	})
}

// S53: who made a pin is forgotten with them, and the pin stays, for the others in the channel.
func TestForgettingWhoMadeAPin(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		for _, u := range []crm.User{ada, ben} {
			_, err := s.AddPin(t.Context(), u, pinned(u, "of "+u.Object[:4]))
			must(t, err)
		}
		erase(t, s, ada)
		p, ok, err := s.Pin(t.Context(), ada.Tenant, "of aaaa")
		if !ok || err != nil || p.Creator != "" || p.Target.Record != "record" {
			t.Errorf("%+v %v", p, err)
		}
		if p, _, _ := s.Pin(t.Context(), ada.Tenant, "of bbbb"); p.Creator != ben.Object {
			t.Error("somebody else was forgotten:", p.Creator)
		}
		late := privacy.WithEpoch(context.Background(), 0)
		if _, err := s.AddPin(late, ada, pinned(ada, "late")); !fault.Is(err, fault.SignedOut) {
			t.Error("a request under way brought them back:", err)
		}
		if _, ok, _ := s.Pin(t.Context(), ada.Tenant, "late"); ok {
			t.Error("half of it was kept")
		}
	})
}

// S51: whatever is kept of a pin says where it leads. The bytes of the database are looked at, not its columns.
func TestNothingOfARecordIsInTheDatabase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "sqlite:"+filepath.Join(dir, "pins.db"), newClock())
	_, err := s.AddPin(t.Context(), ada, pinned(ada, "canary-of-the-pin"))
	must(t, err)
	must(t, s.Close())
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		must(t, err)
		all.Write(text)
	}
	if !strings.Contains(all.String(), "canary-of-the-pin") {
		t.Fatal("the bytes are somewhere else")
	}
	for _, table := range privacy.Inventory() {
		for _, c := range table.Columns {
			if strings.HasPrefix(table.Name, "pin") && (c.Class == crm.ClassIdentifying || strings.Contains(c.Name, "name") || strings.Contains(c.Name, "title") || strings.Contains(c.Name, "value")) {
				t.Errorf("%s.%s could hold something of a record", table.Name, c.Name)
			}
		}
	}
}

func TestRecordsLookedAtLast(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		look := func(u crm.User, organization, id string) {
			_, _, err := s.Look(ctx, u, crm.RecordRef{Organization: organization, Table: "account", ID: id}, "1")
			must(t, err)
			c.forward(time.Minute)
		}
		for _, id := range []string{"1", "2", "3", "1"} {
			look(ada, "https://a", id)
		}
		look(ada, "https://b", "4")
		look(ben, "https://a", "5")
		look(adaIn, "https://a", "6")
		used, err := s.Recent(ctx, ada, "https://a", 2)
		must(t, err)
		want := []crm.Used{
			{Ref: crm.RecordRef{Organization: "https://a", Table: "account", ID: "1"}, At: c.now().Add(-4 * time.Minute)},
			{Ref: crm.RecordRef{Organization: "https://a", Table: "account", ID: "3"}, At: c.now().Add(-5 * time.Minute)},
		}
		if diff := cmp.Diff(want, used); diff != "" {
			t.Error(diff)
		}
	})
}

package dataverse_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/workspace"
)

// tide holds every request back until nothing else can happen without an answer, then lets all of them through. One such
// wave is what one round trip costs, whatever the clock says.
type tide struct {
	http.Transport
	mu      sync.Mutex
	waiting map[chan struct{}]string // address
	waves   [][]string
}

func (d *tide) RoundTrip(r *http.Request) (*http.Response, error) {
	turn := make(chan struct{})
	d.mu.Lock()
	if d.waiting == nil {
		d.waiting = map[chan struct{}]string{}
	}
	d.waiting[turn] = r.URL.String()
	d.mu.Unlock()
	select {
	case <-turn:
		return d.Transport.RoundTrip(r)
	case <-r.Context().Done():
		d.mu.Lock()
		delete(d.waiting, turn)
		d.mu.Unlock()
		return nil, r.Context().Err()
	}
}

// rise lets through what waits; false when nothing does.
func (d *tide) rise() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		return false
	}
	d.waves = append(d.waves, slices.Sorted(maps.Values(d.waiting)))
	for turn := range d.waiting {
		close(turn)
	}
	clear(d.waiting)
	return true
}

// during gives the waves of requests that some work needs.
func (d *tide) during(work func()) [][]string {
	d.waves = nil
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	for synctest.Wait(); d.rise(); synctest.Wait() {
	}
	<-done
	return d.waves
}

// noPreference remembers nothing.
type noPreference struct{ workspace.Preferences }

func (noPreference) Preference(context.Context, crm.User) (crm.Preference, error) {
	return crm.Preference{}, nil
}

// How many round trips one after the other a page takes until its last part is there.
func TestRoundTripsOfAPage(t *testing.T) {
	s := sandbox(t)
	for _, role := range []world.Role{world.Seller, world.Manager, world.Administrator, world.ReadOnly, world.SecondTenant} {
		caller, tokens := person(t, role, "en-US"), &signIns{stage: s}
		warm := dataverse.New(dataverse.Config{DiscoveryURL: s.dataverse.URL, Tokens: tokens, AllowHTTP: true})
		visitPage(t, warm, caller) // gets the tokens, which are not what is counted
		synctest.Test(t, func(t *testing.T) {
			sea, now := &tide{Transport: http.Transport{DisableKeepAlives: true}}, time.Now()
			client := dataverse.New(dataverse.Config{DiscoveryURL: s.dataverse.URL, Tokens: tokens, AllowHTTP: true, HTTP: sea,
				Now: func() time.Time { return now }, Random: func() float64 { return 0 }})
			for _, c := range []struct {
				name  string
				later time.Duration
				most  int
				look  func(*testing.T, *dataverse.Client, crm.Caller)
			}{
				{"first ever", 0, 7, visitPage}, {"at once", 0, 1, visitPage}, {"a minute later", 61 * time.Second, 2, visitPage},
				{"an hour later", time.Hour, 2, visitPage}, {"a part for the first time", time.Hour, 2, visitPart},
				{"a part again", time.Hour, 2, visitPart}, {"at once again", 0, 1, visitPart},
			} {
				now = now.Add(c.later)
				waves := sea.during(func() { c.look(t, client, caller) })
				n := 0
				for _, w := range waves {
					n += len(w)
				}
				t.Logf("%s, %s: %d waves, %d requests", role, c.name, len(waves), n)
				if len(waves) > c.most {
					t.Errorf("%s, %s: %d round trips, want %d", role, c.name, len(waves), c.most)
					for i, w := range waves {
						for _, a := range w {
							t.Log(i+1, a)
						}
					}
				}
			}
		})
	}
}

// placed is a person at their place, with the dashboard that opens.
func placed(ctx context.Context, t *testing.T, client *dataverse.Client, caller crm.Caller) (crm.Place, dashboard.Service, dashboard.Board) {
	t.Helper()
	placement, err := workspace.Service{Catalog: client, Preferences: noPreference{}}.Place(ctx, caller)
	place, ok := placement.Place()
	if err != nil || !ok {
		t.Error("no place", err)
	}
	boards := dashboard.Service{Source: client, Choices: noChoices{}}
	board, err := boards.Open(ctx, caller, place, "")
	if err != nil {
		t.Error(err)
	}
	return place, boards, board
}

// visitPage does what a page does.
func visitPage(t *testing.T, client *dataverse.Client, caller crm.Caller) {
	t.Helper()
	ctx, end := client.Ahead(context.Background(), caller, "page")
	defer end()
	place, boards, board := placed(ctx, t, client, caller)
	err := boards.Fill(ctx, caller, place, board.Dashboard, nil, func(f crm.Filled) error {
		if f.Err != nil {
			t.Error(f.Part.Title, f.Err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// visitPart does what turning a list's page does when the tab has stood open for long.
func visitPart(t *testing.T, client *dataverse.Client, caller crm.Caller) {
	t.Helper()
	ctx, end := client.Ahead(context.Background(), caller, "part", "elsewhere", "page")
	defer end()
	place, boards, board := placed(ctx, t, client, caller)
	for _, p := range board.Dashboard.Parts() {
		if p.Kind == crm.PartList {
			f, err := boards.Part(ctx, caller, place, board.Dashboard.ID, p.Key, crm.PartState{Page: 2})
			if err != nil || f.Err != nil {
				t.Error(p.Title, err, f.Err)
			}
			return
		}
	}
}

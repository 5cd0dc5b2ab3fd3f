package dataverse_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// searchOff switches Dataverse search of every organization off for a test.
func (s *stage) searchOff(t *testing.T) {
	t.Helper()
	set := func(enabled string) {
		for _, name := range []string{"harbor-sales", "harbor-service"} {
			response, err := http.Post(s.dataverse.URL+"/_sandbox/search", "application/json", strings.NewReader(`{"organization":"`+name+`","enabled":`+enabled+`}`))
			if err != nil || response.StatusCode != http.StatusNoContent {
				t.Fatal(response, err)
			}
			response.Body.Close()
		}
	}
	set("false")
	t.Cleanup(func() { set("true") })
}

// found is everything that one person is shown of one search.
type found struct {
	Tables  []crm.Table
	Records []crm.FoundRecord
	Views   []crm.FoundView
	Shown   []crm.FoundRecord
	Named   crm.FoundView
	Failure []string
}

// seek searches, and follows what it found. Others is what another person found: none of it may be shown to whom it is closed.
func (d *desk) seek(text string, tables []string, others []crm.RecordRef) (f found) {
	ctx := context.Background()
	note := func(err error) {
		if err != nil {
			f.Failure = append(f.Failure, fault.Of(err).Key)
		}
	}
	var err error
	f.Tables, err = d.client.Searchable(ctx, d.caller, d.place)
	note(err)
	searched, err := d.client.Find(ctx, d.caller, d.place, text, tables, 20)
	note(err)
	f.Records = searched.Records
	views, err := d.client.Views(ctx, d.caller, d.place, "a", tables, 20)
	note(err)
	f.Views = views.Views
	if len(f.Views) > 0 {
		f.Named, err = d.client.NamedView(ctx, d.caller, d.place, f.Views[0].View.ID, f.Views[0].View.Personal)
		note(err)
	}
	f.Shown, err = d.client.Shown(ctx, d.caller, d.place, others)
	note(err)
	return f
}

// S-30: whatever others search for at the same moment, everybody finds what a client that keeps nothing finds for them.
func TestSearchesAreNobodyElses(t *testing.T) {
	var desks []*desk
	for _, c := range []struct {
		role              world.Role
		locale, org, name string
	}{
		{world.Administrator, "en-US", sales, "Sales Hub"}, {world.Seller, "en-US", sales, "Sales Hub"}, {world.Manager, "de-DE", sales, "Sales Hub"},
		{world.ReadOnly, "en-US", sales, "Sales Hub"}, {world.Administrator, "de-DE", service, "Customer Service Hub"}, {world.Seller, "en-US", service, "Customer Service Hub"},
		{world.SecondTenant, "de-DE", "Moravia Werke Vertrieb", "Vertriebshub"},
	} {
		d := at(t, c.role, c.locale, c.org, c.name)
		if len(desks) > 0 {
			d.client = desks[0].client
		}
		desks = append(desks, d)
	}
	desks[0].stage.searchOff(t)
	everything, err := desks[0].client.Find(t.Context(), desks[0].caller, desks[0].place, "co", nil, 50)
	if err != nil || len(everything.Records) < 20 {
		t.Fatal(len(everything.Records), err)
	}
	var others []crm.RecordRef
	for _, r := range everything.Records {
		others = append(others, r.Ref)
	}
	different := map[int]bool{}
	for _, d := range desks[:4] {
		different[len(d.seek("co", nil, others).Shown)] = true
	}
	if len(different) < 2 {
		t.Fatal("everybody may read everything, so that this test can show nothing")
	}
	random := rand.New(rand.NewPCG(3, 4))
	texts, choices := []string{"co", "quill", "ha", "an"}, [][]string{nil, {"account"}, {"contact", "lead"}}
	var steps sync.WaitGroup
	slots := make(chan struct{}, 4)
	for range 40 {
		d, text, tables := desks[random.IntN(len(desks))], texts[random.IntN(len(texts))], choices[random.IntN(len(choices))]
		slots <- struct{}{}
		steps.Go(func() {
			defer func() { <-slots }()
			cold := *d
			cold.client = d.stage.client()
			want, got := cold.seek(text, tables, others), d.seek(text, tables, others)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s, %q in %v: %s", d.caller.User.Object, d.place.Organization.Name, text, tables, diff)
			}
		})
	}
	steps.Wait()
}

// A text that is a number is looked for in numbers too, and in dates never.
func TestNumbersAreFound(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	d.stage.searchOff(t)
	for _, text := range []string{"SA-10001", "10001", "2026", "12.5", "-1", "1e9"} {
		got, err := d.client.Find(t.Context(), d.caller, d.place, text, nil, 20)
		if err != nil || len(got.Skipped) > 0 {
			t.Errorf("%q: %v, skipped %v", text, err, got.Skipped)
		}
	}
}

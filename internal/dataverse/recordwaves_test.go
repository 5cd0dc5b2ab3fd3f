package dataverse_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// A record that goes through a process takes one round trip while everything about its form is fresh, and two when that has to be
// asked for again: where it stands in the process comes with its row.
func TestRoundTripsOfARecordWithAProcess(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	list, err := d.client.List(t.Context(), d.caller, d.place, crm.Part{Table: "opportunity", Kind: crm.PartList, PageSize: 50}, crm.PartState{})
	if err != nil {
		t.Fatal(err)
	}
	var ref crm.RecordRef
	for _, r := range list.Rows {
		if f := d.form(r.Ref); len(f.Processes) > 0 {
			ref = r.Ref
			break
		}
	}
	if ref.ID == "" {
		t.Fatal("no opportunity goes through a process")
	}
	tokens := &signIns{stage: sandbox(t)}
	warm := dataverse.New(dataverse.Config{DiscoveryURL: tokens.stage.dataverse.URL, Tokens: tokens, AllowHTTP: true})
	if _, err := warm.Record(t.Context(), d.caller, d.place, ref, ""); err != nil { // gets the tokens, which are not what is counted
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		sea, now := &tide{Transport: http.Transport{DisableKeepAlives: true}}, time.Now()
		client := dataverse.New(dataverse.Config{DiscoveryURL: tokens.stage.dataverse.URL, Tokens: tokens, AllowHTTP: true, HTTP: sea,
			Now: func() time.Time { return now }, Random: func() float64 { return 0 }})
		visit := func() {
			ctx, end := client.Ahead(context.Background(), d.caller, "record opportunity")
			defer end()
			f, err := client.Record(ctx, d.caller, d.place, ref, "")
			if err != nil || len(f.Processes) == 0 || len(f.Processes[0].Stages) < 2 {
				t.Error(err, f.Processes)
			}
		}
		for _, c := range []struct {
			name  string
			later time.Duration
			most  int
		}{{"first ever", 0, 9}, {"at once", 0, 1}, {"a minute later", 61 * time.Second, 2}, {"an hour later", time.Hour, 2}} {
			now = now.Add(c.later)
			waves := sea.during(visit)
			t.Logf("%s: %d waves", c.name, len(waves))
			if len(waves) > c.most {
				t.Errorf("%s: %d round trips, want %d: %q", c.name, len(waves), c.most, waves)
			}
		}
	})
}

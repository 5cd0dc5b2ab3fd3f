package dataverse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
)

const aView, anotherView = "5a000000-0000-4000-8000-000000000001", "5a000000-0000-4000-8000-000000000002"

// traveller is somebody who looks at two lists time and again.
type traveller struct {
	*fake
	t      *testing.T
	client *dataverse.Client
	caller crm.Caller
}

func newTraveller(t *testing.T) *traveller {
	f := newFake(t)
	f.json("savedqueries", `{"value":[`+viewRow(aView, "First")+`,`+viewRow(anotherView, "Second")+`]}`)
	f.json("savedqueries("+aView+")", viewRow(aView, "First"))
	f.json("savedqueries("+anotherView+")", viewRow(anotherView, "Second"))
	f.json("EntityDefinitions(LogicalName='account')", `{"LogicalName":"account","EntitySetName":"accounts","PrimaryIdAttribute":"accountid","PrimaryNameAttribute":"name","value":[]}`)
	f.json("accounts?", `{"value":[]}`)
	return &traveller{f, t, f.client(), anna}
}

func viewRow(id, name string) string {
	return fmt.Sprintf(`{"savedqueryid":%q,"name":%q,"returnedtypecode":"account","fetchxml":"<fetch><entity name='account'><attribute name='name'/></entity></fetch>"}`, id, name)
}

// visit looks at both lists and gives the names of their views, or what went wrong.
func (v *traveller) visit() (seen []string) {
	ctx, end := v.client.Ahead(context.Background(), v.caller, "board")
	defer end()
	for _, id := range []string{aView, anotherView} {
		list, err := v.client.List(ctx, v.caller, v.place(), crm.Part{Kind: crm.PartList, Table: "account", ViewID: id}, crm.PartState{})
		if err != nil {
			seen = append(seen, fault.Of(err).Key)
			continue
		}
		seen = append(seen, list.View.Name)
	}
	return seen
}

func (v *traveller) want(seen ...string) {
	v.t.Helper()
	if diff := cmp.Diff(seen, v.visit()); diff != "" {
		v.t.Error(diff)
	}
}

// What was there last time says what to ask, never what to show.
func TestWhatIsShownIsReadNow(t *testing.T) {
	v := newTraveller(t)
	v.want("First", "Second")
	v.forward(time.Hour)
	v.want("First", "Second")
	v.forward(time.Hour)
	v.json("savedqueries", `{"value":[`+viewRow(aView, "Renamed")+`]}`)
	v.json("savedqueries("+aView+")", viewRow(aView, "Renamed"))
	v.on("savedqueries("+anotherView+")", http.NotFound)
	v.want("Renamed", "view.gone")
	v.forward(time.Hour)
	v.on("savedqueries", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	v.on("savedqueries("+aView+")", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	v.want("dataverse.forbidden", "view.gone")
}

// A visit that broke off, or failed, does not lose the trail; one that no visit follows any more does.
func TestATrailFadesWhenItIsNotFollowed(t *testing.T) {
	v := newTraveller(t)
	v.want("First", "Second")
	for visit := range 5 {
		v.forward(time.Hour)
		before := v.count("savedqueries?")
		_, end := v.client.Ahead(context.Background(), anna, "board")
		for range 200 {
			if visit > 2 || v.count("savedqueries?") > before {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		end()
		if asked := v.count("savedqueries?") > before; asked != (visit < 3) {
			t.Errorf("visit %d that reads nothing: went ahead %v", visit, asked)
		}
	}
}

func TestNobodyFollowsAnothersTrail(t *testing.T) {
	v := newTraveller(t)
	v.want("First", "Second")
	v.forward(time.Hour)
	for _, caller := range []crm.Caller{ben, {User: crm.User{Tenant: "another", Object: "anna"}}} {
		before := v.count("")
		_, end := v.client.Ahead(context.Background(), caller, "board")
		end()
		if v.count("") != before {
			t.Errorf("%v went ahead where somebody else had been", caller.User)
		}
	}
	_, end := v.client.Ahead(context.Background(), anna, "another board")
	end()
	v.client.Drop(func(u crm.User) bool { return u == anna.User })
	_, end = v.client.Ahead(context.Background(), anna, "board")
	end()
	if n := v.count("savedqueries?"); n != 0 {
		t.Errorf("went ahead %d times where the person was not, or was forgotten", n)
	}
}

// Whoever leaves takes those with them who went ahead.
func TestGoingAheadEndsWithTheVisit(t *testing.T) {
	v := newTraveller(t)
	v.want("First", "Second")
	v.forward(time.Hour)
	asked := make(chan struct{}, 9)
	v.on("savedqueries", func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	})
	_, end := v.client.Ahead(context.Background(), anna, "board")
	<-asked
	end()
	v.on("savedqueries", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	v.want("First", "Second")
}

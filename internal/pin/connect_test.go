package pin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// R15: the row that connects the record with the channel is a courtesy: written where it can be, tried again where it may be
// later, and the pin works in each state. R17: it goes with the pin.
func TestTheRowInDynamics(t *testing.T) {
	c := open(t)
	rows := func(id string) int {
		t.Helper()
		status, answer := c.api(world.Administrator, http.MethodGet, "msdyn_teamscollaborations?$filter=regardingobjectid%20eq%20'"+id+"'", nil)
		if status != http.StatusOK {
			t.Fatal(status, answer)
		}
		for _, r := range answer["value"].([]any) {
			row := r.(map[string]any)
			if row["msdyn_channelid"] != c.spot.Channel || row["msdyn_teamid"] != c.spot.Team || row["regardingobjecttypename"] != "account" || strings.Contains(row["msdyn_contenturl"].(string), "Connected") {
				t.Errorf("%+v", row)
			}
		}
		return len(answer["value"].([]any))
	}
	id := c.account("Connected")
	p, _ := c.save(world.Administrator, c.to(id))
	if p.Link != crm.PinLinkConnected || rows(id) != 1 {
		t.Error(p.Link, rows(id))
	}
	other := c.account("Connected later")
	if _, _, err := c.service.Change(t.Context(), who(world.Administrator), p.ID, c.to(other)); err != nil || rows(id) != 0 || rows(other) != 1 {
		t.Error(err, rows(id), rows(other))
	}
	if err := c.service.Remove(t.Context(), who(world.Administrator), p.ID); err != nil || rows(other) != 0 {
		t.Error(err, rows(other))
	}
	if p, err := c.service.Restore(t.Context(), who(world.Administrator), p.ID); err != nil || p.Link != crm.PinLinkConnected || rows(other) != 1 {
		t.Error(p.Link, err, rows(other))
	}

	for name, refuse := range map[string]struct {
		status int
		want   crm.PinLink
	}{"may not": {403, crm.PinLinkMissing}, "no such table": {404, crm.PinLinkMissing}, "broken": {503, crm.PinLinkWaiting}} {
		c.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, "teamscollaboration") {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(refuse.status)
				_, _ = w.Write([]byte(`{"error":{"code":"0x80040220","message":"no"}}`))
				return true
			}
			return false
		})
		c.restart()
		id := c.account("Unconnected " + name)
		p, tab := c.save(world.Administrator, c.to(id))
		if p.Link != refuse.want {
			t.Errorf("%s: %s", name, p.Link)
		}
		if seen, err := c.look(world.Administrator, tab.ContentURL); err != nil || seen.Health != crm.PinFine || seen.Link != refuse.want {
			t.Errorf("%s: the pin does not work: %+v %v", name, seen, err)
		}
		c.stage.set(nil)
		if refuse.want != crm.PinLinkWaiting {
			continue
		}
		c.restart()
		if _, err := c.look(world.Administrator, tab.ContentURL); err != nil {
			t.Fatal(err)
		}
		if kept, _, _ := c.db.Pin(t.Context(), p.Tenant, p.ID); kept.Link != crm.PinLinkWaiting {
			t.Error("it is tried at every opening:", kept.Link)
		}
		later := time.Now().Add(2 * time.Hour)
		c.service.Now = func() time.Time { return later }
		if _, err := c.look(world.Administrator, tab.ContentURL); err != nil {
			t.Fatal(err)
		}
		if kept, _, _ := c.db.Pin(t.Context(), p.Tenant, p.ID); kept.Link != crm.PinLinkConnected || rows(id) != 1 {
			t.Error("it was not tried when the pin was opened:", kept.Link)
		}
		if err := c.db.LinkPin(t.Context(), p.Tenant, p.ID, crm.PinLinkWaiting); err != nil {
			t.Fatal(err)
		}
		if _, err := c.service.All(t.Context(), who(world.Administrator), c.place.Organization); err != nil {
			t.Fatal(err)
		}
		if kept, _, _ := c.db.Pin(t.Context(), p.Tenant, p.ID); kept.Link != crm.PinLinkConnected || rows(id) != 1 {
			t.Error("it was not tried again:", kept.Link, rows(id))
		}
	}
}

// A row whose pin somebody removed who could not take it away goes with the next administrator.
func TestARowThatIsLeftBehind(t *testing.T) {
	c := open(t)
	p, _ := c.save(world.Administrator, c.to(c.account("Left behind")))
	c.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusForbidden)
		}
		return r.Method == http.MethodDelete
	})
	if err := c.service.Remove(t.Context(), who(world.ReadOnly), p.ID); err != nil {
		t.Fatal(err)
	}
	c.stage.set(nil)
	status, _ := c.api(world.Administrator, http.MethodGet, "msdyn_teamscollaborations("+p.RowID()+")", nil)
	if _, err := c.service.All(t.Context(), who(world.Administrator), c.place.Organization); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if status, _ := c.api(world.Administrator, http.MethodGet, "msdyn_teamscollaborations("+p.RowID()+")", nil); status != http.StatusNotFound {
		t.Error("the row is still there:", status)
	}
}

// Administrators of an organization see all of its pins with their state; others see their own.
func TestListsForAdministrators(t *testing.T) {
	c := open(t)
	fine := c.account("Fine")
	gone := c.account("Gone")
	c.save(world.ReadOnly, c.to(fine))
	p, _ := c.save(world.Administrator, c.to(gone))
	if status, _ := c.api(world.Administrator, http.MethodDelete, "accounts("+gone+")", nil); status != http.StatusNoContent {
		t.Fatal(status)
	}
	all, err := c.service.All(t.Context(), who(world.Administrator), c.place.Organization)
	if err != nil || len(all) != 2 {
		t.Fatal(len(all), err)
	}
	states := map[crm.PinHealth]int{}
	for _, a := range all {
		states[a.Health]++
	}
	if states[crm.PinFine] != 1 || states[crm.PinDeleted] != 1 {
		t.Error(states)
	}
	for _, role := range []world.Role{world.ReadOnly, world.Seller, world.Manager} {
		if _, err := c.service.All(t.Context(), who(role), c.place.Organization); key(err) != "pin.not_steward" {
			t.Errorf("%s: %v", role, err)
		}
	}
	mine, err := c.service.Mine(t.Context(), who(world.Administrator))
	if err != nil || len(mine) != 1 || mine[0].ID != p.ID || mine[0].Health != crm.PinDeleted {
		t.Errorf("%+v %v", mine, err)
	}
	if theirs, err := c.service.Mine(t.Context(), who(world.SecondTenant)); err != nil || len(theirs) != 0 {
		t.Error(theirs, err)
	}
}

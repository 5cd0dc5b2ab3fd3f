package dataverse_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Everybody reads by the personal options that Dynamics 365 has of them, and asking again asks nobody.
func TestHowAPersonReads(t *testing.T) {
	winter := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for role, want := range map[world.Role]struct {
		zone, clock string
		formats     crm.Formats
	}{
		world.Seller:   {"Europe/Berlin", "13:00", crm.Formats{Date: "dd/MM/yyyy", Time: "HH:mm", Decimal: ".", Group: ","}},
		world.Manager:  {"Europe/London", "12:00", crm.Formats{Date: "dd/MM/yyyy", Time: "HH:mm", Decimal: ".", Group: ","}},
		world.ReadOnly: {"America/New_York", "07:00", crm.Formats{Date: "M/d/yyyy", Time: "h:mm tt", Decimal: ".", Group: ","}},
	} {
		d := at(t, role, "fr-FR", sales, "Sales Hub")
		got, err := d.client.Reading(t.Context(), d.caller, d.place.Organization)
		if err != nil {
			t.Fatal(err)
		}
		if got.Zone.String() != want.zone || winter.In(got.Zone).Format("15:04") != want.clock || got.ZoneFrom != crm.ReadingOfDynamics || got.Locale != "fr-FR" {
			t.Errorf("%s reads %+v", role, got)
		}
		if diff := cmp.Diff(want.formats, got.Formats); diff != "" || got.FormatsFrom != crm.ReadingOfDynamics {
			t.Error(role, diff)
		}
		before := d.stage.requests.Load()
		if again, err := d.client.Reading(t.Context(), d.caller, d.place.Organization); err != nil || again.Zone != got.Zone || d.stage.requests.Load() != before {
			t.Error("asked again:", err, d.stage.requests.Load()-before)
		}
	}
}

package templates

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
)

// Dataverse writes the dates of fields as the person chose in Dynamics 365, so Pintab's own dates beside them are written alike.
func TestDatesOfOneRecordAreWrittenAlike(t *testing.T) {
	for name, want := range map[string]struct {
		reading  crm.Reading
		changed  string
		timeline string
		clock    bool // script makes the time the device's own
	}{
		"as in Dynamics 365": {crm.Reading{Zone: time.FixedZone("", 3600), ZoneFrom: crm.ReadingOfDynamics, FormatsFrom: crm.ReadingOfDynamics,
			Formats: crm.Formats{Date: "dd.MM.yyyy", Time: "HH:mm"}}, "23.11.2026", "23.11.2026 13:04", false},
		"zone alone":  {crm.Reading{Zone: time.FixedZone("", 3600), ZoneFrom: crm.ReadingOfDynamics, FormatsFrom: crm.ReadingOfPage}, "11/23/2026", "11/23/2026 1:04 PM", false},
		"nobody says": {crm.Reading{Zone: time.UTC, ZoneFrom: crm.ReadingOfDevice, FormatsFrom: crm.ReadingOfPage}, "11/23/2026", "11/23/2026 12:04 PM UTC", true},
	} {
		doc := drawRecord(t, RecordRead, func(r *Record) { r.Form.Reading = want.reading })
		if text := doc.Find("body").Text(); !strings.Contains(text, "Changed by Ingrid Sommer on "+want.changed) {
			t.Errorf("%s: not changed on %s", name, want.changed)
		}
		if text := strings.Join(strings.Fields(doc.Find("body").Text()), " "); !strings.Contains(text, "As of "+strings.SplitN(want.timeline, " ", 2)[1]) {
			t.Errorf("%s: read at another time than %q", name, want.timeline)
		}
		found := doc.Find("time").FilterFunction(func(_ int, s *goquery.Selection) bool {
			_, clock := s.Attr("data-clock")
			return clock == want.clock && strings.Join(strings.Fields(s.Text()), " ") == want.timeline
		})
		if found.Length() == 0 {
			t.Errorf("%s: no %q in %q", name, want.timeline, doc.Find("time").Text())
		}
	}
}

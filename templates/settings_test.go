package templates

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// Every rule has its sentence and says what to do, in every language.
func TestEveryRuleSaysWhatToDo(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		l := locale.Negotiate(language)
		for _, reason := range reasons {
			for _, key := range []string{"reason." + string(reason), "help." + string(reason)} {
				if !l.Has(key) {
					t.Errorf("%s: no %s", language, key)
				}
			}
		}
	}
}

// Names are texts, wherever they stand, and an address that an organization gives leads nowhere but to ours.
func TestSettingsEscapeWhatTheyShow(t *testing.T) {
	odd := crm.Organization{ID: "x", Name: `"><script>alert(1)</script>`, URL: `javascript:alert(1)//"&org=y`, Type: "unknown"}
	app := crm.App{ID: `a"&b`, Name: "<b>App</b>", Description: "<i>"}
	m := SettingsModel{
		Profile: crm.Profile{Name: "<s>", Username: "<u>"}, Organizations: []crm.Organization{odd, samplePlace.Organization}, Organization: &odd,
		Apps: []crm.App{app, samplePlace.App}, App: &app, Lost: &Lost{Name: "<em>", Reason: crm.ReasonDisabled}, Now: &samplePlace,
		Saved: &Undo{Since: `"1`}, Dashboards: []crm.DashboardRef{{ID: `"`, Name: "<d>"}, {ID: "2"}},
	}
	for _, reason := range reasons {
		m.OrganizationsLeftOut = append(m.OrganizationsLeftOut, crm.LeftOut{ID: "<", Name: "<", URL: odd.URL, Reason: reason, Detail: "<"})
	}
	doc := draw(t, SettingsPage(m))
	safe(t, doc)
	if n := doc.Find("main script, main b, main i, main s, main u, main em, main d").Length(); n != 0 {
		t.Error(n, "names became elements")
	}
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			t.Error("two elements are called", id)
		}
		ids[id] = true
	})
}

package main

import (
	"net/http"
	"strings"
	"testing"
)

// dashboards are the choices of the picker.
func (a answer) dashboards() []string {
	var names []string
	for _, option := range a.page.Find(`select[name="dashboard"] option`).EachIter() {
		names = append(names, strings.TrimSpace(option.Text()))
	}
	return names
}

// Two people, one address, two dashboards: which one depends on who is signed in and on their roles.
func TestWhoSeesWhichDashboard(t *testing.T) {
	_, seller := visit(t, "tomas@harborfinch.example")
	_, manager := visit(t, "priya@harborfinch.example")
	seller.wantStatus(http.StatusOK)
	manager.wantStatus(http.StatusOK)
	mine, theirs := strings.Join(seller.dashboards(), "|"), strings.Join(manager.dashboards(), "|")
	if mine == theirs || mine == "" {
		t.Errorf("seller %s\nmanager %s", mine, theirs)
	}
}

// Rights differ row by row: the same chart counts fewer deals for a seller than for the manager.
func TestRightsDecideWhatIsCounted(t *testing.T) {
	_, seller := visit(t, "tomas@harborfinch.example")
	_, auditor := visit(t, "joanna@harborfinch.example")
	seller.wantStatus(http.StatusOK)
	auditor.wantStatus(http.StatusOK)
	if seller.page.Find(`[data-testid="chart"]`).Length() == 0 {
		t.Fatal("the seller sees no chart")
	}
	if string(seller.body) == string(auditor.body) {
		t.Error("both see the same")
	}
}

// Somebody who belongs to no organization is told so, with a way on, and never sees an empty page.
func TestNoOrganization(t *testing.T) {
	_, page := visit(t, "mei@harborfinch.example")
	page.wantStatus(http.StatusOK)
	if page.page.Find(`[data-testid="state"] a, [data-testid="state"] button`).Length() == 0 {
		t.Errorf("no way on: %s", page.text("main"))
	}
	if page.page.Find(`[data-testid="board"]`).Length() != 0 {
		t.Error("a board is shown")
	}
}

// Somebody without a licence for any app reads by which rule each app is left out.
func TestNoLicence(t *testing.T) {
	_, page := visit(t, "omar@harborfinch.example")
	page.wantStatus(http.StatusOK)
	page.wantText(`[data-testid="state"]`, "icen")
	for _, app := range []string{"Sales Hub", "Sales Classic"} {
		page.wantText(`[data-testid="state"]`, app)
	}
}

// One organization and one app: nothing is asked.
func TestOneOfEach(t *testing.T) {
	_, page := visit(t, "lucia@harborfinch.example")
	page.wantStatus(http.StatusOK)
	page.wantText(".place", "Harbor & Finch Service")
	if page.page.Find(`[data-testid="board"]`).Length() != 1 {
		t.Errorf("no board: %s", page.text("main"))
	}
}

// The second tenant works in its own organization, in German as its person does.
func TestSecondTenant(t *testing.T) {
	v, page := visit(t, "jakub@moraviawerke.example")
	page.wantStatus(http.StatusOK)
	page.wantText(".place", "Moravia Werke")
	german := v.get("/tab/dashboard?locale=de-DE")
	if lang := german.page.Find("html").AttrOr("lang", ""); !strings.HasPrefix(lang, "de") {
		t.Errorf("lang %q", lang)
	}
	german.wantText("header", "Aktualisieren")
}

// Organizations that a rule leaves out are never worked in: 8.2, disabled, being provisioned.
func TestOnlyHealthyOrganizationsAreUsed(t *testing.T) {
	_, page := visit(t, "ingrid@harborfinch.example")
	page.wantStatus(http.StatusOK)
	for _, name := range []string{"Archive", "Retired", "Next"} {
		if strings.Contains(page.text(".place"), name) {
			t.Errorf("works in %s", page.text(".place"))
		}
	}
}

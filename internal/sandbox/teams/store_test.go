package teams_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSearchingTheStoreFindsAppsByWhatTheyAreCalled(t *testing.T) {
	h := startHost(t, nil)
	h.get("/store?q=dynamics").wantText("[data-testid=tile]", "Sample for Dynamics")
	h.get("/store?q=DYNAMICS+sample").wantCount("[data-testid=tile]", 1)
	h.get("/store?q=muster&locale=de-DE").wantText("[data-testid=tile]", "Muster für Dynamics")
	none := h.get("/store?q=payroll")
	none.wantCount("[data-testid=tile]", 0)
	none.wantText("[data-testid=nothing-found]", "payroll")
}

// The two installations of the details page do not know of each other.
func TestInstallingForMeAndForATeamAreIndependent(t *testing.T) {
	h := startHost(t, nil)
	details := h.get("/store/" + appID + "?person=" + tomas)
	details.wantText("[data-testid=app-for-you] h2", "App for you")
	details.wantText("[data-testid=add-to-a-team] h2", "Add to a team")

	installed := h.installFor(tomas, "me")
	installed.wantText("[data-testid=app-for-you]", "Installed for Tomas Lindqvist")
	installed.wantCount("[data-testid=add-to-a-team] .features", 0)
	h.get("/store/"+appID+"?person="+priya).wantCount("[data-testid=app-for-you] .features", 0)

	team := h.teamIDs(priya)["Service desk"]
	added := h.installFor(priya, team)
	added.wantText("[data-testid=add-to-a-team] .features", "Service desk")
	added.wantCount("[data-testid=app-for-you] .features", 0)
	h.get("/teams/service-desk/general?person="+priya).wantCount("#add-dialog [data-configure]", 1)
	h.get("/teams/company/general?person="+priya).wantCount("#add-dialog [data-configure]", 0)
}

func TestEachPartHasItsOwnOpenButton(t *testing.T) {
	h := startHost(t, nil)
	p := h.installFor(tomas, "me")
	for part, want := range map[string]string{"feature-bot": personal + "/conversations", "feature-tabs": personal + "/dashboard"} {
		link := p.Find("[data-testid=" + part + "] a")
		if link.Text() != "Open" || !strings.HasPrefix(link.AttrOr("href", ""), want+"?") {
			t.Errorf("%s: %q leads to %s, want Open to %s", part, link.Text(), link.AttrOr("href", ""), want)
		}
	}
}

func TestInstallDoesNothingWithoutYes(t *testing.T) {
	h := startHost(t, nil)
	p := h.post("/store/"+appID+"/install?person="+tomas, url.Values{"for": {"me"}})
	p.wantText("[data-testid=notice]", "Yes")
	p.wantCount("[data-testid=app-for-you] .features", 0)
	if heard := h.Bot.activities(); len(heard) != 0 {
		t.Errorf("the bot heard %v", heard)
	}
}

func TestSomebodyElsesTeamCannotBeChosen(t *testing.T) {
	h := startHost(t, nil)
	team := h.teamIDs(tomas)["Company"]
	if p := h.installFor(jakub, team); p.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", p.status)
	}
	if p := h.get("/teams/company/general?person=" + jakub); p.status != http.StatusNotFound {
		t.Errorf("another tenant's channel answered %d", p.status)
	}
}

func TestPersonalTabsComeFromTheManifestInItsOrder(t *testing.T) {
	h := startHost(t, nil)
	if p := h.get(personal + "/dashboard?person=" + tomas); !strings.HasPrefix(p.url.Path, "/store/") {
		t.Errorf("an app that is not installed opened at %s", p.url)
	}
	h.installFor(tomas, "me")
	p := h.get(personal + "/dashboard?person=" + tomas)
	if diff := cmp.Diff([]string{"Conversation", "Board", "Options", "About"}, p.texts("[data-testid=tab]")); diff != "" {
		t.Error(diff)
	}
	p.wantText("[aria-current=page][data-testid=tab]", "Board")
	german := h.get(personal + "/dashboard?locale=de-DE&person=" + tomas)
	if diff := cmp.Diff([]string{"Conversation", "Tafel", "Options", "About"}, german.texts("[data-testid=tab]")); diff != "" {
		t.Error(diff)
	}
	about := h.get(personal + "/about?person=" + tomas)
	about.wantText("[data-testid=about]", "2.3.4")
	about.wantText("[data-testid=about]", "Sample makers")
}

func TestTheViewTravelsInEveryLink(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	p := h.get(personal + "/dashboard?theme=dark&size=phone-320&person=" + tomas)
	if got := p.Find("html").AttrOr("data-theme", "") + " " + p.Find("html").AttrOr("data-size", ""); got != "dark phone-320" {
		t.Errorf("the page is drawn as %q", got)
	}
	for _, link := range p.Find("nav a").EachIter() {
		u, err := url.Parse(link.AttrOr("href", ""))
		if err != nil {
			t.Fatal(err)
		}
		if q := u.Query(); q.Get("person") != tomas || q.Get("theme") != "dark" || q.Get("size") != "phone-320" {
			t.Errorf("%s forgets the view", u)
		}
	}
	if odd := h.get("/store?theme=neon&person=nobody"); odd.Find("html").AttrOr("data-theme", "") != "default" {
		t.Error("an unknown theme was taken over")
	}
}

func upload(t *testing.T, h *host, packed []byte) page {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("package", "app.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := h.client.Post(h.URL+"/store/upload?person="+tomas, form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	return h.read(r)
}

func TestAnUploadedAppIsOfferedAndSurvivesARestart(t *testing.T) {
	h := startHost(t, nil)
	other := sampleManifest("https://tabs.sample.example")
	other["id"], other["name"] = "11111111-2222-4333-8444-555555555555", map[string]any{"short": "Uploaded", "full": "Uploaded"}
	if p := upload(t, h, packageOf(t, other, sampleGerman)); p.status != http.StatusOK {
		t.Fatalf("status %d: %v", p.status, p.texts("[role=alert]"))
	}
	h.restart()
	h.get("/store").wantText("[data-testid=tile]", "Uploaded")
}

func TestABadPackageIsRefusedInASentence(t *testing.T) {
	h := startHost(t, nil)
	with := func(change func(map[string]any)) []byte {
		m := sampleManifest(h.App.URL)
		change(m)
		return packageOf(t, m, sampleGerman)
	}
	for name, c := range map[string]struct {
		packed []byte
		want   string
	}{
		"no zip":        {[]byte("hello"), "not a zip file"},
		"no id":         {with(func(m map[string]any) { m["id"] = "app" }), "GUID"},
		"no icon":       {with(func(m map[string]any) { m["icons"] = map[string]any{"color": "x.png"} }), "icon"},
		"foreign tab":   {with(func(m map[string]any) { m["validDomains"] = []string{"else.example"} }), "valid domains"},
		"http tab":      {packageOf(t, sampleManifest("http://tabs.sample.example"), sampleGerman), "https"},
		"bad language":  {packageOf(t, sampleManifest(h.App.URL), []int{1}), "language file"},
		"empty archive": {func() []byte { b := packageOf(t, 1, 1); return b }(), "manifest.json"},
	} {
		p := upload(t, h, c.packed)
		if p.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, p.status)
		}
		p.wantText("[role=alert]", c.want)
	}
}

func TestTheAppsIconsAreServedAndNothingElse(t *testing.T) {
	h := startHost(t, nil)
	for path, want := range map[string]int{"color.png": 200, "outline.png": 200, "manifest.json": 404, "de.json": 404} {
		if p := h.get("/store/" + appID + "/" + path); p.status != want {
			t.Errorf("%s: %d, want %d", path, p.status, want)
		}
	}
}

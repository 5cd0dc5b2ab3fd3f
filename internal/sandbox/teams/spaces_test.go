package teams_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	ingrid  = "ingrid@harborfinch.example"
	guest   = "nora_brightlake.example%23EXT%23@harborfinch.example"
	private = "/teams/northern-accounts/leadership"
	shared  = "/teams/northern-accounts/with-moravia"
	meeting = "/chats/pipeline-review"
)

// offer puts a changed app into the store and the app into its team.
func (h *host) offer(change func(manifest map[string]any)) {
	h.t.Helper()
	m := sampleManifest(h.App.URL)
	change(m)
	if p := upload(h.t, h, packageOf(h.t, m, sampleGerman)); p.status != http.StatusOK {
		h.t.Fatalf("status %d", p.status)
	}
	h.installFor(ingrid, h.teamIDs(ingrid)["Northern accounts"])
}

func (h *host) offered(path, person string) int {
	return h.get(path + "?person=" + person).Find("#add-dialog [data-configure]").Length()
}

// contextIn gives the context that a new tab in a place has for a person.
func (h *host) contextIn(path, person string) map[string]any {
	h.t.Helper()
	var place struct{ Context map[string]any }
	if err := json.Unmarshal([]byte(h.get(path+"?person="+person).Find("#add-dialog script").First().Text()), &place); err != nil {
		h.t.Fatalf("%s offers no tab to %s: %v", path, person, err)
	}
	return place.Context
}

func TestPrivateAndSharedChannelsTakeAppsThatAreMadeForThem(t *testing.T) {
	h := startHost(t, nil)
	h.offer(func(map[string]any) {})
	for _, path := range []string{private, shared} {
		if got := h.offered(path, ingrid); got != 0 {
			t.Errorf("%s offers %d apps that do not say that they stand there", path, got)
		}
	}
	h.offer(func(m map[string]any) { m["supportsChannelFeatures"] = "tier1" })
	for _, path := range []string{northern, private, shared} {
		if got := h.offered(path, ingrid); got != 1 {
			t.Errorf("%s offers %d apps", path, got)
		}
	}
	h.offer(func(m map[string]any) { m["supportedChannelTypes"] = []string{"sharedChannels"} })
	if h.offered(private, ingrid) != 0 || h.offered(shared, ingrid) != 1 {
		t.Error("the older way to name one kind of channel is not understood")
	}
}

func TestAPrivateChannelIsThereForItsMembersAlone(t *testing.T) {
	h := startHost(t, nil)
	h.offer(func(m map[string]any) { m["supportsChannelFeatures"] = "tier1" })
	if p := h.get(private + "?person=" + tomas); p.status != http.StatusNotFound {
		t.Errorf("somebody else: %d", p.status)
	}
	ctx := h.contextIn(private, ingrid)
	if ctx["channelType"] != "Private" || ctx["groupId"] != nil || ctx["teamId"] != ctx["channelId"] {
		t.Errorf("%v", ctx)
	}
	status, out := h.pin(ingrid, private, map[string]any{"contentUrl": h.App.URL + "/x", "suggestedDisplayName": "Plan"})
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, out)
	}
	if p := h.get(out["path"].(string) + "?person=" + priya); p.status != http.StatusOK {
		t.Errorf("a member: %d", p.status)
	}
	if p := h.get(out["path"].(string) + "?person=" + tomas); p.status != http.StatusNotFound {
		t.Errorf("somebody else at the tab: %d", p.status)
	}
	h.post("/store/"+appID+"/uninstall?person="+tomas, url.Values{"for": {h.added(tomas)}})
	if p := h.get(out["path"].(string) + "?person=" + priya); p.status != http.StatusNotFound {
		t.Errorf("after the app left the team: %d", p.status)
	}
}

// added is the team that has the app.
func (h *host) added(person string) string {
	return h.get("/store/"+appID+"?person="+person).Find("[data-testid=add-to-a-team] .features input[name=for]").AttrOr("value", "")
}

func TestASharedChannelIsThereForPeopleOfAnotherTenant(t *testing.T) {
	h := startHost(t, nil)
	h.offer(func(m map[string]any) { m["supportsChannelFeatures"] = "tier1" })
	ctx := h.contextIn(shared, jakub)
	if ctx["channelType"] != "Shared" || ctx["tid"] != world.Second.ID || ctx["hostTeamTenantId"] != world.Home.ID {
		t.Errorf("%v", ctx)
	}
	if p := h.get(northern + "?person=" + jakub); p.status != http.StatusNotFound {
		t.Errorf("the rest of the team: %d", p.status)
	}
	if _, may := h.teamIDs(jakub)["Northern accounts"]; may {
		t.Error("somebody outside of a team may add apps to it")
	}
}

func TestAGuestIsInTheTeamTheyWereInvitedTo(t *testing.T) {
	h := startHost(t, nil)
	h.offer(func(map[string]any) {})
	names := h.get("/teams?person=" + guest).texts(".team h2")
	if diff := cmp.Diff([]string{"Northern accounts"}, names); diff != "" {
		t.Error(diff)
	}
	if ctx := h.contextIn(northern, guest); ctx["userTeamRole"] != 2.0 || ctx["tid"] != world.Home.ID {
		t.Errorf("%v", ctx)
	}
	if len(h.teamIDs(guest)) != 0 {
		t.Error("a guest may add apps to teams")
	}
}

func TestAMeetingTakesAppsWhoseTabsStandInMeetings(t *testing.T) {
	h := startHost(t, nil)
	if ctx := h.contextIn(meeting, tomas); ctx["meetingId"] == nil || ctx["chatId"] == nil || ctx["channelId"] != nil {
		t.Errorf("%v", ctx)
	}
	h.offer(func(m map[string]any) {
		m["configurableTabs"].([]any)[0].(map[string]any)["context"] = []string{"channelTab", "privateChatTab"}
	})
	if h.offered(meeting, tomas) != 0 || h.offered("/chats/quarter-end", tomas) != 1 {
		t.Error("the contexts of the tab do not count")
	}
}

func TestATabHasAConversation(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, w.teamIDs(tomas)["Northern accounts"])
	status, out := w.pin(tomas, northern, map[string]any{"entityId": "pin-7", "contentUrl": w.App.URL + "/talk", "suggestedDisplayName": "Contoso"})
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, out)
	}
	path := out["path"].(string)
	w.open(path + "?person=" + tomas)
	if diff := cmp.Diff([]any{true}, w.tabs.await("/talk", "conversations.openConversation").Args); diff != "" {
		t.Error(diff)
	}
	w.until(`document.querySelector('#talk h2').textContent === 'About Row one'`)
	w.do(typing("#talk-say", "Look at this <row>")...)
	w.click("#talk .composer button")
	said := w.tabs.await("/talk", "startConversation")
	if said.Answer || said.Args[0] != "row-1" || said.Args[3] != "pin-7" {
		t.Errorf("%+v", said)
	}
	w.until(`document.querySelector('#talk .bubble').textContent === 'Look at this <row>'`)
	w.click("#talk [data-action=talk]")
	w.tabs.await("/talk", "closeConversation")

	posts := w.get(northern + "?person=" + priya)
	posts.wantText("[data-testid=posts]", "Look at this <row>")
	if link := posts.Find("[data-testid=about-tab]"); link.Text() != "Contoso" || !strings.Contains(link.AttrOr("href", ""), "sub=row-1") {
		t.Errorf("the post leads to %s", link.AttrOr("href", ""))
	}
	id := path[strings.LastIndex(path, "/")+1:]
	if status, _ := w.call(http.MethodPost, "/_host/tabs/"+id+"/posts", map[string]any{"person": jakub, "text": "Hello"}); status != http.StatusNotFound {
		t.Errorf("somebody outside of the channel writes: %d", status)
	}
	if status, _ := w.call(http.MethodPost, "/_host/tabs/"+id+"/posts", map[string]any{"person": tomas, "text": " "}); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing is written: %d", status)
	}
}

// A button that bounces sends the event twice before anything can answer; a slow host sends everything late.
func TestSaveCanBePressedTwiceAtASlowHost(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, w.teamIDs(tomas)["Northern accounts"])
	w.open(northern + "?press=twice&pace=slow&person=" + tomas)
	w.click("[data-testid=add-tab]")
	w.click("#add-dialog [data-configure]")
	w.until(`window.parley.log.some((m) => m.direction === 'in' && m.func === 'initialize')`)
	if sent, _ := w.tabs.hears("/config", "initialize", time.Second); sent.Func != "" {
		t.Error("a slow host has answered at once")
	}
	w.until(`!document.querySelector('#config-dialog [data-part=save]').disabled`)
	w.click("#config-dialog [data-part=save]")
	w.tabs.await("/config", "settings.save")
	w.tabs.await("/config", "settings.save")
}

// A removal page that never enables Remove does not keep the tab: Teams enables it after five seconds.
func TestRemoveIsEnabledWhateverTheRemovalPageSays(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, w.teamIDs(tomas)["Northern accounts"])
	_, out := w.pin(tomas, northern, map[string]any{"contentUrl": w.App.URL + "/pin", "removeUrl": w.App.URL + "/silent", "suggestedDisplayName": "Contoso"})
	w.open(out["path"].(string) + "?person=" + tomas)
	w.click("[data-action=tab-remove]")
	w.until(`document.querySelector('#remove-dialog').open && document.querySelector('#remove-dialog [data-part=remove]').disabled`)
	w.until(`!document.querySelector('#remove-dialog [data-part=remove]').disabled`)
	if log := w.get(northern + "?person=" + tomas).texts("[data-testid=tab]"); !slices.Contains(log, "Contoso") {
		t.Errorf("%v", log)
	}
	w.click("#remove-dialog [data-part=remove]")
	w.until(`location.pathname === '` + northern + `'`)
	w.get(northern+"?person="+tomas).wantCount("[data-testid=tab]", 0)
}

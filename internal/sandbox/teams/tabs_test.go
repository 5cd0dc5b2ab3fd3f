package teams_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/teams"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// pin adds a tab as the host page's script does after a configuration page has succeeded.
func (h *host) pin(person, channel string, config map[string]any) (int, map[string]any) {
	h.t.Helper()
	var place struct{ Space string }
	data := h.get(channel + "?person=" + person).Find("#add-dialog script").First().Text()
	if err := json.Unmarshal([]byte(data), &place); err != nil {
		h.t.Fatalf("%s offers no tab: %v", channel, err)
	}
	return h.call(http.MethodPost, "/_host/tabs", map[string]any{"person": person, "space": place.Space, "app": appID, "config": config})
}

const northern = "/teams/northern-accounts/general"

func (h *host) pinned(t *testing.T) (path string) {
	t.Helper()
	h.installFor(tomas, h.teamIDs(tomas)["Northern accounts"])
	status, out := h.pin(tomas, northern, map[string]any{
		"entityId": "pin-42", "contentUrl": h.App.URL + "/pin/42?theme={theme}", "websiteUrl": h.App.URL + "/pin/42", "suggestedDisplayName": "Contoso",
	})
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, out)
	}
	return out["path"].(string)
}

func TestAPinnedTabStandsInTheTabBarOfTheChannelForEverybody(t *testing.T) {
	h := startHost(t, nil)
	path := h.pinned(t)
	p := h.get(path + "?person=" + priya)
	if diff := cmp.Diff([]string{"Contoso"}, p.texts("[data-testid=tab]")); diff != "" {
		t.Error(diff)
	}
	if got := p.Find("[data-testid=website]").AttrOr("href", ""); got != h.App.URL+"/pin/42" {
		t.Errorf("Go to website leads to %s", got)
	}
	var tab struct {
		Context map[string]any
		Config  map[string]string
	}
	if err := json.Unmarshal([]byte(p.Find("#tab").Text()), &tab); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"channelName": "General", "teamName": "Northern accounts", "userPrincipalName": priya, "tid": world.Home.ID} {
		if tab.Context[name] != want {
			t.Errorf("context %s is %v, want %v", name, tab.Context[name], want)
		}
	}
	if tab.Config["entityId"] != "pin-42" {
		t.Errorf("entity %q", tab.Config["entityId"])
	}
	h.get("/teams/northern-accounts/renewals?person="+tomas).wantCount("[data-testid=tab]", 0)
}

func TestTabsInstallationsAndPostsSurviveARestart(t *testing.T) {
	h := startHost(t, nil)
	path := h.pinned(t)
	h.installFor(tomas, "me")
	var place struct{ Space string }
	if err := json.Unmarshal([]byte(h.get(northern+"?person="+tomas).Find("#add-dialog script").Text()), &place); err != nil {
		t.Fatal(err)
	}
	h.post("/posts?person="+tomas, url.Values{"space": {place.Space}, "text": {"Hello <all> of you"}})
	h.restart()
	h.get(path+"?person="+tomas).wantText("[data-testid=tab]", "Contoso")
	h.get(northern+"?person="+tomas).wantText("[data-testid=posts]", "Hello <all> of you")
	h.get("/store/"+appID+"?person="+tomas).wantCount("[data-testid=feature-tabs]", 1)
}

func TestADamagedStateFileIsNamed(t *testing.T) {
	path := t.TempDir() + "/teams.json"
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := teams.New(teams.Config{Base: "http://127.0.0.1:1", People: world.People(), StatePath: path, ConnectorKey: hostKey()})
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

func TestATabCanBeRenamedChangedAndRemoved(t *testing.T) {
	h := startHost(t, nil)
	path := h.pinned(t)
	id := path[strings.LastIndex(path, "/")+1:]
	if status, _ := h.call(http.MethodPut, "/_host/tabs/"+id, map[string]any{"person": tomas, "name": "Biggest customer"}); status != http.StatusOK {
		t.Errorf("rename: %d", status)
	}
	h.get(path+"?person="+tomas).wantText("[data-testid=tab]", "Biggest customer")
	status, out := h.call(http.MethodPut, "/_host/tabs/"+id, map[string]any{"person": tomas, "config": map[string]any{"contentUrl": "https://evil.example/"}})
	if status != http.StatusUnprocessableEntity || out["reason"] == "" {
		t.Errorf("a foreign address: %d %v", status, out)
	}
	if status, _ := h.call(http.MethodPut, "/_host/tabs/"+id, map[string]any{"person": jakub, "name": "Mine now"}); status != http.StatusNotFound {
		t.Errorf("another tenant renamed the tab: %d", status)
	}
	h.call(http.MethodDelete, "/_host/tabs/"+id, map[string]any{"person": jakub})
	h.get(path+"?person="+tomas).wantText("[data-testid=tab]", "Biggest customer")
	h.call(http.MethodDelete, "/_host/tabs/"+id, map[string]any{"person": tomas})
	if p := h.get(path + "?person=" + tomas); p.status != http.StatusNotFound {
		t.Errorf("the removed tab answers %d", p.status)
	}
}

func TestATabNeedsTheAppInItsTeamAndAnAddressOfTheApp(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, h.teamIDs(tomas)["Northern accounts"])
	for name, config := range map[string]map[string]any{
		"another site":         {"contentUrl": "https://evil.example/"},
		"a name that ends so":  {"contentUrl": "https://a.b.sample.example/"},
		"the bare domain":      {"contentUrl": "https://sample.example/"},
		"http":                 {"contentUrl": "http://tabs.sample.example/"},
		"no address":           {},
		"a script":             {"contentUrl": "javascript:alert(1)"},
		"a foreign removal":    {"contentUrl": h.App.URL + "/x", "removeUrl": "https://evil.example/"},
		"an overlong entity":   {"contentUrl": h.App.URL + "/x", "entityId": strings.Repeat("x", 65)},
		"an overlong address":  {"contentUrl": h.App.URL + "/" + strings.Repeat("x", 2100)},
		"another port of ours": {"contentUrl": "http://localhost:1/x"},
	} {
		if status, out := h.pin(tomas, northern, config); status != http.StatusUnprocessableEntity || out["reason"] == "" {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if status, out := h.pin(tomas, northern, map[string]any{"contentUrl": "https://tabs.sample.example/x"}); status != http.StatusCreated {
		t.Errorf("one label in place of the star: %d %v", status, out)
	}
	desk := h.teamIDs(tomas)["Service desk"]
	status, out := h.call(http.MethodPost, "/_host/tabs", map[string]any{"person": tomas, "space": desk, "app": appID, "config": map[string]any{"contentUrl": h.App.URL + "/x"}})
	if status != http.StatusConflict {
		t.Errorf("a team without the app: %d %v", status, out)
	}
}

func TestAGroupChatTakesATabWithoutAnInstallation(t *testing.T) {
	h := startHost(t, nil)
	status, out := h.pin(tomas, "/chats/quarter-end", map[string]any{"contentUrl": h.App.URL + "/x", "suggestedDisplayName": "Forecast"})
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, out)
	}
	p := h.get(out["path"].(string) + "?person=" + tomas)
	p.wantText("[data-testid=tab]", "Forecast")
	if data := p.Find("#tab").Text(); !strings.Contains(data, `"chatId":"19:`) || strings.Contains(data, "channelId") {
		t.Errorf("context of a chat: %s", data)
	}
}

func TestUninstallingFromATeamTakesItsTabsAlong(t *testing.T) {
	h := startHost(t, nil)
	team := h.teamIDs(tomas)["Northern accounts"]
	path := h.pinned(t)
	h.post("/store/"+appID+"/uninstall?person="+tomas, url.Values{"for": {team}})
	if p := h.get(path + "?person=" + tomas); p.status != http.StatusNotFound {
		t.Errorf("the tab is still there: %d", p.status)
	}
}

func TestDeepLinksLeadToTabs(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	path := h.pinned(t)
	var tab struct{ Context map[string]any }
	if err := json.Unmarshal([]byte(h.get(path+"?person="+tomas).Find("#tab").Text()), &tab); err != nil {
		t.Fatal(err)
	}
	channel, err := json.Marshal(map[string]any{"channelId": tab.Context["channelId"], "subEntityId": "a b"})
	if err != nil {
		t.Fatal(err)
	}
	for link, want := range map[string]string{
		"/l/entity/" + appID + "/dashboard":                                                       personal + "/dashboard?person=" + url.QueryEscape(tomas),
		"/l/entity/" + appID + "/dashboard?context=" + url.QueryEscape(`{"subEntityId":"x/1"}`):   personal + "/dashboard?person=" + url.QueryEscape(tomas) + "&sub=x%2F1",
		"/l/entity/" + appID + "/pin-42?context=" + url.QueryEscape(string(channel)):              path + "?person=" + url.QueryEscape(tomas) + "&sub=a+b",
		"/l/entity/" + appID + "/pin-42?context=" + url.QueryEscape(`{"channelId":"19:nowhere"}`): "404",
		"/l/entity/" + appID + "/dashboard?context=%7B":                                           "400",
	} {
		p := h.get(link)
		switch {
		case len(want) == 3:
			if strings.TrimSpace(http.StatusText(p.status)) == "" || p.status/100 != 4 {
				t.Errorf("%s: %d, want %s", link, p.status, want)
			}
			p.wantCount("[role=alert]", 1)
		case p.url.RequestURI() != want:
			t.Errorf("%s led to %s, want %s", link, p.url.RequestURI(), want)
		}
	}
}

func TestTabTokensAreForThePersonAtTheWindow(t *testing.T) {
	h := startHost(t, nil)
	for _, person := range []string{tomas, jakub} {
		_, out := h.call(http.MethodPost, "/_host/token", map[string]any{"person": person, "app": appID, "origin": h.App.URL})
		if out["ok"] != true || out["token"] != "token-of-"+person {
			t.Errorf("%s got %v", person, out)
		}
	}
	host := strings.TrimPrefix(h.App.URL, "http://")
	got := h.Entra.requests()[1]
	want := url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret}, "username": {jakub},
		"password": {"pintab-sandbox"}, "scope": {"api://" + host + "/botid-" + world.Registration.ID + "/access_as_user"}, "tenant": {world.Second.ID},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheReasonsWhyThereIsNoTokenAreThoseOfTeams(t *testing.T) {
	h := startHost(t, nil)
	reason := func(origin string) any {
		status, out := h.call(http.MethodPost, "/_host/token", map[string]any{"person": tomas, "app": appID, "origin": origin})
		if status != http.StatusOK || out["ok"] != false || out["token"] != nil {
			t.Errorf("%d %v", status, out)
		}
		return out["reason"]
	}
	if got := reason("https://tabs.sample.example"); got != "App resource defined in manifest and iframe origin do not match" {
		t.Errorf("a frame of another host: %v", got)
	}
	h.Entra.mu.Lock()
	h.Entra.Refuse = "consent_required"
	h.Entra.mu.Unlock()
	if got := reason(h.App.URL); got != "consent_required" {
		t.Errorf("Entra refuses: %v", got)
	}
	h.Entra.Close()
	if got := reason(h.App.URL); got != "unknownAuthError" {
		t.Errorf("Entra is down: %v", got)
	}
	if status, _ := h.call(http.MethodPost, "/_host/token", map[string]any{"person": "nobody", "app": appID, "origin": h.App.URL}); status != http.StatusForbidden {
		t.Errorf("a stranger: %d", status)
	}
}

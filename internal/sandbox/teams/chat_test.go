package teams_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/world"
)

func welcome(a activity) (any, bool) {
	if a.Type != "conversationUpdate" {
		return nil, false
	}
	return map[string]any{"type": "message", "text": "Welcome, " + a.From.Name}, true
}

// A bot learns of its installation as it does from Teams, and its welcome stands in the conversation.
func TestInstallingTellsTheBot(t *testing.T) {
	h := startHost(t, nil)
	h.Bot.set(func(b *bot) { b.Reply = welcome })
	h.installFor(tomas, "me")
	heard := h.Bot.activities()
	if len(heard) != 2 {
		t.Fatalf("the bot heard %d activities: %+v", len(heard), heard)
	}
	if heard[0].Type != "installationUpdate" || heard[0].Action != "add" {
		t.Errorf("first %s %s", heard[0].Type, heard[0].Action)
	}
	a := heard[1]
	if a.Type != "conversationUpdate" || len(a.MembersAdded) != 2 || a.MembersAdded[1].ID != a.Recipient.ID {
		t.Errorf("second %s, members %v, bot %s", a.Type, a.MembersAdded, a.Recipient.ID)
	}
	got := []string{a.ChannelID, a.ServiceURL, a.From.AadObjectID, a.Conversation.ConversationType, a.Conversation.TenantID, a.ChannelData.Tenant.ID, a.Recipient.ID}
	want := []string{"msteams", h.URL + "/", world.People()[1].ObjectID, "personal", world.Home.ID, world.Home.ID, "28:" + world.Registration.BotAppID}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	lines := h.converse(tomas).lines()
	if len(lines) != 1 || lines[0].From != "bot" || lines[0].Activity.Text != "Welcome, Tomas Lindqvist" {
		t.Errorf("conversation %+v", lines)
	}
	h.installFor(tomas, "me")
	if again := len(h.Bot.activities()); again != 2 {
		t.Errorf("installing twice told the bot %d times", again)
	}
}

// A bot that is down when the app is installed still gets to say its welcome.
func TestABotThatWasDownHearsOfItsInstallationLater(t *testing.T) {
	h := startHost(t, nil)
	h.Bot.set(func(b *bot) { b.Reply, b.Status = welcome, http.StatusServiceUnavailable })
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	deliver := func() map[string]any {
		_, out := h.call(http.MethodPost, k.path()+"/deliver", map[string]any{"person": tomas})
		return out
	}
	if problem, _ := deliver()["problem"].(string); !strings.Contains(problem, "503") {
		t.Errorf("problem %q", problem)
	}
	h.Bot.set(func(b *bot) { b.Status, b.heard = 0, nil })
	h.restart()
	if out := deliver(); out["problem"] != "" {
		t.Errorf("still %v", out)
	}
	var types []string
	for _, a := range h.Bot.activities() {
		types = append(types, a.Type)
	}
	if diff := cmp.Diff([]string{"installationUpdate", "conversationUpdate"}, types); diff != "" {
		t.Error(diff)
	}
	if lines := k.lines(); len(lines) != 1 {
		t.Errorf("conversation %+v", lines)
	}
}

func TestWhatAPersonSaysReachesTheBotAndItsReplyThePerson(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	h.Bot.set(func(b *bot) {
		b.Reply = func(a activity) (any, bool) {
			return map[string]any{"type": "message", "text": "You said " + a.Text}, a.Type == "message"
		}
	})
	k := h.converse(tomas)
	if out := k.say("  search contoso "); out["problem"] != "" {
		t.Errorf("problem %v", out["problem"])
	}
	if a := h.Bot.last(); a.Text != "search contoso" || a.Conversation.ID != k.id || a.From.Name != "Tomas Lindqvist" {
		t.Errorf("the bot heard %+v", a)
	}
	var got []string
	for _, l := range k.lines() {
		got = append(got, l.From+": "+l.Activity.Text)
	}
	if diff := cmp.Diff([]string{"person: search contoso", "bot: You said search contoso"}, got); diff != "" {
		t.Error(diff)
	}
	if status, _ := h.call(http.MethodPost, k.path()+"/messages", map[string]any{"person": priya, "text": "hello"}); status != http.StatusNotFound {
		t.Errorf("somebody else wrote into the conversation: %d", status)
	}
	if status, _ := h.call(http.MethodPost, k.path()+"/messages", map[string]any{"person": tomas, "text": "  "}); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty message: %d", status)
	}
}

// A message that did not arrive says so, and trying again sends the same message, which a bot can recognise.
func TestAMessageThatDidNotArriveCanBeSentAgain(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	for status, sentence := range map[int]string{401: "does not trust", 404: "no bot at its messaging address", 500: "error (500)"} {
		h.Bot.set(func(b *bot) { b.Status = status })
		if problem, _ := k.say("hello")["problem"].(string); !strings.Contains(problem, sentence) {
			t.Errorf("%d: %q", status, problem)
		}
	}
	lines := k.lines()
	lost := lines[len(lines)-1]
	if lost.Problem == "" {
		t.Fatal("the message does not say that it was not delivered")
	}
	h.Bot.set(func(b *bot) { b.Status = 0 })
	_, out := h.call(http.MethodPost, k.path()+"/messages", map[string]any{"person": tomas, "again": lost.ID})
	if out["problem"] != "" || h.Bot.last().ID != lost.Activity.ID || h.Bot.last().ID == "" {
		t.Errorf("again: %v, id %q instead of %q", out, h.Bot.last().ID, lost.Activity.ID)
	}
	after := k.lines()
	if len(after) != len(lines) || after[len(after)-1].Problem != "" {
		t.Errorf("conversation after trying again: %+v", after)
	}
	h.App.Close()
	if problem, _ := k.say("anybody?")["problem"].(string); !strings.Contains(problem, "may not be running") {
		t.Errorf("a bot that is gone: %q", problem)
	}
}

func TestACardsSubmitIsAMessageWithAValue(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	h.call(http.MethodPost, k.path()+"/messages", map[string]any{"person": tomas, "value": map[string]any{"city": "Porto"}, "replyTo": "17"})
	a := h.Bot.last()
	if string(a.Value) != `{"city":"Porto"}` || a.ReplyToID != "17" || a.Text != "" {
		t.Errorf("the bot heard %+v", a)
	}
}

// The answer to Action.Execute is the HTTP response itself, and its card replaces the one that was used.
func TestAnExecutedCardIsReplacedByTheAnswer(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	card := func(text string) map[string]any {
		return map[string]any{"type": "AdaptiveCard", "version": "1.5", "body": []any{map[string]any{"type": "TextBlock", "text": text}}}
	}
	_, sent := h.Bot.say(k.id, map[string]any{"type": "message", "attachments": []any{
		map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": card("before")},
	}})
	id := sent["id"].(string)
	h.Bot.set(func(b *bot) {
		b.Invoke = func(activity) (int, any) {
			return http.StatusOK, map[string]any{"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card("after")}
		}
	})
	execute := map[string]any{
		"person": tomas, "name": "adaptiveCard/action", "replyTo": id,
		"value": map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": "save"}, "trigger": "manual"},
	}
	status, out := h.call(http.MethodPost, k.path()+"/invoke", execute)
	if status != http.StatusOK || out["problem"] != "" {
		t.Errorf("%d %v", status, out)
	}
	if a := h.Bot.last(); a.Name != "adaptiveCard/action" || a.ReplyToID != id || !strings.Contains(string(a.Value), `"verb":"save"`) {
		t.Errorf("the bot heard %+v", a)
	}
	lines := k.lines()
	if got := string(lines[len(lines)-1].Activity.Attachments[0].Content); !strings.Contains(got, "after") {
		t.Errorf("the card shows %s", got)
	}
	h.Bot.set(func(b *bot) {
		b.Invoke = func(activity) (int, any) { return http.StatusNotImplemented, nil }
	})
	if _, out := h.call(http.MethodPost, k.path()+"/invoke", execute); !strings.Contains(out["problem"].(string), "does not know") {
		t.Errorf("an unknown action: %v", out)
	}
	if status, _ := h.call(http.MethodPost, k.path()+"/invoke", map[string]any{"person": tomas, "name": "anything/else"}); status != http.StatusUnprocessableEntity {
		t.Errorf("an invoke that Teams does not have: %d", status)
	}
}

func TestUninstallingTellsTheBotAndEndsTheConversation(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	h.post("/store/"+appID+"/uninstall?person="+tomas, url.Values{"for": {"me"}})
	if a := h.Bot.last(); a.Type != "installationUpdate" || a.Action != "remove" {
		t.Errorf("the bot last heard %s %s", a.Type, a.Action)
	}
	if status, _ := h.Bot.say(k.id, map[string]any{"type": "message", "text": "wait"}); status != http.StatusNotFound {
		t.Errorf("the bot could still speak: %d", status)
	}
	if p := h.get(personal + "/conversations?person=" + tomas); !strings.HasPrefix(p.url.Path, "/store/") {
		t.Errorf("the app is still open at %s", p.url)
	}
}

func TestAWindowLearnsOfChangesAsTheyHappen(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	r, err := h.client.Get(h.URL + k.path() + "/events?person=" + tomas)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	events := bufio.NewScanner(r.Body)
	next := func() string {
		for events.Scan() {
			if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatalf("the stream ended: %v", events.Err())
		return ""
	}
	first := next()
	if status, _ := h.Bot.say(k.id, map[string]any{"type": "typing"}); status != http.StatusAccepted {
		t.Errorf("typing: %d", status)
	}
	if second := next(); second == first {
		t.Errorf("the version stayed %s", second)
	}
	h.server.Close()
	for events.Scan() {
		if events.Text() == "" {
			continue
		}
		t.Errorf("the stream goes on after Close: %q", events.Text())
	}
}

// A window that is left open must not keep the program from ending.
func TestAGracefulShutdownEndsOpenStreams(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	r, err := h.client.Get(h.URL + k.path() + "/events?person=" + tomas)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := h.web.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

func TestTheBotRewritesAndTakesBackOnlyItsOwnMessages(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	k := h.converse(tomas)
	k.say("mine")
	_, out := h.Bot.say(k.id, map[string]any{"type": "message", "text": "first"})
	own, persons := out["id"].(string), k.lines()[0].ID
	path := "/v3/conversations/" + url.PathEscape(k.id) + "/activities/"
	token := h.Entra.sign(t, nil)
	if status, _ := h.Bot.connector(http.MethodPut, path+own, map[string]any{"type": "message", "text": "second"}, token); status != http.StatusOK {
		t.Errorf("update: %d", status)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		if status, _ := h.Bot.connector(method, path+persons, map[string]any{"type": "message", "text": "forged"}, token); status != http.StatusNotFound {
			t.Errorf("%s of a person's message: %d", method, status)
		}
	}
	if lines := k.lines(); lines[0].Activity.Text != "mine" || lines[1].Activity.Text != "second" {
		t.Errorf("conversation %+v", lines)
	}
	if status, _ := h.Bot.connector(http.MethodDelete, path+own, nil, token); status != http.StatusOK || len(k.lines()) != 1 {
		t.Errorf("delete: %d, %d lines left", status, len(k.lines()))
	}
}

func TestTheConversationPageCarriesTheCommandsOfTheManifest(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	h.get(personal+"/conversations?person="+tomas).wantText("#commands", "Help")
	p := h.get(personal + "/conversations?locale=de-DE&person=" + tomas)
	p.wantText("#commands", "Hilfe")
	var chat struct{ App struct{ Name string } }
	if err := json.Unmarshal([]byte(p.Find("#chat").Text()), &chat); err != nil || chat.App.Name != "Muster für Dynamics" {
		t.Errorf("%v: the bot is called %q", err, chat.App.Name)
	}
}

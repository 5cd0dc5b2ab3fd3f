package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// channel is a Bot Connector of a test's own: the stand-in signs for it, and what the bot says comes here.
type channel struct {
	*testing.T
	server *httptest.Server
	token  string
	person world.Person
	talk   string

	mu     sync.Mutex
	next   int
	status []int // answered to the next messages of the bot, instead of 201
	said   []heard
}

// heard is what the bot sent.
type heard struct {
	Type        string
	Text        string
	Attachments []struct {
		ContentType string
		Content     json.RawMessage
	}
}

func (h heard) all() string {
	text := h.Text
	for _, a := range h.Attachments {
		text += "\n" + string(a.Content)
	}
	return text
}

// listen opens a personal chat of somebody with the bot.
func listen(t *testing.T, username string) *channel {
	t.Helper()
	c := &channel{T: t, talk: "a:" + t.Name()}
	for _, p := range world.People() {
		if p.Username == username {
			c.person = p
		}
	}
	c.server = httptest.NewServer(http.HandlerFunc(c.receive))
	t.Cleanup(c.server.Close)
	res, err := http.Post(at.Teams+"/_sandbox/connector/token", "application/json", strings.NewReader(fmt.Sprintf(`{"serviceUrl":%q}`, c.server.URL+"/")))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var given struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&given); err != nil || given.Token == "" {
		t.Fatal(err)
	}
	c.token = given.Token
	return c
}

func (c *channel) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var h heard
	if err != nil || json.Unmarshal(body, &h) != nil || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ey") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.Type == "message" && len(c.status) > 0 {
		status := c.status[0]
		c.status = c.status[1:]
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(status)
		return
	}
	if h.Type == "message" {
		c.said = append(c.said, h)
	}
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"id":"b%d"}`, len(c.said))
}

// activity is an activity of the person, with what is special about it.
func (c *channel) activity(special map[string]any) map[string]any {
	c.mu.Lock()
	c.next++
	id := fmt.Sprintf("%d", c.next)
	c.mu.Unlock()
	a := map[string]any{
		"type": "message", "id": id, "channelId": "msteams", "serviceUrl": c.server.URL + "/",
		"from":         map[string]any{"id": "29:person", "name": c.person.Name, "aadObjectId": c.person.ObjectID},
		"recipient":    map[string]any{"id": "28:bot"},
		"conversation": map[string]any{"id": c.talk, "conversationType": "personal", "tenantId": c.person.TenantID},
		"channelData":  map[string]any{"tenant": map[string]any{"id": c.person.TenantID}},
	}
	for name, value := range special {
		a[name] = value
	}
	return a
}

// post delivers an activity and gives the status and the body of the answer.
func (c *channel) post(token string, a map[string]any) (int, string) {
	c.Helper()
	raw, err := json.Marshal(a)
	if err != nil {
		c.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, at.App+"/api/messages", bytes.NewReader(raw))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (c *channel) say(text string) {
	c.Helper()
	if status, body := c.post(c.token, c.activity(map[string]any{"text": text})); status != http.StatusOK || body != "" {
		c.Fatal(status, body)
	}
}

func (c *channel) invoke(name string, value any) (int, string) {
	c.Helper()
	return c.post(c.token, c.activity(map[string]any{"type": "invoke", "name": name, "value": value}))
}

func (c *channel) press(data map[string]any) string {
	c.Helper()
	status, body := c.invoke("adaptiveCard/action", map[string]any{"trigger": "manual", "action": map[string]any{"type": "Action.Execute", "verb": data["do"], "data": data}})
	if status != http.StatusOK {
		c.Fatal(status, body)
	}
	return body
}

// answers waits until the bot has said so many things in all, and gives the last.
func (c *channel) answers(n int) heard {
	c.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		said := append([]heard{}, c.said...)
		c.mu.Unlock()
		if len(said) >= n {
			return said[n-1]
		}
		if time.Now().After(deadline) {
			c.Fatalf("the bot said %d of %d things: %+v", len(said), n, said)
		}
	}
}

func (c *channel) want(h heard, words ...string) heard {
	c.Helper()
	for _, word := range words {
		if !strings.Contains(h.all(), word) {
			c.Errorf("%q is not in %s", word, h.all())
		}
	}
	return h
}

// signIn goes through the window that a sign-in card opens, as this person, and gives what it shows at the end.
func (c *channel) signIn(h heard, as world.Person) *goquery.Document {
	c.Helper()
	found := regexp.MustCompile(`"value":"([^"]*/auth/bot/start[^"]*)"`).FindStringSubmatch(h.all())
	if found == nil {
		c.Fatal("no sign-in button in", h.all())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.Fatal(err)
	}
	window := &http.Client{Jar: looseJar{jar}}
	res, err := window.Get(strings.ReplaceAll(found[1], `\u0026`, "&"))
	for step := 0; ; step++ {
		if err != nil || step > 5 {
			c.Fatal("sign-in does not come to its end:", err)
		}
		doc, parsed := goquery.NewDocumentFromReader(res.Body)
		res.Body.Close()
		if parsed != nil {
			c.Fatal(parsed)
		}
		form := doc.Find("form").First()
		if strings.HasPrefix(res.Request.URL.String(), at.App) || form.Length() == 0 {
			return doc
		}
		values := url.Values{}
		form.Find("input").Each(func(_ int, in *goquery.Selection) {
			if name := in.AttrOr("name", ""); name != "" {
				values.Set(name, in.AttrOr("value", ""))
			}
		})
		values.Set("username", as.Username)
		values.Set("password", as.Password)
		form.Find("button[name]").First().Each(func(_ int, b *goquery.Selection) { values.Set(b.AttrOr("name", ""), b.AttrOr("value", "")) })
		action, err2 := res.Request.URL.Parse(form.AttrOr("action", ""))
		if err2 != nil {
			c.Fatal(err2)
		}
		res, err = window.PostForm(action.String(), values)
	}
}

// Somebody is welcomed once, signs in with the account of their chat, chooses where they work, agrees, and signs out.
func TestTheChatFromWelcomeToSignOut(t *testing.T) {
	moveTo(t)
	c := listen(t, "ingrid@harborfinch.example")
	bot := []map[string]any{{"id": "28:bot"}, {"id": "29:person"}}
	for _, event := range []map[string]any{{"type": "installationUpdate", "action": "add"}, {"type": "conversationUpdate", "membersAdded": bot}} {
		if status, _ := c.post(c.token, c.activity(event)); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	welcome := c.want(c.answers(1), "Pintab", "Sign in")
	for _, p := range world.People() {
		if p.Username == "jakub@harborfinch.example" {
			if other := c.signIn(welcome, p); !strings.Contains(other.Text(), "another account") || other.Find("[data-testid=code]").Length() != 0 {
				t.Error("another account can sign in:", other.Text())
			}
		}
	}
	end := c.signIn(welcome, c.person)
	code := end.Find("[data-testid=code]").Text()
	if len(code) != 6 || end.Find("main").AttrOr("data-code", "") != code {
		t.Fatal("no code:", end.Text())
	}
	if status, _ := c.invoke("signin/verifyState", map[string]any{"state": "wrong!"}); status != http.StatusNotFound {
		t.Error("a wrong code:", status)
	}
	if status, body := c.invoke("signin/verifyState", map[string]any{"state": code}); status != http.StatusOK || body != "" {
		t.Fatal(status, body)
	}
	chooser := c.want(c.answers(2), "Select your organization", "Next")
	organization := regexp.MustCompile(`"value":"(http[^"]+)"`).FindStringSubmatch(chooser.all())
	if organization == nil {
		t.Fatal("nothing is selected in", chooser.all())
	}
	if body := c.press(map[string]any{"do": "settle", "organization": "http://localhost:1/elsewhere"}); !strings.Contains(body, "Select your organization") {
		t.Error("an organization of nobody was taken:", body)
	}
	if body := c.press(map[string]any{"do": "settle", "organization": organization[1]}); !strings.Contains(body, "I am ready") {
		t.Error(body)
	}
	c.say("hello there")
	c.want(c.answers(3), "I agree", "Not now")
	c.say("hello there")
	c.want(c.answers(4), "not agreed")
	if body := c.press(map[string]any{"do": "agree"}); !strings.Contains(body, "What I can do") {
		t.Error(body)
	}
	c.say("xyzzy gnarf!!! 77")
	c.answers(5)
	c.say("what do you hold about me")
	c.want(c.answers(6), "What Pintab holds about you", "Sign-in to the bot")
	c.say("sign out")
	c.want(c.answers(7), "signed out", "Sign in")
	c.say("what do you hold about me")
	c.want(c.answers(8), "Sign in")
	for name, want := range map[string]int{"no/such/invoke": 501, "signin/tokenExchange": 412, "composeExtension/query": 200, "task/fetch": 200, "signin/failure": 200} {
		if status, _ := c.invoke(name, map[string]any{}); status != want {
			t.Error(name, status)
		}
	}
}

// The same activity takes effect once, however often and however quickly it is delivered, and a connector that asks to wait
// loses and doubles nothing.
func TestActivitiesTakeEffectOnce(t *testing.T) {
	c := listen(t, "ingrid@harborfinch.example")
	c.status = []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusPreconditionFailed}
	one := c.activity(map[string]any{"text": "hi"})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if status, body := c.post(c.token, one); status != http.StatusOK || body != "" {
				t.Error(status, body)
			}
		})
	}
	all.Wait()
	c.answers(1)
	c.say("hi again")
	c.answers(2)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.said) != 2 {
		t.Errorf("the bot said %d things to two messages", len(c.said))
	}
}

// Only what the Bot Connector signed for this very activity is taken, of a tenant that is let in.
func TestWhoMayTalkToTheBot(t *testing.T) {
	c := listen(t, "ingrid@harborfinch.example")
	other := listen(t, "ingrid@harborfinch.example")
	v, _ := visit(t, "ingrid@harborfinch.example")
	special := func(name string, value any) map[string]any { return c.activity(map[string]any{name: value}) }
	for name, one := range map[string]struct {
		token string
		a     map[string]any
		want  int
	}{
		"no token":             {"", c.activity(nil), 401},
		"a tab's token":        {v.token(c.person.Username, at.ssoScope()), c.activity(nil), 401},
		"for another address":  {other.token, c.activity(nil), 401},
		"no address":           {c.token, special("serviceUrl", ""), 401},
		"trailing newline":     {c.token + "%0a", c.activity(nil), 401},
		"another channel":      {c.token, special("channelId", "webchat"), 403},
		"no channel":           {c.token, special("channelId", ""), 403},
		"emulator":             {c.token, special("channelId", "emulator"), 403},
		"a stranger's tenant":  {c.token, c.activity(map[string]any{"conversation": map[string]any{"id": "x", "tenantId": "00000000-0000-4000-8000-00000000dead"}, "channelData": nil}), 403},
		"two tenants":          {c.token, special("channelData", map[string]any{"tenant": map[string]any{"id": world.Second.ID}}), 400},
		"no tenant":            {c.token, c.activity(map[string]any{"conversation": map[string]any{"id": "x"}, "channelData": nil}), 400},
		"what it ought to be":  {c.token, special("type", "typing"), 200},
		"an event we know not": {c.token, special("type", "messageReaction"), 200},
	} {
		if status, body := c.post(one.token, one.a); status != one.want || body != "" {
			t.Errorf("%s: %d %q, want %d", name, status, body, one.want)
		}
	}
	big := c.activity(map[string]any{"text": strings.Repeat("a", 500<<10)})
	if status, _ := c.post(c.token, big); status != http.StatusRequestEntityTooLarge {
		t.Error("500 KB:", status)
	}
}

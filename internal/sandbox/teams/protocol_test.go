package teams_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

//go:embed testdata/tab.js
var tabScript []byte

// report is one message that a tab got from the host.
type report struct {
	Page, Query, Origin, Func string
	Answer, Same              bool
	Args                      []any
}

// tabs serves pages that speak the protocol by hand and collects what they hear.
type tabs struct {
	t     *testing.T
	heard chan report
}

func (s *tabs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/tab.js":
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(tabScript)
	case r.URL.Path == "/report":
		var got report
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			s.t.Errorf("report: %v", err)
			return
		}
		s.heard <- got
	default:
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<!doctype html><html lang="en"><title>Tab</title><h1>Tab</h1><script type="module" src="/tab.js"></script></html>`)
	}
}

// browserWait bounds every step in the browser; it is long because a busy machine is slow, not because steps are.
const browserWait = 60 * time.Second

// await gives the next message to a page with this func and drops what comes before it.
func (s *tabs) await(page, name string) report {
	s.t.Helper()
	late := time.After(browserWait)
	var seen []string
	for {
		select {
		case got := <-s.heard:
			if got.Page == page && got.Func == name {
				return got
			}
			seen = append(seen, got.Page+" "+got.Func)
		case <-late:
			s.t.Fatalf("%s never heard %s; heard %v", page, name, seen)
		}
	}
}

// hears reports whether a page says something before time is up.
func (s *tabs) hears(page, name string, patience time.Duration) (report, bool) {
	late := time.After(patience)
	for {
		select {
		case got := <-s.heard:
			if got.Page == page && got.Func == name {
				return got, true
			}
		case <-late:
			return report{}, false
		}
	}
}

// collect gives the answers to several calls of a page, in whatever order they come.
func (s *tabs) collect(page string, names ...string) map[string]report {
	s.t.Helper()
	all := map[string]report{}
	late := time.After(browserWait)
	for missing := len(names); missing > 0; {
		select {
		case got := <-s.heard:
			for _, name := range names {
				if _, known := all[name]; !known && got.Page == page && got.Func == name {
					all[name] = got
					missing--
				}
			}
		case <-late:
			s.t.Fatalf("%s heard only %v of %v", page, all, names)
		}
	}
	return all
}

// window is a browser window of the client.
type window struct {
	*host
	ctx  context.Context
	tabs *tabs
}

func openWindow(t *testing.T) *window {
	t.Helper()
	s := &tabs{t: t, heard: make(chan report, 100)}
	h := startHost(t, s)
	options := []chromedp.ExecAllocatorOption{chromedp.Headless, chromedp.WindowSize(1200, 800)}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("Chromium does not start; is it installed? %v", err)
	}
	return &window{h, ctx, s}
}

func (w *window) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.URL + path))
}

// clickUntil clicks into the frame until a page says something: a click by place is lost on a frame that has not been
// painted yet.
func (w *window) clickUntil(page, name string, options ...chromedp.MouseOption) report {
	w.tabs.t.Helper()
	for range 12 {
		w.do(chromedp.MouseClickXY(600, 500, options...))
		if got, heard := w.tabs.hears(page, name, 4*time.Second); heard {
			return got
		}
	}
	w.tabs.t.Fatalf("%s never said %s", page, name)
	return report{}
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, browserWait)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatal(err)
	}
}

// typing fills a field in.
func typing(selector, text string) []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{chromedp.WaitVisible(selector), chromedp.SendKeys(selector, text)}
}

// until waits for a condition on the page, which is a JavaScript expression.
func (w *window) until(expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, browserWait)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")"))
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			w.t.Fatalf("waiting for %s: %v", expression, err)
		}
		// The page went on to another one while it was watched; the next one is watched from here.
	}
}

func (w *window) click(selector string) {
	w.t.Helper()
	w.until(fmt.Sprintf("document.querySelector(%q)", selector))
	ctx, cancel := context.WithTimeout(w.ctx, browserWait)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).click()", selector))); err != nil {
		w.t.Fatal(err)
	}
}

func TestATabSpeaksWithTheHost(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, "me")
	w.open(personal + "/dashboard?theme=dark&person=" + tomas)

	hello := w.tabs.await("/tab/board", "initialize")
	if hello.Origin != w.URL || !hello.Same || hello.Query != "?theme=dark&locale=en-US" {
		t.Errorf("the host says hello from %s to %s", hello.Origin, hello.Query)
	}
	if len(hello.Args) != 4 || hello.Args[0] != "content" || hello.Args[1] != "web" || hello.Args[3] != "2.0.1" {
		t.Errorf("initialize answers %v", hello.Args)
	}
	var runtime struct {
		APIVersion int
		Supports   map[string]any
	}
	if err := json.Unmarshal([]byte(hello.Args[2].(string)), &runtime); err != nil || runtime.APIVersion != 4 || runtime.Supports["pages"] == nil {
		t.Errorf("runtime %v: %v", err, hello.Args[2])
	}

	got := w.tabs.collect("/tab/board", "getContext", "authentication.getAuthToken", "tasks.startTask", "appInitialization.success")
	flat, _ := got["getContext"].Args[0].(map[string]any)
	for name, want := range map[string]any{"theme": "dark", "locale": "en-US", "entityId": "dashboard", "frameContext": "content", "loginHint": tomas, "hostName": "Teams"} {
		if flat[name] != want {
			t.Errorf("context %s is %v, want %v", name, flat[name], want)
		}
	}
	if diff := cmp.Diff([]any{true, "token-of-" + tomas}, got["authentication.getAuthToken"].Args); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{nil, "chosen"}, got["tasks.startTask"].Args); diff != "" {
		t.Error(diff)
	}
	w.until(`window.parley.log.some((m) => m.direction === 'unknown' && m.func === 'unheard.of')`)

	w.click("[data-set=theme][data-value=contrast]")
	if event := w.tabs.await("/tab/board", "themeChange"); event.Answer || event.Args[0] != "contrast" {
		t.Errorf("theme event %+v", event)
	}
	w.until(`new URL(location.href).searchParams.get('theme') === 'contrast'`)
}

// The sign-in window speaks the protocol itself, and its result reaches the tab that opened it.
func TestASignInWindowAnswersItsTab(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, "me")
	w.open(personal + "/dashboard?person=" + tomas)
	w.tabs.await("/tab/board", "tasks.startTask")
	w.until(`!document.getElementById('task-dialog').open`)

	if hello := w.clickUntil("/popup", "initialize"); hello.Args[0] != "authentication" {
		t.Errorf("the window is %v", hello.Args[0])
	}
	if diff := cmp.Diff([]any{true, "a-code"}, w.tabs.await("/tab/board", "authentication.authenticate").Args); diff != "" {
		t.Error(diff)
	}
	w.do(chromedp.MouseClickXY(600, 500))
	if diff := cmp.Diff([]any{false, "CancelledByUser"}, w.tabs.await("/tab/board", "authentication.authenticate").Args); diff != "" {
		t.Error(diff)
	}
}

func TestTheHostCanBeToldToMisbehave(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, "me")
	w.open(personal + "/dashboard?sso=resourceDisabled&init=swapped&person=" + tomas)
	if hello := w.tabs.await("/tab/board", "initialize"); hello.Args[2] != "2.0.1" {
		t.Errorf("swapped: %v", hello.Args)
	}
	if diff := cmp.Diff([]any{false, "resourceDisabled"}, w.tabs.await("/tab/board", "authentication.getAuthToken").Args); diff != "" {
		t.Error(diff)
	}
	w.open(personal + "/dashboard?init=legacy&person=" + tomas)
	if hello := w.tabs.await("/tab/board", "initialize"); len(hello.Args) != 3 {
		t.Errorf("legacy: %v", hello.Args)
	}
	w.open(personal + "/dashboard?init=silent&person=" + tomas)
	w.until(`window.parley.log.some((m) => m.direction === 'in' && m.func === 'initialize')`)
	w.until(`!window.parley.log.some((m) => m.direction === 'out')`)
}

func TestATabThatCannotStartSaysSoAndCanBeTriedAgain(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, "me")
	w.open(personal + "/settings?person=" + tomas)
	w.until(`!document.querySelector('[data-testid=tab-failed]').hidden`)
	w.until(`document.querySelector('[data-testid=tab-failed]').innerText.includes('Out of order.')`)
	w.tabs.await("/tab/options", "initialize")
	w.click("[data-action=retry]")
	w.tabs.await("/tab/options", "initialize")
}

// An app that asks for the sign of loading is covered by it until it says that it is ready.
func TestTheSignOfLoadingStandsUntilTheTabIsReady(t *testing.T) {
	w := openWindow(t)
	slow := sampleManifest(w.App.URL)
	slow["showLoadingIndicator"] = true
	if p := upload(t, w.host, packageOf(t, slow, sampleGerman)); p.status != http.StatusOK {
		t.Fatalf("status %d", p.status)
	}
	w.installFor(tomas, "me")
	w.open(personal + "/dashboard?init=silent&person=" + tomas)
	w.until(`window.parley.log.some((m) => m.func === 'initialize')`)
	w.until(`document.querySelector('.cover[data-part=loading]').checkVisibility()`)
	w.open(personal + "/dashboard?person=" + tomas)
	w.until(`document.getElementById('stage').dataset.state === 'ready'`)
	w.until(`!document.querySelector('.cover[data-part=loading]').checkVisibility()`)
}

func TestADialogThatAPersonClosesSaysSo(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, "me")
	w.open(personal + "/dashboard?person=" + tomas)
	w.tabs.await("/tab/board", "tasks.startTask")
	w.until(`!document.getElementById('task-dialog').open`)
	w.clickUntil("/quiet", "initialize", chromedp.ButtonRight)
	w.click("#task-dialog [data-close]")
	closed := w.tabs.await("/tab/board", "tasks.startTask")
	if diff := cmp.Diff([]any{"User cancelled/closed the task module.", nil}, closed.Args); diff != "" {
		t.Error(diff)
	}
}

// A configuration page decides when Save can be pressed, and nothing is kept before it has said that it succeeded.
func TestATabIsAddedByItsConfigurationPageAndRemovedByItsRemovalPage(t *testing.T) {
	w := openWindow(t)
	w.installFor(tomas, w.teamIDs(tomas)["Northern accounts"])
	w.open(northern + "?person=" + tomas)
	w.click("[data-testid=add-tab]")
	w.click("#add-dialog [data-configure]")
	if hello := w.tabs.await("/config", "initialize"); hello.Args[0] != "settings" {
		t.Errorf("the configuration page is %v", hello.Args[0])
	}
	w.until(`!document.querySelector('#config-dialog [data-part=save]').disabled`)
	w.click("#config-dialog [data-part=save]")
	w.tabs.await("/config", "settings.save")
	w.until(`document.querySelector('#config-dialog [data-part=problem]').textContent === 'Not yet.'`)
	w.get(northern+"?person="+tomas).wantCount("[data-testid=tab]", 0)

	w.click("#config-dialog [data-part=save]")
	if diff := cmp.Diff([]any{true}, w.tabs.await("/config", "settings.setSettings").Args); diff != "" {
		t.Error(diff)
	}
	if hello := w.tabs.await("/pin", "initialize"); hello.Query != "?theme=default" {
		t.Errorf("the tab was opened with %s", hello.Query)
	}
	w.get(northern+"?person="+priya).wantText("[data-testid=tab]", "Contoso")

	w.until(`document.querySelector('[data-action=tab-remove]')`)
	w.click("[data-action=tab-remove]")
	if hello := w.tabs.await("/gone", "initialize"); hello.Args[0] != "remove" {
		t.Errorf("the removal page is %v", hello.Args[0])
	}
	w.until(`!document.querySelector('#remove-dialog [data-part=remove]').disabled`)
	w.click("#remove-dialog [data-part=remove]")
	w.until(`location.pathname === '` + northern + `' && !document.querySelector('[data-testid=tab]')`)
}

// The conversation shows text as text, and cards by the card renderer, under a policy without inline code.
func TestAConversationIsDrawn(t *testing.T) {
	w := openWindow(t)
	w.Bot.set(func(b *bot) {
		b.Reply = func(a activity) (any, bool) {
			if a.Type != "message" {
				return nil, false
			}
			return map[string]any{"type": "message", "text": "**Found** <img src=x> one", "attachments": []any{map[string]any{
				"contentType": "application/vnd.microsoft.card.adaptive",
				"content": map[string]any{"type": "AdaptiveCard", "version": "1.5",
					"body":    []any{map[string]any{"type": "TextBlock", "text": "Contoso"}, map[string]any{"type": "Input.Text", "id": "city", "label": "City", "value": "Porto"}},
					"actions": []any{map[string]any{"type": "Action.Submit", "title": "Keep", "data": map[string]any{"verb": "keep"}}}},
			}}}, a.Text != ""
		}
	})
	w.installFor(tomas, "me")
	w.open(personal + "/conversations?person=" + tomas)
	w.do(chromedp.WaitVisible("[data-testid=composer] textarea"), chromedp.SendKeys("[data-testid=composer] textarea", "search contoso\r"))
	w.until(`document.querySelector('li[data-from=bot] strong + time')`)
	w.until(`document.querySelector('li[data-from=bot] .text strong')?.textContent === 'Found'`)
	w.until(`!document.querySelector('li[data-from=bot] img')`)
	w.until(`document.querySelector('li[data-from=person] .text').textContent === 'search contoso'`)
	w.click(".ac-pushButton")
	w.until(`document.querySelectorAll('li[data-from=person]').length === 2`)
	if value := string(w.Bot.last().Value); !strings.Contains(value, `"city":"Porto"`) || !strings.Contains(value, `"verb":"keep"`) {
		t.Errorf("the card sent %s", value)
	}
}

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// The stories below run against one sandbox, started as `pintab sandbox` starts it, and one Chromium.
var (
	at     addresses
	chrome *browser.Browser
)

func TestMain(m *testing.M) { os.Exit(runStories(m)) }

func runStories(m *testing.M) int {
	folder, err := os.MkdirTemp("", "pintab-sandbox-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	port, err := freePorts()
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	log := newLog(io.Discard, slog.LevelError)
	if os.Getenv("PINTAB_TEST_LOG") != "" {
		log = newLog(os.Stderr, slog.LevelInfo)
	}
	go func() { ended <- runSandbox(ctx, sandboxCommand{Port: port, Data: folder + "/data"}, io.Discard, log) }()
	at = sandboxAddresses(port)
	if err := untilReady(at.App, ended); err != nil {
		panic(err)
	}
	if chrome, err = browser.Start(ctx); err != nil {
		panic(err)
	}
	code := m.Run()
	chrome.Close()
	stop()
	if err := <-ended; err != nil && code == 0 {
		fmt.Println("the sandbox did not end cleanly:", err)
		code = 1
	}
	return code
}

// freePorts finds four free ports in a row.
func freePorts() (int, error) {
	for port := 21000; port < 30000; port += 4 {
		free := true
		for i := range 4 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+i))
			if err != nil {
				free = false
				break
			}
			_ = l.Close()
		}
		if free {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no four free ports in a row")
}

// untilReady waits for /readyz, or for the sandbox to give up.
func untilReady(app string, ended <-chan error) error {
	for range 600 {
		select {
		case err := <-ended:
			return fmt.Errorf("the sandbox ended: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
		if answer, err := http.Get(app + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("not ready after half a minute")
}

// client is a person in front of the Teams stand-in.
type client struct {
	*testing.T
	window *browser.Window
	person string
	theme  string
	size   string
	locale string
}

// sitDown opens a private window for somebody, at 1280 pixels.
func sitDown(t *testing.T, person string) *client {
	t.Helper()
	window, err := chrome.Window(1280, 900)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(window.Close)
	return &client{T: t, window: window, person: person, theme: "default", size: "desktop", locale: "en-US"}
}

// open goes to a page of the Teams stand-in.
func (c *client) open(path string) {
	c.Helper()
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	address := at.Teams + path + mark + "person=" + c.person + "&theme=" + c.theme + "&size=" + c.size + "&locale=" + c.locale
	err := c.window.Open(address)
	for range 2 {
		if err == nil || !strings.Contains(err.Error(), "ERR_ABORTED") {
			break
		}
		err = c.window.Open(address) // the page before was on its way elsewhere
	}
	if err != nil {
		c.Fatalf("%s: %v", address, err)
	}
}

// install installs Pintab for the person, unless an earlier story did.
func (c *client) install() {
	c.Helper()
	c.open("/store/" + appID)
	const button = `[data-testid="app-for-you"] [data-install] button`
	fresh, err := browser.Evaluate[bool](&c.window.Page, "!!document.querySelector('"+button+"')")
	c.must(err)
	if fresh {
		c.must(c.window.Click(button))
		c.must(c.window.Has(`[data-testid="feature-tabs"]`, 10*time.Second))
	}
}

// tab opens a personal tab of Pintab and gives the page inside.
func (c *client) tab(entity string) *browser.Page {
	c.Helper()
	c.install()
	c.open("/app/" + appID + "/" + entity)
	return c.frame()
}

// frame is Pintab's page inside the Teams stand-in.
func (c *client) frame() *browser.Page {
	c.Helper()
	page, err := c.window.Frame(at.App, 10*time.Second)
	if err != nil {
		c.Fatal(err)
	}
	return page
}

// must stops the test on an error.
func (c *client) must(err error) {
	c.Helper()
	if err != nil {
		c.picture("failed")
		c.Fatal(err)
	}
}

// picture saves what the window shows, where a person asked for it.
func (c *client) picture(name string) {
	folder := os.Getenv("PINTAB_TEST_PICTURES")
	if folder == "" {
		return
	}
	png, err := c.window.Screenshot()
	if err == nil {
		err = os.WriteFile(folder+"/"+strings.ReplaceAll(c.Name(), "/", "-")+"-"+name+".png", png, 0o644)
	}
	if err != nil {
		c.Log(err)
	}
}

// filled waits until every part of the dashboard is there.
func (c *client) filled(page *browser.Page) {
	c.Helper()
	c.must(page.Has(`[data-testid="board"]`, 15*time.Second))
	c.must(page.Wait(`document.readyState === 'complete'`, 15*time.Second))
}

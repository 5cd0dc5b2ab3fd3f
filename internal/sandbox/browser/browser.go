package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Browser is one running Chromium.
type Browser struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// Start starts a Chromium found on the path. Close ends it.
func Start(ctx context.Context) (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("site-per-process", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-US"))
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
	browser, endBrowser := chromedp.NewContext(allocator)
	b := &Browser{ctx: browser, cancel: func() { endBrowser(); endAllocator() }}
	if err := chromedp.Do(browser); err != nil {
		b.cancel()
		return nil, fmt.Errorf("chromium did not start: %w", err)
	}
	return b, nil
}

// Close ends the browser and every window.
func (b *Browser) Close() { b.cancel() }

func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chromium; `make test` installs one")
}

// Page is a page or a frame of another site.
type Page struct {
	ctx    context.Context
	cancel context.CancelFunc
	report func(string)
}

// Window is a private profile with one page. Problems collects what its console and the consoles of its frames complained of.
type Window struct {
	Page
	browser *Browser
	mu      sync.Mutex
	frames  map[target.ID]*Page
	trouble []string
}

// Window opens a window of the given size in a new private profile.
func (b *Browser) Window(width, height int64) (*Window, error) {
	return b.window(width, height)
}

// WindowThrough opens a window whose every request, also to this machine, goes through a proxy, given as host:port.
func (b *Browser) WindowThrough(proxy string, width, height int64) (*Window, error) {
	return b.window(width, height, func(p *target.CreateBrowserContextParams) {
		p.ProxyServer, p.ProxyBypassList = "http://"+proxy, "<-loopback>"
	})
}

func (b *Browser) window(width, height int64, options ...chromedp.CreateBrowserContextOption) (*Window, error) {
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(options...))
	w := &Window{browser: b, frames: map[target.ID]*Page{}}
	w.Page = Page{ctx: ctx, cancel: cancel, report: w.complain}
	if err := w.listen(); err != nil {
		cancel()
		return nil, err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		cancel()
		return nil, err
	}
	return w, nil
}

// Resize gives the window another size in CSS pixels.
func (w *Window) Resize(width, height int64) error {
	return chromedp.Do(w.ctx, chromedp.EmulateViewport(width, height))
}

// Close closes the window and forgets its profile.
func (w *Window) Close() {
	w.mu.Lock()
	for _, frame := range w.frames {
		frame.cancel()
	}
	w.mu.Unlock()
	w.cancel()
}

func (w *Window) complain(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trouble = append(w.trouble, text)
}

// Problems are the console's errors and warnings and uncaught exceptions so far, of the page and of the frames reached with Frame.
func (w *Window) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.trouble...)
}

// Context is for chromedp actions and protocol commands that this package has no word for.
func (p *Page) Context() context.Context { return p.ctx }

// listen starts reporting the console.
func (p *Page) listen() error {
	if err := chromedp.Do(p.ctx); err != nil {
		return err
	}
	if err := chromedp.Listen(p.ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
				p.report(fmt.Sprintf("%s: %s (%s)", e.Entry.Level, e.Entry.Text, e.Entry.URL))
			}
		case *runtime.EventExceptionThrown:
			p.report("exception: " + e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				p.report("console: " + said(e.Args))
			}
		}
	}); err != nil {
		return err
	}
	_, err := chromedp.Call(p.ctx, log.Enable, struct{}{})
	return err
}

func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, strings.Trim(string(a.Value), `"`)+a.Description)
	}
	return strings.Join(words, " ")
}

// Open loads an address and waits for its load event.
func (p *Page) Open(address string) error { return chromedp.Do(p.ctx, chromedp.Navigate(address)) }

// Frame waits for a frame whose address begins with prefix and gives it as a page.
func (w *Window) Frame(prefix string, patience time.Duration) (*Page, error) {
	deadline := time.Now().Add(patience)
	own := chromedp.FromContext(w.ctx).BrowserContextID
	for {
		targets, err := chromedp.Targets(w.ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			if t.Type == "iframe" && t.BrowserContextID == own && strings.HasPrefix(t.URL, prefix) {
				return w.Attach(t.TargetID)
			}
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("no frame at %s after %s", prefix, patience)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// Attach gives a frame, or a window that the page has opened, by its target; a later call gives the same page.
func (w *Window) Attach(id target.ID) (*Page, error) {
	w.mu.Lock()
	known := w.frames[id]
	w.mu.Unlock()
	if known != nil {
		return known, nil
	}
	ctx, cancel := chromedp.NewContext(w.ctx, chromedp.WithTargetID(id), chromedp.WithDetachOnCancel())
	frame := &Page{ctx: ctx, cancel: cancel, report: w.complain}
	if err := frame.listen(); err != nil {
		cancel()
		return nil, err
	}
	w.mu.Lock()
	w.frames[id] = frame
	w.mu.Unlock()
	return frame, nil
}

// Front makes the page count as the one in front, which takes keys, whatever other windows there are.
func (p *Page) Front() error {
	_, err := chromedp.Call(p.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return err
}

// Emulate makes the page believe in a media feature, for example "prefers-reduced-motion" with "reduce".
func (p *Page) Emulate(feature, value string) error {
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
	return err
}

// WithoutScript makes the page, or everything in the window, run no script from now on; Evaluate still works.
func (p *Page) WithoutScript() error {
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
}

package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// probe runs in every document before its own scripts and tells what a person sees and when.
//
//go:embed probe.js
var probe string

// startChromium starts a browser in which a page and its frames share one process, so that one session of the debugger sees
// all requests and slows down all of it. It differs from package sandbox/browser in that alone.
func startChromium(ctx context.Context) (context.Context, context.CancelFunc, error) {
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		return nil, nil, errors.New("there is no Chromium; `make dependencies` installs one")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("disable-features", "IsolateOrigins,site-per-process,Translate,BackForwardCache"),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
	browser, endBrowser := chromedp.NewContext(allocator)
	cancel := func() { endBrowser(); endAllocator() }
	if err := chromedp.Do(browser); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("chromium did not start: %w", err)
	}
	return browser, cancel, nil
}

// told is what the probe tells of one document.
type told struct {
	Kind    string   `json:"kind"`    // start, painted, settled
	URL     string   `json:"url"`     //
	Origin  float64  `json:"origin"`  // when its navigation began, in milliseconds of the wall clock
	Paint   float64  `json:"paint"`   // first content, in milliseconds from there
	Shown   float64  `json:"shown"`   // last part of the dashboard
	Parts   int      `json:"parts"`   //
	Blocked float64  `json:"blocked"` // main thread: what long tasks take beyond 50 ms each
	Early   []string `json:"early"`   // addresses that had come before Shown
}

// window is a private profile with one page. Its cache and its cookies are its own.
type window struct {
	ctx      context.Context
	close    context.CancelFunc
	mu       sync.Mutex
	requests map[network.RequestID]*request
	told     chan told
}

type request struct {
	url    string
	bytes  float64
	cached bool
}

func openWindow(browser context.Context) (*window, error) {
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	w := &window{ctx: ctx, close: cancel, requests: map[network.RequestID]*request{}, told: make(chan told, 100)}
	if err := w.prepare(); err != nil {
		cancel()
		return nil, err
	}
	return w, nil
}

func (w *window) prepare() error {
	if err := chromedp.Listen(w.ctx, w.hear); err != nil {
		return err
	}
	if err := chromedp.Do(w.ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		return err
	}
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(w.ctx, network.Enable, network.EnableParams{}); return err },
		func() error {
			_, err := chromedp.Call(w.ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
			return err
		},
		func() error {
			_, err := chromedp.Call(w.ctx, performance.Enable, performance.EnableParams{})
			return err
		},
		func() error {
			_, err := chromedp.Call(w.ctx, runtime.AddBinding, runtime.AddBindingParams{Name: "tellBench"})
			return err
		},
		func() error {
			_, err := chromedp.Call(w.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: probe})
			return err
		},
	} {
		if err := enable(); err != nil {
			return err
		}
	}
	return nil
}

// hear collects what the browser reports. It must not block.
func (w *window) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventBindingCalled:
		var t told
		if e.Name == "tellBench" && json.Unmarshal([]byte(e.Payload), &t) == nil {
			select {
			case w.told <- t:
			default: // nobody is measuring
			}
		}
	case *network.EventRequestWillBeSent:
		w.mu.Lock()
		w.requests[e.RequestID] = &request{url: e.Request.URL}
		w.mu.Unlock()
	case *network.EventRequestServedFromCache:
		w.note(e.RequestID, func(r *request) { r.cached = true })
	case *network.EventResponseReceived:
		w.note(e.RequestID, func(r *request) { r.cached = r.cached || e.Response.FromDiskCache })
	case *network.EventLoadingFinished:
		w.note(e.RequestID, func(r *request) { r.bytes = e.EncodedDataLength })
	}
}

func (w *window) note(id network.RequestID, what func(*request)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.requests[id]; r != nil {
		what(r)
	}
}

// traffic sums what came over the network from an origin since the visit began: all of it, and what came from early.
func (w *window) traffic(origin string, early []string) (all, before float64, requests int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.requests {
		if r.cached || !strings.HasPrefix(r.url, origin) {
			continue
		}
		all, requests = all+r.bytes, requests+1
		for _, url := range early {
			if url == r.url {
				before += r.bytes
				break
			}
		}
	}
	return all, before, requests
}

// forget begins a visit.
func (w *window) forget() {
	w.mu.Lock()
	w.requests = map[network.RequestID]*request{}
	w.mu.Unlock()
	for {
		select {
		case <-w.told:
		default:
			return
		}
	}
}

// evaluate runs a script in the page, not in its frames.
func evaluate[T any](w *window, script string) (T, error) {
	return chromedp.Run(w.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// conditions are a network and a processor slower than this machine's. The network's delay counts once for each request.
type conditions struct {
	delay time.Duration
	bits  float64 // a second
	slow  float64 // processor: 4 is four times slower
}

// slow4G are Lighthouse's figures for a slow phone.
var slow4G = conditions{delay: 562 * time.Millisecond, bits: 1.47e6, slow: 4}

// emulate slows down the processor, and the network for the tab's origins alone: the host's own requests are no matter of ours.
func (w *window) emulate(c conditions, origins ...string) error {
	if _, err := chromedp.Call(w.ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: max(1, c.slow)}); err != nil {
		return err
	}
	rules := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{}}
	for _, origin := range origins {
		if c.delay > 0 {
			rules.MatchedNetworkConditions = append(rules.MatchedNetworkConditions, &network.Conditions{
				URLPattern: origin + "/*", Latency: milliseconds(c.delay), DownloadThroughput: c.bits / 8, UploadThroughput: c.bits / 8,
			})
		}
	}
	_, err := chromedp.Call(w.ctx, network.EmulateNetworkConditionsByRule, rules)
	return err
}

// heap is the memory of all scripts of the page and its frames after collecting garbage, in bytes.
func (w *window) heap() (float64, error) {
	if _, err := chromedp.Call(w.ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		return 0, err
	}
	all, err := chromedp.Call(w.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, m := range all.Metrics {
		if m.Name == "JSHeapUsedSize" {
			return m.Value, nil
		}
	}
	return 0, errors.New("the browser does not tell the size of its heap")
}

// signOut forgets every cookie of the window.
func (w *window) signOut() error {
	_, err := chromedp.Call(w.ctx, network.ClearBrowserCookies, cdp.Empty{})
	return err
}

// emptied is a visit with nothing in the cache.
func (w *window) emptied(origin, address string) (visit, error) {
	if _, err := chromedp.Call(w.ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
		return visit{}, err
	}
	return w.visit(origin, w.lead(address))
}

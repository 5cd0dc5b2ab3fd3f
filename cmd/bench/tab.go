package main

import (
	"context"
	"fmt"
	"net/http"
)

// tabs is everything that is measured in the browser.
type tabs struct {
	*bench
	sandbox *sandbox
	browser context.Context
	home    string // the dashboard tab inside the Teams stand-in
	address string // the dashboard itself, as the host asks for it
	bare    *bareServer
}

// journeys measures T1-T7.
func (b *bench) journeys(ctx context.Context, s *sandbox) error {
	config, err := b.learn(ctx, s, newReader(s.App, s.App))
	if err != nil {
		return err
	}
	t := &tabs{bench: b, sandbox: s}
	if t.bare, _, err = startBare(ctx, b.self, config); err != nil {
		return err
	}
	defer t.bare.stop()
	seller, err := s.seller()
	if err != nil {
		return err
	}
	if t.home, err = s.tab(ctx, seller); err != nil {
		return err
	}
	browser, end, err := startChromium(ctx)
	if err != nil {
		return err
	}
	defer end()
	t.browser = browser
	for _, measure := range []func() error{t.firstVisits, t.repeatVisits} {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

// firstVisits measures T1 in profiles that were never here before.
func (t *tabs) firstVisits() error {
	var all, requests, early []float64
	for range min(3, t.rounds) { // bytes do not vary
		w, err := openWindow(t.browser)
		if err != nil {
			return err
		}
		first, err := w.visit(t.sandbox.App, w.open(t.home))
		if err != nil {
			w.close()
			return err
		}
		if t.address, err = evaluate[string](w, `document.querySelector('[data-testid=tab-frame]').src`); err != nil {
			w.close()
			return err
		}
		withSession, err := w.emptied(t.sandbox.App, t.address)
		w.close()
		if err != nil {
			return err
		}
		all, requests, early = append(all, first.bytes), append(requests, float64(first.requests)), append(early, withSession.early)
	}
	t.add(row{"T1", "first visit: bytes", "KB", kilobytes(median(all)), 0, atMost(60), atMost(90)})
	t.add(row{"T1", "first visit: requests", "", median(requests), 0, atMost(5), bound{}})
	t.add(row{"T1", "with a session, nothing cached: bytes before all tiles are shown", "KB", kilobytes(median(early)), 0, atMost(30), bound{}})
	return nil
}

// repeatVisits measures everything about people who were here before, each alternately with its floor.
func (t *tabs) repeatVisits() error {
	w, err := openWindow(t.browser)
	if err != nil {
		return err
	}
	defer w.close()
	if _, err := w.visit(t.sandbox.App, w.open(t.home)); err != nil {
		return err
	}
	stream := t.bare.origin + "/stream"
	if _, err := w.visit(t.bare.origin, w.lead(stream)); err != nil {
		return err
	}
	plain, err := t.alternately(w, conditions{}, t.address, stream, false)
	if err != nil {
		return err
	}
	t.add(row{"T1", "repeat visit: bytes", "KB", kilobytes(plain.ours(bytesOf)), kilobytes(plain.floor(bytesOf)), atMost(15), bound{}})
	t.add(row{"T1", "repeat visit: requests", "", plain.ours(requestsOf), plain.floor(requestsOf), atMost(1), bound{}})
	t.add(row{"T2", fmt.Sprintf("all %d tiles shown, %s upstream", plain.parts, upstreamDelay), "ms", plain.ours(shownOf), plain.floor(shownOf), timesFloor(1.3), atMost(250)})
	t.add(row{"T6", "JS heap of host page and tab", "MB", median(plain.ourHeap) / 1e6, median(plain.bareHeap) / 1e6, atMost(2.5), atMost(4)})

	phone, err := t.alternately(w, slow4G, t.address, stream, false)
	if err != nil {
		return err
	}
	t.add(row{"T3", "all tiles shown, Slow 4G, processor/4, with a session", "ms", phone.ours(shownOf), phone.floor(shownOf), atMost(1000), atMost(1400)})
	t.add(row{"T5", "main thread blocked, processor/4", "ms", phone.ours(blockedOf), phone.floor(blockedOf), atMost(80), atMost(150)})

	tokenFirst, err := t.alternately(w, slow4G, t.address, t.bare.origin+"/token-first", true)
	if err != nil {
		return err
	}
	t.add(row{"T4", "the same without a session, token first", "ms", tokenFirst.ours(shownOf), tokenFirst.floor(shownOf), atMost(1800), atMost(2200)})
	if err := w.emulate(conditions{}); err != nil {
		return err
	}
	return t.slowUpstream(w, stream)
}

// pair are visits to Pintab and to a bare page, taken alternately.
type pair struct {
	our, bare         []visit
	ourHeap, bareHeap []float64
	parts             int
}

func (t *tabs) alternately(w *window, c conditions, ours, bare string, signedOut bool) (*pair, error) {
	p := &pair{}
	if err := w.emulate(c, t.sandbox.App, t.bare.origin); err != nil {
		return nil, err
	}
	for range t.rounds {
		v, err := w.visit(t.bare.origin, w.lead(bare))
		if err != nil {
			return nil, err
		}
		heap, err := w.heap()
		if err != nil {
			return nil, err
		}
		p.bare, p.bareHeap = append(p.bare, v), append(p.bareHeap, heap)
		if signedOut {
			if err := w.signOut(); err != nil {
				return nil, err
			}
		}
		if v, err = w.visit(t.sandbox.App, w.lead(ours)); err != nil {
			return nil, err
		}
		if heap, err = w.heap(); err != nil {
			return nil, err
		}
		if signedOut {
			// A second silent sign-in before any page came by the first one's cookie would be taken for blocked cookies.
			if _, err := w.visit(t.sandbox.App, w.lead(ours)); err != nil {
				return nil, err
			}
		}
		p.our, p.ourHeap, p.parts = append(p.our, v), append(p.ourHeap, heap), v.parts
	}
	return p, nil
}

func (p *pair) ours(of func(visit) float64) float64  { return medianOf(p.our, of) }
func (p *pair) floor(of func(visit) float64) float64 { return medianOf(p.bare, of) }

func medianOf(visits []visit, of func(visit) float64) float64 {
	var values []float64
	for _, v := range visits {
		values = append(values, of(v))
	}
	return median(values)
}

func bytesOf(v visit) float64    { return v.bytes }
func requestsOf(v visit) float64 { return float64(v.requests) }
func shownOf(v visit) float64    { return v.shown }
func blockedOf(v visit) float64  { return v.blocked }

// slowUpstream measures T7: the frame of the page and its headings, when Dataverse takes three seconds.
func (t *tabs) slowUpstream(w *window, stream string) error {
	ctx := w.ctx
	if err := t.sandbox.control(ctx, http.MethodPost, "/_sandbox/faults", `{"path":"/api/","delay_ms":3000,"times":-1}`, nil); err != nil {
		return err
	}
	var ours, floor []float64
	for range t.rounds {
		bare, err := w.painted(t.bare.origin, w.lead(stream))
		if err != nil {
			return err
		}
		our, err := w.painted(t.sandbox.App, w.lead(t.address))
		if err != nil {
			return err
		}
		ours, floor = append(ours, our), append(floor, bare)
	}
	t.add(row{"T7", "first paint while Dataverse takes 3 s", "ms", median(ours), median(floor), atMost(100), atMost(2000)})
	return t.sandbox.control(ctx, http.MethodDelete, "/_sandbox/faults", "", nil)
}

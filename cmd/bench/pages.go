package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
)

// pagesARound is how many pages one round reads: enough that processor time, which is counted in hundredths of a second,
// is known to a few per cent.
const pagesARound = 100

// pages measures S1, the processor time that `pintab serve` itself takes for a dashboard, one page after the other. Its
// stand-ins run in another process and answer at once. The floor makes the very same calls and sends a page of the same size.
// What a page costs without its calls is measured by a benchmark of package web.
func (b *bench) pages(ctx context.Context, s *sandbox) error {
	serve, origin, _, err := startServe(ctx, b.program, s, filepath.Join(b.folder, "pages.db"))
	if err != nil {
		return err
	}
	defer serve.stop()
	if b.wants("P2") {
		if err := b.footprint(serve); err != nil {
			return err
		}
	}
	if !b.wants("S1") {
		return nil
	}
	ours := newReader(origin, s.App)
	config, err := b.learn(ctx, s, ours)
	if err != nil {
		return err
	}
	html, err := ours.plain(ctx, dashboardPath)
	if err != nil {
		return err
	}
	bare, _, err := startBare(ctx, b.self, config)
	if err != nil {
		return err
	}
	defer bare.stop()
	theirs := newReader(bare.origin, bare.origin)
	var whole, calls []float64
	for range b.rounds + 1 { // the first round warms up
		for _, m := range []struct {
			of   *child
			by   *reader
			path string
			into *[]float64
		}{{serve, ours, dashboardPath, &whole}, {bare.child, theirs, "/calls?bytes=" + strconv.Itoa(html), &calls}} {
			cost, err := cpuPerPage(ctx, m.of, m.by, m.path)
			if err != nil {
				return err
			}
			*m.into = append(*m.into, cost)
		}
	}
	what := fmt.Sprintf("page of %.0f KB HTML and its %d calls: processor time of serve", kilobytes(float64(html)), len(config.Calls))
	b.add(row{"S1", what, "µs", median(whole[1:]), median(calls[1:]), timesFloor(2), timesFloor(4)})
	return nil
}

func cpuPerPage(ctx context.Context, of *child, by *reader, path string) (float64, error) {
	before, err := of.cpu()
	if err != nil {
		return 0, err
	}
	for range pagesARound {
		if _, err := by.page(ctx, path); err != nil {
			return 0, err
		}
	}
	after, err := of.cpu()
	return float64((after - before).Microseconds()) / pagesARound, err
}

// learn signs the seller in at Pintab, warms its caches and learns from the Dataverse stand-in which calls a page takes.
func (b *bench) learn(ctx context.Context, s *sandbox, at *reader) (bareConfig, error) {
	seller, err := s.seller()
	if err != nil {
		return bareConfig{}, err
	}
	token, err := s.token(ctx, seller, s.SSOScope)
	if err != nil {
		return bareConfig{}, err
	}
	if err := at.signIn(ctx, token); err != nil {
		return bareConfig{}, err
	}
	if _, err := at.page(ctx, dashboardPath); err != nil {
		return bareConfig{}, err
	}
	if err := s.forgetRequests(ctx); err != nil {
		return bareConfig{}, err
	}
	if _, err := at.page(ctx, dashboardPath); err != nil {
		return bareConfig{}, err
	}
	config := bareConfig{Dataverse: s.Dataverse}
	if config.Calls, err = s.requests(ctx); err != nil {
		return bareConfig{}, err
	}
	for _, o := range s.Organizations {
		if len(config.Calls) > 0 && strings.HasPrefix(s.Dataverse+config.Calls[0].Address, o.URL+"/") {
			config.Token, err = s.token(ctx, seller, o.URL+"/.default")
			return config, err
		}
	}
	return bareConfig{}, fmt.Errorf("a dashboard makes no call to an organization: %v", config.Calls)
}

const requestsPath = "/_sandbox/requests"

func (s *sandbox) forgetRequests(ctx context.Context) error {
	return s.control(ctx, http.MethodDelete, requestsPath, "", nil)
}

func (s *sandbox) requests(ctx context.Context) (all []upstreamCall, err error) {
	err = s.control(ctx, http.MethodGet, requestsPath, "", &all)
	return all, err
}

// control speaks to the Dataverse stand-in about itself.
func (s *sandbox) control(ctx context.Context, method, path, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, s.Dataverse+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s answered %s", method, path, answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

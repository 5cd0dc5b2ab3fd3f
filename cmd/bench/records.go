package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// records measures R1 to R4: what record pages, list pages and saves take of `pintab serve`, how often one after the other they
// ask Dataverse, and how much comes over the network.
func (b *bench) records(ctx context.Context, s *sandbox) error {
	serve, origin, _, err := startServe(ctx, b.program, s, filepath.Join(b.folder, "records.db"))
	if err != nil {
		return err
	}
	defer serve.stop()
	at := newReader(origin, s.App)
	if _, err := b.learn(ctx, s, at); err != nil {
		return err
	}
	q := url.Values{"org": {s.organization("harbor-sales")}, "table": {"opportunity"}}
	list := "/tab/view?" + q.Encode()
	text, err := at.text(ctx, http.MethodGet, list, "")
	if err != nil {
		return err
	}
	link := recordHref.FindStringSubmatch(text)
	if link == nil {
		return errors.New("the list of opportunities leads to no record")
	}
	record := html.UnescapeString(link[1])
	for _, p := range []struct{ what, path string }{{"record page", record}, {"list page", list}} {
		if err := b.pageOf(ctx, s, serve, at, p.what, p.path); err != nil {
			return err
		}
	}
	if err := b.saves(ctx, s, serve, at, record); err != nil {
		return err
	}
	if err := b.roundTrips(ctx, s, at, record, list); err != nil {
		return err
	}
	return b.weights(ctx, s, origin, record)
}

var recordHref = regexp.MustCompile(`href="(/tab/record\?[^"]+)"`)

func (s *sandbox) organization(name string) string {
	for _, o := range s.Organizations {
		if o.Name == name {
			return o.URL
		}
	}
	return ""
}

// pageOf measures R1 for one page: the floor makes the very same calls and sends the very same bytes in the same codec.
func (b *bench) pageOf(ctx context.Context, s *sandbox, serve *child, at *reader, what, path string) error {
	config, err := b.callsOf(ctx, s, func() error { _, err := at.page(ctx, path); return err })
	if err != nil {
		return err
	}
	if config.Page, err = at.text(ctx, http.MethodGet, path, ""); err != nil {
		return err
	}
	whole, calls, err := b.beside(ctx, serve, config, func() (float64, error) { return cpuPerPage(ctx, serve, at, path) })
	if err != nil {
		return err
	}
	b.add(row{"R1", fmt.Sprintf("%s of %.0f KB HTML and its %d calls: processor time of serve", what, kilobytes(float64(len(config.Page))), len(config.Calls)), "µs", whole, calls, timesFloor(2), timesFloor(4)})
	return nil
}

// callsOf learns which calls something takes, the second time.
func (b *bench) callsOf(ctx context.Context, s *sandbox, does func() error) (bareConfig, error) {
	if err := does(); err != nil {
		return bareConfig{}, err
	}
	if err := s.forgetRequests(ctx); err != nil {
		return bareConfig{}, err
	}
	if err := does(); err != nil {
		return bareConfig{}, err
	}
	config := bareConfig{Dataverse: s.Dataverse}
	var err error
	if config.Calls, err = s.requests(ctx); err != nil {
		return config, err
	}
	seller, err := s.seller()
	if err == nil {
		config.Token, err = s.token(ctx, seller, s.organization("harbor-sales")+"/.default")
	}
	return config, err
}

// beside measures something alternately with a floor server that makes the same calls and sends the same page.
func (b *bench) beside(ctx context.Context, serve *child, config bareConfig, ours func() (float64, error)) (whole, calls float64, err error) {
	bare, _, err := startBare(ctx, b.self, config)
	if err != nil {
		return 0, 0, err
	}
	defer bare.stop()
	theirs := newReader(bare.origin, bare.origin)
	var all, floor []float64
	for range b.rounds + 1 { // the first round warms up
		cost, err := ours()
		if err != nil {
			return 0, 0, err
		}
		all = append(all, cost)
		if cost, err = cpuPerPage(ctx, bare.child, theirs, "/page"); err != nil {
			return 0, 0, err
		}
		floor = append(floor, cost)
	}
	return median(all[1:]), median(floor[1:]), nil
}

var formToken = regexp.MustCompile(`name="_form" value="([^"]+)"`)

// saves measures R2: changing one field and drawing the record afterwards, as script asks for it.
func (b *bench) saves(ctx context.Context, s *sandbox, serve *child, at *reader, record string) error {
	address, err := url.Parse(record)
	if err != nil {
		return err
	}
	panel := "/tab/record/panel?" + address.RawQuery + "&edit=1"
	post := record + "&panel=1"
	turn := 0
	save := func() (answer string, err error) {
		page, err := at.text(ctx, http.MethodGet, panel, "")
		if err != nil {
			return "", err
		}
		token := formToken.FindStringSubmatch(page)
		if token == nil {
			return "", errors.New("the form of a record has no token")
		}
		turn++
		answer, _, err = at.weighed(ctx, http.MethodPost, post, url.Values{"_form": {html.UnescapeString(token[1])}, "name": {"Measured " + strconv.Itoa(turn)}}.Encode())
		if err == nil && !strings.Contains(answer, `data-testid="receipt"`) {
			err = errors.New("a save has no receipt")
		}
		return answer, err
	}
	said := ""
	config, err := b.callsOf(ctx, s, func() (err error) { said, err = save(); return err })
	if err != nil {
		return err
	}
	// The form is asked for first, as it is in the browser; its calls are part of neither side.
	config.Calls = config.Calls[slices.IndexFunc(config.Calls, func(c upstreamCall) bool { return c.Method != http.MethodGet }):]
	config.Page = said
	whole, floor, err := b.beside(ctx, serve, config, func() (float64, error) { return b.cpuPerSave(ctx, serve, at, panel, save) })
	if err != nil {
		return err
	}
	b.add(row{"R2", fmt.Sprintf("save of one field, its %d calls and %.0f KB HTML", len(config.Calls), kilobytes(float64(len(said)))), "µs", whole, floor, timesFloor(2), timesFloor(4)})
	return nil
}

// cpuPerSave is what a save takes without the form that is asked for before.
func (b *bench) cpuPerSave(ctx context.Context, of *child, at *reader, panel string, save func() (string, error)) (float64, error) {
	const saves = 50
	before, err := of.cpu()
	if err != nil {
		return 0, err
	}
	for range saves {
		if _, err := save(); err != nil {
			return 0, err
		}
	}
	between, err := of.cpu()
	if err != nil {
		return 0, err
	}
	for range saves {
		if _, err := at.text(ctx, http.MethodGet, panel, ""); err != nil {
			return 0, err
		}
	}
	after, err := of.cpu()
	return float64(((between - before) - (after - between)).Microseconds()) / saves, err
}

// roundTrips measures R3: how often a warm page waits for Dataverse one time after the other, by how much longer it takes when every
// answer is late.
func (b *bench) roundTrips(ctx context.Context, s *sandbox, at *reader, record, list string) error {
	const late = 500 * time.Millisecond
	for _, p := range []struct {
		what, path string
		goal       float64
	}{{"warm record page: upstream round trips", record, 2}, {"warm list page: upstream round trips", list, 1}} {
		var least time.Duration
		for range min(3, b.rounds) {
			if _, err := at.page(ctx, p.path); err != nil { // what is cached for a minute is there
				return err
			}
			if err := s.control(ctx, http.MethodPost, "/_sandbox/faults", fmt.Sprintf(`{"path":"/api/","delay_ms":%d,"times":-1}`, late.Milliseconds()), nil); err != nil {
				return err
			}
			started := time.Now()
			if _, err := at.page(ctx, p.path); err != nil {
				return err
			}
			if took := time.Since(started); least == 0 || took < least {
				least = took
			}
			if err := s.control(ctx, http.MethodDelete, "/_sandbox/faults", "", nil); err != nil {
				return err
			}
		}
		b.add(row{"R3", p.what, "", float64(least / late), 0, atMost(p.goal), bound{}})
	}
	return nil
}

var staticHref = regexp.MustCompile(`(?:src|href)="(/static/[^"#]+)`)

// weights measures R4: bytes of answers with their headers, straight to a record. Somebody new gets the page that signs in, the
// record and its scripts and stylesheets; whoever comes back, the record alone.
func (b *bench) weights(ctx context.Context, s *sandbox, origin, record string) error {
	seller, err := s.seller()
	if err != nil {
		return err
	}
	token, err := s.token(ctx, seller, s.SSOScope)
	if err != nil {
		return err
	}
	fresh := newReader(origin, s.App)
	shell, all, err := fresh.weighed(ctx, http.MethodGet, record, "")
	if err != nil {
		return err
	}
	page, size, err := fresh.weighed(ctx, http.MethodPost, "/auth/teams", url.Values{"token": {token}, "next": {record}}.Encode())
	if err != nil {
		return err
	}
	all += size
	requests := 2
	seen := map[string]bool{}
	for _, found := range staticHref.FindAllStringSubmatch(shell+page, -1) {
		if seen[found[1]] {
			continue
		}
		seen[found[1]] = true
		_, size, err := fresh.weighed(ctx, http.MethodGet, found[1], "")
		if err != nil {
			return err
		}
		all, requests = all+size, requests+1
	}
	again := newReader(origin, s.App)
	if err := again.signIn(ctx, token); err != nil {
		return err
	}
	_, repeat, err := again.weighed(ctx, http.MethodGet, record, "")
	if err != nil {
		return err
	}
	b.add(row{"R4", "first visit, straight to a record: bytes", "KB", kilobytes(float64(all)), 0, atMost(60), atMost(90)})
	b.add(row{"R4", "first visit, straight to a record: requests", "", float64(requests), 0, atMost(5), bound{}})
	b.add(row{"R4", "repeat visit to a record: bytes", "KB", kilobytes(float64(repeat)), 0, atMost(15), bound{}})
	return nil
}

// text reads a page as it is without compression.
func (r *reader) text(ctx context.Context, method, path, body string) (string, error) {
	bare := *r
	bare.encoding = "identity"
	text, _, err := bare.weighed(ctx, method, path, body)
	return text, err
}

// weighed reads an answer, without compression too, and gives what came over the network with its headers.
func (r *reader) weighed(ctx context.Context, method, path, body string) (text string, size int, err error) {
	answer, content, err := r.send(ctx, method, path, body)
	if err != nil {
		return "", 0, err
	}
	if answer.StatusCode != http.StatusOK {
		return "", 0, fmt.Errorf("%s answered %s", path, answer.Status)
	}
	head, err := httputil.DumpResponse(answer, false)
	if err != nil {
		return "", 0, err
	}
	decoded, err := decoded(answer.Header.Get("Content-Encoding"), content)
	return string(decoded), len(head) + len(content), err
}

// decoded undoes a content coding.
func decoded(coding string, content []byte) ([]byte, error) {
	var from io.Reader = bytes.NewReader(content)
	switch coding {
	case "br":
		from = brotli.NewReader(from)
	case "zstd":
		z, err := zstd.NewReader(from)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		from = z
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, err
		}
		from = z
	}
	return io.ReadAll(from)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/manifest"
)

// visit is one loading of a tab, in milliseconds from the beginning of its first navigation.
type visit struct {
	paint, shown, blocked float64
	parts                 int
	bytes, early          float64
	requests              int
}

// patience is how long a page may take to settle.
const patience = 40 * time.Second

// visit does something that loads a tab of an origin and waits until its dashboard has settled.
func (w *window) visit(origin string, load func() error) (visit, error) {
	w.forget()
	if err := load(); err != nil {
		return visit{}, err
	}
	end := time.After(patience)
	began := 0.0
	for {
		select {
		case t := <-w.told:
			if !strings.HasPrefix(t.URL, origin) {
				continue
			}
			if began == 0 {
				began = t.Origin
			}
			if t.Kind != "settled" || t.Parts == 0 {
				continue
			}
			v := visit{paint: t.Origin + t.Paint - began, shown: t.Origin + t.Shown - began, blocked: t.Blocked, parts: t.Parts}
			v.bytes, v.early, v.requests = w.traffic(origin, append(t.Early, t.URL))
			return v, nil
		case <-end:
			return visit{}, fmt.Errorf("no dashboard from %s within %s", origin, patience)
		}
	}
}

// painted does something that loads a tab and waits for its first paint alone.
func (w *window) painted(origin string, load func() error) (float64, error) {
	w.forget()
	if err := load(); err != nil {
		return 0, err
	}
	end := time.After(patience)
	for {
		select {
		case t := <-w.told:
			if t.Kind == "painted" && strings.HasPrefix(t.URL, origin) {
				return t.Paint, nil
			}
		case <-end:
			return 0, fmt.Errorf("nothing painted by %s within %s", origin, patience)
		}
	}
}

// lead sends the tab's frame to an address, whose host page then stays as it is.
func (w *window) lead(address string) func() error {
	return func() error {
		ok, err := evaluate[bool](w, fmt.Sprintf(`(f => { if (f) f.src = %q; return Boolean(f) })(document.querySelector('[data-testid=tab-frame]'))`, address))
		if err == nil && !ok {
			err = errors.New("the Teams stand-in shows no tab")
		}
		return err
	}
}

func (w *window) open(address string) func() error {
	return func() error { return chromedp.Do(w.ctx, chromedp.Navigate(address)) }
}

// tab installs Pintab for somebody in the Teams stand-in and gives the address of its dashboard there.
func (s *sandbox) tab(ctx context.Context, p person) (string, error) {
	query := "?" + url.Values{"person": {p.Username}}.Encode()
	store, err := s.host(ctx, http.MethodGet, "/store"+query, "")
	if err != nil {
		return "", err
	}
	app := regexp.MustCompile(`/store/([0-9a-f-]{36})`).FindStringSubmatch(store)
	if app == nil {
		return "", errors.New("the Teams stand-in offers no app")
	}
	_, err = s.host(ctx, http.MethodPost, "/store/"+app[1]+"/install"+query, url.Values{"for": {"me"}, "yes": {"on"}}.Encode())
	return s.Teams + "/app/" + app[1] + "/" + manifest.EntityDashboard + query, err
}

func (s *sandbox) host(ctx context.Context, method, path, body string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.Teams+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered %s", path, answer.Status)
	}
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// take opens a window for the person, shows what the picture is of, and saves it.
func (s shot) take(chrome *browser.Browser) error {
	if err := ready(); err != nil {
		return err
	}
	w, err := chrome.Window(s.width, s.height)
	if err != nil {
		return err
	}
	defer w.Close()
	if s.path != "" {
		err = w.Open(s.address(s.path))
	} else {
		err = s.dashboard(w)
	}
	if err != nil {
		return err
	}
	png, err := w.Screenshot()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.target()), 0o755); err != nil {
		return err
	}
	return os.WriteFile(s.target(), png, 0o644)
}

// dashboard installs Pintab and opens My Dashboard until every part is there.
func (s shot) dashboard(w *browser.Window) error {
	if err := w.Open(s.address("/store?q=dynamics")); err != nil {
		return err
	}
	if err := w.Click(`[data-testid="tile"] a, a[data-testid="tile"]`); err != nil {
		return err
	}
	if err := w.Has(`[data-testid="app-for-you"]`, patience); err != nil {
		return err
	}
	const install = `[data-testid="app-for-you"] [data-install] button`
	fresh, err := browser.Evaluate[bool](&w.Page, "!!document.querySelector('"+install+"')")
	if err != nil {
		return err
	}
	if fresh {
		if err := w.Click(install); err != nil {
			return err
		}
	}
	if err := w.Click(`[data-testid="feature-tabs"] a`); err != nil {
		return err
	}
	page, err := w.Frame(app, patience)
	if err != nil {
		return err
	}
	if err := page.Has(`[data-testid="board"], [data-testid="state"]`, patience); err != nil {
		return err
	}
	return page.Wait(`document.readyState === 'complete' && document.querySelector('script[src]')`, patience)
}

// address is a page of the Teams stand-in for this person, theme and width.
func (s shot) address(path string) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	size, locale := s.size, s.locale
	if size == "" {
		size = "desktop"
	}
	if locale == "" {
		locale = "en-US"
	}
	return teams + path + mark + "person=" + s.person + "&theme=" + s.theme + "&size=" + size + "&locale=" + locale
}

// ready waits for the sandbox.
func ready() error {
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get(app + "/readyz")
		if last = err; err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return last
}

package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A frame of another site is reached, its console is heard, and shadow trees are looked into.
func TestFramesAndConsole(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>inner</title><div id="host"><template shadowrootmode="open"><b id="deep">found</b></template></div><script>console.error("inner complains")</script>`))
	}))
	defer inner.Close()
	frame := strings.Replace(inner.URL, "127.0.0.1", "localhost", 1)
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>outer</title><iframe src="` + frame + `"></iframe>`))
	}))
	defer outer.Close()

	b, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Window(800, 600)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Open(outer.URL); err != nil {
		t.Fatal(err)
	}
	page, err := w.Frame(frame, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := page.Text("#deep"); err != nil || text != "found" {
		t.Errorf("%q %v", text, err)
	}
	if _, err := Evaluate[int](page, `console.error("again"), 1`); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.Problems(), "\n"); !strings.Contains(got, "again") {
		t.Errorf("console: %q", got)
	}
}

package static

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func get(t *testing.T, method, path, accepted string) *http.Response {
	t.Helper()
	server := httptest.NewServer(Handler())
	t.Cleanup(server.Close)
	request, err := http.NewRequest(method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", accepted)
	response, err := server.Client().Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func unpacked(t *testing.T, r *http.Response) []byte {
	t.Helper()
	var body io.Reader = r.Body
	var err error
	switch r.Header.Get("Content-Encoding") {
	case "br":
		body = brotli.NewReader(r.Body)
	case "zstd":
		body, err = zstd.NewReader(r.Body)
	case "gzip":
		body, err = gzip.NewReader(r.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Every variant is the same file, and each client gets the smallest that it can read.
func TestTheSmallestVariantIsServed(t *testing.T) {
	plain, err := os.ReadFile("dist" + strings.TrimPrefix(URL("tab.js"), "/static"))
	if err != nil {
		t.Fatal(err)
	}
	for accepted, want := range map[string]string{
		"gzip, deflate, br, zstd": "br", "zstd, gzip": "zstd", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip", "*": "br", "*;q=0": "", "br;q=nonsense": "", "BR": "br", "identity": "",
	} {
		r := get(t, http.MethodGet, URL("tab.js"), accepted)
		if got := r.Header.Get("Content-Encoding"); got != want || r.StatusCode != http.StatusOK {
			t.Errorf("%q gets %q, status %d", accepted, got, r.StatusCode)
		}
		if !bytes.Equal(unpacked(t, r), plain) {
			t.Errorf("%q gets another file", accepted)
		}
		if r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.Header.Get("Vary") != "Accept-Encoding" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") {
			t.Error(r.Header)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, path := range []string{"/static/", "/static/tab.js", "/static/page.css", "/static/../static.go", "/static/tab-0000000000.js", "/tab.js", "/static/teams-js.LICENSE.txt"} {
		if r := get(t, http.MethodGet, path, "br"); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if r := get(t, http.MethodPost, URL("tab.js"), ""); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") == "" {
		t.Error(r.Status)
	}
	r := get(t, http.MethodHead, URL("tab.js"), "")
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) != 0 || r.StatusCode != http.StatusOK || r.ContentLength < 1000 {
		t.Error(r.Status, r.ContentLength, len(body), err)
	}
}

func TestAnUnknownNameIsADefect(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an address for a file that does not exist")
		}
	}()
	URL("nothing.js")
}

// Scripts and stylesheets are written into elements as they are, so nothing in them may end the element.
func TestInlinedTextsEndNoElement(t *testing.T) {
	for name, text := range map[string]string{"page": PageCSS(), "charts": ChartCSS(), "shell": ShellCSS(), "skeleton": SkeletonCSS(), "board": BoardCSS(), "sign-in": SignInJS(), "hand-off": HandOffJS(), "settings": SettingsCSS(), "settings script": SettingsJS()} {
		lower := strings.ToLower(text)
		if text == "" || strings.Contains(lower, "</s") || strings.Contains(lower, "<!--") {
			t.Errorf("%s cannot be inlined", name)
		}
	}
	for _, css := range []string{PageCSS(), ShellCSS(), BoardCSS()} {
		if strings.Contains(css, "http") || strings.Contains(css, "@import") {
			t.Error("a stylesheet loads something")
		}
	}
}

// TeamsJS would fetch a list from a public address as soon as it loads, which the policy refuses with a noise.
func TestNoScriptFetchesFromElsewhere(t *testing.T) {
	tab, err := os.ReadFile("dist" + strings.TrimPrefix(URL("tab.js"), "/static"))
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`[^.\w"'` + "`" + `]fetch\(`)
	for name, text := range map[string]string{"tab": string(tab), "sign-in": SignInJS(), "hand-off": HandOffJS()} {
		if at := bare.FindString(text); at != "" {
			t.Errorf("%s calls fetch itself: %q", name, at)
		}
		if !strings.Contains(text, "teams.microsoft.com") {
			t.Errorf("%s has no TeamsJS in it", name)
		}
	}
}

func TestTheStylesheetIsSmall(t *testing.T) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	_, _ = w.Write([]byte(PageCSS()))
	_ = w.Close()
	if out.Len() > 6000 {
		t.Errorf("%d bytes", out.Len())
	}
}

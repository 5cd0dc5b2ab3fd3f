package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/static"
)

func TestTheCodingIsOneTheClientAccepts(t *testing.T) {
	for header, want := range map[string]string{
		"":                           "",
		"gzip, deflate, br, zstd":    "br",
		"gzip, deflate, br":          "br",
		"gzip":                       "gzip",
		"GZIP;q=0.5":                 "gzip",
		"zstd;q=0, br;q=0.0, gzip":   "gzip",
		"zstd; q=0 , br ; q=1":       "br",
		"*":                          "br",
		"*;q=0":                      "",
		"zstd;q=0, *":                "br",
		"identity":                   "",
		"deflate":                    "",
		"xzstd, brotli":              "",
		strings.Repeat("br, ", 1000): "",
	} {
		got := ""
		if c := accepted(header); c != nil {
			got = c.name
		}
		if got != want {
			t.Errorf("%.40q: %q, want %q", header, got, want)
		}
	}
}

// decoded opens a stream of a coding.
func decoded(t testing.TB, name string, r io.Reader) io.Reader {
	t.Helper()
	switch name {
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(d.Close)
		return d
	case "br":
		return brotli.NewReader(r)
	case "gzip":
		d, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return r
}

// through serves one handler behind the compression alone.
func through(t *testing.T, handler echo.HandlerFunc) *httptest.Server {
	t.Helper()
	e := echo.New()
	s := &Server{}
	e.Use(s.compressed)
	e.Any("/", handler)
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return srv
}

func fetch(t *testing.T, address, coding string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), vain)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", coding)
	res, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

// What has been flushed is readable at the client before the handler writes anything more.
func TestAFlushReachesTheClientThroughEveryCoding(t *testing.T) {
	for _, coding := range []string{"zstd", "br", "gzip", "identity"} {
		t.Run(coding, func(t *testing.T) {
			read := make(chan struct{})
			srv := through(t, func(c echo.Context) error {
				c.Response().Header().Set("Content-Type", "text/html; charset=UTF-8")
				for _, piece := range []string{"<p>first</p>", "<p>second</p>"} {
					io.WriteString(c.Response(), piece)
					c.Response().Flush()
					select {
					case <-read:
					case <-c.Request().Context().Done():
						return nil
					}
				}
				return nil
			})
			res := fetch(t, srv.URL, coding)
			if got := res.Header.Get("Content-Encoding"); got != strings.ReplaceAll(coding, "identity", "") {
				t.Fatal("coding", got)
			}
			if res.Header.Get("Vary") != "Accept-Encoding" {
				t.Error("Vary", res.Header.Get("Vary"))
			}
			stream := decoded(t, coding, res.Body)
			for _, want := range []string{"<p>first</p>", "<p>second</p>"} {
				got := make([]byte, len(want))
				if _, err := io.ReadFull(stream, got); err != nil || string(got) != want {
					t.Fatalf("%q %v", got, err)
				}
				read <- struct{}{}
			}
			if rest, err := io.ReadAll(stream); err != nil || len(rest) != 0 {
				t.Errorf("%q %v", rest, err)
			}
		})
	}
}

func TestOnlyTextIsCompressed(t *testing.T) {
	for kind, compressed := range map[string]bool{"text/html; charset=UTF-8": true, "application/json": true, "text/plain": true, "image/png": false, "application/zip": false, "": false} {
		srv := through(t, func(c echo.Context) error {
			c.Response().Header()["Content-Type"] = []string{kind}
			c.Response().Header().Set("Content-Length", "4000")
			_, err := c.Response().Write(bytes.Repeat([]byte("text"), 1000))
			return err
		})
		res := fetch(t, srv.URL, "br, gzip")
		if got := res.Header.Get("Content-Encoding") != ""; got != compressed {
			t.Errorf("%q: %t", kind, got)
		}
		body, err := io.ReadAll(decoded(t, res.Header.Get("Content-Encoding"), res.Body))
		if err != nil || len(body) != 4000 {
			t.Errorf("%q: %d bytes, %v", kind, len(body), err)
		}
	}
}

func TestWhatIsCompressedAlreadyIsLeftAlone(t *testing.T) {
	srv := through(t, func(c echo.Context) error {
		c.Response().Header().Set("Content-Encoding", "br")
		return c.HTMLBlob(http.StatusOK, []byte("as it is"))
	})
	body, _ := io.ReadAll(fetch(t, srv.URL, "zstd").Body)
	if string(body) != "as it is" {
		t.Errorf("%q", body)
	}
}

// Half a page never looks like a whole one, in any coding.
func TestAnAnswerCutShortIsAnErrorAtTheClient(t *testing.T) {
	for _, coding := range []string{"zstd", "br", "gzip", "identity"} {
		srv := through(t, func(c echo.Context) error {
			c.Response().Header().Set("Content-Type", "text/html")
			io.WriteString(c.Response(), "half")
			c.Response().Flush()
			panic(http.ErrAbortHandler)
		})
		if _, err := io.ReadAll(decoded(t, coding, fetch(t, srv.URL, coding).Body)); err == nil {
			t.Error(coding, "looks whole")
		}
	}
}

// Encoders are used again, by many at once, and never mix up whose text is whose.
func TestEncodersAreSharedSafely(t *testing.T) {
	srv := through(t, func(c echo.Context) error {
		return c.HTML(http.StatusOK, strings.Repeat(c.QueryParam("who")+" ", 3000))
	})
	done := make(chan error, 12)
	for i := range 12 {
		who := strings.Repeat(string(rune('a'+i)), 5)
		coding := []string{"zstd", "br", "gzip"}[i%3]
		res := fetch(t, srv.URL+"/?who="+who, coding)
		stream := decoded(t, coding, res.Body)
		go func() {
			body, err := io.ReadAll(stream)
			if err == nil && strings.ReplaceAll(string(body), who+" ", "") != "" {
				err = io.ErrUnexpectedEOF
			}
			done <- err
		}()
	}
	for range 12 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// Files come as they were built: compressed ahead of time, once, and kept for ever under a name that changes with them.
func TestFilesAreServedAsTheyWereBuilt(t *testing.T) {
	at := start(t)
	for _, coding := range []string{"br", "gzip", "identity", "zstd"} {
		page, res := at.browser(false).open(static.URL("tab.js"), coding)
		if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || strings.Contains(got, "no-store") {
			t.Error(coding, got)
		}
		if got := res.Header.Get("Content-Encoding"); got != "" && got != coding {
			t.Fatal(coding, "was answered with", got)
		} else if got == "" {
			page.stream = res.Body
		}
		if script, err := io.ReadAll(page.stream); err != nil || !strings.Contains(string(script), "addEventListener") {
			t.Error(coding, len(script), err)
		}
	}
	at.browser(false).get("/static/../go.mod").wantStatus(http.StatusNotFound)
}

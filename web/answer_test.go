package web

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// One request fails with a reference to the log, and the process lives.
func TestAPanicIsAPageWithAReference(t *testing.T) {
	at := start(t)
	at.echo.GET("/boom", func(c echo.Context) error { panic("secret-canary") })
	at.echo.GET("/out-of-range", func(c echo.Context) error { return c.String(200, string("x"[len(c.Path())])) })
	b := at.browser(false)
	for _, address := range []string{"/boom", "/out-of-range"} {
		p := b.get(address).wantStatus(http.StatusInternalServerError)
		reference := p.Header.Get("X-Request-Id")
		if len(reference) != 16 || !strings.Contains(p.wantOne(`[data-testid="state"]`).Text(), reference) {
			t.Error("the page does not give the reference", reference)
		}
		if !strings.Contains(at.log.text(), reference) || !strings.Contains(at.log.text(), "answer_test.go") {
			t.Error("the log does not say where")
		}
		if strings.Contains(p.body+at.log.text(), "secret-canary") {
			t.Error("the words of the panic got out")
		}
	}
	b.get("/healthz").wantStatus(http.StatusOK)
}

// What fails after half a page has gone out breaks the connection, so that nobody takes the half for a whole.
func TestAFailureInTheMiddleBreaksTheConnection(t *testing.T) {
	at := start(t)
	half := func(c echo.Context) {
		c.Response().Header().Set("Content-Type", "text/html")
		io.WriteString(c.Response(), "<p>half")
		c.Response().Flush()
	}
	at.echo.GET("/panic", func(c echo.Context) error { half(c); panic("late") })
	at.echo.GET("/error", func(c echo.Context) error { half(c); return errors.New("late") })
	b := at.browser(false)
	for _, address := range []string{"/panic", "/error"} {
		for _, coding := range []string{"identity", "zstd"} {
			page, _ := b.open(address, coding)
			page.until("half")
			if rest, err := io.ReadAll(page.stream); err == nil {
				t.Errorf("%s looks whole: %q", address, rest)
			}
		}
	}
	b.get("/healthz").wantStatus(http.StatusOK)
}

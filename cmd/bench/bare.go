package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
)

// bareMode is the argument that makes this program a floor server.
const bareMode = "bare-server"

// bareConfig is what a floor server is told on its standard input.
type bareConfig struct {
	Port      int
	Dataverse string // origin
	Token     string // for the organization
	Calls     []upstreamCall
	Page      string // what /page answers once the calls are made
}

// upstreamCall is a request that Pintab made, as the Dataverse stand-in tells it.
type upstreamCall struct {
	Method      string `json:"method"`
	Address     string `json:"address"`
	Accept      string `json:"accept"`
	Prefer      string `json:"prefer"`
	ContentType string `json:"content_type"`
	Body        string `json:"body"`
}

// bareServer is a running floor server.
type bareServer struct {
	*child
	origin string
}

// startBare starts this very program as a floor server, so that its processor time is its own.
func startBare(ctx context.Context, self string, config bareConfig) (*bareServer, time.Duration, error) {
	var err error
	if config.Port, err = freePorts(1); err != nil {
		return nil, 0, err
	}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, 0, err
	}
	started := time.Now()
	c, err := startChild(ctx, "floor server", nil, strings.NewReader(string(text)), self, bareMode)
	if err != nil {
		return nil, 0, err
	}
	s := &bareServer{child: c, origin: fmt.Sprintf("http://localhost:%d", config.Port)}
	if err := c.ready(ctx, s.origin+"/readyz"); err != nil {
		c.stop()
		return nil, 0, err
	}
	return s, time.Since(started), nil
}

// serveBare is the floor server: bare pages, nothing of Pintab's.
func serveBare() error {
	var config bareConfig
	if err := json.NewDecoder(os.Stdin).Decode(&config); err != nil {
		return err
	}
	upstream := &upstream{config: config, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/readyz", func(c echo.Context) error { return c.String(http.StatusOK, "ready\n") })
	e.GET("/calls", upstream.templPage)
	e.GET("/page", upstream.samePage)
	e.GET("/stream", upstream.streamPage)
	e.POST("/stream", upstream.streamPage)
	e.GET("/token-first", tokenFirstPage)
	return e.Start(fmt.Sprintf("localhost:%d", config.Port))
}

// upstream makes the calls.
type upstream struct {
	config bareConfig
	http   *http.Client
}

// tile is one answer as rows of text.
type tile struct {
	Name string
	Rows [][]string
}

// tiles makes all calls at once and yields what they answer in the order in which the answers come.
func (u *upstream) tiles(ctx context.Context) (<-chan tile, <-chan error) {
	done, failed := make(chan tile, len(u.config.Calls)), make(chan error, len(u.config.Calls))
	for i, call := range u.config.Calls {
		go func() {
			rows, err := u.ask(ctx, call)
			if err != nil {
				failed <- err
				return
			}
			done <- tile{Name: "Tile " + strconv.Itoa(i+1), Rows: rows}
		}()
	}
	return done, failed
}

func (u *upstream) ask(ctx context.Context, call upstreamCall) ([][]string, error) {
	r, err := http.NewRequestWithContext(ctx, call.Method, u.config.Dataverse+call.Address, strings.NewReader(call.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+u.config.Token)
	for name, value := range map[string]string{"Accept": call.Accept, "Prefer": call.Prefer, "Content-Type": call.ContentType} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	answer, err := u.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(call.Address + " answered " + answer.Status)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || call.ContentType != "" {
		return nil, err // the answer of a batch is taken as it is
	}
	return rowsOf(body)
}

// rowsOf reads up to ten rows of up to five columns.
func rowsOf(body []byte) ([][]string, error) {
	var page struct {
		Value []map[string]any `json:"value"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return nil, err
	}
	var rows [][]string
	for _, record := range page.Value[:min(10, len(page.Value))] {
		var row []string
		for name, value := range record {
			if len(row) < 5 && !strings.HasPrefix(name, "@") {
				row = append(row, fmt.Sprint(value))
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// templPage makes the calls and answers a page of as many bytes as the address asks for, made by templ and brotli and sent
// by Echo: the floor of a page's processor time.
func (u *upstream) templPage(c echo.Context) error {
	size, err := strconv.Atoi(c.QueryParam("bytes"))
	if err != nil {
		return err
	}
	if err := u.called(c.Request().Context()); err != nil {
		return err
	}
	return compressed(c, func(w io.Writer) error {
		return sizedPage(size/bareRowBytes+1).Render(c.Request().Context(), w)
	})
}

// samePage makes the calls and answers the very page that Pintab answered, in the same codec.
func (u *upstream) samePage(c echo.Context) error {
	if err := u.called(c.Request().Context()); err != nil {
		return err
	}
	return compressed(c, func(w io.Writer) error {
		_, err := io.WriteString(w, u.config.Page)
		return err
	})
}

// called makes all calls and waits for what they answer.
func (u *upstream) called(ctx context.Context) error {
	done, failed := u.tiles(ctx)
	for range u.config.Calls {
		select {
		case <-done:
		case err := <-failed:
			return err
		}
	}
	return nil
}

// bareRowBytes is about how long a row of sizedPage is.
const bareRowBytes = 250

// encoder is the codec that Pintab sends its pages in.
var encoder = brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: 5, LGWin: 17})

func compressed(c echo.Context, write func(io.Writer) error) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	h.Set(echo.HeaderContentEncoding, "br")
	c.Response().WriteHeader(http.StatusOK)
	encoder.Reset(c.Response()) // pages are asked for one after the other
	if err := write(encoder); err != nil {
		return err
	}
	return encoder.Close()
}

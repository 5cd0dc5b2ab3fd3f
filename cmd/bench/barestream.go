package main

import (
	"html/template"
	"net/http"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"
)

// The stream is what a careful programmer writes by hand for one page: html/template, a table for each answer the moment it
// comes, brotli, no framework. It has no session, no language, no look and no rights, which makes it the floor.
var (
	streamHead = template.Must(template.New("head").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Floor</title><link rel="icon" href="data:,"><style>body{font:14px system-ui}table{border-collapse:collapse}td{padding:4px 8px}</style></head><body><h1>My Dashboard</h1><main>`))
	streamTile = template.Must(template.New("tile").Parse(`<section data-part="{{.Name}}"><h2>{{.Name}}</h2><table>{{range .Rows}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>{{end}}</table></section>`))
)

func (u *upstream) streamPage(c echo.Context) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	h.Set(echo.HeaderContentEncoding, "br")
	h.Set(echo.HeaderCacheControl, "no-store")
	c.Response().WriteHeader(http.StatusOK)
	w := brotli.NewWriterLevel(c.Response(), 5)
	flush := func() error {
		if err := w.Flush(); err != nil {
			return err
		}
		c.Response().Flush()
		return nil
	}
	if err := streamHead.Execute(w, nil); err != nil {
		return err
	}
	done, failed := u.tiles(c.Request().Context())
	if err := flush(); err != nil {
		return err
	}
	for range u.config.Calls {
		select {
		case t := <-done:
			if err := streamTile.Execute(w, t); err != nil {
				return err
			}
		case err := <-failed:
			return err
		}
		if err := flush(); err != nil {
			return err
		}
	}
	if _, err := w.Write([]byte(`</main></body></html>`)); err != nil {
		return err
	}
	return w.Close()
}

// tokenFirstPage is the floor of a visit without a session: one page that posts at once, and the page that answers it.
func tokenFirstPage(c echo.Context) error {
	return c.HTML(http.StatusOK, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Floor</title><link rel="icon" href="data:,"></head><body><form id="f" method="post" action="/stream"></form><script>document.getElementById('f').submit()</script></body></html>`)
}

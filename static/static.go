// Package static owns what browsers load beside pages and what pages inline: scripts and stylesheets, written in src, built
// by cmd/assets and committed under dist with their licences. Pages are package templates.
package static

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed dist
var dist embed.FS

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

var (
	types = map[string]string{} // content type of each linked file by its hashed name
	names = map[string]string{} // plain name to hashed name
)

// coding is a content coding and what the names of files in it end in.
type coding struct{ name, suffix string }

// codings are in the order in which they are preferred, smallest first.
var codings = []coding{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}

func init() {
	for suffix, contentType := range map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"} {
		linked, err := fs.Glob(dist, "dist/*-*"+suffix)
		if err != nil {
			panic(err)
		}
		for _, name := range linked {
			hashed := path.Base(name)
			for _, c := range codings {
				if _, err := fs.Stat(dist, name+c.suffix); err != nil {
					panic(err)
				}
			}
			types[hashed] = contentType
			names[hashed[:strings.LastIndexByte(hashed, '-')]+suffix] = hashed
		}
	}
}

// The texts that pages inline, which stay in the program's file until they are used.
var (
	//go:embed dist/page.css
	pageCSS string
	//go:embed dist/charts.css
	chartCSS string
	//go:embed dist/shell.css
	shellCSS string
	//go:embed dist/board.css
	boardCSS string
	//go:embed dist/skel.css
	skelCSS string
	//go:embed dist/prose.css
	proseCSS string
	//go:embed dist/signin.js
	signInJS string
	//go:embed dist/handoff.js
	handOffJS string
	//go:embed dist/settings.css
	settingsCSS string
	//go:embed dist/pin.css
	pinCSS string
	//go:embed dist/settings.js
	settingsJS string
)

// PageCSS is the stylesheet of every page.
func PageCSS() string { return pageCSS }

// ChartCSS is what charts need besides PageCSS.
func ChartCSS() string { return chartCSS }

// ShellCSS is the small stylesheet of the page that signs in silently.
func ShellCSS() string { return shellCSS }

// SkeletonCSS is the stylesheet of placeholders, for a shadow root.
func SkeletonCSS() string { return skelCSS }

// ProseCSS is what pages of text and lists need besides PageCSS.
func ProseCSS() string { return proseCSS }

// BoardCSS is the stylesheet of a dashboard's frame, which lives in a shadow root.
func BoardCSS() string { return boardCSS }

// SettingsCSS is what the Settings page needs besides PageCSS.
func SettingsCSS() string { return settingsCSS }

// PinCSS is what pages about pins need besides PageCSS.
func PinCSS() string { return pinCSS }

// SettingsJS is the script of the Settings page, without TeamsJS.
func SettingsJS() string { return settingsJS }

// SignInJS is the script of the pages that sign in.
func SignInJS() string { return signInJS }

// HandOffJS is the script of the end of the sign-in popup.
func HandOffJS() string { return handOffJS }

// URL gives the address of a linked file by its plain name ("tab.js"), with the content hash in it. It panics on
// an unknown name, which is a defect of ours that a test of each page finds.
func URL(name string) string {
	hashed, ok := names[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + hashed
}

// Handler serves the linked files under Prefix: immutable, compressed ahead of time, the coding picked by Accept-Encoding.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		contentType, ok := types[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		coding := pick(r.Header.Values("Accept-Encoding"))
		body, err := dist.ReadFile("dist/" + name + coding.suffix)
		if err != nil {
			panic(err) // init has seen them all
		}
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if coding.name != "" {
			h.Set("Content-Encoding", coding.name)
		}
		if r.Method == http.MethodGet {
			_, _ = w.Write(body)
		}
	})
}

// pick chooses the smallest variant that the client accepts; quality values count only when they are zero (RFC 9110, 12.5.3).
// The zero coding is the plain file.
func pick(accepted []string) coding {
	weights := map[string]bool{}
	for _, offer := range strings.Split(strings.Join(accepted, ","), ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(strings.ToLower(offer)), ";")
		weights[strings.TrimSpace(name)] = !refused(parameters)
	}
	for _, c := range codings {
		accepted, named := weights[c.name]
		if accepted || !named && weights["*"] {
			return c
		}
	}
	return coding{}
}

func refused(parameters string) bool {
	value, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
	if !ok {
		return false
	}
	q, err := strconv.ParseFloat(value, 64)
	return err != nil || q <= 0
}

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

// file is a linked file with its variants by content coding; "" is the plain one.
type file struct {
	contentType string
	variants    map[string][]byte
}

var (
	files = map[string]file{}   // by hashed name
	names = map[string]string{} // plain name to hashed name
)

// codings are the content codings in the order in which they are preferred, smallest first.
var codings = []struct{ name, suffix string }{{"br", ".br"}, {"zstd", ".zst"}, {"gzip", ".gz"}}

func init() {
	for suffix, contentType := range map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"} {
		linked, err := fs.Glob(dist, "dist/*-*"+suffix)
		if err != nil {
			panic(err)
		}
		for _, name := range linked {
			hashed := path.Base(name)
			f := file{contentType: contentType, variants: map[string][]byte{"": read(hashed)}}
			for _, c := range codings {
				f.variants[c.name] = read(hashed + c.suffix)
			}
			files[hashed] = f
			names[hashed[:strings.LastIndexByte(hashed, '-')]+suffix] = hashed
		}
	}
}

func read(name string) []byte {
	text, err := dist.ReadFile("dist/" + name)
	if err != nil {
		panic(err)
	}
	return text
}

// The texts that pages inline. They are constant for the life of the process.
var (
	pageCSS   = string(read("page.css"))
	shellCSS  = string(read("shell.css"))
	boardCSS  = string(read("board.css"))
	skelCSS   = string(read("skel.css"))
	proseCSS  = string(read("prose.css"))
	signInJS  = string(read("signin.js"))
	handOffJS = string(read("handoff.js"))

	settingsCSS = string(read("settings.css"))
	settingsJS  = string(read("settings.js"))
)

// PageCSS is the stylesheet of every page.
func PageCSS() string { return pageCSS }

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
		f, ok := files[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		coding := pick(r.Header.Values("Accept-Encoding"))
		body := f.variants[coding]
		h := w.Header()
		h.Set("Content-Type", f.contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if coding != "" {
			h.Set("Content-Encoding", coding)
		}
		if r.Method == http.MethodGet {
			_, _ = w.Write(body)
		}
	})
}

// pick chooses the smallest variant that the client accepts; quality values count only when they are zero (RFC 9110, 12.5.3).
func pick(accepted []string) string {
	weights := map[string]bool{}
	for _, offer := range strings.Split(strings.Join(accepted, ","), ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(strings.ToLower(offer)), ";")
		weights[strings.TrimSpace(name)] = !refused(parameters)
	}
	for _, c := range codings {
		accepted, named := weights[c.name]
		if accepted || !named && weights["*"] {
			return c.name
		}
	}
	return ""
}

func refused(parameters string) bool {
	value, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
	if !ok {
		return false
	}
	q, err := strconv.ParseFloat(value, 64)
	return err != nil || q <= 0
}

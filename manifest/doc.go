// Package manifest makes the app package that a Teams administrator uploads: manifest.json, its German texts and the two
// icons in one zip file.
//
// Build is the only way to a package and it never returns one that Microsoft's published schema refuses: what it wrote is
// checked against the schemas in folder schema before it is handed out. The same bytes come out for the same Config, so
// that a package can be compared with an earlier one.
//
// The package installs in real Teams and in the sandbox alike; the sandbox's reading of it is internal/sandbox/teams.
// Serving the pages that the manifest points to is package web.
package manifest

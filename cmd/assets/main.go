// Command assets builds static/dist from static/src: scripts bundled with the published TeamsJS, stylesheets minified,
// and both compressed ahead of time. Its results are committed, so that neither building nor running Pintab needs npm.
//
//	go run ./cmd/assets                        stylesheets only
//	go run ./cmd/assets -npm DIR/node_modules  scripts and Fluent variables too (the latter with node)
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// The published packages that the committed files are made of.
const (
	teamsVersion  = "2.58.0"
	tokensVersion = "1.0.0-alpha.24"
)

func main() {
	npm := flag.String("npm", "", "node_modules with @microsoft/teams-js and @fluentui/tokens; empty: leave scripts as they are")
	root := flag.String("root", "static", "the folder with src and dist")
	flag.Parse()
	if err := run(*root, *npm); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(root, npm string) error {
	src, dist := filepath.Join(root, "src"), filepath.Join(root, "dist")
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	if npm != "" {
		for name, version := range map[string]string{"@microsoft/teams-js": teamsVersion, "@fluentui/tokens": tokensVersion} {
			if err := checkVersion(npm, name, version); err != nil {
				return err
			}
		}
		if err := writeTokens(src, npm); err != nil {
			return err
		}
		if err := scripts(src, dist, npm); err != nil {
			return err
		}
	}
	if err := icons(src, dist); err != nil {
		return err
	}
	return styles(src, dist)
}

func checkVersion(npm, name, version string) error {
	var manifest struct{ Version string }
	if err := readJSON(filepath.Join(npm, name, "package.json"), &manifest); err != nil {
		return err
	}
	if manifest.Version != version {
		return errors.New(name + " is " + manifest.Version + ", not " + version)
	}
	return nil
}

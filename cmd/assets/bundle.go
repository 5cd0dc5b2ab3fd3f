package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// linked are fetched by their own address, under a name with a hash of the content; inlined go into pages as they are.
var (
	linked = []string{"tab", "check", "record", "view", "pin", "pinned"}
	// linkedSheets are fetched as linked scripts are, inlined ones stand in sheets.
	linkedSheets = []string{"record", "view"}
	inlined      = []string{"signin", "handoff", "settings"}
	sheets       = []string{"page", "charts", "board", "shell", "skel", "prose", "settings", "check", "pin"}
)

const banner = "/*! Pintab; contains @microsoft/teams-js " + teamsVersion + " (c) Microsoft Corporation, MIT: see teams-js.LICENSE.txt */\n"

func scripts(src, dist, npm string) error {
	if err := clear(dist, "*.js*"); err != nil {
		return err
	}
	for _, name := range append(append([]string{}, linked...), inlined...) {
		code, err := bundle(filepath.Join(src, name+".js"), npm)
		if err != nil {
			return err
		}
		file := name + ".js"
		if slices.Contains(linked, name) {
			if bytes.Contains(code, []byte("teams.microsoft.com")) {
				code = append([]byte(banner), code...)
			}
			file = hashed(name, ".js", code)
			if err := compressed(filepath.Join(dist, file), code); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dist, file), code, 0o644); err != nil {
			return err
		}
		report(file, code)
	}
	licence, err := os.ReadFile(filepath.Join(npm, "@microsoft/teams-js/LICENSE"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "teams-js.LICENSE.txt"), licence, 0o644)
}

func bundle(entry, npm string) ([]byte, error) {
	return build(api.BuildOptions{
		EntryPoints: []string{entry},
		Format:      api.FormatIIFE,
		Target:      api.ES2022,
		NodePaths:   []string{npm},
		// TeamsJS fetches a list from a public address when it loads (see no-fetch.js); our own fetch is window's.
		Alias:   teamsModules,
		Plugins: []api.Plugin{lighter},
		Inject:  []string{filepath.Join(filepath.Dir(entry), "no-fetch.js")},
		Define:  map[string]string{"fetch": "fetchNothing", "process.env.NODE_ENV": `"production"`},
	})
}

// teamsModules are the parts of TeamsJS that scripts import by themselves: through the package's index each would bring all of it.
var teamsModules = map[string]string{
	"teams/app":            teamsSource + "app/app.js",
	"teams/authentication": teamsSource + "authentication.js",
	"teams/conversations":  teamsSource + "../private/conversations.js",
	"teams/pages":          teamsSource + "pages/pages.js",
	"teams/teamsCore":      teamsSource + "teamsAPIs.js",
}

const teamsSource = "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/"

// lighter puts small modules in the place of two that come with TeamsJS: debug, which writes a trace to the console for whoever
// develops it, and what uuid does in browsers that have no crypto.randomUUID, of which we support none.
var lighter = api.Plugin{Name: "lighter", Setup: func(build api.PluginBuild) {
	for module, text := range map[string]string{
		`debug@[^/]+/node_modules/debug/src/browser\.js$`:       `const silent = () => {}; silent.extend = () => silent; export const b = { debug: Object.assign(() => silent, { formatArgs() {} }) };`,
		`uuid@[^/]+/node_modules/uuid/dist/esm-browser/v4\.js$`: `export default () => crypto.randomUUID();`,
	} {
		build.OnLoad(api.OnLoadOptions{Filter: module}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
		})
	}
}}

// icons writes the file of small icons as it is.
func icons(src, dist string) error {
	if err := clear(dist, "*-*.svg*"); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(src, "icons.svg"))
	if err != nil {
		return err
	}
	file := hashed("icons", ".svg", text)
	if err := compressed(filepath.Join(dist, file), text); err != nil {
		return err
	}
	report(file, text)
	return os.WriteFile(filepath.Join(dist, file), text, 0o644)
}

// hashed is a file's name with a hash of its content.
func hashed(name, suffix string, code []byte) string {
	sum := sha256.Sum256(code)
	return name + "-" + hex.EncodeToString(sum[:])[:10] + suffix
}

func styles(src, dist string) error {
	if err := clear(dist, "*-*.css*"); err != nil {
		return err
	}
	for _, name := range append(append([]string{}, sheets...), linkedSheets...) {
		code, err := build(api.BuildOptions{
			EntryPoints: []string{filepath.Join(src, name+".css")},
			Engines:     []api.Engine{{Name: api.EngineChrome, Version: "120"}, {Name: api.EngineSafari, Version: "17"}, {Name: api.EngineFirefox, Version: "128"}},
		})
		if err != nil {
			return err
		}
		code = []byte(strings.TrimSpace(string(code)))
		if name == "shell" { // which no other sheet stands beside
			code = pruned(code)
		}
		file := name + ".css"
		if slices.Contains(linkedSheets, name) {
			file = hashed(name, ".css", code)
			if err := compressed(filepath.Join(dist, file), code); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dist, file), code, 0o644); err != nil {
			return err
		}
		report(file, code)
	}
	return nil
}

var (
	defined = regexp.MustCompile(`--(\w+):[^;}]*;?`)
	used    = regexp.MustCompile(`var\(--(\w+)`)
)

// pruned leaves out the variables that a stylesheet itself does not use.
func pruned(css []byte) []byte {
	wanted := map[string]bool{}
	for _, m := range used.FindAllSubmatch(css, -1) {
		wanted[string(m[1])] = true
	}
	return defined.ReplaceAllFunc(css, func(declaration []byte) []byte {
		if wanted[string(defined.FindSubmatch(declaration)[1])] {
			return declaration
		}
		return nil
	})
}

func build(options api.BuildOptions) ([]byte, error) {
	options.Bundle = true
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	options.LegalComments = api.LegalCommentsNone
	options.Outdir = "/"
	options.Charset = api.CharsetUTF8
	result := api.Build(options)
	var problems []error
	for _, m := range append(result.Errors, result.Warnings...) {
		text := m.Text
		if m.Location != nil {
			text = fmt.Sprintf("%s:%d: %s", m.Location.File, m.Location.Line, m.Text)
		}
		problems = append(problems, errors.New(text))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return result.OutputFiles[0].Contents, nil
}

func clear(dist, pattern string) error {
	old, err := filepath.Glob(filepath.Join(dist, pattern))
	if err != nil {
		return err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

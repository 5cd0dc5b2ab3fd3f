package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// linked are fetched by their own address, under a name with a hash of the content; inlined go into pages as they are.
var (
	linked = []string{"tab", "check", "record", "view"}
	// linkedSheets are fetched as linked scripts are, inlined ones stand in sheets.
	linkedSheets = []string{"record", "view"}
	inlined      = []string{"signin", "handoff", "settings"}
	sheets       = []string{"page", "charts", "board", "shell", "skel", "prose", "settings", "check"}
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
			code = append([]byte(banner), code...)
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
		Plugins: []api.Plugin{withoutDebug},
		Inject:  []string{filepath.Join(filepath.Dir(entry), "no-fetch.js")},
		Define:  map[string]string{"fetch": "fetchNothing", "process.env.NODE_ENV": `"production"`},
	})
}

// teamsModules are the parts of TeamsJS that scripts import by themselves: through the package's index each would bring all of it.
var teamsModules = map[string]string{
	"teams/app":            teamsSource + "app/app.js",
	"teams/authentication": teamsSource + "authentication.js",
	"teams/pages":          teamsSource + "pages/pages.js",
	"teams/teamsCore":      teamsSource + "teamsAPIs.js",
}

const teamsSource = "@microsoft/teams-js/dist/esm/packages/teams-js/src/public/"

// withoutDebug leaves out the package debug, with which TeamsJS writes a trace to the console for whoever develops it: a tenth of it.
var withoutDebug = api.Plugin{Name: "without-debug", Setup: func(build api.PluginBuild) {
	build.OnLoad(api.OnLoadOptions{Filter: `[\\/]debug@[^\\/]+[\\/]node_modules[\\/]debug[\\/]src[\\/]browser\.js$`}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		text := `const silent = () => {}; silent.extend = () => silent; export const b = { debug: Object.assign(() => silent, { formatArgs() {} }) };`
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	})
}}

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

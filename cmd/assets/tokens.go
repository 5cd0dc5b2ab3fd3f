package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// printThemes makes node print the three themes: the package computes them, it does not list them.
const printThemes = `const t=require(process.argv[1]);console.log(JSON.stringify([t.teamsLightTheme,t.teamsDarkTheme,t.teamsHighContrastTheme]))`

var variable = regexp.MustCompile(`var\(--([A-Za-z0-9]+)`)

// writeTokens writes the Fluent variables that our stylesheets use, and no others, into tokens.css: the light theme as the
// base, the other two as what differs from it.
func writeTokens(src, npm string) error {
	pkg, err := filepath.Abs(filepath.Join(npm, "@fluentui/tokens"))
	if err != nil {
		return err
	}
	out, err := exec.Command("node", "-e", printThemes, pkg).Output()
	if err != nil {
		return fmt.Errorf("node cannot print the themes: %w", err)
	}
	var themes [3]map[string]json.RawMessage
	if err := json.Unmarshal(out, &themes); err != nil {
		return err
	}
	used, err := usedVariables(src)
	if err != nil {
		return err
	}
	for _, name := range used {
		if _, known := themes[0][name]; !known && len(name) > 1 {
			return fmt.Errorf("no Fluent variable is called %s", name)
		}
	}
	var css bytes.Buffer
	fmt.Fprintf(&css, "/* Written by cmd/assets from @fluentui/tokens %s (c) Microsoft Corporation, MIT. Do not edit. */\n", tokensVersion)
	base := themes[0]
	for i, selector := range []string{":root", "[data-theme=dark]", "[data-theme=contrast]"} {
		fmt.Fprintf(&css, "%s {\n", selector)
		for _, name := range used {
			value, known := themes[i][name]
			if !known || i > 0 && bytes.Equal(value, base[name]) {
				continue
			}
			fmt.Fprintf(&css, "  --%s: %s;\n", name, plain(value))
		}
		css.WriteString("}\n")
	}
	return os.WriteFile(filepath.Join(src, "tokens.css"), css.Bytes(), 0o644)
}

// plain is a JSON string or number as CSS.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return string(value)
	}
	return text
}

func usedVariables(src string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(src, "*.css"))
	if err != nil {
		return nil, err
	}
	var used []string
	for _, file := range files {
		if filepath.Base(file) == "tokens.css" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range variable.FindAllSubmatch(text, -1) {
			used = append(used, string(m[1]))
		}
	}
	slices.Sort(used)
	return slices.Compact(used), nil
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const static = "../../static"

// What is committed is what the sources give: somebody who edits a stylesheet has to build it.
func TestCommittedStylesheetsAreBuiltFromTheirSources(t *testing.T) {
	dist := t.TempDir()
	if err := styles(filepath.Join(static, "src"), dist); err != nil {
		t.Fatal(err)
	}
	for _, name := range sheets {
		built, err := os.ReadFile(filepath.Join(dist, name+".css"))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join(static, "dist", name+".css"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(built, committed) {
			t.Errorf("%s.css is not what its source gives: run go run ./cmd/assets", name)
		}
	}
}

// A colour that the three themes do not define would be no colour at all.
func TestEveryVariableInUseIsDefined(t *testing.T) {
	src := filepath.Join(static, "src")
	used, err := usedVariables(src)
	if err != nil || len(used) < 30 {
		t.Fatal(used, err)
	}
	tokens, err := os.ReadFile(filepath.Join(src, "tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range used {
		if len(name) > 1 && !strings.Contains(string(tokens), "--"+name+":") {
			t.Errorf("nothing defines --%s", name)
		}
	}
	for _, want := range []string{"--colorNeutralBackground1: #ffffff", "--colorBrandBackground: #5b5fc7", "--colorNeutralBackground1: #292929", "--colorStrokeFocus2: #1aebff"} {
		if !strings.Contains(string(tokens), want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestAnotherVersionOfAPackageIsRefused(t *testing.T) {
	npm := t.TempDir()
	for name, version := range map[string]string{"@microsoft/teams-js": "2.0.0", "@fluentui/tokens": tokensVersion} {
		if err := os.MkdirAll(filepath.Join(npm, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(npm, name, "package.json"), []byte(`{"version":"`+version+`"}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t.TempDir(), npm); err == nil || !strings.Contains(err.Error(), "2.0.0, not "+teamsVersion) {
		t.Error(err)
	}
}

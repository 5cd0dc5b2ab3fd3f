package templates

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// Every small icon that a page or a script shows stands in the one file of icons.
func TestEveryIconIsThere(t *testing.T) {
	file, err := os.ReadFile("../static/src/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, m := range regexp.MustCompile(`<symbol id="([a-z-]+)"`).FindAllSubmatch(file, -1) {
		there = append(there, string(m[1]))
	}
	shown := slices.Concat(slices.Collect(maps.Values(actionIcons)), slices.Collect(maps.Values(entryIcons)), []string{"more", "task", "note", "post"})
	for _, pattern := range []string{"*.templ", "../static/src/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, name := range files {
			code, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`\bicon\(['"]([a-z-]+)['"]\)`).FindAllSubmatch(code, -1) {
				shown = append(shown, string(m[1]))
			}
		}
	}
	for _, name := range shown {
		if !slices.Contains(there, name) {
			t.Errorf("there is no icon %q", name)
		}
	}
	for _, name := range there {
		if !slices.Contains(shown, name) {
			t.Errorf("nothing shows the icon %q", name)
		}
	}
}

// Package architecture holds the import table of ARCHITECTURE.md as a test.
package architecture

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/pintab/pintab/"

// allowed says which packages of ours each package may import. Test files may also use the sandbox.
var allowed = map[string][]string{
	"cmd/assets":            {},
	"static":                {},
	"manifest":              {},
	"templates":             {"internal/crm", "internal/fault", "internal/locale", "internal/checkup", "internal/richtext", "static"},
	"web":                   {"internal/crm", "internal/fault", "internal/locale", "internal/workspace", "internal/dashboard", "internal/checkup", "internal/privacy", "internal/record", "internal/pin", "internal/richtext", "internal/sheet", "templates", "static"},
	"internal/crm":          {},
	"internal/fault":        {},
	"internal/locale":       {},
	"internal/crmxml":       {},
	"internal/richtext":     {},
	"internal/sheet":        {},
	"internal/privacy":      {"internal/crm", "internal/fault"},
	"internal/store":        {"internal/crm", "internal/fault", "internal/privacy"},
	"internal/bearer":       {},
	"internal/bot":          {"internal/crm", "internal/fault", "internal/locale", "internal/privacy", "internal/workspace", "internal/intent", "internal/botframework"},
	"internal/botframework": {"internal/bearer", "internal/fault"},
	"internal/entra":        {"internal/bearer", "internal/crm", "internal/fault"},
	"internal/dataverse":    {"internal/crm", "internal/fault", "internal/crmxml"},
	"internal/workspace":    {"internal/crm", "internal/fault"},
	"internal/dashboard":    {"internal/crm", "internal/fault"},
	"internal/checkup":      {"internal/crm", "internal/fault"},
	"internal/record":       {"internal/crm", "internal/fault"},
	"internal/pin":          {"internal/crm", "internal/fault"},

	"internal/intent": {"internal/crm"},

	"internal/sandbox/browser":            {},
	"internal/sandbox/world":              {},
	"internal/sandbox/faults":             {},
	"internal/sandbox/entra":              {"internal/sandbox/world", "internal/sandbox/faults"},
	"internal/sandbox/teams":              {"internal/sandbox/world", "internal/sandbox/faults"},
	"internal/sandbox/dataverse":          {"internal/sandbox/world", "internal/sandbox/faults", "internal/crmxml", "internal/sandbox/dataverse/..."},
	"internal/sandbox/dataverse/schema":   {},
	"internal/sandbox/dataverse/engine":   {"internal/crmxml", "internal/sandbox/dataverse/schema"},
	"internal/sandbox/dataverse/seed":     {"internal/crmxml", "internal/sandbox/dataverse/schema", "internal/sandbox/dataverse/engine", "internal/sandbox/world"},
	"internal/sandbox/dataverse/odata":    {},
	"internal/sandbox/dataverse/metadata": {"internal/sandbox/dataverse/schema", "internal/sandbox/dataverse/odata"},
}

func TestImportsGoOneWay(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		folder = filepath.ToSlash(folder)
		if strings.HasPrefix(folder, "cmd/") && folder != "cmd/assets" {
			return nil // commands wire everything
		}
		rule, known := allowed[folder]
		if !known {
			t.Errorf("%s: package without a row in the import table", folder)
			return nil
		}
		seen++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			ours, found := strings.CutPrefix(name, module)
			if found && !permitted(rule, ours) {
				t.Errorf("%s imports %s, which the table forbids", folder, ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at: the walk went wrong", seen)
	}
}

func permitted(rule []string, name string) bool {
	return slices.ContainsFunc(rule, func(r string) bool {
		prefix, tree := strings.CutSuffix(r, "...")
		return r == name || tree && strings.HasPrefix(name, prefix)
	})
}

// Only the web door knows Echo and sessions; only the sandbox and the tests know a browser.
func TestLibrariesStayInTheirRooms(t *testing.T) {
	rooms := map[string]string{
		"github.com/labstack/echo":     "web",
		"github.com/gorilla/sessions":  "web",
		"github.com/chromedp/chromedp": "internal/sandbox/browser",
		"github.com/evanw/esbuild":     "cmd/assets",
		"github.com/jackc/pgx":         "internal/store",
		"github.com/coreos/go-oidc":    "internal",
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		for _, spec := range file.Imports {
			for library, room := range rooms {
				if strings.HasPrefix(filepath.ToSlash(relative), "cmd/bench/") {
					continue // its floors are made of the bare libraries
				}
				if strings.HasPrefix(strings.Trim(spec.Path.Value, `"`), library) && !strings.HasPrefix(filepath.ToSlash(relative), room+"/") {
					t.Errorf("%s imports %s, which lives in %s", relative, library, room)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

package intent_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/intent"
)

// The goals: shares of sentences whose intent, and whose every part, is read as people mean it.
const (
	goalIntent = 0.95
	goalWhole  = 0.92
)

// The sentences of testdata are read as those who wrote them meant them, except for a few; the score is printed. A line is
// "text | intent | table | query | column | value | relation".
func TestSentencesAreReadAsTheyAreMeant(t *testing.T) {
	files, err := filepath.Glob("testdata/en-*.txt")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	names := intent.NewNames(intent.Core())
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		all, right, whole := 0, 0, 0
		for lines := bufio.NewScanner(file); lines.Scan(); {
			parts := strings.Split(lines.Text(), " | ")
			if strings.HasPrefix(lines.Text(), "#") || len(parts) < 2 {
				continue
			}
			text, fields := parts[0], strings.Split(strings.Join(parts[1:], "|"), "|")
			for len(fields) < 6 {
				fields = append(fields, "")
			}
			got := intent.Read(text, names).Plain()
			all++
			if string(got.Intent) == strings.TrimSpace(fields[0]) {
				right++
			}
			if given := []string{string(got.Intent), got.Table, got.Query, got.Column, got.Value, got.Relation}; alike(given, fields) {
				whole++
			} else {
				t.Logf("%s: %q is read as %q, want %q", name, text, given, fields)
			}
		}
		_ = file.Close()
		t.Logf("%s: %d sentences, intent %.1f %%, whole %.1f %%", name, all, 100*float64(right)/float64(all), 100*float64(whole)/float64(all))
		if all < 150 || float64(right) < goalIntent*float64(all) || float64(whole) < goalWhole*float64(all) {
			t.Errorf("%s: below the goal", name)
		}
	}
}

func alike(got, want []string) bool {
	for i := range got {
		if plain(got[i]) != plain(want[i]) {
			return false
		}
	}
	return true
}

// plain makes amounts comparable and leaves out what does not matter in names.
func plain(text string) string {
	text = strings.ToLower(strings.Trim(strings.Join(strings.Fields(text), " "), " .,;:!?\"'()"))
	if amount := strings.NewReplacer("$", "", ",", "").Replace(text); strings.Trim(amount, "0123456789k") == "" {
		return strings.Replace(amount, "k", "000", 1)
	}
	return text
}

// Whatever is typed, the reading keeps its promises.
func FuzzRead(f *testing.F) {
	names := intent.NewNames(intent.Core())
	for _, text := range []string{"search contoso", "set the phone of \"A & B\" to 5", "コントソを検索", "ابحث عن كونتوسو", "'s 's", "\xff\u202e?", strings.Repeat("to ", 300)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := intent.Read(text, names)
		if len(r.Text) > intent.LongestText || r.Intent == "" || r.Intent == intent.None && len(r.Near) == 0 {
			t.Errorf("%q: %+v", text, r)
		}
		for _, p := range r.Parts {
			if p.Start < 0 || p.Start >= p.End || p.End > len(r.Text) {
				t.Errorf("%q: %+v", text, p)
			}
		}
		if again := intent.Read(text, names); again.Wish != r.Wish {
			t.Errorf("%q: %+v, then %+v", text, r.Wish, again.Wish)
		}
	})
}

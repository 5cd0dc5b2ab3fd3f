package locale

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func texts(m entry) []string {
	if m.forms == nil {
		return []string{m.text}
	}
	var all []string
	for _, form := range m.forms {
		all = append(all, form)
	}
	return all
}

func placeholders(m entry) []string {
	var all []string
	for _, text := range texts(m) {
		all = append(all, placeholder.FindAllString(text, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestCataloguesAgree(t *testing.T) {
	english := catalogues()["en"].messages
	for name, c := range catalogues() {
		for key, m := range c.messages {
			original, ok := english[key]
			if !ok {
				t.Errorf("%s has %s, English has not", name, key)
			}
			if diff := cmp.Diff(placeholders(original), placeholders(m)); diff != "" && len(original.forms) == len(m.forms) {
				if extra := without(placeholders(m), placeholders(original)); len(extra) > 0 {
					t.Errorf("%s: %s has %v", name, key, extra)
				}
			}
			for _, text := range texts(m) {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "<>") {
					t.Errorf("%s: %s is %q", name, key, text)
				}
			}
			for _, form := range []string{"one", "other"} { // the forms of English and German
				if m.forms != nil && m.forms[form] == "" {
					t.Errorf("%s: %s has no form %s", name, key, form)
				}
			}
		}
		for key := range english {
			if _, ok := c.messages[key]; !ok {
				t.Errorf("%s has no %s", name, key)
			}
		}
	}
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

// The keys of messages, wherever our packages write them: faults, notices, and what templates ask for.
var uses = regexp.MustCompile(`(?:fault\.(?:New|Wrap)\((?:[^"\n]|"[^"\n]*"\))*?|\bt\(ctx, |\bT\(|Notice\s*[:=]+\s*|dynamicsLink\([^"\n]*)"([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)"`)

func TestEveryKeyInUseHasAMessage(t *testing.T) {
	root := filepath.Join("..", "..")
	l, seen := Negotiate("en"), map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "sandbox" || d.Name() == "fault") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range uses.FindAllSubmatch(text, -1) {
			key := string(m[1])
			seen[key] = true
			if !l.Has(key) {
				t.Errorf("%s uses %s", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"dataverse.busy", "web.signed_out", "action.refresh", "list.no-name"} {
		if !seen[key] {
			t.Errorf("the search does not find %s, so it finds nothing", key)
		}
	}
}

func TestNegotiation(t *testing.T) {
	for want, preferences := range map[string][]string{
		"de-AT": {"de-AT", "en"},
		"de-DE": {"de"},
		"en-US": {},
		"en-GB": {"", "en-GB;q=0.8, fr"},
		"de-CH": {"fr-CH, fr;q=0.9, de-CH;q=0.7, en;q=0.5"},
		"en-NZ": {"tlh", "\x00;;;", "en-nz"},
		"de-LU": {strings.Repeat("x", 1000), "de-lu"},
	} {
		if got := Negotiate(preferences...).Tag(); got != want {
			t.Errorf("%v gives %s, not %s", preferences, got, want)
		}
	}
	if got := Negotiate("fr", "ja", "zh-TW").Tag(); got != "en-US" {
		t.Error(got)
	}
}

func TestTheContextCarriesTheLocale(t *testing.T) {
	if got := From(With(context.Background(), Negotiate("de"))).T("action.sign-in"); got != "Anmelden" {
		t.Error(got)
	}
	if got := From(context.Background()).T("action.sign-in"); got != "Sign in" {
		t.Error(got)
	}
}

func TestMessagesAreFilled(t *testing.T) {
	en, de := Negotiate("en-US"), Negotiate("de-DE")
	for want, got := range map[string]string{
		"1 second":       en.T("wait.seconds", Args{"n": 1}),
		"1,234 seconds":  en.T("wait.seconds", Args{"n": 1234}),
		"1 Minute":       de.T("wait.minutes", Args{"n": 1}),
		"1–10 von 1.134": de.T("list.position-of", Args{"first": 1, "last": 10, "total": 1134}),
		"Only {n} & <b>": en.T("list.filtered", Args{"segment": "{n} & <b>"}),
		"Only ":          en.T("list.filtered", Args{}),
		en.T("internal"): en.T("no.such.key", Args{"n": 1}),
		"Nothing is lost. Please try again in 2 minutes.": en.T("state.down.text", Args{"wait": 95 * time.Second}),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	en, de, ch := Negotiate("en-US"), Negotiate("de-DE"), Negotiate("de-CH")
	spaces := strings.NewReplacer("\u00a0", " ")
	for _, c := range []struct{ got, want string }{
		{en.Number(-1234567.891, 2), "−1,234,567.89"},
		{de.Number(1234.5, 2), "1.234,50"},
		{ch.Number(1234567.5, 1), "1’234’567.5"},
		{en.Number(-0.001, 1), "0.0"},
		{en.Integer(0), "0"},
		{en.Compact(1_200_000, "€"), "€1.2M"},
		{en.Compact(-1_250_000, "$"), "−$1.25M"},
		{en.Compact(950, ""), "950"},
		{en.Compact(12_000, ""), "12K"},
		{en.Compact(0.25, ""), "0.25"},
		{en.Compact(2.5e9, ""), "2.5B"},
		{en.Compact(1e100, ""), "1.0e+100"},
		{de.Compact(1_200_000, "€"), "1,2 Mio. €"},
		{de.Compact(12_000, "€"), "12.000 €"},
		{de.Compact(0, "€"), "0 €"},
		{en.Percent(0.256), "26%"},
		{de.Percent(1), "100 %"},
	} {
		if got := spaces.Replace(c.got); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
	var zero float64
	for _, value := range []float64{1 / zero, -1 / zero, zero / zero} {
		if en.Compact(value, "€") != "–" || en.Number(value, 2) != "–" {
			t.Error("what is no number is written as one")
		}
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 11, 23, 17, 5, 0, 0, time.FixedZone("", 3600))
	for language, want := range map[string]string{"en-US": "4:05\u00a0PM\u00a0UTC 11/23/2026", "en-GB": "16:05\u00a0UTC 23/11/2026", "de": "16:05\u00a0UTC 23.11.2026"} {
		l := Negotiate(language)
		if got := l.Clock(at) + " " + l.Date(at); strings.ReplaceAll(got, "\u00a0", " ") != strings.ReplaceAll(want, "\u00a0", " ") {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if got := ISO(at); got != "2026-11-23T16:05:00Z" {
		t.Error(got)
	}
	l := Negotiate("en")
	for want, d := range map[string]time.Duration{"1 second": 0, "2 seconds": 1100 * time.Millisecond, "90 seconds": 90 * time.Second, "2 minutes": 91 * time.Second} {
		if got := l.Wait(d); got != want {
			t.Errorf("%s is %q, not %q", d, got, want)
		}
	}
}

func BenchmarkNegotiate(b *testing.B) {
	for b.Loop() {
		Negotiate("en-us", "de-AT,de;q=0.9,en;q=0.8")
	}
}

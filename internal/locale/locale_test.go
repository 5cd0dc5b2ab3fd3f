package locale

import (
	"context"
	"io/fs"
	"maps"
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

// formsOf are the plural forms that numbers really take in a language.
func formsOf(l *Locale) []string {
	var all []string
	for n := range 1100 {
		all = append(all, l.form(n))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestPluralForms(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {"one", "other"}, "de": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"}, "ja": {"other"},
		"ar": {"few", "many", "one", "other", "two", "zero"},
	} {
		if diff := cmp.Diff(want, formsOf(Negotiate(language))); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
	for want, got := range map[string]string{
		"0 minute":           Negotiate("fr").T("wait.minutes", Args{"n": 0}),
		"2 minutes":          Negotiate("fr").T("wait.minutes", Args{"n": 2}),
		"0 minutos":          Negotiate("es").T("wait.minutes", Args{"n": 0}),
		"1 分":                Negotiate("ja").T("wait.minutes", Args{"n": 1}),
		"دقيقة واحدة":        Negotiate("ar").T("wait.minutes", Args{"n": 1}),
		"دقيقتين":            Negotiate("ar").T("wait.minutes", Args{"n": 2}),
		"10 دقائق":           Negotiate("ar").T("wait.minutes", Args{"n": 10}),
		"11 دقيقة":           Negotiate("ar").T("wait.minutes", Args{"n": 11}),
		"1,102 دقيقة":        Negotiate("ar").T("wait.minutes", Args{"n": 1102}),
		"1.102 دقيقة":        Negotiate("ar-MA").T("wait.minutes", Args{"n": 1102}),
		"1\u202f102 minutes": Negotiate("fr").T("wait.minutes", Args{"n": 1102}),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestCataloguesAgree(t *testing.T) {
	english := catalogues()["en"].messages
	for name, c := range catalogues() {
		forms := formsOf(Negotiate(name))
		for key, m := range c.messages {
			original, ok := english[key]
			if !ok {
				t.Errorf("%s has %s, English has not", name, key)
			}
			if (original.forms == nil) != (m.forms == nil) {
				t.Errorf("%s: %s has plural forms, or has none, unlike English", name, key)
			}
			if diff := cmp.Diff(placeholders(original), placeholders(m)); diff != "" {
				t.Errorf("%s: %s has other placeholders than English: %s", name, key, diff)
			}
			for _, text := range texts(m) {
				if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "<>") {
					t.Errorf("%s: %s is %q", name, key, text)
				}
			}
			if m.forms == nil {
				continue
			}
			if diff := cmp.Diff(forms, slices.Sorted(maps.Keys(m.forms))); diff != "" {
				t.Errorf("%s: %s has other forms than the language: %s", name, key, diff)
			}
			for form, text := range m.forms {
				// One and two are often a word instead of a number; nothing else may be left out.
				left := without(placeholders(m), placeholders(entry{text: text}))
				if len(left) > 0 && !(cmp.Equal(left, []string{"{n}"}) && slices.Contains([]string{"zero", "one", "two"}, form)) {
					t.Errorf("%s: %s, %s leaves out %v", name, key, form, left)
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
		"en-GB": {"", "en-GB;q=0.8, it"},
		"de-CH": {"it-CH, it;q=0.9, de-CH;q=0.7, en;q=0.5"},
		"en-NZ": {"tlh", "\x00;;;", "en-nz"},
		"de-LU": {strings.Repeat("x", 1000), "de-lu"},
		"fr-CA": {"fr-ca"},
		"es-ES": {"es"},
		"es-MX": {"es-419"},
		"ja-JP": {"ja"},
		"ar-SA": {"ar"},
		"ar-EG": {"ar-eg"},
	} {
		if got := Negotiate(preferences...).Tag(); got != want {
			t.Errorf("%v gives %s, not %s", preferences, got, want)
		}
	}
	if got := Negotiate("it", "ko", "zh-TW").Tag(); got != "en-US" {
		t.Error(got)
	}
}

func TestWhatSomebodyChoseCounts(t *testing.T) {
	for _, c := range []struct {
		chosen, host, browser, want string
	}{
		{"", "de-AT", "fr", "de-AT"},
		{"fr", "de-AT", "en", "fr-FR"},
		{"fr", "en-US", "fr-CA,en;q=0.5", "fr-CA"},
		{"de", "de-CH", "de-DE", "de-CH"},
		{"ar", "", "", "ar-SA"},
		{"xx", "de", "", "de-DE"},
		{"fr-FR", "de", "", "de-DE"},
	} {
		if got := Prefer(c.chosen, c.host, c.browser).Tag(); got != c.want {
			t.Errorf("%v gives %s", c, got)
		}
	}
}

func TestNamesKeepTheirDirection(t *testing.T) {
	en, ar := Negotiate("en"), Negotiate("ar")
	if ar.Direction() != "rtl" || en.Direction() != "ltr" || ar.Language() != "ar" {
		t.Error(ar.Direction(), en.Direction(), ar.Language())
	}
	for want, got := range map[string]string{
		"لوحة معلومات \u2068Sales Hub\u2069":     ar.T("settings.dashboard", Args{"app": "Sales Hub"}),
		"Dashboard of Sales Hub":                 en.T("settings.dashboard", Args{"app": "Sales Hub"}),
		"Dashboard of \u2068مركز المبيعات\u2069": en.T("settings.dashboard", Args{"app": "مركز المبيعات"}),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
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
	fr, ca, es, mx := Negotiate("fr"), Negotiate("fr-CA"), Negotiate("es"), Negotiate("es-MX")
	ja, ar, ma := Negotiate("ja"), Negotiate("ar"), Negotiate("ar-MA")
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
		{fr.Number(-1234567.891, 2), "−1\u202f234\u202f567,89"},
		{ca.Number(1234567.5, 1), "1 234 567,5"},
		{fr.Compact(1_200_000, "€"), "1,2 M €"},
		{fr.Compact(12_000, ""), "12 k"},
		{fr.Percent(0.256), "26 %"},
		{es.Number(1234, 0), "1234"},
		{es.Number(12345.5, 1), "12.345,5"},
		{es.Compact(1.5e9, "€"), "1500 M €"},
		{es.Compact(12_000, "€"), "12 mil €"},
		{mx.Number(1234.5, 1), "1,234.5"},
		{mx.Compact(-1_200_000, "$"), "−$1.2 M"},
		{mx.Percent(0.5), "50%"},
		{ja.Compact(12_000, "¥"), "¥1.2万"},
		{ja.Compact(1.5e9, "¥"), "¥15億"},
		{ja.Number(1234.5, 1), "1,234.5"},
		{ar.Number(-1234.5, 1), "\u200e-1,234.5"},
		{ar.Compact(1_200_000, "ر.س."), "\u20671.2 مليون ر.س.\u2069"},
		{ar.Percent(0.256), "26\u200e%\u200e"},
		{ma.Number(1234.5, 1), "1.234,5"},
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
	for language, want := range map[string]string{"en-US": "4:05\u00a0PM\u00a0UTC 11/23/2026", "en-GB": "16:05\u00a0UTC 23/11/2026", "de": "16:05\u00a0UTC 23.11.2026",
		"fr": "16:05 UTC 23/11/2026", "fr-CA": "16:05 UTC 2026-11-23", "es": "16:05 UTC 23/11/2026", "es-MX": "4:05 p. m. UTC 23/11/2026",
		"ja": "16:05 UTC 2026/11/23", "ar": "4:05 م UTC 23\u200f/11\u200f/2026", "ar-MA": "16:05 UTC 23\u200f/11\u200f/2026"} {
		l := Negotiate(language)
		if got := l.Clock(at) + " " + l.Date(at); strings.ReplaceAll(got, "\u00a0", " ") != strings.ReplaceAll(want, "\u00a0", " ") {
			t.Errorf("%q, not %q", got, want)
		}
	}
	for language, want := range map[string]string{"en": "12:05\u00a0AM", "es-MX": "12:05\u00a0a.\u00a0m.", "fr": "00:05"} {
		if got := Negotiate(language).Time(time.Date(2026, 1, 1, 0, 5, 0, 0, time.UTC)); got != want {
			t.Errorf("%s: %q", language, got)
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

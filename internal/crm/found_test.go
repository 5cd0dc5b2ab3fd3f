package crm

import "testing"

func TestHowWellANameFits(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        Match
	}{
		{"Contoso", "contoso", MatchExact},
		{"  Contoso  Ltd ", "contoso ltd", MatchExact},
		{"Contoso Ltd", "Conto", MatchPrefix},
		{"The Contoso Company", "conto", MatchWord},
		{"E-Mail (Contoso)", "conto", MatchWord},
		{"Newcontoso", "conto", MatchContains},
		{"Newcontoso of Contoso", "conto", MatchWord},
		{"aab", "ab", MatchContains},
		{"Contoso North Company", "company contoso", MatchWord},
		{"Contosos Company", "toso company", MatchContains},
		{"Contoso", "company contoso", MatchOther},
		{"Contoso", "", MatchOther},
		{"100% Café_*", "100% café_*", MatchExact},
		{"Ümlaut", "ü", MatchPrefix},
		{"日本語テスト", "語テ", MatchContains},
	} {
		if got := MatchOf(c.name, c.typed); got != c.want {
			t.Errorf("%q for %q: %d, want %d", c.name, c.typed, got, c.want)
		}
	}
}

func TestMonograms(t *testing.T) {
	for label, want := range map[string]string{
		"Account": "Ac", "phone call": "PC", "Phone-call log": "PC", "é": "É", "": "", "—": "", "取引先企業": "取引",
	} {
		if got := (Table{Label: label}).Monogram(); got != want {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
	}
}

// An answer is complete only when every place gave every table.
func TestAnAnswerThatLacksSomething(t *testing.T) {
	whole := SearchAnswer{Places: []Searched{{}, {}}}
	failed := SearchAnswer{Places: []Searched{{}, {Err: errSample{}}}}
	skipped := SearchAnswer{Places: []Searched{{Skipped: []Skipped{{}}}}}
	if !whole.Complete() || failed.Complete() || skipped.Complete() {
		t.Error(whole.Complete(), failed.Complete(), skipped.Complete())
	}
}

type errSample struct{}

func (errSample) Error() string { return "sample" }

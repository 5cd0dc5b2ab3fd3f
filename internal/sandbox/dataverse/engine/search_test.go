package engine

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// searchable opens an organization whose accounts can be searched by their names.
func searchable(t testing.TB, names ...string) *world {
	w := organization(t, func(l *Loader) error {
		for i, name := range names {
			if _, err := l.Insert("account", Row{"accountid": scribbled(i), "name": name, "ownerid": owner([]int{ann, eve}[i%2])}); err != nil {
				return err
			}
		}
		return nil
	})
	w.Model().Table("account").Searchable = true
	return w
}

func (w *world) search(who int, s Search) *Found {
	w.Helper()
	if s.Top == 0 {
		s.Top = 50
	}
	found, err := w.Search(w.ctx, w.as(who), s)
	if err != nil {
		w.Fatalf("%v in %q", err, s.Text)
	}
	return found
}

// named lists the highlighted names that were found, best first.
func (f *Found) named() string {
	var list []string
	for _, h := range f.Hits {
		list = append(list, strings.NewReplacer("{crmhit}", "<", "{/crmhit}", ">").Replace(cmpOr(h.Highlights["name"], h.texts[0])))
	}
	return strings.Join(list, " | ")
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestSearchFindsWords(t *testing.T) {
	w := searchable(t, "Wifi Hotel", "Hotel Luxury Wifi", "Hotel Luxury", "Hostel", "O'Hara & Söhne GmbH", "Straße 12-b", "ada@motel.example", "Big blue rock", "Rock the big boat")
	for _, c := range []struct {
		text   string
		all    bool
		lucene bool
		want   string
	}{
		{"wifi", false, false, "<Wifi> Hotel | Hotel Luxury <Wifi>"},
		{"WIFI luxury", false, false, "Hotel <Luxury> <Wifi> | <Wifi> Hotel | Hotel <Luxury>"},
		{"wifi luxury", true, false, "Hotel <Luxury> <Wifi>"},
		{"wifi + luxury", false, false, "Hotel <Luxury> <Wifi>"},
		{"hotel+(wifi | luxury)", false, false, "<Hotel> <Luxury> <Wifi> | <Wifi> <Hotel> | <Hotel> <Luxury>"},
		{"hotel+(wifi|sauna)", false, false, "<Wifi> <Hotel> | <Hotel> Luxury <Wifi>"},
		{"wifi -luxury", true, false, "<Wifi> Hotel"},
		{"ho*", false, false, "<Wifi> <Hotel>"},
		{"hot*", false, false, "Wifi <Hotel> | <Hotel> Luxury | <Hotel> Luxury Wifi"},
		{`"luxury wifi"`, false, false, "Hotel <Luxury> <Wifi>"},
		{`"wifi luxury"`, false, false, ""},
		{"o'hara", false, false, "<O>'<Hara> & Söhne GmbH"},
		{"sohne", false, false, "Ärger & <Söhne> | O'Hara & <Söhne> GmbH"},
		{"strasse", false, false, "<Straße> 12-b"},
		{`12\-b`, false, false, "Straße <12>-<b>"},
		{"motel.example", false, false, "ada@<motel>.<example>"},
		{"wifi AND luxury", false, true, "Hotel <Luxury> <Wifi>"},
		{"wifi NOT luxury", false, true, "<Wifi> Hotel"},
		{"+hotel -wifi", false, true, "<Hotel> Luxury"},
		{"(wifi OR sauna) && !luxury", false, true, "<Wifi> Hotel"},
		{"luxuri~1", false, true, "Hotel <Luxury> | Hotel <Luxury> Wifi"},
		{"/[mh]otel/ -wifi -luxury", false, true, "ada@<motel>.example"},
		{"h?tel -wifi", false, true, "<Hotel> Luxury"},
		{"*stel", false, true, "<Hostel>"},
		{`"big rock"~1`, false, true, "<Big> blue <rock> | <Rock> the <big> boat"},
		{`"blue boat"~1`, false, true, ""},
		{"rock^9 blue", false, true, "Big <blue> <rock> | <Rock> the big boat"},
		{"name:hostel", false, true, "<Hostel>"},
		{"city:hostel", false, true, ""},
		{"and or not", false, true, ""},
		{"((((", false, true, ""},
	} {
		got := w.search(eve, Search{Text: c.text, All: c.all, Lucene: c.lucene}).named()
		if c.text == "ho*" {
			if !strings.Contains(got, "<Hostel>") || strings.Count(got, "|") != 3 {
				t.Errorf("%s: %s", c.text, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s (all %v, lucene %v): %s, not %s", c.text, c.all, c.lucene, got, c.want)
		}
	}
	if n := len(w.search(eve, Search{Text: "wifi -luxury"}).Hits); n < 9 { // any: with wifi, or without luxury
		t.Error("or not:", n)
	}
}

// Whoever may read only some rows finds only those, whatever the index knows of the others.
func TestSearchFindsWhatAPersonMayRead(t *testing.T) {
	w := searchable(t, "Harbour one", "Harbour two", "Harbour three", "Harbour four")
	if got := w.search(ann, Search{Text: "harbour", Count: true, Facets: []Facet{{Name: "t"}, {Name: "ownerid", Column: "ownerid"}}}); len(got.Hits) != 2 || got.Count != 2 ||
		got.Facets["t"][0].Count != 2 || len(got.Facets["ownerid"]) != 1 || got.Facets["ownerid"][0].Text != "Ann" {
		t.Errorf("%+v", got)
	}
	if got := w.search(eve, Search{Text: "harbour", Count: true}); len(got.Hits) != 4 || got.Count != 4 {
		t.Errorf("%+v", got)
	}
	if got := w.search(fay, Search{Text: "harbour", Count: true, Tables: []SearchTable{{Name: "account"}}}); len(got.Hits) != 0 || got.Count != 0 {
		t.Errorf("somebody without the privilege finds %+v", got)
	}
	if _, err := w.Search(w.ctx, w.as(eve), Search{Text: "harbour", Tables: []SearchTable{{Name: "role"}}}); err == nil {
		t.Error("a table that is not searchable is searched")
	}
}

// The index keeps in step with every way of writing, and with the view that says what is searched.
func TestSearchKnowsWhatWasWrittenLast(t *testing.T) {
	w := searchable(t, "Alpha", "Beta")
	w.search(eve, Search{Text: "alpha"})
	err := w.Change(w.ctx, w.as(eve), func(x *Change) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	w.load(func(l *Loader) error {
		_, err := l.Insert("account", Row{"name": "Alpha again", "ownerid": owner(eve)})
		return err
	})
	for _, s := range []string{`UPDATE account SET name = 'Gamma', "name~" = 'gamma' WHERE "name~" = 'beta'`, `DELETE FROM account WHERE "name~" = 'alpha'`} {
		if _, err := w.write.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]string{"alpha": "<Alpha> again", "beta": "", "gamma": "<Gamma>"} {
		if got := w.search(eve, Search{Text: text}).named(); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

// Every search that is an operator's nightmare has an answer, and it is found among the rows by the same rules.
func TestSearchesAgreeWithReadingEveryRow(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 9))
	vocabulary := []string{"alpha", "alps", "beta", "béta", "gamma", "gam", "12", "delta"}
	var names []string
	for range 200 {
		var parts []string
		for range 1 + random.IntN(4) {
			parts = append(parts, vocabulary[random.IntN(len(vocabulary))])
		}
		names = append(names, strings.Join(parts, []string{" ", "-", ", "}[random.IntN(3)]))
	}
	w := searchable(t, names...)
	sizes := map[int]bool{}
	for range 300 {
		text, all := randomSearch(random, vocabulary, 2), random.IntN(2) == 0
		found := w.search(eve, Search{Text: text, All: all, Top: 1000, Tables: []SearchTable{{Name: "account"}}})
		var got, want []string
		for _, h := range found.Hits {
			if strings.HasPrefix(h.ID, "5c") {
				got = append(got, h.ID)
			}
		}
		tree := parseSearch(text, all)
		for i, name := range names {
			if tree.holds(wordsOf(name)) {
				want = append(want, scribbled(i))
			}
		}
		slices.Sort(got)
		if len(tree.of)+len(tree.wanted(nil)) > 0 && !slices.Equal(got, want) {
			t.Errorf("%q (all %v) found %d rows, not %d", text, all, len(got), len(want))
		}
		sizes[len(want)] = true
	}
	if len(sizes) < 20 {
		t.Error("the searches hardly tell rows apart:", sizes)
	}
}

// holds evaluates a search over the words of one text.
func (c *clause) holds(list []token) bool {
	switch {
	case c.leaf != nil:
		found, _ := c.leaf.hits(list)
		return c.leaf.everything || len(found) > 0
	case c.not:
		return !c.of[0].holds(list)
	}
	for i := range c.of {
		if c.of[i].holds(list) == c.any {
			return c.any
		}
	}
	return !c.any
}

func randomSearch(random *rand.Rand, vocabulary []string, depth int) string {
	word := func() string { return vocabulary[random.IntN(len(vocabulary))] }
	if depth > 0 && random.IntN(3) > 0 {
		a, b := randomSearch(random, vocabulary, depth-1), randomSearch(random, vocabulary, depth-1)
		return []string{a + " " + b, a + "+" + b, a + " | " + b, "(" + a + " " + b + ")", a + " -" + b, "-(" + a + "|" + b + ")"}[random.IntN(6)]
	}
	switch random.IntN(4) {
	case 0:
		return `"` + word() + " " + word() + `"`
	case 1:
		return word()[:2] + "*"
	}
	return word()
}

// What is passed over without looking closely has nothing in it to find.
func TestNoTextIsPassedOverThatHasTheWord(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	vocabulary := []string{"alpha", "Beta", "AB", "straße", "Zürich", "12b", "kelvin", "be"}
	passed, found := 0, 0
	for range 5000 {
		var parts []string
		for range 1 + random.IntN(4) {
			parts = append(parts, []string{"Alpha", "ALPHA", "beta-AB", "STRASSE", "Zu\u0308rich", "x12B", "12b@ab.example", "\u212aelvin", "日本", "b", "Be"}[random.IntN(11)])
		}
		text := strings.Join(parts, []string{" ", "-", ".", ""}[random.IntN(4)])
		for _, read := range []func(string, bool) clause{parseSearch, parseLucene} {
			tree := read(randomSearch(random, vocabulary, 1), true)
			for _, l := range tree.wanted(nil) {
				hits, _ := l.hits(wordsOf(text))
				switch {
				case len(hits) > 0 && !l.mayStandIn(text):
					t.Fatalf("%q is passed over in %q", l.words, text)
				case len(hits) > 0:
					found++
				case !l.mayStandIn(text):
					passed++
				}
			}
		}
	}
	if passed < 1000 || found < 1000 {
		t.Errorf("%d passed over, %d found", passed, found)
	}
}

// FuzzSearch: whatever a person types, both syntaxes answer it, cheaply and without an error.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{`a AND "b c"~2 OR (d -e*)`, `name:"x^2`, `/[/ (((`, `\`, `"`, `+-|!(){}[]^"~*?:\/`, `NEAR(a b)`, `{name~}: a`, "a\x00b", `a* *b ?c`, `-(-(-a))`, `a~ b~1 c~2`, `ﬀ ß`, "𝄞 日本 ่า"} {
		f.Add(s)
	}
	w := searchable(f, "Alpha beta", "Gamma-12", "日本 (a)")
	caller := w.as(eve)
	f.Fuzz(func(t *testing.T, text string) {
		if len([]rune(text)) > 100 {
			return
		}
		for _, lucene := range []bool{false, true} {
			_, err := w.Search(w.ctx, caller, Search{Text: text, Lucene: lucene, Top: 10, Count: true})
			if refusal, ok := err.(*Error); err != nil && (!ok || refusal.Code != CodeInvalidArgument) {
				t.Errorf("%q (lucene %v): %v", text, lucene, err)
			}
		}
	})
}

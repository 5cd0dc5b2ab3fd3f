package crm

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// SearchQuery is what a person looks for, and where. Every character of Text stands for itself: there are no wildcards and no
// operators.
type SearchQuery struct {
	Text   string   // "" asks for what the person used last
	Tables []string // logical names, as Filter by gives them; nil means every table that each app searches
	Places []Place  // organizations with the app whose tables are searched; an organization may come more than once
	Most   int      // results in all; 0 means the usual number
}

// FoundRecord is a record that was found, as this person may see it.
type FoundRecord struct {
	Place  Place // the organization that it is in, and the app through which it was found
	Table  Table
	Ref    RecordRef
	Name   string       // value of the primary name column; may be ""
	Fields []FoundField // what else the table's quick find view shows: in its order, none of them empty, at most four
	Match  Match
	Used   time.Time // when the person used it last; zero where that is not known
}

// Used is a record that a person looked at, and when they last did.
type Used struct {
	Ref RecordRef
	At  time.Time
}

// FoundField is a value of a found record, as Dataverse formats it for this person.
type FoundField struct {
	Label string
	Kind  Kind
	Cell
}

// FoundView is a view that was found by its name.
type FoundView struct {
	Place Place
	Table Table
	View  ViewRef // Personal ones belong to the person or are shared with them: others may not see them
	Match Match
}

// Match is how well a name fits what was typed; the higher, the better.
type Match int

// The matches.
const (
	MatchOther    Match = iota // something else than the name has it
	MatchContains              // the name has it inside a word
	MatchWord                  // a word of the name begins with it
	MatchPrefix                // the name begins with it
	MatchExact                 // the name is it
)

// MatchOf tells how well a name fits what was typed; upper and lower case, and white space around it, make no difference. Of
// several words that stand apart in the name, the worst decides.
func MatchOf(name, typed string) Match {
	name, typed = folded(name), folded(typed)
	if m := matchOf(name, typed); m != MatchOther || !strings.Contains(typed, " ") {
		return m
	}
	worst := MatchWord
	for word := range strings.FieldsSeq(typed) {
		worst = min(worst, matchOf(name, word))
	}
	return worst
}

func matchOf(name, typed string) Match {
	if typed == "" {
		return MatchOther
	}
	best := MatchOther
	for at := 0; ; {
		i := strings.Index(name[at:], typed)
		if i < 0 {
			return best
		}
		at += i
		switch before, _ := utf8.DecodeLastRuneInString(name[:at]); {
		case at == 0 && len(name) == len(typed):
			return MatchExact
		case at == 0:
			return MatchPrefix
		case !unicode.IsLetter(before) && !unicode.IsDigit(before):
			return MatchWord
		}
		best = MatchContains
		_, size := utf8.DecodeRuneInString(name[at:])
		at += size
	}
}

func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// SearchedBy is how an organization was searched.
type SearchedBy string

// The ways of searching.
const (
	SearchedByIndex     SearchedBy = "index"     // Dataverse search: any word
	SearchedByQuickFind SearchedBy = "quickfind" // the tables' quick find views: beginnings of columns
	SearchedByUse       SearchedBy = "use"       // what the person used last
	SearchedByName      SearchedBy = "name"      // names of views
)

// Searched is what one place gave. A place that failed has Err and may still have what was found before it did.
type Searched struct {
	Place   Place
	By      SearchedBy
	Records []FoundRecord // the best first
	Views   []FoundView   // the best first
	Tables  []Table       // those that were searched, as they are called
	Skipped []Skipped     // tables that were not, and why
	More    bool          // there is more than is given
	Took    time.Duration
	Err     error // a fault
}

// Skipped is a table that was not searched.
type Skipped struct {
	Table Table
	Err   error // a fault
}

// SearchAnswer is what was found in all places together.
type SearchAnswer struct {
	Records []FoundRecord // of every place, the best first
	Views   []FoundView   // of every place, the best first
	Places  []Searched    // one for each place of the query, in its order
	More    bool
}

// Complete reports whether every place answered, with every table.
func (a SearchAnswer) Complete() bool {
	for _, p := range a.Places {
		if p.Err != nil || len(p.Skipped) > 0 {
			return false
		}
	}
	return true
}

// Rank puts what was found in order: the names that fit best first, and what fits alike as it stands.
func (s *Searched) Rank(text string) {
	for i := range s.Records {
		s.Records[i].Match = MatchOf(s.Records[i].Name, text)
	}
	for i := range s.Views {
		s.Views[i].Match = MatchOf(s.Views[i].View.Name, text)
	}
	slices.SortStableFunc(s.Records, func(a, b FoundRecord) int { return cmp.Compare(b.Match, a.Match) })
	slices.SortStableFunc(s.Views, func(a, b FoundView) int { return cmp.Compare(b.Match, a.Match) })
}

// Merge puts what the places gave together, each record and view once: the best first, and what fits alike by turns, so that no
// place hides the others.
func (a *SearchAnswer) Merge(most int) {
	type view struct {
		organization, id string
	}
	records, views := map[RecordRef]bool{}, map[view]bool{}
	a.Records, a.Views = nil, nil
	for row, left := 0, true; left; row++ {
		left = false
		for _, p := range a.Places {
			if row < len(p.Records) {
				if left = true; !records[p.Records[row].Ref] {
					records[p.Records[row].Ref] = true
					a.Records = append(a.Records, p.Records[row])
				}
			}
			if row < len(p.Views) {
				key := view{p.Place.Organization.URL, p.Views[row].View.ID}
				if left = true; !views[key] {
					views[key] = true
					a.Views = append(a.Views, p.Views[row])
				}
			}
		}
	}
	slices.SortStableFunc(a.Records, func(x, y FoundRecord) int {
		return cmp.Or(cmp.Compare(y.Match, x.Match), y.Used.Compare(x.Used))
	})
	slices.SortStableFunc(a.Views, func(x, y FoundView) int { return cmp.Compare(y.Match, x.Match) })
	a.More = slices.ContainsFunc(a.Places, func(p Searched) bool { return p.More }) || len(a.Records) > most || len(a.Views) > most
	a.Records, a.Views = a.Records[:min(most, len(a.Records))], a.Views[:min(most, len(a.Views))]
}

// SearchTable is a table that can be searched in a place, for Filter by.
type SearchTable struct {
	Place Place
	Table Table
}

// Monogram is what stands for a table where there is no picture of it: the first letters of the first two words that it is
// called, or the first two of the only one.
func (t Table) Monogram() string {
	words := strings.FieldsFunc(t.Label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	switch {
	case len(words) == 0:
		return ""
	case len(words) == 1:
		return leading(words[0], 2)
	}
	return strings.ToUpper(leading(words[0], 1) + leading(words[1], 1))
}

// leading gives the first letters of a word, the first of them in upper case.
func leading(word string, n int) string {
	var b strings.Builder
	for i, r := range []rune(word) {
		if i == n {
			break
		}
		if i == 0 {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

package record

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Searcher is what searching needs from Dataverse. Nothing is found that the person may not read, and what was typed is always
// taken literally.
type Searcher interface {
	// Searchable lists the tables of the place's app that this person can search, by name.
	Searchable(ctx context.Context, caller crm.Caller, place crm.Place) ([]crm.Table, error)
	// Find searches tables of a place; nil means all that are searchable. With an error it may give what was found before.
	Find(ctx context.Context, caller crm.Caller, place crm.Place, text string, tables []string, most int) (crm.Searched, error)
	// Views gives the views of tables of a place whose names have the text, all of them where it is "".
	Views(ctx context.Context, caller crm.Caller, place crm.Place, text string, tables []string, most int) (crm.Searched, error)
	// Used gives what Dataverse itself knows of the records that the person used last; told is false where it does not tell.
	Used(ctx context.Context, caller crm.Caller, place crm.Place, most int) (used []crm.Used, told bool, err error)
	// Shown reads records as search results show them, in the same order; those that cannot be read are left out.
	Shown(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.FoundRecord, error)
}

// Recents keeps which records a person looked at here.
type Recents interface {
	// Recent gives the records of an organization that the person looked at last, the latest first.
	Recent(ctx context.Context, user crm.User, organization string, most int) ([]crm.Used, error)
}

// The bounds of a search.
const (
	usualFound  = 20
	mostFound   = 100
	mostPlaces  = 50
	placesAside = 4
	// longestText is the longest that Dataverse search takes.
	longestText = 100
	// placePatience is how long one place may take; the others are told of meanwhile.
	placePatience = 8 * time.Second
)

// CheckSearch says what is the matter with a text before anything is asked: search.too_short, search.too_long, or nothing.
func CheckSearch(text string) error {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n > longestText:
		return fault.New(fault.Invalid, "search.too_long").With("most", longestText)
	case n == 0, n >= 2, strings.ContainsFunc(text, wordless):
		return nil
	}
	return fault.New(fault.Invalid, "search.too_short").With("least", 2)
}

// wordless reports whether one character says as much as a word does elsewhere.
func wordless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// Search finds records in all places of the query at once. Told, unless it is nil, is called for each place as it answers, from
// this goroutine; a place that fails says so in its Searched and takes nothing from the others. Without a text it gives what the
// person used last. The error is search.too_short or search.too_long, or a sign-in that has ended.
func (s *Service) Search(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error) {
	return everywhere(ctx, q, told, func(ctx context.Context, place crm.Place, q crm.SearchQuery) (crm.Searched, error) {
		if q.Text == "" {
			return s.recent(ctx, caller, place, q)
		}
		return s.Searcher.Find(ctx, caller, place, q.Text, q.Tables, q.Most)
	})
}

// SearchViews finds views by name in all places of the query at once, as Search finds records. Without a text it lists them.
func (s *Service) SearchViews(ctx context.Context, caller crm.Caller, q crm.SearchQuery, told func(crm.Searched)) (crm.SearchAnswer, error) {
	return everywhere(ctx, q, told, func(ctx context.Context, place crm.Place, q crm.SearchQuery) (crm.Searched, error) {
		return s.Searcher.Views(ctx, caller, place, q.Text, q.Tables, q.Most)
	})
}

// SearchTables lists what Filter by offers: each table of the places' apps once, by name. The error is that of a place which did
// not answer; the tables of the others are given all the same.
func (s *Service) SearchTables(ctx context.Context, caller crm.Caller, places []crm.Place) ([]crm.SearchTable, error) {
	answer, err := everywhere(ctx, crm.SearchQuery{Places: places}, nil, func(ctx context.Context, place crm.Place, _ crm.SearchQuery) (crm.Searched, error) {
		tables, err := s.Searcher.Searchable(ctx, caller, place)
		return crm.Searched{Tables: tables}, err
	})
	var all []crm.SearchTable
	seen := map[string]bool{}
	for _, p := range answer.Places {
		err = cmp.Or(err, p.Err)
		for _, t := range p.Tables {
			if !seen[t.LogicalName] {
				seen[t.LogicalName] = true
				all = append(all, crm.SearchTable{Place: p.Place, Table: t})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b crm.SearchTable) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Table.Label), strings.ToLower(b.Table.Label)), strings.Compare(a.Table.LogicalName, b.Table.LogicalName))
	})
	return all, err
}

// recent gives what the person used last in a place: what Dataverse knows of it, and what they looked at here.
func (s *Service) recent(ctx context.Context, caller crm.Caller, place crm.Place, q crm.SearchQuery) (crm.Searched, error) {
	searched := crm.Searched{By: crm.SearchedByUse}
	tables, err := s.Searcher.Searchable(ctx, caller, place)
	if err != nil {
		return searched, err
	}
	most := 2 * q.Most // some may be gone by now, or closed to the person
	used, _, err := s.Searcher.Used(ctx, caller, place, most)
	if err != nil {
		return searched, err
	}
	here, err := s.Recents.Recent(ctx, caller.User, place.Organization.URL, most)
	if err != nil {
		return searched, err
	}
	searched.Records, err = s.Searcher.Shown(ctx, caller, place, lately(append(used, here...), wanted(tables, q.Tables), most))
	for i, r := range searched.Records {
		for _, look := range append(used, here...) {
			if look.Ref == r.Ref && look.At.After(r.Used) {
				searched.Records[i].Used = look.At
			}
		}
	}
	slices.SortStableFunc(searched.Records, func(a, b crm.FoundRecord) int { return b.Used.Compare(a.Used) })
	searched.Tables = slices.DeleteFunc(tables, func(t crm.Table) bool { return q.Tables != nil && !slices.Contains(q.Tables, t.LogicalName) })
	return searched, err
}

// wanted says of which tables results are shown.
func wanted(tables []crm.Table, chosen []string) map[string]bool {
	names := map[string]bool{}
	for _, t := range tables {
		names[t.LogicalName] = chosen == nil || slices.Contains(chosen, t.LogicalName)
	}
	return names
}

// lately gives the records looked at last, the latest first and each once.
func lately(looks []crm.Used, tables map[string]bool, most int) []crm.RecordRef {
	slices.SortStableFunc(looks, func(a, b crm.Used) int { return b.At.Compare(a.At) })
	var refs []crm.RecordRef
	seen := map[crm.RecordRef]bool{}
	for _, look := range looks {
		if tables[look.Ref.Table] && !seen[look.Ref] && len(refs) < most {
			seen[look.Ref] = true
			refs = append(refs, look.Ref)
		}
	}
	return refs
}

// everywhere asks all places, some at a time, and puts their answers together.
func everywhere(ctx context.Context, q crm.SearchQuery, told func(crm.Searched), ask func(context.Context, crm.Place, crm.SearchQuery) (crm.Searched, error)) (crm.SearchAnswer, error) {
	if err := CheckSearch(q.Text); err != nil {
		return crm.SearchAnswer{}, err
	}
	q.Text = strings.TrimSpace(q.Text)
	if q.Most <= 0 {
		q.Most = usualFound
	}
	q.Most = min(q.Most, mostFound)
	answer := crm.SearchAnswer{Places: make([]crm.Searched, min(len(q.Places), mostPlaces))}
	type reply struct {
		at int
		crm.Searched
	}
	replies, turns := make(chan reply), make(chan struct{}, placesAside)
	for i := range answer.Places {
		go func() {
			turns <- struct{}{}
			searched := inPlace(ctx, q, q.Places[i], ask)
			<-turns
			replies <- reply{i, searched}
		}()
	}
	var signedOut error
	for range answer.Places {
		r := <-replies
		answer.Places[r.at] = r.Searched
		if fault.Is(r.Err, fault.SignedOut) {
			signedOut = r.Err
		}
		if told != nil {
			told(r.Searched)
		}
	}
	tellMissing(&answer, q.Tables)
	answer.Merge(q.Most)
	return answer, signedOut
}

// tellMissing tells of chosen tables that no place has, where every place answered. One that some place has is missing nowhere.
func tellMissing(answer *crm.SearchAnswer, chosen []string) {
	known := map[string]bool{}
	for _, p := range answer.Places {
		if p.Err != nil {
			return
		}
		for _, t := range p.Tables {
			known[t.LogicalName] = true
		}
		for _, k := range p.Skipped {
			known[k.Table.LogicalName] = true
		}
	}
	for _, name := range chosen {
		if !known[name] && len(answer.Places) > 0 {
			answer.Places[0].Skipped = append(answer.Places[0].Skipped, crm.Skipped{
				Table: crm.Table{LogicalName: name, Label: crm.Label(name)}, Err: fault.New(fault.NotFound, "record.no_table"),
			})
		}
	}
}

// inPlace asks one place. Whatever goes wrong in it is its own fault.
func inPlace(ctx context.Context, q crm.SearchQuery, place crm.Place, ask func(context.Context, crm.Place, crm.SearchQuery) (crm.Searched, error)) (searched crm.Searched) {
	ctx, cancel := context.WithTimeout(ctx, placePatience)
	defer cancel()
	began := time.Now()
	defer func() {
		if r := recover(); r != nil {
			searched = crm.Searched{Err: fault.Wrap(errors.New("panic in a search"), fault.Internal, "internal")}
		}
		searched.Place, searched.Took = place, time.Since(began)
	}()
	searched, err := ask(ctx, place, q)
	if err != nil {
		searched.Err = fault.Of(err)
	}
	searched.Rank(q.Text)
	searched.More = searched.More || len(searched.Records) > q.Most || len(searched.Views) > q.Most
	searched.Records, searched.Views = searched.Records[:min(q.Most, len(searched.Records))], searched.Views[:min(q.Most, len(searched.Views))]
	return searched
}

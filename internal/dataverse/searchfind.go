package dataverse

import (
	"context"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// mostOfTable bounds what quick find gives of one table, so that one table does not hide the others.
	mostOfTable = 25
	// mostInBatch is how many tables are asked with one request; batchesAside how many of those are under way at once.
	mostInBatch  = 15
	batchesAside = 2
	// tablesAside is of how many tables definitions are asked for at once.
	tablesAside = 4
	// mostShown is how many of a record's fields are shown beside its name.
	mostShown = 4
)

// Find searches tables of a place, nil means all of its app's: with Dataverse search as far as it knows them and answers, else with
// their quick find views. Every character of the text stands for itself. Each table of the app that could not be searched is told of.
func (c *Client) Find(ctx context.Context, caller crm.Caller, place crm.Place, text string, tables []string, most int) (crm.Searched, error) {
	all, err := c.searchables(ctx, caller, place)
	if err != nil {
		return crm.Searched{}, err
	}
	var out crm.Searched
	all = chosenOf(all, tables)
	indexed, others := c.split(all, text)
	var shown []crm.FoundRecord
	var quick quickly
	var more bool
	var lost error
	err = together(
		func() (err error) {
			if len(indexed) == 0 {
				return nil
			}
			var hits []crm.RecordRef
			if hits, more, lost = c.searchIndex(ctx, caller, place.Organization, text, indexed, most); lost == nil {
				shown, err = c.Shown(ctx, caller, place, hits)
			}
			return err
		},
		func() (err error) {
			quick, err = c.quickSearch(ctx, caller, place, text, others, false, most)
			return err
		},
	)
	if fault.Is(lost, fault.SignedOut) || fault.Is(lost, fault.Consent) {
		return out, lost
	}
	if err == nil && lost != nil {
		c.config.Log.DebugContext(ctx, "search fell back to quick find", "fault", fault.Of(lost).Key)
		var instead quickly
		instead, err = c.quickSearch(ctx, caller, place, text, indexed, false, most)
		quick.add(instead)
	}
	out.By = crm.SearchedByQuickFind
	if len(indexed) > 0 && lost == nil {
		out.By = crm.SearchedByIndex
	}
	if err == nil && len(shown)+len(quick.found) == 0 {
		var within quickly
		within, err = c.quickSearch(ctx, caller, place, text, all, true, most)
		quick.found, quick.more = within.found, within.more
	}
	out.Records, out.More, out.Skipped = slices.Concat(shown, quick.found), more || quick.more, append(out.Skipped, quick.skipped...)
	for _, s := range all {
		if !slices.ContainsFunc(out.Skipped, func(k crm.Skipped) bool { return k.Table.LogicalName == s.LogicalName }) {
			out.Tables = append(out.Tables, s.Table)
		}
	}
	return out, err
}

// quickly is what quick find gave.
type quickly struct {
	found   []crm.FoundRecord
	skipped []crm.Skipped
	more    bool
}

func (q *quickly) add(other quickly) {
	q.found, q.skipped, q.more = append(q.found, other.found...), append(q.skipped, other.skipped...), q.more || other.more
}

func chosenOf(all []searchable, tables []string) []searchable {
	if tables == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(s searchable) bool { return !slices.Contains(tables, s.LogicalName) })
}

// quickSearch searches tables with their quick find views, several with each request. Anywhere looks for the text in the middle of
// names too.
func (c *Client) quickSearch(ctx context.Context, caller crm.Caller, place crm.Place, text string, tables []searchable, anywhere bool, most int) (quickly, error) {
	most = min(most, mostOfTable)
	possible := slices.DeleteFunc(slices.Clone(tables), func(s searchable) bool { return s.finding(text, anywhere, most) == nil })
	pages, faults, err := c.runMany(ctx, caller, place.Organization, possible, func(s searchable) *crmxml.Fetch { return s.finding(text, anywhere, most) })
	if err != nil {
		return quickly{}, err
	}
	var broad []searchable
	for i, s := range possible {
		if searchedTooMuch(faults[i]) {
			broad = append(broad, s)
		}
	}
	if len(broad) > 0 && !anywhere { // Dataverse looks at 10,000 rows at most: names alone are often few enough
		again, refused, err := c.runMany(ctx, caller, place.Organization, broad, func(s searchable) *crmxml.Fetch { return s.namesOnly().finding(text, false, most) })
		if err != nil {
			return quickly{}, err
		}
		for i, s := range broad {
			at := slices.IndexFunc(possible, func(p searchable) bool { return p.LogicalName == s.LogicalName })
			pages[at], faults[at] = again[i], refused[i]
		}
	}
	var q quickly
	found := make([][]crm.FoundRecord, len(possible))
	asks := make([]func() error, len(possible))
	for i, s := range possible {
		if faults[i] != nil && !anywhere {
			q.skipped = append(q.skipped, crm.Skipped{Table: s.Table, Err: fault.Of(faults[i])})
		}
		asks[i] = func() (err error) {
			found[i], err = c.found(ctx, caller, place, s.Table, s.quick, pages[i])
			return err
		}
	}
	if err := someAtOnce(asks); err != nil {
		return quickly{}, err
	}
	for row := range most + 1 { // the tables take turns
		for i := range found {
			switch {
			case row < most && row < len(found[i]):
				q.found = append(q.found, found[i][row])
			case row < len(found[i]):
				q.more = true
			}
		}
	}
	return q, nil
}

// namesOnly is the table searched by its names alone.
func (s searchable) namesOnly() searchable {
	narrow := *s.quick
	narrow.fetch = s.quick.fetch.Clone()
	narrow.fetch.Entity.Filters = append(slices.DeleteFunc(narrow.fetch.Entity.Filters, func(f crmxml.Filter) bool { return f.QuickFind }),
		listing{table: &table{Table: s.Table}}.searchedByName().Entity.Filters...)
	s.quick = &narrow
	return s
}

// finding is the table's quick find view with a text in it; nil where no column can hold the text.
func (s searchable) finding(text string, anywhere bool, most int) *crmxml.Fetch {
	if anywhere {
		if s.PrimaryName == "" {
			return nil
		}
		s = s.namesOnly()
	}
	fetch := s.quick.fetch.Clone()
	fetch.Entity.Filters = slices.DeleteFunc(fetch.Entity.Filters, func(f crmxml.Filter) bool { return f.QuickFind })
	fetch.Top, fetch.PagingCookie, fetch.Page, fetch.Count = 0, "", 1, most+1
	fetch.Ensure(s.PrimaryID)
	if s.PrimaryName != "" {
		fetch.Ensure(s.PrimaryName)
	}
	if !fetch.Search(s.quick.fetch, text, searchPrefix, s.literally(text, anywhere)) {
		return nil
	}
	fetch.Mapping, fetch.Version = "logical", "1.0"
	return fetch
}

// literally says how a column is compared with a text in which every character stands for itself.
func (s searchable) literally(text string, anywhere bool) func(table, column string) crmxml.Match {
	known := map[string]*table{}
	for name, kind := range s.kinds {
		owner, column, _ := strings.Cut(name, ".")
		if known[owner] == nil {
			known[owner] = &table{columns: map[string]crm.Column{}}
		}
		known[owner].columns[column] = crm.Column{Kind: kind}
	}
	usual := matching(known, text)
	return func(table, column string) crmxml.Match {
		switch m := usual(table, column); {
		case anywhere && table == s.LogicalName && column == s.PrimaryName:
			return crmxml.MatchAnywhere
		case m == crmxml.MatchPrefix:
			return crmxml.MatchLiteral
		case table == s.LogicalName && column == s.PrimaryName:
			return crmxml.MatchLiteral
		default:
			return m
		}
	}
}

// runMany runs one query over each of several tables, and gives a page or a fault for each. The error is that of everything: a
// sign-in that has ended, or an organization that does not answer.
func (c *Client) runMany(ctx context.Context, caller crm.Caller, org crm.Organization, tables []searchable, of func(searchable) *crmxml.Fetch) ([]rows, []error, error) {
	up, err := c.organization(org)
	if err != nil {
		return nil, nil, err
	}
	pages, faults := make([]rows, len(tables)), make([]error, len(tables))
	turns := make(chan struct{}, batchesAside)
	var asks []func() error
	for from := 0; from < len(tables); from += mostInBatch {
		some := tables[from:min(from+mostInBatch, len(tables))]
		asks = append(asks, func() error {
			turns <- struct{}{}
			defer func() { <-turns }()
			paths := make([]string, len(some))
			for i, s := range some {
				paths[i] = fetchPath(s.SetName, of(s))
			}
			answers, refused, err := c.askManyPreferring(ctx, caller, up, paths, annotations)
			for i := range answers {
				if faults[from+i] = refused[i]; refused[i] == nil {
					faults[from+i] = decode(answers[i].body, &pages[from+i])
				}
			}
			return err
		})
	}
	if len(asks) == 0 {
		return pages, faults, nil
	}
	return pages, faults, together(asks...)
}

// someAtOnce runs everything, a few at a time: each may ask for the definitions of several tables, and the service serves about fifty
// questions of one person at once.
func someAtOnce(asks []func() error) error {
	if len(asks) == 0 {
		return nil
	}
	turns := make(chan struct{}, tablesAside)
	work := make([]func() error, len(asks))
	for i, ask := range asks {
		work[i] = func() error {
			turns <- struct{}{}
			defer func() { <-turns }()
			return ask()
		}
	}
	return together(work...)
}

// found turns the rows of a table into results: its name, and what else the quick find view shows.
func (c *Client) found(ctx context.Context, caller crm.Caller, place crm.Place, about crm.Table, quick *view, page rows) ([]crm.FoundRecord, error) {
	if page.Value == nil || len(*page.Value) == 0 {
		return nil, nil
	}
	l := listing{view: quick}
	names := []string{about.LogicalName}
	if quick != nil {
		names = tablesOf(quick.fetch)
	}
	tables, err := c.tables(ctx, caller, place.Organization, names)
	if err != nil {
		return nil, err
	}
	if l.table = tables[about.LogicalName]; l.table == nil {
		l.table = &table{Table: about}
	}
	var columns []crm.ListColumn
	if quick != nil {
		columns = l.columns(quick.fetch, tables)
	}
	var all []crm.FoundRecord
	for _, r := range *page.Value {
		id := crmxml.GUID(r.cell(about.PrimaryID).raw)
		if id == "" {
			continue
		}
		f := crm.FoundRecord{Place: place, Table: about, Ref: crm.RecordRef{Organization: place.Organization.URL, Table: about.LogicalName, ID: id}}
		if about.PrimaryName != "" {
			f.Name = r.cell(about.PrimaryName).text
		}
		for _, column := range columns {
			v := r.cell(column.Name)
			if column.Name == about.PrimaryName || column.Name == about.PrimaryID || v.text == "" || len(f.Fields) == mostShown || !plain(column.Kind) {
				continue
			}
			field := crm.FoundField{Label: column.Label, Kind: column.Kind, Cell: crm.Cell{Text: v.text, Raw: v.raw}}
			if target := crmxml.GUID(v.raw); v.table != "" && target != "" {
				field.Link = &crm.RecordRef{Organization: place.Organization.URL, Table: v.table, ID: target}
			}
			f.Fields = append(f.Fields, field)
		}
		all = append(all, f)
	}
	return all, nil
}

// plain reports whether a value says something in a few words beside a name.
func plain(kind crm.Kind) bool {
	return kind != crm.KindRichText && kind != crm.KindImage && kind != crm.KindFile && kind != crm.KindID && kind != crm.KindOther
}

// Shown reads records as search results show them, in the same order. What the person may not read, or what is not there, is left
// out.
func (c *Client) Shown(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.FoundRecord, error) {
	known := map[string][]string{}
	for _, ref := range refs {
		if isGUID(ref.ID) && logicalName.MatchString(ref.Table) {
			known[ref.Table] = append(known[ref.Table], ref.ID)
		}
	}
	shows, err := c.showing(ctx, caller, place, known)
	if err != nil {
		return nil, err
	}
	pages, faults, err := c.runMany(ctx, caller, place.Organization, shows, func(s searchable) *crmxml.Fetch { return s.named(known[s.LogicalName]) })
	if err != nil {
		return nil, err
	}
	by := map[crm.RecordRef]crm.FoundRecord{}
	var mu sync.Mutex
	asks := make([]func() error, len(shows))
	for i, s := range shows {
		if faults[i] != nil {
			c.config.Log.DebugContext(ctx, "results of a table cannot be shown", "table", s.LogicalName, "fault", fault.Of(faults[i]).Key)
		}
		asks[i] = func() error {
			found, err := c.found(ctx, caller, place, s.Table, s.quick, pages[i])
			mu.Lock()
			defer mu.Unlock()
			for _, f := range found {
				by[f.Ref] = f
			}
			return err
		}
	}
	err = someAtOnce(asks)
	var all []crm.FoundRecord
	for _, ref := range refs {
		ref.Organization = place.Organization.URL
		if f, ok := by[ref]; ok {
			all = append(all, f)
			delete(by, ref)
		}
	}
	return all, err
}

// showing describes tables for Shown: those of the app as they are searched, others by themselves. A table that nobody knows is
// left out.
func (c *Client) showing(ctx context.Context, caller crm.Caller, place crm.Place, names map[string][]string) ([]searchable, error) {
	if len(names) == 0 {
		return nil, nil
	}
	all, err := c.searchables(ctx, caller, place)
	if err != nil {
		return nil, err
	}
	var shows []searchable
	var asks []func() error
	var mu sync.Mutex
	for name := range names {
		if i := slices.IndexFunc(all, func(s searchable) bool { return s.LogicalName == name }); i >= 0 {
			shows = append(shows, all[i])
			continue
		}
		asks = append(asks, func() error {
			t, err := c.table(ctx, caller, place.Organization, name)
			if err != nil {
				return optional(err)
			}
			s := searchable{Table: t.Table}
			if s.quick, err = c.quickFind(ctx, caller, place.Organization, name); err != nil {
				s.quick = nil
			}
			mu.Lock()
			defer mu.Unlock()
			shows = append(shows, s)
			return optional(err)
		})
	}
	if len(asks) > 0 {
		err = together(asks...)
	}
	slices.SortFunc(shows, func(a, b searchable) int { return strings.Compare(a.LogicalName, b.LogicalName) })
	return shows, err
}

// named asks for records by their ids, with the columns of the quick find view, whatever that view leaves out.
func (s searchable) named(ids []string) *crmxml.Fetch {
	fetch := &crmxml.Fetch{Entity: crmxml.Entity{Name: s.LogicalName}}
	if s.quick != nil {
		fetch = s.quick.fetch.Clone()
		fetch.Entity.Filters, fetch.Entity.Orders = nil, nil
		fetch.Entity.Links = bare(fetch.Entity.Links)
	}
	fetch.Top, fetch.PagingCookie, fetch.Page, fetch.Count = 0, "", 1, len(ids)
	fetch.Mapping, fetch.Version, fetch.Distinct = "logical", "1.0", false
	fetch.Ensure(s.PrimaryID)
	if s.PrimaryName != "" {
		fetch.Ensure(s.PrimaryName)
	}
	values := make([]crmxml.ConditionValue, len(ids))
	for i, id := range ids {
		values[i].Text = id
	}
	fetch.Entity.Filters = []crmxml.Filter{{Type: "and", Conditions: []crmxml.Condition{{Attribute: s.PrimaryID, Operator: "in", Values: values}}}}
	return fetch
}

// bare keeps of linked tables their columns alone: no row is left out for what they say.
func bare(links []crmxml.Link) []crmxml.Link {
	links = slices.Clone(links)
	for i := range links {
		links[i].Type, links[i].Filters, links[i].Orders, links[i].Links = "outer", nil, nil, bare(links[i].Links)
	}
	return links
}

// wordy reports whether a text says enough for Dataverse search, which refuses shorter ones.
func wordy(text string) bool {
	return utf8.RuneCountInString(strings.TrimSpace(text)) >= shortestIndexed
}

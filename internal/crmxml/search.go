package crmxml

import "strings"

// Match is how a quick find column is compared with what a person typed.
type Match int

// The ways of comparing.
const (
	MatchNever    Match = iota // the column cannot hold the term: a word in a date
	MatchPrefix                // text that begins with the term
	MatchEqual                 // a number
	MatchLiteral               // text that begins with the term, in which * stands for itself
	MatchAnywhere              // text that has the term anywhere, in which * stands for itself
)

// Search narrows f to the rows in which quickFind, the table's quick find view, would find the term. Match says how a
// column of a table is compared. Search reports false when no column can hold the term: then nothing is found. The
// ordinary filters of the quick find view are left out: the list's own view says which records it is about.
func (f *Fetch) Search(quickFind *Fetch, term, prefix string, match func(table, column string) Match) bool {
	if term = strings.TrimSpace(term); term == "" {
		return true
	}
	view := &Fetch{Entity: Entity{Name: quickFind.Entity.Name, Body: Body{Links: cloneLinks(quickFind.Entity.Links)}}}
	for _, group := range cloneFilters(quickFind.Entity.Filters) {
		if group.QuickFind {
			if group, ok := substituted(group, term, quickFind, match); ok {
				view.Entity.Filters = append(view.Entity.Filters, group)
			}
		}
	}
	if len(view.Entity.Filters) == 0 {
		return false
	}
	for i := range view.Entity.Links {
		outer(&view.Entity.Links[i])
	}
	f.Narrow(view, prefix)
	return true
}

// outer makes a search link harmless: a record is found by its own columns whether or not it has the related one.
func outer(l *Link) {
	l.Type = "outer"
	for i := range l.Links {
		outer(&l.Links[i])
	}
}

// substituted puts the term in the place of {0} and drops conditions that cannot be compared with it.
func substituted(group Filter, term string, f *Fetch, match func(table, column string) Match) (Filter, bool) {
	group.QuickFind, group.OverrideQuickFnd = false, ""
	var kept []Condition
	for _, c := range group.Conditions {
		table := f.Entity.Name
		if c.EntityName != "" {
			link, ok := f.Link(c.EntityName)
			if !ok {
				continue
			}
			table = link.Name
		}
		if !strings.Contains(c.Value, "{0}") {
			kept = append(kept, c)
			continue
		}
		switch m := match(table, c.Attribute); m {
		case MatchPrefix:
			c.Operator, c.Value = "like", strings.ReplaceAll(c.Value, "{0}", like(term))
		case MatchLiteral, MatchAnywhere:
			c.Operator, c.Value = "like", strings.ReplaceAll(c.Value, "{0}", Like(term, m == MatchAnywhere))
		case MatchEqual:
			c.Operator, c.Value = "eq", term
		default:
			continue
		}
		kept = append(kept, c)
	}
	group.Conditions = kept
	var inner []Filter
	for _, g := range group.Filters {
		if g, ok := substituted(g, term, f, match); ok {
			inner = append(inner, g)
		}
	}
	group.Filters = inner
	return group, len(kept)+len(inner) > 0
}

// like turns what a person typed into a pattern: it matches the beginning, * stands for anything, and the service's own
// wildcards are letters like any other.
func like(term string) string {
	return strings.NewReplacer("[", "[[]", "%", "[%]", "_", "[_]", "*", "%").Replace(term) + "%"
}

// Like is the pattern of operator like for text that begins with what a person typed, or has it anywhere. Every character stands for
// itself.
func Like(text string, anywhere bool) string {
	pattern := strings.NewReplacer("[", "[[]", "%", "[%]", "_", "[_]").Replace(text) + "%"
	if anywhere {
		return "%" + pattern
	}
	return pattern
}

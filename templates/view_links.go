package templates

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
)

// listAddress is what the addresses of the list page say beside a part's state.
type listAddress struct {
	query                crm.ViewQuery
	next, here, previous string // sealed marks
	selected             string
}

// values writes the address of the list in another state. Another page has another mark; another order or search has none.
func (a *listAddress) values(s crm.PartState) url.Values {
	q := a.query
	now, then := max(1, q.Page), max(1, s.Page)
	q.PartState = s
	mark := ""
	switch then {
	case now:
		mark = a.here
	case now + 1:
		q.Counted, mark = false, a.next
	case now - 1:
		q.Counted, mark = false, a.previous
	}
	v := q.Values()
	if mark != "" && then > 1 {
		v.Set("after", mark)
	}
	if a.selected != "" {
		v.Set("id", a.selected)
	}
	return v
}

// listHidden are the fields that a form of the list page sends along: without "view" nothing of the old view, without "f." no
// filters.
func (l *links) listHidden(without []string) (fields []field) {
	q := l.list.query.First()
	v := q.Values()
	l.about(v)
	v.Set("theme", string(l.theme))
	names := make([]string, 0, len(v))
	for name := range v {
		filter := strings.HasPrefix(name, "f.")
		if slices.Contains(without, name) || filter && (slices.Contains(without, "f.") || slices.Contains(without, "view")) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range v[name] {
			fields = append(fields, field{name, value})
		}
	}
	return fields
}

// seeAll leads from a list to the page that has all of it.
func (l *links) seeAll(q crm.ViewQuery) templ.SafeURL {
	if l.place.App.ID == "" || q.Table == "" {
		return ""
	}
	on := links{place: l.place, theme: l.theme, language: l.language, path: ViewPath, trail: l.onward(), list: &listAddress{query: q}}
	return on.to(q.PartState)
}

func encode(v url.Values) string { return v.Encode() }

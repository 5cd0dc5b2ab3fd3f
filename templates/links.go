package templates

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
)

// links makes the addresses inside one part: our own, which show the part in another state, and those of Dynamics 365.
type links struct {
	place     crm.Place
	origin    templ.SafeURL // of Dynamics 365; "" when the organization's address is not usable
	dashboard string
	part      string
	theme     Theme
	language  string
	state     crm.PartState

	path   string        // of the page that the part is on; "" for the dashboard
	ref    crm.RecordRef // the record that the page is about; without a table on a dashboard
	form   string        // the form that the record is shown on
	trail  string        // the way to the page, as Crumb.Token says it
	list   *listAddress  // of the list page; nil elsewhere
	record string        // the beginning of every record's address, once one was asked for
}

const dashboardPath = "/tab/dashboard"

// to shows the part in another state. The address names the place, since the person may have chosen another one when it is
// followed. Script asks /tab/dashboard/part for the same query; without script the whole page
// comes in that state.
func (l *links) to(s crm.PartState) templ.SafeURL {
	return templ.SafeURL(l.prefix(s))
}

func (l *links) prefix(s crm.PartState) string {
	v := s.Query(l.part)
	if l.list != nil {
		v = l.list.values(s)
	}
	l.about(v)
	return l.onPage() + "?" + v.Encode()
}

// onPage is the path of the page that the part is on.
func (l *links) onPage() string {
	if l.path == "" {
		return dashboardPath
	}
	return l.path
}

// about says which page the part is on, and how that looks.
func (l *links) about(v url.Values) {
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if l.place.App.ID != "" {
		set("org", l.place.Organization.URL)
		set("app", l.place.App.ID)
	}
	set("dashboard", l.dashboard)
	set("table", l.ref.Table)
	set("id", l.ref.ID)
	set("form", l.form)
	if l.path != "" {
		set("from", l.trail)
	}
	if l.theme != ThemeDefault {
		set("theme", string(l.theme))
	}
	set("locale", l.language)
}

func (l *links) same() templ.SafeURL { return l.to(l.state) }

func (l *links) page(n int) templ.SafeURL {
	s := l.state
	s.Page = n
	return l.to(s)
}

// sorted sorts by a column, and the other way round when it is sorted by it already.
func (l *links) sorted(list *crm.List, column string) templ.SafeURL {
	s := l.state
	s.Page = 0
	s.Descending = list.Sort == column && !list.Descending
	s.Sort = column
	return l.to(s)
}

// undrilled gives up the segment and goes back to where the chart was.
func (l *links) undrilled() templ.SafeURL {
	s := l.state
	s.Drill, s.Page = nil, 0
	return l.to(s)
}

func (l *links) unsearched() templ.SafeURL {
	s := l.state
	s.Search, s.Page = "", 0
	return l.to(s)
}

// drills makes the address of each segment of a chart; the part that all of them share is encoded once.
func (l *links) drills() func(category, series string) templ.SafeURL {
	s := l.state
	s.Drill, s.Page, s.Sort, s.Descending = nil, 0, "", false
	shared := l.prefix(s) + "&cat="
	return func(category, series string) templ.SafeURL {
		address := shared + url.QueryEscape(category)
		if series != "" {
			address += "&ser=" + url.QueryEscape(series)
		}
		return templ.SafeURL(address)
	}
}

// hidden are the fields that a form of the part sends along, except those that it sets itself.
func (l *links) hidden(without ...string) []field {
	if l.list != nil {
		return l.listHidden(without)
	}
	s := l.state
	s.Page = 0
	v := s.Query(l.part)
	l.about(v)
	v.Set("org", l.place.Organization.URL)
	v.Set("app", l.place.App.ID)
	v.Set("theme", string(l.theme))
	for _, name := range without {
		v.Del(name)
	}
	var fields []field
	for _, name := range []string{"part", "org", "app", "dashboard", "table", "id", "form", "from", "theme", "locale", "view", "personal", "chart", "sort", "desc", "q", "cat", "ser"} {
		if v.Has(name) && (v.Get(name) != "" || name == "theme" || name == "cat") {
			fields = append(fields, field{name, v.Get(name)})
		}
	}
	return fields
}

type field struct{ name, value string }

// open opens a record; its page leads back to this one.
func (l *links) open(ref crm.RecordRef) templ.SafeURL {
	if ref.Table == "" || ref.ID == "" || l.place.App.ID == "" {
		return ""
	}
	if l.record == "" {
		v := url.Values{}
		from := *l
		from.ref, from.form, from.dashboard, from.path, from.trail, from.list = crm.RecordRef{}, "", "", RecordPath, l.onward(), nil
		from.about(v)
		l.record = RecordPath + "?" + v.Encode() + "&table="
	}
	return templ.SafeURL(l.record + url.QueryEscape(ref.Table) + "&id=" + url.QueryEscape(ref.ID))
}

// below leads to a page below the record's, about this part.
func (l *links) below(page string, pairs ...string) templ.SafeURL {
	v := url.Values{"part": {l.part}}
	l.about(v)
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return templ.SafeURL(RecordPath + "/" + page + "?" + v.Encode())
}

// onward is the way to a page that this one leads to: the way here, and this page.
func (l *links) onward() string {
	switch {
	case l.list != nil:
		return Onward(l.trail, ListToken(l.list.query))
	case l.ref.ID != "":
		return Onward(l.trail, RecordToken(l.ref.Table, l.ref.ID))
	case l.dashboard != "":
		return DashboardToken(l.dashboard)
	}
	return l.trail
}

// inDynamics opens a record in Dynamics 365.
func (l *links) inDynamics(ref crm.RecordRef) templ.SafeURL {
	return l.dynamics("pagetype", "entityrecord", "etn", ref.Table, "id", ref.ID)
}

// view opens a view in Dynamics 365. View types are those of the URL documented for model-driven apps: 1039 is a system
// view, 4230 a personal one.
func (l *links) view(table string, v crm.ViewRef) templ.SafeURL {
	kind := "1039"
	if v.Personal {
		kind = "4230"
	}
	return l.dynamics("pagetype", "entitylist", "etn", table, "viewid", v.ID, "viewType", kind)
}

func (l *links) board() templ.SafeURL {
	return l.dynamics("pagetype", "dashboard", "id", l.dashboard)
}

// dynamics makes an address in Dynamics 365 from pairs of names and values.
func (l *links) dynamics(pairs ...string) templ.SafeURL {
	if l.origin == "" {
		return ""
	}
	var out strings.Builder
	out.Grow(200)
	out.WriteString(string(l.origin))
	out.WriteString("/main.aspx?appid=")
	out.WriteString(url.QueryEscape(l.place.App.ID))
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		out.WriteByte('&')
		out.WriteString(pairs[i])
		out.WriteByte('=')
		out.WriteString(url.QueryEscape(pairs[i+1]))
	}
	return templ.SafeURL(out.String())
}

// safeURL passes addresses that are safe to follow from a page: absolute http and https. Anything else gives "".
func safeURL(address string) templ.SafeURL {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return templ.SafeURL(u.String())
}

// mailURL makes a link of an e-mail address, "" when it does not look like one.
func mailURL(address string) templ.SafeURL {
	if strings.Count(address, "@") != 1 || strings.ContainsAny(address, " \t\r\n?&<>\"'%,;:/\\") || len(address) > 254 {
		return ""
	}
	return templ.SafeURL("mailto:" + url.PathEscape(address))
}

// phoneURL makes a link of a telephone number, "" when it has fewer than three digits or other things than a number has.
func phoneURL(number string) templ.SafeURL {
	var out strings.Builder
	digits := 0
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
			out.WriteRune(r)
		case r == '+' && out.Len() == 0:
			out.WriteRune(r)
		case strings.ContainsRune(" -./()\u00a0", r):
		default:
			return ""
		}
	}
	if digits < 3 || digits > 20 {
		return ""
	}
	return templ.SafeURL("tel:" + out.String())
}

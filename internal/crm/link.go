package crm

import (
	"net/url"
	"strconv"
	"strings"
)

// LinkPage is what kind of page a link opens.
type LinkPage string

// The pages.
const (
	LinkRecord    LinkPage = "record"
	LinkView      LinkPage = "view" // or the whole table, in its default view
	LinkDashboard LinkPage = "dashboard"
	LinkApp       LinkPage = "app" // the app's first page, or a page that has no place of its own here
	LinkID        LinkPage = "id"  // an id alone, of whatever it is
)

// Link is what a link of Dynamics 365, or an id, says that a person pasted. Nothing of it has been looked up, and the address
// in it is only ever compared with those of the person's own organizations.
type Link struct {
	Page LinkPage
	// Address is scheme, host and path before the page, as Organization.URL has them; "" for an id.
	Address string
	// App is the app's id, its unique name or its path below /apps/, whichever the link has.
	App      string
	Table    string // logical name
	SetName  string // entity set name, of links of the Web API
	TypeCode int    // object type code, of links that name their table so
	ID       string // of the record, the dashboard or whatever it is; GUID, lower case
	ViewID   string
	Personal bool   // the view, or the dashboard, is a personal one
	Form     string // the record's form
}

// longestLink bounds what is looked at: browsers and Teams take no longer address.
const longestLink = 16 << 10

// LinkFrom reads a link to a page of Dynamics 365, a link of the Web API, one of Pintab's own, one of Teams that holds any of
// them, or an id with or without braces and dashes. It reports false for anything else.
func LinkFrom(text string) (Link, bool) { return linkFrom(text, 2) }

// linkFrom reads a link that may hold others, so many deep.
func linkFrom(text string, deep int) (Link, bool) {
	text = strings.Trim(strings.TrimSpace(text), "<>\"'")
	if text == "" || len(text) > longestLink {
		return Link{}, false
	}
	if id := looseGUID(text); id != "" {
		return Link{Page: LinkID, ID: id}, true
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" && u.Scheme != "ms-dynamicsxrm" {
		return Link{}, false
	}
	query := parameters(u)
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "ms-dynamicsxrm": // the phone app: no address in it
		return fromParameters(Link{}, query)
	case (scheme != "https" && scheme != "http") || u.Host == "":
		return Link{}, false
	}
	if inner := query.get("weburl"); inner != "" && deep > 0 {
		if l, ok := linkFrom(inner, deep-1); ok {
			return l, true
		}
	}
	return fromAddress(u, query)
}

// values are an address's parameters; names make no difference between upper and lower case.
type values map[string]string

func (v values) get(name string) string { return v[name] }

// parameters reads the query of an address, what classic links keep inside extraqs, and what others keep behind #.
func parameters(u *url.URL) values {
	v := values{}
	take := func(raw string) {
		read, _ := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B")) // what is malformed is left out
		for name, texts := range read {
			if name = strings.ToLower(strings.TrimPrefix(name, "?")); len(texts) > 0 && v[name] == "" {
				v[name] = strings.TrimSpace(texts[0])
			}
		}
	}
	take(u.RawQuery)
	if u.Opaque != "" {
		_, raw, _ := strings.Cut(u.Opaque, "?")
		take(raw)
	}
	take(u.Fragment)
	take(strings.TrimPrefix(v["extraqs"], "?"))
	return v
}

// fromAddress reads the path: everything before the first part that Dynamics 365 knows is the organization's.
func fromAddress(u *url.URL, query values) (Link, bool) {
	var parts []string
	for part := range strings.SplitSeq(u.Path, "/") {
		if part != "" {
			parts = append(parts, part)
		}
	}
	for i, part := range parts {
		l := Link{Address: addressOf(u, parts[:i])}
		rest := parts[i+1:]
		switch strings.ToLower(part) {
		case "main.aspx":
			return fromParameters(l, query)
		case "apps":
			l.App = appPath(rest)
			return fromParameters(l, query)
		case "api":
			return fromWebAPI(l, rest)
		case "tab":
			return fromOurs(query)
		case "sfa", "cs", "userdefined", "activities", "crm", "_root", "_grid", "m", "_forms":
			l.Table = classicTables[strings.ToLower(strings.Join(parts[i:min(i+2, len(parts))], "/"))]
			return fromParameters(l, query)
		}
	}
	return fromParameters(Link{Address: addressOf(u, parts)}, query)
}

// classicTables are the tables behind the addresses of forms before links had parameters for them.
var classicTables = map[string]string{
	"sfa/accts": "account", "sfa/conts": "contact", "sfa/leads": "lead", "sfa/opps": "opportunity", "sfa/quotes": "quote",
	"sfa/salesorder": "salesorder", "sfa/invoice": "invoice", "sfa/competitors": "competitor", "sfa/goal": "goal",
	"cs/cases": "incident", "cs/contracts": "contract", "activities/task": "task", "activities/phone": "phonecall",
	"activities/email": "email", "activities/appt": "appointment", "activities/letter": "letter", "activities/fax": "fax",
}

// addressOf writes where an organization is: scheme and host in lower case, without a port that goes without saying.
func addressOf(u *url.URL, parts []string) string {
	host := strings.ToLower(u.Host)
	scheme := strings.ToLower(u.Scheme)
	if scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	address := scheme + "://" + host
	for _, p := range parts {
		address += "/" + p
	}
	return address
}

// appPath reads what stands below /apps/: a path of the app's own, or "uniquename" and its unique name.
func appPath(parts []string) string {
	if len(parts) > 1 && strings.EqualFold(parts[0], "uniquename") {
		return parts[1]
	}
	if len(parts) > 0 && !strings.EqualFold(parts[0], "main.aspx") {
		return parts[0]
	}
	return ""
}

// fromParameters reads the parameters of main.aspx ("Open apps, forms, views, dialogs, and reports with a URL", Microsoft).
func fromParameters(l Link, q values) (Link, bool) {
	switch app := q.get("appid"); {
	case looseGUID(app) != "":
		l.App = looseGUID(app)
	case q.get("appname") != "":
		l.App = q.get("appname")
	}
	if name := strings.ToLower(firstOf(q, "etn", "entityname", "typename")); isLogicalName(name) {
		l.Table = name
	}
	if code, err := strconv.ParseInt(firstOf(q, "etc", "otc"), 10, 32); err == nil && code > 0 && l.Table == "" {
		l.TypeCode = int(code)
	}
	l.ID = looseGUID(firstOf(q, "id", "oid"))
	l.ViewID = looseGUID(firstOf(q, "viewid", "view"))
	l.Form = looseGUID(q.get("formid"))
	l.Personal = q.get("viewtype") == "4230" || strings.EqualFold(q.get("type"), "user") || strings.EqualFold(q.get("viewtype"), "userquery")
	page := strings.ToLower(q.get("pagetype"))
	named := l.Table != "" || l.TypeCode != 0
	switch {
	case page == "dashboard":
		l.Page = LinkDashboard
	case page == "entitylist" || page == "" && l.ViewID != "" && l.ID == "":
		l.Page, l.ID = LinkView, ""
	case (page == "entityrecord" || page == "entity" || page == "") && l.ID != "":
		l.Page = LinkRecord
	case page == "" && named:
		l.Page = LinkView
	default:
		l.Page = LinkApp
	}
	return l, l.Page != LinkApp || l.App != "" || page != ""
}

// fromWebAPI reads what stands below /api: data/v9.2/accounts(<id>).
func fromWebAPI(l Link, parts []string) (Link, bool) {
	if len(parts) != 3 || !strings.EqualFold(parts[0], "data") {
		return Link{}, false
	}
	set, rest, ok := strings.Cut(parts[2], "(")
	id := looseGUID(strings.TrimSuffix(rest, ")"))
	if !ok || id == "" || !isLogicalName(set) {
		return Link{}, false
	}
	l.Page, l.SetName, l.ID = LinkRecord, strings.ToLower(set), id
	return l, true
}

// fromOurs reads an address of Pintab's own pages, which name the organization in a parameter.
func fromOurs(q values) (Link, bool) {
	org, err := url.Parse(q.get("org"))
	if err != nil || org.User != nil || org.Host == "" || !strings.EqualFold(org.Scheme, "https") && !strings.EqualFold(org.Scheme, "http") {
		return Link{}, false
	}
	l := Link{Address: addressOf(org, strings.FieldsFunc(org.Path, func(r rune) bool { return r == '/' })), App: looseGUID(q.get("app")), ID: looseGUID(q.get("id")), ViewID: looseGUID(q.get("view"))}
	if name := q.get("table"); isLogicalName(name) {
		l.Table = name
	}
	l.Personal = q.get("personal") == "1" || strings.HasSuffix(q.get("view"), PersonalSuffix)
	if l.ViewID == "" {
		l.ViewID = looseGUID(strings.TrimSuffix(q.get("view"), PersonalSuffix))
	}
	l.Form = looseGUID(q.get("form"))
	switch {
	case l.ID != "" && l.Table != "":
		l.Page = LinkRecord
	case l.ViewID != "" || l.Table != "":
		l.Page = LinkView
	default:
		l.Page = LinkApp
	}
	return l, true
}

func firstOf(q values, names ...string) string {
	for _, name := range names {
		if q.get(name) != "" {
			return q.get(name)
		}
	}
	return ""
}

// looseGUID reads an id in any of the ways in which people and programs write it; "" for anything else.
func looseGUID(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if strings.HasPrefix(text, "%7b") && strings.HasSuffix(text, "%7d") {
		text = text[3 : len(text)-3]
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")
	if len(text) == 32 && !strings.Contains(text, "-") {
		text = text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
	}
	if !isGUID(text) {
		return ""
	}
	return text
}

// In reports whether the link leads into an organization.
func (l Link) In(org Organization) bool {
	return l.Address != "" && (sameAddress(l.Address, org.URL) || sameAddress(l.Address, org.API))
}

// sameAddress compares addresses of organizations, in which upper and lower case make no difference.
func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// Pasted is what a link or an id that a person pasted leads to: one of Record and View is set.
type Pasted struct {
	Place  Place
	Record *FoundRecord
	View   *FoundView
}

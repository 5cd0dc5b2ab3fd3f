package pin

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Version is the version of tab addresses (docs/tab-address.md). Later ones keep reading it.
const Version = "1"

// The paths of a tab and of the page that Teams opens to remove one.
const (
	TabPath    = "/tab/pin"
	RemovePath = "/remove"
)

// entityPrefix begins the entity id of a tab, which its pin's id follows.
const entityPrefix = "pin-1-"

// placeholders are filled in by Teams when it opens the tab. Ids are not among them: they would look like proof of who somebody
// is.
const placeholders = "&theme={theme}&locale={locale}"

// Address is what the address of a tab says.
type Address struct {
	Pin    string
	Tenant string
	Target crm.PinTarget // zero where the address names the pin alone
}

// Settings are what Teams is told about a tab. Name is what to suggest for it: what the table or the view is called.
func (s *Service) Settings(p crm.Pin, name string) crm.TabSettings {
	query := Address{p.ID, p.Tenant, p.Target}.Query()
	remove := url.Values{"v": {Version}, "tenant": {p.Tenant}, "pin": {p.ID}}
	return crm.TabSettings{
		EntityID:   entityPrefix + p.ID,
		ContentURL: s.PublicURL + TabPath + "?" + query.Encode() + placeholders,
		WebsiteURL: s.PublicURL + TabPath + "?" + query.Encode(),
		RemoveURL:  s.PublicURL + RemovePath + "?" + remove.Encode(),
		Name:       name,
	}
}

// Query writes an address as parameters.
func (a Address) Query() url.Values {
	v := url.Values{"v": {Version}, "tenant": {a.Tenant}, "pin": {a.Pin}}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("org", a.Target.Organization)
	set("app", a.Target.App)
	set("table", a.Target.Table)
	set("id", a.Target.Record)
	set("view", a.Target.View)
	set("lists", strings.Join(a.Target.Lists, ","))
	if a.Target.Personal {
		v.Set("personal", "1")
	}
	if a.Target.Beside {
		v.Set("beside", "1")
	}
	return v
}

// AddressFrom reads the parameters of a tab's address, as Query and administrators write them: pin.bad_address where they are no
// such thing. It says nothing about whether there is anything at the address.
func AddressFrom(v url.Values) (Address, error) {
	a := Address{Pin: strings.ToLower(v.Get("pin")), Tenant: strings.ToLower(v.Get("tenant")), Target: crm.PinTarget{
		Organization: strings.TrimRight(v.Get("org"), "/"), App: strings.ToLower(v.Get("app")), Table: v.Get("table"),
		Record: strings.ToLower(v.Get("id")), View: strings.ToLower(v.Get("view")), Personal: v.Get("personal") == "1", Beside: v.Get("beside") == "1",
	}}
	if lists := v.Get("lists"); lists != "" {
		a.Target.Lists = strings.Split(lists, ",")
	}
	bare := a.Target.Equal(crm.PinTarget{})
	if v.Get("v") != Version || !isGUID(a.Pin) || !isGUID(a.Tenant) || !bare && check(a.Target) != nil {
		return Address{}, fault.New(fault.Invalid, "pin.bad_address")
	}
	return a, nil
}

// PinOf gives the id of the pin of an entity id, as Teams gives it back; "" for one that is not of ours.
func PinOf(entityID string) string {
	id, ok := strings.CutPrefix(entityID, entityPrefix)
	if !ok || !isGUID(id) {
		return ""
	}
	return id
}

// SubPage is a part of a tab that a link or a conversation can point to: a record of its view or of one of its lists, or a list.
type SubPage struct {
	Table, Record string // logical name and GUID
	List          string // schema name of a relationship
}

// ID writes the sub-page id (subEntityId): the same for ever for the same record.
func (p SubPage) ID() string {
	if p.List != "" {
		return "l." + p.List
	}
	return "r." + p.Table + "." + p.Record
}

// SubPageFrom reads what ID wrote, which comes back by way of anybody: ok is false for anything else.
func SubPageFrom(text string) (p SubPage, ok bool) {
	kind, rest, _ := strings.Cut(text, ".")
	switch kind {
	case "l":
		return SubPage{List: rest}, schemaName.MatchString(rest)
	case "r":
		table, id, _ := strings.Cut(rest, ".")
		return SubPage{Table: table, Record: id}, schemaName.MatchString(table) && isGUID(id)
	}
	return SubPage{}, false
}

var (
	guid       = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
	thread     = regexp.MustCompile(`^[0-9A-Za-z:@._=+/-]{1,300}$`)
)

func isGUID(text string) bool { return guid.MatchString(text) }

// mostLists bounds a record set.
const mostLists = 8

// check says whether a target has the form of one.
func check(t crm.PinTarget) error {
	u, err := url.Parse(t.Organization)
	ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && len(t.Organization) <= 300
	ok = ok && isGUID(t.App) && schemaName.MatchString(t.Table) && len(t.Lists) <= mostLists
	ok = ok && (isGUID(t.Record) && t.View == "" && !t.Personal && !t.Beside || isGUID(t.View) && t.Record == "" && t.Lists == nil)
	if !ok || slices.ContainsFunc(t.Lists, func(l string) bool { return !schemaName.MatchString(l) }) {
		return fault.New(fault.Invalid, "pin.bad_target")
	}
	return nil
}

// bounded keeps of a spot what has the form of Teams' ids.
func bounded(at crm.Spot) crm.Spot {
	id := func(text string) string {
		if !thread.MatchString(text) {
			return ""
		}
		return text
	}
	return crm.Spot{Team: id(at.Team), Group: id(strings.ToLower(at.Group)), Channel: id(at.Channel), Chat: id(at.Chat), Meeting: id(at.Meeting)}
}

// label is what to call a tab for everybody to read.
func label(names ...string) string { return crm.Label(cmp.Or(names...)) }

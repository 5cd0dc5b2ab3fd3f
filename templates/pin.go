package templates

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// Where the pages about pins are to be found.
const (
	PinSetupPath  = "/config/channel"
	PinPath       = "/tab/pin"
	PinsPath      = "/tab/pins"
	PinRemovePath = "/remove"
)

// PinSetupModel is the page on which somebody chooses what a tab leads to. Everything on it is looking: only Save of the host
// keeps anything.
type PinSetupModel struct {
	Page Page
	// Open says what is on the page. It is called once, after the first flush. A non-nil State is shown in its stead.
	Open func(ctx context.Context) (PinSetup, *State)
}

// PinSetup is what the page shows.
type PinSetup struct {
	Theme Theme
	// Place is where records and views come from.
	Place crm.Place
	// Organizations and Apps are what the pencil offers, and what it does not and why.
	Organizations        []crm.Organization
	OrganizationsLeftOut []crm.LeftOut
	Apps                 []crm.App
	AppsLeftOut          []crm.LeftOut
	// AppsProblem says why the organization gave no apps.
	AppsProblem *fault.Error
	Editing     bool // the pencil's panel is open
	Notice      string

	Views      bool // views are looked for instead of records
	Everywhere bool // in all organizations
	Query      string
	Filter     string // logical name of the only table that is looked at; "" for all
	Tables     []crm.SearchTable
	Pasted     bool // the query is a link or an id
	Answer     *crm.SearchAnswer
	Problem    *fault.Error // why there is no answer

	// Target is what has been chosen; the zero value for nothing yet. Preview is what members will see of it.
	Target         crm.PinTarget
	Preview        *crm.PinPreview
	PreviewProblem *fault.Error
	// Pin is the id of the pin that is led elsewhere; "" for a new one. Known says that it was found.
	Pin   string
	Known bool
	// Tenant is the person's own, which is the pin's too.
	Tenant string
	// InTab says that the page stands in the tab itself, where it has a Save button of its own.
	InTab bool
}

// path is where the page is to be found.
func (p PinSetup) path() string {
	if p.InTab {
		return PinChangePath
	}
	return PinSetupPath
}

// TargetValues writes a target as the parameters that addresses of tabs have for it.
func TargetValues(t crm.PinTarget) url.Values {
	v := url.Values{"org": {t.Organization}, "app": {t.App}, "table": {t.Table}}
	if t.Record != "" {
		v.Set("id", t.Record)
	}
	if t.View != "" {
		v.Set("view", t.View)
	}
	if t.Personal {
		v.Set("personal", "1")
	}
	if t.Beside {
		v.Set("beside", "1")
	}
	if len(t.Lists) > 0 {
		v["list"] = t.Lists
	}
	return v
}

// mostLists is how many related lists a tab shows.
const mostLists = 8

// TargetFrom reads what TargetValues wrote. It reports false for what cannot lead anywhere; nothing in it has been looked up.
func TargetFrom(v url.Values) (crm.PinTarget, bool) {
	id := func(name string) string {
		text := strings.ToLower(strings.Trim(v.Get(name), "{}"))
		if uuid.Validate(text) != nil || len(text) != 36 {
			return ""
		}
		return text
	}
	t := crm.PinTarget{
		Organization: v.Get("org"), App: id("app"), Table: v.Get("table"), Record: id("id"), View: id("view"),
		Personal: v.Get("personal") == "1", Beside: v.Get("beside") == "1",
	}
	for _, name := range v["list"] {
		if isName(name) && len(t.Lists) < mostLists && !slices.Contains(t.Lists, name) {
			t.Lists = append(t.Lists, name)
		}
	}
	if t.Record != "" {
		t.View, t.Personal, t.Beside = "", false, false
	} else {
		t.Lists = nil
	}
	organization, err := url.Parse(t.Organization)
	ok := err == nil && organization.Host != "" && len(t.Organization) <= 1024 && t.App != "" && isName(t.Table) && (t.Record != "" || t.View != "")
	return t, ok
}

// TargetToken is a target as one parameter of an address.
func TargetToken(t crm.PinTarget) string {
	if t.Record == "" && t.View == "" {
		return ""
	}
	return TargetValues(t).Encode()
}

// TargetFromToken reads what TargetToken wrote.
func TargetFromToken(text string) (crm.PinTarget, bool) {
	v, err := url.ParseQuery(text)
	if err != nil || len(text) > 4096 {
		return crm.PinTarget{}, false
	}
	return TargetFrom(v)
}

func (p PinSetup) targetOf(f crm.FoundRecord) crm.PinTarget {
	return crm.PinTarget{Organization: f.Place.Organization.URL, App: f.Place.App.ID, Table: f.Table.LogicalName, Record: f.Ref.ID}
}

func (p PinSetup) targetOfView(f crm.FoundView) crm.PinTarget {
	return crm.PinTarget{Organization: f.Place.Organization.URL, App: f.Place.App.ID, Table: f.Table.LogicalName, View: f.View.ID, Personal: f.View.Personal}
}

// chosen reports whether a target is the one that has been chosen, whatever else the tab is to show.
func (p PinSetup) chosen(t crm.PinTarget) bool {
	return p.Target.Organization == t.Organization && p.Target.Table == t.Table && p.Target.Record == t.Record && p.Target.View == t.View
}

// values are the parameters of the page as it is.
func (p PinSetup) values(ctx context.Context) url.Values {
	v := appearanceOf(ctx, p.Theme)
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("org", p.Place.Organization.URL)
	set("app", p.Place.App.ID)
	set("q", p.Query)
	set("filter", p.Filter)
	set("target", TargetToken(p.Target))
	set("pin", p.Pin)
	for name, on := range map[string]bool{"every": p.Everywhere, "edit": p.Editing} {
		if on {
			v.Set(name, "1")
		}
	}
	if p.Views {
		v.Set("kind", "view")
	}
	return v
}

// to is the address of the page with other parameters, name and value in turn; "" takes one away.
func (p PinSetup) to(ctx context.Context, pairs ...string) templ.SafeURL {
	v := p.values(ctx)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return templ.SafeURL(p.path() + "?" + v.Encode())
}

func (p PinSetup) choose(ctx context.Context, t crm.PinTarget) templ.SafeURL {
	return p.to(ctx, "target", TargetToken(t))
}

// fields are the parameters that a form of the page sends along.
func (p PinSetup) fields(ctx context.Context, without ...string) (fields []field) {
	v := p.values(ctx)
	for _, name := range []string{"org", "app", "kind", "every", "edit", "q", "filter", "target", "pin", "theme", "locale"} {
		if !slices.Contains(without, name) && v.Get(name) != "" {
			fields = append(fields, field{name, v.Get(name)})
		}
	}
	return fields
}

// choosable reports whether there is more than one organization or app to choose from, which is what the pencil is for.
func (p PinSetup) choosable() bool { return len(p.Organizations) > 1 || len(p.Apps) > 1 }

// savable reports whether Save has something to keep.
func (p PinSetup) savable() bool { return p.Preview != nil && p.PreviewProblem == nil }

func (p PinSetup) title(ctx context.Context) string {
	if p.Known {
		return t(ctx, "pin.setup-change")
	}
	return t(ctx, "pin.setup")
}

func (p PinSetup) placeholder(ctx context.Context) string {
	if p.Views {
		return t(ctx, "pin.find-view")
	}
	return t(ctx, "pin.find-record")
}

// foundTitle says what the list of results is.
func (p PinSetup) foundTitle(ctx context.Context) string {
	switch {
	case p.Pasted:
		return t(ctx, "pin.pasted")
	case p.Query == "" && p.Views:
		return t(ctx, "pin.views")
	case p.Query == "":
		return t(ctx, "pin.recent")
	}
	return t(ctx, "pin.found")
}

// said is what is read out when results arrive.
func (p PinSetup) said(ctx context.Context) string {
	switch {
	case p.Problem != nil:
		return faultText(ctx, p.Problem)
	case p.Answer == nil:
		return ""
	}
	return t(ctx, "pin.count", locale.Args{"n": len(p.Answer.Records) + len(p.Answer.Views)})
}

func (p PinSetup) empty(ctx context.Context) string {
	switch {
	case p.Pasted:
		return t(ctx, "pin.nothing-pasted")
	case p.Query == "" && !p.Views:
		return t(ctx, "pin.nothing-recent")
	}
	return t(ctx, "pin.nothing", locale.Args{"text": p.Query})
}

// partly are the places that have not told everything, and why.
func (p PinSetup) partly(ctx context.Context) (lines []string) {
	if p.Answer == nil {
		return nil
	}
	for _, place := range p.Answer.Places {
		if place.Err != nil {
			lines = append(lines, t(ctx, "pin.place-failed", locale.Args{"organization": place.Place.Organization.Name, "why": faultText(ctx, fault.Of(place.Err))}))
		}
		var names []string
		for _, s := range place.Skipped {
			names = append(names, s.Table.PluralLabel)
		}
		if len(names) > 0 {
			lines = append(lines, t(ctx, "pin.skipped", locale.Args{"organization": place.Place.Organization.Name, "tables": strings.Join(names, ", ")}))
		}
	}
	return lines
}

// searched says which tables were looked at.
func (p PinSetup) searched(ctx context.Context) string {
	if p.Answer == nil || p.Query == "" || p.Pasted || p.Views {
		return ""
	}
	var names []string
	for _, place := range p.Answer.Places {
		for _, table := range place.Tables {
			if name := table.PluralLabel; name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return t(ctx, "pin.searched", locale.Args{"tables": strings.Join(names, ", ")})
}

// badged reports whether results say which organization they are in.
func (p PinSetup) badged() bool { return p.Everywhere || p.Pasted || len(p.Organizations) > 1 }

func foundName(ctx context.Context, name string) string {
	if strings.TrimSpace(name) == "" {
		return t(ctx, "list.no-name")
	}
	return name
}

// tableOf is what the preview's table is called.
func tableOf(p *crm.PinPreview) crm.Table {
	switch {
	case p.Record != nil:
		return p.Record.Table
	case p.View != nil:
		return p.View.Table
	}
	return crm.Table{}
}

func previewName(ctx context.Context, p *crm.PinPreview) string {
	if p.View != nil {
		return foundName(ctx, p.View.View.Name)
	}
	if p.Record != nil {
		return foundName(ctx, p.Record.Name)
	}
	return ""
}

// other is the target of another view of the same table.
func (p PinSetup) other(v crm.ViewRef) crm.PinTarget {
	t := p.Target
	t.View, t.Personal = v.ID, v.Personal
	return t
}

// shownColumns is how many columns of a view the preview has room for.
const shownColumns = 4

func firstColumns(columns []crm.ListColumn) []crm.ListColumn {
	return columns[:min(len(columns), shownColumns)]
}

// readiness tells the script whether Save may be pressed.
func readiness(p PinSetup) templ.OrderedAttributes {
	if !p.savable() {
		return nil
	}
	return templ.OrderedAttributes{{Key: "data-ready", Value: true}}
}

// back is the tab itself.
func (p PinSetup) back(ctx context.Context) templ.SafeURL {
	return tabURL(ctx, crm.Pin{ID: p.Pin, Tenant: p.Tenant}, p.Theme)
}

// lists reports whether a related list is one that the tab is to show.
func (p PinSetup) lists(relationship string) bool {
	return slices.Contains(p.Target.Lists, relationship)
}

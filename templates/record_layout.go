package templates

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// atHand is how many actions stand in the bar; the others are in its menu.
const atHand = 3

// actionOrder is in which order actions are offered: what moves the work on first, what cannot be taken back last.
var actionOrder = []crm.ActionKind{
	crm.ActionQualify, crm.ActionWin, crm.ActionResolve, crm.ActionComplete, crm.ActionReopen, crm.ActionActivate, crm.ActionLose, crm.ActionDisqualify,
	crm.ActionCancel, crm.ActionAssign, crm.ActionShare, crm.ActionDeactivate, crm.ActionDelete,
}

// actionIcons are the pictures of actions.
var actionIcons = map[crm.ActionKind]string{
	crm.ActionActivate: "reopen", crm.ActionDeactivate: "stop", crm.ActionWin: "check", crm.ActionLose: "stop", crm.ActionReopen: "reopen", crm.ActionResolve: "check",
	crm.ActionCancel: "stop", crm.ActionComplete: "check", crm.ActionQualify: "check", crm.ActionDisqualify: "stop", crm.ActionAssign: "assign", crm.ActionShare: "share",
	crm.ActionDelete: "bin",
}

func actionIcon(kind crm.ActionKind) string {
	if name := actionIcons[kind]; name != "" {
		return name
	}
	return "more"
}

// actions are what is offered: those at hand, and the rest.
func (v *recordView) actions() (first, rest []crm.Action) {
	all := slices.Clone(v.Form.Actions)
	place := func(a crm.Action) int {
		if i := slices.Index(actionOrder, a.Kind); i >= 0 {
			return i
		}
		return len(actionOrder)
	}
	slices.SortStableFunc(all, func(a, b crm.Action) int { return place(a) - place(b) })
	for _, a := range all {
		moves := slices.Index(actionOrder, a.Kind) < slices.Index(actionOrder, crm.ActionShare)
		if moves && len(first) < atHand {
			first = append(first, a)
		} else {
			rest = append(rest, a)
		}
	}
	return first, rest
}

// reopening is the action that opens a closed record again; "" where it is open, or this person may not.
func (v *recordView) reopening() crm.ActionKind {
	if v.Form.State.Inactive {
		for _, a := range v.Form.Actions {
			if a.Kind == crm.ActionActivate || a.Kind == crm.ActionReopen {
				return a.Kind
			}
		}
	}
	return ""
}

// closedAs is what the state of a closed record is called.
func (v *recordView) closedAs() string {
	if v.Form.State.Status.Label != "" {
		return v.Form.State.Status.Label
	}
	return v.Form.State.State.Label
}

// fields are those by which a form of the page says what it is about, except some.
func (v *recordView) fields(without ...string) []field {
	q := v.query()
	var fields []field
	for _, name := range []string{"org", "app", "table", "id", "form", "from", "theme", "locale"} {
		if q.Has(name) && !slices.Contains(without, name) {
			fields = append(fields, field{name, q.Get(name)})
		}
	}
	return fields
}

// backURL is where giving up editing leads.
func (v *recordView) backURL() templ.SafeURL {
	if v.Form.New() && len(v.Trail) > 0 {
		return templ.SafeURL(v.Trail[len(v.Trail)-1].Path)
	}
	return v.at("edit", "")
}

func saveText(ctx context.Context, v *recordView) string {
	if v.Form.New() {
		return t(ctx, "record.create")
	}
	return t(ctx, "action.save")
}

// readOnly says in a few words why nothing can be changed; "" when something can.
func (v *recordView) readOnly(ctx context.Context) string {
	switch {
	case v.Form.New() || v.Form.Editable():
		return ""
	case v.Form.State.Inactive:
		return t(ctx, "record.inactive")
	}
	return t(ctx, "record.read-only")
}

// touched says who changed the record last.
func (v *recordView) touched(ctx context.Context) string {
	by := v.Form.Changed.By.Name
	if by == "" || v.Form.Changed.At.IsZero() {
		return ""
	}
	return t(ctx, "record.changed-by", locale.Args{"name": by, "date": moments{v.Form.Reading}.date(ctx, v.Form.Changed.At)})
}

func tabTitle(ctx context.Context, v *recordView, tab crm.FormTab) string {
	if tab.Title != "" {
		return tab.Title
	}
	return t(ctx, "record.tab", locale.Args{"n": 1 + slices.IndexFunc(v.tabs(), func(o crm.FormTab) bool { return o.Key == tab.Key })})
}

func controlLabel(c crm.Control, x crm.Field) string {
	if c.Label != "" {
		return c.Label
	}
	return x.Label
}

// widthClass is a column's share of its tab in twelfths.
func widthClass(width, columns int) string {
	if width < 1 || width > 100 {
		width = 100 / max(1, columns)
	}
	return "w" + strconv.Itoa(max(1, min(12, (width*12+50)/100)))
}

// columnsClass is how many columns a section has where there is room.
func columnsClass(s crm.FormSection) string { return "g" + strconv.Itoa(max(1, min(s.Columns, 4))) }

// spanClass is how many columns of its section a control takes.
func spanClass(c crm.Control) string {
	if c.ColSpan > 1 {
		return "x" + strconv.Itoa(min(c.ColSpan, 4))
	}
	return ""
}

func sectionName(s crm.FormSection) templ.OrderedAttributes {
	if s.ShowTitle && s.Title != "" {
		return templ.OrderedAttributes{{Key: "aria-labelledby", Value: "h-" + s.Key}}
	}
	if s.Title != "" {
		return templ.OrderedAttributes{{Key: "aria-label", Value: s.Title}}
	}
	return nil
}

func unsupportedText(ctx context.Context, kind string) string {
	if key := "unsupported." + kind; locale.From(ctx).Has(key) {
		return t(ctx, key)
	}
	return t(ctx, "unsupported.custom")
}

// imageURL is the record's own picture.
func (v *recordView) imageURL() templ.SafeURL { return v.under("file", "column", v.Form.ImageColumn) }

// said is what script needs to know of the record, and the words that it may have to say.
func (v *recordView) said(ctx context.Context) (a templ.OrderedAttributes) {
	add := func(name, value string) {
		if value != "" {
			a = append(a, templ.KeyValue[string, any]{Key: "data-" + name, Value: value})
		}
	}
	a = append(a, templ.KeyValue[string, any]{Key: "data-record", Value: v.Form.Ref.ID})
	add("title", v.title(ctx))
	add("stale", v.Stale)
	add("path", string(v.ownURL()))
	if !v.Form.New() && v.Form.Editable() {
		add("edit-url", string(v.under("panel", "edit", "1")))
	}
	for name, key := range map[string]string{
		"unsaved": "record.unsaved", "leave": "record.leave", "stay": "record.stay", "unreached": "record.unreached", "signed-out": "record.signed-out",
		"sign-in": "action.sign-in", "formats": "field.formats",
	} {
		add(name, t(ctx, key))
	}
	add("clear", t(ctx, "lookup.clear", locale.Args{"name": "{name}"}))
	slices.SortFunc(a, func(x, y templ.KeyValue[string, any]) int { return strings.Compare(x.Key, y.Key) })
	return a
}

// ownURL is where the page is to be found, and formURL where its form goes.
func (v *recordView) ownURL() templ.SafeURL {
	if v.Form.New() {
		return v.under("new", "new", v.Form.Ref.Table)
	}
	return v.at()
}

func (v *recordView) formURL() templ.SafeURL { return v.ownURL() }

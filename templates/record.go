package templates

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// RecordPath is where a record is to be found.
const RecordPath = "/tab/record"

// RecordModel is the page of a record. It is drawn in stages, each flushed: what is known at once, the record with its
// fields, and each sub-grid and timeline in its place.
type RecordModel struct {
	Page Page
	// Open says what the record is. It is called once, after the first flush, and may take as long as Dataverse takes. A non-nil
	// State is shown in the record's stead.
	Open func(ctx context.Context) (Record, *State)
	// Pinned says that the page is what a tab of Teams leads to.
	Pinned bool
}

// RecordMode says how much of a record is open for typing.
type RecordMode int

// The modes.
const (
	RecordRead RecordMode = iota
	RecordEdit            // every field that may be typed into is an input
)

// Record is a record on its form.
type Record struct {
	Place crm.Place
	Form  crm.Form
	Mode  RecordMode
	// Focus is the column that the focus goes to; "" for none.
	Focus string
	// Trail is where the person came from, the nearest last, and From the same as addresses carry it.
	Trail []Crumb
	From  string
	// Tab is the key of the form's tab that is shown first; "" for the form's first one.
	Tab string
	// Part fills a sub-grid or a timeline, whatever time it takes; nil: it is asked for later.
	Part func(c crm.Control) (RecordPart, bool)
	// Since tells what happened since the person looked last, whatever time it takes; nil: it is not told.
	Since func() crm.Since
	// AsOf is when the record was read.
	AsOf time.Time
	// Saved is what became of a write of this very moment; nil when there was none.
	Saved *crm.Saved
	// Problem is a failure of a write that is said above the form, with everything that was typed still in it.
	Problem error
	// Done names what was just done ("done.<Done>"), and Undone says that it was taken back; both beside Saved.
	Done   string
	Undone bool
	// Acted says that Saved or Problem is about the record as a whole, so that nothing was typed.
	Acted bool
	// Notice is a message key to say above the record; "" for none.
	Notice string
	// Pin is the tab that leads here; nil on every other page.
	Pin *PinBar
	// Link is the absolute address of the page, for sending to others.
	Link string
	// Found are what people are looking for in lookups of a form without script, by column.
	Found map[string]Found
	// Theme goes into the page's own links.
	Theme Theme
	// Files says that files and images can be had here, Stages that a process can be moved on; else they are in Dynamics 365.
	Files, Stages bool
	// Flow is the process that is shown, "" for the one that was moved last; OpenStage is the one of its stages that is open.
	Flow, OpenStage string
	// Stale is the key of a list that has just changed; "" for none.
	Stale string
	// Labels are what tables are called, by logical name, as far as it is known.
	Labels map[string]string
}

// Found is what a search for the value of a lookup found.
type Found struct {
	Query  crm.LookupQuery
	Result crm.LookupResult
	Err    error
}

// recordView is a record as its components draw it.
type recordView struct {
	Record
	links
	Staged bool           // the inputs are those of a stage
	Dialog bool           // the inputs stand in a dialog over the page
	seek   []string       // of a dialog: DialogModel.Seek
	firsts map[int]string // the first places of columns that can be typed into, by field
}

func newRecord(ctx context.Context, r Record) *recordView {
	v := &recordView{Record: r, links: links{
		place: r.Place, theme: r.Theme, language: locale.From(ctx).Tag(), path: RecordPath, ref: r.Form.Ref, form: r.Form.ID,
	}}
	v.origin = safeURL(r.Place.Organization.URL)
	v.links.trail = r.From
	return v
}

func (v *recordView) title(ctx context.Context) string {
	switch {
	case v.Form.New():
		return t(ctx, "record.new", locale.Args{"table": v.Form.Table.Label})
	case v.Form.Title != "":
		return v.Form.Title
	}
	return t(ctx, "list.no-name")
}

// editing reports whether fields are inputs.
func (v *recordView) editing() bool { return v.Mode == RecordEdit }

// initial is the letter that stands in for a picture.
func (v *recordView) initial() string {
	for _, r := range v.Form.Title {
		if unicode.In(r, unicode.L, unicode.N) {
			return strings.ToUpper(string(r))
		}
	}
	return "·"
}

// tabs are those that show something.
func (v *recordView) tabs() []crm.FormTab {
	return slices.DeleteFunc(slices.Clone(v.Form.Tabs), func(tab crm.FormTab) bool {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				if len(section.Controls) > 0 {
					return false
				}
			}
		}
		return true
	})
}

// opened is the key of the tab that is shown.
func (v *recordView) opened() string {
	tabs := v.tabs()
	for _, tab := range tabs {
		if tab.Key == v.Tab {
			return tab.Key
		}
	}
	for _, tab := range tabs { // the one that has something to put right
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				for _, c := range section.Controls {
					if c.Kind == crm.ControlField && (v.Form.At(c).Problem != nil || v.Focus != "" && v.Form.At(c).LogicalName == v.Focus) {
						return tab.Key
					}
				}
			}
		}
	}
	if len(tabs) > 0 {
		return tabs[0].Key
	}
	return ""
}

// locked says why a control is not for typing; "" when it is.
func (v *recordView) locked(c crm.Control) crm.ReadOnly {
	if c.Locked != "" {
		return c.Locked
	}
	return v.Form.At(c).ReadOnly
}

// attachable reports whether a file can be put into a control's field; that has a page of its own.
func (v *recordView) attachable(c crm.Control) bool {
	return v.Files && c.Locked == "" && v.Form.Attachable(v.Form.At(c))
}

// typed reports whether a control is an input now. A column that stands on the form twice is one only where it stands first.
func (v *recordView) typed(c crm.Control) bool {
	return v.editing() && v.locked(c) == "" && !v.Form.At(c).Masked && typable(v.Form.At(c)) && v.firstOf(c)
}

// firstOf reports whether a control is the first place of its column that can be typed into.
func (v *recordView) firstOf(c crm.Control) bool {
	if v.firsts == nil {
		v.firsts = map[int]string{}
		for _, other := range append(v.body(), v.Form.Header...) {
			if _, placed := v.firsts[other.Field]; other.Kind == crm.ControlField && other.Locked == "" && !placed {
				v.firsts[other.Field] = other.Key
			}
		}
	}
	key, ok := v.firsts[c.Field]
	return ok && key == c.Key
}

// body is every control that stands where fields can be typed into.
func (v *recordView) body() []crm.Control {
	all := v.Form.Controls()
	return all[len(v.Form.Header):]
}

// homeless are the fields of the header that stand nowhere else and can be typed into.
func (v *recordView) homeless() (controls []crm.Control) {
	seen := map[int]bool{}
	for _, c := range v.body() {
		if c.Kind == crm.ControlField {
			seen[c.Field] = true
		}
	}
	for _, c := range v.Form.Header {
		if c.Kind == crm.ControlField && !seen[c.Field] {
			seen[c.Field] = true
			controls = append(controls, c)
		}
	}
	return controls
}

// record makes the address of this record with other parameters set; "" takes one away.
func (v *recordView) at(pairs ...string) templ.SafeURL {
	q := v.query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return templ.SafeURL(RecordPath + "?" + q.Encode())
}

// under is at for a page below the record's.
func (v *recordView) under(page string, pairs ...string) templ.SafeURL {
	_, query, _ := strings.Cut(string(v.at(pairs...)), "?")
	return templ.SafeURL(RecordPath + "/" + page + "?" + query)
}

// query names the record, its form and how the page looks.
func (v *recordView) query() url.Values {
	q := url.Values{}
	v.links.about(q)
	return q
}

// dynamicsURL opens the record in Dynamics 365.
func (v *recordView) dynamicsURL() templ.SafeURL {
	if v.Form.New() {
		return ""
	}
	return v.links.inDynamics(v.Form.Ref)
}

// problems are what is said above the form, each with the column that it is about ("" for the whole form).
func (v *recordView) problems() (all []columnProblem) {
	for _, p := range v.Form.Problems {
		all = append(all, columnProblem{problem: p})
	}
	for _, x := range v.Form.Fields {
		if x.Problem != nil {
			all = append(all, columnProblem{x.LogicalName, x.Label, *x.Problem})
		}
	}
	return all
}

type columnProblem struct {
	column, label string
	problem       crm.Problem
}

func (p columnProblem) text(ctx context.Context) string { return problemText(ctx, p.problem) }

func problemText(ctx context.Context, p crm.Problem) string {
	if locale.From(ctx).Has(p.Key) {
		return t(ctx, p.Key, locale.Args(p.Args))
	}
	return t(ctx, "internal")
}

// conflicts are the fields that two people have changed, those with something to choose first.
func (v *recordView) conflicts() (all []crm.Field) {
	for _, x := range v.Form.Fields {
		if x.Conflict != nil && x.Conflict.Overlap {
			all = append(all, x)
		}
	}
	for _, x := range v.Form.Fields {
		if x.Conflict != nil && !x.Conflict.Overlap {
			all = append(all, x)
		}
	}
	return all
}

// lockText says why something may not be typed into.
func lockText(ctx context.Context, why crm.ReadOnly) string {
	if key := "readonly." + string(why); why != "" && locale.From(ctx).Has(key) {
		return t(ctx, key)
	}
	return ""
}

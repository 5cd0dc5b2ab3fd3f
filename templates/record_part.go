package templates

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// RecordPart is what a sub-grid or a timeline holds.
type RecordPart struct {
	Filled   crm.Filled        // of a sub-grid; Err of both
	Timeline *crm.Timeline     // of a timeline
	Query    crm.TimelineQuery // which part of it
	SubGrid  *crm.SubGrid
}

// RecordPartModel is a sub-grid or a timeline of a record as a piece of its own.
type RecordPartModel struct {
	Place   crm.Place
	Ref     crm.RecordRef
	Form    string // id of the form
	From    string // the way to the record
	Control crm.Control
	Part    RecordPart
	OnPage  bool // it comes with the whole record
	Files   bool // attachments can be had here
	Theme   Theme
	Reading crm.Reading
}

func (v *recordView) part(c crm.Control) (RecordPart, bool) {
	if v.Part == nil {
		return RecordPart{}, false
	}
	return v.Part(c)
}

func (v *recordView) partModel(c crm.Control, part RecordPart) RecordPartModel {
	return RecordPartModel{Place: v.Place, Ref: v.Form.Ref, Form: v.Form.ID, From: v.From, Control: c, Part: part, OnPage: true, Files: v.Files, Theme: v.Theme, Reading: v.Form.Reading}
}

// list is a sub-grid as lists of dashboards are drawn.
func (m RecordPartModel) list() PartModel {
	return PartModel{Place: m.Place, Filled: m.Part.Filled, OnBoard: m.OnPage, Touched: !m.OnPage, Theme: m.Theme, Record: &m}
}

func (m RecordPartModel) links(ctx context.Context) links {
	return links{
		place: m.Place, origin: safeURL(m.Place.Organization.URL), part: m.Control.Key, theme: m.Theme, language: locale.From(ctx).Tag(),
		path: RecordPath, ref: m.Ref, form: m.Form, trail: m.From,
	}
}

// ListTitle is what a list of a record is called.
func ListTitle(ctx context.Context, c crm.Control) string { return partTitle(ctx, c) }

func partTitle(ctx context.Context, c crm.Control) string {
	switch {
	case c.Label != "":
		return c.Label
	case c.SubGrid != nil && c.SubGrid.Part.Title != "":
		return c.SubGrid.Part.Title
	case c.Kind == crm.ControlTimeline:
		return t(ctx, "timeline.title")
	}
	return t(ctx, "part.untitled")
}

// timelineView is a timeline as its components draw it.
type timelineView struct {
	RecordPartModel
	*crm.Timeline
	links
	Query crm.TimelineQuery
	Err   error
}

func newTimeline(ctx context.Context, m RecordPartModel) *timelineView {
	return &timelineView{RecordPartModel: m, Timeline: m.Part.Timeline, links: m.links(ctx), Query: m.Part.Query, Err: m.Part.Filled.Err}
}

// TimelineValues writes which part of a timeline is wanted as address parameters: kinds, q, before and skip.
func TimelineValues(q crm.TimelineQuery, v url.Values) {
	kinds := make([]string, len(q.Kinds))
	for i, k := range q.Kinds {
		kinds[i] = string(k)
	}
	for name, value := range map[string]string{"kinds": strings.Join(kinds, "."), "q": q.Search, "skip": strings.Join(q.Skip, ".")} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if !q.Before.IsZero() {
		v.Set("before", q.Before.UTC().Format(time.RFC3339Nano))
	}
}

// TimelineFrom reads what TimelineValues wrote; anything malformed is ignored.
func TimelineFrom(v url.Values) (q crm.TimelineQuery) {
	for _, k := range strings.Split(v.Get("kinds"), ".") {
		if kind := crm.EntryKind(k); slices.Contains(crm.EntryKinds(), kind) {
			q.Kinds = append(q.Kinds, kind)
		}
	}
	if text := v.Get("q"); len(text) <= 400 {
		q.Search = text
	}
	if at, err := time.Parse(time.RFC3339Nano, v.Get("before")); err == nil {
		q.Before = at
	}
	if text := v.Get("skip"); text != "" && len(text) <= 4000 {
		q.Skip = strings.Split(text, ".")
	}
	return q
}

// to shows another part of the timeline.
func (v *timelineView) to(q crm.TimelineQuery) templ.SafeURL {
	values := url.Values{"part": {v.Control.Key}}
	v.about(values)
	TimelineValues(q, values)
	return templ.SafeURL(RecordPath + "?" + values.Encode())
}

func (v *timelineView) newest() templ.SafeURL {
	return v.to(crm.TimelineQuery{Kinds: v.Query.Kinds, Search: v.Query.Search})
}

// only shows one kind of entries, or with "" all of them.
func (v *timelineView) only(kind crm.EntryKind) templ.SafeURL {
	q := crm.TimelineQuery{Search: v.Query.Search}
	if kind != "" {
		q.Kinds = []crm.EntryKind{kind}
	}
	return v.to(q)
}

func (v *timelineView) onlyShows(kind crm.EntryKind) bool {
	return len(v.Query.Kinds) == 1 && v.Query.Kinds[0] == kind
}

func (v *timelineView) hiddenFields() (fields []field) {
	values := url.Values{"part": {v.Control.Key}}
	v.about(values)
	TimelineValues(crm.TimelineQuery{Kinds: v.Query.Kinds}, values)
	for _, name := range []string{"part", "org", "app", "table", "id", "form", "from", "theme", "locale", "kinds"} {
		if values.Has(name) {
			fields = append(fields, field{name, values.Get(name)})
		}
	}
	return fields
}

// create leads to the form of a new activity about this record.
func (v *timelineView) create(table crm.Table) templ.SafeURL {
	return v.below("new", "new", table.LogicalName)
}

func (v *timelineView) entryURL(e crm.Entry) templ.SafeURL {
	if e.Kind != crm.EntryActivity {
		return ""
	}
	return v.open(e.Ref)
}

// end leads to completing or cancelling an activity of the timeline.
func (v *timelineView) end(e crm.Entry, kind crm.ActionKind) templ.SafeURL {
	return v.below("act", "do", string(kind), "entry", e.Ref.Table+"."+e.Ref.ID)
}

// fileURL is the attachment of a note.
func (v *timelineView) fileURL(e crm.Entry) templ.SafeURL {
	return v.below("file", "note", e.Ref.ID)
}

func (v *timelineView) said(ctx context.Context) string {
	switch {
	case v.Err != nil:
		return problemOf(ctx, v.Err)
	case v.Timeline == nil || len(v.Entries) == 0:
		return v.emptyText(ctx)
	}
	return t(ctx, "timeline.said", locale.Args{"n": len(v.Entries)})
}

func (v *timelineView) emptyText(ctx context.Context) string {
	if v.Query.Search != "" {
		return t(ctx, "list.empty-search", locale.Args{"search": v.Query.Search})
	}
	return t(ctx, "timeline.empty")
}

func missingText(ctx context.Context, kinds []crm.EntryKind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = t(ctx, "timeline."+string(k))
	}
	return t(ctx, "timeline.missing", locale.Args{"kinds": strings.Join(names, ", ")})
}

// entryIcons are the pictures of activities.
var entryIcons = map[string]string{"task": "task", "phonecall": "call", "appointment": "calendar", "email": "mail"}

func activityIcon(table string) string {
	if name := entryIcons[table]; name != "" {
		return name
	}
	return "task"
}

func entryIcon(e crm.Entry) string {
	switch e.Kind {
	case crm.EntryNote:
		return "note"
	case crm.EntryPost:
		return "post"
	}
	return activityIcon(e.Type.LogicalName)
}

func entryKind(ctx context.Context, e crm.Entry) string {
	if e.Type.Label != "" {
		return e.Type.Label
	}
	return t(ctx, "entry."+string(e.Kind))
}

func entryTitle(ctx context.Context, e crm.Entry) string {
	if e.Title != "" {
		return e.Title
	}
	return entryKind(ctx, e)
}

func entryLabel(ctx context.Context, key string, e crm.Entry) string {
	return t(ctx, key, locale.Args{"title": entryTitle(ctx, e)})
}

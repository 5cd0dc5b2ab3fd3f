package dataverse

import (
	"cmp"
	"context"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// source is where one kind of timeline entry is kept.
type source struct {
	kind        crm.EntryKind
	table, set  string
	regarding   string
	columns     []string
	title, body string
}

var sources = []source{
	{crm.EntryActivity, "activitypointer", "activitypointers", "regardingobjectid",
		[]string{"activityid", "subject", "description", "activitytypecode", "statecode", "statuscode", "scheduledend", "createdon", "createdby", "ownerid"}, "subject", "description"},
	{crm.EntryNote, "annotation", "annotations", "objectid",
		[]string{"annotationid", "subject", "notetext", "filename", "mimetype", "filesize", "isdocument", "createdon", "createdby"}, "subject", "notetext"},
	{crm.EntryPost, "post", "posts", "regardingobjectid", []string{"postid", "text", "createdon", "createdby"}, "", "text"},
}

// Timeline reads a part of what happened around a record, the newest first. Kinds that the person may not read here are named,
// and the others are shown.
func (c *Client) Timeline(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, q crm.TimelineQuery) (crm.Timeline, error) {
	if !isGUID(ref.ID) {
		return crm.Timeline{}, fault.New(fault.NotFound, "record.deleted").With("table", ref.Table)
	}
	size := min(max(cmp.Or(q.Size, usualPage), 1), 50)
	found, full, missing := make([][]crm.Entry, len(sources)), make([]bool, len(sources)), make([]bool, len(sources))
	asks := make([]func() error, 0, len(sources))
	for i, s := range sources {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, s.kind) {
			continue
		}
		asks = append(asks, func() (err error) {
			found[i], full[i], err = c.entries(ctx, caller, place.Organization, ref, s, q, size)
			if err != nil && !fault.Is(err, fault.SignedOut) && !fault.Is(err, fault.Consent) {
				missing[i] = true
				return nil
			}
			return err
		})
	}
	var may acting
	err := together(append(asks, func() (err error) {
		may, err = c.acting(ctx, caller, place.Organization, ref.Table)
		return optional(err)
	})...)
	if err != nil {
		return crm.Timeline{}, err
	}
	line := crm.Timeline{Create: may.tables}
	more := slices.Contains(full, true)
	for i, s := range sources {
		for _, e := range found[i] {
			e.CanEnd = e.Open && may.end
			line.Entries = append(line.Entries, e)
		}
		if missing[i] {
			line.Missing = append(line.Missing, s.kind)
		}
	}
	slices.SortStableFunc(line.Entries, func(a, b crm.Entry) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.Ref.ID, b.Ref.ID))
	})
	if more = more || len(line.Entries) > size; len(line.Entries) > size {
		line.Entries = line.Entries[:size]
	}
	if more && len(line.Entries) > 0 {
		line.More = following(q, line.Entries)
	}
	if len(asks) > 0 && len(line.Missing) == len(asks) {
		return line, fault.New(fault.Forbidden, "dataverse.forbidden")
	}
	return line, nil
}

// entries reads one kind.
func (c *Client) entries(ctx context.Context, caller crm.Caller, org crm.Organization, ref crm.RecordRef, s source, q crm.TimelineQuery, size int) ([]crm.Entry, bool, error) {
	// Those with the moment at which the part before ended are asked for again, and left out.
	want := size + len(q.Skip) + 1
	fetch := &crmxml.Fetch{Count: min(want, 500), Page: 1, Entity: crmxml.Entity{Name: s.table}}
	for _, column := range s.columns {
		fetch.Ensure(column)
	}
	conditions := []crmxml.Condition{{Attribute: s.regarding, Operator: "eq", Value: ref.ID}}
	if !q.Before.IsZero() {
		conditions = append(conditions, crmxml.Condition{Attribute: "createdon", Operator: "le", Value: q.Before.UTC().Format(time.RFC3339)})
	}
	fetch.Entity.Filters = []crmxml.Filter{{Type: "and", Conditions: conditions}}
	if text := strings.TrimSpace(q.Search); text != "" {
		fetch.Entity.Filters = append(fetch.Entity.Filters, s.containing(text))
	}
	fetch.Entity.Orders = []crmxml.Order{{Attribute: "createdon", Descending: true}, {Attribute: s.columns[0]}}
	answer, err := c.run(ctx, caller, org, s.set, fetch)
	if err != nil {
		return nil, false, err
	}
	var entries []crm.Entry
	for _, r := range *answer.Value {
		if e := s.entry(r, org); !slices.Contains(q.Skip, e.Ref.ID) {
			entries = append(entries, e)
		}
	}
	full := len(*answer.Value) >= want
	if s.kind == crm.EntryActivity {
		c.nameTypes(ctx, caller, org, entries)
	}
	return entries, full, nil
}

// containing finds a text in the entry's own words; its signs are no patterns.
func (s source) containing(text string) crmxml.Filter {
	pattern := "%" + strings.NewReplacer("[", "[[]", "%", "[%]", "_", "[_]").Replace(text) + "%"
	f := crmxml.Filter{Type: "or"}
	for _, column := range []string{s.title, s.body} {
		if column != "" {
			f.Conditions = append(f.Conditions, crmxml.Condition{Attribute: column, Operator: "like", Value: pattern})
		}
	}
	return f
}

// entry reads one row.
func (s source) entry(r row, org crm.Organization) crm.Entry {
	e := crm.Entry{Kind: s.kind, Ref: crm.RecordRef{Organization: org.URL, Table: s.table, ID: r.cell(s.columns[0]).raw}, Text: plainWords(r.cell(s.body).raw)}
	e.ETag, _ = r["@odata.etag"].(string)
	if s.title != "" {
		e.Title = r.cell(s.title).raw
	}
	by := r.cell("createdby")
	e.By = crm.Reference{Table: "systemuser", ID: by.raw, Name: by.text}
	e.At, _ = time.Parse(time.RFC3339, r.cell("createdon").raw)
	switch s.kind {
	case crm.EntryActivity:
		e.Ref.Table = r.cell("activitytypecode").raw
		e.Type = crm.Table{LogicalName: e.Ref.Table, Label: r.cell("activitytypecode").text}
		e.Status = r.cell("statuscode").text
		if status := r.cell("statuscode").raw; e.Status == status {
			e.Status = r.cell("statecode").text // one of the table's own reasons, which activities in general do not know
		}
		state := r.cell("statecode").raw
		e.Open = state == "0" || state == "3"
	case crm.EntryNote:
		if name := r.cell("filename"); name.set {
			e.File = &crm.FileValue{Name: name.raw, Type: r.cell("mimetype").raw}
			e.File.Size = int64(crmxml.Int(r.cell("filesize").raw, 0, 0, 1<<31-1))
		}
	}
	return e
}

// markup is what tells HTML, of which e-mails and many notes consist, from text.
var markup = regexp.MustCompile(`(?is)<(style|script|head|title)\b.*?</(style|script|head|title)\s*>|<!--.*?-->|</?[a-z][^<>]*>`)

// plainWords cuts HTML down to its words. What comes out is text, to be escaped like any other.
func plainWords(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	stripped := markup.ReplaceAllString(text, " ")
	if stripped == text {
		return text
	}
	return strings.Join(strings.Fields(html.UnescapeString(stripped)), " ")
}

// nameTypes says in the reader's language what kind of activity each is.
func (c *Client) nameTypes(ctx context.Context, caller crm.Caller, org crm.Organization, entries []crm.Entry) {
	var names []string
	for _, e := range entries {
		if logicalName.MatchString(e.Ref.Table) {
			names = append(names, e.Ref.Table)
		}
	}
	tables, err := c.tables(ctx, caller, org, names)
	if err != nil {
		return // they keep their logical names
	}
	for i := range entries {
		if t := tables[entries[i].Ref.Table]; t != nil {
			entries[i].Type = t.Table
		}
	}
}

// following asks for what comes after the entries shown.
func following(q crm.TimelineQuery, shown []crm.Entry) *crm.TimelineQuery {
	next := q
	last := shown[len(shown)-1].At
	if !last.Equal(q.Before) {
		next.Skip = nil
	}
	next.Before = last
	for _, e := range shown {
		if e.At.Equal(last) {
			next.Skip = append(slices.Clone(next.Skip), e.Ref.ID)
		}
	}
	return &next
}

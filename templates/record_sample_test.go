package templates

import (
	"fmt"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// sampleValues are values of every kind, with texts that stress layout and escaping.
var sampleValues = map[crm.Kind]crm.Value{
	crm.KindText:      {Raw: `Fabrikam <b>"Werke"</b> & Söhne`, Text: `Fabrikam <b>"Werke"</b> & Söhne`},
	crm.KindMemo:      {Raw: "First line\n  second <script>alert(1)</script>\n\nمرحبا بالعالم", Text: "First line\n  second <script>alert(1)</script>\n\nمرحبا بالعالم"},
	crm.KindRichText:  {Raw: `<p onclick="alert(1)" style="position:fixed">Meet <b>Anna</b></p></div></main><ul><li>one</li><li><a href="javascript:alert(1)">two</a></li></ul>`},
	crm.KindInteger:   {Raw: "1250", Text: "1,250"},
	crm.KindDecimal:   {Raw: "0.75", Text: "0.75"},
	crm.KindFloat:     {Raw: "52.3702", Text: "52.3702"},
	crm.KindMoney:     {Raw: "1250000.5", Text: "€1,250,000.50"},
	crm.KindDuration:  {Raw: "90", Text: "1.5 hours"},
	crm.KindBoolean:   {Raw: "true", Text: "Yes"},
	crm.KindDateTime:  {Raw: "2026-11-23T14:05:00Z", Text: "11/23/2026 3:05 PM"},
	crm.KindDate:      {Raw: "2026-11-30", Text: "11/30/2026"},
	crm.KindChoice:    {Raw: "2", Text: "Warm"},
	crm.KindChoices:   {Raw: "1,3", Text: "Cold; Hot"},
	crm.KindState:     {Raw: "1", Text: "Cold"},
	crm.KindStatus:    {Raw: "1", Text: "Cold"},
	crm.KindEmail:     {Raw: "anna@fabrikam.example", Text: "anna@fabrikam.example"},
	crm.KindPhone:     {Raw: "+49 (30) 555-0199", Text: "+49 (30) 555-0199"},
	crm.KindURL:       {Raw: "https://harbor.crm4.dynamics.com/x?a=1&b=2", Text: "https://harbor.crm4.dynamics.com/x?a=1&b=2"},
	crm.KindID:        {Raw: "0b000000-0000-4000-8000-000000000001", Text: "0b000000-0000-4000-8000-000000000001"},
	crm.KindImage:     {Raw: "0b000000-0000-4000-8000-000000000002", File: &crm.FileValue{Name: "ship.png", Type: "image/png", Size: 20480}},
	crm.KindFile:      {Raw: "0b000000-0000-4000-8000-000000000003", File: &crm.FileValue{Name: "offer <final>.pdf", Type: "application/pdf", Size: 3 << 20}},
	crm.KindOther:     {Raw: "something", Text: "something"},
	crm.KindLookup:    {},
	crm.KindPartyList: {},
}

var sampleRefs = []crm.Reference{
	{Table: "contact", Label: "Contact", ID: "0d000000-0000-4000-8000-000000000001", Name: "Anna Schmidt"},
	{Table: "account", Label: "Account", ID: "0d000000-0000-4000-8000-000000000002", Name: "Fabrikam: Werke & <Co>"},
}

var sampleReading = crm.Reading{Locale: "en-US", Zone: time.FixedZone("W. Europe", 3600)}

// kindNames name the columns of the samples, in the order of crm.Kinds.
var kindNames = []string{"text", "memo", "integer", "decimal", "money", "boolean", "datetime", "date", "choice", "choices", "state", "status",
	"lookup", "email", "phone", "url", "id", "float", "duration", "richtext", "partylist", "image", "file", "other"}

// sampleField is a field of a kind with a value.
func sampleField(kind crm.Kind) crm.Field {
	x := crm.Field{Column: crm.Column{LogicalName: "x_" + kindNames[kind], Label: "A " + kindNames[kind], Kind: kind, Precision: 2}, Description: "What it is for."}
	switch kind {
	case crm.KindChoice, crm.KindChoices, crm.KindState, crm.KindStatus:
		x.Options = []crm.Option{{Value: 1, Label: "Cold", Color: "#0000ff"}, {Value: 2, Label: "Warm"}, {Value: 3, Label: "Hot", Color: `red"/><script>`}}
	case crm.KindBoolean:
		x.Options = []crm.Option{{Value: 1, Label: "Yes"}, {Value: 0, Label: "No"}}
	case crm.KindMoney:
		x.Currency = crm.Currency{Symbol: "€", Code: "EUR"}
	case crm.KindLookup, crm.KindPartyList:
		x.Targets = []string{"account", "contact"}
	case crm.KindText:
		x.Required, x.MaxLength = crm.Mandatory, 100
	}
	value := sampleValues[kind]
	switch kind {
	case crm.KindLookup:
		x.Value = x.ValueOfRefs(sampleRefs[:1])
	case crm.KindPartyList:
		x.Value = x.ValueOfRefs(append(sampleRefs, crm.Reference{Address: "someone@else.example", Name: "someone@else.example"}))
	default:
		x.Value = x.ValueOf(sampleReading, value.Raw, value.Text)
		x.Value.File = value.File
	}
	return x
}

// sampleForm has a field of every kind, twice: with a value and empty.
func sampleForm() crm.Form {
	f := crm.Form{
		Ref:   crm.RecordRef{Organization: samplePlace.Organization.URL, Table: "opportunity", ID: "0b000000-0000-4000-8000-00000000000a"},
		Table: opportunities, Title: `Refit of <b>"Harbor"</b> cranes`, ETag: `W/"1"`, ID: "0f000000-0000-4000-8000-000000000001", Name: "Opportunity",
		Forms:   []crm.FormRef{{ID: "0f000000-0000-4000-8000-000000000001", Name: "Opportunity"}, {ID: "0f000000-0000-4000-8000-000000000002", Name: "Sales Insights"}},
		Reading: sampleReading, Token: "sealed", Access: crm.Access{Read: true, Write: true, Delete: true},
		Changed: crm.Touched{By: crm.Reference{Name: "Ingrid Sommer"}, At: noon},
	}
	for _, kind := range []crm.ActionKind{crm.ActionDelete, crm.ActionAssign, crm.ActionWin, crm.ActionLose, crm.ActionShare} {
		f.Actions = append(f.Actions, crm.Action{Kind: kind})
	}
	summary := crm.FormSection{Key: "s1", Title: "Opportunity information", ShowTitle: true, Columns: 2}
	empty := crm.FormSection{Key: "s2", Title: "Nothing yet", ShowTitle: true, Columns: 1, LabelsLeft: true}
	put := func(s *crm.FormSection, x crm.Field) {
		f.Fields = append(f.Fields, x)
		s.Controls = append(s.Controls, crm.Control{Key: fmt.Sprint("c", len(f.Fields)), Kind: crm.ControlField, Label: x.Label, ShowLabel: true, Row: len(s.Controls) + 1, Column: 1, ColSpan: 1, RowSpan: 1, Field: len(f.Fields) - 1})
	}
	for _, kind := range crm.Kinds() {
		x := sampleField(kind)
		if kind == crm.KindID || kind == crm.KindState {
			x.ReadOnly = crm.ReadOnlyColumn
		}
		put(&summary, x)
		x.LogicalName, x.Label, x.Value, x.Required = x.LogicalName+"_empty", "No "+kindNames[kind], crm.Value{}, crm.Optional
		put(&empty, x)
	}
	masked := crm.Field{Column: crm.Column{LogicalName: "x_masked", Label: "Secret", Kind: crm.KindText, Secured: true}, Masked: true, ReadOnly: crm.ReadOnlySecured}
	put(&summary, masked)
	f.Header = []crm.Control{{Key: "h1", Field: 8}, {Key: "h2", Field: 16}, {Key: "h3", Field: 24}}
	side := crm.FormSection{Key: "s3", Columns: 1, Controls: []crm.Control{
		{Key: "t1", Kind: crm.ControlTimeline, PageSize: 10},
		{Key: "q1", Kind: crm.ControlQuickView, Label: "Contact", ShowLabel: true, QuickView: &crm.QuickView{Lookup: "x_lookup", Record: &sampleRefs[0], Fields: []crm.Field{sampleField(crm.KindEmail), sampleField(crm.KindPhone)}}},
		{Key: "q2", Kind: crm.ControlQuickView, QuickView: &crm.QuickView{Lookup: "x_lookup", Record: &sampleRefs[1], Refused: true}},
		{Key: "u1", Kind: crm.ControlUnsupported, Label: "Map", Unsupported: "webresource"},
	}}
	grid := crm.FormSection{Key: "s4", Columns: 1, Controls: []crm.Control{{Key: "g1", Kind: crm.ControlSubGrid, Label: "Opportunities", SubGrid: &crm.SubGrid{
		Part: crm.Part{Key: "g1", Title: "Opportunities", ShowTitle: true, Table: "opportunity", PageSize: 10, QuickFind: true}, Relationship: "opportunity_parent", CanCreate: true, CanAdd: true, CanRemove: true,
	}}}}
	f.Tabs = []crm.FormTab{
		{Key: "general", Title: "General", ShowTitle: true, Expanded: true, Columns: []crm.FormColumn{{Width: 60, Sections: []crm.FormSection{summary}}, {Width: 40, Sections: []crm.FormSection{side, empty}}}},
		{Key: "related", Title: "Related", ShowTitle: true, Columns: []crm.FormColumn{{Width: 100, Sections: []crm.FormSection{grid}}}},
	}
	f.Processes = []crm.Process{{
		Position: crm.Position{Instance: "i1", Stage: "2", Path: []string{"1", "2"}, Status: crm.ProcessActive, Since: noon.AddDate(0, 0, -3)},
		Name:     "Opportunity Sales Process", Active: 1, Moves: []crm.MoveKind{crm.MoveNext, crm.MoveBack, crm.MoveAbandon}, Stages: []crm.Stage{
			{ID: "1", Name: "Qualify", Table: f.Ref.Table, Steps: []crm.Step{{Label: "Contact", Column: f.Fields[24].LogicalName, Field: 24, Required: true, Done: true}}},
			{ID: "2", Name: "Develop", Table: f.Ref.Table, Steps: []crm.Step{{Label: "Budget", Column: f.Fields[9].LogicalName, Field: 9, Required: true}, {Label: "Elsewhere", Field: -1}}},
			{ID: "3", Name: "Propose", Table: f.Ref.Table}, {ID: "4", Name: "Close", Table: f.Ref.Table},
		},
	}}
	return f
}

func sampleTimeline() *crm.Timeline {
	return &crm.Timeline{
		CanNote: true, Create: []crm.Table{{LogicalName: "task", Label: "Task"}, {LogicalName: "phonecall", Label: "Phone Call"}, {LogicalName: "appointment", Label: "Appointment"}},
		More: &crm.TimelineQuery{Before: noon, Skip: []string{"0b000000-0000-4000-8000-0000000000b1"}}, Missing: []crm.EntryKind{crm.EntryPost},
		Entries: []crm.Entry{
			{Kind: crm.EntryActivity, Type: crm.Table{LogicalName: "phonecall", Label: "Phone Call"}, Ref: crm.RecordRef{Table: "phonecall", ID: "0b000000-0000-4000-8000-0000000000b1"}, Title: "Call about the <b>crane</b>", Text: "Ask for the drawings", By: crm.Reference{Name: "Tomas Lindqvist"}, At: noon, Due: true, Open: true, Status: "Open", CanEnd: true},
			{Kind: crm.EntryNote, Ref: crm.RecordRef{Table: "annotation", ID: "0b000000-0000-4000-8000-0000000000b2"}, Title: "Offer sent", Text: "See attachment", By: crm.Reference{Name: "Priya Raman"}, At: noon.Add(-time.Hour), File: &crm.FileValue{Name: "offer.pdf", Size: 20000}},
			{Kind: crm.EntryPost, Ref: crm.RecordRef{Table: "post", ID: "0b000000-0000-4000-8000-0000000000b3"}, Text: "Well done", By: crm.Reference{Name: "Ingrid Sommer"}, At: noon.Add(-2 * time.Hour)},
		},
	}
}

func sampleRecord(mode RecordMode) Record {
	return Record{
		Place: samplePlace, Form: sampleForm(), Mode: mode, Files: true, Stages: true, AsOf: noon, Link: "https://pintab.example/tab/record?id=1", Labels: map[string]string{"account": "Account", "contact": "Contact"},
		Trail: []Crumb{{Text: "My Dashboard", Path: "/tab/dashboard?dashboard=1"}, {Text: "Account", Path: "/tab/record?table=account"}}, From: "r.account.0d000000-0000-4000-8000-000000000002",
		Part: func(c crm.Control) (RecordPart, bool) {
			if c.Kind == crm.ControlTimeline {
				return RecordPart{Timeline: sampleTimeline()}, true
			}
			return RecordPart{Filled: crm.Filled{Part: c.SubGrid.Part, List: sampleList(5), AsOf: noon}}, true
		},
	}
}

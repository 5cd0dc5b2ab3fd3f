package templates

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/brotli"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/static"
)

func recordPage(r Record) RecordModel {
	return RecordModel{Open: func(context.Context) (Record, *State) { return r, nil }}
}

func drawRecord(t testing.TB, mode RecordMode, change func(*Record)) *goquery.Document {
	t.Helper()
	r := sampleRecord(mode)
	if change != nil {
		change(&r)
	}
	doc := draw(t, RecordPage(recordPage(r)))
	safe(t, doc)
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); ids[id] {
			t.Errorf("two elements are %q", id)
		} else {
			ids[id] = true
		}
	})
	return doc
}

func TestEveryKindIsShownAndTyped(t *testing.T) {
	if len(kindNames) != len(crm.Kinds()) {
		t.Fatalf("%d names for %d kinds", len(kindNames), len(crm.Kinds()))
	}
	read, edit := drawRecord(t, RecordRead, nil), drawRecord(t, RecordEdit, nil)
	for _, kind := range crm.Kinds() {
		x := sampleField(kind)
		if _, known := showing[kind]; !known {
			t.Errorf("nothing shows %s", x.LogicalName)
		}
		how, known := typings[kind]
		if !known {
			t.Errorf("nothing says how %s is typed", x.LogicalName)
		}
		where := `.sheet [data-column="` + x.LogicalName + `"]`
		if got := words(read.Find(where + " .v")); got == "" && kind != crm.KindImage {
			t.Errorf("%s shows nothing", x.LogicalName)
		}
		if read.Find(where+" input, "+where+" select, "+where+" textarea").Length() > 0 {
			t.Errorf("%s is an input although nobody edits", x.LogicalName)
		}
		if got := words(read.Find(`.sheet [data-column="` + x.LogicalName + `_empty"] .v`)); !strings.Contains(got, "empty") {
			t.Errorf("%s does not say that it is empty: %q", x.LogicalName, got)
		}
		inputs := edit.Find(where).Find(`[name="` + x.LogicalName + `"]`)
		if how != typedNowhere != (inputs.Length() > 0) {
			t.Errorf("%s has %d inputs", x.LogicalName, inputs.Length())
		}
		if how == typedNowhere {
			continue
		}
		inputs.Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("form", "") != "record" {
				t.Errorf("an input of %s belongs to no form", x.LogicalName)
			}
		})
		label := edit.Find(where + ` label[for="f-` + x.LogicalName + `"], ` + where + ` fieldset[id="f-` + x.LogicalName + `"] legend`)
		if !strings.Contains(words(label), x.Label) {
			t.Errorf("the input of %s has no label", x.LogicalName)
		}
	}
}

// posted is what a browser sends for a form that nobody has touched.
func posted(doc *goquery.Document, form string) url.Values {
	v := url.Values{}
	doc.Find(`input[form="` + form + `"], select[form="` + form + `"], textarea[form="` + form + `"], form[id="` + form + `"] input`).Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
		case s.Is("select"):
			v.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case s.Is("textarea"):
			v.Add(name, strings.TrimPrefix(s.Text(), "\n"))
		default:
			v.Add(name, s.AttrOr("value", ""))
		}
	})
	return v
}

func TestSendingAnUntouchedFormChangesNothing(t *testing.T) {
	r := sampleRecord(RecordEdit)
	in := crm.InputFrom(posted(drawRecord(t, RecordEdit, nil), "record"))
	delete(in.Columns, "x_richtext") // which comes as plain text with a mark that says so; package web knows
	if in.Token != "sealed" || len(in.Columns) < 35 {
		t.Fatalf("%q, %d columns", in.Token, len(in.Columns))
	}
	form, changes := r.Form.Apply(in)
	if !form.Valid() || len(changes) > 0 {
		for _, x := range form.Fields {
			if x.Problem != nil {
				t.Errorf("%s: %+v", x.LogicalName, *x.Problem)
			}
		}
		t.Errorf("%d changes: %+v", len(changes), changes)
	}
}

func TestWhatMayNotBeTypedIsText(t *testing.T) {
	doc := drawRecord(t, RecordEdit, nil)
	for _, column := range []string{"x_id", "x_state", "x_masked", "x_image", "x_file", "x_other"} {
		if doc.Find(`.sheet [data-column="`+column+`"]`).Find("input, select, textarea").Length() > 0 {
			t.Error(column, "can be typed into")
		}
	}
	if got := words(doc.Find(`.sheet [data-column="x_state"] .lock`)); got != "Dynamics 365 works this out by itself" {
		t.Error(got)
	}
	masked := doc.Find(`.sheet [data-column="x_masked"] [data-testid=masked]`)
	if !strings.Contains(words(masked), "column security") {
		t.Error(words(masked))
	}
	doc = drawRecord(t, RecordRead, func(r *Record) {
		r.Form.State.Inactive = true
		for i := range r.Form.Fields {
			r.Form.Fields[i].ReadOnly = crm.ReadOnlyInactive
		}
	})
	if doc.Find("[data-edit]").Length() > 0 || words(doc.Find("[data-testid=read-only]")) != "Inactive, so it can only be read" {
		t.Error("an inactive record is offered for typing, or does not say that it is inactive")
	}
}

func TestARecordLeadsToOthersAndBack(t *testing.T) {
	doc := drawRecord(t, RecordRead, nil)
	address, err := url.Parse(doc.Find(`.sheet [data-column="x_lookup"] .v a`).First().AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	if address.Path != RecordPath || q.Get("table") != "contact" || q.Get("id") != sampleRefs[0].ID || q.Get("org") != samplePlace.Organization.URL {
		t.Error(address)
	}
	steps := TrailFrom(q.Get("from"))
	if len(steps) != 2 || steps[1].Table != "opportunity" || steps[0].Table != "account" {
		t.Errorf("%+v", steps)
	}
	if got := words(doc.Find("nav.crumbs")); !strings.HasPrefix(got, "My DashboardAccountRefit") {
		t.Error(got)
	}
	dynamics := doc.Find(`.menu a[target="_blank"]`).AttrOr("href", "")
	if !strings.Contains(dynamics, "pagetype=entityrecord&etn=opportunity&id=0b000000-0000-4000-8000-00000000000a") {
		t.Error(dynamics)
	}
}

func TestATrailDoesNotGrowForEver(t *testing.T) {
	trail := DashboardToken("0e000000-0000-4000-8000-000000000001")
	a, b := RecordToken("account", "0d000000-0000-4000-8000-000000000001"), RecordToken("contact", "0d000000-0000-4000-8000-000000000002")
	for range 10 {
		trail = Onward(Onward(trail, a), b)
	}
	if got := TrailFrom(trail); len(got) != 3 || got[0].Dashboard == "" || got[2].Table != "contact" {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"d.x", "r.account.1", "r.a b.0d000000-0000-4000-8000-000000000001", "//evil", strings.Repeat("x,", 1000)} {
		if got := TrailFrom(bad); len(got) > 0 {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

func TestProblemsAreAtTheFieldsAndLeadThere(t *testing.T) {
	doc := drawRecord(t, RecordEdit, func(r *Record) {
		in := crm.Input{Columns: map[string][]string{"x_integer": {"twelve"}, "x_email": {"nobody"}, "x_text": {""}, "x_memo": {"kept"}}}
		r.Form, _ = r.Form.Apply(in)
	})
	if n := doc.Find("#problems li").Length(); n != 3 {
		t.Errorf("%d problems are listed", n)
	}
	doc.Find("#problems a").Each(func(_ int, s *goquery.Selection) {
		target := doc.Find(`[id="` + strings.TrimPrefix(s.AttrOr("href", ""), "#") + `"]`)
		if target.AttrOr("aria-invalid", "") != "true" || !strings.HasPrefix(target.AttrOr("aria-describedby", ""), "p-") {
			t.Errorf("%s leads nowhere", s.AttrOr("href", ""))
		}
	})
	for column, typed := range map[string]string{"x_integer": "twelve", "x_email": "nobody"} {
		if got := doc.Find(`#f-`+column).AttrOr("value", ""); got != typed {
			t.Errorf("%s: %q was typed, %q is there", column, typed, got)
		}
	}
	if got := doc.Find("#f-x_memo").Text(); got != "kept" {
		t.Error(got)
	}
}

func TestAConflictShowsBothAndAsks(t *testing.T) {
	doc := drawRecord(t, RecordEdit, func(r *Record) {
		r.Saved = &crm.Saved{Outcome: crm.OutcomeConflict}
		for i, x := range r.Form.Fields {
			switch x.LogicalName {
			case "x_text":
				r.Form.Fields[i].Typed = []string{"mine"}
				r.Form.Fields[i].Conflict = &crm.Conflict{Was: crm.Value{Raw: "was", Text: "was"}, Theirs: crm.Value{Raw: "theirs", Text: "theirs"}, Mine: crm.Value{Raw: "mine", Text: "mine"}, Overlap: true}
			case "x_memo":
				r.Form.Fields[i].Conflict = &crm.Conflict{Was: crm.Value{}, Theirs: crm.Value{Raw: "new", Text: "new"}, Mine: crm.Value{}}
			}
		}
	})
	row := doc.Find(`[data-testid=conflict-form] tr[data-column="x_text"]`)
	if got := words(row); got != "A textwas theirs mine" {
		t.Error(got)
	}
	choices := row.Find(`input[name="_choice.x_text"]`)
	if choices.Length() != 2 || row.Find("[checked]").Length() > 0 {
		t.Error("nothing to choose, or somebody chose already")
	}
	if doc.Find(`tr[data-column="x_memo"] input`).Length() != 0 || doc.Find(`tr[data-column="x_memo"]`).Length() != 1 {
		t.Error("what only one has changed is no choice, but is told")
	}
	if got := doc.Find(`form[id=record] textarea[name="x_text"]`).Text(); got != "mine" || doc.Find(`form[id=record] input[name="_form"]`).AttrOr("value", "") != "sealed" {
		t.Error("what was typed is lost:", got)
	}
}

func TestAReceiptTellsAndTakesBack(t *testing.T) {
	doc := drawRecord(t, RecordRead, func(r *Record) {
		r.Saved = &crm.Saved{Outcome: crm.OutcomeSaved, At: noon, Undo: "sealed undo", Lost: true, Changes: []crm.Change{{Column: crm.Column{LogicalName: "x", Label: "Topic"}, Old: crm.Value{}, New: crm.Value{Raw: "<p>New</p>", Text: "<p>New</p>"}}}}
	})
	got := words(doc.Find("[data-testid=receipt]"))
	for _, want := range []string{"Saved", "Topic: empty → New", "lost on the way"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	if v := doc.Find(`[data-testid=receipt] form input[name="_undo"]`).AttrOr("value", ""); v != "sealed undo" {
		t.Error(v)
	}
}

func TestNobodyIsToldThatAnUnknownWriteFailedOrSucceeded(t *testing.T) {
	doc := drawRecord(t, RecordEdit, func(r *Record) { r.Saved = &crm.Saved{Outcome: crm.OutcomeUnknown} })
	if got := words(doc.Find("[data-testid=unknown]")); !strings.Contains(got, "cannot tell whether this was saved") || doc.Find("[data-testid=receipt]").Length() > 0 {
		t.Error(got)
	}
	if doc.Find("#f-x_text").Length() != 1 {
		t.Error("what was typed is gone")
	}
	doc = drawRecord(t, RecordEdit, func(r *Record) { r.Problem = fault.New(fault.Unreachable, "dataverse.unreachable") })
	if got := words(doc.Find("[data-testid=failed]")); !strings.Contains(got, "what you typed is still below") {
		t.Error(got)
	}
}

func TestASubGridMakesAndRemoves(t *testing.T) {
	doc := drawRecord(t, RecordRead, nil)
	grid := doc.Find(`section[data-part="g1"]`)
	if grid.Find("tbody tr").Length() != 5 || grid.Find("[data-key=new]").Length() != 1 || grid.Find("td.act a").Length() != 5 {
		t.Error("rows or commands are missing")
	}
	for _, s := range []*goquery.Selection{grid.Find("th a").First(), grid.Find("form.find")} {
		address := s.AttrOr("href", s.AttrOr("action", ""))
		if !strings.HasPrefix(address, RecordPath) {
			t.Error(address)
		}
	}
	if got := grid.Find(`form.find input[name="id"]`).AttrOr("value", ""); got != sampleForm().Ref.ID {
		t.Error(got)
	}
	waiting := drawRecord(t, RecordRead, func(r *Record) { r.Part = nil })
	if waiting.Find("section[data-await] a[data-swap]").Length() != 2 {
		t.Error("lists that are asked for later have no way to ask")
	}
}

func TestATimelineTellsAndFilters(t *testing.T) {
	doc := drawRecord(t, RecordRead, nil)
	line := doc.Find("[data-testid=timeline]")
	if line.Find("[data-testid=entry]").Length() != 3 || line.Find(".pill").Length() != 4 || line.Find("[data-key=older]").Length() != 1 {
		t.Error("entries, filters or pages are missing")
	}
	u, err := url.Parse(line.Find("[data-key=older]").AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	if q := TimelineFrom(u.Query()); !q.Before.Equal(noon) || len(q.Skip) != 1 {
		t.Errorf("%+v", q)
	}
	if line.Find(".entry-tools a").Length() != 2 || line.Find("[data-testid=missing]").Length() != 1 || line.Find(".entry-file a").Length() != 1 {
		t.Error("an activity cannot be ended, an attachment not be had, or nobody says what is missing")
	}
}

// sent is what a page weighs as browsers get it.
func sent(t testing.TB, page string) int {
	t.Helper()
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 5, LGWin: 17})
	if _, err := w.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// A repeat visit to a record is one page of 15 KB; what it links to is kept by the browser.
func TestRecordsKeepToTheirBudget(t *testing.T) {
	page := sent(t, text(t, "en", RecordPage(recordPage(sampleRecord(RecordRead)))))
	edit := sent(t, text(t, "en", RecordPage(recordPage(sampleRecord(RecordEdit)))))
	linked := 0
	for _, name := range []string{"tab.js", "record.js", "record.css"} {
		packed, err := os.ReadFile("../static/dist/" + filepath.Base(static.URL(name)) + ".br")
		if err != nil {
			t.Fatal(err)
		}
		linked += len(packed)
	}
	t.Logf("a record of %d fields %d, open for typing %d, what it links to %d", len(sampleForm().Fields), page, edit, linked)
	if page > 15<<10 || edit > 16_000 || page+linked > 45_000 {
		t.Errorf("a record costs %d bytes, open for typing %d, on a first visit %d", page, edit, page+linked)
	}
}

func BenchmarkRecord(b *testing.B) {
	b.ReportAllocs()
	ctx, m := reader("en"), recordPage(sampleRecord(RecordRead))
	bytes := 0
	for b.Loop() {
		var out flushes
		if err := RecordPage(m).Render(ctx, &out.Builder); err != nil {
			b.Fatal(err)
		}
		bytes = out.Len()
	}
	b.ReportMetric(float64(bytes), "bytes")
}

// TestDrawRecordPages writes the sample pages to the folder that PINTAB_TEST_PAGES names, to be looked at.
func TestDrawRecordPages(t *testing.T) {
	folder := os.Getenv("PINTAB_TEST_PAGES")
	if folder == "" {
		folder = t.TempDir()
	}
	for name, mode := range map[string]RecordMode{"read": RecordRead, "edit": RecordEdit} {
		for _, theme := range []Theme{ThemeDefault, ThemeDark, ThemeContrast} {
			m := recordPage(sampleRecord(mode))
			m.Page.Theme = theme
			if err := os.WriteFile(filepath.Join(folder, name+"-"+string(theme)+".html"), []byte(text(t, "en-US", RecordPage(m))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTheLetterOfARecord(t *testing.T) {
	for title, want := range map[string]string{"  contoso": "C", "“Quoted” name": "Q", "100% Pure": "1", "éclair": "É", "日本": "日", "": "·", " - ": "·", "<b>": "B"} {
		doc := drawRecord(t, RecordRead, func(r *Record) { r.Form.Title, r.Form.Image = title, nil })
		if got := doc.Find("span.face").First().Text(); got != want {
			t.Errorf("%q has %q", title, got)
		}
	}
}

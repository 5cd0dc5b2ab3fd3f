package templates

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
)

func drawList(t testing.TB, change func(*crm.Filled)) *goquery.Document {
	t.Helper()
	part := crm.Part{Key: "p1", Title: "Opportunities", ShowTitle: true, Kind: crm.PartList, PageSize: 10, QuickFind: true, ViewPicker: true}
	f := crm.Filled{Part: part, State: crm.PartState{Page: 2}, List: sampleList(10), AsOf: noon}
	if change != nil {
		change(&f)
	}
	doc := draw(t, PartPanel(PartModel{Place: samplePlace, DashboardID: "d1", Filled: f, Theme: ThemeDark}))
	safe(t, doc)
	return doc
}

func TestAListIsATable(t *testing.T) {
	doc := drawList(t, nil)
	if doc.Find("tbody tr").Length() != 10 || doc.Find("thead th[scope=col]").Length() != 6 || doc.Find("table caption").Length() != 1 {
		t.Error("not all rows and columns")
	}
	sorted := doc.Find("th[aria-sort]")
	if sorted.Length() != 1 || sorted.AttrOr("aria-sort", "") != "descending" || sorted.AttrOr("data-column", "") != "estimatedvalue" {
		t.Error("the sorted column is not marked, or others are")
	}
	if got := words(doc.Find(".count")); got != "11–20 of 1,134" {
		t.Error(got)
	}
	if doc.Find("td.n").Length() != 10 {
		t.Error("numbers are not set right-aligned")
	}
	if got := words(doc.Find("tbody tr").Eq(5).Find("th")); got != "(no name)" {
		t.Error(got)
	}
}

func TestARecordOpensHere(t *testing.T) {
	link := drawList(t, nil).Find("tbody th a").First()
	address, err := url.Parse(link.AttrOr("href", ""))
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	if address.Path != RecordPath || q.Get("table") != "opportunity" || q.Get("id") != "0b000000-0000-4000-8000-000000000000" || q.Get("app") != samplePlace.App.ID {
		t.Error(address)
	}
	if _, leaves := link.Attr("target"); leaves || q.Get("theme") != "dark" {
		t.Error("the record opens somewhere else, or in another look")
	}
}

func stateBehind(t testing.TB, s *goquery.Selection) crm.PartState {
	t.Helper()
	u, err := url.Parse(s.AttrOr("href", ""))
	if err != nil || u.Path != "/tab/dashboard" {
		t.Fatal(u, err)
	}
	key, state := crm.PartStateFrom(u.Query())
	if key != "p1" || u.Query().Get("dashboard") != "d1" || u.Query().Get("theme") != "dark" || u.Query().Get("locale") != "en-US" {
		t.Error(u)
	}
	return state
}

func TestSortingAndPagingAreLinks(t *testing.T) {
	doc := drawList(t, nil)
	if s := stateBehind(t, doc.Find(`th[data-column=estimatedvalue] a`)); s.Sort != "estimatedvalue" || s.Descending || s.Page != 0 {
		t.Errorf("sorting the sorted column turns it round: %+v", s)
	}
	if s := stateBehind(t, doc.Find(`th[data-column=name] a`)); s.Sort != "name" || s.Descending {
		t.Errorf("%+v", s)
	}
	if s := stateBehind(t, doc.Find("[data-key=next]")); s.Page != 3 {
		t.Errorf("%+v", s)
	}
	if s := stateBehind(t, doc.Find("[data-key=previous]")); s.Page != 0 && s.Page != 1 {
		t.Errorf("%+v", s)
	}
	if doc.Find(`th[data-column="pc.emailaddress1"] a`).Length() != 0 {
		t.Error("a column that cannot be sorted has a link")
	}
}

func TestFormsOfAListKeepWhatTheyDoNotSet(t *testing.T) {
	doc := drawList(t, func(f *crm.Filled) {
		f.State = crm.PartState{ViewID: sampleViews[2].ID, PersonalView: true, Search: "fish", Sort: "name"}
		f.List.View, f.List.Search = sampleViews[2], "fish"
	})
	find, views := doc.Find("form.find"), doc.Find("form.views")
	if got := find.Find("input[name=q]").AttrOr("value", ""); got != "fish" || find.Find("input[name=view]").AttrOr("value", "") != sampleViews[2].ID || find.Find("input[name=personal]").Length() != 1 {
		t.Error(got)
	}
	if got := views.Find("option[selected]").AttrOr("value", ""); got != sampleViews[2].ID+crm.PersonalSuffix || views.Find("input[name=q], input[name=view]").Length() != 0 {
		t.Error(got)
	}
	for _, form := range []*goquery.Selection{find, views} {
		if form.Find("input[name=part]").AttrOr("value", "") != "p1" || form.Find("input[name=dashboard]").AttrOr("value", "") != "d1" || form.AttrOr("action", "") != "/tab/dashboard" {
			t.Error("a form that does not find its way back")
		}
	}
}

func TestANarrowedListSaysToWhatAndTakesItBack(t *testing.T) {
	doc := drawList(t, func(f *crm.Filled) {
		f.State = crm.PartState{Drill: &crm.Drill{Category: "1"}, Sort: "name"}
		f.List.DrillText = "Stage: Develop"
	})
	if got := words(doc.Find("[data-testid=chip]")); got != "Only Stage: Develop" {
		t.Error(got)
	}
	if s := stateBehind(t, doc.Find("[data-key=clear]")); s.Drill != nil || s.Sort != "name" {
		t.Errorf("%+v", s)
	}
}

func TestEmptyListsSayWhy(t *testing.T) {
	for want, change := range map[string]func(*crm.List){
		"There are no records in this view.":      func(*crm.List) {},
		"Nothing found for “zebra”.":              func(l *crm.List) { l.Search = "zebra" },
		"There are no records for Owner: Ingrid.": func(l *crm.List) { l.DrillText = "Owner: Ingrid" },
		"There are no more records.":              func(l *crm.List) { l.Page = 3 },
	} {
		doc := drawList(t, func(f *crm.Filled) {
			f.List = sampleList(0)
			f.List.Page = 1
			change(f.List)
		})
		if got := words(doc.Find("[data-testid=empty]")); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestCountsThatAreNotExactSaySo(t *testing.T) {
	for want, change := range map[string]func(*crm.List){
		"11–20":                    func(l *crm.List) { l.Total = -1 },
		"11–20 of more than 5,000": func(l *crm.List) { l.Total, l.TotalOver = 5000, true },
	} {
		if got := words(drawList(t, func(f *crm.Filled) { change(f.List) }).Find(".count")); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// Every kind of column is drawn, and its text is text.
func TestEveryKindOfColumnIsDrawn(t *testing.T) {
	link := crm.RecordRef{Table: "account", ID: "x"}
	for _, kind := range crm.Kinds() {
		cell := crm.Cell{Text: `<i>"5"</i>`, Raw: "2026-11-28"}
		switch kind {
		case crm.KindLookup:
			cell.Link = &link
		case crm.KindEmail:
			cell = crm.Cell{Text: "a@b.example", Raw: "a@b.example"}
		case crm.KindPhone:
			cell = crm.Cell{Text: "+49 30 1234", Raw: "+49 30 1234"}
		case crm.KindURL:
			cell = crm.Cell{Text: "site", Raw: "https://harbor.crm4.dynamics.com/x"}
		}
		doc := drawList(t, func(f *crm.Filled) {
			f.List.Columns = append(f.List.Columns[:1:1], crm.ListColumn{Name: "c", Label: "C", Kind: kind})
			f.List.Rows = f.List.Rows[:1]
			f.List.Rows[0].Cells = []crm.Cell{{Text: "n"}, cell}
		})
		td := doc.Find("tbody td")
		if got := words(td); got != cell.Text {
			t.Errorf("kind %d: %q", kind, got)
		}
		if right := td.HasClass("n"); right != kind.Numeric() {
			t.Errorf("kind %d: right-aligned %v", kind, right)
		}
		switch kind {
		case crm.KindLookup, crm.KindEmail, crm.KindPhone, crm.KindURL:
			if td.Find("a").Length() != 1 {
				t.Errorf("kind %d has no link", kind)
			}
		case crm.KindDate, crm.KindDateTime:
			if td.Find("time").AttrOr("datetime", "") != "2026-11-28" {
				t.Errorf("kind %d is no time", kind)
			}
		}
	}
}

func TestHostileAddressesAreTextOnly(t *testing.T) {
	hostile := []string{
		"javascript:alert(1)", "data:text/html,x", "vbscript:x", "\x01javascript:alert(1)", "//evil.example", `/\evil.example`, "ftp://x/y",
		"https://user:pw@evil.example/", "http:///x", "java\nscript:alert(1)", " ", "https:evil",
	}
	for _, kind := range []crm.Kind{crm.KindURL, crm.KindEmail, crm.KindPhone, crm.KindText} {
		for _, address := range hostile {
			doc := drawList(t, func(f *crm.Filled) {
				f.List.Columns = append(f.List.Columns[:1:1], crm.ListColumn{Name: "c", Label: "C", Kind: kind})
				f.List.Rows = f.List.Rows[:1]
				f.List.Rows[0].Cells = []crm.Cell{{Text: "n"}, {Text: address, Raw: address}}
			})
			if doc.Find("tbody td a").Length() != 0 {
				t.Errorf("kind %d links to %q", kind, address)
			}
		}
	}
	for _, address := range []string{"a@b.c?bcc=d@e.f", "a b@c.d", "@x"} {
		if got := mailURL(address); address != "@x" && got != "" {
			t.Errorf("%q gives %q", address, got)
		}
	}
}

func TestAnOrganizationWithoutAUsableAddressHasNoLinks(t *testing.T) {
	place := samplePlace
	place.Organization.URL = "javascript:alert(1)//"
	f := crm.Filled{Part: crm.Part{Key: "p1", Title: "T"}, List: sampleList(2)}
	f.List.Rows[0].Ref.Organization = place.Organization.URL
	doc := draw(t, PartPanel(PartModel{Place: place, DashboardID: "d1", Filled: f}))
	if doc.Find(`a[target=_blank]`).Length() != 0 {
		t.Error("a link to an organization that has no address")
	}
	if got := words(doc.Find("tbody th").First()); !strings.HasPrefix(got, "Forklift") {
		t.Error(got)
	}
}

func TestAStreamIsCards(t *testing.T) {
	doc := drawList(t, func(f *crm.Filled) { f.Part.Kind, f.List = crm.PartStream, sampleList(3) })
	if doc.Find("ul.cards > li").Length() != 3 || doc.Find("table").Length() != 0 {
		t.Error("not three cards")
	}
	if got := words(doc.Find(".cards li").First().Find("dt").First()); got != "Potential Customer" {
		t.Error(got)
	}
}

func TestATileIsANumberThatOpensItsView(t *testing.T) {
	for over, want := range map[bool]string{false: "12,840", true: "more than 12,840"} {
		doc := drawList(t, func(f *crm.Filled) {
			f.Part.Kind, f.List = crm.PartTile, nil
			f.Tile = &crm.TileNumber{Table: opportunities, View: sampleViews[1], Count: 12840, CountOver: over}
		})
		link := doc.Find(".number a")
		if href := link.AttrOr("href", ""); words(link) != want || !strings.HasPrefix(href, ViewPath+"?") || !strings.HasSuffix(href, "&view="+sampleViews[1].ID) {
			t.Error(words(link), link.AttrOr("href", ""))
		}
	}
}

func BenchmarkList(b *testing.B) {
	f := crm.Filled{Part: crm.Part{Key: "p1", Title: "T", PageSize: 10}, List: sampleList(10), AsOf: noon}
	m := PartModel{Place: samplePlace, DashboardID: "d1", Filled: f}
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		var out strings.Builder
		if err := PartPanel(m).Render(reader("en"), &out); err != nil {
			b.Fatal(err)
		}
		size = out.Len()
	}
	b.ReportMetric(float64(size), "bytes")
}

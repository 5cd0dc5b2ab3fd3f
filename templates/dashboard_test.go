package templates

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// flushes is a response that remembers what had been written at each flush.
type flushes struct {
	strings.Builder
	at []string
}

func (f *flushes) Header() http.Header { return http.Header{} }
func (f *flushes) WriteHeader(int)     {}
func (f *flushes) Flush()              { f.at = append(f.at, f.String()) }

// The frame of the page is on its way before anybody asks Dataverse, and each part is, the moment it is there.
func TestADashboardIsStreamed(t *testing.T) {
	out := &flushes{}
	m := sampleDashboard(ThemeDark)
	open := m.Open
	m.Open = func(ctx context.Context) (Board, *State) {
		if len(out.at) != 1 || !strings.Contains(out.at[0], "My Dashboard</h1>") {
			t.Errorf("asked for the board after %d flushes", len(out.at))
		}
		return open(ctx)
	}
	if err := DashboardPage(m).Render(reader("en"), out); err != nil {
		t.Fatal(err)
	}
	parts := sampleBoard().Dashboard.Parts()
	if want := 3 + len(parts); len(out.at) != want { // the last one ends the page
		t.Fatalf("%d flushes, not %d", len(out.at), want)
	}
	if frame := out.at[1]; !strings.Contains(frame, `<slot name="part-p1">`) || strings.Contains(frame, "<section") {
		t.Error("the frame comes with a slot for each part and without any part")
	}
	last := parts[len(parts)-1].Key
	if first := out.at[2]; strings.Count(first, "<section") != 1 || !strings.Contains(first, `slot="part-`+last+`"`) {
		t.Error("the part that came first is not shown first")
	}
	if before, after := strings.Index(out.String(), "<script"), strings.LastIndex(out.String(), "<section"); before < after {
		t.Error("the script comes before a part")
	}
}

func TestADashboardShowsWhereAPersonIs(t *testing.T) {
	doc := draw(t, DashboardPage(sampleDashboard(ThemeDefault)))
	safe(t, doc)
	if got := words(doc.Find(".bar h1")); got != "Sales Activity Dashboard" {
		t.Error(got)
	}
	if got := words(doc.Find(".place")); !strings.Contains(got, "Harbor & Finch Sales Sandbox") || !strings.Contains(got, "Sales Hub") {
		t.Error(got)
	}
	picker := doc.Find(`form[action="/tab/dashboard/choose"] select[name=dashboard]`)
	if got := words(picker.Find("option[selected]")); got != "Sales Activity Dashboard" || picker.Find("option").Length() != 3 {
		t.Error(got)
	}
	if doc.Find(`form[method=post][action="/tab/dashboard/refresh"] button`).Length() != 1 {
		t.Error("no Refresh")
	}
	if got := doc.Find(".tools time").AttrOr("datetime", ""); got != "2026-11-23T12:04:00Z" {
		t.Error(got)
	}
}

func TestEveryPartHasASlotOfItsName(t *testing.T) {
	doc := draw(t, DashboardPage(sampleDashboard(ThemeDefault)))
	for _, p := range sampleBoard().Dashboard.Parts() {
		if doc.Find(`slot[name="part-`+p.Key+`"]`).Length() != 1 || doc.Find(`section[slot="part-`+p.Key+`"]`).Length() != 1 {
			t.Errorf("part %s", p.Key)
		}
	}
}

func TestOneDashboardNeedsNoPicker(t *testing.T) {
	m := sampleDashboard(ThemeDefault)
	m.Open = func(context.Context) (Board, *State) {
		b := sampleBoard()
		b.Choices = b.Choices[:1]
		return b, nil
	}
	if draw(t, DashboardPage(m)).Find("select[name=dashboard]").Length() != 0 {
		t.Error("a picker with nothing to pick")
	}
}

func TestADashboardThatCannotBeOpenedSaysWhy(t *testing.T) {
	m := sampleDashboard(ThemeDefault)
	m.Open = func(context.Context) (Board, *State) {
		state := StateOf(fault.New(fault.Unreachable, "dataverse.unreachable"), "/tab/dashboard?theme=dark", "c0ffee")
		return Board{}, &state
	}
	doc := draw(t, DashboardPage(m))
	safe(t, doc)
	if got := words(doc.Find("[data-testid=state]")); !strings.Contains(got, "Dynamics 365 does not answer right now.") || !strings.Contains(got, "c0ffee") {
		t.Error(got)
	}
	if got := words(doc.Find(`[data-testid=state] a[href="/tab/dashboard?theme=dark"]`)); got != "Try again" {
		t.Error(got)
	}
}

func TestAFailingPartStandsAloneAndCanBeTriedAgain(t *testing.T) {
	part := crm.Part{Key: "p7", Title: "Accounts", ShowTitle: true, Kind: crm.PartList}
	f := crm.Filled{Part: part, State: crm.PartState{Page: 3}, AsOf: noon, Err: fault.New(fault.Busy, "dataverse.busy")}
	doc := draw(t, PartPanel(PartModel{Place: samplePlace, DashboardID: "d", Filled: f}))
	safe(t, doc)
	if got := words(doc.Find("[data-testid=problem] p").First()); got != "Dynamics 365 asks us to wait a little. Please try again in 10 seconds." {
		t.Error(got)
	}
	if got := doc.Find("[data-testid=problem] a").AttrOr("href", ""); !strings.Contains(got, "page=3") || !strings.Contains(got, "part=p7") {
		t.Error(got)
	}
	f.Err = errSecret
	if got := text(t, "en", PartPanel(PartModel{Filled: f})); strings.Contains(got, "secret") || !strings.Contains(got, "went wrong on our side") {
		t.Error("the cause of a failure reached the page")
	}
}

var errSecret = errorString("secret detail of a driver")

type errorString string

func (e errorString) Error() string { return string(e) }

func TestEveryUnsupportedPartSaysSoAndLeadsToDynamics(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range []string{"webresource", "image", "iframe", "powerbi", "custom", "something-new"} {
		doc := draw(t, PartPanel(PartModel{Place: samplePlace, DashboardID: "d1", Filled: crm.Filled{Part: crm.Part{Key: "u", Title: "News", Kind: crm.PartUnsupported, Unsupported: kind}}}))
		sentence := words(doc.Find(".message p").First())
		if sentence == "" || (seen[sentence] && kind != "something-new") {
			t.Errorf("%s: %q", kind, sentence)
		}
		seen[sentence] = true
		link := doc.Find(".message a")
		if got := link.AttrOr("href", ""); !strings.HasSuffix(got, "&pagetype=dashboard&id=d1") || link.AttrOr("rel", "") != "noopener noreferrer" {
			t.Error(got)
		}
	}
}

func TestThePartsOfADashboardLieAsDesigned(t *testing.T) {
	css := gridCSS(sampleBoard().Dashboard)
	for _, rule := range []string{".sec.s1{grid-template-columns:repeat(3,minmax(0,1fr))}", ".cell.p4{grid-area:2/1/3/3}", ".cell.p6{grid-area:3/1/5/2}"} {
		if !strings.Contains(css, rule) {
			t.Errorf("no %s in %s", rule, css)
		}
	}
}

// A dashboard is edited by hand at times; whatever its numbers are, its parts do not lie upon each other.
func TestPartsNeverLieUponEachOther(t *testing.T) {
	spans := compactRows([]crm.Part{{Row: 1, Column: 1, RowSpan: 4, ColSpan: 2}, {Row: 2, Column: 2, RowSpan: 1, ColSpan: 1}, {Row: -3, Column: 1, RowSpan: 1 << 30}})
	for i, a := range spans {
		if a.to <= a.from {
			t.Errorf("part %d has no height: %v", i, a)
		}
	}
	if spans[1].from < spans[0].to && spans[0].from < spans[1].to {
		t.Error(spans)
	}
}

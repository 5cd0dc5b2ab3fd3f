package dataverse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

// cellXML writes a cell with a list in it.
func cellXML(n int, attributes string) string {
	return fmt.Sprintf(`<cell id="{cc000000-0000-4000-8000-%012d}" %s><labels><label description="%d" languagecode="1033"/></labels><control id="c%d" classid="{E7A81278-8635-4d9e-8D4D-59480B391C5B}"><parameters><TargetEntityType>Account</TargetEntityType><ViewId>{dd000000-0000-4000-8000-000000000001}</ViewId></parameters></control></cell>`, n, attributes, n, n)
}

func placed(t *testing.T, columns string, rows string) crm.DashboardSection {
	t.Helper()
	return dashboardOf(t, `<section columns="`+columns+`"><rows>`+rows+`</rows></section>`).Tabs[0].Columns[0].Sections[0]
}

func dashboardOf(t *testing.T, sections string) crm.Dashboard {
	t.Helper()
	read, err := crmxml.ReadForm(`<form><tabs><tab><columns><column width="100%"><sections>` + sections + `</sections></column></columns></tab></tabs></form>`)
	if err != nil {
		t.Fatal(err)
	}
	return form{xml: read}.place(1033)
}

// at writes places as title:row,column+rowspan,colspan.
func at(s crm.DashboardSection) string {
	var all []string
	for _, p := range s.Parts {
		all = append(all, fmt.Sprintf("%s:%d,%d+%d,%d", p.Title, p.Row, p.Column, p.RowSpan, p.ColSpan))
	}
	return fmt.Sprintf("%d| %s", s.Columns, strings.Join(all, " "))
}

func TestPartsAreAtTheirPlace(t *testing.T) {
	for name, c := range map[string]struct{ columns, rows, want string }{
		"tall cells with their empty rows": {"111", `<row>` + cellXML(1, `rowspan="3" colspan="2"`) + cellXML(2, `rowspan="3"`) + `</row><row/><row/><row>` + cellXML(3, `colspan="3"`) + `</row>`, "3| 1:1,1+3,2 2:1,3+3,1 3:4,1+1,3"},
		"tall cells without them":          {"11", `<row>` + cellXML(1, `rowspan="2"`) + cellXML(2, `rowspan="2"`) + `</row><row>` + cellXML(3, ``) + `</row>`, "2| 1:1,1+2,1 2:1,2+2,1 3:3,1+1,1"},
		"beside a tall cell":               {"11", `<row>` + cellXML(1, `rowspan="2"`) + cellXML(2, ``) + `</row><row>` + cellXML(3, ``) + `</row>`, "2| 1:1,1+2,1 2:1,2+1,1 3:2,2+1,1"},
		"spacers keep their place":         {"111", `<row><cell/>` + cellXML(2, ``) + `</row>`, "3| 2:1,2+1,1"},
		"hidden cells too":                 {"11", `<row>` + cellXML(1, `visible="false"`) + cellXML(2, ``) + `</row>`, "2| 2:1,2+1,1"},
		"wider than the section":           {"11", `<row>` + cellXML(1, `colspan="9"`) + `</row>`, "2| 1:1,1+1,2"},
		"more than fit in a row":           {"1", `<row>` + cellXML(1, ``) + cellXML(2, ``) + `</row><row>` + cellXML(3, ``) + `</row>`, "1| 1:1,1+1,1 2:2,1+1,1 3:3,1+1,1"},
	} {
		if got := at(placed(t, c.columns, c.rows)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func streamsXML(tiles bool, n int) string {
	s := fmt.Sprintf(`<cell id="{ce000000-0000-4000-8000-000000000001}" colspan="2"><labels><label description="Numbers" languagecode="1033"/></labels><control id="q"><parameters><StreamObjects><ShowAsTiles>%v</ShowAsTiles>`, tiles)
	for i := range n {
		s += fmt.Sprintf(`<StreamObject type="1" id="{ad000000-0000-4000-8000-00000000000%d}"><LogicalEntityName>incident</LogicalEntityName><EntityViewId>{ae000000-0000-4000-8000-00000000000%d}</EntityViewId></StreamObject>`, i, i)
	}
	return s + `</StreamObjects></parameters></control></cell>`
}

func TestSeveralStreamsShareACell(t *testing.T) {
	tiles := placed(t, "11", `<row>`+streamsXML(true, 5)+`</row><row>`+cellXML(1, ``)+cellXML(2, ``)+`</row>`)
	if got, want := at(tiles), "6| :1,1+1,1 :1,2+1,1 :1,3+1,1 :1,4+1,1 :1,5+1,2 1:2,1+1,3 2:2,4+1,3"; got != want {
		t.Errorf("tiles:\n got %s\nwant %s", got, want)
	}
	streams := placed(t, "11", `<row>`+streamsXML(false, 3)+`</row><row>`+cellXML(1, ``)+`</row>`)
	if got, want := at(streams), "2| :1,1+1,2 :2,1+1,2 :3,1+1,2 1:4,1+1,1"; got != want {
		t.Errorf("streams:\n got %s\nwant %s", got, want)
	}
	if tiles.Parts[0].Kind != crm.PartTile || streams.Parts[0].Kind != crm.PartStream || streams.Parts[0].Table != "incident" || streams.Parts[2].ViewID != "ae000000-0000-4000-8000-000000000002" {
		t.Errorf("%+v", streams.Parts)
	}
	queue := placed(t, "1", `<row><cell><control id="q"><parameters><StreamObjects><StreamObject type="0"><LogicalEntityName>queueitem</LogicalEntityName><QueueId>{af000000-0000-4000-8000-000000000001}</QueueId><QueueViewId>{af000000-0000-4000-8000-000000000002}</QueueViewId></StreamObject></StreamObjects></parameters></control></cell></row>`)
	if p := queue.Parts[0]; p.Kind != crm.PartStream || p.Queue != "af000000-0000-4000-8000-000000000001" || p.Table != "queueitem" || p.ViewID != "af000000-0000-4000-8000-000000000002" {
		t.Errorf("%+v", p)
	}
}

func controlXML(class, parameters string) string {
	return `<row><cell><control id="x" classid="` + class + `"><parameters>` + parameters + `</parameters></control></cell></row>`
}

func TestWhatAPartIs(t *testing.T) {
	const grid, some = "{e7a81278-8635-4d9e-8d4d-59480b391c5b}", "{dd000000-0000-4000-8000-000000000001}"
	for name, c := range map[string]struct {
		class, parameters string
		kind              crm.PartKind
		unsupported       string
	}{
		"list":          {grid, "<TargetEntityType>account</TargetEntityType><ViewId>" + some + "</ViewId>", crm.PartList, ""},
		"list with one": {strings.ToUpper(strings.Trim(grid, "{}")), "<TargetEntityType>account</TargetEntityType><ChartGridMode>Grid</ChartGridMode><VisualizationId>" + some + "</VisualizationId>", crm.PartList, ""},
		"chart":         {grid, "<TargetEntityType>account</TargetEntityType><ChartGridMode>chart</ChartGridMode><VisualizationId>" + some + "</VisualizationId>", crm.PartChart, ""},
		"both":          {grid, "<TargetEntityType>account</TargetEntityType><ChartGridMode>All</ChartGridMode><VisualizationId>" + some + "</VisualizationId>", crm.PartChartAndList, ""},
		"nothing":       {grid, "", crm.PartUnsupported, "custom"},
		"frame":         {"{FD2A7985-3187-444E-908D-6624B21F69C0}", "<Url>https://example.org</Url>", crm.PartUnsupported, "iframe"},
		"web resource":  {"{9FDF5F91-88B1-47F4-AD53-C11EFC01A01D}", "", crm.PartUnsupported, "webresource"},
		"image":         {"{587CDF98-C1D5-4BDE-8473-14A0BC7644A7}", "", crm.PartUnsupported, "image"},
		"power bi":      {"{F9A8A302-114E-466A-B582-6771B2AE0D92}", "<PowerBIDashboardId>x</PowerBIDashboardId>", crm.PartUnsupported, "powerbi"},
		"custom":        {"{F9A8A302-114E-466A-B582-6771B2AE0D92}", "", crm.PartUnsupported, "custom"},
	} {
		p := placed(t, "1", controlXML(c.class, c.parameters)).Parts[0]
		if p.Kind != c.kind || p.Unsupported != c.unsupported {
			t.Errorf("%s: %d %q", name, p.Kind, p.Unsupported)
		}
	}
}

func TestEveryPartHasAKeyOfItsOwn(t *testing.T) {
	same := cellXML(1, ``)
	d := dashboardOf(t, `<section columns="1"><rows><row>`+same+`</row><row>`+same+`</row></rows></section><section columns="1"><rows><row>`+streamsXML(false, 3)+`</row>`+controlXML("y", "")+controlXML("y", "")+
		`<row><cell><control id="a b/&quot;?&lt;"/></cell></row><row><cell><control/></cell></row><row><cell><control/></cell></row></rows></section>`)
	seen := map[string]bool{}
	for _, p := range d.Parts() {
		if seen[p.Key] || strings.Trim(p.Key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" || p.Key == "" {
			t.Errorf("key %q", p.Key)
		}
		seen[p.Key] = true
		if found, ok := d.Part(p.Key); !ok || found.Key != p.Key {
			t.Errorf("%q is not found", p.Key)
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d parts", len(seen))
	}
	again := dashboardOf(t, `<section columns="1"><rows><row>`+same+`</row></rows></section>`)
	if again.Parts()[0].Key != d.Parts()[0].Key {
		t.Error("a key is not the same at every load")
	}
}

func TestColumnWidths(t *testing.T) {
	for name, c := range map[string]struct{ given, want []int }{
		"given": {[]int{60, 40}, []int{60, 40}}, "one open": {[]int{60, 0}, []int{60, 40}}, "all open": {[]int{0, 0, 0}, []int{33, 33, 33}}, "nothing left": {[]int{100, 0}, []int{100, 1}},
	} {
		var columns []crmxml.FormColumn
		for _, w := range c.given {
			columns = append(columns, crmxml.FormColumn{Width: w})
		}
		if diff := cmp.Diff(c.want, widths(columns)); diff != "" {
			t.Error(name, diff)
		}
	}
}

// Whatever the XML says, no two parts share a square and none is outside its section.
func FuzzPlace(f *testing.F) {
	f.Add(`<form><tabs><tab><columns><column><sections><section columns="111"><rows><row>` + cellXML(1, `rowspan="3"`) + streamsXML(true, 3) + `</row><row/></rows></section></sections></column></columns></tab></tabs></form>`)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := crmxml.ReadForm(text)
		if err != nil {
			return
		}
		for _, tab := range (form{xml: read}).place(1033).Tabs {
			for _, column := range tab.Columns {
				for _, s := range column.Sections {
					taken := map[[2]int]bool{}
					for _, p := range s.Parts {
						if p.Row < 1 || p.Column < 1 || p.RowSpan < 1 || p.ColSpan < 1 || p.Column+p.ColSpan-1 > s.Columns || s.Columns > widestGrid {
							t.Fatalf("%d columns: %+v", s.Columns, p)
						}
						for r := range p.RowSpan {
							for c := range p.ColSpan {
								square := [2]int{p.Row + r, p.Column + c}
								if taken[square] {
									t.Fatalf("two parts at %v", square)
								}
								taken[square] = true
							}
						}
					}
				}
			}
		}
	})
}

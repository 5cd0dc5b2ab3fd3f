package crmxml

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const board = `<?xml version="1.0" encoding="utf-16"?><FORM><DisplayConditions Order="2" fallbackform="0"><Role Id="{B3C00000-0000-4000-8000-00000000000A}"/><Role Id="77000000-0000-4000-8000-00000000000b"/></DisplayConditions>
<tabs tilespresent="1" primaryentitylogicalname="Incident" filterby="createdon"><tab showlabel="1" name="t1" expanded="FALSE" id="{AA000000-0000-4000-8000-000000000001}" surprise="x"><labels><label languagecode="1031" description="Vertrieb"/><label description="Sales" languagecode="1033"/></labels>
<columns><column width="60%"><sections><section columns="111" showlabel="false"><rows>
 <row><cell id="{cc000000-0000-4000-8000-000000000001}" rowspan="3" colspan="2"><labels><label description="By stage" languagecode="1033"/></labels>
  <control id="c1" classid="{E7A81278-8635-4d9e-8D4D-59480B391C5B}"><parameters><TargetEntityType> opportunity </TargetEntityType><ViewId>{AB000000-0000-4000-8000-000000000001}</ViewId><IsUserView>0</IsUserView><EnableQuickFind>True</EnableQuickFind></parameters></control></cell>
  <cell isstreamcell="true" colspan="99"><control id="q" classid="x"><parameters><StreamObjects><ShowAsTiles>true</ShowAsTiles>
   <StreamObject type="1" id="{ad000000-0000-4000-8000-000000000001}"><LogicalEntityName>incident</LogicalEntityName><EntityViewId>{ae000000-0000-4000-8000-000000000001}</EntityViewId></StreamObject>
   <StreamObject type="0"><LogicalEntityName>queueitem</LogicalEntityName><QueueId>{af000000-0000-4000-8000-000000000001}</QueueId><QueueViewId>{af000000-0000-4000-8000-000000000002}</QueueViewId></StreamObject></StreamObjects></parameters></control></cell></row>
 <row/><row></row></rows></section></sections></column><column width="wide"/></columns></tab></tabs></FORM>`

func TestReadForm(t *testing.T) {
	form, err := ReadForm(board)
	if err != nil {
		t.Fatal(err)
	}
	want := &Form{
		FilterBy: "createdon", PrimaryTable: "incident", TilesPresent: true,
		Conditions: DisplayConditions{Order: 2, Roles: []string{"b3c00000-0000-4000-8000-00000000000a", "77000000-0000-4000-8000-00000000000b"}},
		Tabs: []FormTab{{
			ID: "aa000000-0000-4000-8000-000000000001", Name: "t1", Labels: Labels{{1031, "Vertrieb"}, {1033, "Sales"}}, ShowLabel: true, Visible: true,
			Columns: []FormColumn{{Width: 60, Sections: []FormSection{{Visible: true, Columns: 3, Rows: []FormRow{
				{Cells: []FormCell{
					{
						ID: "cc000000-0000-4000-8000-000000000001", Labels: Labels{{1033, "By stage"}}, ShowLabel: true, Visible: true, RowSpan: 3, ColSpan: 2,
						Control: &FormControl{ID: "c1", ClassID: "e7a81278-8635-4d9e-8d4d-59480b391c5b", Parameters: Parameters{
							"targetentitytype": " opportunity ", "viewid": "{AB000000-0000-4000-8000-000000000001}", "isuserview": "0", "enablequickfind": "True",
						}},
					},
					{
						ShowLabel: true, Visible: true, RowSpan: 1, ColSpan: 1, Stream: true,
						Control: &FormControl{ID: "q", Parameters: Parameters{}, ShowAsTiles: true, Streams: []Stream{
							{ID: "ad000000-0000-4000-8000-000000000001", Table: "incident", ViewID: "ae000000-0000-4000-8000-000000000001"},
							{Table: "queueitem", QueueID: "af000000-0000-4000-8000-000000000001", QueueViewID: "af000000-0000-4000-8000-000000000002"},
						}},
					},
				}},
				{}, {},
			}}}}, {}},
		}},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
	p := form.Tabs[0].Columns[0].Sections[0].Rows[0].Cells[0].Control.Parameters
	if p.Text("TargetEntityType") != "opportunity" || p.GUID("ViewId") != "ab000000-0000-4000-8000-000000000001" || p.Bool("IsUserView", true) || !p.Bool("enablequickfind", false) {
		t.Errorf("parameters: %v", p)
	}
	if got := form.Tabs[0].Labels; got.In(1031) != "Vertrieb" || got.In(1036) != "Sales" {
		t.Error(got)
	}
}

func TestDisplayConditions(t *testing.T) {
	const role = "b3c00000-0000-4000-8000-00000000000a"
	for name, c := range map[string]struct {
		xml  string
		want bool
	}{
		"absent":     {``, true},
		"everyone":   {`<DisplayConditions><Everyone/></DisplayConditions>`, true},
		"only order": {`<DisplayConditions Order="1"/>`, true},
		"held":       {`<DisplayConditions><Role Id="{` + strings.ToUpper(role) + `}"/></DisplayConditions>`, true},
		"not held":   {`<DisplayConditions><Role Id="{b3c00000-0000-4000-8000-00000000000b}"/></DisplayConditions>`, false},
		"unreadable": {`<DisplayConditions><Role Id="everybody"/></DisplayConditions>`, false},
	} {
		form, err := ReadForm(`<form>` + c.xml + `<tabs/></form>`)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := form.Conditions.Allows(map[string]bool{role: true}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestReadLayout(t *testing.T) {
	layout, err := ReadLayout(`<grid name="resultset" object="1" jump="Name" select="1"><row id="accountid" name="result"><cell width="200" name="name"/><cell name="pc.emailaddress1" disableSorting="1"/><cell name="hid" ishidden="true" width="-4"/><cell name="name"/><cell/></row></grid>`)
	if err != nil {
		t.Fatal(err)
	}
	want := &Layout{Table: "resultset", ObjectType: 1, Jump: "name", ID: "accountid", Cells: []LayoutCell{
		{Name: "name", Width: 200}, {Name: "pc.emailaddress1", DisableSorting: true}, {Name: "hid", Hidden: true},
	}}
	if diff := cmp.Diff(want, layout); diff != "" {
		t.Error(diff)
	}
}

func TestReadSiteMap(t *testing.T) {
	siteMap, err := ReadSiteMap(`<SiteMap IntroducedVersion="9.0.0.0"><Area Id="sales" Title="Sales"><Group Id="work">
  <SubArea Title="Dashboards" DefaultDashboard="{6F000000-0000-4000-8000-0000000000A1}" Id="dash" Url="/workplace/home_dashboards.aspx"><Titles><Title LCID="1033" Title="Boards"/></Titles></SubArea>
  <SubArea Id="acc" Entity="Account" Client="All,Web"><Privilege Entity="account" Privilege="Read, Write"/></SubArea>
  <SubArea Id="bad" DefaultDashboard="home"/><SubArea Id="again" DefaultDashboard="6f000000-0000-4000-8000-0000000000a1"/></Group></Area></SiteMap>`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"6f000000-0000-4000-8000-0000000000a1"}, siteMap.Dashboards()); diff != "" {
		t.Error(diff)
	}
	if a := siteMap.SubAreas[0]; a.Titles.In(1031) != "Boards" || a.Area != "sales" || a.Group != "work" {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff([]SubAreaPrivilege{{Table: "account", Privileges: []string{"Read", "Write"}}}, siteMap.SubAreas[1].Privileges); diff != "" {
		t.Error(diff)
	}
}

func TestReadChart(t *testing.T) {
	data, err := ReadChartData(`<?xml version="1.0" encoding="utf-16"?><datadefinition><fetchcollection><fetch mapping="logical" count="5" aggregate="true"><entity name="opportunity">
 <order alias="val" descending="true"/><attribute name="estimatedvalue" aggregate="sum" alias="val"/><attribute alias="n" name="opportunityid" aggregate="count"/><attribute name="stepname" groupby="1" alias="stage"/></entity></fetch></fetchcollection>
 <categorycollection><category alias="stage"><measurecollection><measure alias="val"/></measurecollection><measurecollection><measure alias="n"/></measurecollection></category></categorycollection></datadefinition>`)
	if err != nil {
		t.Fatal(err)
	}
	if data.Category != "stage" || data.Fetch.Count != 5 || !data.Fetch.Aggregate || !data.Fetch.Entity.Attributes[2].GroupBy {
		t.Errorf("%+v", data)
	}
	if diff := cmp.Diff([][]string{{"val"}, {"n"}}, data.Measures); diff != "" {
		t.Error(diff)
	}
	p, err := ReadPresentation(`<Chart Palette="None"><Series><Series IsValueShownAsLabel="True" ChartType="StackedColumn"/><Series ChartType="line" Name="Won"/></Series>
 <ChartAreas><ChartArea><AxisY Title="Value"/><AxisX Title="Stage"/></ChartArea></ChartAreas><Legends><Legend Docking="Top"/></Legends><Titles><Title Text="T"/></Titles></Chart>`)
	if err != nil {
		t.Fatal(err)
	}
	want := &Presentation{Series: []PresentationSeries{{Type: "stackedcolumn", ShowValues: true}, {Type: "line", Name: "Won"}}, XTitle: "Stage", YTitle: "Value", Legend: true, Title: "T"}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if bare, err := ReadPresentation(`<Chart/>`); err != nil || bare.Legend {
		t.Error(bare, err)
	}
}

func TestValues(t *testing.T) {
	for text, want := range map[string]string{
		"{6F000000-0000-4000-8000-0000000000A1}": "6f000000-0000-4000-8000-0000000000a1", "6f0000000000-4000-8000-0000000000a1": "",
		"": "", "{}": "", "zz000000-0000-4000-8000-0000000000a1": "",
	} {
		if got := GUID(text); got != want {
			t.Errorf("GUID(%q) = %q", text, got)
		}
	}
	if got := GUIDs("{6F000000-0000-4000-8000-0000000000A1}, x;6f000000-0000-4000-8000-0000000000a2"); len(got) != 2 {
		t.Error(got)
	}
}

// readers are all that must survive anything.
var readers = map[string]func(string) error{
	"form":         func(s string) error { _, err := ReadForm(s); return err },
	"layout":       func(s string) error { _, err := ReadLayout(s); return err },
	"sitemap":      func(s string) error { _, err := ReadSiteMap(s); return err },
	"chart":        func(s string) error { _, err := ReadChartData(s); return err },
	"presentation": func(s string) error { _, err := ReadPresentation(s); return err },
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	for reader, read := range readers {
		for name, text := range map[string]string{
			"empty": "", "words": "hello", "deep": strings.Repeat("<form>", 1000), "open": "<form><tabs>",
			"wide": "<form>" + strings.Repeat("<a/>", 70000) + "</form>", "long": "<form>" + strings.Repeat(" ", 5<<20) + "</form>",
			"entity": `<!DOCTYPE a [<!ENTITY x "y">]><form>&x;</form>`, "other": "<html><body/></html>", "crossed": "<form><a></form></a>",
		} {
			if err := read(text); err == nil {
				t.Errorf("%s: %s accepted", reader, name)
			}
		}
	}
	if _, err := ReadForm(strings.Repeat("<form>", 1000)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

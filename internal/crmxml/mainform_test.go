package crmxml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mainForm has every structure of a table's form, with the liberties that real documents take.
const mainForm = `<form showImage="true" maxWidth="1920" shownavigationbar="false">
 <ancestor id="{8448B78F-8F42-454E-8E2A-F8196B0419AF}"/>
 <hiddencontrols><data id="createdby" datafieldname="CreatedBy" classid="{270BD3DB-D9AF-4782-9025-509E298DEC0A}"/></hiddencontrols>
 <controlDescriptions><controlDescription forControl="{0D000000-0000-4000-8000-000000000001}">
  <customControl id="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"><parameters/></customControl>
  <customControl formFactor="2" name="hf_Harbor.Phone" version="1.0.0"/>
  <customControl formFactor="0" name="hf_Harbor.Stars" version="1.0.0"><parameters><value type="Whole.None">hf_rating</value></parameters></customControl></controlDescription></controlDescriptions>
 <tabs>
  <tab name="SUMMARY" id="{aa000000-0000-4000-8000-000000000001}" IsUserDefined="0" locklevel="0" showlabel="true" expanded="true" availableforphone="false">
   <labels><label description="Summary" languagecode="1033"/><label description="Zusammenfassung" languagecode="1031"/></labels>
   <tabheader><rows><row><cell showlabel="false"><control id="t" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="name"/></cell></row></rows></tabheader>
   <columns>
    <column width="33%"><sections>
     <section name="ACCOUNT" columns="11" celllabelposition="Left" celllabelalignment="Right" labelwidth="130" availableforphone="true" showbar="0"><labels><label description="Account" languagecode="1033"/></labels><rows>
      <row><cell id="{cc000000-0000-4000-8000-000000000001}" colspan="2" rowspan="2"><labels><label description="Name" languagecode="1033"/></labels>
        <control id="name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="Name" isrequired="true" uniqueid="{0d000000-0000-4000-8000-000000000001}"/></cell></row>
      <row/>
      <row><cell userspacer="true" showlabel="false"/><cell visible="false" availableforphone="0"><control id="fax" classid="{8C10015A-B339-4982-9474-A95FE05631A5}" datafieldname="fax" disabled="true"/></cell></row>
      <row><cell><control id="primarycontactid" classid="{270BD3DB-D9AF-4782-9025-509E298DEC0A}" datafieldname="primarycontactid"><parameters>
        <DefaultViewId>{A2D479C5-53E3-4C69-ADDD-802327E67A0D}</DefaultViewId><AvailableViewIds>{A2D479C5-53E3-4C69-ADDD-802327E67A0D},{A2D479C5-53E3-4C69-ADDD-802327E67A0E}</AvailableViewIds>
        <DisableMru>true</DisableMru><DisableViewPicker>1</DisableViewPicker><IsInlineNewEnabled>false</IsInlineNewEnabled><AllowFilterOff>true</AllowFilterOff>
        <FilterRelationshipName>contact_customer_accounts</FilterRelationshipName><DependentAttributeName>Account.ParentAccountId</DependentAttributeName><DependentAttributeType>account</DependentAttributeType></parameters></control></cell></row>
     </rows></section></sections></column>
    <column width="34%"><sections><section name="SOCIAL" visible="false" columns="1" celllabelposition="Sideways"><rows><row><cell rowspan="8"><control id="notescontrol" classid="{06375649-C143-495E-A496-C962E5B4488E}"><parameters><DefaultTabId>NotesTab</DefaultTabId></parameters></control></cell></row></rows></section></sections></column>
    <column width="33%"><sections><section name="REFS" columns="1"><rows>
      <row><cell><labels><label description="Contacts" languagecode="1033"/></labels><control id="Contacts" indicationOfSubgrid="true" classid="{E7A81278-8635-4D9E-8D4D-59480B391C5B}"><parameters>
        <ViewId>{00000000-0000-0000-00AA-000010001200}</ViewId><IsUserView>false</IsUserView><RelationshipName>contact_customer_accounts</RelationshipName><TargetEntityType>Contact</TargetEntityType>
        <AutoExpand>Auto</AutoExpand><EnableQuickFind>false</EnableQuickFind><EnableViewPicker>true</EnableViewPicker><ViewIds>{00000000-0000-0000-00AA-000010001200},{00000000-0000-0000-00AA-000010001201}</ViewIds><RecordsPerPage>4</RecordsPerPage><ChartGridMode>Grid</ChartGridMode></parameters></control></cell></row>
      <row><cell><control id="quick" classid="{5C5600E0-1D6E-4205-A272-BE80DA87FD42}" datafieldname="primarycontactid"><parameters>
        <QuickForms>&lt;QuickFormIds&gt;&lt;QuickFormId entityname="contact"&gt;{BE000000-0000-4000-8000-000000000001}&lt;/QuickFormId&gt;&lt;QuickFormId entityname="x"&gt;no id&lt;/QuickFormId&gt;&lt;/QuickFormIds&gt;</QuickForms><ControlMode>Edit</ControlMode></parameters></control></cell></row>
      <row><cell><control id="map" classid="{9FDF5F91-88B1-47F4-AD53-C11EFC01A01D}"><parameters><Url>hf_/map.html</Url><WebResourceId>{BF000000-0000-4000-8000-000000000001}</WebResourceId><PassParameters>true</PassParameters><AltText>Berth</AltText></parameters></control></cell></row>
     </rows></section></sections></column>
   </columns>
   <events><event name="tabstatechange" active="false"><Handlers><Handler functionName="hf.tab" libraryName="hf_form.js" enabled="true"/></Handlers></event></events>
  </tab></tabs>
 <header id="{ab000000-0000-4000-8000-000000000001}" columns="111" celllabelposition="Top"><rows><row><cell><control id="header_ownerid" classid="{270BD3DB-D9AF-4782-9025-509E298DEC0A}" datafieldname="ownerid"/></cell><cell/></row></rows></header>
 <footer columns="1"><rows><row><cell showlabel="false"/></row></rows></footer>
 <formLibraries><Library name="hf_form.js" libraryUniqueId="{ac000000-0000-4000-8000-000000000001}"/></formLibraries>
 <events><event name="onload" active="false"><Handlers><Handler functionName="hf.off" libraryName="hf_form.js" enabled="false"/></Handlers></event>
  <event name="onchange" attribute="Name" active="true"><Handlers><Handler functionName="hf.renamed" libraryName="hf_form.js" enabled="true"/></Handlers></event></events>
 <Navigation><NavBar><NavBarByRelationshipItem RelationshipName="contact_customer_accounts" Id="navContacts" Sequence="20" Area="Sales" Show="true" ViewId="{00000000-0000-0000-00AA-000010001200}"><Titles><Title LCID="1033" Text="People"/></Titles></NavBarByRelationshipItem><NavBarItem Id="navSP" Show="false"/></NavBar>
  <NavBarAreas><NavBarArea Id="Sales"><Titles><Title LCID="1033" Text="Sales"/></Titles></NavBarArea></NavBarAreas></Navigation>
 <DisplayConditions FallbackForm="true" Order="0"><Everyone/></DisplayConditions></form>`

const (
	textClass   = "4273edbd-ac1d-40d3-9fb2-095c621b552d"
	lookupClass = "270bd3db-d9af-4782-9025-509e298dec0a"
)

func readMainForm(t *testing.T) *Form {
	t.Helper()
	form, err := ReadForm(mainForm)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestReadTheFrameOfAMainForm(t *testing.T) {
	form := readMainForm(t)
	tabs := form.Tabs
	form.Tabs = nil
	want := &Form{
		Ancestor: "8448b78f-8f42-454e-8e2a-f8196b0419af", ShowImage: true, MaxWidth: 1920,
		Conditions: DisplayConditions{Everyone: true, Fallback: true},
		Header: &FormBand{ID: "ab000000-0000-4000-8000-000000000001", Columns: 3, LabelStyle: LabelStyle{Position: LabelTop}, Rows: []FormRow{{Cells: []FormCell{
			{ShowLabel: true, Visible: true, RowSpan: 1, ColSpan: 1, Control: &FormControl{ID: "header_ownerid", ClassID: lookupClass, Column: "ownerid", Parameters: Parameters{}}},
			{ShowLabel: true, Visible: true, RowSpan: 1, ColSpan: 1},
		}}}},
		Footer: &FormBand{Columns: 1, Rows: []FormRow{{Cells: []FormCell{{Visible: true, RowSpan: 1, ColSpan: 1}}}}},
		Hidden: []HiddenControl{{ID: "createdby", Column: "createdby", ClassID: lookupClass}},
		CustomControls: []ControlDescription{{For: "0d000000-0000-4000-8000-000000000001", Controls: []CustomControl{
			{ClassID: textClass, Parameters: Parameters{}}, {Name: "hf_Harbor.Phone", FormFactor: 2, Parameters: Parameters{}},
			{Name: "hf_Harbor.Stars", Parameters: Parameters{"value": "hf_rating"}},
		}}},
		Navigation: []NavigationItem{
			{ID: "navContacts", Relationship: "contact_customer_accounts", Area: "Sales", ViewID: "00000000-0000-0000-00aa-000010001200", Sequence: 20, Titles: Labels{{1033, "People"}}},
			{ID: "navSP", Hidden: true},
		},
		NavigationAreas: []NavigationArea{{ID: "Sales", Titles: Labels{{1033, "Sales"}}}},
		Scripts: Scripts{Libraries: []string{"hf_form.js"}, Events: []FormEvent{
			{Event: "tabstatechange", Function: "hf.tab", Library: "hf_form.js"}, {Event: "onchange", Column: "name", Function: "hf.renamed", Library: "hf_form.js"},
		}},
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
	if len(tabs) != 1 || tabs[0].Labels.In(1031) != "Zusammenfassung" || !tabs[0].PhoneHidden || len(tabs[0].Header.Cells()) != 1 || tabs[0].Footer != nil {
		t.Errorf("%+v", tabs)
	}
	if got := form.Header.Cells(); len(got) != 2 {
		t.Error(got)
	}
}

func TestReadTheSectionsOfAMainForm(t *testing.T) {
	columns := readMainForm(t).Tabs[0].Columns
	s := columns[0].Sections[0]
	rows := s.Rows
	s.Rows = nil
	want := FormSection{
		Name: "ACCOUNT", Labels: Labels{{1033, "Account"}}, ShowLabel: true, Visible: true, Columns: 2,
		LabelStyle: LabelStyle{Position: LabelLeft, Align: "right", Width: 130},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	cells := []FormRow{
		{Cells: []FormCell{{
			ID: "cc000000-0000-4000-8000-000000000001", Labels: Labels{{1033, "Name"}}, ShowLabel: true, Visible: true, RowSpan: 2, ColSpan: 2,
			Control: &FormControl{ID: "name", ClassID: textClass, UniqueID: "0d000000-0000-4000-8000-000000000001", Column: "name", Required: true, Parameters: Parameters{}},
		}}},
		{},
		{Cells: []FormCell{
			{Visible: true, Spacer: true, RowSpan: 1, ColSpan: 1},
			{ShowLabel: true, PhoneHidden: true, RowSpan: 1, ColSpan: 1, Control: &FormControl{ID: "fax", ClassID: "8c10015a-b339-4982-9474-a95fe05631a5", Column: "fax", Disabled: true, Parameters: Parameters{}}},
		}},
	}
	if diff := cmp.Diff(cells, rows[:3]); diff != "" {
		t.Error(diff)
	}
	if hidden := columns[1].Sections[0]; hidden.Visible || hidden.LabelStyle != (LabelStyle{}) {
		t.Errorf("%+v", hidden)
	}
}

func TestReadTheControlsOfAMainForm(t *testing.T) {
	form := readMainForm(t)
	columns := form.Tabs[0].Columns
	control := func(column, row int) *FormControl { return columns[column].Sections[0].Rows[row].Cells[0].Control }

	lookup := LookupSettings{
		DefaultView: "a2d479c5-53e3-4c69-addd-802327e67a0d", Views: []string{"a2d479c5-53e3-4c69-addd-802327e67a0d", "a2d479c5-53e3-4c69-addd-802327e67a0e"},
		NoRecent: true, NoViewPicker: true, AutoResolve: true, FilterRelation: "contact_customer_accounts", FilterBy: "parentaccountid", FilterByTable: "account", FilterOptional: true,
	}
	if diff := cmp.Diff(lookup, control(0, 3).Lookup()); diff != "" {
		t.Error(diff)
	}
	grid := Grid{
		Table: "contact", Relationship: "contact_customer_accounts", ViewID: "00000000-0000-0000-00aa-000010001200", ViewPicker: true, PageSize: 4, Expand: "auto", Mode: "grid",
		ViewIDs: []string{"00000000-0000-0000-00aa-000010001200", "00000000-0000-0000-00aa-000010001201"},
	}
	if diff := cmp.Diff(grid, control(2, 0).Grid()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]QuickForm{{"contact", "be000000-0000-4000-8000-000000000001"}}, control(2, 1).QuickForms); diff != "" {
		t.Error(diff)
	}
	frame := Frame{URL: "hf_/map.html", WebResource: "bf000000-0000-4000-8000-000000000001", PassRecord: true, AltText: "Berth"}
	if diff := cmp.Diff(frame, control(2, 2).Frame()); diff != "" {
		t.Error(diff)
	}
	kinds := []ControlKind{control(0, 0).Kind(), control(1, 0).Kind(), control(2, 0).Kind(), control(2, 1).Kind(), control(2, 2).Kind()}
	if diff := cmp.Diff([]ControlKind{ControlColumn, ControlTimeline, ControlSubgrid, ControlQuickView, ControlWebResource}, kinds); diff != "" {
		t.Error(diff)
	}
	if custom, ok := form.Custom(control(0, 0)); !ok || custom.Name != "hf_Harbor.Stars" {
		t.Error(custom, ok)
	}
	if custom, ok := form.Custom(control(1, 0)); ok {
		t.Error(custom)
	}
}

func TestKindsOfControls(t *testing.T) {
	for name, c := range map[string]struct {
		control FormControl
		want    ControlKind
	}{
		"column of a class nobody knows": {FormControl{ClassID: "aa000000-0000-4000-8000-000000000001", Column: "name"}, ControlColumn},
		"column with a custom control":   {FormControl{ClassID: customClass, Column: "name"}, ControlColumn},
		"custom control alone":           {FormControl{ClassID: customClass}, ControlCustom},
		"only marked as sub-grid":        {FormControl{Subgrid: true}, ControlSubgrid},
		"only the quick forms":           {FormControl{Column: "x", QuickForms: []QuickForm{{}}}, ControlQuickView},
		"process":                        {FormControl{ClassID: "06e9f7af-1f54-4681-8eec-1e21a1ceb465"}, ControlProcess},
		"nothing":                        {FormControl{}, ControlUnknown},
	} {
		if got := c.control.Kind(); got != c.want {
			t.Errorf("%s: %d, not %d", name, got, c.want)
		}
	}
}

// The document within the document comes escaped, in CDATA or as elements, and a broken one costs only itself.
func TestQuickFormsHoweverTheyAreWritten(t *testing.T) {
	const inner = `<QuickFormIds><QuickFormId entityname="Account">be000000-0000-4000-8000-000000000002</QuickFormId></QuickFormIds>`
	read := func(parameter string) []QuickForm {
		form, err := ReadForm(`<form><tabs><tab><columns><column><sections><section><rows><row><cell><control datafieldname="a"><parameters><QuickForms>` + parameter +
			`</QuickForms></parameters></control></cell></row></rows></section></sections></column></columns></tab></tabs></form>`)
		if err != nil {
			t.Fatal(err)
		}
		return form.Tabs[0].Columns[0].Sections[0].Rows[0].Cells[0].Control.QuickForms
	}
	want := []QuickForm{{"account", "be000000-0000-4000-8000-000000000002"}}
	for name, text := range map[string]string{"elements": inner, "escaped": strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(inner), "cdata": "<![CDATA[" + inner + "]]>"} {
		if diff := cmp.Diff(want, read(text)); diff != "" {
			t.Error(name, diff)
		}
	}
	for name, text := range map[string]string{
		"broken": "&lt;QuickFormIds&gt;", "another": "&lt;a/&gt;", "empty": "", "deep": strings.Repeat("&lt;a&gt;", 100),
		"long": strings.Repeat("&lt;QuickFormIds/&gt;", 10000),
	} {
		if got := read(text); len(got) > 0 {
			t.Error(name, got)
		}
	}
}

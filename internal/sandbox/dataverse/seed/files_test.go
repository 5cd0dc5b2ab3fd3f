package seed

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const berths = `{
 "optionSets": {"new_depth": [{"value": 1, "label": {"1033": "Shallow", "1031": "Flach"}, "color": "#0000ff"}, {"value": 2, "label": "Deep"}]},
 "tables": [{
  "schemaName": "new_Berth", "label": {"1033": "Berth", "1031": "Liegeplatz"}, "pluralLabel": {"1033": "Berths", "1031": "Liegeplätze"}, "primaryName": "new_Name",
  "notes": true, "activities": true, "audited": true, "quickCreate": true, "apps": ["msdynce_saleshub"],
  "columns": [
   {"schemaName": "new_Name", "type": "String", "required": "ApplicationRequired", "maxLength": 60},
   {"schemaName": "new_Code", "type": "String", "autoNumber": "B-{SEQNUM:4}"},
   {"schemaName": "new_Depth", "type": "Picklist", "optionSet": "new_depth"},
   {"schemaName": "new_Uses", "type": "MultiSelectPicklist", "options": [{"value": 1, "label": "Cargo"}, {"value": 2, "label": "Ferries"}]},
   {"schemaName": "new_Length", "type": "Decimal", "precision": 1, "min": 0, "max": 900}, {"schemaName": "new_Width", "type": "Double"},
   {"schemaName": "new_Area", "type": "Decimal", "calculated": "new_length * new_width"},
   {"schemaName": "new_Fee", "type": "Money"}, {"schemaName": "new_About", "type": "Memo", "format": "RichText"},
   {"schemaName": "new_Free", "type": "Boolean"}, {"schemaName": "new_Built", "type": "DateTime", "behavior": "DateOnly"}, {"schemaName": "new_Opens", "type": "DateTime", "behavior": "TimeZoneIndependent"},
   {"schemaName": "new_AccountId", "type": "Lookup", "targets": [{"table": "account", "collection": "new_account_new_berth"}]},
   {"schemaName": "new_Plan", "type": "File"}, {"schemaName": "new_View", "type": "Image", "fullImage": true},
   {"schemaName": "StateCode", "type": "State", "states": [{"value": 0, "label": "Open", "reasons": [{"value": 1, "label": "Free"}, {"value": 3, "label": "Taken"}]}, {"value": 1, "label": "Shut", "reasons": [{"value": 2, "label": "Shut"}]}]}],
  "keys": [{"name": "new_name_key", "columns": ["new_name"]}]}],
 "columns": {"account": [{"schemaName": "new_Berths", "type": "Integer", "rollup": {"aggregate": "count", "table": "new_berth", "via": "new_accountid", "column": "new_berthid"}}]},
 "manyToMany": [{"schemaName": "new_Berth_Contact", "entity1": "new_berth", "entity2": "contact"}],
 "rows": [
  {"table": "new_berth", "organizations": ["harbor-sales"], "rows": [
   {"new_berthid": "aaaaaaaa-0000-4000-8000-000000000001", "new_name": "Quay 9 east", "new_depth": 2, "new_uses": [2, 1], "new_length": 180.5, "new_width": 2, "new_fee": 1200, "new_free": true,
    "new_built": "1911-04-05", "new_opens": "today+2 06:30", "new_accountid": {"table": "account", "name": "Contoso Pharmaceuticals"}, "statuscode": 3,
    "new_plan": {"name": "plan.txt", "type": "text/plain", "text": "Here."}}]},
  {"table": "annotation", "organizations": ["harbor-sales"], "rows": [{"subject": "Mind the crane", "objectid": {"table": "new_berth", "name": "Quay 9 east"}, "objecttypecode": "new_berth"}]}]}`

func filesOf(t *testing.T, texts ...string) (*Files, error) {
	t.Helper()
	folder := fstest.MapFS{"notes.txt": {Data: []byte("no seed file")}}
	for i, text := range texts {
		folder[string(rune('a'+i))+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	f, err := ReadFiles(folder)
	if err != nil {
		return nil, err
	}
	_, err = f.Model()
	return f, err
}

// A table of a file is in the model, has rows, a form, views and privileges, and what the service would compute.
func TestATableOfAFileIsLikeAnyOther(t *testing.T) {
	files, err := filesOf(t, berths)
	if err != nil {
		t.Fatal(err)
	}
	model, err := files.Model()
	if err != nil {
		t.Fatal(err)
	}
	ctx, org := context.Background(), organizationNamed(t, "harbor-sales")
	db, err := engine.Open(ctx, "", model, Options(org, func() time.Time { return today }))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := files.Fill(ctx, db, org, world.People(), today); err != nil {
		t.Fatal(err)
	}
	manager := callerOf(t, db, world.Administrator)
	page := run(t, db, manager, `<fetch><entity name="new_berth"><all-attributes/></entity></fetch>`)
	if len(page.Rows) != 1 {
		t.Fatalf("%d berths", len(page.Rows))
	}
	got := map[string]string{}
	for i, c := range page.Columns {
		got[c.Name] = page.Rows[0].Cells[i].Text
	}
	for column, want := range map[string]string{
		"new_depth": "Deep", "new_uses": "Cargo; Ferries", "new_area": "361.00", "new_built": "05/04/1911", "new_opens": "25/11/2026 06:30", "new_accountid": "Contoso Pharmaceuticals",
		"statecode": "Open", "statuscode": "Taken", "new_fee": "€1,200.00",
	} {
		if got[column] != want {
			t.Errorf("%s reads %q, not %q", column, got[column], want)
		}
	}
	if plan := values(page, "new_plan")[0]; plan == "" {
		t.Error("the berth has no plan")
	} else if b, err := db.Blob(ctx, plan); err != nil || string(b.Data) != "Here." {
		t.Errorf("the plan says %v: %v", b, err)
	}
	if n := count(t, db, manager, "account", `<condition attribute="new_berths" operator="eq" value="1"/>`); n != 1 {
		t.Errorf("%d accounts count one berth", n)
	}
	if n := count(t, db, manager, "annotation", `<condition attribute="objectid" operator="eq" value="aaaaaaaa-0000-4000-8000-000000000001"/>`); n != 1 {
		t.Errorf("%d notes on the berth", n)
	}
	for table, condition := range map[string]string{
		"systemform": `<condition attribute="objecttypecode" operator="eq" value="new_berth"/><condition attribute="type" operator="eq" value="2"/>`,
		"savedquery": `<condition attribute="returnedtypecode" operator="eq" value="new_berth"/>`,
		"privilege":  `<condition attribute="name" operator="eq" value="prvWritenew_Berth"/>`, "appmodulecomponent": `<condition attribute="objectid" operator="eq" value="` + model.Table("new_berth").MetadataID() + `"/>`,
	} {
		if count(t, db, manager, table, condition) == 0 {
			t.Errorf("the table has no %s", table)
		}
	}
	seller := callerOf(t, db, world.Seller)
	if seller.Depth("prvCreatenew_Berth") != engine.Basic {
		t.Error("a seller may not create berths, as they may visits")
	}
	catalog := metadata.NewCatalog(model, metadata.NewGraph(model), 1031, nil)
	found := false
	for _, e := range catalog.Entities {
		name, _ := e.Property("LogicalName")
		found = found || name == "new_berth"
	}
	if csdl := string(metadata.CSDL(model, metadata.NewGraph(model), nil)); !found || !strings.Contains(csdl, `EntitySet Name="new_berths"`) {
		t.Error("metadata does not know the table")
	}
}

func TestAFileThatIsWrongIsRefusedByName(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "empty"}, {`{"tabels": []}`, "tabels"}, {`{} {}`, "after its end"}, {`[1]`, "a.json"},
		{`{"tables": [{"schemaName": "Berth"}]}`, "prefix"}, {`{"tables": [{"schemaName": "hf_Vessel"}]}`, "already"},
		{`{"tables": [{"schemaName": "new_B", "primaryName": "new_Name"}]}`, "primaryName"},
		{`{"tables": [{"schemaName": "new_B", "ownership": "Nobody"}]}`, "Nobody"},
		{`{"columns": {"nothing": []}}`, "nothing"}, {`{"columns": {"account": [{"schemaName": "new_X", "type": "Colour"}]}}`, "Colour"},
		{`{"columns": {"account": [{"schemaName": "new_X\"; DROP", "type": "String"}]}}`, "characters"},
		{`{"columns": {"account": [{"schemaName": "new_X", "type": "Lookup", "targets": [{"table": "moon"}]}]}}`, "moon"},
		{`{"columns": {"account": [{"schemaName": "new_X", "type": "String"}, {"schemaName": "new_x", "type": "Memo"}]}}`, "two columns"},
		{`{"columns": {"account": [{"schemaName": "new_X", "type": "Picklist"}]}}`, "options"},
		{`{"columns": {"account": [{"schemaName": "new_X", "type": "Integer", "rollup": {"aggregate": "count", "table": "moon"}}]}}`, "sums up"},
		{`{"tables": [{"schemaName": "new_B", "primaryName": "new_N", "columns": [{"schemaName": "new_N", "type": "String"}], "apps": ["nowhere"]}]}`, "nowhere"},
		{`{"tables": [{"schemaName": "new_B", "primaryName": "new_N", "columns": [{"schemaName": "new_N", "type": "String"}], "privileges": {"Salesperson": "all"}}]}`, "all"},
		{`{"optionSets": {"need": []}}`, "need"}, {`{"manyToMany": [{"schemaName": "new_x", "entity1": "account", "entity2": "moon"}]}`, "new_x"},
	} {
		_, err := filesOf(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "a.json") {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

func TestRowsThatAreWrongAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"rows": [{"table": "moon", "rows": [{}]}]}`:                                                              "moon",
		`{"rows": [{"table": "account", "rows": [{"colour": 1}]}]}`:                                                "colour",
		`{"rows": [{"table": "account", "rows": [{"primarycontactid": {"table": "contact", "name": "No One"}}]}]}`: "No One",
		`{"rows": [{"table": "account", "rows": [{"hf_customersince": "today+soon"}]}]}`:                           "today",
		`{"rows": [{"table": "account", "rows": [{"numberofemployees": "many"}]}]}`:                                "whole number",
		`{"rows": [{"table": "account", "rows": [{"hf_contract": {"name": "a", "base64": "?"}}]}]}`:                "base64",
		`{"rows": [{"table": "account", "rows": [{"accountid": "{not an id}"}]}]}`:                                 "GUID",
	} {
		files, err := filesOf(t, text)
		if err != nil {
			t.Fatal(err)
		}
		model, _ := files.Model()
		org := organizationNamed(t, "moravia")
		db, err := engine.Open(context.Background(), "", model, Options(org, func() time.Time { return today }))
		if err != nil {
			t.Fatal(err)
		}
		if err := files.Fill(context.Background(), db, org, world.People(), today); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
		_ = db.Close()
	}
}

func TestNoFolderAddsNothing(t *testing.T) {
	files, err := ReadFiles(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	model, err := files.Model()
	if err != nil || len(model.Tables) != len(Model().Tables) {
		t.Error(len(model.Tables), err)
	}
	var _ *schema.Model = model
}

package dataverse_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// record gives the first record of a table that the person may read.
func (d *desk) record(table, order string) crm.RecordRef {
	d.t.Helper()
	list, err := d.client.List(context.Background(), d.caller, d.place, crm.Part{Table: table, Kind: crm.PartList, PageSize: 1}, crm.PartState{Sort: order})
	if err != nil || len(list.Rows) == 0 {
		d.t.Fatal("no row of", table, err)
	}
	return list.Rows[0].Ref
}

func (d *desk) form(ref crm.RecordRef) crm.Form {
	d.t.Helper()
	f, err := d.client.Record(context.Background(), d.caller, d.place, ref, "")
	if err != nil {
		d.t.Fatal(ref.Table, err)
	}
	return f
}

func TestARecordOpensOnItsForm(t *testing.T) {
	d := at(t, world.Seller, "de-DE", sales, "Sales Hub")
	for _, table := range []string{"account", "contact", "opportunity", "lead", "task", "phonecall", "appointment", "email"} {
		f := d.form(d.record(table, ""))
		if f.ETag == "" || len(f.Tabs) == 0 || len(f.Fields) == 0 || f.Table.Label == "" || f.Title == "" {
			t.Errorf("%s: %q %q tabs %d fields %d", table, f.ETag, f.Title, len(f.Tabs), len(f.Fields))
		}
		filled := 0
		for _, x := range f.Fields {
			if !x.Value.Empty() {
				filled++
			}
		}
		if filled < 3 || !f.Access.Read {
			t.Errorf("%s: %d of %d fields filled, %+v", table, filled, len(f.Fields), f.Access)
		}
		t.Logf("%s %q on %q: %d fields, %d filled, %d controls, actions %v", table, f.Title, f.Name, len(f.Fields), filled, len(f.Controls()), f.Actions)
	}
}

func TestARecordThatIsNotThereOrNotMine(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	for ref, want := range map[crm.RecordRef]string{
		{Table: "account", ID: "00000000-0000-4000-8000-00000000dead"}: "record.deleted",
		{Table: "account", ID: "x"}:                                    "record.deleted",
		{Table: "nothing", ID: "00000000-0000-4000-8000-00000000dead"}: "record.no_table",
		{Table: "a'b", ID: "00000000-0000-4000-8000-00000000dead"}:     "record.no_table",
	} {
		f, err := d.client.Record(context.Background(), d.caller, d.place, ref, "")
		if fault.Of(err).Key != want || len(f.Fields) > 0 {
			t.Errorf("%v: %v, %d fields", ref, err, len(f.Fields))
		}
	}
}

func TestAFormSpeaksTheReadersLanguage(t *testing.T) {
	german := at(t, world.Seller, "de-DE", sales, "Sales Hub")
	english := at(t, world.Seller, "en-US", sales, "Sales Hub")
	ref := german.record("account", "")
	a, b := german.form(ref), english.form(ref)
	if a.Table.Label == b.Table.Label || a.Tabs[0].Title == b.Tabs[0].Title {
		t.Errorf("%q %q, %q %q", a.Table.Label, b.Table.Label, a.Tabs[0].Title, b.Tabs[0].Title)
	}
	same := 0
	for i, x := range a.Fields {
		if strings.EqualFold(x.Label, b.Fields[i].Label) {
			same++
		}
	}
	if same > len(a.Fields)/3 {
		t.Errorf("%d of %d labels are the same in both languages", same, len(a.Fields))
	}
}

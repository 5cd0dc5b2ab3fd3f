package dataverse_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestTheViewPicker(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	part := d.part(d.open("Company overview"), "Accounts")
	part.ViewPicker, part.ViewIDs = true, nil
	list := d.list(part, crm.PartState{})
	if len(list.Views) < 3 {
		t.Fatalf("views: %v", list.Views)
	}
	for _, v := range list.Views {
		picked := d.list(part, crm.PartState{ViewID: v.ID, PersonalView: v.Personal})
		if picked.View != v {
			t.Errorf("picked %v, shown %v", v, picked.View)
		}
	}
	ctx := context.Background()
	other := d.part(d.open("Sales Activity"), "My open opportunities")
	for name, state := range map[string]crm.PartState{
		"another table's view": {ViewID: other.ViewID}, "no view": {ViewID: "aa000000-0000-4000-8000-000000000001"}, "no id": {ViewID: "x' or 1 eq 1"},
	} {
		list, err := d.client.List(ctx, d.caller, d.place, part, state)
		if name == "no id" {
			// What cannot be an id is nobody's choice: the part's own view stands.
			if err == nil && list.View.ID != part.ViewID || err != nil && !fault.Is(err, fault.NotFound) {
				t.Error(name, list.View, err)
			}
			continue
		}
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	limited := part
	limited.ViewIDs = []string{part.ViewID}
	elsewhere := slices.IndexFunc(list.Views, func(v crm.ViewRef) bool { return v.ID != part.ViewID && !v.Personal })
	if _, err := d.client.List(ctx, d.caller, d.place, limited, crm.PartState{ViewID: list.Views[elsewhere].ID}); !fault.Is(err, fault.NotFound) {
		t.Error("a view was shown that the part does not offer:", err)
	}
	if got := d.list(limited, crm.PartState{}); len(got.Views) != 1 {
		t.Errorf("offers %v", got.Views)
	}
	closed := part
	closed.ViewPicker = false
	if got := d.list(closed, crm.PartState{ViewID: list.Views[elsewhere].ID}); got.View.ID != part.ViewID || got.Views != nil {
		t.Errorf("a part without a picker shows %v", got.View)
	}
}

func TestTheChartPicker(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	part := d.part(d.open("Sales Activity"), "Open pipeline by stage")
	part.ChartPicker = true
	ctx := context.Background()
	chart := d.chart(part)
	if len(chart.Charts) < 3 {
		t.Fatalf("charts: %v", chart.Charts)
	}
	personal := 0
	for _, ref := range chart.Charts {
		picked, err := d.client.Chart(ctx, d.caller, d.place, part, crm.PartState{ChartID: ref.ID})
		if fault.Is(err, fault.Invalid) {
			continue // drawn by a web resource
		}
		if err != nil || picked.ID != ref.ID {
			t.Errorf("%v: %v", ref, err)
		}
		if ref.Personal {
			personal++
		}
	}
	if personal == 0 {
		t.Error("no chart of the person's own")
	}
	if _, err := d.client.Chart(ctx, d.caller, d.place, part, crm.PartState{ChartID: "aa000000-0000-4000-8000-000000000001"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// A query too long for an address travels in a batch and finds the same.
func TestLongQueries(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	part := d.part(d.open("Company overview"), "Accounts")
	part.QuickFind = true
	before := d.list(part, crm.PartState{Search: "*a"})
	long := d.list(part, crm.PartState{Search: "*a" + strings.Repeat("*", 3000)})
	if long.Total != before.Total || long.Total == 0 {
		t.Errorf("%d in an address, %d in a batch", before.Total, long.Total)
	}
	if _, sent := d.stage.sent.Load("/harbor-sales/api/data/v9.2/$batch"); !sent {
		t.Error("nothing was sent in a batch")
	}
	_, err := d.client.List(context.Background(), d.caller, d.place, part, crm.PartState{Drill: &crm.Drill{}})
	if err == nil {
		t.Error("a list without a chart was narrowed by one")
	}
}

const accountMetadata = `{"LogicalName":"account","EntitySetName":"accounts","PrimaryIdAttribute":"accountid","PrimaryNameAttribute":"name","ObjectTypeCode":1,
 "DisplayName":{"LocalizedLabels":[{"Label":"Account","LanguageCode":1033},{"Label":"Firma","LanguageCode":1031}],"UserLocalizedLabel":{"Label":"Compte","LanguageCode":1036}},
 "DisplayCollectionName":{"LocalizedLabels":[],"UserLocalizedLabel":null},
 "Attributes":[{"LogicalName":"name","AttributeType":"String","DisplayName":{"LocalizedLabels":[{"Label":"Account Name","LanguageCode":1033}]}}]}`

// Metadata is shared, but a failure to read it is not, and neither is its language.
func TestMetadataIsSharedAndFailuresAreNot(t *testing.T) {
	f := newFake(t)
	release, asked := make(chan struct{}), make(chan struct{})
	f.on("EntityDefinitions(LogicalName='account')?", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Authorization"), "anna") {
			close(asked)
			<-release
			w.WriteHeader(403)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, accountMetadata)
	})
	f.json("savedqueries(", `{"name":"All","returnedtypecode":"account","fetchxml":"<fetch><entity name='account'><attribute name='name'/></entity></fetch>","layoutxml":"<grid><row id='accountid'><cell name='name' width='100'/></row></grid>"}`)
	f.json("accounts?", `{"value":[{"accountid":"aa000000-0000-4000-8000-000000000009","name":"A <b>"}]}`)
	c := f.client()
	part := crm.Part{Kind: crm.PartList, Table: "account", ViewID: "ab000000-0000-4000-8000-000000000001", PageSize: 5}
	ask := func(caller crm.Caller) (crm.List, error) {
		return c.List(context.Background(), caller, f.place(), part, crm.PartState{})
	}
	var all sync.WaitGroup
	all.Go(func() {
		_, err := ask(anna)
		wantFault(t, "anna", err, fault.Forbidden, "dataverse.forbidden")
	})
	<-asked
	for range 3 {
		all.Go(func() {
			list, err := ask(ben)
			if err != nil || list.Table.Label != "Account" || list.Columns[0].Label != "Account Name" || list.Total != 1 || list.Rows[0].Name != "A <b>" {
				t.Errorf("%+v %v", list, err)
			}
		})
	}
	close(release)
	all.Wait()
	german := ben
	german.Locale = "de-AT"
	list, err := ask(german)
	if err != nil || list.Table.Label != "Firma" || list.Table.PluralLabel != "Firma" {
		t.Errorf("%+v %v", list.Table, err)
	}
	carol := crm.Caller{User: crm.User{Tenant: "t", Object: "carol"}, Locale: "en-GB"}
	before := f.count("EntityDefinitions")
	if _, err := ask(carol); err != nil || f.count("EntityDefinitions") != before {
		t.Error("metadata was read again:", err)
	}
	if f.count("carol accounts") != 1 || f.count("carol savedqueries") != 1 {
		t.Error("carol was shown what others had been told")
	}
}

// A table without a quick find view is searched by name.
func TestSearchWithoutAQuickFindView(t *testing.T) {
	f := newFake(t)
	f.json("EntityDefinitions(LogicalName='account')?", accountMetadata)
	f.json("savedqueries(", `{"name":"All","returnedtypecode":"account","fetchxml":"<fetch><entity name='account'><attribute name='name'/></entity></fetch>"}`)
	f.json("savedqueries?", `{"value":[]}`)
	f.json("accounts?", `{"value":[]}`)
	part := crm.Part{Kind: crm.PartList, Table: "account", ViewID: "ab000000-0000-4000-8000-000000000001", PageSize: 5}
	for _, search := range []string{"  ", "quill"} {
		if _, err := f.client().List(context.Background(), anna, f.place(), part, crm.PartState{Search: search}); err != nil {
			t.Error(err)
		}
	}
	if f.count("like") != 1 || f.count("quill%2525") != 1 && f.count("quill%25") != 1 {
		t.Errorf("sent %v", f.asked)
	}
}

package crmxml

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustFetch(t *testing.T, text string) *Fetch {
	t.Helper()
	f, err := ParseFetch(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const view = `<fetch distinct="true" count="9"><entity name="opportunity"><attribute name="name"/><order attribute="name"/>
 <filter><condition attribute="statecode" operator="eq" value="0"/><condition entityname="acc" attribute="address1_city" operator="not-null"/></filter>
 <link-entity name="account" from="accountid" to="parentaccountid" alias="acc" link-type="outer"><attribute name="name"/><order attribute="name"/></link-entity>
 <link-entity name="contact" from="contactid" to="parentcontactid" alias="pc" link-type="outer"><attribute name="fullname"/></link-entity>
 <link-entity name="team" from="teamid" to="owningteam"><filter><condition attribute="name" operator="eq" value="A"/></filter></link-entity></entity></fetch>`

func TestAChartTakesTheViewsFilters(t *testing.T) {
	chart := mustFetch(t, `<fetch aggregate="true"><entity name="opportunity"><attribute name="opportunityid" aggregate="count" alias="n"/>
 <filter><condition attribute="estimatedvalue" operator="gt" value="1"/></filter>
 <link-entity name="account" from="accountid" to="parentaccountid" alias="acc"><attribute name="industrycode" groupby="true" alias="i"/></link-entity></entity></fetch>`)
	v := mustFetch(t, view)
	before := v.String()
	chart.Narrow(v, "v_")
	want := mustFetch(t, `<fetch aggregate="true"><entity name="opportunity"><attribute name="opportunityid" aggregate="count" alias="n"/>
 <filter><condition attribute="estimatedvalue" operator="gt" value="1"/></filter>
 <filter><condition attribute="statecode" operator="eq" value="0"/><condition entityname="v_acc" attribute="address1_city" operator="not-null"/></filter>
 <link-entity name="account" from="accountid" to="parentaccountid" alias="acc"><attribute name="industrycode" groupby="true" alias="i"/></link-entity>
 <link-entity name="account" from="accountid" to="parentaccountid" alias="v_acc" link-type="outer"></link-entity>
 <link-entity name="team" from="teamid" to="owningteam" alias="v_team"><filter><condition attribute="name" operator="eq" value="A"/></filter></link-entity></entity></fetch>`)
	if diff := cmp.Diff(want.String(), chart.String()); diff != "" {
		t.Error(diff)
	}
	if v.String() != before {
		t.Error("the view was changed")
	}
}

func TestCounting(t *testing.T) {
	got := mustFetch(t, view).Counted("opportunityid")
	if len(got.Entity.Attributes) != 1 || len(got.Entity.Orders) != 0 || got.Count != 0 || len(got.Entity.Links) != 2 || len(got.Entity.Links[0].Attributes) != 0 {
		t.Error(got.String())
	}
}

func TestSorting(t *testing.T) {
	f := mustFetch(t, view)
	f.SortBy("pc.fullname", true)
	if diff := cmp.Diff([]Order{{Attribute: "fullname", EntityName: "pc", Descending: true}}, f.Entity.Orders); diff != "" {
		t.Error(diff)
	}
	if len(f.Entity.Links[0].Orders) != 0 {
		t.Error("a link kept its order")
	}
}

func TestSearch(t *testing.T) {
	quick := mustFetch(t, `<fetch><entity name="account"><filter type="or" isquickfindfields="1"><condition attribute="name" operator="like" value="{0}"/>
 <condition attribute="revenue" operator="like" value="{0}"/><condition attribute="createdon" operator="like" value="{0}"/><condition entityname="pc" attribute="fullname" operator="like" value="{0}"/></filter>
 <filter><condition attribute="statecode" operator="eq" value="0"/></filter><link-entity name="contact" from="contactid" to="primarycontactid" alias="pc"/></entity></fetch>`)
	match := func(table, column string) Match {
		switch column {
		case "name", "fullname":
			return MatchPrefix
		case "revenue":
			return MatchEqual
		}
		return MatchNever
	}
	f := mustFetch(t, `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`)
	if !f.Search(quick, " 5*_% ", "q_", match) {
		t.Fatal("no column")
	}
	want := mustFetch(t, `<fetch><entity name="account"><attribute name="name"/><filter type="or"><condition attribute="name" operator="like" value="5%[_][%]%"/>
 <condition attribute="revenue" operator="eq" value="5*_%"/><condition entityname="q_pc" attribute="fullname" operator="like" value="5%[_][%]%"/></filter>
 <link-entity name="contact" from="contactid" to="primarycontactid" alias="q_pc" link-type="outer"/></entity></fetch>`)
	if diff := cmp.Diff(want.String(), f.String()); diff != "" {
		t.Error(diff)
	}
	if f.Search(quick, "x", "q_", func(string, string) Match { return MatchNever }) {
		t.Error("nothing can be found, yet something was searched")
	}
}

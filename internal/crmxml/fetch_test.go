package crmxml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const openDeals = `<fetch version="1.0" mapping="logical" count="5" page="2" returntotalrecordcount="true"><entity name="opportunity">
 <attribute name="name"/><attribute name="estimatedvalue" aggregate="sum" alias="v"/>
 <order attribute="name" descending="true"/>
 <filter type="and"><condition attribute="statecode" operator="eq" value="0"/>
  <filter type="or"><condition attribute="ownerid" operator="in"><value>a</value><value>b</value></condition>
   <condition entityname="acc" attribute="name" operator="like" value="%&lt;x&gt;%"/></filter></filter>
 <link-entity name="account" from="accountid" to="parentaccountid" alias="acc" link-type="outer"><attribute name="city"/></link-entity>
</entity></fetch>`

func TestFetchSurvivesPrinting(t *testing.T) {
	first, err := ParseFetch(openDeals)
	if err != nil {
		t.Fatal(err)
	}
	if first.Entity.Filters[0].Filters[0].Conditions[1].Value != "%<x>%" || !first.Entity.Orders[0].Descending || first.Count != 5 {
		t.Fatalf("read wrongly: %+v", first)
	}
	again, err := ParseFetch(first.String())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
}

func TestHostileFetchIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"deep":   strings.Repeat("<a>", 1000),
		"long":   "<fetch>" + strings.Repeat(" ", 300<<10) + "</fetch>",
		"wide":   "<fetch><entity name='a'>" + strings.Repeat("<attribute name='x'/>", 5000) + "</entity></fetch>",
		"entity": `<!DOCTYPE f [<!ENTITY a "b">]><fetch><entity name="&a;"/></fetch>`,
		"empty":  "<fetch/>",
		"text":   "select 1",
	} {
		if _, err := ParseFetch(text); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRowsAreVisibleByDepthOwnershipAndSharing(t *testing.T) {
	w := organization(t, nil)
	const all = `<fetch><entity name="account"><attribute name="name"/><order attribute="accountnumber"/></entity></fetch>`
	for who, want := range map[int]string{ann: "1 6", bob: "1 2 3 6", cid: "3 6", dee: "6", eve: "1 2 3 4 5 6"} {
		if got := w.fetch(who, all).numbers(); got != want {
			t.Errorf("%s sees %q, wanted %q", names[who], got, want)
		}
	}
}

func TestLinksJoinFilterAndNest(t *testing.T) {
	w := organization(t, nil)
	account := func(inside string) string {
		return `<fetch><entity name="account"><attribute name="accountnumber"/><order attribute="accountnumber"/>` + inside + `</entity></fetch>`
	}
	deals := func(kind, inside string) string {
		return `<link-entity name="opportunity" from="parentaccountid" to="accountid" alias="d" link-type="` + kind + `">` + inside + `</link-entity>`
	}
	const big = `<filter><condition attribute="value" operator="ge" value="100"/></filter>`
	for name, tc := range map[string]struct{ xml, want string }{
		"inner":        {account(deals("inner", "")), "1 1 2 3"},
		"default":      {account(deals("", big)), "1 2 3"},
		"outer":        {account(deals("outer", "")), "1 1 2 3 4 5 6"},
		"outer filter": {account(deals("outer", big)), "1 2 3 4 5 6"},
		"not in":       {account(`<filter><condition entityname="d" attribute="opportunityid" operator="null"/></filter>` + deals("outer", "")), "4 5 6"},
		"after join":   {account(`<filter type="or"><condition entityname="d" attribute="value" operator="eq" value="50"/><condition attribute="name" operator="eq" value="delta"/></filter>` + deals("outer", "")), "1 5"},
		"exists":       {account(deals("exists", "")), "1 2 3"},
		"in":           {account(deals("in", big)), "1 2 3"},
		"any":          {account(`<filter>` + deals("any", big) + `</filter>`), "1 2 3"},
		"not any":      {account(`<filter>` + deals("not any", big) + `</filter>`), "4 5 6"},
		"not all":      {account(`<filter>` + deals("not all", big) + `</filter>`), "1 2 3"},
		"all":          {account(`<filter>` + deals("all", `<filter><condition attribute="value" operator="eq" value="50"/></filter>`) + `</filter>`), "2 3"},
		"or any":       {account(`<filter type="or"><condition attribute="city" operator="eq" value="Paris"/>` + deals("any", "") + `</filter>`), "1 2 3 6"},
		"first":        {account(deals("matchfirstrowusingcrossapply", "")), "1 2 3 4 5 6"},
		"nested":       {account(deals("inner", `<link-entity name="contact" from="contactid" to="customerid" alias="c"/>`)), "1"},
		"nested outer": {account(deals("outer", `<link-entity name="contact" from="contactid" to="customerid" alias="c"><attribute name="fullname"/></link-entity>`)), "1 2 3 4 5 6"},
		"value of":     {account(`<filter><condition attribute="accountnumber" operator="ne" valueof="d.name"/></filter>` + deals("inner", "")), "1 1 2 3"},
		"nested any":   {account(`<filter>` + deals("any", `<link-entity name="contact" from="contactid" to="customerid"/>`) + `</filter>`), "1"},
		"back":         {account(`<link-entity name="contact" to="primarycontactid" alias="c"><link-entity name="account" from="primarycontactid" to="contactid" alias="b"><filter><condition attribute="name" operator="eq" value="argon"/></filter></link-entity></link-entity>`), "2"},
	} {
		if got := w.fetch(eve, tc.xml).numbers(); got != tc.want {
			t.Errorf("%s found %q, wanted %q", name, got, tc.want)
		}
	}
	page := w.fetch(eve, account(deals("outer", `<attribute name="name"/><attribute name="value" alias="v"/><order attribute="name" descending="true"/>`)))
	if got := page.values("d.name"); got[0] != "Deal 4" || got[1] != "Deal 1" || got[6] != nil {
		t.Errorf("names of deals: %v", got)
	}
	if got := page.texts("v"); got != "$50.00 | €100.00 | €200.00 | €300.00 |  |  | " {
		t.Errorf("values of deals: %v", got)
	}
}

func TestManyToManyThroughTheIntersectTable(t *testing.T) {
	w := organization(t, nil)
	page := w.fetch(eve, `<fetch><entity name="systemuser"><attribute name="fullname"/><order attribute="fullname"/><link-entity name="teammembership" from="systemuserid" to="systemuserid" intersect="true">
		<link-entity name="team" from="teamid" to="teamid" alias="t"><attribute name="name"/></link-entity></link-entity></entity></fetch>`)
	if got := fmt.Sprint(page.values("fullname"), page.values("t.name")); got != "[Ann Dee] [Deals Deals]" {
		t.Error(got)
	}
}

func TestActivitiesAreOneTableToo(t *testing.T) {
	w := organization(t, nil)
	page := w.fetch(eve, `<fetch><entity name="activitypointer"><attribute name="subject"/><attribute name="activitytypecode"/><attribute name="regardingobjectid"/><attribute name="ownerid"/><order attribute="subject"/></entity></fetch>`)
	if got := fmt.Sprintln(page.values("subject"), page.texts("activitytypecode"), page.texts("regardingobjectid"), page.texts("ownerid")); got != "[Call back Ring] task | phonecall Ärger & Söhne | Deal 1 Ann | Bob\n" {
		t.Error(got)
	}
	if page.Rows[0].Version == 0 {
		t.Error("an activity has no version")
	}
	if got := len(w.fetch(ann, `<fetch><entity name="activitypointer"/></fetch>`).Rows); got != 1 {
		t.Errorf("Ann sees %d activities", got)
	}
}

func TestOrderFollowsWhatPeopleSee(t *testing.T) {
	w := organization(t, nil)
	order := func(orders string) string { return `<fetch><entity name="account">` + orders + `</entity></fetch>` }
	for xml, want := range map[string]string{
		order(`<order attribute="name"/>`):                                            "1 2 3 4 5 6",
		order(`<order attribute="name" descending="true"/>`):                          "6 5 4 3 2 1",
		order(`<order attribute="ownerid"/>`):                                         "1 2 3 6 4 5",
		order(`<order attribute="rating"/><order attribute="name"/>`):                 "4 6 2 3 1 5",
		order(`<order attribute="employees" descending="true"/>`):                     "3 2 5 1 4 6",
		order(`<order attribute="city"/><order attribute="name" descending="true"/>`): "5 4 2 1 6 3",
		order(`<order entityname="p" attribute="name" descending="true"/><order attribute="name"/><link-entity name="account" from="accountid" to="parentaccountid" alias="p" link-type="outer"/>`): "3 2 1 4 5 6",
	} {
		if got := w.fetch(eve, xml).numbers(); got != want {
			t.Errorf("%s gave %q, wanted %q", xml, got, want)
		}
	}
	raw, err := w.Fetch(w.ctx, w.as(eve), parse(t, order(`<order attribute="rating" descending="true"/><order attribute="name"/>`)), FetchOptions{RawOrder: true})
	if err != nil || raw.numbers() != "3 2 1 5 4 6" {
		t.Errorf("by number: %q %v", raw.numbers(), err)
	}
}

func TestDistinctAndTop(t *testing.T) {
	w := organization(t, nil)
	page := w.fetch(eve, `<fetch distinct="true"><entity name="account"><attribute name="city"/><order attribute="city" descending="true"/></entity></fetch>`)
	if got := fmt.Sprint(page.values("city")); !strings.EqualFold(got, "[Paris Köln <nil>]") || page.Rows[0].ID != "" {
		t.Errorf("cities: %s", got)
	}
	page = w.fetch(eve, `<fetch distinct="true" returntotalrecordcount="true"><entity name="account"><attribute name="accountid"/><attribute name="revenue"/><attribute name="transactioncurrencyid"/><order attribute="name"/><link-entity name="opportunity" from="parentaccountid" to="accountid"/></entity></fetch>`)
	if page.numbers() != "1 2 3" || page.Total != 3 || page.Rows[0].Version == 0 || page.texts("revenue") != "€1,200.50 | $300.00 | " {
		t.Errorf("distinct with key: %q %d %s", page.numbers(), page.Total, page.texts("revenue"))
	}
	page = w.fetch(eve, `<fetch top="2"><entity name="account"><order attribute="name"/></entity></fetch>`)
	if page.numbers() != "1 2" || page.More || page.Cookie != "" || page.Total != -1 {
		t.Errorf("top: %+v", page)
	}
}

func TestCellsAreReadable(t *testing.T) {
	w := organization(t, nil)
	one := w.fetch(eve, `<fetch><entity name="account"><all-attributes/><filter><condition attribute="accountnumber" operator="eq" value="A1"/></filter></entity></fetch>`)
	for name, want := range map[string]Cell{
		"revenue":          {Value: 1200.5, Text: "€1,200.50"},
		"revenue_base":     {Value: 1200.5, Text: "€1,200.50"},
		"employees":        {Value: int64(10), Text: "10"},
		"rating":           {Value: int64(0), Text: "Warm"},
		"interests":        {Value: "0,2", Text: "Sea; Rail"},
		"vip":              {Value: true, Text: "Yes"},
		"founded":          {Value: day("1999-05-01"), Text: "5/1/1999"},
		"lastcall":         {Value: noon.Add(-time.Hour), Text: "11/18/2026 12:30 PM"},
		"primarycontactid": {Value: person(1), Text: "Ann's contact", Target: "contact"},
		"ownerid":          {Value: user(ann), Text: "Ann", Target: "systemuser"},
		"owningteam":       {},
		"name":             {Value: "Ärger & Söhne"},
		"statecode":        {Value: int64(0), Text: "Active"},
		"exchangerate":     {Value: 1.0, Text: "1.00"},
	} {
		if diff := cmp.Diff(want, one.column(name)[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	implied := w.fetch(eve, `<fetch><entity name="account"><attribute name="revenue"/><filter><condition attribute="accountnumber" operator="in"><value>A2</value><value>A4</value></condition></filter></entity></fetch>`)
	if got := implied.texts("revenue"); got != "$300.00 | (€75.00)" {
		t.Errorf("amounts: %s", got)
	}
	for _, c := range implied.Columns {
		if c.Implied != (c.Name != "revenue") {
			t.Errorf("%s implied: %v", c.Name, c.Implied)
		}
	}
}

func TestTextsFollowLanguageAndFormatsOfThePerson(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("systemuser", Row{"systemuserid": user(7), "fullname": "Gül", "azureactivedirectoryobjectid": oid(7), "businessunitid": unitRoot})
		if err == nil {
			_, err = l.Insert("usersettings", Row{"systemuserid": user(7), "uilanguageid": 1031, "localeid": 1031, "timezonecode": 235})
		}
		if err == nil {
			_, err = l.Insert("systemuserroles", Row{"systemuserid": user(7), "roleid": role(4)})
		}
		return err
	})
	page := w.fetch(7, `<fetch><entity name="account"><attribute name="revenue"/><attribute name="rating"/><attribute name="vip"/><attribute name="founded"/><attribute name="lastcall"/><order attribute="rating" descending="true"/><filter><condition attribute="rating" operator="not-null"/></filter></entity></fetch>`)
	if got := page.texts("rating"); got != "Warm | Warm | Kalt | Heiß" {
		t.Error(got)
	}
	if got := page.texts("revenue"); got != "1.200,50 € |  | 300,00 $ | " {
		t.Error(got)
	}
	if got := page.texts("vip"); got != "Ja |  | Nein | Ja" {
		t.Error(got)
	}
	if got := page.texts("lastcall"); got != "18.11.2026 20:30 |  | 15.11.2026 21:30 | " {
		t.Error(got)
	}
	if got := page.texts("founded"); got != "01.05.1999 |  | 18.11.2026 | 01.10.2026" {
		t.Error(got)
	}
}

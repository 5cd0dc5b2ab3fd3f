package engine

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
)

var hostile = []string{
	`'`, `"`, `\`, `%`, `_`, `[`, `]`, `[]`, `[^]`, `[a-`, `--`, `;`, `x' OR 1=1 --`, `"; DROP TABLE account; --`, "t0", `t0."taxid"`, `name" FROM account --`, "\x00", "\u202e", "🙂", `?1`, `:a`, `$1`,
	`(SELECT taxid FROM account LIMIT 1)`, strings.Repeat("%a", 2000), strings.Repeat("x", 100_000), `9223372036854775808`, `-1e308`, `NaN`, `Infinity`, `0x10`, `9999-99-99`, `{00000000-0000-0000-0000-000000000000`,
}

// Whatever stands in a query, it is answered or refused in the service's own words, and reads nothing else.
func TestHostileTextIsOnlyText(t *testing.T) {
	w := organization(t, nil)
	c := w.as(ann)
	attributes := []string{"name", "employees", "revenue", "rating", "interests", "vip", "founded", "lastcall", "ownerid", "description", "accountid", "taxid"}
	operators := []string{"eq", "ne", "like", "not-like", "in", "between", "gt", "begins-with", "ends-with", "contain-values", "under", "on", "last-x-days", "in-fiscal-year", "in-fiscal-period", "eq-userid", "null"}
	run := func(f *crmxml.Fetch) {
		t.Helper()
		page, err := w.Fetch(w.ctx, c, f, FetchOptions{})
		var refusal *Error
		if err != nil && !errors.As(err, &refusal) {
			t.Errorf("%s: %v", f, err)
		}
		if page == nil {
			return
		}
		for _, r := range page.Rows {
			if r.ID != "" && !strings.Contains("1 6", strings.TrimLeft(r.ID[34:], "0")) {
				t.Errorf("%s shows %s", f, r.ID)
			}
		}
	}
	fetch := func() *crmxml.Fetch { return &crmxml.Fetch{Entity: crmxml.Entity{Name: "account"}} }
	for _, text := range hostile {
		for _, attribute := range attributes {
			for _, operator := range operators {
				f := fetch()
				f.Entity.Filters = []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: attribute, Operator: operator, Value: text}, {Attribute: attribute, Operator: operator, Values: []crmxml.ConditionValue{{Text: text}, {Text: text}}}}, Type: "or"}}
				run(f)
			}
		}
		for _, place := range []func(f *crmxml.Fetch){
			func(f *crmxml.Fetch) { f.Entity.Name = text },
			func(f *crmxml.Fetch) { f.Entity.Attributes = []crmxml.Attribute{{Name: text}} },
			func(f *crmxml.Fetch) { f.Entity.Attributes = []crmxml.Attribute{{Name: "name", Alias: text}} },
			func(f *crmxml.Fetch) { f.Entity.Orders = []crmxml.Order{{Attribute: text}} },
			func(f *crmxml.Fetch) { f.Entity.Orders = []crmxml.Order{{Attribute: "name", EntityName: text}} },
			func(f *crmxml.Fetch) { f.PagingCookie, f.Page, f.Count = text, 2, 1 },
			func(f *crmxml.Fetch) {
				f.Entity.Filters = []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: "name", Operator: text}}}}
			},
			func(f *crmxml.Fetch) {
				f.Entity.Filters = []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: "name", Operator: "eq", ValueOf: text}}}}
			},
			func(f *crmxml.Fetch) {
				f.Entity.Links = []crmxml.Link{{Name: "contact", From: "contactid", To: "primarycontactid", Alias: text, Body: crmxml.Body{Attributes: []crmxml.Attribute{{Name: "fullname"}}, Orders: []crmxml.Order{{Attribute: "fullname"}}}}}
			},
			func(f *crmxml.Fetch) { f.Entity.Links = []crmxml.Link{{Name: "contact", From: text, To: text}} },
			func(f *crmxml.Fetch) {
				f.Entity.Links = []crmxml.Link{{Name: "contact", From: "contactid", To: "primarycontactid", Type: text}}
			},
			func(f *crmxml.Fetch) {
				f.Aggregate, f.Entity.Attributes = true, []crmxml.Attribute{{Name: "name", Alias: text, GroupBy: true}, {Name: "employees", Aggregate: "sum", Alias: "s"}}
				f.Entity.Orders = []crmxml.Order{{Alias: text}}
			},
			func(f *crmxml.Fetch) {
				f.Aggregate, f.Entity.Attributes = true, []crmxml.Attribute{{Name: "lastcall", Alias: "a", GroupBy: true, DateGrouping: text, Aggregate: text}}
			},
		} {
			f := fetch()
			place(f)
			run(f)
		}
	}
	if n := len(w.fetch(eve, `<fetch><entity name="account"/></fetch>`).Rows); n != 6 {
		t.Errorf("%d accounts are left", n)
	}
}

func TestManyWildcardsCostLittle(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("account", Row{"name": strings.Repeat("a", 4000), "ownerid": owner(ann)})
		return err
	})
	done := make(chan error, 1)
	go func() {
		_, err := w.Fetch(w.ctx, w.as(ann), &crmxml.Fetch{Entity: crmxml.Entity{Name: "account", Body: crmxml.Body{Filters: []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: "name", Operator: "like", Value: strings.Repeat("%a", 1900) + "%b"}}}}}}}, FetchOptions{})
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the query does not end")
	}
}

func FuzzFetch(f *testing.F) {
	for _, xml := range []string{
		where(condition("name", "like", "%a[b-c]_%")),
		`<fetch count="2" page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;name last=&quot;A&quot;/&gt;&lt;accountid last=&quot;{ac000000-0000-4000-8000-000000000001}&quot;/&gt;&lt;/cookie&gt;"><entity name="account"><order attribute="name"/></entity></fetch>`,
		`<fetch aggregate="true"><entity name="opportunity"><attribute name="closedate" groupby="true" dategrouping="fiscal-period" alias="d"/><attribute name="value" aggregate="sum" alias="s"/><order alias="s" descending="true"/></entity></fetch>`,
		`<fetch distinct="true"><entity name="account"><attribute name="city"/><link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" alias="c"><link-entity name="account" from="primarycontactid" to="contactid"><filter type="or"><condition attribute="lastcall" operator="last-x-months" value="3"/></filter></link-entity></link-entity></entity></fetch>`,
		`<fetch><entity name="account"><all-attributes/><filter type="or"><link-entity name="opportunity" from="parentaccountid" to="accountid" link-type="not all"/><condition attribute="ownerid" operator="eq-useroruserhierarchyandteams"/></filter><order attribute="rating"/></entity></fetch>`,
		`<fetch><entity name="activitypointer"><attribute name="subject"/><link-entity name="systemuser" from="systemuserid" to="owninguser" link-type="matchfirstrowusingcrossapply"><attribute name="fullname"/></link-entity></entity></fetch>`,
	} {
		f.Add(xml)
	}
	shared := organization(f, nil)
	f.Fuzz(func(t *testing.T, xml string) {
		w := &world{t, shared.DB, shared.ctx}
		query, err := crmxml.ParseFetch(xml)
		if err != nil {
			return
		}
		for _, who := range []int{ann, eve} {
			_, err = w.Fetch(w.ctx, w.as(who), query, FetchOptions{})
			var refusal *Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%v in %s", err, xml)
			}
		}
	})
}

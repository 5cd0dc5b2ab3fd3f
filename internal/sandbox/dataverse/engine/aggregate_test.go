package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// grid writes a page as rows of "value=text" for comparison.
func (p *Page) grid() string {
	var rows []string
	for _, r := range p.Rows {
		var cells []string
		for _, c := range r.Cells {
			if c.Text == "" {
				cells = append(cells, fmt.Sprint(c.Value))
				continue
			}
			cells = append(cells, c.Text)
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, ", ")
}

func TestAggregates(t *testing.T) {
	w := organization(t, nil)
	accounts := func(inside string) string {
		return `<fetch aggregate="true"><entity name="account">` + inside + `</entity></fetch>`
	}
	deals := func(inside string) string {
		return `<fetch aggregate="true"><entity name="opportunity">` + inside + `</entity></fetch>`
	}
	const count = `<attribute name="accountid" aggregate="count" alias="n"/>`
	for name, tc := range map[string]struct{ xml, want string }{
		"functions": {accounts(`<attribute name="employees" alias="a" aggregate="avg"/><attribute name="employees" alias="c" aggregate="count"/><attribute name="employees" alias="cc" aggregate="countcolumn"/>
			<attribute name="employees" alias="d" aggregate="countcolumn" distinct="true"/><attribute name="employees" alias="x" aggregate="max"/><attribute name="employees" alias="m" aggregate="min"/><attribute name="employees" alias="s" aggregate="sum"/>`),
			"20 6 4 3 30 10 80"},
		"money in base currency": {accounts(`<attribute name="revenue" alias="s" aggregate="sum"/><attribute name="revenue" alias="x" aggregate="max"/><attribute name="revenue" alias="a" aggregate="avg"/>`), "€1,275.50 €1,200.50 €425.17"},
		"nothing found":          {accounts(`<attribute name="employees" alias="s" aggregate="sum"/><attribute name="employees" alias="n" aggregate="count"/><attribute name="employees" alias="m" aggregate="min"/><filter><condition attribute="name" operator="eq" value="nobody"/></filter>`), "0 0 <nil>"},
		"text ignoring case":     {accounts(`<attribute name="city" groupby="true" alias="g"/>` + count + `<order alias="g"/>`), "<nil> 2, Köln 2, Paris 2"},
		"choice by label":        {accounts(`<attribute name="rating" groupby="true" alias="g"/>` + count + `<order alias="g" descending="true"/>`), "Warm 2, Hot 1, Cold 1, <nil> 2"},
		"lookup by name":         {accounts(`<attribute name="ownerid" groupby="true" alias="g"/>` + count + `<order alias="g"/>`), "Ann 1, Bob 1, Cid 1, Deals 1, Dee 1, Eve 1"},
		"top by count":           {strings.Replace(accounts(`<attribute name="statecode" groupby="true" alias="g"/>`+count+`<order alias="n" descending="true"/>`), `<fetch `, `<fetch count="1" `, 1), "Active 5"},
		"yes and no":             {accounts(`<attribute name="vip" groupby="true" alias="g"/>` + count + `<order alias="g"/>`), "<nil> 3, No 1, Yes 2"},
		"year and month":         {deals(`<attribute name="closedate" groupby="true" dategrouping="year" alias="y"/><attribute name="closedate" groupby="true" dategrouping="month" alias="m"/><attribute name="value" aggregate="sum" alias="s"/><order alias="y"/><order alias="m"/>`), "2,025 12 €25.00, 2,026 2 €100.00, 2,026 3 €200.00, 2,026 4 €300.00"},
		"day":                    {deals(`<attribute name="closedate" groupby="true" dategrouping="day" alias="d"/><attribute name="name" aggregate="count" alias="n"/>`), "15 3, 31 1"},
		"week":                   {deals(`<attribute name="closedate" groupby="true" dategrouping="week" alias="d"/><attribute name="name" aggregate="count" alias="n"/>`), "8 1, 12 1, 16 1, 53 1"},
		"quarter":                {deals(`<attribute name="closedate" groupby="true" dategrouping="quarter" alias="d"/><attribute name="name" aggregate="count" alias="n"/>`), "1 2, 2 1, 4 1"},
		"fiscal period":          {deals(`<attribute name="closedate" groupby="true" dategrouping="fiscal-period" alias="d"/><attribute name="name" aggregate="count" alias="n"/>`), "Quarter 4 FY2025 1, Quarter 1 FY2026 2, Quarter 2 FY2026 1"},
		"fiscal year":            {deals(`<attribute name="closedate" groupby="true" dategrouping="fiscal-year" alias="d"/><attribute name="name" aggregate="count" alias="n"/>`), "FY2025 1, FY2026 3"},
		"linked":                 {deals(`<attribute name="value" aggregate="sum" alias="s"/><link-entity name="account" from="accountid" to="parentaccountid" alias="a"><attribute name="city" groupby="true" alias="g"/></link-entity><order alias="g"/>`), "€325.00 Köln, €300.00 Paris"},
		"earliest":               {deals(`<attribute name="closedate" aggregate="min" alias="m"/>`), "12/31/2025"},
		"moments of the person":  {`<fetch aggregate="true"><entity name="account"><attribute name="lastcall" groupby="true" dategrouping="day" alias="d"/>` + count + `<filter><condition attribute="lastcall" operator="not-null"/></filter></entity></fetch>`, "15 1, 18 2"},
	} {
		if got := w.fetch(eve, tc.xml).grid(); got != tc.want {
			t.Errorf("%s: %q, wanted %q", name, got, tc.want)
		}
	}
	page := w.fetch(eve, accounts(`<attribute name="ownerid" groupby="true" alias="g"/>`+count))
	if c := page.Rows[0].Cells[0]; c.Target == "" || page.Rows[0].ID != "" || page.Columns[0].Column.LogicalName != "ownerid" || !page.Columns[0].GroupBy {
		t.Errorf("a grouped lookup: %+v %+v", c, page.Columns[0])
	}
	if got := w.fetch(ann, accounts(count)).grid(); got != "2" {
		t.Errorf("Ann counts %s accounts", got)
	}
}

func TestDateGroupsFollowThePersonsZone(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("task", Row{"subject": "late", "scheduledend": day("2026-07-01").Add(-90 * time.Minute), "ownerid": owner(eve)})
		return err
	})
	xml := `<fetch aggregate="true"><entity name="task"><attribute name="scheduledend" groupby="true" dategrouping="month" alias="m" %s/><attribute name="subject" aggregate="count" alias="n"/><filter><condition attribute="subject" operator="eq" value="late"/></filter></entity></fetch>`
	if got := w.fetch(eve, fmt.Sprintf(xml, "")).grid(); got != "7 1" {
		t.Errorf("half past midnight in Berlin is in month %s", got)
	}
	if got := w.fetch(eve, fmt.Sprintf(xml, `usertimezone="false"`)).grid(); got != "6 1" {
		t.Errorf("without zone: %s", got)
	}
}

func TestTooManyRowsAreNotAggregated(t *testing.T) {
	w := organization(t, nil)
	limited := `<fetch aggregate="true" aggregatelimit="%d"><entity name="account"><attribute name="accountid" aggregate="count" alias="n"/></entity></fetch>`
	if got := w.fetch(eve, fmt.Sprintf(limited, 6)).grid(); got != "6" {
		t.Error(got)
	}
	if code := w.refused(eve, fmt.Sprintf(limited, 5)); code != CodeAggregateLimit {
		t.Error(code)
	}
}

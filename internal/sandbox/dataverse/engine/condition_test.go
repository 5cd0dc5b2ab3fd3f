package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func where(conditions string) string {
	return `<fetch><entity name="account"><order attribute="accountnumber"/><filter>` + conditions + `</filter></entity></fetch>`
}

func condition(attribute, operator, value string, values ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<condition attribute="%s" operator="%s" value="%s">`, attribute, operator, value)
	for _, v := range values {
		fmt.Fprintf(&b, "<value>%s</value>", v)
	}
	b.WriteString("</condition>")
	return b.String()
}

func TestEveryOperatorOnValues(t *testing.T) {
	w := organization(t, nil)
	c := condition
	for _, tc := range []struct{ condition, want string }{
		{c("city", "eq", "KÖLN"), "1 2"}, {c("city", "eq", "koln"), "1 2"}, {c("name", "eq", "ARGON"), "2"}, {c("name", "eq", "çELIK"), "4"},
		{c("city", "ne", "Paris"), "1 2 4 5"}, {c("city", "neq", "Paris"), "1 2 4 5"},
		{c("employees", "eq", "20"), "2 5"}, {c("employees", "gt", "10"), "2 3 5"}, {c("employees", "ge", "20"), "2 3 5"}, {c("employees", "lt", "20"), "1"}, {c("employees", "le", "20.0"), "1 2 5"},
		{c("employees", "gt", "19.5"), "2 3 5"}, {c("revenue", "lt", "0"), "4"}, {c("revenue", "eq", "1200.5"), "1"}, {c("revenue_base", "eq", "150"), "2"},
		{c("name", "gt", "b"), "3 4 5 6"}, {c("name", "le", "ARGON"), "1 2"},
		{c("vip", "eq", "1"), "1 3"}, {c("vip", "eq", "false"), "2"}, {c("rating", "eq", "2"), "3"}, {c("statecode", "eq", "1"), "4"},
		{c("employees", "in", "", "10", "30"), "1 3"}, {c("employees", "not-in", "", "10", "30"), "2 4 5 6"}, {c("city", "in", "", "PARIS", "x"), "3 6"},
		{c("employees", "between", "", "15", "25"), "2 5"}, {c("employees", "not-between", "", "15", "25"), "1 3 4 6"},
		{c("city", "null", ""), "4 5"}, {c("city", "not-null", ""), "1 2 3 6"},
		{c("name", "like", "a%"), "1 2"}, {c("name", "like", "%O%"), "1 2 3 6"}, {c("name", "like", "%ohne"), "1"}, {c("name", "like", "ar_on"), "2"}, {c("name", "like", "[b-d]%"), "3 4 5"},
		{c("name", "like", "[^a]%"), "3 4 5 6"}, {c("name", "like", "%50[%]%"), "3"}, {c("name", "like", "%[_][[]x]"), "3"}, {c("name", "like", "delta"), "5"}, {c("name", "like", "%"), "1 2 3 4 5 6"},
		{c("name", "like", "de%ta"), "5"}, {c("name", "like", "*"), ""}, {c("name", "not-like", "a%"), "3 4 5 6"}, {c("city", "not-like", "k%"), "3 4 5 6"},
		{c("name", "begins-with", "ÄRG"), "1 2"}, {c("name", "not-begin-with", "a"), "3 4 5 6"}, {c("name", "ends-with", "LIK"), "4"}, {c("city", "not-end-with", "s"), "1 2 4 5"},
		{c("description", "like", "%gross%"), "5"}, {c("description", "eq", "uber alles gross"), "5"},
		{c("primarycontactid", "eq", "{"+strings.ToUpper(person(2))+"}"), "2"}, {c("primarycontactid", "like", "%cid%"), "3"}, {c("primarycontactidname", "eq", "ann's contact"), "1"},
		{c("rating", "like", "ho%"), "3"}, {c("employees", "like", "2%"), "2 5"}, {c("owneridname", "eq", "deals"), "6"},
		{c("interests", "contain-values", "", "1", "2"), "1 2"}, {c("interests", "contain-values", "2"), "1"}, {c("interests", "not-contain-values", "", "1"), "1 3 4 5 6"}, {c("interests", "eq", "2,0"), "1"},
		{c("ownerid", "eq-userid", ""), "5"}, {c("ownerid", "ne-userid", ""), "1 2 3 4 6"}, {c("ownerid", "eq-userteams", ""), ""}, {c("ownerid", "eq-useroruserteams", ""), "5"},
		{c("owningbusinessunit", "eq-businessid", ""), "5"}, {c("owningbusinessunit", "ne-businessid", ""), "1 2 3 4 6"}, {c("employees", "eq-userlanguage", ""), ""},
		{c("accountid", "under", account(1)), "2 3"}, {c("accountid", "eq-or-under", account(1)), "1 2 3"}, {c("accountid", "not-under", account(1)), "1 4 5 6"},
		{c("accountid", "above", account(3)), "1 2"}, {c("accountid", "eq-or-above", account(3)), "1 2 3"}, {c("parentaccountid", "eq-or-under", account(2)), "3"},
		{c("accountnumber", "eq", "a1") + `</filter><filter type="or">` + c("city", "eq", "x") + c("vip", "eq", "1"), "1"},
		{`<filter type="or">` + c("accountnumber", "eq", "a1") + `<filter>` + c("city", "eq", "Paris") + c("vip", "eq", "1") + `</filter></filter>`, "1 3"},
		{`<condition attribute="city" operator="eq" valueof="name"/>`, ""}, {`<condition attribute="employees" operator="lt" valueof="revenue"/>`, "1 2"},
		{`<filter type="or" isquickfindfields="1">` + c("employees", "eq", "del%") + c("founded", "eq", "del%") + c("name", "like", "del%") + `</filter>`, "5"},
	} {
		if got := w.fetch(eve, where(tc.condition)).numbers(); got != tc.want {
			t.Errorf("%s\n found %q, wanted %q", tc.condition, got, tc.want)
		}
	}
}

func TestOperatorsOnPeopleAsTheyAsk(t *testing.T) {
	w := organization(t, nil)
	for _, tc := range []struct {
		who            int
		operator, want string
	}{
		{ann, "eq-userid", "1"}, {ann, "eq-userteams", "6"}, {ann, "eq-useroruserteams", "1 6"}, {bob, "eq-useroruserhierarchy", "1 2 3"},
		{bob, "eq-useroruserhierarchyandteams", "1 2 3 6"}, {cid, "eq-useroruserhierarchy", "3"}, {dee, "eq-userteams", "6"},
	} {
		if got := w.fetch(tc.who, where(condition("ownerid", tc.operator, ""))).numbers(); got != tc.want {
			t.Errorf("%s %s found %q, wanted %q", names[tc.who], tc.operator, got, tc.want)
		}
	}
}

// Each case names the ends of what an operator finds at 13:30 in Berlin on Wednesday, November 18, 2026: the first second
// in, and the last.
func TestRelativeDatesCountFromThePersonsDay(t *testing.T) {
	const open = ""
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("2006-01-02 15:04:05", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	cases := []struct{ operator, value, first, last string }{
		{"today", "", "2026-11-18 00:00:00", "2026-11-18 23:59:59"}, {"yesterday", "", "2026-11-17 00:00:00", "2026-11-17 23:59:59"}, {"tomorrow", "", "2026-11-19 00:00:00", "2026-11-19 23:59:59"},
		{"last-seven-days", "", "2026-11-11 00:00:00", "2026-11-18 13:30:00"}, {"next-seven-days", "", "2026-11-18 13:30:00", "2026-11-25 23:59:59"},
		{"last-week", "", "2026-11-08 00:00:00", "2026-11-14 23:59:59"}, {"this-week", "", "2026-11-15 00:00:00", "2026-11-21 23:59:59"}, {"next-week", "", "2026-11-22 00:00:00", "2026-11-28 23:59:59"},
		{"last-month", "", "2026-10-01 00:00:00", "2026-10-31 23:59:59"}, {"this-month", "", "2026-11-01 00:00:00", "2026-11-30 23:59:59"}, {"next-month", "", "2026-12-01 00:00:00", "2026-12-31 23:59:59"},
		{"last-year", "", "2025-01-01 00:00:00", "2025-12-31 23:59:59"}, {"this-year", "", "2026-01-01 00:00:00", "2026-12-31 23:59:59"}, {"next-year", "", "2027-01-01 00:00:00", "2027-12-31 23:59:59"},
		{"on", "2026-07-01", "2026-07-01 00:00:00", "2026-07-01 23:59:59"}, {"on", "2026-07-01T23:30:00Z", "2026-07-02 00:00:00", "2026-07-02 23:59:59"},
		{"on-or-before", "2026-07-01", open, "2026-07-01 23:59:59"}, {"on-or-after", "7/1/2026", "2026-07-01 00:00:00", open},
		{"last-x-hours", "2", "2026-11-18 11:00:00", "2026-11-18 13:30:00"}, {"next-x-hours", "2", "2026-11-18 13:30:00", "2026-11-18 15:30:00"},
		{"last-x-days", "4", "2026-11-14 00:00:00", "2026-11-18 13:30:00"}, {"next-x-days", "4", "2026-11-18 13:30:00", "2026-11-22 23:59:59"},
		{"last-x-weeks", "2", "2026-11-04 00:00:00", "2026-11-18 13:30:00"}, {"next-x-weeks", "2", "2026-11-18 13:30:00", "2026-12-02 23:59:59"},
		{"last-x-months", "9", "2026-02-18 00:00:00", "2026-11-18 13:30:00"}, {"next-x-months", "3", "2026-11-18 13:30:00", "2027-02-18 23:59:59"},
		{"last-x-years", "2", "2024-11-18 00:00:00", "2026-11-18 13:30:00"}, {"next-x-years", "2", "2026-11-18 13:30:00", "2028-11-18 23:59:59"},
		{"olderthan-x-minutes", "30", open, "2026-11-18 12:59:59"}, {"olderthan-x-hours", "1", open, "2026-11-18 12:29:59"}, {"olderthan-x-days", "1", open, "2026-11-16 23:59:59"},
		{"olderthan-x-weeks", "1", open, "2026-11-10 23:59:59"}, {"olderthan-x-months", "1", open, "2026-10-17 23:59:59"}, {"olderthan-x-years", "1", open, "2025-11-17 23:59:59"},
		{"this-fiscal-year", "", "2026-01-01 00:00:00", "2026-12-31 23:59:59"}, {"last-fiscal-year", "", "2025-01-01 00:00:00", "2025-12-31 23:59:59"}, {"next-fiscal-year", "", "2027-01-01 00:00:00", "2027-12-31 23:59:59"},
		{"this-fiscal-period", "", "2026-10-01 00:00:00", "2026-12-31 23:59:59"}, {"last-fiscal-period", "", "2026-07-01 00:00:00", "2026-09-30 23:59:59"}, {"next-fiscal-period", "", "2027-01-01 00:00:00", "2027-03-31 23:59:59"},
		{"last-x-fiscal-periods", "2", "2026-04-01 00:00:00", "2026-11-18 13:30:00"}, {"next-x-fiscal-periods", "1", "2026-11-18 13:30:00", "2027-03-31 23:59:59"},
		{"last-x-fiscal-years", "1", "2025-01-01 00:00:00", "2026-11-18 13:30:00"}, {"next-x-fiscal-years", "1", "2026-11-18 13:30:00", "2027-12-31 23:59:59"},
		{"in-fiscal-year", "2025", "2025-01-01 00:00:00", "2025-12-31 23:59:59"}, {"in-fiscal-period-and-year", "2,2025", "2025-04-01 00:00:00", "2025-06-30 23:59:59"},
		{"in-or-before-fiscal-period-and-year", "2,2025", open, "2025-06-30 23:59:59"}, {"in-or-after-fiscal-period-and-year", "2,2025", "2025-04-01 00:00:00", open},
		{"ge", "2026-07-01", "2026-07-01 00:00:00", open}, {"lt", "2026-07-01T00:00:00Z", open, "2026-07-01 01:59:59"},
	}
	w := organization(t, nil)
	w.load(func(l *Loader) error {
		for i, tc := range cases {
			for j, s := range []string{tc.first, tc.last} {
				if s == open {
					continue
				}
				out := time.Second
				if j == 0 {
					out = -time.Second
				}
				w.insert(l, "task", Row{"subject": fmt.Sprint(i, "in", j), "scheduledend": at(s), "ownerid": owner(eve)})
				w.insert(l, "task", Row{"subject": fmt.Sprint(i, "out", j), "scheduledend": at(s).Add(out), "ownerid": owner(eve)})
			}
		}
		return nil
	})
	for i, tc := range cases {
		values := strings.Split(tc.value, ",")
		if len(values) == 1 {
			values = nil
		}
		page := w.fetch(eve, `<fetch><entity name="task"><attribute name="subject"/><order attribute="subject"/><filter>`+condition("scheduledend", tc.operator, tc.value, values...)+
			condition("subject", "like", fmt.Sprint(i, "[io]%"))+`</filter></entity></fetch>`)
		want := []any{}
		for j, s := range []string{tc.first, tc.last} {
			if s != open {
				want = append(want, fmt.Sprint(i, "in", j))
			}
		}
		if got := page.values("subject"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s %s found %v, wanted %v", tc.operator, tc.value, got, want)
		}
	}
}

func TestDateOnlyColumnsKnowNoZone(t *testing.T) {
	w := organization(t, nil)
	c := condition
	for _, tc := range []struct{ condition, want string }{
		{c("founded", "today", ""), "2"}, {c("founded", "on", "1999-05-01"), "1"}, {c("founded", "eq", "2026-10-01"), "3"}, {c("founded", "last-x-days", "60"), "2 3"},
		{c("founded", "on-or-before", "2026-10-01"), "1 3"}, {c("founded", "this-fiscal-period", ""), "2 3"}, {c("founded", "in-fiscal-period", "4"), "2 3"}, {c("founded", "in-fiscal-period", "2"), "1"},
		{c("founded", "not-on", "2026-10-01"), "1 2 4 5 6"}, {c("founded", "between", "", "1999-01-01", "2026-10-01"), "1 3"}, {c("founded", "lt", "2026-11-18T05:00:00Z"), "1 3"},
	} {
		if got := w.fetch(eve, where(tc.condition)).numbers(); got != tc.want {
			t.Errorf("%s found %q, wanted %q", tc.condition, got, tc.want)
		}
	}
}

func TestRefusalsCarryTheDocumentedCodes(t *testing.T) {
	w := organization(t, nil)
	c := condition
	for name, tc := range map[string]struct{ xml, code string }{
		"column":                 {where(c("nonsense", "eq", "1")), CodeUnknownColumn},
		"table":                  {`<fetch><entity name="nonsense"/></fetch>`, CodeUnknownTable},
		"operator":               {where(c("name", "resembles", "1")), CodeInvalidOperator},
		"number":                 {where(c("employees", "eq", "many")), CodeIncorrectValueType},
		"not a GUID":             {where(c("ownerid", "eq", "Ann")), CodeIncorrectValueType},
		"date":                   {where(c("lastcall", "on", "someday")), CodeInvalidDateTime},
		"date operator":          {where(c("name", "today", "")), CodeInvalidQuery},
		"x":                      {where(c("lastcall", "last-x-days", "-1")), CodeIncorrectValueType},
		"conditions":             {where(strings.Repeat(c("name", "eq", "x"), 501)), CodeTooManyConditions},
		"links":                  {`<fetch><entity name="account">` + strings.Repeat(`<link-entity name="contact" from="contactid" to="primarycontactid"/>`, 16) + `</entity></fetch>`, CodeTooManyLinks},
		"alias twice":            {`<fetch><entity name="account"><link-entity name="contact" from="contactid" to="primarycontactid" alias="a"/><link-entity name="contact" from="contactid" to="primarycontactid" alias="A"/></entity></fetch>`, CodeInvalidLink},
		"link types":             {`<fetch><entity name="account"><link-entity name="contact" from="contactid" to="employees"/></entity></fetch>`, CodeInvalidLink},
		"entity name":            {where(`<condition entityname="elsewhere" attribute="name" operator="eq" value="x"/>`), CodeInvalidLink},
		"top and page":           {`<fetch top="3" page="2"><entity name="account"/></fetch>`, CodeInvalidArgument},
		"no alias":               {`<fetch aggregate="true"><entity name="account"><attribute name="employees" aggregate="sum"/></entity></fetch>`, CodeInvalidQuery},
		"sum of text":            {`<fetch aggregate="true"><entity name="account"><attribute name="name" aggregate="sum" alias="s"/></entity></fetch>`, CodeInvalidQuery},
		"alias in an outer link": {`<fetch><entity name="account"><link-entity name="contact" from="contactid" to="primarycontactid" alias="a" link-type="outer"><link-entity name="account" from="primarycontactid" to="contactid" alias="A"/></link-entity></entity></fetch>`, CodeInvalidLink},
		"page":                   {`<fetch distinct="true" page="99999999"><entity name="account"/></fetch>`, CodeInvalidArgument},
		"cookie":                 {`<fetch count="1" page="2" paging-cookie="nonsense"><entity name="account"/></fetch>`, CodeInvalidPagingCookie},
		"foreign cookie":         {`<fetch count="1" page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;x last=&quot;1&quot;/&gt;&lt;/cookie&gt;"><entity name="account"/></fetch>`, CodeInvalidPagingCookie},
	} {
		if got := w.refused(eve, tc.xml); got != tc.code {
			t.Errorf("%s: refused with %s, wanted %s", name, got, tc.code)
		}
	}
}

func TestAQuickFindThatFindsTooMuchIsRefused(t *testing.T) {
	w := organization(t, nil)
	find := where(`<filter type="or" isquickfindfields="1">` + condition("name", "like", "%e%") + `</filter>`)
	w.opts.QuickFindLimit = 5
	if got := w.fetch(eve, find).numbers(); got != "1 3 4 5 6" {
		t.Errorf("at the limit: %q", got)
	}
	w.opts.QuickFindLimit = 4
	if code := w.refused(eve, find); code != CodeQuickFindLimit {
		t.Error(code)
	}
	w.opts.QuickFindLimit = -1
	if got := w.fetch(eve, find).numbers(); got != "1 3 4 5 6" {
		t.Errorf("without limit: %q", got)
	}
}

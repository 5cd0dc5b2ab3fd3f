package dataverse

import (
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// queryFunctions are the Web API's query functions (Microsoft Learn, "Web API Query Function Reference") and the FetchXML
// operators they stand for.
var queryFunctions = map[string]string{
	"Above": "above", "AboveOrEqual": "eq-or-above", "Under": "under", "UnderOrEqual": "eq-or-under", "NotUnder": "not-under",
	"Between": "between", "NotBetween": "not-between", "In": "in", "NotIn": "not-in",
	"ContainValues": "contain-values", "DoesNotContainValues": "not-contain-values",
	"EqualBusinessId": "eq-businessid", "NotEqualBusinessId": "ne-businessid",
	"EqualUserId": "eq-userid", "NotEqualUserId": "ne-userid", "EqualUserLanguage": "eq-userlanguage",
	"EqualUserTeams": "eq-userteams", "EqualUserOrUserTeams": "eq-useroruserteams",
	"EqualUserOrUserHierarchy": "eq-useroruserhierarchy", "EqualUserOrUserHierarchyAndTeams": "eq-useroruserhierarchyandteams",
	"InFiscalPeriod": "in-fiscal-period", "InFiscalPeriodAndYear": "in-fiscal-period-and-year", "InFiscalYear": "in-fiscal-year",
	"InOrAfterFiscalPeriodAndYear":  "in-or-after-fiscal-period-and-year",
	"InOrBeforeFiscalPeriodAndYear": "in-or-before-fiscal-period-and-year",
	"Last7Days":                     "last-seven-days", "LastFiscalPeriod": "last-fiscal-period", "LastFiscalYear": "last-fiscal-year",
	"LastMonth": "last-month", "LastWeek": "last-week", "LastYear": "last-year",
	"LastXDays": "last-x-days", "LastXFiscalPeriods": "last-x-fiscal-periods", "LastXFiscalYears": "last-x-fiscal-years",
	"LastXHours": "last-x-hours", "LastXMonths": "last-x-months", "LastXWeeks": "last-x-weeks", "LastXYears": "last-x-years",
	"Next7Days": "next-seven-days", "NextFiscalPeriod": "next-fiscal-period", "NextFiscalYear": "next-fiscal-year",
	"NextMonth": "next-month", "NextWeek": "next-week", "NextYear": "next-year",
	"NextXDays": "next-x-days", "NextXFiscalPeriods": "next-x-fiscal-periods", "NextXFiscalYears": "next-x-fiscal-years",
	"NextXHours": "next-x-hours", "NextXMonths": "next-x-months", "NextXWeeks": "next-x-weeks", "NextXYears": "next-x-years",
	"OlderThanXDays": "olderthan-x-days", "OlderThanXHours": "olderthan-x-hours", "OlderThanXMinutes": "olderthan-x-minutes",
	"OlderThanXMonths": "olderthan-x-months", "OlderThanXWeeks": "olderthan-x-weeks", "OlderThanXYears": "olderthan-x-years",
	"On": "on", "OnOrAfter": "on-or-after", "OnOrBefore": "on-or-before",
	"ThisFiscalPeriod": "this-fiscal-period", "ThisFiscalYear": "this-fiscal-year",
	"ThisMonth": "this-month", "ThisWeek": "this-week", "ThisYear": "this-year",
	"Today": "today", "Tomorrow": "tomorrow", "Yesterday": "yesterday",
}

// oppositeFunctions are the operators whose negation is an operator too.
var oppositeFunctions = map[string]string{
	"between": "not-between", "not-between": "between", "in": "not-in", "not-in": "in",
	"contain-values": "not-contain-values", "not-contain-values": "contain-values",
	"eq-businessid": "ne-businessid", "ne-businessid": "eq-businessid", "eq-userid": "ne-userid", "ne-userid": "eq-userid",
	"under": "not-under", "not-under": "under",
}

func (t *translation) function(f *crmxml.Filter, e odata.Function, negate bool) error {
	operator := queryFunctions[e.Name]
	if operator == "" || len(e.Path) > 0 {
		return bad("An unknown function with name '" + odata.Namespace + e.Name + "' was found.")
	}
	if negate {
		if operator = oppositeFunctions[operator]; operator == "" {
			return bad("'not' is not supported with " + odata.Namespace + e.Name + ".")
		}
	}
	name, ok := e.Parameters["PropertyName"]
	if !ok || name.Kind != odata.String || name.Text == "" {
		return bad("The function " + odata.Namespace + e.Name + " needs a PropertyName.")
	}
	path := odata.Path(strings.Split(name.Text, "/"))
	if t.variable != "" && path[0] != t.variable {
		path = append(odata.Path{t.variable}, path...)
	}
	at, err := t.resolve(path)
	if err != nil {
		return err
	}
	c := at.condition(operator, "")
	if list, ok := e.Parameters["PropertyValues"]; ok {
		if err := t.listed(len(list.Items)); err != nil {
			return err
		}
		for _, v := range list.Items {
			c.Values = append(c.Values, crmxml.ConditionValue{Text: v.Text})
		}
	} else if v, ok := e.Parameters["PropertyValue"]; ok {
		c.Value = v.Text
	} else if one, ok := e.Parameters["PropertyValue1"]; ok {
		c.Values = []crmxml.ConditionValue{{Text: one.Text}, {Text: e.Parameters["PropertyValue2"].Text}}
	}
	put(f, at, c, false)
	return nil
}

package engine

import (
	"fmt"
	"strings"
	"testing"
)

// The questions that pages ask most read an index from its place and stop, whatever the table's size.
func TestCommonQuestionsReadAnIndexInOrder(t *testing.T) {
	w := organization(t, nil)
	crowd(w)
	if _, err := w.write.Exec("ANALYZE"); err != nil {
		t.Fatal(err)
	}
	for name, inside := range map[string]string{
		"by key":           `<filter><condition attribute="accountid" operator="eq" value="` + account(1) + `"/></filter>`,
		"starts with":      `<filter><condition attribute="name" operator="begins-with" value="sa"/></filter><order attribute="name"/>`,
		"mine by date":     `<filter><condition attribute="ownerid" operator="eq-userid"/><condition attribute="statecode" operator="eq" value="0"/></filter><order attribute="modifiedon" descending="true"/>`,
		"related":          `<filter><condition attribute="primarycontactid" operator="eq" value="` + person(1) + `"/></filter>`,
		"of a parent's":    `<filter><condition attribute="accountid" operator="eq" value="` + account(3) + `"/></filter><link-entity name="account" from="accountid" to="parentaccountid"/>`,
		"behind a cookie":  `<order attribute="name"/>`,
		"everything first": ``,
	} {
		for _, who := range []int{ann, eve} {
			f := parse(t, `<fetch count="50"><entity name="account"><attribute name="name"/>`+inside+`</entity></fetch>`)
			if name == "behind a cookie" {
				f.Page, f.PagingCookie = 2, cookie{1, []mark{{"name", new(string), new(string)}, {"accountid", nil, nil}}}.String()
			}
			q := w.newQuery(w.as(who), f, FetchOptions{})
			if err := q.bind(); err != nil {
				t.Fatal(err)
			}
			statement, _, err := q.selection(50)
			if err != nil {
				t.Fatal(err)
			}
			sorted := name == "starts with" || name == "mine by date" || name == "behind a cookie" // few own rows may well be sorted
			steps := w.steps(statement)
			if strings.Contains(steps, "SCAN t0") && !strings.Contains(steps, "SCAN t0 USING INDEX") || strings.Contains(steps, "TEMP B-TREE FOR ORDER") && sorted && (who == eve || name == "mine by date") {
				t.Errorf("%s as %s: %s\n%s", name, names[who], steps, fmt.Sprint(statement))
			}
		}
	}
}

package engine

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// grown opens an organization that a first load has filled with many accounts, of which a twentieth is Ann's.
func grown(t *testing.T, path string, accounts int) *world {
	t.Helper()
	model := testModel()
	model.Tables = append(model.Tables, table1("savedquery", schema.OrganizationOwned, "name", id("savedqueryid"), col(schema.String, "name"),
		col(schema.EntityName, "returnedtypecode"), col(schema.Integer, "querytype"), col(schema.Memo, "fetchxml"), col(schema.Boolean, "isdefault"), col(schema.Integer, "statecode")))
	model.Index()
	model.Table("account").Searchable = true
	db, err := Open(context.Background(), path, model, Options{OrganizationID: "org", BaseCurrency: euro, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t, db, context.Background()}
	empty, err := db.Empty(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !empty {
		return w
	}
	w.load(func(l *Loader) error {
		w.platform(l)
		for n, xml := range []string{
			`<fetch><entity name="account"><order attribute="name"/><filter><condition attribute="statecode" operator="eq" value="0"/></filter></entity></fetch>`,
			`<fetch><entity name="account"><order attribute="revenue" descending="true"/></entity></fetch>`,
			`<fetch><entity name="account"><attribute name="city"/><filter type="or" isquickfindfields="1"><condition attribute="name" operator="like" value="{0}"/><condition attribute="city" operator="like" value="{0}"/><condition attribute="taxid" operator="like" value="{0}"/></filter></entity></fetch>`,
			`not a view`,
		} {
			w.insert(l, "savedquery", Row{"name": fmt.Sprint(n), "returnedtypecode": "account", "querytype": []int{0, 0, 4, 0}[n], "fetchxml": xml, "statecode": 0})
		}
		for n := range accounts {
			who := eve
			if n%20 == 0 {
				who = ann
			}
			w.insert(l, "account", Row{"accountid": scribbled(n), "name": fmt.Sprintf("Quill %d Works", n%7000), "accountnumber": fmt.Sprint("N", n), "city": fmt.Sprintf("Town %d", n%50), "description": fmt.Sprintf("remark %d", n), "revenue": n % 1000, "taxid": fmt.Sprint("TAX", n), "ownerid": owner(who)})
		}
		return nil
	})
	return w
}

func (w *world) plan(who int, inside string) string {
	w.Helper()
	q := w.newQuery(w.as(who), parse(w.TB, `<fetch count="10"><entity name="account"><attribute name="name"/>`+inside+`</entity></fetch>`), FetchOptions{})
	if err := q.bind(); err != nil {
		w.Fatal(err)
	}
	statement, _, err := q.selection(10)
	if err != nil {
		w.Fatal(err)
	}
	return w.steps(statement)
}

// steps is the plan of a statement.
func (w *world) steps(statement frag) string {
	w.Helper()
	var steps []string
	if err := w.rows(w.ctx, "EXPLAIN QUERY PLAN "+statement.sql, statement.args, 4, func(v []any) error {
		steps = append(steps, v[3].(string))
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// A table that a first load has made big has an index for each thing that is asked of big tables, and everybody's question
// takes it, whatever they may read.
func TestABigTableIsReadByItsIndexes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.db")
	w := grown(t, path, bigTable+2000)
	const like = `<filter><condition attribute="%s" operator="%s" value="%s"/></filter><order attribute="name"/>`
	for name, question := range map[string]struct{ inside, with, without string }{
		"a view's order":           {`<filter><condition attribute="statecode" operator="eq" value="0"/></filter><order attribute="name"/>`, `statecode.name~`, "FOR ORDER BY"},
		"all in a view's order":    {`<order attribute="revenue" descending="true"/>`, `#revenue`, "FOR ORDER BY"},
		"a beginning":              {fmt.Sprintf(like, "name", "begins-with", "quill 6"), `name~>?`, "MULTI-INDEX OR"},
		"text that is nowhere":     {fmt.Sprintf(like, "name", "like", "%zebra%"), "text/account/name", ""},
		"text that is rare":        {fmt.Sprintf(like, "name", "like", "%l 6999 w%"), "text/account/name", ""},
		"text that is everywhere":  {fmt.Sprintf(like, "name", "like", "%works%"), "name~", "text/account"},
		"a column without a view":  {fmt.Sprintf(like, "description", "like", "%remark 4711%"), "text/account/description", ""},
		"any of several columns":   {`<filter type="or" isquickfindfields="1"><condition attribute="name" operator="like" value="quill 69%"/><condition attribute="city" operator="like" value="quill 69%"/></filter>`, "LIST SUBQUERY", "SCAN t0"},
		"two columns, one unknown": {`<filter type="or"><condition attribute="name" operator="like" value="%zebra%"/><condition attribute="employees" operator="gt" value="5"/></filter>`, "t0", "text/account"},
	} {
		for _, who := range []int{ann, eve} {
			plan := w.plan(who, question.inside)
			if who == ann && name == "text that is rare" { // own rows are fewer still, or as few
				continue
			}
			if !strings.Contains(plan, question.with) && who == eve || question.without != "" && who == eve && strings.Contains(plan, question.without) {
				t.Errorf("%s as %s: %s", name, names[who], plan)
			}
		}
	}
	if got := w.search(eve, Search{Text: "6999", Top: 5}); len(got.Hits) != 3 {
		t.Errorf("%+v", got)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := grown(t, path, 0)
	if !again.hasTextIndex(again.tables["account"].byName["description"]) || !again.hasTextIndex(again.tables["account"].byName["city"]) {
		t.Error("the indexes are forgotten when the file is opened again")
	}
	if plan := again.plan(eve, fmt.Sprintf(like, "name", "like", "%zebra%")); !strings.Contains(plan, "text/account/name") {
		t.Error(plan)
	}
}

// A small organization has none of that: its start and its writes would pay for nothing.
func TestASmallTableHasNoExtraIndexes(t *testing.T) {
	w := grown(t, "", 200)
	w.plan(eve, `<filter><condition attribute="name" operator="like" value="%zebra%"/></filter>`)
	var n int
	if err := w.write.QueryRow(`SELECT count(*) FROM sqlite_master WHERE name LIKE '%#view%' OR name LIKE 'text/%' OR name LIKE 'words/%' OR name LIKE 'sqlite_stat%'`).Scan(&n); err != nil || n > 0 {
		t.Error(n, err)
	}
}

// What column security keeps from a person is not found by them either, nor by its pieces, nor named, nor marked.
func TestSearchKeepsSecuredColumns(t *testing.T) {
	w := grown(t, "", 100)
	for _, text := range []string{"tax20", "tax*", "taxid:tax20", "tax2?"} {
		s := Search{Text: text, Lucene: true, Count: true, Facets: []Facet{{Name: "taxid", Column: "taxid"}}}
		if got := w.search(ann, s); len(got.Hits) != 0 || got.Count != 0 || len(got.Facets["taxid"]) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
		if got := w.search(eve, s); len(got.Hits) == 0 || got.Hits[0].Highlights["taxid"] == "" || len(got.Facets["taxid"]) == 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
	if got := w.search(ann, Search{Text: "quill", Facets: []Facet{{Name: "taxid", Column: "taxid"}}}); len(got.Hits) != 5 || len(got.Facets["taxid"]) != 0 {
		t.Errorf("%+v", got)
	}
}

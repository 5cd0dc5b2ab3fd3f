package seed

import (
	"slices"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// writtenForm is a form and its document up to the conditions.
type writtenForm struct {
	form
	body string
}

// written keeps the forms of a model: every organization has the same ones.
var written sync.Map // *schema.Model -> func() ([]writtenForm, error)

func formsOf(m *schema.Model) ([]writtenForm, error) {
	once, _ := written.LoadOrStore(m, sync.OnceValues(func() ([]writtenForm, error) { return writeForms(m) }))
	return once.(func() ([]writtenForm, error))()
}

func writeForms(m *schema.Model) ([]writtenForm, error) {
	views := map[string]bool{}
	for _, v := range viewsOf(m) {
		views[v.table+"/"+v.key] = true
	}
	list := slices.Clone(formList)
	designed := map[string]bool{}
	for _, d := range list {
		if d.kind == mainForm {
			designed[d.table] = true
		}
	}
	for _, t := range m.Tables {
		if t.PrimaryName != "" && !designed[t.LogicalName] && t.Ownership != schema.NoOwner && !t.IsIntersect && t.LogicalName != "activitypointer" {
			list = append(list, plainForm(t))
		}
	}
	var all []writtenForm
	for _, d := range list {
		body, err := d.body(m, views)
		if err != nil {
			return nil, err
		}
		all = append(all, writtenForm{d, body})
	}
	return all, nil
}

// plainForm is what a table has that nobody laid out a form for: its name, what can be typed, who owns it.
func plainForm(t *schema.Table) form {
	d := form{table: t.LogicalName, key: "main", name: "Information|Information", kind: mainForm, fallback: true}
	var cells, wide []string
	for i := range t.Columns {
		c := &t.Columns[i]
		name := c.LogicalName
		switch {
		case c.ReadOnly || c.Hidden || c.Type == schema.Uniqueidentifier || c.Type == schema.EntityName || c.Type == schema.State || c.Type == schema.Status || c.Type == schema.Owner,
			strings.HasSuffix(name, "xml") || strings.HasSuffix(name, "json") || name == "xaml" || name == "body" || name == "content":
		case name == t.PrimaryName:
			wide = slices.Insert(wide, 0, name+"*2")
		case c.Type == schema.Memo && len(wide) < 5:
			wide = append(wide, name+"*2x3")
		case len(cells) < 24:
			cells = append(cells, name)
		}
	}
	d.header = "-createdon"
	for _, name := range []string{"statuscode", "ownerid"} {
		if t.Column(name) != nil {
			d.header += " " + name
		}
	}
	if t.Column("createdon") == nil {
		d.header = ""
	}
	first := ""
	if len(wide) > 0 {
		first, wide = wide[0], wide[1:]
	}
	d.tabs = []formTab{{label: "General|Allgemein", sections: []formSection{{label: t.Label[1033] + "|" + t.Label.In(1031), columns: 2, cells: strings.Join(append(append([]string{first}, cells...), wide...), " ")}}}}
	if t.Notes || t.IsActivity || t.Activities {
		d.tabs[0].sections = append(d.tabs[0].sections, formSection{columns: 1, cells: "~@notes*1x6"})
	}
	return d
}

// forms are the rows of systemform that are no dashboards.
func (f *filler) forms() {
	all, err := formsOf(f.model)
	if err != nil {
		f.err = err
		return
	}
	seen := map[string]bool{}
	for _, d := range all {
		if !within(d.only, f.plan.key) {
			continue
		}
		state, kind := 1, d.table+string(rune('0'+d.kind))
		if d.off {
			state = 0
		}
		f.insert("systemform", engine.Row{
			"formid": d.id(), "name": f.say(d.name), "formxml": d.body + d.conditions(f.roles), "objecttypecode": d.table, "type": d.kind,
			"isdefault": !seen[kind], "isdesktopenabled": true, "istabletenabled": true, "formactivationstate": state, "formpresentation": 1,
			"componentstate": 0, "version": 1, "publishedon": f.old, "introducedversion": "9.0.0.0",
		})
		seen[kind] = true
	}
}

// formsIn are the forms that an app names; of a table that it names none of, people see all.
func (f *filler) formsIn(a app) []string {
	var ids []string
	for _, key := range a.forms {
		for _, d := range formList {
			if d.table+"/"+d.key == key && within(d.only, f.plan.key) {
				ids = append(ids, d.id())
			}
		}
	}
	return ids
}

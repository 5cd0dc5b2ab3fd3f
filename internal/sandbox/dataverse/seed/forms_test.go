package seed

import (
	"slices"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// everyControl lists a form's controls with their cells, those of header and footer too.
func everyControl(form *crmxml.Form) []crmxml.FormCell {
	cells := append(form.Header.Cells(), form.Footer.Cells()...)
	for _, tab := range form.Tabs {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				for _, row := range section.Rows {
					cells = append(cells, row.Cells...)
				}
			}
		}
	}
	return slices.DeleteFunc(cells, func(c crmxml.FormCell) bool { return c.Control == nil })
}

func formRows(t *testing.T, model *schema.Model, r recorded, do func(table *schema.Table, row engine.Row, form *crmxml.Form)) {
	t.Helper()
	for _, row := range r.list["systemform"] {
		name := row["objecttypecode"].(string)
		if name == "none" {
			continue
		}
		form, err := crmxml.ReadForm(row["formxml"].(string))
		if err != nil {
			t.Fatal(row["name"], err)
		}
		do(model.Table(name), row, form)
	}
}

// Whatever a form shows is there: columns, views, relationships that lead from its table, forms of other tables.
func TestFormsShowWhatExists(t *testing.T) {
	model := Model()
	graph := metadata.NewGraph(model)
	related := func(table *schema.Table, relationship, target string) bool {
		for _, r := range graph.Relations {
			if r.SchemaName == relationship && r.One == table && r.Many.LogicalName == target {
				return true
			}
		}
		for _, m := range model.ManyToMany {
			if m.SchemaName == relationship && (m.Entity1 == table.LogicalName && m.Entity2 == target || m.Entity2 == table.LogicalName && m.Entity1 == target) {
				return true
			}
		}
		return false
	}
	for _, org := range seeded() {
		r := record(t, org, model, today)
		formRows(t, model, r, func(table *schema.Table, row engine.Row, form *crmxml.Form) {
			where := org.Name + ": " + table.LogicalName + ": " + row["name"].(string) + ": "
			for _, role := range form.Conditions.Roles {
				if r.rows["role"][role] == nil {
					t.Error(where, "is for a role that is not there")
				}
			}
			for _, cell := range everyControl(form) {
				c := cell.Control
				if c.Column != "" && table.Column(c.Column) == nil {
					t.Error(where, "shows the column ", c.Column)
				}
				if cell.ShowLabel && cell.Visible && (cell.Labels.In(1033) == "" || cell.Labels.In(1031) == "") {
					t.Error(where, c.ID, " has no label")
				}
				switch c.Kind() {
				case crmxml.ControlSubgrid:
					g := c.Grid()
					if view := r.rows["savedquery"][g.ViewID]; view == nil || view["returnedtypecode"] != g.Table {
						t.Error(where, "lists a view that is not there: ", g)
					}
					if g.Relationship != "" && !related(table, g.Relationship, g.Table) {
						t.Error(where, "has no relationship ", g.Relationship, " to ", g.Table)
					}
				case crmxml.ControlQuickView:
					if len(c.QuickForms) == 0 {
						t.Error(where, "has a quick view without forms")
					}
					for _, q := range c.QuickForms {
						if f := r.rows["systemform"][q.FormID]; f == nil || f["objecttypecode"] != q.Table || f["type"] != 6 || !slices.Contains(table.Column(c.Column).Targets, q.Table) {
							t.Error(where, "has a quick view of ", q)
						}
					}
				case crmxml.ControlWebResource:
					if r.rows["webresource"][c.Frame().WebResource] == nil {
						t.Error(where, "shows a web resource that is not there")
					}
				}
				for _, view := range append(c.Lookup().Views, c.Lookup().DefaultView) {
					if view != "" && r.rows["savedquery"][view] == nil {
						t.Error(where, "looks up in a view that is not there")
					}
				}
				if by := c.Lookup(); by.FilterBy != "" && (table.Column(by.FilterBy) == nil || !related(model.Table(by.FilterByTable), by.FilterRelation, table.Column(c.Column).Targets[0])) {
					t.Error(where, "narrows a lookup by ", by)
				}
			}
		})
	}
}

// Every table that an app shows and that names its rows has a form for everybody; some have several, one for each role.
func TestEveryTableOfAnAppHasAForm(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		mains, kinds := map[string]int{}, map[int]int{}
		formRows(t, model, record(t, org, model, today), func(table *schema.Table, row engine.Row, form *crmxml.Form) {
			kinds[row["type"].(int)]++
			if row["type"] == 2 && row["formactivationstate"] == 1 {
				mains[table.LogicalName]++
				if form.Conditions.Everyone && form.Conditions.Fallback {
					mains[table.LogicalName+"/everyone"]++
				}
			}
		})
		for _, a := range appList {
			for _, name := range a.tables {
				if within(a.only, org.Seed) && model.Table(name).PrimaryName != "" && name != "activitypointer" && mains[name+"/everyone"] == 0 {
					t.Errorf("%s: %s shows %s, which has no form for everybody", org.Name, a.key, name)
				}
			}
		}
		if org.Seed != "service" && (mains["account"] < 2 || mains["opportunity"] < 2) || mains["contact"] < 2 {
			t.Errorf("%s: too few forms: %v", org.Name, mains)
		}
		for _, kind := range []int{2, 6, 7, 11} {
			if kinds[kind] == 0 {
				t.Errorf("%s has no form of type %d", org.Name, kind)
			}
		}
	}
}

// kindOf tells kinds of columns apart the way somebody who shows or types them has to.
func kindOf(c *schema.Column) string {
	kind := string(c.Type)
	switch {
	case c.Type == schema.DateTime && c.DateOnly:
		kind += " behaves DateOnly"
	case c.Type == schema.DateTime && c.ZoneIndependent:
		kind += " TimeZoneIndependent " + c.Format
	case c.Type == schema.String, c.Type == schema.Memo, c.Type == schema.DateTime, c.Type == schema.Integer:
		kind += " " + c.Format
	}
	if c.AutoNumber != "" {
		kind += " AutoNumber"
	}
	return kind + []string{"", " calculated", " rollup"}[c.Source]
}

// A form of a core table and a form of a custom one show a column of every kind, and some row has a value in it.
func TestEveryKindOfColumnIsOnAForm(t *testing.T) {
	want := strings.Split("String Text|String Text AutoNumber|String TextArea|String Email|String Phone|String Url|String TickerSymbol|Memo TextArea|Memo RichText|Integer None|Integer Duration|Integer Language|Integer TimeZone|Decimal|Double|Money|Boolean|"+
		"DateTime behaves DateOnly|DateTime DateOnly|DateTime DateAndTime|DateTime TimeZoneIndependent DateAndTime|DateTime TimeZoneIndependent DateOnly|Picklist|MultiSelectPicklist|Status|Lookup|Customer|Owner|PartyList|File|Image|"+
		"Integer None rollup|Money rollup|Money calculated|Decimal calculated", "|")
	model := Model()
	org := organizationNamed(t, "harbor-sales")
	r := record(t, org, model, today)
	shown := map[bool]map[string]bool{true: {}, false: {}}
	valued := map[string]bool{}
	formRows(t, model, r, func(table *schema.Table, _ engine.Row, form *crmxml.Form) {
		for _, cell := range everyControl(form) {
			c := table.Column(cell.Control.Column)
			if c == nil {
				continue
			}
			shown[table.IsCustom][kindOf(c)] = true
			valued[kindOf(c)] = valued[kindOf(c)] || slices.ContainsFunc(r.list[table.LogicalName], func(row engine.Row) bool { return row[c.LogicalName] != nil })
		}
	})
	coreOnly := []string{"PartyList"}
	customOnly := []string{"String Text AutoNumber", "String TextArea", "DateTime TimeZoneIndependent DateOnly", "Decimal calculated"}
	for _, kind := range want {
		if !shown[true][kind] && !slices.Contains(coreOnly, kind) {
			t.Errorf("no form of a custom table shows a column of kind %s", kind)
		}
		if !shown[false][kind] && !slices.Contains(customOnly, kind) {
			t.Errorf("no form of a core table shows a column of kind %s", kind)
		}
		computed := strings.HasSuffix(kind, "rollup") || strings.HasSuffix(kind, "calculated") || kind == "PartyList"
		if !valued[kind] && !computed {
			t.Errorf("no row has a value of kind %s", kind)
		}
	}
}

// Flows lead from stage to stage, ask for columns that exist, and open rows are somewhere on the way.
func TestFlowsAreSound(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		r := record(t, org, model, today)
		for _, f := range flows {
			instances := r.list[strings.ToLower(f.table)]
			for _, row := range instances {
				path := strings.Split(row["traversedpath"].(string), ",")
				if stage := row["activestageid"].(engine.Ref).ID; path[len(path)-1] != stage || r.rows["processstage"][stage] == nil {
					t.Fatalf("%s: %s: an instance is at %s, its path is %v", org.Name, f.table, stage, path)
				}
			}
			if len(instances) == 0 && within(f.only, org.Seed) && f.primary != "hf_sitevisit" {
				t.Errorf("%s: nothing goes through %s", org.Name, f.table)
			}
		}
		for _, row := range r.list["processstage"] {
			if !strings.Contains(row["clientdata"].(string), `"IsRequired":true`) && !strings.Contains(row["clientdata"].(string), `"IsRequired":false`) {
				t.Errorf("%s: %v has no steps", org.Name, row["stagename"])
			}
		}
	}
}

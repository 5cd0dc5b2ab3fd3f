package seed

import (
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// recorded is what a fill would insert.
type recorded struct {
	order []string
	rows  map[string]map[string]engine.Row // by table and id
	list  map[string][]engine.Row
}

func record(t testing.TB, org world.Organization, model *schema.Model, now time.Time) recorded {
	r := recorded{rows: map[string]map[string]engine.Row{}, list: map[string][]engine.Row{}}
	f := newFiller(org, world.People(), now, model, func(table string, row engine.Row) (string, error) {
		definition := model.Table(table)
		if definition == nil {
			return "", fmt.Errorf("no such table")
		}
		id, _ := row[definition.PrimaryID].(string)
		if id == "" {
			return "", fmt.Errorf("a row without an id is not the same at the next start")
		}
		if r.rows[table] == nil {
			r.rows[table] = map[string]engine.Row{}
		}
		if r.rows[table][id] != nil {
			return "", fmt.Errorf("%s is there twice", id)
		}
		r.rows[table][id] = row
		r.list[table] = append(r.list[table], row)
		r.order = append(r.order, table+" "+id)
		return id, nil
	})
	f.everything()
	if f.err != nil {
		t.Fatal(f.err)
	}
	return r
}

func seeded() []world.Organization {
	var list []world.Organization
	for _, o := range world.Organizations() {
		if o.Seed != "" {
			list = append(list, o)
		}
	}
	return list
}

func TestEveryLookupPointsToARow(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		r := record(t, org, model, today)
		layers := map[string]bool{}
		for _, row := range r.list["appmodule"] {
			layers[row["appmoduleidunique"].(string)] = true
		}
		for _, name := range tablesOf(r) {
			table := model.Table(name)
			for _, row := range r.list[name] {
				for column, value := range row {
					definition := table.Column(column)
					if definition == nil {
						t.Fatalf("%s: %s has no column %s", org.Name, name, column)
					}
					to, ok := value.(engine.Ref)
					if !ok {
						continue
					}
					if r.rows[to.Table][to.ID] == nil {
						t.Errorf("%s: %s.%s points to a %s that is not there", org.Name, name, column, to.Table)
					}
				}
			}
		}
		for _, row := range r.list["appmodulecomponent"] {
			if !layers[row["appmoduleidunique"].(string)] {
				t.Errorf("%s: a component belongs to no app", org.Name)
			}
		}
		// The intersect tables hold plain ids.
		for _, link := range model.ManyToMany {
			for _, row := range r.list[link.Intersect] {
				if r.rows[link.Entity1][row[link.Attribute1].(string)] == nil || r.rows[link.Entity2][row[link.Attribute2].(string)] == nil {
					t.Errorf("%s: %s joins a row that is not there: %v", org.Name, link.Intersect, row)
				}
			}
		}
	}
}

func tablesOf(r recorded) []string {
	var names []string
	for name := range r.list {
		names = append(names, name)
	}
	return names
}

func TestChoicesAndStatesAreDefined(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		r := record(t, org, model, today)
		for name, rows := range r.list {
			table := model.Table(name)
			for _, row := range rows {
				for column, value := range row {
					definition := table.Column(column)
					if definition.Type != schema.Picklist && definition.Type != schema.State && definition.Type != schema.Status {
						continue
					}
					option := optionOf(definition, value.(int))
					if option == nil {
						t.Fatalf("%s: %s.%s has no choice %v", org.Name, name, column, value)
					}
					if state, ok := row["statecode"].(int); ok && definition.Type == schema.Status && option.State != state {
						t.Fatalf("%s: %s has status reason %d in state %d", org.Name, name, value, state)
					}
				}
			}
		}
	}
}

func optionOf(c *schema.Column, value int) *schema.Option {
	for i := range c.Options {
		if c.Options[i].Value == value {
			return &c.Options[i]
		}
	}
	return nil
}

func TestNothingWasMadeInTheFuture(t *testing.T) {
	model := Model()
	for _, now := range []time.Time{today, time.Date(2027, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(2028, 2, 29, 23, 59, 0, 0, time.UTC)} {
		for _, org := range seeded() {
			for name, rows := range record(t, org, model, now).list {
				for _, row := range rows {
					for _, column := range []string{"createdon", "modifiedon", "actualend", "senton"} {
						if at, ok := row[column].(time.Time); ok && at.After(now) {
							t.Errorf("%s on %v: %s.%s is %v", org.Name, now, name, column, at)
						}
					}
					created, _ := row["createdon"].(time.Time)
					if modified, ok := row["modifiedon"].(time.Time); ok && modified.Before(created) {
						t.Errorf("%s on %v: a row of %s was changed on %v, before it was made on %v", org.Name, now, name, modified, created)
					}
				}
			}
		}
	}
}

func TestTheSameDayGivesTheSameRows(t *testing.T) {
	model := Model()
	digest := func(r recorded) uint64 {
		h := fnv.New64a()
		for _, key := range r.order {
			table, id, _ := cut(key)
			fmt.Fprintln(h, key, r.rows[table][id]) // fmt prints maps in key order
		}
		return h.Sum64()
	}
	for _, org := range seeded() {
		first := record(t, org, model, today)
		again := record(t, org, Model(), today.Add(3*time.Hour))
		if digest(first) != digest(again) {
			t.Errorf("%s differs within a day", org.Name)
		}
		tomorrow := record(t, org, model, today.AddDate(0, 0, 1))
		if digest(first) == digest(tomorrow) {
			t.Errorf("%s does not move with the days", org.Name)
		}
		if len(first.order) == 0 || first.order[len(first.order)-1] != tomorrow.order[len(tomorrow.order)-1] {
			t.Errorf("%s has other ids tomorrow", org.Name)
		}
	}
}

func cut(key string) (table, id string, ok bool) {
	for i := range key {
		if key[i] == ' ' {
			return key[:i], key[i+1:], true
		}
	}
	return "", "", false
}

func TestThereIsAsMuchAsPromised(t *testing.T) {
	model := Model()
	want := map[string]map[string]int{
		"harbor-sales":   {"account": 300, "contact": 800, "opportunity": 1500, "lead": 200, "incident": 100, "activities": 3000},
		"harbor-service": {"account": 300, "contact": 800, "incident": 600, "activities": 1200},
		"moravia":        {"account": 80, "contact": 200, "opportunity": 260, "activities": 400},
	}
	for _, org := range seeded() {
		r := record(t, org, model, today)
		for table, n := range want[org.Name] {
			got := len(r.list[table])
			if table == "activities" {
				got = len(r.list["task"]) + len(r.list["phonecall"]) + len(r.list["appointment"]) + len(r.list["email"])
			}
			if got != n {
				t.Errorf("%s has %d rows of %s, not %d", org.Name, got, table, n)
			}
		}
	}
}

func TestEveryDocumentIsWellFormed(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		r := record(t, org, model, today)
		read := func(table, column string, parse func(string) error) {
			n := 0
			for _, row := range r.list[table] {
				text, _ := row[column].(string)
				if text == "" {
					continue
				}
				n++
				if err := parse(text); err != nil {
					t.Errorf("%s: %s.%s of %v: %v\n%s", org.Name, table, column, row["name"], err, text)
				}
			}
			if n == 0 && table != "userform" && table != "userquery" && table != "userqueryvisualization" {
				t.Errorf("%s: no %s.%s at all", org.Name, table, column)
			}
		}
		form := func(s string) error { _, err := crmxml.ReadForm(s); return err }
		read("systemform", "formxml", form)
		read("userform", "formxml", form)
		for _, table := range []string{"savedquery", "userquery"} {
			read(table, "fetchxml", func(s string) error { _, err := crmxml.ParseFetch(s); return err })
			read(table, "layoutxml", func(s string) error {
				l, err := crmxml.ReadLayout(s)
				if err == nil && len(l.Cells) == 0 {
					err = fmt.Errorf("no columns")
				}
				return err
			})
		}
		for _, table := range []string{"savedqueryvisualization", "userqueryvisualization"} {
			read(table, "datadescription", func(s string) error { _, err := crmxml.ReadChartData(s); return err })
			read(table, "presentationdescription", func(s string) error {
				p, err := crmxml.ReadPresentation(s)
				if err == nil && (len(p.Series) == 0 || p.Series[0].Type == "") {
					err = fmt.Errorf("no series")
				}
				return err
			})
		}
		read("sitemap", "sitemapxml", func(s string) error {
			m, err := crmxml.ReadSiteMap(s)
			if err == nil && len(m.Dashboards()) == 0 {
				err = fmt.Errorf("no dashboard")
			}
			return err
		})
	}
}

func TestEveryChartTypeIsThere(t *testing.T) {
	want := map[string]bool{"column": true, "stackedcolumn": true, "stackedcolumn100": true, "bar": true, "stackedbar": true, "stackedbar100": true, "line": true, "area": true, "pie": true, "doughnut": true, "funnel": true, "tag": true}
	for _, c := range systemCharts {
		p, err := crmxml.ReadPresentation(c.presentation(1033))
		if err != nil {
			t.Fatal(err)
		}
		d, err := crmxml.ReadChartData(c.data())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Series) != len(d.Measures) {
			t.Errorf("%s draws %d series of %d measures", c.key, len(p.Series), len(d.Measures))
		}
		delete(want, p.Series[0].Type)
	}
	if len(want) > 0 {
		t.Errorf("no chart of type %v", want)
	}
}

// Parts point to views and charts that exist, except the three that are there to be missing.
func TestDashboardsShowWhatExists(t *testing.T) {
	model := Model()
	for _, org := range seeded() {
		r := record(t, org, model, today)
		missing := 0
		for _, row := range append(r.list["systemform"], r.list["userform"]...) {
			form, err := crmxml.ReadForm(row["formxml"].(string))
			if err != nil {
				t.Fatal(err)
			}
			for _, role := range form.Conditions.Roles {
				if r.rows["role"][role] == nil {
					t.Errorf("%s: %v is for a role that is not there", org.Name, row["name"])
				}
			}
			for _, c := range controls(form) {
				for _, s := range c.Streams {
					ok := r.rows["savedquery"][s.ViewID] != nil
					if s.QueueID != "" {
						ok = r.rows["queue"][s.QueueID] != nil && r.rows["savedquery"][s.QueueViewID] != nil
					}
					if !ok {
						t.Errorf("%s: %v streams a view that is not there", org.Name, row["name"])
					}
				}
				view, kind := c.Parameters.GUID("ViewId"), "savedquery"
				if c.Parameters.Bool("IsUserView", false) {
					kind = "userquery"
				}
				chart, chartKind := c.Parameters.GUID("VisualizationId"), "savedqueryvisualization"
				if c.Parameters.Bool("IsUserChart", false) {
					chartKind = "userqueryvisualization"
				}
				if view != "" && r.rows[kind][view] == nil || chart != "" && r.rows[chartKind][chart] == nil {
					missing++
				}
				for _, id := range crmxml.GUIDs(c.Parameters.Text("ViewIds")) {
					if r.rows["savedquery"][id] == nil {
						t.Errorf("%s: %v offers a view that is not there", org.Name, row["name"])
					}
				}
			}
		}
		want := 3
		if org.Seed == "service" {
			want = 0
		}
		if missing != want {
			t.Errorf("%s: %d parts show something that is not there, not %d", org.Name, missing, want)
		}
	}
}

func controls(form *crmxml.Form) []*crmxml.FormControl {
	var list []*crmxml.FormControl
	for _, tab := range form.Tabs {
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				for _, row := range section.Rows {
					for _, cell := range row.Cells {
						if cell.Control != nil {
							list = append(list, cell.Control)
						}
					}
				}
			}
		}
	}
	return list
}

// As in the service, a role's copies in the business units below have no privileges of their own.
func TestOnlyRootRolesHavePrivileges(t *testing.T) {
	db := databases(t)["harbor-sales"]
	admin := callerOf(t, db, world.Administrator)
	of := func(condition string) int {
		return len(run(t, db, admin, `<fetch><entity name="role"><attribute name="roleid"/><filter>`+condition+`</filter><link-entity name="roleprivileges" from="roleid" to="roleid"/></entity></fetch>`).Rows)
	}
	if roots := of(`<condition attribute="parentroleid" operator="null"/>`); roots < 500 {
		t.Errorf("root roles have %d privileges", roots)
	}
	if copies := of(`<condition attribute="parentroleid" operator="not-null"/>`); copies != 0 {
		t.Errorf("copied roles have %d privileges", copies)
	}
}

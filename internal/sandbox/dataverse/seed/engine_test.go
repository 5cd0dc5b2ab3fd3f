package seed

import (
	"context"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func personOf(role world.Role) world.Person {
	for _, p := range world.People() {
		if p.Role == role {
			return p
		}
	}
	return world.Person{}
}

func callerOf(t *testing.T, db *engine.DB, role world.Role) *engine.Caller {
	c, err := db.Caller(context.Background(), personOf(role).ObjectID)
	if err != nil {
		t.Fatalf("%s: %v", role, err)
	}
	return c
}

func run(t *testing.T, db *engine.DB, c *engine.Caller, fetch string) *engine.Page {
	f, err := crmxml.ParseFetch(fetch)
	if err != nil {
		t.Fatal(err, fetch)
	}
	page, err := db.Fetch(context.Background(), c, f, engine.FetchOptions{})
	if err != nil {
		t.Errorf("%v\n%s", err, fetch)
		return &engine.Page{}
	}
	return page
}

func values(page *engine.Page, column string) []string {
	var list []string
	for i, c := range page.Columns {
		if c.Name != column {
			continue
		}
		for _, row := range page.Rows {
			s, _ := row.Cells[i].Value.(string)
			list = append(list, s)
		}
	}
	return list
}

const everyView = `<fetch><entity name="savedquery"><attribute name="name"/><attribute name="fetchxml"/><attribute name="layoutxml"/></entity></fetch>`

// Every view runs for an administrator, and what its layout shows is what its query gives.
func TestEveryViewRuns(t *testing.T) {
	for name, db := range databases(t) {
		role := world.Administrator
		if name == "moravia" {
			role = world.SecondTenant
		}
		c := callerOf(t, db, role)
		page := run(t, db, c, everyView)
		names, fetches, layouts := values(page, "name"), values(page, "fetchxml"), values(page, "layoutxml")
		if len(fetches) < 120 {
			t.Fatalf("%s has only %d views", name, len(fetches))
		}
		empty := 0
		for i, text := range fetches {
			f, err := crmxml.ParseFetch(text)
			if err != nil {
				t.Errorf("%s: %s: %v", name, names[i], err)
				continue
			}
			layout, err := crmxml.ReadLayout(layouts[i])
			if err != nil {
				t.Errorf("%s: %s: %v", name, names[i], err)
				continue
			}
			if c.Depth(db.Model().Table(f.Entity.Name).Privilege("Read")) == engine.None {
				continue
			}
			answer, err := db.Fetch(context.Background(), c, f, engine.FetchOptions{MaxPageSize: 50})
			if err != nil {
				t.Errorf("%s: %s: %v\n%s", name, names[i], err, text)
				continue
			}
			if len(answer.Rows) == 0 {
				empty++
			}
			given := map[string]bool{}
			for _, column := range answer.Columns {
				given[column.Name] = true
			}
			for _, cell := range layout.Cells {
				if !given[cell.Name] {
					t.Errorf("%s: %s shows %s, which its query does not give", name, names[i], cell.Name)
				}
			}
		}
		if empty > len(fetches)/2 {
			t.Errorf("%s: %d of %d views are empty", name, empty, len(fetches))
		}
	}
}

func TestEveryChartRuns(t *testing.T) {
	for name, db := range databases(t) {
		role := world.Administrator
		if name == "moravia" {
			role = world.SecondTenant
		}
		c := callerOf(t, db, role)
		page := run(t, db, c, `<fetch><entity name="savedqueryvisualization"><attribute name="name"/><attribute name="datadescription"/></entity></fetch>`)
		names := values(page, "name")
		for i, text := range values(page, "datadescription") {
			if text == "" {
				continue
			}
			data, err := crmxml.ReadChartData(text)
			if err != nil {
				t.Errorf("%s: %s: %v", name, names[i], err)
				continue
			}
			answer, err := db.Fetch(context.Background(), c, data.Fetch, engine.FetchOptions{})
			if err != nil {
				t.Errorf("%s: %s: %v\n%s", name, names[i], err, text)
				continue
			}
			if len(answer.Rows) == 0 && name != "moravia" && data.Fetch.Entity.Name != "lead" {
				t.Errorf("%s: %s has nothing to draw", name, names[i])
			}
		}
	}
}

func count(t *testing.T, db *engine.DB, c *engine.Caller, table, conditions string) int {
	page := run(t, db, c, `<fetch aggregate="true"><entity name="`+table+`"><attribute name="`+db.Model().Table(table).PrimaryID+`" aggregate="count" alias="n"/><filter>`+conditions+`</filter></entity></fetch>`)
	if len(page.Rows) != 1 {
		t.Fatalf("counting %s gave %d rows", table, len(page.Rows))
	}
	n, _ := page.Rows[0].Cells[0].Value.(int64)
	return int(n)
}

// A seller sees their own deals, a manager those of the business units below, an auditor all of them.
func TestRolesSeeDifferentAmounts(t *testing.T) {
	dbs := databases(t)
	sales, service := dbs["harbor-sales"], dbs["harbor-service"]
	deals := func(role world.Role) int { return count(t, sales, callerOf(t, sales, role), "opportunity", "") }
	seller, manager, auditor, admin := deals(world.Seller), deals(world.Manager), deals(world.ReadOnly), deals(world.Administrator)
	if !(40 < seller && seller < manager/2 && manager < auditor*9/10 && auditor == admin && admin == 1500) {
		t.Errorf("opportunities: seller %d, manager %d, read-only %d, administrator %d", seller, manager, auditor, admin)
	}
	tomas := callerOf(t, sales, world.Seller)
	own := count(t, sales, tomas, "opportunity", `<condition attribute="ownerid" operator="eq-userid"/>`)
	if own >= seller {
		t.Errorf("all %d opportunities of the seller are their own: nothing is shared or the team's", seller)
	}
	accounts := count(t, sales, tomas, "account", "")
	if !(own < accounts*4 && accounts < 200 && accounts > 20) {
		t.Errorf("the seller sees %d accounts", accounts)
	}
	lucia := callerOf(t, service, serviceAgent)
	agent, lead := count(t, service, lucia, "incident", ""), count(t, service, callerOf(t, service, world.Manager), "incident", "")
	if !(20 < agent && agent < lead && lead < 600) {
		t.Errorf("cases: agent %d, manager %d", agent, lead)
	}
	if mine := count(t, service, lucia, "incident", `<condition attribute="ownerid" operator="eq-userid"/><condition attribute="statecode" operator="eq" value="0"/>`); mine < 10 {
		t.Errorf("the agent has %d active cases", mine)
	}
}

func TestSecuredColumnsAreForManagers(t *testing.T) {
	db := databases(t)["harbor-sales"]
	table := db.Model().Table("account")
	for role, want := range map[world.Role]bool{world.Administrator: true, world.Manager: true, world.Seller: false, world.ReadOnly: false} {
		if got := callerOf(t, db, role).CanReadColumn(table, table.Column("creditlimit")); got != want {
			t.Errorf("%s reads the credit limit: %v", role, got)
		}
	}
}

func TestPeopleBelongWhereTheyWereAskedTo(t *testing.T) {
	dbs := databases(t)
	for _, org := range world.Organizations() {
		members := strings.Join(Members(org), " ")
		for _, p := range world.People() {
			listed := strings.Contains(members, p.ObjectID)
			if p.Role == world.NoOrganization && listed {
				t.Errorf("%s belongs to %s", p.Name, org.Name)
			}
			db := dbs[org.Name]
			if db == nil {
				continue
			}
			if _, err := db.Caller(context.Background(), p.ObjectID); (err == nil) != listed {
				t.Errorf("%s in %s: discovery says %v, the organization %v", p.Name, org.Name, listed, err)
			}
		}
		if org.Seed == "" && len(Members(org)) != 5 {
			t.Errorf("%s has %d members", org.Name, len(Members(org)))
		}
	}
	for name, want := range map[string]int{"harbor-sales": 5, "harbor-service": 4, "moravia": 1} {
		if got := len(Members(organizationNamed(t, name))); got != want {
			t.Errorf("%s has %d members, not %d", name, got, want)
		}
	}
}

// openApps lists the apps that a person may open by the published rules: Unified Interface, active, one of the person's
// roles, and a service plan when the app asks for one.
func openApps(t *testing.T, db *engine.DB, role world.Role) []string {
	c := callerOf(t, db, role)
	admin := callerOf(t, db, world.Administrator)
	roots := rootRoles(t, db, c)
	plans := map[string]bool{}
	for _, id := range values(run(t, db, admin, `<fetch><entity name="systemuserserviceplans"><attribute name="serviceplanid"/><filter><condition attribute="systemuserid" operator="eq" value="`+c.UserID+`"/></filter></entity></fetch>`), "serviceplanid") {
		plans[id] = true
	}
	page := run(t, db, c, `<fetch><entity name="appmodule"><attribute name="name"/><attribute name="appmoduleid"/><filter><condition attribute="clienttype" operator="eq" value="4"/><condition attribute="statecode" operator="eq" value="0"/></filter><order attribute="name"/></entity></fetch>`)
	ids, names := values(page, "appmoduleid"), values(page, "name")
	var open []string
	for i, id := range ids {
		related := func(table, column string) []string {
			return values(run(t, db, admin, `<fetch><entity name="`+table+`"><attribute name="`+column+`"/><filter><condition attribute="appmoduleid" operator="eq" value="`+id+`"/></filter></entity></fetch>`), column)
		}
		byRole, byPlan := c.Administrator, true
		for _, r := range related("appmoduleroles", "roleid") {
			byRole = byRole || roots[r]
		}
		if needed := related("serviceplanappmodules", "serviceplanid"); len(needed) > 0 {
			byPlan = false
			for _, p := range needed {
				byPlan = byPlan || plans[p]
			}
		}
		if byRole && byPlan {
			open = append(open, names[i])
		}
	}
	return open
}

func TestAppsByRoleAndLicence(t *testing.T) {
	dbs := databases(t)
	for _, test := range []struct {
		org  string
		role world.Role
		want string
	}{
		{"harbor-sales", world.Administrator, "Sales Hub, Sales Insights, Treasury Desk"},
		{"harbor-sales", world.Seller, "Sales Hub, Sales Insights"},
		{"harbor-sales", world.Manager, "Sales Hub, Sales Insights"},
		{"harbor-sales", world.ReadOnly, "Sales Hub"},
		{"harbor-sales", world.NoLicence, ""},
		{"harbor-service", serviceAgent, "Customer Service Hub"},
		{"harbor-service", world.Seller, "Customer Service Hub, Field Service"},
		{"harbor-service", world.Manager, "Customer Service Hub, Field Service"},
	} {
		if got := strings.Join(openApps(t, dbs[test.org], test.role), ", "); got != test.want {
			t.Errorf("%s in %s opens %q, not %q", test.role, test.org, got, test.want)
		}
	}
}

// What somebody sees first depends on who they are: the first dashboard of the site map that their roles open.
func TestTheFirstDashboardDependsOnTheRole(t *testing.T) {
	dbs := databases(t)
	for _, test := range []struct {
		org, app string
		role     world.Role
		want     string
	}{
		{"harbor-sales", "Sales Hub", world.Seller, "Sales Activity"},
		{"harbor-sales", "Sales Hub", world.Manager, "Sales Manager Dashboard"},
		{"harbor-sales", "Sales Hub", world.ReadOnly, "Read-only overview"},
		{"harbor-sales", "Sales Hub", world.Administrator, "Sales Activity"},
		{"harbor-sales", "Sales Insights", world.Seller, "Chart gallery"},
		{"harbor-service", "Customer Service Hub", serviceAgent, "Tier 1 Dashboard"},
		{"harbor-service", "Customer Service Hub", world.Manager, "Customer Service Manager Dashboard"},
		{"harbor-service", "Field Service", world.Seller, "Visits"},
		{"moravia", "Vertriebshub", world.SecondTenant, "Dashboard Vertriebsleitung"},
	} {
		db := dbs[test.org]
		c := callerOf(t, db, test.role)
		maps := values(run(t, db, c, `<fetch><entity name="sitemap"><attribute name="sitemapxml"/><filter><condition attribute="sitemapname" operator="eq" value="`+test.app+`"/></filter></entity></fetch>`), "sitemapxml")
		if len(maps) != 1 {
			t.Fatalf("%s has %d site maps", test.app, len(maps))
		}
		siteMap, err := crmxml.ReadSiteMap(maps[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := firstDashboard(t, db, c, siteMap.Dashboards()); got != test.want {
			t.Errorf("%s in %s sees %q first, not %q", test.role, test.app, got, test.want)
		}
	}
}

func firstDashboard(t *testing.T, db *engine.DB, c *engine.Caller, ids []string) string {
	roots := rootRoles(t, db, c)
	for _, id := range ids {
		page := run(t, db, c, `<fetch><entity name="systemform"><attribute name="name"/><attribute name="formxml"/><filter><condition attribute="formid" operator="eq" value="`+id+`"/><condition attribute="formactivationstate" operator="eq" value="1"/></filter></entity></fetch>`)
		for i, text := range values(page, "formxml") {
			form, err := crmxml.ReadForm(text)
			if err != nil {
				t.Fatal(err)
			}
			if form.Conditions.Allows(roots) {
				return values(page, "name")[i]
			}
		}
	}
	return ""
}

func rootRoles(t *testing.T, db *engine.DB, c *engine.Caller) map[string]bool {
	roots := map[string]bool{}
	for _, id := range c.Roles {
		for _, root := range values(run(t, db, c, `<fetch><entity name="role"><attribute name="parentrootroleid"/><filter><condition attribute="roleid" operator="eq" value="`+id+`"/></filter></entity></fetch>`), "parentrootroleid") {
			roots[root] = true
		}
	}
	return roots
}

func TestSearchingContosoFindsSeveralTables(t *testing.T) {
	db := databases(t)["harbor-sales"]
	c := callerOf(t, db, world.Seller)
	for table, column := range map[string]string{"account": "name", "contact": "emailaddress1", "opportunity": "name"} {
		if n := count(t, db, c, table, `<condition attribute="`+column+`" operator="like" value="%contoso%"/>`); n == 0 {
			t.Errorf("the seller finds no %s of Contoso", table)
		}
	}
}

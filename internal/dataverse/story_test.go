package dataverse_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

type noChoices struct{}

func (noChoices) DashboardChoice(context.Context, crm.User, string, string) (string, bool, error) {
	return "", false, nil
}

func (noChoices) ChooseDashboard(context.Context, crm.User, string, string, string, bool) error {
	return nil
}

// desk is one person at work in an app of the sandbox.
type desk struct {
	t      *testing.T
	stage  *stage
	client *dataverse.Client
	caller crm.Caller
	place  crm.Place
	boards dashboard.Service
}

func at(t *testing.T, role world.Role, locale, organization, app string) *desk {
	t.Helper()
	s := sandbox(t)
	d := &desk{t: t, stage: s, client: s.client(), caller: person(t, role, locale)}
	d.boards = dashboard.Service{Source: d.client, Choices: noChoices{}}
	ctx := context.Background()
	orgs, _, err := d.client.Organizations(ctx, d.caller)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(orgs, func(o crm.Organization) bool { return o.Name == organization })
	if i < 0 {
		t.Fatalf("no organization %s in %v", organization, orgs)
	}
	apps, _, err := d.client.Apps(ctx, d.caller, orgs[i])
	if err != nil {
		t.Fatal(err)
	}
	j := slices.IndexFunc(apps, func(a crm.App) bool { return a.Name == app })
	if j < 0 {
		t.Fatalf("no app %s in %v", app, apps)
	}
	d.place = crm.Place{Organization: orgs[i], App: apps[j]}
	return d
}

const sales, service = "Harbor & Finch Sales", "Harbor & Finch Service"

// open opens a dashboard by name.
func (d *desk) open(name string) crm.Dashboard {
	d.t.Helper()
	refs, _, err := d.client.Dashboards(context.Background(), d.caller, d.place)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, ref := range refs {
		if ref.Name == name {
			board, err := d.boards.Open(context.Background(), d.caller, d.place, ref.ID)
			if err != nil {
				d.t.Fatal(err)
			}
			return board.Dashboard
		}
	}
	d.t.Fatalf("no dashboard %s in %v", name, refs)
	return crm.Dashboard{}
}

func (d *desk) part(board crm.Dashboard, title string) crm.Part {
	d.t.Helper()
	for _, p := range board.Parts() {
		if p.Title == title {
			return p
		}
	}
	d.t.Fatalf("no part %s", title)
	return crm.Part{}
}

func (d *desk) list(part crm.Part, state crm.PartState) crm.List {
	d.t.Helper()
	list, err := d.client.List(context.Background(), d.caller, d.place, part, state)
	if err != nil {
		d.t.Fatal(part.Title, err)
	}
	return list
}

func (d *desk) chart(part crm.Part) crm.Chart {
	d.t.Helper()
	chart, err := d.client.Chart(context.Background(), d.caller, d.place, part, crm.PartState{})
	if err != nil {
		d.t.Fatal(part.Title, err)
	}
	return chart
}

func names(apps []crm.App) (all []string) {
	for _, a := range apps {
		all = append(all, a.Name)
	}
	return all
}

func TestWhichAppsAreListed(t *testing.T) {
	s := sandbox(t)
	for _, c := range []struct {
		role    world.Role
		listed  []string
		leftOut map[string]crm.Reason
	}{
		{world.Seller, []string{"Sales Hub", "Sales Insights"}, map[string]crm.Reason{
			"Treasury Desk": crm.ReasonRole, "Event Planner": crm.ReasonInactive, "Revenue Forecasting": crm.ReasonLicence, "Sales Classic": crm.ReasonClassic,
		}},
		{world.Administrator, []string{"Sales Hub", "Sales Insights", "Treasury Desk"}, map[string]crm.Reason{
			"Event Planner": crm.ReasonInactive, "Revenue Forecasting": crm.ReasonLicence, "Sales Classic": crm.ReasonClassic,
		}},
		{world.NoLicence, nil, map[string]crm.Reason{
			"Treasury Desk": crm.ReasonRole, "Event Planner": crm.ReasonInactive, "Revenue Forecasting": crm.ReasonLicence, "Sales Classic": crm.ReasonClassic,
			"Sales Insights": crm.ReasonLicence, "Sales Hub": crm.ReasonLicence,
		}},
	} {
		client, caller := s.client(), person(t, c.role, "en-US")
		orgs, _, err := client.Organizations(context.Background(), caller)
		if err != nil {
			t.Fatal(err)
		}
		apps, leftOut, err := client.Apps(context.Background(), caller, orgs[0])
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.listed, names(apps)); diff != "" {
			t.Errorf("%s: %s", c.role, diff)
		}
		got := map[string]crm.Reason{}
		for _, l := range leftOut {
			got[l.Name] = l.Reason
		}
		if diff := cmp.Diff(c.leftOut, got); diff != "" {
			t.Errorf("%s: %s", c.role, diff)
		}
	}
}

func TestWhoBelongsNowhere(t *testing.T) {
	listed, leftOut, err := sandbox(t).client().Organizations(context.Background(), person(t, world.NoOrganization, "en"))
	if err != nil || len(listed)+len(leftOut) != 0 {
		t.Error(listed, leftOut, err)
	}
}

// The dashboard depends on the person and their role, and the site map's first visible default opens.
func TestWhichDashboardOpens(t *testing.T) {
	opened := map[world.Role]string{}
	for _, role := range []world.Role{world.Administrator, world.Seller, world.Manager, world.ReadOnly} {
		d := at(t, role, "en", sales, "Sales Hub")
		board, err := d.boards.Open(context.Background(), d.caller, d.place, "")
		if err != nil {
			t.Fatal(role, err)
		}
		opened[role] = board.Dashboard.Name
		if !slices.IsSortedFunc(board.Choices, func(a, b crm.DashboardRef) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		}) {
			t.Error(board.Choices)
		}
	}
	if opened[world.Seller] == opened[world.Manager] {
		t.Errorf("roles make no difference: %v", opened)
	}
	t.Log(opened)
}

// Once everything that is kept is warm, a dashboard is one question for each part and nothing before them.
func TestAWarmDashboardIsOneRoundTrip(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	board := d.open("Company overview")
	ctx := context.Background()
	fill := func() int64 {
		before := d.stage.requests.Load()
		if _, _, err := d.client.Organizations(ctx, d.caller); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.client.Apps(ctx, d.caller, d.place.Organization); err != nil {
			t.Fatal(err)
		}
		opened, err := d.boards.Open(ctx, d.caller, d.place, board.ID)
		if err != nil {
			t.Fatal(err)
		}
		err = d.boards.Fill(ctx, d.caller, d.place, opened.Dashboard, nil, func(f crm.Filled) error {
			if f.Err != nil {
				t.Errorf("%s: %v", f.Part.Title, f.Err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return d.stage.requests.Load() - before
	}
	fill()
	if n := fill(); n != int64(len(board.Parts())) {
		t.Errorf("%d requests for %d parts", n, len(board.Parts()))
	}
}

func TestSortingAndPaging(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	part := d.part(d.open("Company overview"), "Accounts")
	first := d.list(part, crm.PartState{})
	if len(first.Rows) != part.PageSize || first.Page != 1 || !first.More || first.Total <= part.PageSize || first.Sort == "" {
		t.Errorf("first page: %d rows, %+v", len(first.Rows), first.Total)
	}
	for _, column := range first.Columns {
		if !column.Sortable {
			continue
		}
		up, down := d.list(part, crm.PartState{Sort: column.Name}), d.list(part, crm.PartState{Sort: column.Name, Descending: true})
		if up.Sort != column.Name || up.Descending || !down.Descending || up.Total != first.Total {
			t.Errorf("%s: sorted by %s", column.Name, up.Sort)
		}
		if up.Rows[0].Ref == down.Rows[0].Ref {
			t.Errorf("%s: up and down begin alike", column.Name)
		}
	}
	seen := map[crm.RecordRef]bool{}
	for page := 1; ; page++ {
		list := d.list(part, crm.PartState{Sort: first.Columns[0].Name, Page: page})
		for _, row := range list.Rows {
			if seen[row.Ref] || row.Ref.ID == "" || row.Ref.Organization != d.place.Organization.URL || row.Ref.Table != "account" {
				t.Fatalf("page %d: %+v again", page, row.Ref)
			}
			seen[row.Ref] = true
			if len(row.Cells) != len(list.Columns) {
				t.Fatalf("%d cells for %d columns", len(row.Cells), len(list.Columns))
			}
		}
		if !list.More {
			break
		}
	}
	if len(seen) != first.Total {
		t.Errorf("%d rows on all pages, %d in all", len(seen), first.Total)
	}
	if list := d.list(part, crm.PartState{Sort: "accountid; drop table", Descending: true}); list.Sort != first.Sort {
		t.Errorf("a name from the address was sorted by: %s", list.Sort)
	}
	if _, err := d.client.List(context.Background(), d.caller, d.place, part, crm.PartState{Page: 999999}); !fault.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

func TestRecordsAreLinked(t *testing.T) {
	d := at(t, world.Seller, "en-US", sales, "Sales Hub")
	list := d.list(d.part(d.open("Sales Activity"), "My open opportunities"), crm.PartState{})
	links := map[string]bool{}
	for _, row := range list.Rows {
		for i, cell := range row.Cells {
			if cell.Link != nil {
				links[cell.Link.Table] = true
				if list.Columns[i].Name == list.Table.PrimaryName && *cell.Link != row.Ref {
					t.Errorf("the name of %v leads to %v", row.Ref, cell.Link)
				}
			}
		}
	}
	if !links["opportunity"] || len(links) < 2 {
		t.Errorf("links to %v", links)
	}
}

func TestQuickFind(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	part := d.part(d.open("Company overview"), "Accounts")
	part.QuickFind = true
	all := d.list(part, crm.PartState{})
	name := all.Rows[4].Name
	found := d.list(part, crm.PartState{Search: name})
	if found.Total < 1 || found.Total >= all.Total || !slices.ContainsFunc(found.Rows, func(r crm.ListRow) bool { return r.Name == name }) || found.Search != name {
		t.Errorf("%q finds %d of %d", name, found.Total, all.Total)
	}
	for term, want := range map[string]bool{"zzzz no such thing": false, "%": false, "_": false, "[a-z]": false, "*" + name[len(name)-3:]: true, "<script>'\"&": false} {
		if list := d.list(part, crm.PartState{Search: term}); (list.Total > 0) != want {
			t.Errorf("%q finds %d", term, list.Total)
		}
	}
}

func TestInteractiveDashboard(t *testing.T) {
	d := at(t, world.Administrator, "en-US", service, "Customer Service Hub")
	board := d.open("Agent dashboard (interactive)")
	kinds := map[crm.PartKind]int{}
	err := d.boards.Fill(context.Background(), d.caller, d.place, board, nil, func(f crm.Filled) error {
		kinds[f.Part.Kind]++
		switch {
		case f.Err != nil:
			t.Errorf("%s: %v", f.Part.Title, f.Err)
		case f.Part.Kind == crm.PartTile && f.Tile.View.Name == "", f.Part.Kind == crm.PartStream && f.List == nil:
			t.Errorf("%+v", f)
		case f.Part.Kind == crm.PartTile:
			list := d.list(f.Part, crm.PartState{})
			if list.Total != f.Tile.Count {
				t.Errorf("%s: %d on the tile, %d in the list", f.Tile.View.Name, f.Tile.Count, list.Total)
			}
		}
		return nil
	})
	if err != nil || !board.Interactive || kinds[crm.PartTile] < 3 || kinds[crm.PartStream] < 2 || kinds[crm.PartChart] < 1 {
		t.Error(kinds, err)
	}
}

// The same page shows two people what each of them may see.
func TestTwoPeopleSeeTheirOwn(t *testing.T) {
	admin, seller := at(t, world.Administrator, "en-US", sales, "Sales Hub"), at(t, world.Seller, "en-US", sales, "Sales Hub")
	seller.client, seller.boards = admin.client, admin.boards
	part := admin.part(admin.open("Company overview"), "Accounts")
	if a, b := admin.list(part, crm.PartState{}), seller.list(part, crm.PartState{}); a.Total <= b.Total || b.Total == 0 {
		t.Errorf("administrator %d, seller %d", a.Total, b.Total)
	}
	if a, b := len(admin.chart(admin.part(admin.open("Company overview"), "Top 10 by contacts")).Categories), 0; a == b {
		t.Error("nothing to compare")
	}
}

func TestPartsThatFailSayWhy(t *testing.T) {
	d := at(t, world.Administrator, "en-US", sales, "Sales Hub")
	got := map[string]string{}
	err := d.boards.Fill(context.Background(), d.caller, d.place, d.open("Guest parts & edge cases"), nil, func(f crm.Filled) error {
		switch {
		case f.Err != nil:
			got[f.Part.Title] = fault.Of(f.Err).Key
		case f.Part.Kind == crm.PartUnsupported:
			got[f.Part.Title] = f.Part.Unsupported
		default:
			got[f.Part.Title] = "shown"
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for title, want := range map[string]string{
		"Web resource": "webresource", "Intranet news": "iframe", "Power BI: revenue": "powerbi", "Banner": "image", "Custom control": "custom",
		"Chart of a web resource": "chart.unreadable", "List with a deleted view": "view.gone", "Chart that was deleted": "chart.gone", "List of a table that is gone": "view.gone",
		"Nothing here": "shown",
	} {
		if got[title] != want {
			t.Errorf("%s: %q, want %q", title, got[title], want)
		}
	}
}

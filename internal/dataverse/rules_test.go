package dataverse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	rootSeller = "b1000000-0000-4000-8000-000000000001"
	copySeller = "b1000000-0000-4000-8000-000000000002" // of a child business unit
	rootOther  = "b1000000-0000-4000-8000-000000000003"
)

func roleRow(id, root, template string) string {
	return fmt.Sprintf(`{"roleid":%q,"_parentrootroleid_value":%q,"_roletemplateid_value":%q}`, id, root, template)
}

// roles answers what a person holds: own roles, and those of their teams.
func (f *fake) roles(own, team string) {
	f.on("roles?", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(r.URL.Query().Get("fetchXml"), "teammembership") {
			_, _ = io.WriteString(w, `{"value":[`+team+`]}`)
			return
		}
		_, _ = io.WriteString(w, `{"value":[`+own+`]}`)
	})
}

func appRow(n int, name, roles string) string {
	return fmt.Sprintf(`{"appmoduleid":"AA000000-0000-4000-8000-%012d","appmoduleidunique":"{AB000000-0000-4000-8000-%012d}","name":%q,"clienttype":4,"statecode":0,"appmoduleroles_association":[%s]}`, n, n, name, roles)
}

func (f *fake) apps(t *testing.T, caller crm.Caller) string {
	t.Helper()
	listed, leftOut, err := f.client().Apps(context.Background(), caller, f.place().Organization)
	if err != nil {
		return fault.Of(err).Key
	}
	var all []string
	for _, a := range listed {
		all = append(all, a.Name)
	}
	for _, l := range leftOut {
		all = append(all, l.Name+":"+string(l.Reason))
	}
	return strings.Join(all, " ")
}

func TestWhoOpensAnApp(t *testing.T) {
	f := newFake(t)
	f.json("appmodules?", `{"value":[`+appRow(1, "B", roleRow(rootSeller, "", ""))+`,`+appRow(2, "A", roleRow(copySeller, rootSeller, ""))+`,`+appRow(3, "other", roleRow(rootOther, rootOther, ""))+`]}`)
	f.json("WhoAmI", `{"UserId":"c1000000-0000-4000-8000-000000000001"}`)
	const onlyRead = `{"RolePrivileges":[]}`
	f.json("systemusers(", onlyRead)
	for name, c := range map[string]struct{ own, team, want string }{
		"own role":               {roleRow(rootSeller, rootSeller, ""), "", "A B other:role"},
		"copy of the role":       {roleRow(copySeller, "{"+strings.ToUpper(rootSeller)+"}", ""), "", "A B other:role"},
		"team's role":            {"", roleRow(rootOther, "", ""), "other A:role B:role"},
		"no role":                {"", "", "A:role B:role other:role"},
		"system administrator":   {roleRow(copySeller, copySeller, "627090ff-40a3-4053-8790-584edc5be201"), "", "A B other"},
		"system customizer team": {"", roleRow(copySeller, copySeller, "119F245C-3CC8-4B62-B31C-D1A046CED15D"), "A B other"},
	} {
		f.roles(c.own, c.team)
		if got := f.apps(t, anna); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	// The three rights on apps open every app, two do not.
	f.roles("", "")
	f.json("systemusers(", `{"RolePrivileges":[{"PrivilegeId":"x"}]}`)
	if got := f.apps(t, anna); got != "A B other" {
		t.Error(got)
	}
	f.json("systemusers(c1000000-0000-4000-8000-000000000001)/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvWriteAppModule')", onlyRead)
	if got := f.apps(t, anna); got != "A:role B:role other:role" {
		t.Error(got)
	}
}

func TestLicences(t *testing.T) {
	const plans = `{"value":[{"serviceplanid":"D1000000-0000-4000-8000-000000000001","name":"DYN_SALES","serviceplan_appmodule_association":[{"appmoduleid":"aa000000-0000-4000-8000-000000000001"}]}]}`
	for name, c := range map[string]struct{ plans, licence, want string }{
		"no table":           {"", "", "free sales"},
		"nobody tells":       {plans, "", "free sales"},
		"held by id":         {plans, `{"licenseInfo":{"ServicePlans":[{"Id":"d1000000-0000-4000-8000-000000000001"}]}}`, "free sales"},
		"held by name":       {plans, `{"licenseInfo":{"ServicePlans":[{"Id":"x","Name":"dyn_sales"}]}}`, "free sales"},
		"not held":           {plans, `{"licenseInfo":{"ServicePlans":[{"Id":"x","Name":"OTHER"}]}}`, "free sales:licence"},
		"holds nothing":      {plans, `{"licenseInfo":{"ServicePlans":[]}}`, "free sales:licence"},
		"an unreadable list": {plans, `{"licenseInfo":"?"}`, "dataverse.not_understood"},
	} {
		f := newFake(t)
		role := roleRow(rootSeller, "", "")
		f.json("appmodules?", `{"value":[`+appRow(1, "sales", role)+`,`+appRow(2, "free", role)+`]}`)
		f.json("WhoAmI", `{"UserId":"c1000000-0000-4000-8000-000000000001"}`)
		f.roles(role, "")
		if c.plans != "" {
			f.json("serviceplans?", c.plans)
		}
		if c.licence != "" {
			f.json("systemusers(", c.licence)
		} else {
			f.on("systemusers(", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
		}
		if got := f.apps(t, anna); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// An expanded collection may come as a link instead of rows.
func TestRolesOfAnAppBehindALink(t *testing.T) {
	f := newFake(t)
	f.json("appmodules?", strings.Replace(`{"value":[`+appRow(1, "A", "")+`]}`, `"name"`, `"appmoduleroles_association@odata.nextLink":"`+f.URL+`/org/api/data/v9.2/appmodules(1)/appmoduleroles_association","name"`, 1))
	f.json("appmodules(1)/", `{"value":[`+roleRow(rootSeller, "", "")+`]}`)
	f.json("WhoAmI", `{"UserId":"c1000000-0000-4000-8000-000000000001"}`)
	f.roles(roleRow(rootSeller, "", ""), "")
	if got := f.apps(t, anna); got != "A" {
		t.Error(got)
	}
}

// A failure never looks like "no apps".
func TestAFailureIsNoEmptyList(t *testing.T) {
	f := newFake(t)
	f.json("appmodules?", `{"value":[]}`)
	f.json("WhoAmI", `{"UserId":"c1000000-0000-4000-8000-000000000001"}`)
	for status, key := range map[int]string{403: "dataverse.forbidden", 500: "dataverse.unreachable"} {
		f.on("roles?", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if got := f.apps(t, anna); got != key {
			t.Errorf("%d: %q", status, got)
		}
	}
	f.on("roles?", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(403)
		_, _ = io.WriteString(w, `{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}`)
	})
	if got := f.apps(t, anna); got != "dataverse.not_member" {
		t.Error(got)
	}
}

func formRow(n int, name, fields, conditions string) string {
	return fmt.Sprintf(`{"formid":"F0000000-0000-4000-8000-%012d","name":%q,"type":0,"isdefault":false,%s"formxml":"<form>%s<tabs/></form>"}`, n, name, fields, strings.ReplaceAll(conditions, `"`, `\"`))
}

// dashboards answers an organization with dashboards for everybody, for sellers and for others.
func dashboards(t *testing.T) *fake {
	f := newFake(t)
	f.json("systemforms?", `{"value":[`+strings.Join([]string{
		formRow(1, "everybody", `"isdefault":true,`, ""), formRow(2, "sellers", "", `<DisplayConditions><Role Id="{`+strings.ToUpper(rootSeller)+`}"/></DisplayConditions>`),
		formRow(3, "Others", "", `<DisplayConditions><Role Id="`+rootOther+`"/></DisplayConditions>`), formRow(4, "elsewhere", "", ""),
		formRow(5, "a main form", `"type":2,`, ""), formRow(6, "broken", "", "<"), formRow(7, "interactive", `"type":10,`, ""),
	}, ",")+`]}`)
	f.json("userforms?", `{"value":[{"userformid":"E0000000-0000-4000-8000-000000000001","name":"Mine","formxml":"<form><tabs/></form>"}]}`)
	f.json("sitemaps?", `{"value":[{"sitemapid":"1","sitemapxml":"<SiteMap><Area><Group><SubArea DefaultDashboard='{F0000000-0000-4000-8000-000000000003}'/><SubArea DefaultDashboard='F0000000-0000-4000-8000-000000000002'/></Group></Area></SiteMap>"}]}`)
	f.components(1, 2, 3, 6, 7, 99)
	f.roles(roleRow(copySeller, rootSeller, ""), "")
	return f
}

func (f *fake) components(ids ...int) {
	var rows []string
	for _, id := range ids {
		rows = append(rows, fmt.Sprintf(`{"componenttype":60,"objectid":"f0000000-0000-4000-8000-%012d"}`, id))
	}
	f.json("appmodulecomponents?", `{"value":[`+strings.Join(rows, ",")+`]}`)
}

func listed(refs []crm.DashboardRef) string {
	var all []string
	for _, r := range refs {
		name := r.Name
		if r.Personal {
			name += "(own)"
		}
		if r.Default {
			name += "(default)"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestWhichDashboardsAnAppHas(t *testing.T) {
	f := dashboards(t)
	refs, siteMap, err := f.client().Dashboards(context.Background(), anna, f.place())
	if got := listed(refs); err != nil || got != "everybody(default) interactive Mine(own) sellers" {
		t.Error(got, err)
	}
	if diff := cmp.Diff([]string{"f0000000-0000-4000-8000-000000000003", "f0000000-0000-4000-8000-000000000002"}, siteMap); diff != "" {
		t.Error(diff)
	}
	// An app that lists main forms only has every dashboard.
	f.components(99)
	if refs, _, err = f.client().Dashboards(context.Background(), anna, f.place()); err != nil || listed(refs) != "elsewhere everybody(default) interactive Mine(own) sellers" {
		t.Error(listed(refs), err)
	}
	// Without the right to have dashboards of one's own there are none; that is no failure.
	f.on("userforms?", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	if refs, _, err = f.client().Dashboards(context.Background(), anna, f.place()); err != nil || strings.Contains(listed(refs), "Mine") {
		t.Error(listed(refs), err)
	}
	if _, err := f.client().Dashboard(context.Background(), anna, f.place(), crm.DashboardRef{ID: "f0000000-0000-4000-8000-000000000003"}); !fault.Is(err, fault.NotFound) {
		t.Error("a dashboard of another role was opened:", err)
	}
}

// A server that refuses to join an app's components is asked in two steps.
func TestSiteMapInTwoSteps(t *testing.T) {
	f := dashboards(t)
	f.on("sitemaps?", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400) })
	f.on("appmodulecomponents?", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		filter, _ := url.QueryUnescape(r.URL.Query().Get("$filter"))
		if strings.Contains(filter, "eq 62") {
			_, _ = io.WriteString(w, `{"value":[{"componenttype":62,"objectid":"ba000000-0000-4000-8000-000000000001"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	f.json("sitemaps(ba000000-0000-4000-8000-000000000001)", `{"sitemapxml":"<SiteMap><Area><Group><SubArea DefaultDashboard='{F0000000-0000-4000-8000-000000000001}'/></Group></Area></SiteMap>"}`)
	_, siteMap, err := f.client().Dashboards(context.Background(), anna, f.place())
	if err != nil || len(siteMap) != 1 {
		t.Error(siteMap, err)
	}
}

// A lost role is noticed within a minute, however things were asked for before.
func TestALostRoleIsNoticed(t *testing.T) {
	f := dashboards(t)
	c := f.client()
	see := func() bool {
		t.Helper()
		refs, _, err := c.Dashboards(context.Background(), anna, f.place())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(listed(refs), "sellers")
	}
	if !see() {
		t.Fatal("not there to begin with")
	}
	f.forward(30 * time.Second)
	see()
	f.roles("", "")
	f.forward(29 * time.Second)
	see()
	f.forward(2 * time.Second)
	if see() {
		t.Error("still there after a minute")
	}
}

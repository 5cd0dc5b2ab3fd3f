package seed

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// app is a model-driven app and why somebody may or may not be offered it.
type app struct {
	key, unique, name, text string
	only                    []string
	client                  int // clienttype: 4 is the Unified Interface
	inactive                bool
	roles                   []string
	plans                   []string // service plans, one of which a person needs; none means nobody needs any
	tables                  []string
	boards                  []string // keys of boards; none means all
	forms                   []string // chosen main and other forms, as "table/key"
	views, charts           []string // chosen ones; tables without any show all of theirs
	starts                  []string // boards that the site map starts with; the first that a person may see is theirs
	icon                    string
}

const unified = 4

var appList = []app{
	{key: "saleshub", unique: "msdynce_saleshub", name: "Sales Hub|Vertriebshub", text: "Leads, opportunities and the people behind them.|Leads, Verkaufschancen und die Menschen dahinter.", only: salesOnly, client: unified,
		roles: []string{"seller", "manager", "readonly", "admin", "customizer"}, plans: []string{planSales}, starts: []string{"salesmanager", "salesactivity", "audit"}, icon: "hf_/icons/sales.svg",
		tables: []string{"account", "contact", "lead", "opportunity", "incident", "activitypointer", "task", "phonecall", "appointment", "email", "hf_sitevisit", "hf_vessel", "systemuser", "team"},
		forms:  []string{"account/main", "account/keyaccount", "account/new", "account/card", "account/card_view"},
		boards: []string{"salesactivity", "salesmanager", "company", "gallery", "mixed", "leads", "audit", "empty", "board", "retired"}},
	{key: "insights", unique: "hf_salesinsights", name: "Sales Insights|Vertriebseinblicke", text: "Numbers, not records.|Zahlen statt Datensätze.", only: []string{"sales"}, client: unified,
		roles: []string{"seller", "manager", "admin"}, plans: []string{planInsights}, starts: []string{"gallery"},
		tables: []string{"opportunity", "account"}, boards: []string{"salesmanager", "gallery", "leads"},
		views:  []string{"opportunity/open", "opportunity/my", "opportunity/closed", "opportunity/wonyear", "account/active"},
		charts: []string{"opportunity/pipeline", "opportunity/ownerstage", "opportunity/closeline", "account/industry"}},
	{key: "classic", unique: "hf_salesclassic", name: "Sales Classic|Vertrieb klassisch", text: "The web client of 2016.|Der Webclient von 2016.", only: []string{"sales"}, client: 2,
		roles: []string{"seller", "manager", "readonly", "admin"}, plans: []string{planSales}, tables: []string{"account", "contact", "opportunity"}, boards: []string{"company", "retired"}, starts: []string{"retired"}},
	{key: "channel", unique: "hf_treasurydesk", name: "Treasury Desk|Treasury", only: []string{"sales"}, client: unified,
		roles: []string{"channel"}, plans: []string{planSales}, tables: []string{"account", "opportunity"}, boards: []string{"company"}, starts: []string{"company"}},
	{key: "forecast", unique: "hf_revenueforecasting", name: "Revenue Forecasting|Umsatzprognose", only: []string{"sales"}, client: unified,
		roles: []string{"seller", "manager", "readonly", "admin"}, plans: []string{planForecast}, tables: []string{"opportunity"}, boards: []string{"company"}, starts: []string{"company"}},
	{key: "events", unique: "hf_eventplanner", name: "Event Planner|Veranstaltungsplaner", only: []string{"sales"}, client: unified, inactive: true,
		roles: []string{"seller", "manager", "readonly", "admin"}, plans: []string{planSales}, tables: []string{"contact", "appointment"}, boards: []string{"company"}, starts: []string{"company"}},

	{key: "servicehub", unique: "msdynce_customerservicehub", name: "Customer Service Hub|Kundenservicehub", text: "Cases, queues and knowledge.|Anfragen, Warteschlangen und Wissen.", only: serviceOnly, client: unified,
		roles: []string{"csr", "csrmanager", "admin", "customizer"}, plans: []string{planService}, starts: []string{"csmanager", "tier1"}, icon: "hf_/icons/service.svg",
		tables: []string{"account", "contact", "incident", "activitypointer", "task", "phonecall", "appointment", "email", "queue", "queueitem"},
		boards: []string{"tier1", "csmanager", "agent", "company", "empty"}},
	{key: "fieldservice", unique: "hf_fieldservice", name: "Field Service|Außendienst", only: serviceOnly, client: unified,
		roles: []string{"field", "admin"}, plans: []string{planField}, starts: []string{"field"},
		tables: []string{"account", "contact", "hf_sitevisit", "hf_vessel", "appointment", "activitypointer"}, boards: []string{"field", "company"}},
}

func (a app) id() string { return schema.ID("appmodule", a.key) }

// layer is the appmoduleidunique, a different GUID that components refer to.
func (a app) layer() string { return schema.ID("appmoduleunique", a.key) }

func (f *filler) appModules() {
	for _, a := range appList {
		if !within(a.only, f.plan.key) {
			continue
		}
		a = f.files.app(a)
		row := engine.Row{
			"appmoduleid": a.id(), "appmoduleidunique": a.layer(), "name": f.say(a.name), "uniquename": a.unique, "description": f.say(a.text),
			"clienttype": a.client, "formfactor": 1, "navigationtype": 0, "isdefault": false, "isfeatured": false, "appmoduleversion": "1.0.0.0",
			"url": "", "componentstate": 0, "statecode": 0, "statuscode": 1, "publishedon": f.old, "ismanaged": false,
		}
		if a.inactive {
			row["statecode"], row["statuscode"] = 1, 2
		}
		if a.icon != "" {
			row["webresourceid"] = webResourceID(a.icon)
		}
		f.insert("appmodule", row)
		for _, role := range a.roles {
			if id := f.roles[role]; id != "" {
				f.insert("appmoduleroles", engine.Row{"appmoduleroleid": f.next("appmoduleroles"), "appmoduleid": a.id(), "roleid": id})
			}
		}
		for _, p := range a.plans {
			f.insert("serviceplanappmodules", engine.Row{"serviceplanappmoduleid": f.next("serviceplanappmodules"), "serviceplanid": f.plans[p], "appmoduleid": a.id()})
		}
		f.components(a)
	}
}

func (f *filler) components(a app) {
	add := func(kind int, object string, standard bool) {
		f.insert("appmodulecomponent", engine.Row{
			"appmodulecomponentid": f.next("appmodulecomponent"), "appmodulecomponentidunique": f.next("appmodulecomponentunique"), "appmoduleidunique": a.layer(),
			"componenttype": kind, "objectid": object, "isdefault": standard, "ismetadata": kind == 1, "rootcomponentbehavior": 0,
		})
	}
	for _, t := range a.tables {
		add(1, f.model.Table(t).MetadataID(), false)
	}
	for _, key := range a.views {
		add(26, viewID(key), false)
	}
	for _, key := range a.charts {
		add(59, chartID(key), false)
	}
	for _, key := range a.boards {
		for _, b := range boards {
			if b.key == key && within(b.only, f.plan.key) {
				add(60, b.id(), len(a.starts) > 0 && key == a.starts[0])
			}
		}
	}
	for _, id := range f.formsIn(a) {
		add(60, id, false)
	}
	id := schema.ID("sitemap", a.key)
	f.insert("sitemap", engine.Row{
		"sitemapid": id, "sitemapidunique": schema.ID("sitemapunique", a.key), "sitemapname": f.say(a.name), "sitemapnameunique": a.unique,
		"sitemapxml": a.siteMap(f.model), "isappaware": true, "componentstate": 0,
	})
	add(62, id, false)
}

// siteMap writes the app's navigation: work first, then customers, then the rest, each guarded by the right to read.
func (a app) siteMap(m *schema.Model) string {
	var b strings.Builder
	titles := func(s string) string {
		l := labels(s)
		return `<Titles><Title LCID="1033" Title="` + escaper.Replace(l[1033]) + `" /><Title LCID="1031" Title="` + escaper.Replace(l[1031]) + `" /></Titles>`
	}
	fmt.Fprintf(&b, `<SiteMap IntroducedVersion="9.0.0.0"><Area Id="area_%s" ResourceId="SitemapDesigner.NewTitle" ShowGroups="true" IntroducedVersion="7.0.0.0">%s`, a.key, titles(a.name))
	fmt.Fprintf(&b, `<Group Id="group_work" ResourceId="SitemapDesigner.NewGroup" IntroducedVersion="7.0.0.0" IsProfile="false">%s`, titles("My Work|Meine Arbeit"))
	for i, start := range a.starts {
		name, guid := "nav_dashboards", strings.ToUpper(schema.ID("systemform", start))
		if i > 0 { // the designer numbers them and braces the GUID
			name, guid = name+strconv.Itoa(i+1), "{"+guid+"}"
		}
		b.WriteString(`<SubArea Id="` + name + `" ResourceId="Homepage_Dashboards" Icon="/_imgs/area/18_home.gif" Url="/workplace/home_dashboards.aspx" DefaultDashboard="` + guid + `" Client="All" AvailableOffline="false" PassParams="false" Sku="All,OnPremise,Live,SPLA">` + titles("Dashboards|Dashboards") + `</SubArea>`)
	}
	work := map[string]bool{"activitypointer": true, "task": true, "phonecall": true, "appointment": true, "email": true, "queueitem": true}
	entry := func(name string) {
		t := m.Table(name)
		fmt.Fprintf(&b, `<SubArea Id="nav_%s" Entity="%s" Client="All,Outlook,OutlookLaptopClient,OutlookWorkstationClient,Web" AvailableOffline="true" PassParams="false" Sku="All,OnPremise,Live,SPLA">%s<Privilege Entity="%s" Privilege="Read" /></SubArea>`,
			name, name, titles(t.PluralLabel[1033]+"|"+t.PluralLabel[1031]), name)
	}
	for _, t := range a.tables {
		if work[t] {
			entry(t)
		}
	}
	fmt.Fprintf(&b, `</Group><Group Id="group_customers" IntroducedVersion="7.0.0.0" IsProfile="false">%s`, titles("Customers & more|Kunden & mehr"))
	for _, t := range a.tables {
		if !work[t] {
			entry(t)
		}
	}
	b.WriteString(`<SubArea Id="nav_news" Url="$webresource:hf_/deals/map.html" Client="Web">` + titles("Map|Karte") + `</SubArea>`)
	b.WriteString(`</Group></Area></SiteMap>`)
	return b.String()
}

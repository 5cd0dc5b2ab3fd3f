package seed

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// within says whether something is in an organization of a seed; an empty list means all of them.
func within(seeds []string, seed string) bool { return len(seeds) == 0 || slices.Contains(seeds, seed) }

func (f *filler) dashboards() {
	for _, b := range boards {
		if !within(b.only, f.plan.key) {
			continue
		}
		state := 1
		if b.off {
			state = 0
		}
		f.insert("systemform", engine.Row{
			"formid": b.id(), "name": f.say(b.name), "description": f.say(b.text), "formxml": b.formXML(f.roles), "objecttypecode": "none", "type": b.kind,
			"isdefault": b.standard, "isdesktopenabled": true, "istabletenabled": true, "formactivationstate": state, "formpresentation": 0,
			"componentstate": 0, "version": 1, "publishedon": f.old, "uniquename": "hf_" + b.key,
		})
	}
	f.personalDashboards()
}

// personalDashboards belong to people: one of the seller alone, one shared with the manager, and one in the second tenant.
func (f *filler) personalDashboards() {
	personalOf := func(p personal) control {
		return control{class: gridClass, params: gridParams(p.table+"/"+p.key, "", "Grid", 6, true, false, p.id(f), "")}
	}
	chartOf := func(p personalChart, view string) control {
		return control{class: gridClass, chart: true, params: gridParams(view, p.key, "Chart", 6, false, true, viewID(view), f.fixed("userqueryvisualization", p.owner+"/"+p.key))}
	}
	for _, d := range []struct {
		board
		owner, with string
	}{
		{board{key: "mine", name: "My week & plan|Meine Woche & Plan", tabs: []tab{{label: "This week|Diese Woche", sections: []section{{columns: 2, rows: [][]cell{
			{{"★ Big ones|★ Große", 6, 1, personalOf(personalViewList[0])}, {"My odds|Meine Chancen", 6, 1, chartOf(personalCharts[0], "opportunity/my")}},
			{{"Overdue|Überfällig", 6, 2, list("activitypointer/overdue", 6)}},
		}}}}}}, "seller", ""},
		{board{key: "nordicsforecast", name: "Nordics forecast|Prognose Norden", tabs: []tab{{sections: []section{{columns: 2, rows: [][]cell{
			{{"Expected closings|Erwartete Abschlüsse", 6, 1, graph("opportunity/unit", "opportunity/closeline")}, {"My stage|Meine Phasen", 6, 1, graph("opportunity/my", "opportunity/pipeline")}},
			{{"Visby|Visby", 5, 2, personalOf(personalViewList[2])}},
		}}}}}}, "seller", "manager"},
		{board{key: "spread", name: "Where the money is|Wo das Geld ist", tabs: []tab{{sections: []section{{columns: 1, rows: [][]cell{
			{{"By country|Nach Land", 8, 1, chartOf(personalCharts[1], "opportunity/open")}},
		}}}}}}, "manager", ""},
		{board{key: "quartal", name: "Quarter|Mein Quartal", tabs: []tab{{sections: []section{{columns: 2, rows: [][]cell{
			{{"Quarter|Quartal", 7, 1, personalOf(personalViewList[5])}, {"Leaderboard|Rangliste", 7, 1, graph("opportunity/wonyear", "opportunity/leaders")}},
		}}}}}}, "second tenant", ""},
	} {
		owner := f.byKey[d.owner]
		if owner == nil || f.plan.key == "service" {
			continue
		}
		id := f.insert("userform", engine.Row{
			"userformid": f.fixed("userform", d.key), "name": f.say(d.name), "formxml": d.formXML(f.roles), "objecttypecode": "none", "type": 0,
			"istabletenabled": false, "ownerid": owner.owner(), "createdon": f.before(80),
		})
		if with := f.byKey[d.with]; with != nil {
			f.share("userform", id, with.owner(), engine.ReadAccess)
		}
	}
}

func webResourceID(name string) string { return schema.ID("webresource", name) }

func (f *filler) webResources() {
	for _, w := range []struct {
		name, display string
		kind          int
	}{
		{"hf_/deals/map.html", "Deal map", 1}, {"hf_/images/banner.png", "Banner", 5}, {"hf_/icons/sales.svg", "Sales icon", 11}, {"hf_/icons/service.svg", "Service icon", 11},
	} {
		f.insert("webresource", engine.Row{"webresourceid": webResourceID(w.name), "name": w.name, "displayname": w.display, "webresourcetype": w.kind, "languagecode": f.org.LCID})
	}
}

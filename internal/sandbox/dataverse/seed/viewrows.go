package seed

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// viewsOf lists every system view: the designed ones, and for tables without any a plain list and a quick find.
func viewsOf(m *schema.Model) []view {
	list := append(append([]view{}, systemViews...), activityViews()...)
	seen := map[string]bool{}
	for _, v := range list {
		seen[v.table] = true
	}
	for _, t := range m.Tables {
		if seen[t.LogicalName] || t.IsIntersect || t.PrimaryName == "" {
			continue
		}
		cells, where := t.PrimaryName+":300", ""
		for _, c := range []string{"createdon", "ownerid", "modifiedon"} {
			if t.Column(c) != nil {
				cells += " " + c + ":150"
			}
		}
		if t.Column("statecode") != nil {
			where = "statecode eq 0"
		}
		name := "Active " + t.PluralLabel[1033] + "|Aktive " + t.PluralLabel[1031]
		if where == "" {
			name = "All " + t.PluralLabel[1033] + "|Alle " + t.PluralLabel[1031]
		}
		list = append(list,
			view{table: t.LogicalName, key: "active", name: name, standard: true, cells: cells, order: t.PrimaryName, where: where},
			view{table: t.LogicalName, key: "quickfind", name: "Quick Find " + t.PluralLabel[1033] + "|Schnellsuche " + t.PluralLabel[1031], kind: quickFindView, standard: true, cells: cells, order: t.PrimaryName, find: t.PrimaryName},
			view{table: t.LogicalName, key: "lookup", name: t.Label[1033] + " Lookup View|Nachschlageansicht " + t.Label[1031], kind: lookupView, standard: true, cells: cells, order: t.PrimaryName, where: where},
		)
	}
	return list
}

func (f *filler) views() {
	for _, v := range viewsOf(f.model) {
		t := f.model.Table(v.table)
		f.insert("savedquery", engine.Row{
			"savedqueryid": v.id(), "name": f.say(v.name), "returnedtypecode": v.table, "querytype": v.kind, "isdefault": v.standard,
			"isquickfindquery": v.kind == quickFindView, "isuserdefined": false, "isprivate": false, "iscustom": t.IsCustom, "fetchxml": v.fetch(t),
			"layoutxml": v.layout(t), "statecode": 0, "statuscode": 1, "componentstate": 0,
		})
	}
	// A view that an administrator switched off.
	off := view{table: "opportunity", key: "deactivated", name: "Opportunities by Fax|Verkaufschancen per Fax", cells: dealCells, order: "name"}
	f.insert("savedquery", engine.Row{
		"savedqueryid": off.id(), "name": f.say(off.name), "returnedtypecode": off.table, "querytype": 0, "isdefault": false, "isquickfindquery": false,
		"fetchxml": off.fetch(f.model.Table(off.table)), "layoutxml": off.layout(f.model.Table(off.table)), "statecode": 1, "statuscode": 2,
	})
	f.personalViews()
}

// personal is a view of one person.
type personal struct {
	view
	owner string // key of a member
	share string // key of a member who may read it
}

func (p personal) id(f *filler) string { return f.fixed("userquery", p.owner+"/"+p.key) }

var personalViewList = []personal{
	{view{table: "opportunity", key: "bigones", name: "★ My big ones > 100k|★ Meine großen > 100k", cells: "name:280 customerid:200 estimatedvalue:140 estimatedclosedate:120", order: "-estimatedvalue", where: "statecode eq 0; ownerid eq-userid; estimatedvalue_base gt 100000"}, "seller", ""},
	{view{table: "opportunity", key: "tender", name: "Tender & partners|Ausschreibung & Partner", cells: dealCells, order: "name", where: "statecode eq 0; name like %sensor%"}, "elin", "seller"},
	{view{table: "account", key: "visby", name: "Visby and around|Visby und Umgebung", cells: "name:280 address1_city:140 telephone1:140", order: "name", where: "statecode eq 0", or: "address1_city eq Visby; address1_city begins-with K"}, "seller", "manager"},
	{view{table: "opportunity", key: "gap", name: "Quarter gap|Quartalslücke", cells: dealCells, order: "-closeprobability", where: "statecode eq 0; estimatedclosedate next-x-months 3"}, "manager", ""},
	{view{table: "incident", key: "today", name: "Today's list|Liste für heute", cells: caseCells, order: "prioritycode createdon", where: "statecode eq 0; ownerid eq-userid; prioritycode in 1,2"}, string(serviceAgent), "manager"},
	{view{table: "opportunity", key: "quartal", name: "Quarter|Mein Quartal", cells: dealCells, order: "-estimatedvalue", where: "statecode eq 0; estimatedclosedate next-x-months 3"}, "second tenant", ""},
}

func (f *filler) personalViews() {
	for _, p := range personalViewList {
		owner := f.byKey[p.owner]
		if owner == nil {
			continue
		}
		t := f.model.Table(p.table)
		id := f.insert("userquery", engine.Row{
			"userqueryid": p.id(f), "name": f.say(p.name), "returnedtypecode": p.table, "querytype": 0, "ownerid": owner.owner(),
			"fetchxml": p.fetch(t), "layoutxml": p.layout(t), "statecode": 0, "statuscode": 1, "createdon": f.before(100),
		})
		if with := f.byKey[p.share]; with != nil {
			f.share("userquery", id, ref("systemuser", with.id), engine.ReadAccess)
		}
	}
}

// share is a row of principalobjectaccess.
func (f *filler) share(table, id string, with engine.Ref, rights engine.Rights) {
	f.insert("principalobjectaccess", engine.Row{
		"principalobjectaccessid": f.next("principalobjectaccess"), "principalid": with.ID, "principaltypecode": with.Table,
		"objectid": id, "objecttypecode": table, "accessrightsmask": int(rights), "inheritedaccessrightsmask": 0,
	})
}

// shares let the seller see some of other people's work: directly, and through an access team.
func (f *filler) shares() {
	seller := f.byKey["seller"]
	if seller == nil {
		return
	}
	direct, team := 0, 0
	for _, d := range f.deals {
		switch {
		case d.open && d.owner.key == "katrin" && direct < 4:
			direct++
			f.share("opportunity", d.id, seller.owner(), engine.ReadAccess)
		case d.open && d.owner.key == "sean" && team < 3 && f.teams["bid"] != "":
			team++
			f.share("opportunity", d.id, ref("team", f.teams["bid"]), engine.ReadAccess|engine.WriteAccess|engine.AppendAccess)
		}
	}
}

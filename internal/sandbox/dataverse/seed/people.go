package seed

import (
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// member is a systemuser.
type member struct {
	key, id, name, mail string
	part
	weight   int
	disabled bool
}

func (m *member) owner() engine.Ref { return ref("systemuser", m.id) }

// coin is a currency and what a euro buys of it.
type coin struct {
	code, name, symbol string
	precision          int
	toEuro             float64
}

// moneys are invented rates against the euro; an organization's own rates follow from its base currency.
var moneys = map[string]coin{
	"EUR": {"EUR", "Euro|Euro", "€", 2, 1},
	"USD": {"USD", "US Dollar|US-Dollar", "$", 2, 1.08},
	"GBP": {"GBP", "Pound Sterling|Pfund Sterling", "£", 2, 0.85},
	"SEK": {"SEK", "Swedish Krona|Schwedische Krone", "kr", 2, 11.24},
	"JPY": {"JPY", "Yen|Yen", "¥", 0, 162.5},
}

func (f *filler) currencies() {
	base := moneys[f.org.Currency].toEuro
	for _, code := range f.plan.currencies {
		m := moneys[code]
		f.insert("transactioncurrency", engine.Row{
			"transactioncurrencyid": currencyID(f.org, code), "currencyname": f.say(m.name), "isocurrencycode": code,
			"currencysymbol": m.symbol, "currencyprecision": m.precision, "exchangerate": m.toEuro / base,
		})
	}
}

func (f *filler) businessUnits() {
	for _, u := range f.plan.units {
		row := engine.Row{"businessunitid": f.fixed("businessunit", u.key), "name": u.name, "organizationid": f.org.ID, "isdisabled": false}
		if u.parent != "" {
			row["parentbusinessunitid"] = ref("businessunit", f.units[u.parent])
		}
		f.units[u.key] = f.insert("businessunit", row)
	}
}

func (f *filler) users() {
	for _, p := range f.people {
		if !isMember(f.org, p) {
			continue
		}
		m := &member{key: string(p.Role), name: p.Name, mail: p.Username, part: f.plan.cast[p.Role]}
		first, last := splitName(p.Name)
		f.user(m, engine.Row{"firstname": first, "lastname": last, "title": p.JobTitle, "jobtitle": p.JobTitle, "azureactivedirectoryobjectid": p.ObjectID, "accessmode": 0})
	}
	for _, c := range f.plan.staff {
		domain := "harborfinch.example"
		if f.plan.key == "second" {
			domain = "moraviawerke.example"
		}
		m := &member{key: c.key, name: c.first + " " + c.last, mail: c.key + "@" + domain, part: c.part, disabled: c.disabled}
		mode := 0
		if c.robot {
			mode = 4
		}
		f.user(m, engine.Row{"firstname": c.first, "lastname": c.last, "title": c.title, "jobtitle": c.title, "azureactivedirectoryobjectid": f.fixed("entra", c.key), "accessmode": mode})
	}
}

func (f *filler) user(m *member, row engine.Row) {
	m.id = f.fixed("systemuser", m.key)
	m.weight = m.deals
	f.staff, f.byKey[m.key] = append(f.staff, m), m
	row["systemuserid"], row["fullname"] = m.id, m.name
	row["domainname"], row["internalemailaddress"] = m.mail, m.mail
	row["businessunitid"] = ref("businessunit", f.units[m.unit])
	row["isdisabled"], row["islicensed"], row["setupuser"] = m.disabled, len(m.plans) > 0, false
	row["organizationid"], row["caltype"] = f.org.ID, 0
	row["createdon"] = f.at(-f.between(700, 1000), 9, 0)
	if m.manager != "" {
		row["parentsystemuserid"] = ref("systemuser", f.fixed("systemuser", m.manager))
	}
	f.insert("systemuser", row)
	f.settings(m)
	for _, role := range m.roles {
		f.insert("systemuserroles", engine.Row{"systemuserroleid": f.next("systemuserroles"), "systemuserid": m.id, "roleid": f.roleIn[role+"/"+m.unit]})
	}
	for _, plan := range m.plans {
		f.insert("systemuserserviceplans", engine.Row{"systemuserserviceplanid": f.next("systemuserserviceplans"), "systemuserid": m.id, "serviceplanid": f.plans[plan]})
	}
}

// settings follow the person's language; an English person in the Nordics reads dates the European way.
func (f *filler) settings(m *member) {
	row := engine.Row{
		"systemuserid": m.id, "businessunitid": ref("businessunit", f.units[m.unit]), "timezonecode": m.zone, "uilanguageid": m.language,
		"helplanguageid": m.language, "localeid": m.language, "paginglimit": 50, "currencydecimalprecision": 2,
		"negativeformatcode": 1, "numbergroupformat": "3", "timeseparator": ":", "currencyformatcode": 0, "negativecurrencyformatcode": 1,
		"dateformatstring": "M/d/yyyy", "timeformatstring": "h:mm tt", "dateseparator": "/", "decimalsymbol": ".", "numberseparator": ",",
	}
	switch {
	case m.language == 1031:
		row["dateformatstring"], row["timeformatstring"], row["dateseparator"] = "dd.MM.yyyy", "HH:mm", "."
		row["decimalsymbol"], row["numberseparator"], row["currencyformatcode"], row["negativecurrencyformatcode"] = ",", ".", 3, 8
	case m.zone == london || m.zone == berlin || m.zone == helsinki:
		row["dateformatstring"], row["timeformatstring"], row["localeid"] = "dd/MM/yyyy", "HH:mm", 2057
	}
	f.insert("usersettings", row)
}

func (f *filler) ownerTeams() {
	for _, u := range f.plan.units {
		id := f.insert("team", engine.Row{
			"teamid": f.fixed("team", "default/"+u.key), "name": u.name, "businessunitid": ref("businessunit", f.units[u.key]), "isdefault": true,
			"teamtype": 0, "organizationid": f.org.ID, "administratorid": f.staff[0].owner(),
		})
		for _, m := range f.staff {
			if m.unit == u.key {
				f.join(id, m)
			}
		}
	}
	for _, t := range f.plan.teams {
		id := f.insert("team", engine.Row{
			"teamid": f.fixed("team", t.key), "name": t.name, "businessunitid": ref("businessunit", f.units[t.unit]), "isdefault": false,
			"teamtype": t.kind, "organizationid": f.org.ID, "createdon": f.at(-500, 10, 0), "administratorid": f.staff[0].owner(),
		})
		f.teams[t.key] = id
		for _, key := range t.members {
			f.join(id, f.byKey[key])
		}
		for _, role := range t.roles {
			f.insert("teamroles", engine.Row{"teamroleid": f.next("teamroles"), "teamid": id, "roleid": f.roleIn[role+"/"+t.unit]})
		}
	}
}

func (f *filler) join(team string, m *member) {
	f.insert("teammembership", engine.Row{"teammembershipid": f.next("teammembership"), "teamid": team, "systemuserid": m.id})
}

// columnSecurity lets managers see what others may not, and administrators everything.
func (f *filler) columnSecurity() {
	profile := f.insert("fieldsecurityprofile", engine.Row{"fieldsecurityprofileid": f.fixed("fieldsecurityprofile", "managers"), "name": f.say("Credit and margin|Kredit und Marge"), "description": f.say("Managers see credit limits and margins.|Führungskräfte sehen Kreditlimits und Margen.")})
	// The id of the built-in profile is the same in every environment.
	system := f.insert("fieldsecurityprofile", engine.Row{"fieldsecurityprofileid": "572329c1-a042-4e22-be47-367c6374ea45", "name": f.say("System Administrator|Systemadministrator")})
	for _, t := range f.model.Tables {
		for i := range t.Columns {
			c := &t.Columns[i]
			if !c.Secured {
				continue
			}
			for _, p := range []string{profile, system} {
				f.insert("fieldpermission", engine.Row{
					"fieldpermissionid": f.next("fieldpermission"), "fieldsecurityprofileid": ref("fieldsecurityprofile", p),
					"entityname": t.LogicalName, "attributelogicalname": c.LogicalName, "canread": 4, "cancreate": 4, "canupdate": 4,
				})
			}
		}
	}
	for _, m := range f.staff {
		for _, role := range m.roles {
			switch role {
			case "admin":
				f.insert("systemuserprofiles", engine.Row{"systemuserprofileid": f.next("systemuserprofiles"), "systemuserid": m.id, "fieldsecurityprofileid": system})
			case "manager", "csrmanager":
				f.insert("systemuserprofiles", engine.Row{"systemuserprofileid": f.next("systemuserprofiles"), "systemuserid": m.id, "fieldsecurityprofileid": profile})
			}
		}
	}
	for _, t := range f.plan.teams {
		if t.profile {
			f.insert("teamprofiles", engine.Row{"teamprofileid": f.next("teamprofiles"), "teamid": f.teams[t.key], "fieldsecurityprofileid": profile})
		}
	}
}

func (f *filler) organization() {
	m := moneys[f.org.Currency]
	f.insert("organization", engine.Row{
		"organizationid": f.org.ID, "name": f.org.FriendlyName, "basecurrencyid": ref("transactioncurrency", currencyID(f.org, m.code)),
		"basecurrencysymbol": m.symbol, "baseisocurrencycode": m.code, "basecurrencyprecision": m.precision, "languagecode": f.org.LCID,
		"localeid": f.org.LCID, "fiscalperiodtype": 2000, "fiscalcalendarstart": time.Date(f.day.Year(), 1, 1, 0, 0, 0, 0, time.UTC),
		"weekstartdaycode": 1, "currencydisplayoption": 0, "currencydecimalprecision": 2, "quickfindrecordlimitenabled": 1,
		"isexternalsearchindexenabled": !f.org.SearchOff, "isdisabled": false, "isauditenabled": true, "schemanameprefix": "hf",
	})
}

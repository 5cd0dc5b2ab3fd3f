package seed

import (
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

type dealRow struct {
	id, name string
	account  *customerRow
	owner    *member
	open     bool
	stage    int
}

type leadRow struct {
	id, name string
	owner    *member
}

// stages are the phases of a sale with the number that the standard business process puts before them.
var stages = []string{"1-Qualify|1-Qualifizieren", "2-Develop|2-Entwickeln", "3-Propose|3-Vorschlagen", "4-Close|4-Abschließen"}

func (f *filler) goods() []string {
	if f.second() {
		return goodsD
	}
	return goods
}

func (f *filler) dealName(a *customerRow, n int) string {
	list := f.goods()
	switch {
	case n == 0:
		return "Contoso: " + f.say("harbour lighting, phase 2|Hafenbeleuchtung, Phase 2")
	case n == 5:
		return "<script>alert('deal')</script> & \"quotes\""
	case n == 9:
		return "עסקת רציף 7 / صفقة الرصيف"
	case n == 14:
		return "🚀 Relaunch – very long topic that goes on because somebody pasted the whole subject of an e-mail conversation into it, including the RE: FW: FW: prefixes and the ticket number HF-2026-000481, and nobody ever shortened it"
	}
	what := pick(f, list)
	switch f.random.IntN(4) {
	case 0:
		return a.name + " – " + what
	case 1:
		return strconv.Itoa(f.between(2, 90)) + " × " + what
	case 2:
		return what + ", " + pick(f, a.region.cities)
	}
	return what + " " + strconv.Itoa(f.day.Year()+f.random.IntN(2))
}

// opportunities are spread over the last 24 months and the next 9: two fifths open, the rest won or lost. Won ones grow a
// little over time, so that a line over months goes somewhere.
func (f *filler) opportunities() {
	for n := range f.plan.deals {
		a := f.customers[f.random.IntN(len(f.customers))]
		if n == 0 {
			a = f.customers[0]
		}
		d := &dealRow{id: f.next("opportunity"), account: a, owner: a.owner, name: f.dealName(a, n)}
		if f.chance(35) {
			d.owner = f.responsible(a.region.unit)
		}
		if boss := f.byKey[d.owner.manager]; boss != nil && boss.weight > 0 && f.chance(8) {
			d.owner = boss
		}
		if n == 0 {
			d.owner = a.owner
		}
		kind := f.weighted(40, 35, 25)
		if n == 0 {
			kind = 0
		}
		d.open = kind == 0
		f.deals = append(f.deals, d)
		f.opportunity(d, n, kind)
	}
}

func (f *filler) opportunity(d *dealRow, n, kind int) {
	a := d.account
	value := f.amount(45000, a.currency)
	row := engine.Row{
		"opportunityid": d.id, "name": d.name, "ownerid": d.owner.owner(), "customerid": ref("account", a.id), "parentaccountid": ref("account", a.id),
		"transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, a.currency)), "estimatedvalue": value, "totalamount": value,
		"opportunityratingcode": 1 + f.weighted(3, 5, 2), "prioritycode": 1, "hf_marginpercent": float64(f.between(50, 480)) / 10, "salesstagecode": 1,
	}
	if f.plan.key == "sales" && n%41 == 20 && d.owner.unit == "nordics" {
		row["ownerid"] = ref("team", f.teams["keyaccounts"])
	}
	if len(a.contacts) > 0 && f.chance(85) {
		row["parentcontactid"] = ref("contact", pick(f, a.contacts).id)
		if n%25 == 4 { // somebody buys for themselves
			row["customerid"] = row["parentcontactid"]
			delete(row, "parentaccountid")
		}
	}
	if f.chance(6) {
		delete(row, "estimatedvalue")
		delete(row, "totalamount")
	}
	if f.chance(50) {
		row["budgetstatus"], row["purchasetimeframe"], row["need"] = f.between(0, 3), f.between(0, 4), f.between(0, 3)
		row["budgetamount"] = f.amount(50000, a.currency)
	}
	stage := f.weighted(35, 30, 22, 13)
	var closes time.Time
	if kind == 0 {
		created := f.between(1, 300)
		row["createdon"], row["modifiedon"] = f.at(-created, f.between(6, 16), f.between(0, 59)), f.at(-f.between(1, created), f.between(6, 16), f.between(0, 59))
		closes = f.at(f.between(-25, 270), 0, 0)
		if f.chance(30) {
			closes = f.at(f.between(0, 35), 0, 0)
		}
		row["closeprobability"] = []int{10, 30, 60, 85}[stage] + 5*f.random.IntN(3)
		row["msdyn_forecastcategory"] = 100000001 + []int{0, 0, 1, 2}[stage]
		row["statecode"], row["statuscode"] = 0, 1+f.weighted(9, 1)
	} else {
		ago := int(730 * f.random.Float64() * (0.35 + 0.65*f.random.Float64()))
		closes = f.at(-1-ago, 0, 0)
		row["createdon"], row["modifiedon"] = closes.AddDate(0, 0, -f.between(10, 160)).Add(9*time.Hour), closes.Add(15*time.Hour)
		row["actualclosedate"], stage = closes, 3
		row["statecode"] = kind
		if kind == 1 {
			row["statuscode"], row["actualvalue"], row["closeprobability"], row["msdyn_forecastcategory"] = 3, value, 100, 100000005
		} else {
			row["statuscode"], row["actualvalue"], row["closeprobability"], row["msdyn_forecastcategory"] = 4+f.random.IntN(2), 0.0, 0, 100000006
			stage = f.weighted(4, 3, 3, 1)
		}
	}
	row["estimatedclosedate"], row["salesstage"] = closes, stage
	if !f.chance(3) {
		row["stepname"] = f.say(stages[stage])
	}
	f.moreOfDeal(d, n, stage, row)
	f.insert("opportunity", row)
}

func (f *filler) salesLeads() {
	list := f.regions()
	for n := range f.plan.leads {
		r := pick(f, list)
		first, last := f.personName(n + 7)
		l := &leadRow{id: f.next("lead"), name: first + " " + last, owner: f.responsible(r.unit)}
		company := f.companyName(r, 1000)
		if n == 3 {
			company = "Contoso Suites"
		}
		state := f.weighted(60, 22, 18)
		row := engine.Row{
			"leadid": l.id, "subject": pick(f, f.goods()), "firstname": first, "lastname": last, "fullname": l.name, "companyname": company,
			"emailaddress1": "hello" + strconv.Itoa(n) + "@" + slug(company), "telephone1": f.phone(r.prefix), "ownerid": l.owner.owner(),
			"leadsourcecode": f.between(1, 10), "leadqualitycode": 1 + f.weighted(2, 5, 3), "industrycode": pick(f, industryMix),
			"createdon": f.before(240), "modifiedon": f.before(30), "address1_city": pick(f, r.cities), "address1_country": r.country,
			"transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, r.currency)), "statecode": state,
			"statuscode": [][]int{{1, 2}, {3, 3}, {4, 5}}[state][f.random.IntN(2)],
		}
		if f.chance(55) {
			row["estimatedamount"], row["estimatedclosedate"] = f.amount(25000, r.currency), f.at(f.between(5, 200), 0, 0)
		}
		f.leads = append(f.leads, l)
		f.insert("lead", row)
	}
}

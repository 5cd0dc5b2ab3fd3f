package seed

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

type customerRow struct {
	id, name, host, currency string
	region                   region
	owner                    *member
	contacts                 []*contactRow
	primary                  *contactRow
}

type contactRow struct {
	id, name, mail string
	account        *customerRow
	owner          *member
}

func (f *filler) regions() []region {
	switch f.plan.key {
	case "second":
		return regionsSecond
	case "service":
		list := make([]region, len(regions))
		for i, r := range regions {
			r.unit, r.currency = "europe", "EUR"
			if i < 3 {
				r.unit = "baltic"
			}
			if i > 6 {
				r.unit, r.currency = "usdesk", "USD"
			}
			list[i] = r
		}
		return list
	}
	return regions
}

// responsible chooses somebody of a business unit by their share of the business; somebody anywhere when it has nobody.
func (f *filler) responsible(unit string) *member {
	var weights []int
	for _, m := range f.staff {
		w := m.weight
		if m.unit != unit && unit != "" {
			w = 0
		}
		weights = append(weights, w)
	}
	sum := 0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return f.responsible("")
	}
	return f.staff[f.weighted(weights...)]
}

func (f *filler) territories() {
	parents := map[string]string{}
	for _, r := range f.regions() {
		if parents[r.country] == "" {
			parents[r.country] = f.insert("territory", engine.Row{"territoryid": f.fixed("territory", r.country), "name": r.country, "managerid": f.responsible(r.unit).owner()})
		}
	}
	for _, title := range strings.Split("Delivery|Lieferung;Billing|Rechnung;Product|Produkt;Query|Anfrage;Service|Service;Default Subject|Standardthema", ";") {
		f.insert("subject", engine.Row{"subjectid": f.fixed("subject", strings.SplitN(title, "|", 2)[0]), "title": f.say(title)})
	}
}

// amount gives a round amount around a middle, a few much larger, in a currency.
func (f *filler) amount(middle float64, currency string) float64 {
	x := middle * math.Exp(f.random.NormFloat64()*0.9) * moneys[currency].toEuro
	step := math.Pow(10, math.Floor(math.Log10(x))-1)
	return math.Round(x/step) * step
}

func (f *filler) phone(prefix string) string {
	return prefix + strconv.Itoa(f.between(1000, 9999)) + " " + strconv.Itoa(f.between(10, 99))
}

// before is a moment in working hours some days ago, so that nothing was made in the future.
func (f *filler) before(most int) time.Time {
	return f.at(-f.between(1, most), f.between(6, 16), f.between(0, 59))
}

func (f *filler) accounts() {
	list := f.regions()
	for n := range f.plan.accounts {
		r := list[f.random.IntN(len(list))]
		if n < 2 {
			r = list[0]
		}
		name := f.companyName(r, n)
		a := &customerRow{id: f.next("account"), name: name, host: slug(name), currency: r.currency, region: r, owner: f.responsible(r.unit)}
		if boss := f.byKey[a.owner.manager]; boss != nil && boss.weight > 0 && f.chance(7) {
			a.owner = boss
		}
		if f.chance(12) {
			a.currency = pick(f, f.plan.currencies)
		}
		if n == 0 {
			if m := f.byKey["seller"]; m != nil {
				a.owner = m
			}
		}
		// The primary contact comes with the contacts, whose first rows stand for it: ids are known ahead.
		a.primary = &contactRow{id: f.next("contact"), account: a, owner: a.owner}
		f.customers = append(f.customers, a)
		f.account(a, n)
	}
}

func (f *filler) account(a *customerRow, n int) {
	created := f.before(1000)
	row := engine.Row{
		"accountid": a.id, "name": a.name, "accountnumber": strings.ToUpper(f.plan.key[:2]) + "-" + strconv.Itoa(10001+n), "ownerid": a.owner.owner(),
		"createdon": created, "modifiedon": f.before(60), "transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, a.currency)),
		"primarycontactid": ref("contact", a.primary.id), "territoryid": ref("territory", f.fixed("territory", a.region.country)),
	}
	if f.plan.key == "sales" && n > 3 && n%17 == 0 {
		row["ownerid"] = ref("team", f.teams["keyaccounts"])
	}
	if !f.chance(8) { // some rows are as empty as in life
		city := pick(f, a.region.cities)
		street := pick(f, nameHeads) + pick(f, nameTails) + " " + strconv.Itoa(f.between(1, 180))
		zip := strconv.Itoa(f.between(10000, 99999))
		row["telephone1"], row["websiteurl"], row["emailaddress1"] = f.phone(a.region.prefix), "https://www."+a.host+"/", "info@"+a.host
		row["address1_line1"], row["address1_city"], row["address1_postalcode"], row["address1_country"] = street, city, zip, a.region.country
		row["address1_composite"] = street + "\n" + zip + " " + city + "\n" + a.region.country
		row["industrycode"], row["customertypecode"] = pick(f, industryMix), pick(f, []int{3, 3, 3, 8, 8, 5, 9, 10})
		row["ownershipcode"], row["accountcategorycode"] = f.between(1, 4), 1+f.weighted(1, 3)
		row["revenue"], row["numberofemployees"] = f.amount(4e6, a.currency), f.between(3, 5200)
		row["paymenttermscode"], row["preferredcontactmethodcode"] = f.between(1, 4), f.weighted(0, 6, 4, 3, 0, 1)
		row["hf_customersince"] = f.at(-f.between(100, 4000), 0, 0)
		row["creditlimit"] = f.amount(40000, a.currency)
		row["hf_loyaltytier"] = 751230000 + f.weighted(5, 3, 1)
	}
	if f.chance(30) {
		row["hf_segments"] = [][]int{{751230000}, {751230001, 751230003}, {751230002, 751230004}, {751230000, 751230001, 751230002}}[f.random.IntN(4)]
	}
	if f.chance(20) {
		row["description"] = f.say("Asked for delivery before noon.\nGate code with reception.|Bittet um Lieferung vormittags.\nTorcode beim Empfang.")
	}
	if f.chance(6) {
		row["creditonhold"] = true
	}
	if n > 20 && f.chance(15) {
		row["parentaccountid"] = ref("account", f.customers[f.random.IntN(n)].id)
	}
	if n > 12 && f.chance(6) {
		row["statecode"], row["statuscode"] = 1, 2
	}
	f.moreOfAccount(a, n, row)
	f.insert("account", row)
}

// industryMix makes some industries frequent and leaves others out.
var industryMix = []int{12, 12, 12, 17, 17, 30, 30, 30, 33, 33, 6, 7, 11, 13, 16, 19, 20, 25, 31, 2, 5, 15}

func (f *filler) contactPeople() {
	for n := range f.plan.contacts {
		var c *contactRow
		if n < len(f.customers) {
			c = f.customers[n].primary
		} else {
			a := f.customers[f.random.IntN(len(f.customers))]
			c = &contactRow{id: f.next("contact"), account: a, owner: a.owner}
			if f.chance(15) {
				c.owner = f.responsible(a.region.unit)
			}
		}
		first, last := f.personName(n)
		c.name = strings.TrimSpace(first + " " + last)
		local := strings.TrimSuffix(slug(last), ".example")
		c.mail = local + strconv.Itoa(n) + "@" + c.account.host
		c.account.contacts = append(c.account.contacts, c)
		f.contacts = append(f.contacts, c)
		f.contact(c, first, last, n)
	}
}

func (f *filler) contact(c *contactRow, first, last string, n int) {
	titles := jobTitles
	if f.second() {
		titles = jobTitlesD
	}
	row := engine.Row{
		"contactid": c.id, "firstname": first, "lastname": last, "fullname": c.name, "ownerid": c.owner.owner(), "createdon": f.before(900), "modifiedon": f.before(90),
		"parentcustomerid": ref("account", c.account.id), "transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, c.account.currency)),
	}
	if n%19 == 7 {
		delete(row, "parentcustomerid") // a contact without a company
	}
	if !f.chance(6) {
		row["emailaddress1"], row["jobtitle"] = c.mail, pick(f, titles)
		row["telephone1"] = f.phone(c.account.region.prefix)
		row["address1_city"], row["address1_country"] = pick(f, c.account.region.cities), c.account.region.country
		row["preferredcontactmethodcode"] = f.weighted(0, 6, 4, 3, 0, 1)
	}
	if f.chance(45) {
		row["mobilephone"] = f.phone(c.account.region.prefix)
	}
	if f.chance(25) {
		row["birthdate"] = time.Date(f.between(1955, 2002), time.Month(f.between(1, 12)), f.between(1, 28), 0, 0, 0, 0, time.UTC)
		row["accountrolecode"] = f.between(1, 3)
	}
	if f.chance(10) {
		row["donotbulkemail"] = true
	}
	if n > 30 && f.chance(4) {
		row["statecode"], row["statuscode"] = 1, 2
	}
	f.moreOfContact(c, n, row)
	f.insert("contact", row)
}

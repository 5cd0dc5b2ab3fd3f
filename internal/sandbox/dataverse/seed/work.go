package seed

import (
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

var subjects = map[string][]string{
	"task":        {"Send revised quote|Überarbeitetes Angebot senden", "Check credit limit|Kreditlimit prüfen", "Prepare site plan|Lageplan vorbereiten", "Update price list|Preisliste aktualisieren", "Collect signed contract|Unterschriebenen Vertrag einholen", "Ask for <b>reference</b> & logo|Um <b>Referenz</b> & Logo bitten"},
	"phonecall":   {"Follow up on quote|Angebot nachfassen", "Confirm delivery date|Liefertermin bestätigen", "Renewal talk|Gespräch zur Verlängerung", "Missed call – call back|Verpasster Anruf – zurückrufen", "Ask about budget|Nach Budget fragen"},
	"appointment": {"Demo on board|Vorführung an Bord", "Quarterly review|Quartalsgespräch", "Kick-off|Auftakt", "Contract negotiation|Vertragsverhandlung", "Site walk|Begehung"},
	"email":       {"Your quote|Ihr Angebot", "RE: delivery window|AW: Lieferfenster", "Thank you for your order|Danke für Ihren Auftrag", "Minutes of our meeting|Protokoll unseres Treffens", "FW: FW: price list “final_v7”|WG: WG: Preisliste „final_v7“"},
}

// work makes tasks, calls, meetings and mail about everything, two thirds done, the open ones around today.
func (f *filler) work() {
	kinds := []string{"task", "phonecall", "appointment", "email"}
	for n := range f.plan.activities {
		kind := kinds[f.weighted(42, 24, 14, 20)]
		f.activity(kind, n)
	}
}

// about chooses what an activity is about, who is responsible and which contact takes part.
func (f *filler) about() (regarding engine.Ref, owner *member, with *contactRow) {
	of := func(a *customerRow) *contactRow {
		if len(a.contacts) == 0 {
			return f.contacts[0]
		}
		return pick(f, a.contacts)
	}
	deals, cases, leads := 5, 0, 1
	if f.plan.key == "service" {
		deals, cases, leads = 1, 6, 0
	}
	switch f.weighted(2, 2, deals, cases, leads) {
	case 0:
		a := pick(f, f.customers)
		return ref("account", a.id), a.owner, of(a)
	case 1:
		c := pick(f, f.contacts)
		return ref("contact", c.id), c.owner, c
	case 2:
		d := pick(f, f.deals)
		return ref("opportunity", d.id), d.owner, of(d.account)
	case 3:
		c := pick(f, f.cases)
		return ref("incident", c.id), c.owner, of(c.account)
	}
	l := pick(f, f.leads)
	return ref("lead", l.id), l.owner, nil
}

func (f *filler) activity(kind string, n int) {
	regarding, owner, with := f.about()
	id := f.next("activity")
	row := engine.Row{
		"activityid": id, "subject": f.say(pick(f, subjects[kind])), "activitytypecode": kind, "ownerid": owner.owner(),
		"prioritycode": f.weighted(2, 7, 2), "regardingobjectid": regarding, "isregularactivity": true,
	}
	if n%23 == 3 {
		delete(row, "regardingobjectid")
	}
	state := f.weighted(33, 62, 5)
	due := f.at(-f.between(1, 420), f.between(6, 16), 15*f.between(0, 3))
	if state == 0 {
		due = f.at(f.between(-6, 28), f.between(6, 16), 15*f.between(0, 3))
		if kind == "email" {
			due = f.at(-f.between(1, 6), 9, 30)
		}
	}
	minutes := 15 * f.between(1, 6)
	row["scheduledstart"], row["scheduledend"], row["scheduleddurationminutes"] = due, due.Add(time.Duration(minutes)*time.Minute), minutes
	created := due.AddDate(0, 0, -f.between(0, 14))
	if limit := f.at(-1, 15, 0); created.After(limit) {
		created = limit
	}
	row["createdon"], row["modifiedon"], row["sortdate"] = created, created, due
	if state == 1 {
		row["actualstart"], row["actualend"], row["actualdurationminutes"] = due, due.Add(time.Duration(minutes)*time.Minute), minutes
		row["modifiedon"] = due
	}
	if f.chance(15) {
		row["description"] = f.say("Bring the samples.\nPark at gate 4.|Muster mitbringen.\nAm Tor 4 parken.")
	}
	row["statecode"] = state
	f.details(kind, state, row, with)
	f.insert(kind, row)
	if due.After(f.at(-90, 0, 0)) { // who took part is kept for a quarter
		f.parties(kind, id, owner, with)
	}
}

func (f *filler) details(kind string, state int, row engine.Row, with *contactRow) {
	switch kind {
	case "task":
		row["statuscode"] = [][]int{{2, 3, 4}, {5, 5, 5}, {6, 6, 6}}[state][f.random.IntN(3)]
		row["percentcomplete"] = []int{25 * f.random.IntN(4), 100, 0}[state]
	case "phonecall":
		row["statuscode"], row["directioncode"] = []int{1, 2 + 2*f.random.IntN(2), 3}[state], f.chance(60)
		row["phonenumber"] = f.phone("+46 31 ")
	case "appointment":
		row["location"] = f.say(pick(f, []string{"Teams", "Quay 4|Kai 4", "Customer site|Beim Kunden", "Meeting room “Finch”|Besprechungsraum „Finch“"}))
		if state == 0 && f.chance(70) {
			row["statecode"], row["statuscode"] = 3, 5
		} else {
			row["statuscode"] = []int{1, 3, 4}[state]
		}
	case "email":
		row["statuscode"], row["directioncode"] = []int{1, 3 + f.random.IntN(2), 5}[state], f.chance(60)
		if with != nil {
			row["torecipients"] = with.mail + ";"
		}
		if state == 1 {
			row["senton"] = row["actualend"]
		}
	}
}

// parties are who takes part: sender and receiver, organizer and guest. A task has none.
func (f *filler) parties(kind, id string, owner *member, with *contactRow) {
	if kind == "task" {
		return
	}
	own, other := 1, 2
	if kind == "appointment" {
		own, other = 7, 5
	}
	activity := ref(kind, id)
	f.insert("activityparty", engine.Row{"activitypartyid": f.next("activityparty"), "activityid": activity, "partyid": owner.owner(), "participationtypemask": own, "partyidname": owner.name, "addressused": owner.mail})
	if with != nil {
		f.insert("activityparty", engine.Row{"activitypartyid": f.next("activityparty"), "activityid": activity, "partyid": ref("contact", with.id), "participationtypemask": other, "partyidname": with.name, "addressused": with.mail})
	}
}

func (f *filler) siteVisits() {
	for n := range f.plan.visits {
		a := pick(f, f.customers)
		day := f.between(-120, 40)
		row := engine.Row{
			"hf_sitevisitid": f.next("hf_sitevisit"), "hf_name": f.say("Visit|Besuch") + " " + strconv.Itoa(n+1) + ": " + a.name, "hf_accountid": ref("account", a.id),
			"hf_visitdate": f.at(day, 0, 0), "hf_arrival": f.at(day, f.between(7, 15), 0), "hf_duration": 30 * f.between(1, 8), "hf_distance": float64(f.between(20, 4000)) / 10,
			"hf_cost": f.amount(300, a.currency), "transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, a.currency)),
			"ownerid": f.responsible(a.region.unit).owner(), "hf_topics": [][]int{{751230000}, {751230001, 751230003}, {751230002}}[f.random.IntN(3)], "createdon": f.before(150),
		}
		if len(a.contacts) > 0 {
			row["hf_contactid"] = ref("contact", a.contacts[0].id)
		}
		if len(f.deals) > 0 && f.chance(40) {
			row["hf_opportunityid"] = ref("opportunity", pick(f, f.deals).id)
		}
		if len(f.ships) > 0 && n%2 == 0 {
			row["hf_vesselid"] = ref("hf_vessel", f.ships[n/2%len(f.ships)])
		}
		if n%10 == 0 {
			f.attach("hf_report", row["hf_sitevisitid"].(string), f.say("Report|Bericht")+" "+strconv.Itoa(n+1)+".txt", "text/plain", "Visited.\r\n", row)
		}
		if day < 0 {
			row["hf_outcome"], row["hf_rating"], row["hf_safetybriefing"] = 751230000+f.random.IntN(4), f.between(1, 5), f.chance(80)
		}
		f.insert("hf_sitevisit", row)
	}
}

func (f *filler) notes() {
	for n := range min(60, f.plan.accounts/4) {
		a := f.customers[n]
		f.insert("annotation", engine.Row{
			"annotationid": f.next("annotation"), "subject": f.say("Call notes|Gesprächsnotiz"), "notetext": f.say("They compare us with two others.\n- price\n- delivery time\n<i>No HTML here</i>|Vergleich mit zwei anderen.\n- Preis\n- Lieferzeit"),
			"objectid": ref("account", a.id), "objecttypecode": "account", "ownerid": a.owner.owner(), "createdon": f.before(200),
		})
	}
}

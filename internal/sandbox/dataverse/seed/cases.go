package seed

import (
	"fmt"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

type caseRow struct {
	id, title string
	account   *customerRow
	owner     *member
	open      bool
}

var problems = []string{
	"Pump runs but delivers nothing|Pumpe läuft, fördert aber nicht", "Invoice shows the wrong VAT number|Rechnung mit falscher USt-IdNr.",
	"Sensor offline since Tuesday|Sensor seit Dienstag offline", "How do I reset the controller?|Wie setze ich die Steuerung zurück?",
	"Delivery arrived with two boxes missing|Lieferung mit zwei fehlenden Kartons", "Firmware update stops at 47%|Firmwareupdate bleibt bei 47 % stehen",
	"Request for spare parts list|Bitte um Ersatzteilliste", "Noise at high load|Geräusche bei hoher Last", "Login to portal refused|Anmeldung am Portal abgelehnt",
	"Change of contact person|Wechsel der Ansprechperson", "Warranty claim for cracked housing|Garantiefall: Gehäuse gerissen", "Display shows E-1107 & freezes|Anzeige zeigt E-1107 & friert ein",
}

// queueID is the same in every organization, so that dashboards can point to a queue.
func queueID(name string) string { return schema.ID("queue", name) }

const escalations = "Escalations|Eskalationen"

// serviceCases also makes the queues that they wait in.
func (f *filler) serviceCases() {
	var queues []string
	for _, name := range []string{"Europe desk|Schalter Europa", "Americas desk|Schalter Amerika", escalations} {
		key := f.say(name)
		queues = append(queues, f.insert("queue", engine.Row{"queueid": queueID(name), "name": key, "queueviewtype": 0, "ownerid": f.staff[0].owner(), "emailaddress": slug(key) + "@" + "queues.example"}))
	}
	for n := range f.plan.cases {
		a := f.customers[f.random.IntN(len(f.customers))]
		if n < 4 {
			a = f.customers[n%2]
		}
		c := &caseRow{id: f.next("incident"), account: a, owner: f.responsible(""), title: f.say(pick(f, problems))}
		if n == 6 {
			c.title = `<svg onload=alert(1)> "Screen" shows & nothing`
		}
		if n == 11 {
			c.title = "المضخة لا تعمل – המשאבה אינה פועלת"
		}
		state := f.weighted(30, 62, 8)
		c.open = state == 0
		f.cases = append(f.cases, c)
		f.incident(c, n, state)
		if c.open && f.chance(60) {
			item := engine.Row{
				"queueitemid": f.next("queueitem"), "title": c.title, "queueid": ref("queue", pick(f, queues)), "objectid": ref("incident", c.id),
				"objecttypecode": 112, "enteredon": f.before(20),
			}
			if f.chance(50) {
				item["workerid"] = c.owner.owner()
			}
			f.insert("queueitem", item)
		}
	}
}

func (f *filler) incident(c *caseRow, n, state int) {
	a := c.account
	ago := f.between(1, 364)
	if state == 0 {
		ago = f.between(1, 45)
	}
	created := f.at(-ago, f.between(0, 23), f.between(0, 59))
	priority := 1 + f.weighted(2, 6, 3)
	row := engine.Row{
		"incidentid": c.id, "title": c.title, "ticketnumber": fmt.Sprintf("CAS-%05d-%s", 1000+n, c.id[:6]), "customerid": ref("account", a.id),
		"ownerid": c.owner.owner(), "prioritycode": priority, "casetypecode": f.between(1, 3), "caseorigincode": []int{1, 1, 2, 2, 2, 3, 3986}[f.random.IntN(7)],
		"subjectid": ref("subject", f.fixed("subject", pick(f, []string{"Delivery", "Billing", "Product", "Query", "Service"}))),
		"createdon": created, "statecode": state, "servicestage": min(2, state+f.random.IntN(2)), "responseby": created.Add(4 * time.Hour),
		"resolveby": created.Add(time.Duration(priority*24) * time.Hour), "contractservicelevelcode": f.between(1, 3),
		"transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, a.currency)),
	}
	if len(a.contacts) > 0 && f.chance(80) {
		row["primarycontactid"] = ref("contact", pick(f, a.contacts).id)
		if n%9 == 5 {
			row["customerid"] = row["primarycontactid"]
		}
	}
	if f.chance(10) && state == 0 {
		row["isescalated"], row["escalatedon"] = true, created.Add(30*time.Hour)
	}
	switch state {
	case 0:
		row["statuscode"], row["modifiedon"] = 1+f.weighted(5, 2, 2, 2), f.at(-f.random.IntN(ago), 0, 0)
		row["firstresponseslastatus"], row["resolvebyslastatus"] = f.between(1, 4), 1+f.weighted(5, 2, 0, 3)
	case 1:
		resolved := created.Add(time.Duration(f.between(1, 200)) * time.Hour / 2)
		if latest := f.at(0, 0, 0); resolved.After(latest) {
			resolved = latest
		}
		row["statuscode"], row["modifiedon"] = []int{5, 5, 5, 1000}[f.random.IntN(4)], resolved
		row["firstresponseslastatus"], row["resolvebyslastatus"] = 3+f.weighted(8, 2), 3+f.weighted(8, 2)
		row["firstresponsesent"] = true
		if f.chance(45) {
			row["customersatisfactioncode"] = 1 + f.weighted(1, 2, 3, 6, 5)
		}
	case 2:
		row["statuscode"], row["modifiedon"] = 6, created.Add(10*time.Minute)
	}
	if f.chance(60) {
		row["description"] = f.say("Reported by phone. Photo attached.\nPlease call back before 16:00.|Telefonisch gemeldet. Foto liegt bei.\nBitte Rückruf vor 16 Uhr.")
	}
	f.moreOfCase(c, n, row)
	f.insert("incident", row)
}

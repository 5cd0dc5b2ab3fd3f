package seed

import (
	"bytes"
	"encoding/base64"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// aside runs a step with chance of its own, so that the rows of other steps stay as they are when the step changes.
func (f *filler) aside(name string, step func()) {
	h := fnv.New64a()
	h.Write([]byte(name))
	before := f.random
	f.random = rand.New(rand.NewPCG(f.salt, h.Sum64()))
	step()
	f.random = before
}

// pictures are a few small square images.
var pictures = sync.OnceValue(func() [][]byte {
	var list [][]byte
	for _, c := range []color.RGBA{{11, 106, 136, 255}, {143, 106, 0, 255}, {79, 107, 31, 255}, {164, 38, 44, 255}, {92, 75, 138, 255}} {
		m := image.NewPaletted(image.Rect(0, 0, 48, 48), color.Palette{color.White, c})
		for y := range 48 {
			for x := range 48 {
				if (x-24)*(x-24)+(y-24)*(y-24) < 400 && (x/6+y/6)%3 != 0 {
					m.Pix[y*m.Stride+x] = 1
				}
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			panic(err) // nothing can go wrong in memory
		}
		list = append(list, b.Bytes())
	}
	return list
})

// picture fills an image column of a row.
func (f *filler) picture(table, column, id string, n int, row engine.Row) {
	thumb := pictures()[n%len(pictures())]
	at := strconv.FormatInt(f.old.UnixMilli()+int64(n), 10)
	row[column], row[column+"_timestamp"] = base64.StdEncoding.EncodeToString(thumb), at
	row[column+"_url"] = "/Image/download.aspx?Entity=" + table + "&Attribute=" + column + "&Id=" + id + "&Timestamp=" + at
	row[column+"id"] = f.keep(id, "", "image/png", thumb)
}

// attach fills a file column of a row.
func (f *filler) attach(column, id, name, mime, content string, row engine.Row) {
	row[column], row[column+"_name"] = f.keep(id, name, mime, []byte(content)), name
}

// keep stores content beside the row of that id.
func (f *filler) keep(owner, name, mime string, data []byte) string {
	id := f.next("blob")
	if f.blob != nil && f.err == nil {
		f.err = f.blob(id, owner, engine.Blob{Name: name, Type: mime, Data: data})
	}
	return id
}

const contract = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n"

// moreOfAccount fills the rarer columns of an account; which rows have what follows from its number.
func (f *filler) moreOfAccount(a *customerRow, n int, row engine.Row) {
	if n%4 != 3 {
		row["hf_healthscore"] = float64(n%200)/1.6 - 40.125
		row["hf_nextreview"] = f.at(n%90, 0, 0).Add(-time.Hour) // midnight in Berlin, in winter
		row["hf_officeopens"] = f.at(-n%30, 8, 30*(n%2))
		row["hf_traveltime"] = 15 + n%300
	}
	if n%9 == 2 {
		row["tickersymbol"], row["stockexchange"] = string(rune('A'+n%26))+string(rune('F'+n%17))+string(rune('B'+n%7)), "XSTO"
	}
	if n%5 == 0 {
		row["hf_profile"] = f.say(`<div class="ck-content"><p><strong>Key facts</strong></p><ul><li>Family business since 1911</li><li>Orders in <em>spring</em></li></ul><p>See <a href="https://harborfinch.example/playbook?x=1&amp;y=2">the playbook</a>.</p><script>alert('profile')</script><p onclick="alert(1)">Ask for the gate code.</p></div>|<div class="ck-content"><p><strong>Das Wichtigste</strong></p><ul><li>Familienbetrieb seit 1911</li><li>Bestellt im <em>Frühjahr</em></li></ul><p>Siehe <a href="https://harborfinch.example/playbook?x=1&amp;y=2">Leitfaden</a>.</p><script>alert('profile')</script><p onclick="alert(1)">Torcode erfragen.</p></div>`)
	}
	if n%12 == 0 {
		f.picture("account", "entityimage", a.id, n, row)
	}
	if n%25 == 0 {
		f.attach("hf_contract", a.id, f.say("Framework contract|Rahmenvertrag")+" "+strconv.Itoa(n)+".pdf", "application/pdf", contract, row)
	}
}

func (f *filler) moreOfContact(c *contactRow, n int, row engine.Row) {
	if n%3 == 0 {
		row["hf_language"], row["hf_zone"] = []int{1033, 1031, 1053, 1041}[n%4], []int{berlin, london, eastern, tokyo}[n/4%4]
		row["hf_interests"] = [][]int{{751230000}, {751230001, 751230002}, {751230000, 751230003}}[n/3%3]
	}
	if n%40 == 0 {
		f.picture("contact", "entityimage", c.id, n, row)
	}
}

func (f *filler) moreOfDeal(d *dealRow, n, stage int, row engine.Row) {
	if n%3 == 0 {
		row["hf_channels"], row["hf_score"] = [][]int{{751230000}, {751230001, 751230002}, {751230003}}[n/3%3], float64(n%100)/101
	}
	if n%10 == 0 {
		row["hf_offer"] = f.say("<p>We offer <b>delivery free quay</b>, valid for 30 days.</p><table><tbody><tr><td>Set-up</td><td>2 days</td></tr></tbody></table>|<p>Wir bieten <b>Lieferung frei Kai</b>, 30 Tage gültig.</p><table><tbody><tr><td>Aufbau</td><td>2 Tage</td></tr></tbody></table>")
		row["customerneed"], row["proposedsolution"] = f.say("Less downtime in winter.|Weniger Ausfall im Winter."), f.say("Heated sensors with remote reset.|Beheizte Sensoren mit Fernrücksetzung.")
	}
	if n%50 == 0 {
		f.attach("hf_offerfile", d.id, "Offer-"+strconv.Itoa(1000+n)+".pdf", "application/pdf", contract, row)
	}
	if flow := flowOf("opportunity", f.plan.key); flow != nil {
		row["processid"], row["stageid"] = flow.id(), flow.stage(stage)
		d.stage = stage
	}
}

func (f *filler) moreOfCase(c *caseRow, n int, row engine.Row) {
	if n%6 == 0 {
		row["hf_findings"] = f.say("<p>Seal ring <u>worn</u>; replaced on site.</p>|<p>Dichtring <u>verschlissen</u>; vor Ort getauscht.</p>")
	}
	if n%30 == 0 {
		f.attach("hf_evidence", c.id, "photo.png", "image/png", "\x89PNG\r\n\x1a\n", row)
	}
}

// vessels come before the visits to them.
func (f *filler) vessels() {
	names := []string{"Gammel Ærø", "Nordlys III", "Hanse Trader", "MV <b>Bold</b>", "Kiso Maru", "Sundqvist & Sons", "Pilot 7", "Ostsee Express", "Blue Heron", "שחף"}
	for n := range f.plan.visits / 3 {
		a := f.customers[n%len(f.customers)]
		id := f.next("hf_vessel")
		day := f.at(-f.between(10, 400), f.between(6, 16), 0)
		row := engine.Row{
			"hf_vesselid": id, "hf_name": names[n%len(names)], "hf_vesselnumber": "VES-" + strconv.Itoa(10000+n), "hf_imo": "IMO" + strconv.Itoa(9100000+37*n), "ownerid": f.responsible(a.region.unit).owner(),
			"hf_callsign": "HF" + strconv.Itoa(10+n), "hf_remarks": f.say("Berth 4 only.\nNo night calls.|Nur Liegeplatz 4.\nKein Anlauf bei Nacht."), "hf_specification": "<h2>Engine</h2><p>2 × <b>4.2 MW</b>, refit <i>2021</i></p>",
			"hf_bridgeemail": "bridge" + strconv.Itoa(n) + "@vessels.example", "hf_bridgephone": f.phone("+870 773 "), "hf_trackingurl": "https://tracking.example/vessel/" + strconv.Itoa(n),
			"hf_crewsize": f.between(3, 60), "hf_length": float64(f.between(1200, 24000)) / 100, "hf_draught": float64(f.between(100, 1500)) / 97, "hf_dayrate": f.amount(9000, a.currency), "hf_insuredvalue": f.amount(3e6, a.currency),
			"hf_type": 751230000 + n%4, "hf_cargo": [][]int{{751230000, 751230003}, {751230001}, {751230002}, {751230003, 751230004}}[n%4], "hf_loyaltytier": 751230000 + n%3, "hf_iceclass": n%3 == 0,
			"hf_built": time.Date(1990+n, time.Month(1+n%12), 1+n, 0, 0, 0, 0, time.UTC), "hf_nextinspection": f.at(f.between(5, 200), -1, 0), "hf_lastcontact": f.at(-n, 11, 20),
			"hf_departure": f.at(f.between(1, 30), 6, 45), "hf_drydock": f.at(f.between(30, 300), 0, 0), "hf_turnaround": 60 * f.between(4, 40), "hf_crewlanguage": []int{1033, 1031, 1053}[n%3], "hf_homezone": []int{berlin, helsinki, utc}[n%3],
			"hf_chartererid": ref("account", a.id), "hf_accountid": ref("account", a.id), "hf_homeportid": ref("territory", f.fixed("territory", a.region.country)), "transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, a.currency)),
			"createdon": day, "modifiedon": day.Add(50 * time.Hour), "statecode": 0, "statuscode": []int{751230001, 1, 751230002}[n%3],
		}
		if n%4 == 3 && len(a.contacts) > 0 {
			row["hf_chartererid"] = ref("contact", a.contacts[0].id)
		}
		if n > 0 && n%5 == 0 {
			row["hf_sisterid"] = ref("hf_vessel", f.ships[n-1])
		}
		if n%7 == 6 {
			row["statecode"], row["statuscode"] = 1, 2
		}
		if n%2 == 0 {
			f.picture("hf_vessel", "hf_photo", id, n, row)
		}
		if n%3 == 1 {
			f.attach("hf_certificate", id, "class certificate.txt", "text/plain", "Class certificate "+strconv.Itoa(n)+"\r\n", row)
		}
		f.ships = append(f.ships, f.insert("hf_vessel", row))
		for i, c := range a.contacts {
			if i < 2 {
				f.insert("hf_vessel_contact", engine.Row{"hf_vessel_contactid": f.next("hf_vessel_contact"), "hf_vesselid": id, "contactid": c.id})
			}
		}
	}
	for n, l := range f.leads {
		if n%4 == 0 {
			f.insert("accountleads", engine.Row{"accountleadid": f.next("accountleads"), "accountid": f.customers[n%len(f.customers)].id, "leadid": l.id})
		}
	}
}

// timeZones are the same everywhere; the service adds the daylight names.
func (f *filler) timeZones() {
	for _, z := range zoneList {
		daylight := z.standard
		if n := len(z.standard) - len("Standard Time"); n > 0 && z.standard[n:] == "Standard Time" {
			daylight = z.standard[:n] + "Daylight Time"
		}
		f.insert("timezonedefinition", engine.Row{
			"timezonedefinitionid": schema.ID("timezonedefinition", strconv.Itoa(z.code)), "timezonecode": z.code, "standardname": z.standard, "daylightname": daylight,
			"userinterfacename": z.shown, "bias": z.bias, "retiredorder": 0,
		})
	}
}

package seed

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// object is what notes, posts and connections are left on.
type object struct {
	table, id string
	owner     *member
}

func (o object) ref() engine.Ref { return ref(o.table, o.id) }

// objects gives a few rows of each table that people write about.
func (f *filler) objects(each int) []object {
	var list []object
	for n, a := range f.customers {
		if n < each {
			list = append(list, object{"account", a.id, a.owner})
		}
	}
	open := 0
	for _, d := range f.deals {
		if d.open && open < each {
			open++
			list = append(list, object{"opportunity", d.id, d.owner})
		}
	}
	for n, c := range f.contacts {
		if n < each/2 {
			list = append(list, object{"contact", c.id, c.owner})
		}
	}
	for n, c := range f.cases {
		if n < each/2 {
			list = append(list, object{"incident", c.id, c.owner})
		}
	}
	for n, l := range f.leads {
		if n < each/4 {
			list = append(list, object{"lead", l.id, l.owner})
		}
	}
	for n, id := range f.ships {
		if n < each/4 {
			list = append(list, object{"hf_vessel", id, f.customers[n%len(f.customers)].owner})
		}
	}
	return list
}

// attachments are files that people put to notes: names that are awkward to download among them.
var attachments = []struct{ name, mime, content string }{
	{"minutes.txt", "text/plain", "Minutes\r\n- price\r\n- delivery\r\n"},
	{"prices \"final\" v7; copy.csv", "text/csv", "item;price\r\n=1+1;4,20\r\n"},
	{"Angebot für Göteborg – 船.html", "text/html", "<script>alert('attachment')</script>"},
	{"offer.pdf", "application/pdf", contract},
}

func (f *filler) leftOnRows() {
	f.moreNotes()
	f.posts()
	f.connections()
	f.channels()
}

// moreNotes are notes with and without a file, on every kind of row.
func (f *filler) moreNotes() {
	for n, o := range f.objects(24) {
		row := engine.Row{
			"annotationid": f.next("annotation"), "objectid": o.ref(), "objecttypecode": o.table, "ownerid": o.owner.owner(), "createdon": f.before(120),
			"subject": f.say("Visit|Besuch"), "notetext": f.say("Wants an answer by Friday.|Möchte bis Freitag eine Antwort."), "isdocument": false,
		}
		if n%3 == 0 {
			a := attachments[n/3%len(attachments)]
			body := base64.StdEncoding.EncodeToString([]byte(a.content))
			row["isdocument"], row["filename"], row["mimetype"], row["documentbody"], row["filesize"] = true, a.name, a.mime, body, len(a.content)
			if n%6 == 0 {
				delete(row, "notetext")
				delete(row, "subject")
			}
		}
		f.insert("annotation", row)
	}
}

// posts are what people wrote on a row's wall, and what the service wrote by itself.
func (f *filler) posts() {
	for n, o := range f.objects(16) {
		about := f.insert("postregarding", engine.Row{"postregardingid": f.next("postregarding"), "regardingobjectid": o.id, "regardingobjecttypecode": o.table})
		created := f.before(60)
		row := engine.Row{
			"postid": f.next("post"), "text": f.say("Good meeting today, they liked the sensors.|Gutes Treffen heute, die Sensoren gefielen."), "source": 2, "type": 7, "regardingobjectid": o.ref(), "postregardingid": about,
			"regardingobjectownerid": o.owner.id, "createdby": o.owner.owner(), "modifiedby": o.owner.owner(), "createdon": created,
		}
		if n%3 == 2 {
			row["source"], row["text"] = 1, f.say("Created by ")+o.owner.name
		}
		id := f.insert("post", row)
		if n%4 == 0 {
			f.insert("postcomment", engine.Row{"postcommentid": f.next("postcomment"), "postid": ref("post", id), "text": f.say("Shall I send samples?|Soll ich Muster schicken?"), "createdby": f.staff[n%len(f.staff)].owner(), "createdon": created.Add(2 * time.Hour)})
		}
	}
}

// connections tie contacts to accounts and deals by what they do there.
func (f *filler) connections() {
	roles := map[string]string{}
	for _, name := range strings.Split("Decision Maker|Entscheider;Stakeholder|Beteiligter;Former Employee|Ehemaliger Mitarbeiter;Sales Professional|Vertriebsmitarbeiter", ";") {
		roles[name] = f.insert("connectionrole", engine.Row{"connectionroleid": schema.ID("connectionrole", name), "name": f.say(name), "category": 1000})
	}
	for n, o := range f.objects(20) {
		if o.table != "account" && o.table != "opportunity" {
			continue
		}
		c := f.contacts[(n*7)%len(f.contacts)]
		f.insert("connection", engine.Row{
			"connectionid": f.next("connection"), "name": c.name, "record1id": o.ref(), "record2id": ref("contact", c.id), "record2roleid": ref("connectionrole", roles["Decision Maker|Entscheider"]),
			"ownerid": o.owner.owner(), "createdon": f.before(200), "effectivestart": f.at(-f.between(100, 900), 0, 0), "ismaster": true,
		})
	}
}

// channels are the Teams channels that rows are connected to.
func (f *filler) channels() {
	for n, o := range f.objects(4) {
		if o.table != "account" {
			continue
		}
		channel := "19:" + strings.ReplaceAll(f.fixed("channel", strconv.Itoa(n)), "-", "") + "@thread.tacv2"
		f.insert("msdyn_teamscollaboration", engine.Row{
			"msdyn_teamscollaborationid": f.next("msdyn_teamscollaboration"), "msdyn_teamname": "Harbour projects", "msdyn_channelname": "Account " + strconv.Itoa(n+1), "msdyn_channelid": channel, "msdyn_channeltype": "standard",
			"msdyn_groupid": f.fixed("group", "projects"), "msdyn_teamid": "19:" + strings.ReplaceAll(f.fixed("team-thread", "projects"), "-", "") + "@thread.tacv2", "msdyn_tenantid": f.org.TenantID,
			"msdyn_channelfolderrelativeurl": "/sites/projects/Shared Documents/Account " + strconv.Itoa(n+1), "msdyn_teamsiteurl": "https://harborfinch.example/sites/projects",
			"regardingobjectid": o.id, "regardingobjecttypecode": 1, "regardingobjecttypename": o.table,
		})
	}
}

// flowOf finds the flow that rows of a table go through in an organization of a seed; nil when there is none.
func flowOf(table, seed string) *flow {
	for i := range flows {
		if flows[i].primary == table && within(flows[i].only, seed) {
			return &flows[i]
		}
	}
	return nil
}

func (f flow) id() string { return schema.ID("workflow", f.table) }

// stage is the id of a stage by its place.
func (f flow) stage(n int) string { return schema.ID("processstage", f.table+"/"+strconv.Itoa(n)) }

// step is a step of a stage, in both documents that describe it.
type step struct {
	label    schema.Label
	column   string
	required bool
}

func (f *filler) steps(s stagePlan) []step {
	var list []step
	for _, text := range strings.Split(s.steps, ";") {
		text, required := strings.CutSuffix(text, "!")
		label, name, own := strings.Cut(text, "=")
		if !own {
			name = label
		}
		c := f.model.Table(s.table).Column(name)
		one := step{label: c.Label, column: name, required: required}
		if own {
			one.label = labels(label)
		}
		list = append(list, one)
	}
	return list
}

type dict = map[string]any

func stepLabels(id string, l schema.Label) dict {
	return dict{"list": []dict{{"labelId": id, "languageCode": 1033, "description": l[1033]}, {"labelId": id, "languageCode": 1031, "description": l[1031]}}}
}

const objectModel = ":#Microsoft.Crm.Workflow.ObjectModel"

// definition writes the flow's clientdata: entities, their stages, and the steps with the column that each is about.
func (f *filler) definition(of flow) string {
	var entities []dict
	for n, s := range of.stages {
		var steps []dict
		for i, one := range f.steps(s) {
			id := strconv.Itoa(n*20 + i)
			steps = append(steps, dict{
				"__class": "StepStep" + objectModel, "id": "StepStep" + id, "description": one.label[1033], "name": nil, "isProcessRequired": one.required,
				"stepLabels": stepLabels(schema.ID("step", of.table+id), one.label), "isHidden": false, "isUnbound": false, "controlType": "standard",
				"steps": dict{"list": []dict{{
					"__class": "ControlStep" + objectModel, "id": "ControlStep" + id, "description": "", "name": nil, "stepLabels": dict{"list": []dict{}},
					"controlId": one.column, "classId": classOf(f.model.Table(s.table).Column(one.column)), "dataFieldName": one.column, "systemStepType": "0", "isSystemControl": false,
					"parameters": "", "controlDisplayName": "", "isUnbound": false, "controlType": "standard",
				}}},
			})
		}
		next := any(nil)
		if n+1 < len(of.stages) {
			next = of.stage(n + 1)
		}
		label := labels(s.name)
		stage := dict{
			"__class": "StageStep" + objectModel, "id": "StageStep" + strconv.Itoa(n), "description": label[1033], "name": nil, "stageId": of.stage(n), "stageCategory": strconv.Itoa(s.category),
			"nextStageId": next, "stepLabels": stepLabels(of.stage(n), label), "steps": dict{"list": steps},
		}
		if len(entities) > 0 && entities[len(entities)-1]["description"] == s.table {
			list := entities[len(entities)-1]["steps"].(dict)
			list["list"] = append(list["list"].([]dict), stage)
			continue
		}
		entities = append(entities, dict{"__class": "EntityStep" + objectModel, "id": "EntityStep" + strconv.Itoa(n), "description": s.table, "name": nil, "stepLabels": dict{"list": []dict{}}, "relationshipName": nil, "isClosedLoop": false, "steps": dict{"list": []dict{stage}}})
	}
	return encoded(dict{
		"__class": "WorkflowStep" + objectModel, "id": "WorkflowStep0", "description": "", "name": nil, "stepLabels": dict{"list": []dict{}}, "category": 4, "businessProcessType": 0, "mode": 0,
		"title": labels(of.label)[1033], "workflowEntityId": of.id(), "formId": nil, "primaryEntityName": of.primary, "isCrmUIWorkflow": true, "nextStepIndex": 100, "steps": dict{"list": entities},
	})
}

// stageData is a stage's own clientdata: its steps with column and requirement.
func (f *filler) stageData(s stagePlan) string {
	list := []dict{}
	for _, one := range f.steps(s) {
		list = append(list, dict{"DisplayName": f.inOwn(one.label), "Type": "Field", "Field": dict{"AttributeName": one.column, "IsRequired": one.required}})
	}
	return encoded(list)
}

// inOwn gives a label in the organization's language.
func (f *filler) inOwn(l schema.Label) string { return l.In(f.org.LCID) }

func encoded(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and numbers only
	}
	return string(b)
}

// flowRows are the definitions of the flows and their stages.
func (f *filler) flowRows() {
	for n, of := range flows {
		parts := strings.Split(of.label, "|")
		row := engine.Row{
			"workflowid": of.id(), "name": f.say(parts[0] + "|" + parts[2]), "uniquename": strings.ToLower(of.table), "category": 4, "type": 1, "businessprocesstype": 0, "primaryentity": of.primary,
			"processorder": n + 1, "clientdata": f.definition(of), "iscrmuiworkflow": true, "ismanaged": true, "statecode": 1, "statuscode": 2, "ownerid": f.staff[0].owner(),
		}
		if !within(of.only, f.plan.key) {
			row["statecode"], row["statuscode"] = 0, 1
		}
		f.insert("workflow", row)
		for i, s := range of.stages {
			f.insert("processstage", engine.Row{
				"processstageid": of.stage(i), "stagename": f.say(s.name), "stagecategory": s.category, "processid": ref("workflow", of.id()), "primaryentitytypecode": s.table,
				"clientdata": f.stageData(s), "operationid": 0,
			})
		}
	}
}

// going puts a row into a flow, at a stage.
func (f *filler) going(of *flow, name, column string, about engine.Ref, stage int, began time.Time, finished bool) {
	var path []string
	for n := range stage + 1 {
		path = append(path, of.stage(n))
	}
	row := engine.Row{
		"businessprocessflowinstanceid": f.next(of.table), "name": name, column: about, "activestageid": ref("processstage", of.stage(stage)), "activestagestartedon": began, "processid": ref("workflow", of.id()),
		"traversedpath": strings.Join(path, ","), "duration": 0, "organizationid": f.org.ID, "statecode": 0, "statuscode": 1, "createdon": began,
	}
	if finished {
		row["statecode"], row["statuscode"], row["completedon"] = 1, 2, began
	}
	f.insert(strings.ToLower(of.table), row)
}

// flowInstances say how far open rows are.
func (f *filler) flowInstances() {
	began := f.at(-2, 9, 0)
	if of := flowOf("opportunity", f.plan.key); of != nil {
		for _, d := range f.deals {
			if d.open {
				f.going(of, d.name, "opportunityid", ref("opportunity", d.id), d.stage, began, false)
			}
		}
	}
	if of := flowOf("lead", f.plan.key); of != nil {
		for _, l := range f.leads {
			f.going(of, l.name, "leadid", ref("lead", l.id), 0, began, false)
		}
	}
	if of := flowOf("incident", f.plan.key); of != nil {
		for n, c := range f.cases {
			if c.open {
				f.going(of, c.title, "incidentid", ref("incident", c.id), n%3, began, false)
			}
		}
	}
}

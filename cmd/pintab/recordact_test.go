package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// open makes a record for a story and gives its address on the page.
func (c *clerk) open(set, table, owner string, row map[string]any) (id, link string) {
	c.Helper()
	id = c.make(set, owner, row)
	return id, c.addressOf(table, id)
}

// Every way of closing a record and of opening it again: what is told is what another client reads then, and the second click does
// nothing more.
func TestRecordsAreClosedInEveryWay(t *testing.T) {
	for _, one := range []struct {
		name, organization, person, set, table string
		row                                    map[string]any
		do                                     string
		typed                                  url.Values
		says                                   string
		state                                  float64
		again                                  string // the way back; "" for none
	}{
		{"won", "harbor-sales", "tomas@harborfinch.example", "opportunities", "opportunity", map[string]any{"name": "Quill deal"}, "win", url.Values{"actualrevenue": {"1,200"}, "description": {"Good price"}}, "Closed as won", 1, "reopen"},
		{"lost", "harbor-sales", "tomas@harborfinch.example", "opportunities", "opportunity", map[string]any{"name": "Quill deal"}, "lose", url.Values{"description": {"Too dear"}}, "Closed as lost", 2, "reopen"},
		{"disqualified", "harbor-sales", "tomas@harborfinch.example", "leads", "lead", map[string]any{"subject": "Quill lead", "lastname": "Quill"}, "disqualify", nil, "Disqualified", 2, "reopen"},
		{"qualified", "harbor-sales", "priya@harborfinch.example", "leads", "lead", map[string]any{"subject": "Quill lead", "lastname": "Quill", "companyname": "Quill Ltd"}, "qualify", nil, "Qualified", 1, ""},
		{"resolved", "harbor-service", "lucia@harborfinch.example", "incidents", "incident", map[string]any{"title": "Quill case"}, "resolve", url.Values{"subject": {"Explained on the phone"}, "timespent": {"15"}}, "Resolved", 1, "reopen"},
		{"cancelled", "harbor-service", "lucia@harborfinch.example", "incidents", "incident", map[string]any{"title": "Quill case"}, "cancel", nil, "Marked as cancelled", 2, "reopen"},
	} {
		t.Run(one.name, func(t *testing.T) {
			o := newClerk(t, one.organization)
			if one.table == "incident" {
				one.row["customerid_account@odata.bind"] = "/accounts(" + o.make("accounts", one.person, map[string]any{"name": "Quill customer"}) + ")"
			}
			id, link := o.open(one.set, one.table, one.person, one.row)
			v, _ := visit(t, one.person)
			read := v.get(link)
			to, typed := v.do(read, one.do)
			if one.do == "resolve" {
				typed.Set("subject", "")
				empty := v.post(to, typed)
				empty.wantStatus(http.StatusUnprocessableEntity)
				empty.wantText(`[data-testid=dialog] [data-column="subject"] [data-testid=problem]`, "Please fill this in.")
			}
			for name, values := range one.typed {
				typed[name] = values
			}
			closed := v.post(to, typed)
			closed.wantStatus(http.StatusOK)
			closed.wantText("[data-testid=receipt]", one.says)
			held := func() any { return o.get(one.set + "(" + id + ")?$select=statecode")["statecode"] }
			if held() != one.state {
				t.Errorf("the state is %v", held())
			}
			v.post(to, typed).wantStatus(http.StatusOK)
			switch one.do {
			case "resolve":
				if made := o.list("incidentresolutions?$select=subject,timespent&$filter=_incidentid_value eq " + id); len(made) != 1 || made[0]["subject"] != "Explained on the phone" || made[0]["timespent"] != 15.0 {
					t.Errorf("resolutions: %v", made)
				}
			case "win", "lose":
				if made := o.list("opportunitycloses?$select=description&$filter=_opportunityid_value eq " + id); len(made) != 1 || made[0]["description"] != one.typed.Get("description") {
					t.Errorf("closing activities: %v", made)
				}
			case "qualify":
				if made := o.list("opportunities?$select=name&$filter=_originatingleadid_value eq " + id); len(made) != 1 {
					t.Errorf("opportunities: %v", made)
				}
			}
			if one.again == "" {
				return
			}
			closed.wantText("[data-testid=closed]", "This record is closed")
			opened := v.post(v.do(closed, one.again))
			opened.wantText("[data-testid=receipt]", "Opened again")
			if held() != 0.0 || opened.page.Find("[data-testid=closed]").Length() != 0 {
				t.Errorf("the state is %v", held())
			}
		})
	}
}

// Whoever may not is not offered it and refused; whoever is late is told; an answer that was lost is found out.
func TestClosingThatGoesWrong(t *testing.T) {
	o := newClerk(t, "harbor-sales")
	const tomas = "tomas@harborfinch.example"
	state := func(id string) any { return o.get("opportunities(" + id + ")?$select=statecode")["statecode"] }
	v, _ := visit(t, tomas)

	id, link := o.open("opportunities", "opportunity", tomas, map[string]any{"name": "Quill deal"})
	reader, _ := visit(t, "joanna@harborfinch.example")
	read := reader.get(link)
	if offered := read.page.Find(`[data-testid=commands] [data-dialog]`); offered.Length() != 0 {
		t.Errorf("somebody who may only read is offered %q", offered.Text())
	}
	refused := reader.get(strings.Replace(link, "/tab/record?", "/tab/record/act?do=win&", 1))
	refused.wantStatus(http.StatusNotFound)
	refused.wantText("main", "you may not do it")

	to, typed := v.do(v.get(link), "win")
	late, lateTyped := v.do(v.get(link), "lose")
	v.post(to, typed).wantText("[data-testid=receipt]", "Closed as won")
	second := v.post(late, lateTyped)
	if second.status < 400 || second.page.Find("[data-testid=receipt]").Length() != 0 || state(id) != 1.0 {
		t.Errorf("lost after it was won: %d %q, the state is %v", second.status, second.text("main"), state(id))
	}

	id, link = o.open("opportunities", "opportunity", tomas, map[string]any{"name": "Quill deal"})
	to, typed = v.do(v.get(link), "win")
	o.change("opportunities("+id+")", map[string]any{"description": "Changed by somebody"})
	changed := v.post(to, typed)
	changed.wantStatus(http.StatusConflict)
	changed.wantText("[data-testid=failed]", "Somebody changed this record")
	if state(id) != 0.0 {
		t.Errorf("the state is %v", state(id))
	}

	id, link = o.open("opportunities", "opportunity", tomas, map[string]any{"name": "Quill deal"})
	to, typed = v.do(v.get(link), "win")
	misbehave(t, at.Dataverse, map[string]any{"path": "WinOpportunity", "method": "POST", "status": 502, "times": 1, "after_effect": true})
	lost := v.post(to, typed)
	lost.wantStatus(http.StatusOK)
	lost.wantText("[data-testid=receipt]", "was lost on the way")
	if made := o.list("opportunitycloses?$select=activityid&$filter=_opportunityid_value eq " + id); state(id) != 1.0 || len(made) != 1 {
		t.Errorf("the state is %v, %d closing activities", state(id), len(made))
	}
}

// A record that was merged into another says so, leads there, and cannot be opened again.
func TestAMergedRecordLeadsToTheOneThatIsLeft(t *testing.T) {
	o := newClerk(t, "harbor-service")
	const lucia = "lucia@harborfinch.example"
	customer := "/accounts(" + o.make("accounts", lucia, map[string]any{"name": "Quill customer"}) + ")"
	left, _ := o.open("incidents", "incident", lucia, map[string]any{"title": "Quill that is left", "customerid_account@odata.bind": customer})
	id, link := o.open("incidents", "incident", lucia, map[string]any{"title": "Quill merged", "customerid_account@odata.bind": customer})
	o.change("incidents("+id+")", map[string]any{"masterid@odata.bind": "/incidents(" + left + ")", "statecode": 2})
	v, _ := visit(t, lucia)
	merged := v.get(link)
	merged.wantStatus(http.StatusOK)
	merged.wantText("[data-testid=merged]", "Quill that is left")
	if merged.page.Find(`[data-key="reopen"], [data-testid=closed], a[data-edit]`).Length() != 0 {
		t.Error("a merged record is offered to be changed")
	}
	surviving := v.get(merged.page.Find("[data-testid=merged] a").AttrOr("href", "/"))
	surviving.wantText(".record h1", "Quill that is left")
}

// What the form wants and the record does not have keeps the whole form from being saved, as in Dynamics, and says so at the field;
// another field alone can be changed all the same.
func TestWhatWasEmptyBeforeIsSaidAtItsField(t *testing.T) {
	o := newClerk(t, "harbor-sales")
	const priya = "priya@harborfinch.example"
	id, link := o.open("opportunities", "opportunity", priya, map[string]any{"name": "Quill deal"})
	v, _ := visit(t, priya)
	edit := v.get(v.on(link, "Deal desk") + "&edit=1")
	typed := edit.typed()
	typed.Set("closeprobability", "40")
	whole := v.post(edit.action(), typed)
	whole.wantStatus(http.StatusUnprocessableEntity)
	whole.wantText(`[data-column="estimatedvalue"] [data-testid=problem]`, "It was empty before")
	whole.wantText(`#problems a[href="#f-estimatedvalue"]`, "Est")
	one := v.post(edit.action(), url.Values{"_form": {typed.Get("_form")}, "closeprobability": {"40"}})
	one.wantStatus(http.StatusOK)
	if held := o.get("opportunities(" + id + ")")["closeprobability"]; held != 40.0 {
		t.Errorf("%v", held)
	}
}

// A third export of one person at once is told to wait, and in what time to come back.
func TestExportsOfOnePersonWait(t *testing.T) {
	v, home := visit(t, "priya@harborfinch.example")
	file := strings.Replace(v.viewOf(home, "account", "format", "csv"), "/tab/view?", "/tab/view/export?", 1)
	misbehave(t, at.Dataverse, map[string]any{"path": "/accounts?", "method": "GET", "delay_ms": 4000, "times": 100})
	ended := make(chan answer)
	for range 3 {
		go func() { ended <- v.get(file) }()
	}
	first := <-ended
	first.wantStatus(http.StatusTooManyRequests)
	first.wantText("main", "Two of your exports are still running")
	if first.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After %q", first.header.Get("Retry-After"))
	}
	for range 2 {
		if file := <-ended; file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") {
			t.Errorf("%d %.200s", file.status, file.body)
		}
	}
	behave(t, at.Dataverse)
	v.get(file).wantStatus(http.StatusOK)
}

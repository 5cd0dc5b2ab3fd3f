package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// begunDeal makes an opportunity of Tomas's in the first stage of its process, with what that stage requires or without it.
func begunDeal(k *clerk, name string, ready bool) string {
	k.Helper()
	first := func(path, column string) string {
		k.Helper()
		rows := k.list(path)
		if len(rows) == 0 {
			k.Fatal("nothing at", path)
		}
		return rows[0][column].(string)
	}
	seller := first("systemusers?$select=systemuserid&$filter=azureactivedirectoryobjectid eq a1000000-0000-4000-8000-000000000002", "systemuserid")
	contact := first("contacts?$select=contactid&$top=1", "contactid")
	process := first("workflows?$select=workflowid&$filter=uniquename eq 'opportunitysalesprocess' and type eq 1", "workflowid")
	stage := first("processstages?$select=processstageid&$orderby=stagecategory&$filter=_processid_value eq "+process, "processstageid")
	deal := map[string]any{"name": name, "ownerid@odata.bind": "/systemusers(" + seller + ")"}
	if ready {
		deal["purchasetimeframe"], deal["parentcontactid@odata.bind"] = 1, "/contacts("+contact+")"
	}
	k.create("opportunities", deal)
	id := first("opportunities?$select=opportunityid&$filter=name eq '"+name+"'", "opportunityid")
	k.create("opportunitysalesprocesses", map[string]any{
		"name": name, "opportunityid@odata.bind": "/opportunities(" + id + ")", "processid@odata.bind": "/workflows(" + process + ")",
		"activestageid@odata.bind": "/processstages(" + stage + ")", "traversedpath": stage,
	})
	return id
}

func (c *clerk) create(set string, row map[string]any) {
	c.Helper()
	if status, text := c.ask(http.MethodPost, set, row); status != http.StatusNoContent {
		c.Fatalf("%s: %d %.300s", set, status, text)
	}
}

// stageOf is the stage that the organization holds.
func (c *clerk) stageOf(opportunity string) string {
	c.Helper()
	rows := c.list("opportunitysalesprocesses?$select=traversedpath&$filter=_opportunityid_value eq " + opportunity + "&$expand=activestageid($select=stagename)")
	name, _ := rows[0]["activestageid"].(map[string]any)["stagename"].(string)
	return name
}

// stageForm is what a browser sends of the stage that is open for typing.
func (a answer) stageForm(to string) (string, url.Values) {
	a.Helper()
	form := a.page.Find("form#stage")
	v := url.Values{"_to": {to}}
	a.page.Find(`form#stage [name], [form="stage"][name]`).Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "" || s.Is("button") || (kind == "checkbox" || kind == "radio") && !checked:
		case s.Is("select"):
			v.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case s.Is("textarea"):
			v.Add(name, strings.TrimPrefix(s.Text(), "\n"))
		default:
			v.Add(name, s.AttrOr("value", ""))
		}
	})
	if form.Length() != 1 {
		a.Fatalf("no form of a stage: %.300s", a.text("main"))
	}
	return form.AttrOr("action", ""), v
}

// A record goes through its process without script: what a stage requires is asked for at its fields, typing it moves the record
// on, undoing moves it back, and whoever comes late is told.
func TestARecordGoesThroughItsProcess(t *testing.T) {
	k := newClerk(t, "harbor-sales")
	id := begunDeal(k, "Quay in stages", true)
	v, _ := visit(t, "tomas@harborfinch.example")
	page := v.get(k.addressOf("opportunity", id))
	page.wantStatus(http.StatusOK)
	if now := strings.TrimSpace(page.page.Find(`[aria-current="step"] .stage-name`).Text()); now != "Qualify" || page.page.Find(".stages > li").Length() != 4 {
		t.Fatal(now)
	}
	late := page

	to, form := page.stageForm("next")
	form.Set("description", "Typed in the stage")
	moved := v.post(to, form)
	moved.wantStatus(http.StatusOK)
	moved.wantText("[data-testid=receipt]", "Moved to the next stage")
	moved.wantText("[data-testid=receipt]", "Develop")
	moved.wantText(`[aria-current="step"] .stage-name`, "Develop")
	if k.stageOf(id) != "Develop" {
		t.Error(k.stageOf(id))
	}

	to, form = moved.stageForm("next")
	form.Set("proposedsolution", "Kept while asking")
	unmet := v.post(to, form)
	unmet.wantStatus(http.StatusUnprocessableEntity)
	if field := unmet.page.Find(`.stage details[open] [data-column="customerneed"]`); !strings.Contains(field.Text(), "asks for this before the next stage") || field.Find(`[aria-invalid="true"]`).Length() != 1 {
		t.Error("the missing step is not told at its field:", field.Text())
	}
	if link, _ := unmet.page.Find("#problems a").Attr("href"); unmet.page.Find("[id='"+strings.TrimPrefix(link, "#")+"']").Length() != 1 {
		t.Errorf("the problem leads to %q, which is not there", link)
	}
	to, form = unmet.stageForm("next")
	if form.Get("proposedsolution") != "Kept while asking" || k.stageOf(id) != "Develop" {
		t.Error("what was typed is gone, or the record moved all the same")
	}
	form.Set("customerneed", "A crane")
	moved = v.post(to, form)
	moved.wantText(`[aria-current="step"] .stage-name`, "Propose")

	undo := v.post(moved.page.Find(`form[action*="/undo"]`).AttrOr("action", ""), url.Values{"_undo": {moved.page.Find("[name=_undo]").AttrOr("value", "")}})
	undo.wantText(`[aria-current="step"] .stage-name`, "Develop")
	if held := k.get("opportunities(" + id + ")?$select=customerneed"); k.stageOf(id) != "Develop" || held["customerneed"] != nil {
		t.Error(k.stageOf(id), held)
	}

	to, form = late.stageForm("abandon")
	tooLate := v.post(to, form)
	tooLate.wantStatus(http.StatusConflict)
	tooLate.wantText("[role=alert]", "Somebody has moved this record")
	if k.stageOf(id) != "Develop" {
		t.Error(k.stageOf(id))
	}

	reader, _ := visit(t, "joanna@harborfinch.example")
	seen := reader.get(k.addressOf("opportunity", id))
	seen.wantText(`[aria-current="step"] .stage-name`, "Develop")
	if n := seen.page.Find(`form#stage, [name="_to"]`).Length(); n > 0 {
		t.Errorf("somebody who may only look is offered %d ways", n)
	}
	none, _ := visit(t, "omar@harborfinch.example")
	if n := none.get(k.addressOf("opportunity", id)).page.Find("[data-testid=process]").Length(); n > 0 {
		t.Error("somebody without access sees the process")
	}
}

// The stages work by mouse and keyboard in Teams: a flyout opens, what is missing is told in it, and the move comes with a receipt.
func TestStagesInTeams(t *testing.T) {
	k := newClerk(t, "harbor-sales")
	id := begunDeal(k, "Quay by hand", true)
	c := sitDown(t, "tomas@harborfinch.example")
	page := c.opened(k.addressOf("opportunity", id))
	c.must(page.Click(".stage.now summary"))
	c.must(page.Wait(`document.querySelector(".stage.now details").open`, patience))
	c.press(page, "Escape", false)
	c.must(page.Wait(`!document.querySelector(".stage.now details").open && document.activeElement.matches(".stage.now summary")`, patience))
	c.must(page.Click(".stage.now summary"))
	c.picture("open")
	c.must(page.Click(`button[name="_to"][value="next"]`))
	c.must(page.Wait(`document.querySelector("[data-testid=receipt]") && document.querySelector('.stage.now .stage-name').textContent.includes("Develop")`, patience))
	c.picture("moved")
	c.must(page.Click(".stage.now summary"))
	c.must(page.Click(`button[name="_to"][value="next"]`))
	c.must(page.Has(`.stage details[open] [data-column="customerneed"] [aria-invalid]`, patience))
	c.picture("unmet")
	c.must(page.Type("#sf-customerneed", "A crane"))
	c.must(page.Click(`button[name="_to"][value="next"]`))
	c.must(page.Wait(`document.querySelector('.stage.now .stage-name').textContent.includes("Propose")`, patience))
	c.must(page.Click("[data-key=undo]"))
	c.must(page.Wait(`document.querySelector('.stage.now .stage-name').textContent.includes("Develop")`, patience))
	if k.stageOf(id) != "Develop" {
		t.Error(k.stageOf(id))
	}
	if problems := c.window.Problems(); len(problems) > 0 && !strings.Contains(strings.Join(problems, ""), "status of ") {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
}

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// with opens a record with the list or timeline in it that has a link with a key, and gives that link. Lists that have not come are
// asked for as without script.
func (v *visitor) with(path, key, has string) (answer, string) {
	v.Helper()
	read := v.get(path)
	read.wantStatus(http.StatusOK)
	for _, page := range append([]answer{read}, v.awaited(read)...) {
		for _, link := range page.page.Find(`section[data-part] [data-key="` + key + `"]`).EachIter() {
			if href := link.AttrOr("href", ""); strings.Contains(href, has) && partOf(link).Length() == 1 {
				return page, href
			}
		}
	}
	return read, ""
}

func partOf(s *goquery.Selection) *goquery.Selection { return s.Closest("section[data-part]") }

func (v *visitor) awaited(read answer) (pages []answer) {
	for _, await := range read.page.Find(`section[data-await] a[data-swap]`).EachIter() {
		pages = append(pages, v.get(await.AttrOr("href", "")))
	}
	return pages
}

// dialog is what the form of a dialog sends as it is, and where it goes.
func (a answer) dialog() (to string, typed url.Values) {
	a.Helper()
	form := a.page.Find(`form[id="dialog"]`)
	if form.Length() != 1 {
		a.Fatalf("no dialog: %d %.500s", a.status, a.text("main"))
	}
	typed = url.Values{}
	a.page.Find(`[form="dialog"], form[id="dialog"] [name]`).Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "" || s.Is("button") || (kind == "checkbox" || kind == "radio") && !checked:
		case s.Is("select"):
			typed.Add(name, s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", "")))
		case s.Is("textarea"):
			typed.Add(name, strings.TrimPrefix(s.Text(), "\n"))
		default:
			typed.Add(name, s.AttrOr("value", ""))
		}
	})
	return form.AttrOr("action", ""), typed
}

// undo sends the form of the receipt.
func (v *visitor) undo(a answer) answer {
	v.Helper()
	form := a.page.Find("[data-testid=receipt] form")
	if form.Length() != 1 {
		v.Fatalf("nothing to take back: %.300s", a.text("[data-testid=receipt]"))
	}
	back := v.post(form.AttrOr("action", ""), url.Values{"_undo": {form.Find("input").AttrOr("value", "")}})
	back.wantStatus(http.StatusOK)
	back.wantText("[data-testid=receipt]", "Taken back")
	return back
}

// Records that are there already are looked for and put on a list, without script: those that belong to one record, and those that
// belong to many. Sent twice it is done once, the receipt says what each belonged to before, and takes it back.
func TestExistingRecordsArePutOnAList(t *testing.T) {
	o := newClerk(t, "harbor-sales")
	const priya = "priya@harborfinch.example"
	hub := o.make("accounts", priya, map[string]any{"name": "Quillmark Hub"})
	elsewhere := o.make("accounts", priya, map[string]any{"name": "Quillmark Elsewhere"})
	free := o.make("contacts", priya, map[string]any{"firstname": "Zora", "lastname": "Quillfree"})
	theirs := o.make("contacts", priya, map[string]any{"firstname": "Zora", "lastname": "Quilltheirs", "parentcustomerid_account@odata.bind": "/accounts(" + elsewhere + ")"})
	lead := o.make("leads", priya, map[string]any{"subject": "Quilllead", "lastname": "Quilllead"})
	v, _ := visit(t, priya)
	link := v.on(o.addressOf("account", hub), "Account")

	_, add := v.listed(link, "contact", "add")
	dialog := v.get(add)
	dialog.wantText("[data-testid=dialog] h1", "Add existing")
	to, typed := dialog.dialog()
	typed.Set("_find", "records")
	typed.Set("_find.records", "Zora Quill")
	found := v.post(to, typed)
	found.wantStatus(http.StatusOK)
	choices := found.page.Find(`[data-testid=dialog] input[type="checkbox"][name="records"]`)
	if choices.Length() != 2 {
		t.Fatalf("%d are found: %.400s", choices.Length(), found.text("main"))
	}
	to, typed = found.dialog()
	choices.Each(func(_ int, s *goquery.Selection) { typed.Add("records", s.AttrOr("value", "")) })
	added := v.post(to, typed)
	added.wantStatus(http.StatusOK)
	for _, words := range []string{"Added", "Zora Quillfree", "Zora Quilltheirs", "belonged to Quillmark Elsewhere before"} {
		added.wantText("[data-testid=receipt]", words)
	}
	added.wantText(`section[data-part]:has([data-key="add"])`, "Zora Quillfree")
	belongs := func(id string) any {
		return o.get("contacts(" + id + ")?$select=_parentcustomerid_value")["_parentcustomerid_value"]
	}
	if belongs(free) != hub || belongs(theirs) != hub {
		t.Errorf("they belong to %v and %v", belongs(free), belongs(theirs))
	}
	twice := v.post(to, typed)
	twice.wantText("[data-testid=receipt]", "not done twice")
	v.undo(added)
	if belongs(free) != nil || belongs(theirs) != elsewhere {
		t.Errorf("they belong to %v and %v again", belongs(free), belongs(theirs))
	}

	_, add = v.listed(link, "lead", "add")
	to, typed = v.get(add).dialog()
	typed.Add("records", "lead:"+lead+":Quilllead")
	v.post(to, typed).wantText("[data-testid=receipt]", "Quilllead")
	ties := func() int { return len(o.list("accounts(" + hub + ")/accountleads_association?$select=leadid")) }
	if ties() != 1 {
		t.Errorf("%d leads", ties())
	}
	list, _ := v.listed(link, "lead", "add")
	off := v.get(list.page.Find(`a[href*="remove=lead.`+lead+`"]`).AttrOr("href", "/"))
	to, typed = off.dialog()
	removed := v.post(to, typed)
	removed.wantText("[data-testid=receipt]", "Removed from the list")
	removed.wantText("[data-testid=receipt] li", "Quilllead")
	if ties() != 0 {
		t.Errorf("%d leads are left", ties())
	}
	v.undo(removed)
	if ties() != 1 {
		t.Errorf("%d leads after taking it back", ties())
	}
}

// What cannot be put on a list is said, record by record, and what is not offered is refused.
func TestWhatIsNotPutOnAList(t *testing.T) {
	o := newClerk(t, "harbor-sales")
	const priya = "priya@harborfinch.example"
	hub := o.make("accounts", priya, map[string]any{"name": "Quillmark Hub"})
	contact := o.make("contacts", priya, map[string]any{"lastname": "Quillthere"})
	v, _ := visit(t, priya)
	link := v.on(o.addressOf("account", hub), "Account")
	_, add := v.listed(link, "contact", "add")
	to, typed := v.get(add).dialog()

	nothing := v.post(to, typed)
	nothing.wantStatus(http.StatusUnprocessableEntity)
	nothing.wantText("[data-testid=dialog] [data-testid=failed]", "Choose at least one record")
	typed["records"] = []string{"contact:0b000000-0000-4000-8000-00000000dead:Somebody", "account:" + hub + ":of another kind"}
	gone := v.post(to, typed)
	gone.wantStatus(http.StatusUnprocessableEntity)
	gone.wantText("[data-testid=dialog] [data-testid=failed]", "was deleted")
	typed.Add("records", "contact:"+contact+":Quillthere")
	mixed := v.post(to, typed)
	mixed.wantStatus(http.StatusOK)
	mixed.wantText("[data-testid=receipt]", "Somebody – This Contact was deleted")
	if o.get("contacts(" + contact + ")")["_parentcustomerid_value"] != hub {
		t.Error("the other was not added")
	}

	reader, _ := visit(t, "joanna@harborfinch.example")
	if page, offered := reader.with(v.on(o.addressOf("account", hub), "Account"), "add", ""); offered != "" || page.page.Find(`[data-key="new"]`).Length() > 0 {
		t.Errorf("somebody who may only read is offered %s", offered)
	}
	for _, path := range []string{add, strings.Replace(add, "/add?", "/related?remove=contact."+contact+"&", 1)} {
		refused := reader.get(path)
		refused.wantStatus(http.StatusNotFound)
		refused.wantText("main", "This cannot be done with the record any more, or you may not do it.")
	}
	if answer := reader.post(to, typed); answer.status < 400 || o.get("contacts(" + contact + ")")["_parentcustomerid_value"] != hub {
		t.Errorf("%d", answer.status)
	}
}

// on is the address of a record on the form of a name.
func (v *visitor) on(link, form string) string {
	v.Helper()
	read := v.get(link)
	for _, option := range read.page.Find(`select[name="form"] option`).EachIter() {
		if option.Text() == form {
			return link + "&form=" + option.AttrOr("value", "")
		}
	}
	return link
}

// listed is the page with the list of a table, and where one of its links leads.
func (v *visitor) listed(link, table, key string) (answer, string) {
	v.Helper()
	read := v.get(link)
	read.wantStatus(http.StatusOK)
	for _, page := range append([]answer{read}, v.awaited(read)...) {
		for _, part := range page.page.Find("section[data-part]").EachIter() {
			if !strings.Contains(part.Find(`[data-key="new"]`).AttrOr("href", ""), "new="+table) {
				continue
			}
			if href := part.Find(`[data-key="`+key+`"]`).AttrOr("href", ""); href != "" {
				return page, href
			}
		}
	}
	v.Fatalf("no list of %s with %s: %.500s", table, key, read.text("main"))
	return read, ""
}

// Activities are made from the timeline, about the record; the timeline shows them, and offers to end those that are open, once.
func TestActivitiesAreMadeAndEndedInTheTimeline(t *testing.T) {
	o := newClerk(t, "harbor-sales")
	const tomas = "tomas@harborfinch.example"
	contact := o.make("contacts", tomas, map[string]any{"firstname": "Zora", "lastname": "Quilltime"})
	v, _ := visit(t, tomas)
	link := o.addressOf("contact", contact)
	for _, one := range []struct {
		table, set string
		typed      url.Values
		end        string
		state      float64
	}{
		{"task", "tasks", url.Values{"subject": {"Quill task"}}, "complete", 1},
		{"phonecall", "phonecalls", url.Values{"subject": {"Quill call"}}, "complete", 1},
		{"appointment", "appointments", url.Values{"subject": {"Quill meeting"}, "scheduledstart": {"2027-03-01T09:00"}, "scheduledend": {"2027-03-01T10:00"}}, "cancel", 2},
		{"email", "emails", url.Values{"subject": {"Quill mail"}}, "cancel", 2},
	} {
		_, create := v.with(link, "add-"+one.table, "new="+one.table)
		if create == "" {
			t.Errorf("no %s can be made", one.table)
			continue
		}
		blank := v.get(create)
		blank.wantStatus(http.StatusOK)
		typed := blank.typed()
		for name, values := range one.typed {
			typed[name] = values
		}
		for range 2 {
			v.post(blank.action(), typed).wantText("[data-testid=receipt]", "Created")
		}
		made := o.list(one.set + "?$select=activityid,subject,statecode&$filter=_regardingobjectid_value eq " + contact)
		if len(made) != 1 || made[0]["subject"] != one.typed.Get("subject") {
			t.Errorf("%s: %v", one.table, made)
			continue
		}
		id := made[0]["activityid"].(string)
		if one.table == "phonecall" {
			parties := o.list("activityparties?$select=participationtypemask,_partyid_value&$filter=_activityid_value eq " + id + " and _partyid_value eq " + contact)
			if !strings.Contains(fmt.Sprint(parties), "participationtypemask:2") {
				t.Errorf("the call is not to whom it is about: %v", parties)
			}
		}
		entry := func() *goquery.Selection { return v.get(link).page.Find(`[data-entry="` + id + `"]`) }
		ends := entry().Find(`a[href*="do=` + one.end + `"]`)
		if ends.Length() != 1 {
			t.Errorf("%s cannot be ended: %q", one.table, entry().Text())
			continue
		}
		to, sent := v.get(ends.AttrOr("href", "")).dialog()
		ended := v.post(to, sent)
		ended.wantStatus(http.StatusOK)
		ended.wantText(".record h1", "Zora Quilltime")
		ended.wantText("[data-testid=receipt]", map[string]string{"complete": "Marked complete", "cancel": "Marked as cancelled"}[one.end])
		if state := o.get(one.set + "(" + id + ")")["statecode"]; state != one.state {
			t.Errorf("%s has state %v", one.table, state)
		}
		if entry().Length() != 1 || entry().Find("a[data-dialog]").Length() != 0 {
			t.Errorf("%s is offered to be ended again: %q", one.table, entry().Text())
		}
	}
	reader, _ := visit(t, "joanna@harborfinch.example")
	task := o.make("tasks", tomas, map[string]any{"subject": "Quill open", "regardingobjectid_contact_task@odata.bind": "/contacts(" + contact + ")"})
	shown := reader.get(link)
	if offered := shown.page.Find(`[data-testid=timeline] .adds a, [data-entry] a[data-dialog]`); offered.Length() != 0 || shown.page.Find(`[data-entry="`+task+`"]`).Length() != 1 {
		t.Errorf("somebody who may only read is offered %q in %q", offered.Text(), shown.text("[data-testid=timeline]"))
	}
}

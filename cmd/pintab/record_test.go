package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// recordLink is the first link to a record of a table on a page; of any table when that is "".
func (a answer) recordLink(table string) string {
	a.Helper()
	return a.recordLinks(table)[0]
}

// recordLinks are the links to records of a table on a page, at least one.
func (a answer) recordLinks(table string) (links []string) {
	a.Helper()
	for _, link := range a.page.Find(`a[href^="/tab/record?"]`).EachIter() {
		u, err := url.Parse(link.AttrOr("href", ""))
		if err != nil {
			a.Fatal(err)
		}
		if table == "" || u.Query().Get("table") == table {
			links = append(links, u.String())
		}
	}
	if len(links) == 0 {
		a.Fatalf("no link to a record of %s on %.300s", table, a.text("main"))
	}
	return links
}

// sales signs somebody in and gives the opportunities of the sales organization, wherever other stories have left that person.
func sales(t *testing.T, person string) (*visitor, answer) {
	t.Helper()
	v, _ := visit(t, person)
	return v, v.get("/tab/view?" + url.Values{"org": {at.Dataverse + "/harbor-sales"}, "table": {"opportunity"}}.Encode())
}

// typed is what a browser sends for the form on a page that nobody has touched.
func (a answer) typed() url.Values {
	v := url.Values{}
	a.page.Find(`[form="record"], form[id="record"] [name]`).Each(func(_ int, s *goquery.Selection) {
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
	return v
}

// action is where the form of the page goes.
func (a answer) action() string {
	a.Helper()
	to := a.page.Find(`form[id="record"]`).AttrOr("action", "")
	if to == "" {
		a.Fatalf("nothing to type into: %.400s", a.text("main"))
	}
	return to
}

// A record opens from the dashboard, its form is typed into without script, and what was saved is said and taken back.
func TestARecordIsChangedAndChangedBack(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	link := home.recordLink("opportunity")
	read := v.get(link)
	read.wantStatus(http.StatusOK)
	name := read.text(".record h1")
	if name == "" || read.page.Find("[data-testid=field]").Length() < 5 {
		t.Fatalf("no record: %.600s", read.text("main"))
	}
	edit := v.get(link + "&edit=1")
	typed := edit.typed()
	if typed.Get("name") != name {
		t.Fatalf("%q is typed as %q", name, typed.Get("name"))
	}
	same := v.post(edit.action(), typed)
	same.wantStatus(http.StatusOK)
	same.wantText("[data-testid=unchanged]", "Nothing was different")

	typed.Set("name", name+" & <b>more</b>")
	saved := v.post(edit.action(), typed)
	saved.wantStatus(http.StatusOK)
	saved.wantText("[data-testid=receipt]", name+" → "+name+" & <b>more</b>")
	saved.wantText(".record h1", name+" & <b>more</b>")
	again := v.post(edit.action(), typed)
	again.wantText("[data-testid=receipt]", "not done twice")

	undo := saved.page.Find("[data-testid=receipt] form")
	back := v.post(undo.AttrOr("action", ""), url.Values{"_undo": {undo.Find("input").AttrOr("value", "")}})
	back.wantStatus(http.StatusOK)
	back.wantText("[data-testid=receipt]", "Taken back")
	if got := v.get(link).text(".record h1"); got != name {
		t.Errorf("%q is now %q", name, got)
	}
}

// What cannot be kept is said at its field, and everything else that was typed is still there.
func TestWhatCannotBeSavedIsKept(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	edit := v.get(home.recordLink("opportunity") + "&edit=1")
	typed := edit.typed()
	typed.Set("name", "")
	typed.Set("estimatedvalue", "a lot")
	refused := v.post(edit.action(), typed)
	refused.wantStatus(http.StatusUnprocessableEntity)
	refused.wantText("#problems", "2 things have to be put right")
	if got := refused.page.Find("#f-estimatedvalue").AttrOr("value", ""); got != "a lot" {
		t.Errorf("%q was typed, %q is there", "a lot", got)
	}
	refused.wantText(`[data-column="name"] .problem-text`, "Please fill this in.")
}

// Somebody whose session ends while they type loses nothing.
func TestAnEndedSessionKeepsWhatWasTyped(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	edit := v.get(home.recordLink("opportunity") + "&edit=1")
	typed := edit.typed()
	typed.Set("name", "Typed before the session ended")
	v.post("/auth/signout", url.Values{})
	late := v.post(edit.action(), typed)
	late.wantStatus(http.StatusUnauthorized)
	late.wantText("[data-testid=resend]", "keeps what you typed")
	if got := late.page.Find(`[data-testid=resend] textarea[name="name"]`).Text(); got != "Typed before the session ended" {
		t.Errorf("%q is left", got)
	}
}

// opportunity is the address of a record that the seller may change.
func opportunity(t *testing.T) string {
	t.Helper()
	_, home := sales(t, "tomas@harborfinch.example")
	return home.recordLink("opportunity")
}

// Lists and the timeline around a record come with it, and a record of theirs leads back.
func TestWhatBelongsToARecordIsThere(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	read := v.get(home.recordLink("opportunity"))
	if n := read.page.Find(`section[data-part]:not([data-await])`).Length(); n == 0 {
		t.Fatalf("no list came: %.500s", read.text("main"))
	}
	if problem := read.text(`section[data-part] [data-testid="problem"]`); problem != "" {
		t.Errorf("a list failed: %s", problem)
	}
	account := v.get(read.recordLink("account"))
	account.wantStatus(http.StatusOK)
	if n := account.page.Find(`nav.crumbs a`).Length(); n != 2 {
		t.Errorf("%d steps back", n)
	}
	part := account.page.Find(`section[data-part]`).First().AttrOr("data-part", "")
	link, err := url.Parse(read.recordLink("account"))
	if err != nil {
		t.Fatal(err)
	}
	q := link.Query()
	q.Set("part", part)
	piece := v.get("/tab/record/part?" + q.Encode())
	piece.wantStatus(http.StatusOK)
	if piece.page.Find(`section[data-part="`+part+`"]`).Length() != 1 || piece.page.Find("h1").Length() != 0 {
		t.Errorf("not a piece: %.300s", piece.body)
	}
}

// Looking for a record works without script: what is found stands in the form, with what was typed.
func TestALookupIsFoundWithoutScript(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	edit := v.get(home.recordLink("opportunity") + "&edit=1")
	typed := edit.typed()
	typed.Set("name", "Typed before looking")
	typed.Set("_find.parentaccountid", "Contoso")
	typed.Set("_find", "parentaccountid")
	found := v.post(edit.action(), typed)
	found.wantStatus(http.StatusOK)
	choice := found.page.Find(`input[type="radio"][name="parentaccountid"]`).FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.Contains(s.AttrOr("value", ""), "Contoso")
	})
	if choice.Length() == 0 {
		t.Fatalf("nothing found: %s", found.text(`[data-column="parentaccountid"]`))
	}
	if got := found.page.Find("#f-name").AttrOr("value", ""); got != "Typed before looking" {
		t.Errorf("%q is left of what was typed", got)
	}
	again := found.typed()
	again["parentaccountid"] = []string{choice.First().AttrOr("value", "")}
	again.Set("name", edit.typed().Get("name"))
	saved := v.post(found.action(), again)
	saved.wantStatus(http.StatusOK)
	undo := saved.page.Find("[data-testid=receipt] form")
	if undo.Length() == 1 {
		v.post(undo.AttrOr("action", ""), url.Values{"_undo": {undo.Find("input").AttrOr("value", "")}}).wantStatus(http.StatusOK)
	} else {
		saved.wantText("[data-testid=unchanged]", "Nothing was different")
	}
}

// do opens the dialog of an action and gives where its form goes and what it sends as it is.
func (v *visitor) do(page answer, action string) (string, url.Values) {
	v.Helper()
	link := page.page.Find(`[data-testid=commands] [data-key="`+action+`"]`).AttrOr("href", "")
	if link == "" {
		v.Fatalf("%s is not among %s", action, page.text("[data-testid=commands]"))
	}
	dialog := v.get(link)
	dialog.wantStatus(http.StatusOK)
	form := dialog.page.Find(`form[id="dialog"]`)
	typed := url.Values{"_form": {form.Find(`input[name="_form"]`).AttrOr("value", "")}}
	if status := dialog.page.Find(`select[name="_status"] option`).First(); status.Length() == 1 {
		typed.Set("_status", status.AttrOr("value", ""))
	}
	return form.AttrOr("action", ""), typed
}

// A record is deactivated, can only be read then, and is activated again, all without script. Sent twice, it happens once.
func TestARecordIsClosedAndOpenedAgain(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	read := v.get(v.get(home.recordLink("opportunity")).recordLink("account"))
	to, typed := v.do(read, "deactivate")
	closed := v.post(to, typed)
	closed.wantStatus(http.StatusOK)
	closed.wantText("[data-testid=receipt]", "Deactivated")
	closed.wantText("[data-testid=read-only]", "Inactive")
	if closed.page.Find("[data-edit]").Length() > 0 {
		t.Error("an inactive record is offered for typing")
	}
	twice := v.post(to, typed)
	twice.wantStatus(http.StatusOK)
	twice.wantText("[data-testid=read-only]", "Inactive")
	opened := v.post(v.do(closed, "activate"))
	opened.wantStatus(http.StatusOK)
	opened.wantText("[data-testid=receipt]", "Activated")
	if opened.page.Find("[data-edit]").Length() == 0 {
		t.Error("an active record is not offered for typing")
	}
}

// A related record is made from a list of the record: it points back, and the way back is there.
func TestARelatedRecordIsMade(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	account := v.get(v.get(home.recordLink("opportunity")).recordLink("account"))
	name, link := account.text(".record h1"), ""
	for _, await := range account.page.Find(`section[data-await] a[data-swap]`).EachIter() {
		list := v.get(await.AttrOr("href", "")) // as without script
		link = list.page.Find(`section[data-part] [data-key="new"]`).First().AttrOr("href", link)
	}
	if link == "" {
		t.Fatalf("nothing can be made here: %.600s", account.text("main"))
	}
	blank := v.get(link)
	blank.wantStatus(http.StatusOK)
	typed := blank.typed()
	pointed := false
	for _, values := range typed {
		for _, value := range values {
			pointed = pointed || strings.Contains(value, name)
		}
	}
	if !pointed {
		t.Errorf("the new record does not point to %q: %.600s", name, blank.text("main"))
	}
	empty := v.post(blank.action(), typed)
	empty.wantStatus(http.StatusUnprocessableEntity)
	for _, problem := range empty.page.Find("#problems a").EachIter() {
		typed.Set(strings.TrimPrefix(problem.AttrOr("href", ""), "#f-"), "Made here")
	}
	made := v.post(blank.action(), typed)
	made.wantStatus(http.StatusOK)
	made.wantText("[data-testid=receipt]", "Created")
	made.wantText("nav.crumbs", name)
	if again := v.post(blank.action(), typed); again.page.Find("article").AttrOr("data-record", "1") != made.page.Find("article").AttrOr("data-record", "2") {
		t.Error("sent twice, two records were made")
	}
}

// Two people change the same field: the second is shown what it was, what the first made of it and what they typed, and chooses.
func TestTwoPeopleChangeTheSameField(t *testing.T) {
	first, home := sales(t, "tomas@harborfinch.example")
	second, _ := visit(t, "priya@harborfinch.example")
	link := home.recordLink("opportunity")
	mine, theirs := first.get(link+"&edit=1"), second.get(link+"&edit=1")
	was := mine.text(".record h1")
	// Script sends only the fields that were opened.
	second.post(theirs.action(), url.Values{"_form": {theirs.typed().Get("_form")}, "name": {"What Priya makes of it"}}).wantStatus(http.StatusOK)

	typed := mine.typed()
	typed.Set("name", "What Tomas wants")
	conflict := first.post(mine.action(), typed)
	conflict.wantStatus(http.StatusConflict)
	conflict.wantText("[data-testid=conflict]", "Priya Raman changed this record")
	row := conflict.text(`[data-testid=conflict-form] tr[data-column="name"]`)
	for _, words := range []string{was, "What Priya makes of it", "What Tomas wants"} {
		if !strings.Contains(row, words) {
			t.Errorf("%q does not show %q", row, words)
		}
	}
	again := conflict.typed()
	undecided := first.post(conflict.action(), again)
	undecided.wantStatus(http.StatusUnprocessableEntity)
	again.Set("_choice.name", "mine")
	again["name"] = []string{"What Tomas wants"}
	chosen := first.post(conflict.action(), again)
	chosen.wantStatus(http.StatusOK)
	chosen.wantText(".record h1", "What Tomas wants")
	back := first.get(link + "&edit=1")
	typed = back.typed()
	typed.Set("name", was)
	first.post(back.action(), typed).wantStatus(http.StatusOK)
}

// A note is added once, however often it is sent, and stands in the timeline.
func TestANoteIsAdded(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	link := home.recordLink("opportunity")
	read := v.get(link)
	dialog := v.get(read.page.Find(`[data-key="add-note"]`).AttrOr("href", ""))
	dialog.wantText("[data-testid=dialog] h1", "Add note")
	form := dialog.page.Find(`form[id="dialog"]`)
	note := url.Values{"_form": {form.Find(`input[name="_form"]`).AttrOr("value", "")}, "title": {"A call"}, "text": {"They want <b>two</b> cranes."}}
	for range 2 {
		added := v.post(form.AttrOr("action", ""), note)
		added.wantStatus(http.StatusOK)
		added.wantText("[data-testid=receipt]", "Note added")
	}
	after := v.get(link)
	if n := after.page.Find("[data-testid=entry]").Length(); n != read.page.Find("[data-testid=entry]").Length()+1 {
		t.Errorf("%d entries", n)
	}
	after.wantText("[data-testid=timeline]", "A call They want two cranes.")
	empty := v.post(form.AttrOr("action", ""), url.Values{"_form": note["_form"]})
	if empty.page.Find("[data-testid=dialog] [data-testid=failed]").Length() != 1 {
		t.Errorf("an empty note is taken: %d %.300s", empty.status, empty.text("main"))
	}
}

// Whoever may not see a record is told so, and nothing of the record is on the page.
func TestARecordOfNobodysBusiness(t *testing.T) {
	v, home := sales(t, "tomas@harborfinch.example")
	link, err := url.Parse(home.recordLink("opportunity"))
	if err != nil {
		t.Fatal(err)
	}
	name := v.get(link.String()).text(".record h1")
	other, _ := visit(t, "lucia@harborfinch.example")
	if page := other.get(link.String()); strings.Contains(page.text("body"), name) || page.page.Find("[data-testid=state]").Length() != 1 {
		t.Errorf("somebody of another organization reads %.300s", page.text("main"))
	}
	for _, id := range []string{"0b000000-0000-4000-8000-00000000dead", "x", ""} {
		q := link.Query()
		q.Set("id", id)
		page := v.get("/tab/record?" + q.Encode())
		if page.page.Find("[data-testid=state] a, [data-testid=state] button").Length() == 0 {
			t.Errorf("%q: no way on: %.300s", id, page.text("main"))
		}
	}
}

// Whoever comes back to a record is told what others made of it meanwhile, once; a first visit and one's own changes are no news.
// Who may not read the history is told who changed it.
func TestWhatOthersMadeOfARecordIsTold(t *testing.T) {
	seller, home := sales(t, "tomas@harborfinch.example")
	manager, _ := visit(t, "priya@harborfinch.example")
	administrator, _ := visit(t, "ingrid@harborfinch.example")
	// The service tells whole seconds, so it must be a record that no other story has just changed.
	links := home.recordLinks("opportunity")
	link := links[len(links)-1]
	told := func(v *visitor) string {
		t.Helper()
		page := v.get(link)
		page.wantStatus(http.StatusOK)
		return page.text("[data-testid=since]")
	}
	for _, v := range []*visitor{seller, administrator} {
		told(v)
		if words := told(v); words != "" {
			t.Errorf("nothing has happened, and it says %q", words)
		}
	}
	edit := manager.get(link + "&edit=1")
	was := edit.typed().Get("name")
	// As script does, only the field that was opened: not every deal has what a form wants.
	saved := manager.post(edit.action(), url.Values{"_form": {edit.typed().Get("_form")}, "name": {"What Priya makes of it"}})
	saved.wantText("[data-testid=receipt]", "What Priya makes of it")
	listed, latest := told(administrator), told(seller)
	for _, words := range []string{"1 change by Priya Raman since", was + " → What Priya makes of it"} {
		if !strings.Contains(listed, words) {
			t.Errorf("%q does not say %q", listed, words)
		}
	}
	if !strings.Contains(latest, "Priya Raman since") {
		t.Errorf("%q", latest)
	}
	for _, v := range []*visitor{seller, administrator, manager} {
		if words := told(v); words != "" {
			t.Errorf("no news: %q", words)
		}
	}
	undo := saved.page.Find("[data-testid=receipt] form")
	manager.post(undo.AttrOr("action", ""), url.Values{"_undo": {undo.Find("input").AttrOr("value", "")}}).wantText("[data-testid=receipt]", "Taken back")
}

// Whoever gives a record to somebody who may not read its kind is told that it is about them, and the record stays whose it was.
func TestAnOwnerWhoMayNotReadIsRefused(t *testing.T) {
	k := newClerk(t, "harbor-sales")
	task := k.list("tasks?$select=activityid,_ownerid_value&$top=1&$filter=statecode eq 0")[0]
	team := k.list("teams?$select=teamid&$filter=startswith(name,'Tender')")[0]["teamid"].(string)
	id := task["activityid"].(string)
	v, _ := visit(t, "ingrid@harborfinch.example")
	edit := v.get(k.addressOf("task", id) + "&edit=1")
	refused := v.post(edit.action(), url.Values{"_form": {edit.typed().Get("_form")}, "ownerid": {"team:" + team + ":Tender"}})
	refused.wantStatus(http.StatusForbidden)
	refused.wantText("[data-testid=failed]", "The new owner may not read records of this kind")
	if now := k.get("tasks(" + id + ")?$select=_ownerid_value")["_ownerid_value"]; now != task["_ownerid_value"] {
		t.Errorf("%v is now %v", task["_ownerid_value"], now)
	}
}

package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// settled is an answer without what differs from time to time: nonce, reference, time, and which part was ready first.
func (s said) settled() string {
	const part = `<section class="part`
	pieces := strings.Split(s.plain(), part)
	last := len(pieces) - 1
	if last < 1 {
		return pieces[0]
	}
	end := strings.LastIndex(pieces[last], "</section>")
	tail := pieces[last][max(end, 0):]
	pieces[last] = pieces[last][:max(end, 0)]
	parts := pieces[1:]
	for i := range parts {
		parts[i] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(parts[i]), "</section>"))
	}
	slices.Sort(parts)
	return pieces[0] + strings.Join(parts, "\n"+part) + tail
}

// errand is one thing that one person asks for, in the state in which they ask.
type errand struct {
	person   string
	place    crm.Preference
	chosen   string // dashboard
	path     string
	language string
}

func (e errand) address() string {
	mark := "?"
	if strings.Contains(e.path, "?") {
		mark = "&"
	}
	return e.path + mark + "locale=" + e.language
}

// party is everybody, with what they may ask for and where they may work.
type party struct {
	*town
	random *rand.Rand
	tokens map[string]string
	places map[string][]crm.Preference
	paths  map[string][]string
	all    []string // of everybody, for those who try what is not theirs
	cold   map[errand]string
}

func (p *party) user(person string) crm.User {
	for _, one := range world.People() {
		if one.Username == person {
			return crm.User{Tenant: one.TenantID, Object: one.ObjectID}
		}
	}
	p.Fatalf("nobody is %s", person)
	return crm.User{}
}

// freshly gives what a Pintab that has just been started answers to an errand.
func (p *party) freshly(e errand) string {
	p.Helper()
	if known, ok := p.cold[e]; ok {
		return known
	}
	g, end := p.alone(e)
	defer end()
	answer := g.ask(http.MethodGet, e.address(), nil)
	if answer.err != nil || answer.status >= 500 {
		p.Fatalf("%+v: %d %v", e, answer.status, answer.err)
	}
	p.cold[e] = answer.settled()
	return p.cold[e]
}

// alone signs somebody in at a Pintab of their own, without reading the page that comes with it.
func (p *party) alone(e errand) (g *guest, end func()) {
	p.Helper()
	base, db, end := p.another()
	p.remember(db, e)
	g = newGuest(base, e.person)
	p.enter(g)
	return g, end
}

func (p *party) enter(g *guest) {
	p.Helper()
	form := url.Values{"token": {p.tokens[g.person]}, "next": {"/tab/dashboard"}}
	request, err := http.NewRequest(http.MethodPost, g.base+"/auth/teams", strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	reply, err := g.http.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		p.Fatalf("%s cannot sign in: %d", g.person, reply.StatusCode)
	}
}

// remember puts a person into the state of an errand.
func (p *party) remember(db *store.Store, e errand) {
	p.Helper()
	user := p.user(e.person)
	if err := db.Remember(p.Context(), user, e.place); err != nil {
		p.Fatal(err)
	}
	if err := db.ChooseDashboard(p.Context(), user, e.place.OrganizationURL, e.place.AppID, e.chosen, false); err != nil {
		p.Fatal(err)
	}
}

// gather finds out what everybody may ask for.
func (p *party) gather() {
	p.Helper()
	for _, one := range world.People() {
		p.tokens[one.Username] = personalTokens(p.T, one.Username, p.at.ssoScope()).Access
		p.places[one.Username] = append(p.appsOf(one), crm.Preference{})
		for _, place := range p.places[one.Username] {
			p.visible(errand{person: one.Username, place: place, path: "/tab/dashboard", language: "en-US"})
		}
		p.all = append(p.all, p.paths[one.Username]...)
	}
}

// visible adds the dashboards of one place and a few addresses inside them.
func (p *party) visible(e errand) {
	p.Helper()
	add := func(path string) { p.paths[e.person] = append(p.paths[e.person], path) }
	add(e.path)
	page, err := goquery.NewDocumentFromReader(strings.NewReader(p.freshly(e)))
	if err != nil {
		p.Fatal(err)
	}
	for _, option := range page.Find(`select[name="dashboard"] option`).EachIter() {
		if p.random.IntN(3) == 0 {
			add("/tab/dashboard?dashboard=" + option.AttrOr("value", ""))
		}
	}
	links := page.Find(`a[href*="part="]`)
	for range min(links.Length(), 3) {
		address, err := url.Parse(links.Eq(p.random.IntN(links.Length())).AttrOr("href", ""))
		if err != nil {
			p.Fatal(err)
		}
		query := address.Query()
		query.Del("locale")
		add("/tab/dashboard/part?" + query.Encode())
	}
}

// appsOf chooses some places of somebody.
func (p *party) appsOf(one world.Person) (places []crm.Preference) {
	p.Helper()
	for _, place := range p.placesOf(one) {
		if p.random.IntN(6) == 0 || len(places) == 0 {
			places = append(places, place)
		}
	}
	return places
}

// Whatever others do at the same time, everybody gets what a Pintab started for them alone would give.
func TestNobodyGetsAnythingOfAnother(t *testing.T) {
	steps := 250
	if text := os.Getenv("PINTAB_TEST_STEPS"); text != "" {
		var err error
		if steps, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	p := &party{
		town: moveTo(t), random: rand.New(rand.NewPCG(20, 26)), tokens: map[string]string{},
		places: map[string][]crm.Preference{}, paths: map[string][]string{}, cold: map[errand]string{},
	}
	p.gather()
	db, err := store.Open(t.Context(), p.config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	guests := map[string]*guest{}
	now := map[string]errand{}
	for _, one := range world.People() {
		guests[one.Username] = newGuest(p.at.App, one.Username)
		p.enter(guests[one.Username])
		now[one.Username] = errand{person: one.Username, language: "en-US"}
	}
	differing := 0
	for done := 0; done < steps && differing < 3; {
		p.stir(db, guests, now)
		burst := p.burst(now)
		answers := make([]said, len(burst))
		var all sync.WaitGroup
		for i, e := range burst {
			all.Go(func() { answers[i] = guests[e.person].ask(http.MethodGet, e.address(), nil) })
		}
		all.Wait()
		for i, e := range burst {
			want, got := p.freshly(e), answers[i].settled()
			if answers[i].err != nil || got != want {
				differing++
				t.Errorf("step %d, %+v: %v\n%s", done+i, e, answers[i].err, difference(want, got))
			}
		}
		done += len(burst)
	}
	t.Logf("%d steps, %d different questions, %d answers differ", steps, len(p.cold), differing)
}

// stir changes what somebody is doing: another place, another dashboard chosen, everything read anew, signed in again.
func (p *party) stir(db *store.Store, guests map[string]*guest, now map[string]errand) {
	p.Helper()
	person := world.People()[p.random.IntN(len(world.People()))].Username
	e := now[person]
	switch p.random.IntN(5) {
	case 0:
		places := p.places[person]
		e.place, e.chosen = places[p.random.IntN(len(places))], ""
	case 1:
		guests[person].ask(http.MethodPost, "/tab/dashboard/refresh", url.Values{})
	case 2:
		guests[person].ask(http.MethodPost, "/auth/signout", url.Values{})
		p.enter(guests[person])
	case 3:
		if e.language = "en-US"; p.random.IntN(2) == 0 {
			e.language = "de-DE"
		}
	}
	now[person] = e
	p.remember(db, e)
}

// burst is what some people ask at once; several of them ask for what is another's.
func (p *party) burst(now map[string]errand) (all []errand) {
	for range 4 + p.random.IntN(8) {
		person := world.People()[p.random.IntN(len(world.People()))].Username
		e := now[person]
		paths := p.paths[person]
		if p.random.IntN(6) == 0 {
			paths = p.all
		}
		e.path = paths[p.random.IntN(len(paths))]
		all = append(all, e)
	}
	return all
}

// difference shows where two texts part.
func difference(want, got string) string {
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i-200, len(s))):min(len(s), i+300)] }
	return fmt.Sprintf("at %d\nwant …%s…\ngot  …%s…", i, cut(want), cut(got))
}

// A right that is given or taken away is noticed within a minute, and at once by whoever asks for everything anew.
func TestRightsChangeWhileCached(t *testing.T) {
	town := moveTo(t)
	const manager = "Sales Manager Dashboard"
	v, page := visit(t, "tomas@harborfinch.example")
	page.wantStatus(http.StatusOK)
	if slices.Contains(page.dashboards(), manager) {
		t.Fatal("a seller sees what only managers see")
	}
	address := "/tab/dashboard?dashboard=" + town.dashboardID(manager)
	town.give("tomas@harborfinch.example", "Sales Manager")
	town.forward(61 * time.Second)
	if page = v.get(address); !slices.Contains(page.dashboards(), manager) || page.opened() != manager {
		t.Errorf("a role given a minute ago is not noticed: %q, %s", page.dashboards(), page.opened())
	}
	part, _ := page.page.Find(`section[data-part] a[href*="part="]`).First().Attr("href")
	part = strings.Replace(part, "/tab/dashboard?", "/tab/dashboard/part?", 1)
	v.get(part).wantStatus(http.StatusOK)

	town.take("tomas@harborfinch.example", "Sales Manager")
	town.forward(61 * time.Second)
	if page = v.get(address); slices.Contains(page.dashboards(), manager) || page.opened() == manager {
		t.Errorf("a role taken a minute ago is not noticed: %q", page.dashboards())
	}
	if piece := v.get(part); piece.status != http.StatusNotFound {
		t.Errorf("a part of a dashboard that is not the person's any more: %d %.300s", piece.status, piece.body)
	}

	town.give("tomas@harborfinch.example", "Sales Manager")
	v.post("/tab/dashboard/refresh", url.Values{}).wantStatus(http.StatusSeeOther)
	if page = v.get(address); page.opened() != manager {
		t.Errorf("a role given is not noticed after everything was read anew: %s", page.opened())
	}
	town.take("tomas@harborfinch.example", "Sales Manager")
	v.post("/tab/dashboard/refresh", url.Values{}).wantStatus(http.StatusSeeOther)
	if page = v.get(address); page.opened() == manager {
		t.Error("a role taken is not noticed after everything was read anew")
	}
}

// opened is the name of the dashboard that a page shows.
func (a answer) opened() string { return a.text(`select[name="dashboard"] option[selected]`) }

func (t *town) dashboardID(name string) string {
	t.Helper()
	var forms struct{ Value []struct{ FormID string } }
	t.read("harbor-sales", "systemforms?$select=formid&$filter="+url.QueryEscape("type eq 0 and name eq '"+name+"'"), &forms)
	if len(forms.Value) != 1 {
		t.Fatalf("%d dashboards %s", len(forms.Value), name)
	}
	return forms.Value[0].FormID
}

// roleOf finds somebody's user and the copy of a role in their business unit.
func (t *town) roleOf(person, name string) (user, role string) {
	t.Helper()
	var users struct {
		Value []struct {
			SystemUserID string
			Unit         string `json:"_businessunitid_value"`
		}
	}
	var roles struct {
		Value []struct {
			RoleID string
			Unit   string `json:"_businessunitid_value"`
		}
	}
	t.read("harbor-sales", "systemusers?$select=systemuserid,_businessunitid_value&$filter="+url.QueryEscape("internalemailaddress eq '"+person+"'"), &users)
	t.read("harbor-sales", "roles?$select=roleid,_businessunitid_value&$filter="+url.QueryEscape("name eq '"+name+"'"), &roles)
	if len(users.Value) == 1 {
		user = users.Value[0].SystemUserID
		for _, r := range roles.Value {
			if r.Unit == users.Value[0].Unit {
				role = r.RoleID
			}
		}
	}
	if user == "" || role == "" {
		t.Fatalf("no %s or no role %s: %v %v", person, name, users, roles)
	}
	return user, role
}

func (t *town) give(person, name string) {
	t.Helper()
	user, role := t.roleOf(person, name)
	if err := t.databases[0].Load(t.Context(), func(l *engine.Loader) error {
		_, err := l.Insert("systemuserroles", engine.Row{"systemuserid": user, "roleid": role})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// take deletes the row in the organization's file; loading nothing tells the engine that rows have changed.
func (t *town) take(person, name string) {
	t.Helper()
	user, role := t.roleOf(person, name)
	file, err := sql.Open("sqlite", filepath.Join(t.folder, "dataverse", "harbor-sales.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	gone, err := file.ExecContext(t.Context(), "DELETE FROM systemuserroles WHERE systemuserid = ? AND roleid = ?", user, role)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := gone.RowsAffected(); n != 1 {
		t.Fatalf("%d roles taken", n)
	}
	if err := t.databases[0].Load(t.Context(), func(*engine.Loader) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

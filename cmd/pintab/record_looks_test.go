package main

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// look is how somebody looks at Pintab.
type look struct{ theme, size, locale, colors string }

func (l look) String() string {
	return strings.Join([]string{l.theme, l.size, l.locale}, "-") + l.colors
}

// looks are those in which every state is tried: between them every theme, a phone, and a language that runs the other way. Who
// asks for pictures gets all of them.
func looks() []look {
	all := []look{{"default", "full", "en-US", ""}, {"dark", "phone-320", "en-US", ""}, {"contrast", "full", "ar", ""}}
	if os.Getenv("PINTAB_TEST_PICTURES") != "" {
		all = append(all, look{"dark", "full", "en-US", ""}, look{"default", "phone-320", "ar", ""}, look{"contrast", "full", "en-US", "-forced"}, look{"default", "full", "de", ""})
	}
	return all
}

// stage is a record page in front of somebody, with what is needed to bring it into a state.
type stage struct {
	*client
	frame *browser.Page
	look  look
	at    *clerk
}

// goTo opens an address in the look of the stage.
func (s *stage) goTo(path string) {
	s.Helper()
	s.leadTo(s.frame, path+"&theme="+s.look.theme+"&locale="+s.look.locale)
	_, err := browser.Evaluate[bool](s.frame, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	s.must(err)
}

// record gives the address of the first record of a table that a filter finds.
func (s *stage) record(name, set, id, where string) string {
	s.Helper()
	rows := s.at.list(set + "?$select=" + id + "&$top=1&$filter=" + where)
	if len(rows) == 0 {
		s.Fatalf("no %s where %s", name, where)
	}
	return s.at.addressOf(name, rows[0][id].(string))
}

// deal is an open opportunity of the seller's.
func (s *stage) deal() string { return s.dealIn(0) }

func (s *stage) dealIn(state int) string {
	seller, _ := s.at.list("systemusers?$select=systemuserid&$filter=azureactivedirectoryobjectid eq a1000000-0000-4000-8000-000000000002")[0]["systemuserid"].(string)
	return s.record("opportunity", "opportunities", "opportunityid", "statecode eq "+strconv.Itoa(state)+" and _ownerid_value eq "+seller)
}

// dialog opens a dialog of the record that is there.
func (s *stage) dialog(selector string) {
	s.Helper()
	s.must(s.frame.Click(selector))
	s.must(s.frame.Has("dialog[open] h1", patience))
}

// save sends what is typed and waits for what comes of it.
func (s *stage) save(outcome string) {
	s.Helper()
	s.must(s.frame.Click(".savebar button.primary"))
	s.must(s.frame.Has(outcome, 2*patience))
}

func (s *stage) edit(path string) {
	s.Helper()
	s.goTo(path + "&edit=1")
	s.must(s.frame.Has("article.editing", patience))
}

// states are the situations of the record page and the list page, and how each is reached.
var states = []struct {
	name, person string
	reach        func(s *stage)
}{
	{"deal", "tomas", func(s *stage) { s.goTo(s.deal()) }},
	{"menu", "tomas", func(s *stage) { s.goTo(s.deal()); s.must(s.frame.Click("details.menu > summary")) }},
	{"stage", "tomas", func(s *stage) {
		s.goTo(s.deal())
		s.must(s.frame.Click(".stage.now summary"))
		s.must(s.frame.Has(".stage.now details[open]", patience))
	}},
	{"stage unmet", "tomas", func(s *stage) {
		s.goTo(s.record("opportunity", "opportunities", "opportunityid", "opportunityid eq "+begunDeal(s.at, "Cold quay for "+s.look.String(), false)))
		s.must(s.frame.Click(".stage.now summary"))
		s.must(s.frame.Click(`.stage.now button[value="next"]`))
		s.must(s.frame.Has("#problems", patience))
	}},
	{"account", "ingrid", func(s *stage) { s.goTo(s.record("account", "accounts", "accountid", "hf_profile ne null")) }},
	{"timeline", "ingrid", func(s *stage) {
		note := s.at.list("annotations?$select=_objectid_value&$top=1&$filter=objecttypecode eq 'account'")
		s.goTo(s.at.addressOf("account", note[0]["_objectid_value"].(string)))
		s.evaluate(s.frame, `document.querySelector('[data-part*="imeline"],[data-part*="notes"]')?.scrollIntoView()`)
		s.must(s.frame.Has(".timeline .entry", patience))
	}},
	{"new", "tomas", func(s *stage) {
		s.goTo("/tab/record/new?" + url.Values{"org": {strings.TrimSuffix(s.at.base, "/api/data/v9.2/")}, "new": {"contact"}}.Encode())
	}},
	{"problems", "tomas", func(s *stage) {
		s.edit(s.deal())
		s.must(s.frame.Type("#f-name", ""))
		s.must(s.frame.Type("#f-estimatedvalue", "a lot"))
		s.save("#problems")
	}},
	{"receipt", "tomas", func(s *stage) {
		s.edit(s.deal())
		s.must(s.frame.Type("#f-name", "Cold chain for "+s.look.String()))
		s.save("[data-testid=receipt]")
	}},
	{"conflict", "tomas", func(s *stage) {
		path := s.deal()
		s.edit(path)
		u, _ := url.Parse(path)
		if status, text := s.at.ask(http.MethodPatch, "opportunities("+u.Query().Get("id")+")", map[string]any{"name": "Cold store of " + s.look.String(), "estimatedvalue": 4711.5}); status >= 300 {
			s.Fatal(string(text))
		}
		s.must(s.frame.Type("#f-name", "Cold as I see it"))
		s.must(s.frame.Type("#f-estimatedvalue", "99"))
		s.save("[data-testid=conflict]")
	}},
	{"unknown", "tomas", func(s *stage) {
		s.edit(s.deal())
		misbehave(s.T, at.Dataverse, map[string]any{"path": "opportunities(", "status": 500, "times": 50})
		s.must(s.frame.Type("#f-name", "Cold and lost"))
		s.save("[data-testid=unknown],[data-testid=failed]")
		behave(s.T, at.Dataverse)
	}},
	{"unsaved", "tomas", func(s *stage) {
		s.edit(s.deal())
		s.must(s.frame.Type("#f-name", "Cold, not kept"))
		s.must(s.frame.Click("[data-cancel]"))
		s.must(s.frame.Has("dialog[open]", patience))
	}},
	{"assign", "tomas", func(s *stage) { s.goTo(s.deal()); s.dialog("[data-key=assign]") }},
	{"win", "tomas", func(s *stage) { s.goTo(s.deal()); s.dialog("[data-key=win]") }},
	{"note", "tomas", func(s *stage) {
		s.goTo(s.deal())
		s.must(s.frame.Has("[data-key=add-note]", patience))
		s.dialog("[data-key=add-note]")
	}},
	{"file", "ingrid", func(s *stage) {
		s.goTo(s.record("hf_vessel", "hf_vessels", "hf_vesselid", "statecode eq 0"))
		s.dialog(`.sheet [data-column="hf_photo"] a.pencil`)
	}},
	{"read-only", "joanna", func(s *stage) { s.goTo(s.deal()) }},
	{"inactive", "tomas", func(s *stage) { s.goTo(s.dealIn(1)) }},
	{"no access", "omar", func(s *stage) { s.goTo(s.deal()) }},
	{"gone", "tomas", func(s *stage) { s.goTo(s.at.addressOf("opportunity", "0b000000-0000-4000-8000-00000000dead")) }},
	{"list", "tomas", func(s *stage) { s.goTo(s.listOf("opportunity")) }},
	{"list of nothing", "tomas", func(s *stage) { s.goTo(s.listOf("opportunity", "q", "zzzzzz")) }},
	{"list that fails", "tomas", func(s *stage) {
		misbehave(s.T, at.Dataverse, map[string]any{"path": "/opportunities", "status": 503, "times": 20})
		s.goTo(s.listOf("opportunity", "sort", "name"))
		behave(s.T, at.Dataverse)
	}},
}

func (s *stage) listOf(name string, pairs ...string) string {
	q := url.Values{"org": {strings.TrimSuffix(s.at.base, "/api/data/v9.2/")}, "table": {name}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/tab/view?" + q.Encode()
}

// In every state of a record and of a list axe-core finds nothing wrong, nothing is wider than the screen, no word of a heading is cut in
// two where there is room, and the console is silent.
func TestEveryStateOfARecordIsAccessible(t *testing.T) {
	moveTo(t)
	k := newClerk(t, "harbor-sales")
	only := os.Getenv("PINTAB_TEST_STATE")
	for _, l := range looks() {
		for _, person := range []string{"tomas", "ingrid", "joanna", "omar"} {
			c := sitDown(t, person+"@harborfinch.example")
			c.theme, c.size, c.locale = l.theme, l.size, l.locale
			width, height := int64(1280), int64(1400)
			if l.size != "full" {
				width = 400
			}
			c.must(c.window.Resize(width, height))
			frame := c.tab("dashboard")
			c.must(frame.Wait(`document.readyState === "complete" && !document.querySelector("#token")`, 2*patience))
			if l.colors != "" {
				c.must(frame.Emulate("forced-colors", "active"))
			}
			s := &stage{c, frame, l, k}
			for _, state := range states {
				if state.person != person || only != "" && only != state.name {
					continue
				}
				state.reach(s)
				name := strings.ReplaceAll(state.name, " ", "-") + "-" + l.String()
				if l.colors == "" {
					c.sound(frame, name)
				} else { // the browser's colors, of which axe-core knows nothing
					c.picture(name)
				}
				if wide, err := browser.Evaluate[[]string](frame, wider); err != nil || len(wide) > 0 {
					t.Errorf("%s is wider than the screen: %v %v", name, wide, err)
				}
				if cut, err := browser.Evaluate[[]string](frame, torn); l.size == "full" && (err != nil || len(cut) > 0) {
					t.Errorf("%s cuts words in two: %q %v", name, cut, err)
				}
				c.evaluate(frame, `document.querySelectorAll("dialog[open]").forEach((d) => d.close()); document.querySelector("form[data-guard]")?.remove()`)
			}
			for _, problem := range slices.Compact(slices.Sorted(slices.Values(c.window.Problems()))) {
				// Answers that refuse are noted there, and axe-core tries styles on elements.
				if !strings.Contains(problem, "status of ") && !strings.Contains(problem, "Applying inline style") {
					t.Errorf("%s: the console complains: %s", l, problem)
				}
			}
			c.window.Close()
		}
	}
}

// torn are words of headings and buttons that a line end cuts in two.
const torn = `(() => {
  const found = [];
  for (const e of document.querySelectorAll("h1,h2,h3,th,.button,.l")) {
    if (!e.checkVisibility() || getComputedStyle(e).clipPath !== "none") continue;
    const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      for (const word of node.data.matchAll(/[^\s\-–/]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) found.push(word[0] + " in " + e.localName + "." + e.className);
      }
    }
  }
  return found;
})()`

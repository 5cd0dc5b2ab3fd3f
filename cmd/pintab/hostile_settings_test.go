package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// hostileNames are what names must not be able to do: be markup, leave an attribute or a script, turn the text around them,
// push the page wide, or be nothing at all.
var hostileNames = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `' onfocus=alert(3) autofocus x='`, `</textarea></title><script>alert(4)</script>`,
	`{{constructor.constructor('alert(5)')()}}${alert(6)}`, "\u202Eesrever\u202C \u2067\u05D0\u05D1\u05D2\u2069 \u200F", "مؤسسة ١٢٣ (x)", strings.Repeat("W", 5000), strings.Repeat("many words ", 450),
	"\u2069unbalanced\u202E \u05D0", "line\nbreak\ttab\u0000\u001b[31m", "javascript:alert(7)", "\u200B", "🧑‍🚒🏳️‍🌈 Ḩ̷̛̝e̴l̸l̷o",
}

// Whatever organizations, apps, dashboards and people are called, on Settings, Privacy and the connection check it is text, no
// policy is violated, and at 320 pixels nothing is too wide.
func TestNamesAreOnlyTextOnThePagesAboutAPerson(t *testing.T) {
	town := moveTo(t)
	for i := 0; i < len(hostileNames); i += 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) { crawlHostile(t, town, hostileNames[i], hostileNames[(i+1)%len(hostileNames)]) })
	}
}

func crawlHostile(t *testing.T, town *town, name, other string) {
	behave(t, at.Dataverse)
	c := guarded(t, "tomas@harborfinch.example")
	c.must(c.window.Resize(320, 640))
	c.signInHere()
	me := somebodyNamed(t, c.person)
	db, err := sql.Open("sqlite", strings.TrimPrefix(town.config.DatabaseURL, "sqlite:"))
	c.must(err)
	defer db.Close()
	_, err = db.Exec(`PRAGMA busy_timeout = 5000; UPDATE sessions SET name = ?, username = ? WHERE object = ?`, name, other, me.ObjectID)
	c.must(err)
	discover(t,
		instanceOf("harbor-sales", instance{"FriendlyName": name, "Region": other, "UniqueName": other}),
		instanceOf("harbor-service", instance{"FriendlyName": other}),
		instanceOf("harbor-archive", instance{"FriendlyName": name, "Version": "8." + other}),
		instanceOf("harbor-next", instance{"FriendlyName": other, "State": 1, "Url": "javascript:alert(8)", "ApiUrl": `"><script>`}),
		instanceOf("harbor-retired", instance{"FriendlyName": name, "Id": `"><b id="x`, "Url": "https://x.example/" + url.PathEscape(name)[:min(200, len(url.PathEscape(name)))], "ApiUrl": "https://127.0.0.1:1"}),
	)
	rename := func(path, nameColumn string, extra map[string]any) {
		var rows struct {
			Value []map[string]any `json:"value"`
		}
		town.read("harbor-sales", path, &rows)
		for i, row := range rows.Value {
			row[nameColumn] = []string{name, other}[i%2]
			for k, v := range extra {
				row[k] = v
			}
		}
		body, err := json.Marshal(map[string]any{"value": rows.Value})
		c.must(err)
		set, _, _ := strings.Cut(path, "?")
		misbehave(t, at.Dataverse, map[string]any{"path": "/harbor-sales/api/data/v9.2/" + set + "?", "status": 200, "times": 100000, "body": string(body)})
	}
	rename("appmodules?$select=appmoduleid,appmoduleidunique,name,uniquename,description,clienttype,statecode&$expand=appmoduleroles_association($select=roleid,_parentrootroleid_value)", "name", map[string]any{"description": other})
	rename("systemforms?$select=formid,name,formxml,type,isdefault,objecttypecode&$filter=formactivationstate%20eq%201%20and%20type%20eq%200", "name", nil)
	town.forward(2 * time.Minute) // what is cached has run out
	sales := url.QueryEscape(at.Dataverse + "/harbor-sales")
	for _, path := range []string{
		"/tab/settings?org=" + sales, "/tab/settings?find=" + url.QueryEscape(name[:min(90, len(name))]), "/tab/settings?notice=" + url.QueryEscape(name[:min(200, len(name))]) + "&saved=" + url.QueryEscape(other[:min(100, len(other))]),
		"/tab/settings/choices?org=" + sales, "/tab/privacy", "/tab/privacy/erase", "/privacy", "/terms", "/tab/check", "/tab/dashboard",
	} {
		c.must(c.window.Open(at.App + path))
		c.inspect(path)
		if _, err := browser.Evaluate[bool](&c.window.Page, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`); err != nil {
			t.Fatal(err)
		}
		wide, err := browser.Evaluate[[]string](&c.window.Page, `(document.documentElement.scrollWidth > innerWidth ? [document.documentElement.scrollWidth + "", ...[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 160))] : [])`)
		c.must(err)
		if len(wide) > 0 && path != "/tab/settings/choices?org="+sales { // the piece alone has no stylesheet
			t.Errorf("%s is too wide: %s", path, strings.Join(wide, "\n"))
			c.picture(strings.ReplaceAll(strings.Split(path, "?")[0], "/", "-"))
		}
		if strings.HasPrefix(path, "/tab/settings?org") {
			c.picture("settings")
			if shown, err := browser.Evaluate[bool](&c.window.Page, `!!document.querySelector('[data-testid="choose"] ul[data-list="apps"] a')`); err != nil || !shown {
				t.Errorf("there is nothing to see: %v", err)
			}
		}
	}
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
	behave(t, at.Dataverse)
	c.window.Close()
}

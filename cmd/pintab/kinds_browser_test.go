package main

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

// attribute is what the organization says of a column.
type attribute struct {
	LogicalName       string
	AttributeType     string
	AttributeTypeName struct{ Value string }
	Format            string
	FormatName        struct{ Value string }
	DateTimeBehavior  struct{ Value string }
	MaxLength         int
	MaxValue          *float64
}

// kind is what a person would call the column.
func (a attribute) kind() string {
	switch a.AttributeTypeName.Value {
	case "StringType":
		return map[string]string{"Email": "email", "Phone": "phone", "Url": "URL"}[a.FormatName.Value] + ""
	case "MemoType":
		if a.FormatName.Value == "RichText" {
			return "rich text"
		}
		return "multi-line"
	case "DateTimeType":
		return a.DateTimeBehavior.Value + " " + a.Format
	case "IntegerType":
		return "whole " + a.Format
	}
	return strings.TrimSuffix(a.AttributeTypeName.Value, "Type")
}

// attributes asks for all columns of a table.
func (c *clerk) attributes(name string) map[string]attribute {
	c.Helper()
	all := map[string]attribute{}
	for _, cast := range []string{"", "/Microsoft.Dynamics.CRM.StringAttributeMetadata", "/Microsoft.Dynamics.CRM.MemoAttributeMetadata", "/Microsoft.Dynamics.CRM.IntegerAttributeMetadata", "/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata",
		"/Microsoft.Dynamics.CRM.DecimalAttributeMetadata", "/Microsoft.Dynamics.CRM.DoubleAttributeMetadata"} {
		status, text := c.ask(http.MethodGet, "EntityDefinitions(LogicalName='"+name+"')/Attributes"+cast, nil)
		var answer struct{ Value []attribute }
		if err := json.Unmarshal(text, &answer); err != nil || status != http.StatusOK {
			c.Fatalf("columns of %s: %d %v", name, status, err)
		}
		for _, a := range answer.Value {
			all[a.LogicalName] = a
		}
	}
	return all
}

// text is what is typed into a column, as long and as large as it takes; "" where the page's own choices are used.
func (a attribute) text() string {
	switch a.kind() {
	case "":
		text := []rune("Tj\u00f6rn <b>&amp;</b> \"quay\"")
		return string(text[:min(len(text), cmp.Or(a.MaxLength, len(text)))])
	case "email":
		return "quay@tjorn.example"
	case "phone":
		return "+46 304 555 17"
	case "URL":
		return "https://tjorn.example/quay?a=1&b=2"
	case "multi-line":
		return "first line\n  second <line>"
	case "rich text":
		return "<p>plain and <b>bold</b></p>"
	case "whole Duration":
		return "2:15"
	case "Decimal", "Double":
		if a.MaxValue != nil && *a.MaxValue < 7.5 {
			return "0.5"
		}
		return "7.5"
	case "Money":
		return "7" // some currencies have no decimals
	case "Uniqueidentifier", "EntityName":
		return ""
	}
	if !strings.HasPrefix(a.kind(), "whole") {
		return ""
	}
	if a.MaxValue != nil && *a.MaxValue < 7 {
		return "1"
	}
	return "7"
}

// held reports whether the organization has in a row what was typed or chosen on the page.
func (a attribute) held(row map[string]any, typed string) bool {
	got := fmt.Sprint(row[a.LogicalName])
	switch kind := a.kind(); kind {
	case "DateOnly DateOnly", "DateOnly DateAndTime":
		return got == "2027-03-04"
	case "TimeZoneIndependent DateOnly":
		return got == "2027-03-04T00:00:00Z"
	case "TimeZoneIndependent DateAndTime":
		return got == "2027-03-04T10:20:00Z"
	case "UserLocal DateOnly": // midnight in Berlin
		return got == "2027-03-03T23:00:00Z"
	case "UserLocal DateAndTime":
		return got == "2027-03-04T09:20:00Z"
	case "Lookup", "Customer", "Owner":
		table, id, _ := strings.Cut(typed, ":")
		id, _, _ = strings.Cut(id, ":")
		name := "_" + a.LogicalName + "_value"
		return row[name] == id && row[name+"@Microsoft.Dynamics.CRM.lookuplogicalname"] == table
	case "rich text":
		return strings.Contains(got, "bold</b>") || strings.Contains(got, "bold</strong>")
	case "multi-line":
		return strings.ReplaceAll(got, "\r\n", "\n") == typed
	case "whole Duration":
		return got == "135"
	}
	if n, ok := row[a.LogicalName].(float64); ok {
		got = strconv.FormatFloat(n, 'f', -1, 64)
	}
	return got == typed
}

// fillForm types into every input of the form that is open: texts by column, otherwise something else than is there. It gives what
// was typed or chosen by column.
const fillForm = `(async (texts, leave) => {
  const set = {}, sleep = (ms) => new Promise((r) => setTimeout(r, ms));
  const told = (e) => { for (const type of ["input", "change"]) e.dispatchEvent(new Event(type, { bubbles: true })) };
  for (const cell of document.querySelectorAll(".sheet [data-column]:has([name])")) {
    const name = cell.dataset.column;
    if (name in set || leave.includes(name)) continue;
    const box = cell.querySelector("[contenteditable=true]"), select = cell.querySelector("select.in[name]:not([data-target])");
    const lookup = cell.querySelector(".lookup"), checks = [...cell.querySelectorAll(".checks input")];
    const line = cell.querySelector("input.in[name],textarea.in[name]");
    if (box) {
      box.focus();
      box.innerHTML = texts[name];
      told(box);
      set[name] = texts[name];
    } else if (lookup) {
      const many = lookup.hasAttribute("data-many"), was = [...lookup.querySelectorAll("input[type=hidden][name]")].map((e) => e.value);
      if (!many) lookup.querySelector(".token button")?.click();
      const seek = lookup.querySelector("[role=combobox]");
      seek.focus();
      for (const letter of ["a", "e", ""]) {
        lookup.querySelector(".options").replaceChildren();
        seek.value = letter;
        seek.dispatchEvent(new Event("input", { bubbles: true }));
        for (let i = 0; i < 100; i++) { await sleep(30); if (lookup.querySelector(".options").childElementCount) break; }
        const other = [...lookup.querySelectorAll("[role=option]")].find((o) => !/^team:/.test(o.dataset.value) && !was.some((w) => w.startsWith(o.dataset.value.split(":").slice(0, 2).join(":"))));
        if (other) { other.click(); set[name] = other.dataset.value; break; }
      }
      seek.blur();
      if (!set[name]) set[name] = "nothing to choose";
    } else if (checks.length) {
      for (const check of checks) { check.checked = check.value === checks[0].value || check.value === checks[1]?.value; told(check); }
      set[name] = checks.filter((e) => e.checked).map((e) => e.value).join(",");
    } else if (select) {
      const other = [...select.options].find((o) => o.value && o.value !== select.value);
      if (!other) continue;
      select.value = other.value;
      told(select);
      set[name] = other.value;
    } else if (line) {
      const text = line.type === "date" ? "2027-03-04" : line.type === "datetime-local" ? "2027-03-04T10:20" : texts[name] ?? "7";
      line.focus();
      line.value = text;
      told(line);
      set[name] = line.value;
    }
  }
  return JSON.stringify(set);
})`

// kindsToType are the kinds of columns that people type into or choose, as kind says them.
var kindsToType = []string{"", "email", "phone", "URL", "multi-line", "rich text", "whole None", "whole Duration", "Decimal", "Double", "Money", "Picklist", "MultiSelectPicklist", "Boolean",
	"DateOnly DateOnly", "UserLocal DateOnly", "UserLocal DateAndTime", "TimeZoneIndependent DateAndTime", "TimeZoneIndependent DateOnly", "Lookup", "Customer", "Owner", "PartyList", "Status"}

// Columns of every kind are typed into in Chromium on the forms of their records, saved, and read back by another program.
func TestEveryKindOfColumnIsTyped(t *testing.T) {
	moveTo(t)
	sales, service := newClerk(t, "harbor-sales"), newClerk(t, "harbor-service")
	c := sitDown(t, "ingrid@harborfinch.example")
	c.size = "full"
	c.must(c.window.Resize(1280, 1500))
	frame := c.tab("dashboard")
	c.filled(frame)
	var kinds []string
	for _, one := range []row{
		{sales, "hf_vessel", "hf_vessels", "hf_vesselid", 0}, {sales, "account", "accounts", "accountid", 0}, {sales, "opportunity", "opportunities", "opportunityid", 0},
		{sales, "contact", "contacts", "contactid", 0}, {sales, "appointment", "appointments", "activityid", 3}, {sales, "phonecall", "phonecalls", "activityid", 0},
		{sales, "task", "tasks", "activityid", 0}, {sales, "hf_sitevisit", "hf_sitevisits", "hf_sitevisitid", 0}, {service, "incident", "incidents", "incidentid", 0},
	} {
		kinds = append(kinds, c.typeInto(frame, one)...)
	}
	for _, kind := range kindsToType {
		if !slices.Contains(kinds, kind) {
			t.Errorf("no column of kind %q has been typed into", kind)
		}
	}
	c.attach(sales, frame)
	if problems := c.window.Problems(); len(problems) > 0 {
		t.Errorf("the console complains: %s", strings.Join(problems, "\n"))
	}
	t.Logf("%d columns", len(kinds))
}

// row is the first record of a table in a state.
type row struct {
	at            *clerk
	name, set, id string
	state         int
}

// typeInto types into every field of a record's form, saves it, compares what the organization holds then, and gives the kinds of columns.
func (c *client) typeInto(frame *browser.Page, one row) (kinds []string) {
	c.Helper()
	rows := one.at.list(one.set + "?$select=" + one.id + "&$top=1&$filter=statecode eq " + strconv.Itoa(one.state))
	if len(rows) == 0 {
		c.Fatalf("no %s to change", one.name)
	}
	id, _ := rows[0][one.id].(string)
	columns, texts := one.at.attributes(one.name), map[string]string{}
	for name, a := range columns {
		if text := a.text(); text != "" {
			texts[name] = text
		}
	}
	wanted, err := json.Marshal(texts)
	c.must(err)
	c.leadTo(frame, one.at.addressOf(one.name, id))
	c.must(frame.Click("[data-key=edit]"))
	c.must(frame.Has("article.editing .savebar", patience))
	filled, err := browser.Evaluate[string](frame, fillForm+"("+string(wanted)+`, ["transactioncurrencyid"])`)
	c.must(err)
	var typed map[string]string
	c.must(json.Unmarshal([]byte(filled), &typed))
	c.picture(one.name + "-typed")
	c.must(frame.Click(".savebar button.primary"))
	const outcomes = "[data-testid=receipt],#problems,#told,[data-testid=failed],[data-testid=unknown]"
	c.must(frame.Wait(`document.querySelector("`+outcomes+`")`, 2*patience))
	c.picture(one.name + "-saved")
	if said := c.visible(frame, outcomes); !strings.HasPrefix(said, "Saved") {
		c.Errorf("%s is not saved: %s", one.name, said)
		return nil
	}
	now := one.at.get(one.set + "(" + id + ")")
	for name, text := range typed {
		a := columns[name]
		if a.AttributeTypeName.Value == "PartyListType" {
			_, party, _ := strings.Cut(text, ":")
			party, _, _ = strings.Cut(party, ":")
			if len(one.at.list("activityparties?$select=activitypartyid&$filter=_activityid_value eq "+id+" and _partyid_value eq "+party)) == 0 {
				c.Errorf("%s.%s has no %s", one.name, name, text)
			}
		} else if !a.held(now, text) {
			c.Errorf("%s.%s, %s: %q was typed, the organization holds %v", one.name, name, a.kind(), text, held(now, name))
		}
		kinds = append(kinds, a.kind())
	}
	return kinds
}

// held is what a row has of a column, also of one that points elsewhere.
func held(row map[string]any, name string) any {
	if v, ok := row["_"+name+"_value"]; ok {
		return v
	}
	return row[name]
}

// attach puts a file and a picture into columns through their dialogs and reads them back.
func (c *client) attach(k *clerk, frame *browser.Page) {
	c.Helper()
	var drawn bytes.Buffer
	c.must(png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 40, 30))))
	id, _ := k.list("hf_vessels?$select=hf_vesselid&$top=1&$filter=statecode eq 0")[0]["hf_vesselid"].(string)
	for column, content := range map[string][]byte{"hf_certificate": bytes.Repeat([]byte("certificate\x00"), 500), "hf_photo": drawn.Bytes()} {
		c.leadTo(frame, k.addressOf("hf_vessel", id))
		c.must(frame.Click(`.sheet [data-column="` + column + `"] a.pencil`))
		c.must(frame.Has("dialog[open] input[type=file]", patience))
		c.evaluate(frame, `const given = new DataTransfer();
		  given.items.add(new File([Uint8Array.from(atob("`+base64.StdEncoding.EncodeToString(content)+`"), (x) => x.charCodeAt(0))], "given.png"));
		  document.querySelector("dialog input[type=file]").files = given.files`)
		c.picture(column)
		c.must(frame.Click("dialog [data-key=save]"))
		c.must(frame.Wait(`document.querySelector("[data-testid=receipt]") && !document.querySelector("dialog[open]")`, 2*patience))
		path := "hf_vessels(" + id + ")/" + column + "/$value"
		if column == "hf_photo" {
			path += "?size=full"
		}
		if status, got := k.ask(http.MethodGet, path, nil); status != http.StatusOK || !bytes.Equal(got, content) {
			c.Errorf("%s: %d bytes were sent, the organization holds %d, status %d", column, len(content), len(got), status)
		}
	}
	c.picture("attached")
}

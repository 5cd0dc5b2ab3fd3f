package engine_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const nowhere = "0badcafe-0000-4000-8000-000000000001"

// any finds the id of some row that a condition holds for.
func (o *office) any(role world.Role, table, conditions string) string {
	o.Helper()
	page := o.fetch(role, `<fetch top="1"><entity name="`+table+`"><attribute name="`+o.Model().Table(table).PrimaryID+`"/><filter>`+conditions+`</filter></entity></fetch>`)
	if len(page.Rows) == 0 {
		o.Fatalf("no %s with %s", table, conditions)
	}
	return page.Rows[0].ID
}

func is(column, value string) string {
	return `<condition attribute="` + column + `" operator="eq" value="` + value + `"/>`
}

func TestValuesAreHeldAgainstTheDefinitionOfTheirColumn(t *testing.T) {
	o := open(t)
	contact := o.any(world.Administrator, "contact", "")
	for name, test := range map[string]struct {
		row  engine.Row
		code string
	}{
		"no such column":         {engine.Row{"nonsense": 1}, engine.CodeUnknownColumn},
		"too long":               {engine.Row{"name": strings.Repeat("n", 161)}, engine.CodeStringTooLong},
		"too long in code units": {engine.Row{"name": strings.Repeat("𝔸", 81)}, engine.CodeStringTooLong},
		"invalid character":      {engine.Row{"name": "a\x01b"}, engine.CodeInvalidArgument},
		"text for a number":      {engine.Row{"numberofemployees": "many"}, engine.CodeIncorrectValueType},
		"too small":              {engine.Row{"numberofemployees": -1}, engine.CodeOutOfRange},
		"too large":              {engine.Row{"numberofemployees": 1_000_000_001}, engine.CodeOutOfRange},
		"fraction":               {engine.Row{"numberofemployees": 1.5}, engine.CodeIncorrectValueType},
		"huge":                   {engine.Row{"numberofemployees": 1e300}, engine.CodeIncorrectValueType},
		"infinite amount":        {engine.Row{"revenue": math.Inf(1)}, engine.CodeIncorrectValueType},
		"amount out of range":    {engine.Row{"revenue": 1e15}, engine.CodeOutOfRange},
		"unknown option":         {engine.Row{"industrycode": 99}, engine.CodeUnknownOption},
		"unknown among several":  {engine.Row{"hf_segments": []int{751230000, 7}}, engine.CodeUnknownOption},
		"no date":                {engine.Row{"hf_customersince": "soon"}, engine.CodeIncorrectValueType},
		"date before all":        {engine.Row{"hf_customersince": time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)}, engine.CodeInvalidDateTime},
		"row that is not there":  {engine.Row{"primarycontactid": nowhere}, engine.CodeObjectDoesNotExist},
		"row of another table":   {engine.Row{"primarycontactid": engine.Ref{Table: "account", ID: nowhere}}, engine.CodeIncorrectValueType},
		"owner who is not there": {engine.Row{"ownerid": engine.Ref{Table: "systemuser", ID: nowhere}}, engine.CodeObjectDoesNotExist},
		"status of another":      {engine.Row{"statuscode": 2}, engine.CodeInvalidStateStatus},
		"bad id":                 {engine.Row{"accountid": "1"}, engine.CodeIncorrectValueType},
	} {
		t.Run(name, func(t *testing.T) {
			own := *o
			own.TB = t
			row := engine.Row{"name": "Held"}
			for column, v := range test.row {
				row[column] = v
			}
			own.refused(world.Administrator, test.code, func(x *engine.Change) error {
				_, err := x.Create("account", row)
				return err
			})
		})
	}
	id := o.create(world.Administrator, "account", engine.Row{
		"name": "  kept as it is ", "numberofemployees": "12", "revenue": 12.3456, "hf_segments": []int{751230001, 751230000}, "hf_customersince": "2020-02-03", "primarycontactid": contact,
		"createdon": time.Unix(0, 0), "address1_composite": "mine", "modifiedby": nowhere, "versionnumber": 5, "description": "",
		"address1_line1": "Kajen 1", "address1_postalcode": "111 22", "address1_city": "Malmö", "address1_country": "Sweden",
	})
	got := o.row("account", id)
	for column, want := range map[string]any{
		"name": "  kept as it is ", "numberofemployees": int64(12), "revenue": 12.35, "revenue_base": 12.35, "hf_segments": "751230000,751230001",
		"hf_customersince": time.Date(2020, 2, 3, 0, 0, 0, 0, time.UTC), "primarycontactid": contact, "createdon": monday, "modifiedby": o.as(world.Administrator).UserID, "description": nil,
		"address1_composite": "Kajen 1\r\nMalmö, 111 22\r\nSweden",
	} {
		if diff := cmp.Diff(want, got[column]); diff != "" {
			t.Errorf("%s: %s", column, diff)
		}
	}
}

func TestStateAndStatusGoTogether(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "task", engine.Row{"subject": "Call"})
	change := func(row engine.Row) func(x *engine.Change) error {
		return func(x *engine.Change) error { return x.Update("task", id, row, engine.Guard{}) }
	}
	state := func(want ...int64) {
		t.Helper()
		row := o.row("task", id)
		if row["statecode"] != want[0] || row["statuscode"] != want[1] {
			t.Errorf("state %v, status %v, want %v", row["statecode"], row["statuscode"], want)
		}
	}
	state(0, 2)
	o.change(world.Seller, change(engine.Row{"statuscode": 4}))
	state(0, 4)
	o.refused(world.Seller, engine.CodeInvalidStateStatus, change(engine.Row{"statuscode": 5}))
	o.refused(world.Seller, engine.CodeInvalidStateStatus, change(engine.Row{"statecode": 1, "statuscode": 4}))
	o.now = monday.Add(time.Hour)
	o.change(world.Seller, change(engine.Row{"statecode": 1}))
	state(1, 5)
	if row := o.row("task", id); row["actualend"] != o.now || row["sortdate"] != o.now || row["activitytypecode"] != "task" {
		t.Errorf("a completed task: %v", row)
	}
	o.change(world.Seller, change(engine.Row{"statecode": 0, "statuscode": 7}))
	state(0, 7)
}

func TestSomeStatesAreReachedByMessagesOnly(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "opportunity", engine.Row{"name": "Big", "estimatedvalue": 10})
	o.refused(world.Seller, engine.CodeUseMessage, func(x *engine.Change) error {
		return x.Update("opportunity", id, engine.Row{"statecode": 1, "statuscode": 3}, engine.Guard{})
	})
	o.change(world.Seller, func(x *engine.Change) error {
		return x.SetState("opportunity", id, 1, 0, engine.Row{"actualvalue": 9})
	})
	if row := o.row("opportunity", id); row["statecode"] != int64(1) || row["statuscode"] != int64(3) || row["actualvalue_base"] != 9.0 {
		t.Errorf("%v %v %v", row["statecode"], row["statuscode"], row["actualvalue_base"])
	}
	o.refused(world.Seller, engine.CodeAlreadyClosed, func(x *engine.Change) error { return x.SetState("opportunity", id, 2, 0, nil) })
	o.change(world.Seller, update("opportunity", id, engine.Row{"statecode": 0}))
	o.change(world.Seller, func(x *engine.Change) error { return x.SetState("opportunity", id, 2, 5, nil) })
	o.refused(world.Seller, engine.CodeInvalidStateStatus, func(x *engine.Change) error {
		if err := x.Update("opportunity", id, engine.Row{"statecode": 0}, engine.Guard{}); err != nil {
			return err
		}
		return x.SetState("opportunity", id, 1, 5, nil)
	})
	incident := o.create(world.Administrator, "incident", engine.Row{"title": "Broken", "customerid": engine.Ref{Table: "account", ID: o.owned("Tomas Lindqvist")}})
	o.refused(world.Administrator, engine.CodeUseMessage, update("incident", incident, engine.Row{"statecode": 1}))
	resolve := func(x *engine.Change) error { return x.SetState("incident", incident, 1, 1000, nil) }
	o.change(world.Administrator, resolve)
	o.refused(world.Administrator, engine.CodeCaseResolved, resolve)
	o.change(world.Administrator, update("incident", incident, engine.Row{"description": "the service does change closed rows"}))
}

func TestTransitionsThatATableEnforces(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "hf_vessel", engine.Row{"hf_name": "Gull", "hf_imo": "9999001", "hf_length": 10, "hf_draught": 2.5, "hf_dayrate": 100, "hf_turnaround": 720})
	status := func(state, status int) func(x *engine.Change) error {
		return func(x *engine.Change) error {
			return x.Update("hf_vessel", id, engine.Row{"statecode": state, "statuscode": status}, engine.Guard{})
		}
	}
	o.refused(world.Seller, engine.CodeInvalidTransition, status(0, 751230002))
	o.change(world.Seller, status(0, 751230001))
	o.change(world.Seller, status(0, 751230002))
	row := o.row("hf_vessel", id)
	if row["hf_section"] != 25.0 || row["hf_turnaroundcost"] != 50.0 || row["hf_turnaroundcost_base"] != 50.0 {
		t.Errorf("calculated: %v %v %v", row["hf_section"], row["hf_turnaroundcost"], row["hf_turnaroundcost_base"])
	}
	number, _ := row["hf_vesselnumber"].(string)
	if !strings.HasPrefix(number, "VES-0") {
		t.Errorf("autonumber: %q", number)
	}
	other := o.row("hf_vessel", o.create(world.Seller, "hf_vessel", engine.Row{"hf_name": "Tern", "hf_imo": "9999002"}))
	if other["hf_vesselnumber"] == number || other["hf_section"] != nil {
		t.Errorf("the next: %v %v", other["hf_vesselnumber"], other["hf_section"])
	}
}

func TestAnAlternateKeyIsUnique(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "account", engine.Row{"name": "One", "accountnumber": "ÅX-1"})
	found, err := o.ByKey(o.ctx, o.as(world.Seller), "account", engine.Row{"accountnumber": "åx-1"})
	if err != nil || found != id {
		t.Errorf("%s %v", found, err)
	}
	if _, err := o.ByKey(o.ctx, o.as(world.Seller), "account", engine.Row{"accountnumber": "none"}); code(err) != engine.CodeKeyNotFound {
		t.Errorf("%v", err)
	}
	if _, err := o.ByKey(o.ctx, o.as(world.Seller), "account", engine.Row{"name": "One"}); code(err) != engine.CodeInvalidArgument {
		t.Errorf("%v", err)
	}
	o.refused(world.Seller, engine.CodeDuplicateKey, func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"name": "Two", "accountnumber": "ÅX-1"})
		return err
	})
	second := o.create(world.Seller, "account", engine.Row{"name": "Two", "accountnumber": "ÅX-2"})
	o.refused(world.Seller, engine.CodeDuplicateKey, func(x *engine.Change) error {
		return x.Update("account", second, engine.Row{"accountnumber": "ÅX-1"}, engine.Guard{})
	})
	o.refused(world.Seller, engine.CodeDuplicateRecord, func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"accountid": id, "name": "Again"})
		return err
	})
	o.change(world.Seller, func(x *engine.Change) error { // within one transaction the key may move
		if err := x.Update("account", id, engine.Row{"accountnumber": nil}, engine.Guard{}); err != nil {
			return err
		}
		return x.Update("account", second, engine.Row{"accountnumber": "ÅX-1"}, engine.Guard{})
	})
}

func TestAHierarchyHasNoLoop(t *testing.T) {
	o := open(t)
	var ids []string
	for _, name := range []string{"A", "B", "C"} {
		row := engine.Row{"name": name}
		if len(ids) > 0 {
			row["parentaccountid"] = ids[len(ids)-1]
		}
		ids = append(ids, o.create(world.Administrator, "account", row))
	}
	for _, parent := range ids {
		o.refused(world.Administrator, engine.CodeLoop, func(x *engine.Change) error {
			return x.Update("account", ids[0], engine.Row{"parentaccountid": parent}, engine.Guard{})
		})
	}
}

func TestForeignAmountsAreKeptInBaseCurrencyToo(t *testing.T) {
	o := open(t)
	dollar := o.any(world.Administrator, "transactioncurrency", is("isocurrencycode", "USD"))
	yen := o.any(world.Administrator, "transactioncurrency", is("isocurrencycode", "JPY"))
	id := o.create(world.Seller, "opportunity", engine.Row{"name": "Abroad", "estimatedvalue": 108, "transactioncurrencyid": dollar})
	check := func(value, base, rate float64) {
		t.Helper()
		row := o.row("opportunity", id)
		if row["estimatedvalue"] != value || row["estimatedvalue_base"] != base || row["exchangerate"] != rate {
			t.Errorf("%v %v at %v, want %v %v at %v", row["estimatedvalue"], row["estimatedvalue_base"], row["exchangerate"], value, base, rate)
		}
	}
	check(108, 100, 1.08)
	update := func(row engine.Row) {
		t.Helper()
		o.change(world.Seller, func(x *engine.Change) error { return x.Update("opportunity", id, row, engine.Guard{}) })
	}
	update(engine.Row{"estimatedvalue": 54})
	check(54, 50, 1.08)
	update(engine.Row{"transactioncurrencyid": yen, "estimatedvalue": 1625.4})
	check(1625, 10, 162.5)
	update(engine.Row{"estimatedvalue": nil})
	if row := o.row("opportunity", id); row["estimatedvalue_base"] != nil {
		t.Errorf("%v", row["estimatedvalue_base"])
	}
	o.change(world.Administrator, func(x *engine.Change) error {
		if err := x.Update("transactioncurrency", yen, engine.Row{"exchangerate": 200}, engine.Guard{}); err != nil {
			return err
		}
		return x.Update("opportunity", id, engine.Row{"estimatedvalue": 400}, engine.Guard{})
	})
	check(400, 2, 200)
	update(engine.Row{"estimatedvalue": 600}) // the rate outlives the change that made it
	check(600, 3, 200)
}

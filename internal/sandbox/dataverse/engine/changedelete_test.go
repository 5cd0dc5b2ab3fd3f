package engine_test

import (
	"errors"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func remove(table, id string) func(x *engine.Change) error {
	return func(x *engine.Change) error { return x.Delete(table, id, engine.Guard{}) }
}

// With an account go its notes, activities and who took part in them, its deals and contacts; who only refers to it stays
// without the reference.
func TestADeletionReachesWhatHangsOnTheRow(t *testing.T) {
	o := open(t)
	account := o.create(world.Administrator, "account", engine.Row{"name": "Gone"})
	ref := engine.Ref{Table: "account", ID: account}
	child := o.create(world.Administrator, "account", engine.Row{"name": "Child", "parentaccountid": account})
	contact := o.create(world.Administrator, "contact", engine.Row{"lastname": "Goes along", "parentcustomerid": ref})
	deal := o.create(world.Administrator, "opportunity", engine.Row{"name": "Goes along", "customerid": ref})
	referring := o.create(world.Administrator, "opportunity", engine.Row{"name": "Stays", "customerid": engine.Ref{Table: "contact", ID: o.any(world.Administrator, "contact", is("parentcustomerid", o.owned("Tomas Lindqvist")))}})
	o.change(world.Administrator, update("opportunity", referring, engine.Row{"originatingleadid": nil}))
	note := o.create(world.Administrator, "annotation", engine.Row{"subject": "On the contact", "objectid": engine.Ref{Table: "contact", ID: contact}})
	call := o.create(world.Administrator, "phonecall", engine.Row{"subject": "Goes along", "regardingobjectid": ref, "to": []engine.Ref{{Table: "contact", ID: contact}}, "from": []engine.Ref{o.user("Tomas Lindqvist")}})
	visitor := o.create(world.Administrator, "account", engine.Row{"name": "Knew them", "primarycontactid": contact})
	parties := `<condition attribute="activityid" operator="eq" value="` + call + `"/>`
	if n := len(o.fetch(world.Administrator, `<fetch><entity name="activityparty"><filter>`+parties+`</filter></entity></fetch>`).Rows); n != 2 {
		t.Fatalf("%d parties", n)
	}
	o.change(world.Administrator, func(x *engine.Change) error {
		return x.Grant("account", account, o.user("Tomas Lindqvist"), engine.ReadAccess)
	})
	before := o.row("account", visitor)[""].(int64)

	o.change(world.Administrator, remove("account", account))
	for table, id := range map[string]string{"account": account, "contact": contact, "opportunity": deal, "annotation": note, "phonecall": call, "activitypointer": call} {
		if o.row(table, id) != nil {
			t.Errorf("the %s is still there", table)
		}
	}
	if n := len(o.fetch(world.Administrator, `<fetch><entity name="activityparty"><filter>`+parties+`</filter></entity></fetch>`).Rows); n != 0 {
		t.Errorf("%d parties are left", n)
	}
	if n := len(o.fetch(world.Administrator, `<fetch><entity name="principalobjectaccess"><filter>`+is("objectid", account)+`</filter></entity></fetch>`).Rows); n != 0 {
		t.Errorf("%d shares are left", n)
	}
	if row := o.row("account", child); row == nil || row["parentaccountid"] != nil {
		t.Errorf("the child account: %v", row["parentaccountid"])
	}
	if row := o.row("account", visitor); row == nil || row["primarycontactid"] != nil || row[""].(int64) <= before {
		t.Errorf("who knew the contact: %v, version %v after %d", row["primarycontactid"], row[""], before)
	}
	if o.row("opportunity", referring) == nil {
		t.Error("a deal of somebody else went along")
	}
}

func TestDeletionsThatAreRefused(t *testing.T) {
	o := open(t)
	team := o.create(world.Administrator, "team", engine.Row{"name": "Short-lived", "businessunitid": o.as(world.Administrator).BusinessUnitID})
	role := o.any(world.Administrator, "role", is("name", "Sales Manager")+is("businessunitid", o.as(world.Administrator).BusinessUnitID))
	o.change(world.Administrator, func(x *engine.Change) error {
		return x.Associate("teamroles_association", engine.Ref{Table: "team", ID: team}, engine.Ref{Table: "role", ID: role})
	})
	owned := o.create(world.Administrator, "account", engine.Row{"name": "Theirs", "ownerid": engine.Ref{Table: "team", ID: team}})
	o.refused(world.Administrator, engine.CodeCannotDelete, remove("team", team))
	o.change(world.Administrator, remove("account", owned))
	o.change(world.Administrator, remove("team", team))
	if n := len(o.fetch(world.Administrator, `<fetch><entity name="teamroles"><filter>`+is("teamid", team)+`</filter></entity></fetch>`).Rows); n != 0 {
		t.Errorf("%d ties are left", n)
	}
	for table, id := range map[string]string{"systemuser": o.as(world.Seller).UserID, "organization": o.any(world.Administrator, "organization", ""), "systemuserroles": nowhere, "audit": nowhere} {
		o.refused(world.Administrator, engine.CodeNotSupported, remove(table, id))
	}
	o.refused(world.Administrator, engine.CodeCannotDelete, remove("transactioncurrency", o.Options().BaseCurrency))
	o.refused(world.Administrator, engine.CodeObjectDoesNotExist, remove("account", nowhere))
	// A note of somebody else on one's own deal: it cannot go, so the deal does not.
	deal := o.create(world.Seller, "opportunity", engine.Row{"name": "Mine"})
	o.create(world.Administrator, "annotation", engine.Row{"subject": "Theirs", "objectid": engine.Ref{Table: "opportunity", ID: deal}})
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, remove("opportunity", deal))
	if o.row("opportunity", deal) == nil {
		t.Error("half of a refused deletion happened")
	}
}

func TestGuards(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "account", engine.Row{"name": "Guarded"})
	version := o.row("account", id)[""].(int64)
	upsert := func(id string, g engine.Guard) (created bool, err error) {
		err = o.Change(o.ctx, o.as(world.Seller), func(x *engine.Change) (err error) {
			created, err = x.Upsert("account", id, engine.Row{"name": "Upserted"}, g)
			return err
		})
		return created, err
	}
	fresh := "0badcafe-0000-4000-8000-0000000000ff"
	for _, test := range []struct {
		id      string
		guard   engine.Guard
		created bool
		code    string
	}{
		{fresh, engine.Guard{MustExist: true}, false, engine.CodeObjectDoesNotExist},
		{fresh, engine.Guard{Version: 5}, false, engine.CodeObjectDoesNotExist},
		{id, engine.Guard{MustNotExist: true}, false, engine.CodeDuplicateRecord},
		{id, engine.Guard{Version: version - 1}, false, engine.CodeVersionMismatch},
		{id, engine.Guard{Version: version}, false, ""},
		{id, engine.Guard{Version: version}, false, engine.CodeVersionMismatch},
		{id, engine.Guard{MustExist: true}, false, ""},
		{fresh, engine.Guard{MustNotExist: true}, true, ""},
		{fresh, engine.Guard{}, false, ""},
		{"no id", engine.Guard{}, false, engine.CodeIncorrectValueType},
	} {
		created, err := upsert(test.id, test.guard)
		if code(err) != test.code || created != test.created || err != nil && test.code == "" {
			t.Errorf("%+v: %v %v", test, created, err)
		}
	}
	o.refused(world.Administrator, engine.CodeVersionMismatch, func(x *engine.Change) error {
		return x.Delete("account", id, engine.Guard{Version: version})
	})
}

// All or nothing: whatever stops a change, nothing of it is left, and the next one goes on as if it had not been.
func TestAChangeThatFailsLeavesNothing(t *testing.T) {
	o := open(t)
	before := o.Version()
	boom := errors.New("boom")
	half := func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"accountid": nowhere, "name": "Half"})
		return err
	}
	for name, fn := range map[string]func(x *engine.Change) error{
		"said so": func(x *engine.Change) error { return errors.Join(half(x), boom) },
		"refused": func(x *engine.Change) error {
			return errors.Join(half(x), x.Update("account", "0badcafe-0000-4000-8000-0000000000aa", engine.Row{"name": "x"}, engine.Guard{}))
		},
		"an operation that had failed halfway": func(x *engine.Change) error {
			if err := half(x); err != nil {
				return err
			}
			// The first party is written before the second is refused; the error is ignored.
			_, _ = x.Create("phonecall", engine.Row{"subject": "Half", "to": []engine.Ref{o.user("Elin Forsbäck"), {Table: "contact", ID: nowhere}}})
			return nil
		},
	} {
		if err := o.Change(o.ctx, o.as(world.Administrator), fn); err == nil {
			t.Errorf("%s: no error", name)
		}
		if o.row("account", nowhere) != nil || o.Version() != before {
			t.Errorf("%s: something is left, version %d after %d", name, o.Version(), before)
		}
	}
	func() {
		defer func() { recover() }()
		_ = o.Change(o.ctx, o.as(world.Administrator), func(x *engine.Change) error {
			_ = half(x)
			panic("in the middle")
		})
	}()
	if o.row("account", nowhere) != nil {
		t.Error("a panic left something")
	}
	o.change(world.Administrator, half)
}

package engine_test

import (
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// user is somebody of the organization as a reference, found by their full name.
func (o *office) user(name string) engine.Ref {
	o.Helper()
	return engine.Ref{Table: "systemuser", ID: o.any(world.Administrator, "systemuser", is("fullname", name))}
}

func (o *office) team(name string) engine.Ref {
	o.Helper()
	return engine.Ref{Table: "team", ID: o.any(world.Administrator, "team", is("name", name))}
}

// owned is an account of somebody.
func (o *office) owned(name string) string {
	o.Helper()
	return o.any(world.Administrator, "account", is("ownerid", o.user(name).ID))
}

func update(table, id string, row engine.Row) func(x *engine.Change) error {
	return func(x *engine.Change) error { return x.Update(table, id, row, engine.Guard{}) }
}

// A seller writes own accounts, reads those of the unit, and has no business with others.
func TestHowFarWritingReaches(t *testing.T) {
	o := open(t)
	mine, unit, far := o.owned("Tomas Lindqvist"), o.owned("Elin Forsbäck"), o.owned("Haruka Minamoto")
	o.change(world.Seller, update("account", mine, engine.Row{"fax": "1"}))
	for _, id := range []string{unit, far} {
		o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, update("account", id, engine.Row{"fax": "1"}))
	}
	o.refused(world.ReadOnly, engine.CodePrivilegeDenied, update("account", mine, engine.Row{"fax": "1"}))
	o.refused(world.Seller, engine.CodeObjectDoesNotExist, update("account", nowhere, engine.Row{"fax": "1"}))
	o.refused(world.ReadOnly, engine.CodePrivilegeDenied, func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"name": "No"})
		return err
	})
	o.change(world.Manager, update("account", unit, engine.Row{"fax": "2"}))
	o.refused(world.Manager, engine.CodeUnmanagedIDAccessDenied, update("account", far, engine.Row{"fax": "2"}))
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error { // a lead of somebody else
		_, err := x.Create("lead", engine.Row{"subject": "Given", "lastname": "X", "ownerid": o.user("Haruka Minamoto")})
		return err
	})
	o.change(world.Seller, func(x *engine.Change) error { // but one of a team that one is in
		_, err := x.Create("lead", engine.Row{"subject": "Ours", "lastname": "X", "ownerid": o.team("Key Accounts Nordics")})
		return err
	})
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error { // not even that its version is another
		return x.Update("account", far, engine.Row{"fax": "1"}, engine.Guard{Version: 5})
	})
	if version, there, err := versionOf(o, world.Seller, far); err != nil || there || version != 0 {
		t.Errorf("a row that may not be read tells its version: %d", version)
	}
}

func versionOf(o *office, role world.Role, id string) (version int64, there bool, err error) {
	o.change(role, func(x *engine.Change) error {
		version, there, err = x.Version("account", id)
		return nil
	})
	return version, there, err
}

// Tying rows together takes Append on the one and AppendTo on the other.
func TestLookupsTakeAppendAndAppendTo(t *testing.T) {
	o := open(t)
	mine, far := o.owned("Tomas Lindqvist"), o.owned("Haruka Minamoto")
	task := o.create(world.Seller, "task", engine.Row{"subject": "Here", "regardingobjectid": engine.Ref{Table: "account", ID: mine}})
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, update("task", task, engine.Row{"regardingobjectid": engine.Ref{Table: "account", ID: far}}))
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error {
		_, err := x.Create("task", engine.Row{"subject": "There", "regardingobjectid": engine.Ref{Table: "account", ID: far}})
		return err
	})
	o.change(world.Seller, update("task", task, engine.Row{"regardingobjectid": nil}))
	o.refused(world.Seller, engine.CodePrivilegeDenied, func(x *engine.Change) error { // nobody makes themselves an administrator
		admin := o.any(world.Administrator, "role", is("name", "System Administrator"))
		return x.Associate("systemuserroles_association", engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}, engine.Ref{Table: "role", ID: admin})
	})
}

func TestAssigningMovesARowAndWhatHangsOnIt(t *testing.T) {
	o := open(t)
	elin, haruka := o.user("Elin Forsbäck"), o.user("Haruka Minamoto")
	account := o.create(world.Manager, "account", engine.Row{"name": "Handed over"})
	contact := o.create(world.Manager, "contact", engine.Row{"lastname": "Along", "parentcustomerid": engine.Ref{Table: "account", ID: account}})
	task := o.create(world.Manager, "task", engine.Row{"subject": "Along", "regardingobjectid": engine.Ref{Table: "contact", ID: contact}})
	o.change(world.Manager, update("account", account, engine.Row{"ownerid": elin}))
	unit := o.row("systemuser", elin.ID)["businessunitid"]
	for table, id := range map[string]string{"account": account, "contact": contact, "task": task} {
		row := o.row(table, id)
		if row["ownerid"] != elin.ID || row["owninguser"] != elin.ID || row["owningbusinessunit"] != unit {
			t.Errorf("%s: %v %v %v", table, row["ownerid"], row["owninguser"], row["owningbusinessunit"])
		}
	}
	team := o.team("Key Accounts Nordics")
	o.change(world.Manager, update("account", account, engine.Row{"ownerid": team}))
	if row := o.row("account", account); row["owningteam"] != team.ID || row["owninguser"] != nil {
		t.Errorf("%v %v", row["owningteam"], row["owninguser"])
	}
	mine := o.create(world.Seller, "account", engine.Row{"name": "Mine"})
	o.refused(world.Seller, engine.CodePrivilegeDenied, update("account", mine, engine.Row{"ownerid": haruka})) // sellers assign no accounts
	o.refused(world.Administrator, engine.CodePrincipalDenied, update("account", mine, engine.Row{"ownerid": o.team("Tender 2026 / Access")}))
	o.refused(world.Administrator, engine.CodeInvalidArgument, update("account", mine, engine.Row{"ownerid": nil}))
}

// Column security stands between a person and a column in writing as in reading.
func TestColumnSecurityHoldsOnWrites(t *testing.T) {
	o := open(t)
	mine := o.owned("Tomas Lindqvist")
	o.refused(world.Seller, engine.CodeColumnUpdateDenied, update("account", mine, engine.Row{"creditlimit": 1}))
	o.refused(world.Seller, engine.CodeColumnUpdateDenied, update("account", mine, engine.Row{"creditlimit": nil}))
	o.refused(world.Seller, engine.CodeColumnCreateDenied, func(x *engine.Change) error {
		_, err := x.Create("account", engine.Row{"name": "Sneaky", "creditlimit": 1})
		return err
	})
	o.change(world.Manager, update("account", mine, engine.Row{"creditlimit": 5}))
	if row := o.row("account", mine); row["creditlimit"] != 5.0 {
		t.Errorf("%v", row["creditlimit"])
	}
}

func TestSharing(t *testing.T) {
	o := open(t)
	id := o.create(world.Manager, "opportunity", engine.Row{"name": "Shared"})
	tomas := engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}
	rights := func() engine.Rights {
		t.Helper()
		r, err := o.Access(o.ctx, o.as(world.Seller), "opportunity", id)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	edit := update("opportunity", id, engine.Row{"description": "theirs"})
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, edit)
	o.change(world.Manager, func(x *engine.Change) error { return x.Grant("opportunity", id, tomas, engine.ReadAccess) })
	if rights() != engine.ReadAccess {
		t.Errorf("after reading was shared: %d", rights())
	}
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, edit)
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error { return x.Grant("opportunity", id, tomas, engine.WriteAccess) })
	o.change(world.Manager, func(x *engine.Change) error {
		return x.Grant("opportunity", id, tomas, engine.WriteAccess|engine.ShareAccess)
	})
	o.change(world.Seller, edit)
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error { // nobody shares more than they have
		return x.Grant("opportunity", id, o.user("Elin Forsbäck"), engine.DeleteAccess)
	})
	o.change(world.Manager, func(x *engine.Change) error {
		if shares, err := x.Shares("opportunity", id); err != nil || len(shares) != 1 || shares[0].Principal != tomas || shares[0].Rights != engine.ReadAccess|engine.WriteAccess|engine.ShareAccess {
			t.Errorf("%v %v", shares, err)
		}
		return x.Modify("opportunity", id, tomas, engine.ReadAccess)
	})
	if rights() != engine.ReadAccess {
		t.Errorf("after it was cut down: %d", rights())
	}
	o.change(world.Manager, func(x *engine.Change) error { return x.Revoke("opportunity", id, tomas) })
	if rights() != 0 {
		t.Errorf("after it was ended: %d", rights())
	}
	o.refused(world.Administrator, engine.CodeNotSupported, func(x *engine.Change) error {
		return x.Grant("transactioncurrency", o.Options().BaseCurrency, tomas, engine.ReadAccess)
	})
	o.refused(world.Administrator, engine.CodeInvalidArgument, func(x *engine.Change) error { return x.Grant("opportunity", id, tomas, engine.CreateAccess) })
	o.refused(world.Administrator, engine.CodeInvalidArgument, func(x *engine.Change) error {
		return x.Grant("opportunity", id, engine.Ref{Table: "account", ID: nowhere}, engine.ReadAccess)
	})
}

// What a person may do changes with the next request after a role, a team or a profile has.
func TestRightsFollowTheSecurityTables(t *testing.T) {
	o := open(t)
	tomas := engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}
	far := o.owned("Haruka Minamoto")
	before := o.as(world.Seller)
	manager := engine.Ref{Table: "role", ID: o.any(world.Administrator, "role", is("name", "Sales Manager")+is("businessunitid", before.BusinessUnitID))}
	deal := o.any(world.Administrator, "opportunity", is("ownerid", o.user("Elin Forsbäck").ID))
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, update("opportunity", deal, engine.Row{"description": "x"}))
	o.change(world.Administrator, func(x *engine.Change) error { return x.Associate("systemuserroles_association", tomas, manager) })
	o.change(world.Administrator, func(x *engine.Change) error { return x.Associate("systemuserroles_association", manager, tomas) }) // twice is once
	o.change(world.Seller, update("opportunity", deal, engine.Row{"description": "x"}))
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, update("account", far, engine.Row{"fax": "x"}))
	o.change(world.Administrator, func(x *engine.Change) error { return x.Disassociate("systemuserroles_association", tomas, manager) })
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, update("opportunity", deal, engine.Row{"description": "y"}))
	o.change(world.Administrator, update("systemuser", tomas.ID, engine.Row{"isdisabled": true}))
	if _, err := o.CallerByUser(o.ctx, tomas.ID); err != engine.ErrNotMember {
		t.Errorf("somebody disabled comes in: %v", err)
	}
}

func TestEverybodyKeepsTheirOwnSettings(t *testing.T) {
	o := open(t)
	seller, manager := o.as(world.Seller).UserID, o.as(world.Manager).UserID
	o.change(world.Seller, update("usersettings", seller, engine.Row{"uilanguageid": 1031}))
	o.refused(world.Seller, engine.CodePrivilegeDenied, update("usersettings", manager, engine.Row{"uilanguageid": 1031}))
	if c := o.as(world.Seller); c.LCID != 1031 {
		t.Errorf("language %d", c.LCID)
	}
}

// What is shared with a row is shared with everything that belongs to it, as long as it does.
func TestSharesReachWhatBelongsToARow(t *testing.T) {
	o := open(t)
	tomas := engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}
	unit := o.any(world.Administrator, "businessunit", is("name", "UK &amp; Ireland"))
	sean := o.user("Seán O'Shaughnessy")
	account := engine.Ref{Table: "account", ID: o.create(world.Manager, "account", engine.Row{"name": "Shared with all", "ownerid": sean})}
	contact := o.create(world.Administrator, "contact", engine.Row{"lastname": "Below", "parentcustomerid": account, "ownerid": sean})
	task := o.create(world.Administrator, "task", engine.Row{"subject": "Two below", "regardingobjectid": engine.Ref{Table: "contact", ID: contact}, "ownerid": sean})
	if o.row("account", account.ID)["owningbusinessunit"] != unit {
		t.Fatal("the account is elsewhere")
	}
	rights := func(table, id string) engine.Rights {
		t.Helper()
		r, err := o.Access(o.ctx, o.as(world.Seller), table, id)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := func(when string, account_, contact_, task_ engine.Rights) {
		t.Helper()
		if a, c, k := rights("account", account.ID), rights("contact", contact), rights("task", task); a != account_ || c != contact_ || k != task_ {
			t.Errorf("%s: %d %d %d, want %d %d %d", when, a, c, k, account_, contact_, task_)
		}
	}
	const both = engine.ReadAccess | engine.WriteAccess
	want("before", 0, 0, 0)
	o.change(world.Manager, func(x *engine.Change) error { return x.Grant("account", account.ID, tomas, both) })
	want("shared", both, both, both)
	if n := len(o.fetch(world.Seller, `<fetch><entity name="task"><filter>`+is("activityid", task)+`</filter></entity></fetch>`).Rows); n != 1 {
		t.Errorf("%d tasks in a list", n)
	}
	late := o.create(world.Administrator, "annotation", engine.Row{"subject": "Late", "objectid": account, "ownerid": sean})
	if rights("annotation", late) != both {
		t.Errorf("a later note: %d", rights("annotation", late))
	}
	o.change(world.Manager, func(x *engine.Change) error { return x.Grant("task", task, tomas, engine.ReadAccess) })
	o.change(world.Manager, func(x *engine.Change) error { return x.Modify("account", account.ID, tomas, engine.ReadAccess) })
	want("cut down", engine.ReadAccess, engine.ReadAccess, engine.ReadAccess)
	o.change(world.Manager, update("contact", contact, engine.Row{"parentcustomerid": nil}))
	want("moved away", engine.ReadAccess, 0, engine.ReadAccess) // the task by itself
	o.change(world.Manager, update("contact", contact, engine.Row{"parentcustomerid": account}))
	want("and back", engine.ReadAccess, engine.ReadAccess, engine.ReadAccess)
	o.change(world.Manager, func(x *engine.Change) error { return x.Revoke("account", account.ID, tomas) })
	want("ended", 0, 0, engine.ReadAccess)
}

// Whoever moves to another business unit takes their rows along and leaves their roles behind.
func TestAUserMovesToAnotherUnit(t *testing.T) {
	o := open(t)
	tomas, mine := o.as(world.Seller), o.owned("Tomas Lindqvist")
	dach := o.any(world.Administrator, "businessunit", is("name", "DACH"))
	version := o.row("account", mine)[""].(int64)
	o.change(world.Administrator, update("systemuser", tomas.UserID, engine.Row{"businessunitid": dach}))
	if row := o.row("account", mine); row["owningbusinessunit"] != dach || row[""].(int64) <= version {
		t.Errorf("%v", row["owningbusinessunit"])
	}
	if c := o.as(world.Seller); c.BusinessUnitID != dach || c.Depth("prvReadAccount") == engine.Global {
		t.Errorf("%s", c.BusinessUnitID)
	}
	role := o.any(world.Administrator, "role", is("name", "Sales Read-only")+is("businessunitid", dach))
	o.change(world.Administrator, func(x *engine.Change) error {
		return x.Associate("systemuserroles_association", engine.Ref{Table: "systemuser", ID: tomas.UserID}, engine.Ref{Table: "role", ID: role})
	})
	if c := o.as(world.Seller); c.Depth("prvReadAccount") != engine.Global {
		t.Errorf("the new role is not there")
	}
}

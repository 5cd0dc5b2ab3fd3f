package engine_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestNamesAreComposed(t *testing.T) {
	o := open(t)
	contact := o.create(world.Seller, "contact", engine.Row{"firstname": "Ida", "lastname": "Berg", "fullname": "Not me"})
	lead := o.create(world.Seller, "lead", engine.Row{"subject": "S", "lastname": "Solo"})
	o.change(world.Seller, update("contact", contact, engine.Row{"lastname": "Holm"}))
	user := o.as(world.Manager).UserID
	o.change(world.Administrator, update("systemuser", user, engine.Row{"lastname": "Raman-Holm"}))
	for id, want := range map[[2]string]string{{"contact", contact}: "Ida Holm", {"lead", lead}: "Solo", {"systemuser", user}: "Priya Raman-Holm"} {
		if got := o.row(id[0], id[1])["fullname"]; got != want {
			t.Errorf("%s: %v, want %s", id[0], got, want)
		}
	}
	if name := o.as(world.Manager).FullName; name != "Priya Raman-Holm" {
		t.Errorf("the caller is still called %s", name)
	}
	if got := o.fetch(world.Administrator, `<fetch><entity name="contact"><attribute name="contactid"/><filter>`+is("fullname", "ida holm")+is("contactid", contact)+`</filter></entity></fetch>`); len(got.Rows) != 1 {
		t.Error("the new name is not found")
	}
}

func TestAnAddressIsComposedAndClearedAgain(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "account", engine.Row{"name": "Where", "address2_line1": "1 Pier", "address2_city": "Oslo", "address2_stateorprovince": "OS", "address2_postalcode": "0150"})
	composite := func() any { return o.row("account", id)["address2_composite"] }
	if diff := cmp.Diff("1 Pier\r\nOslo, OS 0150", composite()); diff != "" {
		t.Error(diff)
	}
	o.change(world.Seller, update("account", id, engine.Row{"address2_line1": nil, "address2_city": nil, "address2_stateorprovince": nil, "address2_postalcode": nil}))
	if composite() != nil {
		t.Errorf("%v", composite())
	}
}

func TestActivitiesKeepTimeAndParties(t *testing.T) {
	o := open(t)
	contact := o.create(world.Seller, "contact", engine.Row{"lastname": "Berg", "emailaddress1": "ida@example.test"})
	tomas := engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}
	start := monday.Add(24 * time.Hour)
	id := o.create(world.Seller, "appointment", engine.Row{
		"subject": "Demo", "scheduledstart": start, "scheduledend": start.Add(45 * time.Minute), "organizer": []engine.Ref{tomas},
		"requiredattendees": []engine.Row{{"partyid": engine.Ref{Table: "contact", ID: contact}}, {"addressused": "guest@example.test"}},
	})
	row := o.row("activitypointer", id)
	if row["activitytypecode"] != "appointment" || row["scheduleddurationminutes"] != int64(45) || row["sortdate"] != start.Add(45*time.Minute) {
		t.Errorf("%v", row)
	}
	parties := func() string {
		var list []string
		page := o.fetch(world.Administrator, `<fetch><entity name="activityparty"><attribute name="participationtypemask"/><attribute name="partyidname"/><attribute name="addressused"/><filter>`+is("activityid", id)+`</filter><order attribute="participationtypemask"/><order attribute="addressused"/></entity></fetch>`)
		for _, r := range page.Rows {
			var cells []string
			for i, c := range page.Columns {
				if !c.Implied {
					cells = append(cells, shown(r.Cells[i]))
				}
			}
			list = append(list, strings.Join(cells, " "))
		}
		return strings.Join(list, "; ")
	}
	if diff := cmp.Diff("Organizer Tomas Lindqvist tomas@harborfinch.example; Required attendee  guest@example.test; Required attendee Berg ida@example.test", parties()); diff != "" {
		t.Error(diff)
	}
	o.change(world.Seller, update("appointment", id, engine.Row{"requiredattendees": []engine.Ref{}, "subject": "Smaller"}))
	if diff := cmp.Diff("Organizer Tomas Lindqvist tomas@harborfinch.example", parties()); diff != "" {
		t.Error(diff)
	}
	o.refused(world.Manager, engine.CodeIncorrectValueType, update("appointment", id, engine.Row{"organizer": "me"}))
	foreign := o.any(world.Administrator, "appointment", is("ownerid", o.user("Haruka Minamoto").ID))
	o.refused(world.Seller, engine.CodeUnmanagedIDAccessDenied, func(x *engine.Change) error { // nobody joins what they may not write
		_, err := x.Create("activityparty", engine.Row{"activityid": engine.Ref{Table: "appointment", ID: foreign}, "partyid": tomas, "participationtypemask": 6})
		return err
	})
}

func TestAnOpportunitysCustomerFollows(t *testing.T) {
	o := open(t)
	account := engine.Ref{Table: "account", ID: o.owned("Tomas Lindqvist")}
	contact := engine.Ref{Table: "contact", ID: o.create(world.Seller, "contact", engine.Row{"lastname": "Berg"})}
	byAccount := o.row("opportunity", o.create(world.Seller, "opportunity", engine.Row{"name": "A", "parentaccountid": account, "parentcontactid": contact}))
	byCustomer := o.create(world.Seller, "opportunity", engine.Row{"name": "B", "customerid": contact})
	if byAccount["customerid"] != account.ID || o.row("opportunity", byCustomer)["parentcontactid"] != contact.ID {
		t.Errorf("%v", byAccount["customerid"])
	}
	o.change(world.Seller, update("opportunity", byCustomer, engine.Row{"customerid": account}))
	if row := o.row("opportunity", byCustomer); row["parentaccountid"] != account.ID || row["parentcontactid"] != contact.ID {
		t.Errorf("%v %v", row["parentaccountid"], row["parentcontactid"])
	}
}

func TestNotesCasesAndConnections(t *testing.T) {
	o := open(t)
	account := engine.Ref{Table: "account", ID: o.owned("Tomas Lindqvist")}
	note := o.row("annotation", o.create(world.Seller, "annotation", engine.Row{"subject": "File", "objectid": account, "filename": "a.txt", "documentbody": base64.StdEncoding.EncodeToString([]byte("hello"))}))
	if note["objecttypecode"] != "account" || note["isdocument"] != true || note["filesize"] != int64(5) {
		t.Errorf("%v %v %v", note["objecttypecode"], note["isdocument"], note["filesize"])
	}
	incident := o.row("incident", o.create(world.Administrator, "incident", engine.Row{"title": "Broken", "customerid": account}))
	if number, _ := incident["ticketnumber"].(string); !strings.HasPrefix(number, "CAS-") || len(number) < 12 {
		t.Errorf("%q", number)
	}
	connection := o.row("connection", o.create(world.Seller, "connection", engine.Row{"record1id": account, "record2id": engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}}))
	if connection["name"] != "Tomas Lindqvist" {
		t.Errorf("%v", connection["name"])
	}
}

// An activity can be changed and deleted as what it is, and as an activity.
func TestAnActivityGoesByBothNames(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "task", engine.Row{"subject": "One"})
	o.change(world.Seller, update("activitypointer", id, engine.Row{"subject": "Two"}))
	if subject := o.row("task", id)["subject"]; subject != "Two" {
		t.Errorf("%v", subject)
	}
	if got, err := o.History(o.ctx, o.as(world.Seller), "activitypointer", id); err != nil || len(got) != 2 || got[0].Record.Table != "task" {
		t.Errorf("%q %v", spoken(got), err)
	}
	o.refused(world.Seller, engine.CodeNotSupported, func(x *engine.Change) error {
		_, err := x.Create("activitypointer", engine.Row{"subject": "Neither"})
		return err
	})
	o.change(world.Seller, remove("activitypointer", id))
	if o.row("task", id) != nil {
		t.Error("it is still there")
	}
	o.refused(world.Seller, engine.CodeObjectDoesNotExist, remove("activitypointer", id))
}

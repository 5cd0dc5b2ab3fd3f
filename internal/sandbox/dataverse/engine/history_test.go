package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// told is a history in words, the latest first.
func (o *office) told(role world.Role, table, id string) []string {
	o.Helper()
	list, err := o.History(o.ctx, o.as(role), table, id)
	if err != nil {
		o.Fatal(err)
	}
	return spoken(list)
}

func spoken(list []engine.AuditDetail) []string {
	var lines []string
	for _, d := range list {
		var parts []string
		for _, c := range d.Changes {
			parts = append(parts, fmt.Sprintf("%s %s>%s", c.Column.LogicalName, shown(c.Old), shown(c.New)))
		}
		if d.Principal.ID != "" {
			parts = append(parts, fmt.Sprintf("%d>%d", d.Before, d.After))
		}
		lines = append(lines, fmt.Sprintf("%s %s %d/%d %s", d.At.Format("15:04"), d.UserName, d.Action, d.Operation, strings.Join(parts, ", ")))
	}
	return lines
}

// shown is the text of a cell; text itself has no other.
func shown(c engine.Cell) string {
	if s, ok := c.Value.(string); ok && c.Text == "" {
		return s
	}
	return c.Text
}

func TestTheHistoryOfARow(t *testing.T) {
	o := open(t)
	id := o.create(world.Manager, "account", engine.Row{"name": "Quill", "revenue": 1000, "hf_customersince": "2020-02-03"})
	o.now = monday.Add(time.Hour)
	o.change(world.Administrator, update("account", id, engine.Row{"name": "Quillmark", "industrycode": 2, "creditlimit": 5, "ownerid": o.user("Tomas Lindqvist"), "donotphone": true}))
	o.now = monday.Add(2 * time.Hour)
	o.change(world.Seller, update("account", id, engine.Row{"name": "Quillmark", "revenue": nil}))
	o.change(world.Seller, update("account", id, engine.Row{"name": "Quillmark"})) // changes nothing, so is nothing to tell
	o.change(world.Administrator, func(x *engine.Change) error {
		return x.Grant("account", id, o.user("Elin Forsbäck"), engine.ReadAccess)
	})
	o.refused(world.Administrator, engine.CodeVersionMismatch, func(x *engine.Change) error {
		return x.Update("account", id, engine.Row{"name": "Never"}, engine.Guard{Version: 1})
	})
	want := []string{
		"12:00 Ingrid Sommer 14/2 0>1",
		"12:00 Tomas Lindqvist 2/2 revenue €1,000.00>, revenue_base €1,000.00>, hf_revenueperhead >",
		"11:00 Ingrid Sommer 13/2 name Quill>Quillmark, industrycode >Agriculture and Non-petrol Natural Resource Extraction, creditlimit >€5.00, creditlimit_base >€5.00, donotphone Allow>Do Not Allow, ownerid Priya Raman>Tomas Lindqvist",
	}
	got := o.told(world.Administrator, "account", id)
	if len(got) != 4 || !strings.HasPrefix(got[3], "10:00 Priya Raman 1/1 name >Quill, ") {
		t.Fatalf("%q", got)
	}
	want[1] = strings.Replace(want[1], ", hf_revenueperhead >", "", 1)
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Error(diff)
	}
	if seen := strings.Join(o.told(world.Seller, "account", id), "\n"); strings.Contains(seen, "creditlimit") || !strings.Contains(seen, "industrycode") {
		t.Errorf("column security in a history: %s", seen)
	}

	list, err := o.ColumnHistory(o.ctx, o.as(world.Administrator), "account", id, "revenue")
	if err != nil || len(list) != 2 || len(list[0].Changes) != 1 || list[0].Changes[0].Old.Value != 1000.0 || list[0].Changes[0].New.Value != nil {
		t.Errorf("%q %v", spoken(list), err)
	}
	for name, err := range map[string]error{
		engine.CodePrivilegeDenied:         second(o.ColumnHistory(o.ctx, o.as(world.Seller), "account", id, "revenue")),
		engine.CodeUnknownColumn:           second(o.ColumnHistory(o.ctx, o.as(world.Administrator), "account", id, "nonsense")),
		engine.CodeObjectDoesNotExist:      second(o.History(o.ctx, o.as(world.Administrator), "account", nowhere)),
		engine.CodeUnmanagedIDAccessDenied: second(o.History(o.ctx, o.as(world.Seller), "account", o.owned("Haruka Minamoto"))),
		engine.CodeUnknownTable:            second(o.History(o.ctx, o.as(world.Seller), "nonsense", id)),
	} {
		if code(err) != name {
			t.Errorf("want %s, got %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAuditRowsAreReadOnlyAndCanBeSwitchedOff(t *testing.T) {
	o := open(t)
	id := o.create(world.Administrator, "account", engine.Row{"name": "Watched"})
	rows := `<fetch><entity name="audit"><attribute name="action"/><attribute name="userid"/><filter>` + is("objectid", id) + `</filter></entity></fetch>`
	if n := len(o.fetch(world.Administrator, rows).Rows); n != 1 {
		t.Fatalf("%d audit rows", n)
	}
	o.refused(world.Administrator, engine.CodeNotSupported, func(x *engine.Change) error {
		_, err := x.Create("audit", engine.Row{"action": 1})
		return err
	})
	organization := o.any(world.Administrator, "organization", "")
	o.change(world.Administrator, update("organization", organization, engine.Row{"isauditenabled": false}))
	o.change(world.Administrator, update("account", id, engine.Row{"name": "Unwatched"}))
	if n := len(o.fetch(world.Administrator, rows).Rows); n != 1 {
		t.Errorf("%d audit rows after auditing ended", n)
	}
}

// What has changed since: a client that follows the deltas always ends with what is there.
func TestChangesSinceAVersion(t *testing.T) {
	o := open(t)
	const query = `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`
	changes := func(role world.Role, since int64, size int) *engine.Delta {
		t.Helper()
		d, err := o.Changes(o.ctx, o.as(role), parse(t, query), since, engine.FetchOptions{MaxPageSize: size})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	all := changes(world.Administrator, 0, 0)
	if len(all.Page.Rows) < 300 || len(all.Deleted) != 0 || all.Version != o.Version() {
		t.Fatalf("%d rows at %d", len(all.Page.Rows), all.Version)
	}
	for i := 1; i < len(all.Page.Rows); i++ {
		if all.Page.Rows[i-1].Version >= all.Page.Rows[i].Version {
			t.Fatal("not in the order of changes")
		}
	}
	if d := changes(world.Administrator, all.Version, 0); len(d.Page.Rows) != 0 || len(d.Deleted) != 0 {
		t.Errorf("nothing happened, but %d rows", len(d.Page.Rows))
	}
	fresh := o.create(world.Administrator, "account", engine.Row{"name": "Fresh"})
	passing := o.create(world.Administrator, "account", engine.Row{"name": "Passing"})
	old, mine := all.Page.Rows[0].ID, o.owned("Tomas Lindqvist")
	o.change(world.Administrator, update("account", mine, engine.Row{"name": "Renamed"}))
	o.change(world.Administrator, func(x *engine.Change) error {
		return errorsOf(x.Delete("account", passing, engine.Guard{}), x.Delete("account", old, engine.Guard{}), x.Update("account", fresh, engine.Row{"fax": "1"}, engine.Guard{}))
	})
	d := changes(world.Administrator, all.Version, 0)
	touched := map[string]bool{}
	for _, row := range d.Page.Rows {
		touched[row.ID] = true
	}
	if !touched[fresh] || !touched[mine] || touched[old] || cmp.Diff([]string{passing, old}, d.Deleted) != "" {
		t.Errorf("%v, deleted %v", touched, d.Deleted)
	}
	if d := changes(world.Seller, all.Version, 0); len(d.Page.Rows) != 1 || d.Page.Rows[0].ID != mine || len(d.Deleted) != 2 {
		t.Errorf("a seller sees %d changes", len(d.Page.Rows))
	}
	if _, err := o.Changes(o.ctx, o.as(world.Administrator), parse(t, `<fetch><entity name="audit"/></fetch>`), 0, engine.FetchOptions{}); code(err) != engine.CodeInvalidArgument {
		t.Errorf("%v", err)
	}
	if _, err := o.Changes(o.ctx, o.as(world.Administrator), parse(t, `<fetch><entity name="account"><order attribute="name"/></entity></fetch>`), 0, engine.FetchOptions{}); code(err) != engine.CodeInvalidArgument {
		t.Errorf("%v", err)
	}
}

// Pages of a delta miss nothing, though rows change while a client pages.
func TestPagesOfChanges(t *testing.T) {
	o := open(t)
	names := map[string]string{}
	f := parse(t, `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`)
	since := int64(-1)
	for page := 1; ; page++ {
		f.Page = page
		d, err := o.Changes(o.ctx, o.as(world.Administrator), f, 0, engine.FetchOptions{MaxPageSize: 50})
		if err != nil {
			t.Fatal(err)
		}
		if since < 0 {
			since = d.Version
		}
		for _, row := range d.Page.Rows {
			names[row.ID] = fmt.Sprint(row.Cells[0].Value)
		}
		o.change(world.Administrator, update("account", d.Page.Rows[0].ID, engine.Row{"name": fmt.Sprint("Changed on page ", page)}))
		if f.PagingCookie = d.Page.Cookie; !d.Page.More || page > 50 {
			break
		}
	}
	f.Page, f.PagingCookie = 0, ""
	d, err := o.Changes(o.ctx, o.as(world.Administrator), f, since, engine.FetchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range d.Page.Rows {
		names[row.ID] = fmt.Sprint(row.Cells[0].Value)
	}
	for _, row := range o.fetch(world.Administrator, `<fetch><entity name="account"><attribute name="name"/></entity></fetch>`).Rows {
		if names[row.ID] != fmt.Sprint(row.Cells[0].Value) {
			t.Errorf("%s is known as %q", row.Cells[0].Value, names[row.ID])
		}
		delete(names, row.ID)
	}
	if len(names) > 0 {
		t.Errorf("%d rows are known that are not there", len(names))
	}
}

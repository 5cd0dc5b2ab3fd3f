package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// monday is the day on which these tests take place.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// office is a seeded organization and the people in it.
type office struct {
	testing.TB
	*engine.DB
	ctx context.Context
	now time.Time
}

// seeded is one organization's file, made once; every test works on a copy.
var seededFile string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		panic(err)
	}
	seededFile = filepath.Join(dir, "seeded.db")
	ctx, org := context.Background(), organization()
	db, err := engine.Open(ctx, seededFile, seed.Model(), seed.Options(org, func() time.Time { return monday }))
	if err == nil {
		err = errors.Join(seed.Fill(ctx, db, org, world.People(), monday), db.Close())
	}
	if err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func organization() world.Organization {
	for _, o := range world.Organizations() {
		if o.Seed != "" {
			return o
		}
	}
	panic("no organization has a seed")
}

func open(t testing.TB) *office {
	t.Helper()
	b, err := os.ReadFile(seededFile)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "org.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	o := &office{TB: t, ctx: context.Background(), now: monday}
	options := seed.Options(organization(), func() time.Time { return o.now })
	if o.DB, err = engine.Open(o.ctx, path, seed.Model(), options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	return o
}

func (o *office) as(role world.Role) *engine.Caller {
	o.Helper()
	for _, p := range world.People() {
		if p.Role == role {
			c, err := o.Caller(o.ctx, p.ObjectID)
			if err != nil {
				o.Fatalf("%s: %v", role, err)
			}
			return c
		}
	}
	o.Fatalf("nobody is %s", role)
	return nil
}

// change makes a change that has to succeed.
func (o *office) change(role world.Role, fn func(x *engine.Change) error) {
	o.Helper()
	if err := o.Change(o.ctx, o.as(role), fn); err != nil {
		o.Fatal(err)
	}
}

// refused makes a change that has to fail with a code.
func (o *office) refused(role world.Role, code string, fn func(x *engine.Change) error) {
	o.Helper()
	err := o.Change(o.ctx, o.as(role), fn)
	var e *engine.Error
	if !errors.As(err, &e) || e.Code != code {
		o.Errorf("want %s, got %v", code, err)
	}
}

func (o *office) create(role world.Role, table string, row engine.Row) (id string) {
	o.Helper()
	o.change(role, func(x *engine.Change) (err error) {
		id, err = x.Create(table, row)
		return err
	})
	return id
}

func parse(t testing.TB, xml string) *crmxml.Fetch {
	t.Helper()
	f, err := crmxml.ParseFetch(xml)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// errorsOf is the first error.
func errorsOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// fetch runs a query.
func (o *office) fetch(role world.Role, xml string) *engine.Page {
	o.Helper()
	page, err := o.Fetch(o.ctx, o.as(role), parse(o, xml), engine.FetchOptions{})
	if err != nil {
		o.Fatal(err)
	}
	return page
}

// row reads one row as the administrator, nil when it is not there. Values are as Cell.Value.
func (o *office) row(table, id string) map[string]any {
	o.Helper()
	t := o.Model().Table(table)
	page := o.fetch(world.Administrator, `<fetch><entity name="`+table+`"><all-attributes/><filter><condition attribute="`+t.PrimaryID+`" operator="eq" value="`+id+`"/></filter></entity></fetch>`)
	if len(page.Rows) == 0 {
		return nil
	}
	row := map[string]any{"": page.Rows[0].Version}
	for i, c := range page.Columns {
		row[c.Name] = page.Rows[0].Cells[i].Value
	}
	return row
}

func TestACreatedRowIsCompleted(t *testing.T) {
	o := open(t)
	seller := o.as(world.Seller)
	before := o.Version()
	id := o.create(world.Seller, "account", engine.Row{"name": "Quillmark", "revenue": 1200.5})
	row := o.row("account", id)
	for column, want := range map[string]any{
		"name": "Quillmark", "ownerid": seller.UserID, "createdby": seller.UserID, "owningbusinessunit": seller.BusinessUnitID, "statecode": int64(0), "statuscode": int64(1),
		"createdon": monday, "modifiedon": monday, "revenue_base": 1200.5, "donotphone": false,
	} {
		if row[column] != want {
			t.Errorf("%s is %v, want %v", column, row[column], want)
		}
	}
	if row[""].(int64) <= before || o.Version() < row[""].(int64) {
		t.Errorf("version %v of %d, before %d", row[""], o.Version(), before)
	}
}

func TestAGuardedUpdate(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "account", engine.Row{"name": "Quillmark"})
	version := o.row("account", id)[""].(int64)
	o.now = monday.Add(time.Hour)
	o.change(world.Seller, func(x *engine.Change) error {
		return x.Update("account", id, engine.Row{"name": "Quillmark Ltd", "telephone1": "1"}, engine.Guard{Version: version})
	})
	row := o.row("account", id)
	if row["name"] != "Quillmark Ltd" || row["modifiedon"] != o.now || row["createdon"] != monday || row[""].(int64) <= version {
		t.Errorf("%v", row)
	}
	o.refused(world.Seller, engine.CodeVersionMismatch, func(x *engine.Change) error {
		return x.Update("account", id, engine.Row{"name": "late"}, engine.Guard{Version: version})
	})
	remove := func(x *engine.Change) error { return x.Delete("account", id, engine.Guard{}) }
	o.refused(world.Seller, engine.CodePrivilegeDenied, remove)
	o.change(world.Administrator, remove)
	if o.row("account", id) != nil {
		t.Error("the row is still there")
	}
}

// code is the code of a refusal, "" for none.
func code(err error) string {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

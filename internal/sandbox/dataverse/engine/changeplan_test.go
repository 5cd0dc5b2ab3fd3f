package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// No statement of an ordinary write reads through a table that grows: neither with ownership, sharing and teams in play.
func TestWritesNeverScan(t *testing.T) {
	o := open(t)
	id := o.create(world.Seller, "account", engine.Row{"name": "Quick", "accountnumber": "Q-1", "revenue": 5})
	o.change(world.Administrator, func(x *engine.Change) error {
		return x.Grant("account", id, engine.Ref{Table: "systemuser", ID: o.as(world.Seller).UserID}, engine.ReadAccess)
	})
	contact := o.create(world.Seller, "contact", engine.Row{"lastname": "Quick", "parentcustomerid": engine.Ref{Table: "account", ID: id}})
	o.change(world.Seller, func(x *engine.Change) error {
		version, _, err := x.Version("account", id)
		return errorsOf(err, x.Update("account", id, engine.Row{"name": "Quicker", "accountnumber": "Q-2", "primarycontactid": contact}, engine.Guard{Version: version}))
	})
	call := o.create(world.Seller, "phonecall", engine.Row{"subject": "Quick", "regardingobjectid": engine.Ref{Table: "account", ID: id}, "to": []engine.Ref{{Table: "contact", ID: contact}}})
	o.change(world.Administrator, update("account", id, engine.Row{"ownerid": o.user("Elin Forsbäck")}))
	o.change(world.Administrator, func(x *engine.Change) error {
		return errorsOf(x.Delete("phonecall", call, engine.Guard{}), x.Delete("account", id, engine.Guard{}))
	})
	statements := o.Kept()
	if len(statements) < 30 {
		t.Fatalf("only %d statements", len(statements))
	}
	for _, statement := range statements {
		plan, err := o.Explain(statement)
		if err != nil {
			continue // BEGIN and COMMIT have no plan
		}
		for _, step := range strings.Split(plan, "\n") {
			if strings.Contains(step, "SCAN") && !strings.Contains(step, "CONSTANT ROW") && !strings.Contains(step, "~state") && !strings.Contains(step, "SCAN (subquery") {
				t.Errorf("%s\n%s", step, statement)
			}
		}
	}
}

func BenchmarkGuardedUpdate(b *testing.B) {
	o := open(b)
	caller := o.as(world.Seller)
	id := o.create(world.Seller, "account", engine.Row{"name": "Quick"})
	version := o.row("account", id)[""].(int64)
	b.ReportAllocs()
	for n := range b.N {
		if err := o.Change(o.ctx, caller, func(x *engine.Change) (err error) {
			if err = x.Update("account", id, engine.Row{"telephone1": fmt.Sprint(n), "revenue": n}, engine.Guard{Version: version}); err == nil {
				version, _, err = x.Version("account", id)
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}

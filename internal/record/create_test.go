package record_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func TestARelatedRecordIsMadeOnce(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	parent := d.account("Parent")
	for name, m := range map[string]mishap{"well": fine, "lost before": lostBefore, "lost after": lostAfter, "cut": cutAfter, "out": refusedOutage} {
		f, err := d.service.New(t.Context(), d.caller, d.place, "contact", crm.Origin{Record: crm.Reference{Table: "account", ID: parent.ID, Name: "Parent"}, Relationship: grid(t, d.open(parent), "contact")})
		if err != nil || !f.New() || f.Token == "" {
			t.Fatal(err)
		}
		if x, ok := f.Field("parentcustomerid"); !ok || x.Input() != "account:"+parent.ID+":Parent" {
			t.Fatal(x)
		}
		empty, err := d.service.Save(t.Context(), d.caller, d.place, typed(f, nil))
		if x, _ := empty.Form.Field("lastname"); err != nil || empty.Outcome != crm.OutcomeInvalid || x.Problem == nil {
			t.Fatal(name, err, empty.Outcome)
		}
		service := *d.service
		service.Source = d.shaky().with(map[int]mishap{0: m}, nil)
		in := typed(f, map[string]string{"lastname": name})
		for range 2 {
			saved, err := service.Save(t.Context(), d.caller, d.place, in)
			if err != nil || saved.Outcome != crm.OutcomeSaved || saved.Form.Ref.ID == "" || saved.Form.New() || saved.Undo != "" {
				t.Fatal(name, err, saved.Outcome, saved.Form.Problems)
			}
		}
		filter := url.QueryEscape("_parentcustomerid_value eq " + parent.ID + " and lastname eq '" + name + "'")
		_, found := d.api(world.Administrator, http.MethodGet, "contacts?$select=lastname&$filter="+strings.ReplaceAll(filter, "+", "%20"), nil)
		if rows, _ := found["value"].([]any); len(rows) != 1 {
			t.Errorf("%s: %d records were made", name, len(rows))
		}
	}
}

func TestWhoMayNotCreate(t *testing.T) {
	d := at(t, world.ReadOnly, "en-US")
	_, err := d.service.New(t.Context(), d.caller, d.place, "account", crm.Origin{})
	if !fault.Is(err, fault.Forbidden) || fault.Of(err).Key != "record.no_create" {
		t.Error(err)
	}
}

// A record that is made in a list belongs there although its form does not say so: by its lookup, or tied once it is there.
func TestARecordBelongsToWhereItIsMade(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	parent := d.account("Parent")
	for table, want := range map[string]string{
		"hf_sitevisit": "hf_sitevisits?$select=hf_name&$filter=_hf_accountid_value eq " + parent.ID,
		"task":         "tasks?$select=subject&$filter=_regardingobjectid_value eq " + parent.ID,
		"lead":         "accounts(" + parent.ID + ")/accountleads_association?$select=leadid",
		"incident":     "incidents?$select=title&$filter=_customerid_value eq " + parent.ID,
	} {
		origin := crm.Origin{Record: crm.Reference{Table: "account", ID: parent.ID, Name: "Parent"}}
		switch table {
		case "lead", "incident":
			origin.Relationship = grid(t, d.open(parent), table)
		}
		f, err := d.service.New(t.Context(), d.caller, d.place, table, origin)
		if err != nil {
			t.Fatal(table, err)
		}
		in := map[string]string{}
		for _, x := range f.Fields {
			if x.Required == crm.Mandatory && x.ReadOnly == "" && len(x.Inputs()) == 0 {
				in[x.LogicalName] = "Made here"
			}
		}
		for range 2 {
			if saved := d.save(f, in); saved.Outcome != crm.OutcomeSaved || len(saved.Tied) > 0 {
				t.Fatal(table, saved.Outcome, saved.Form.Problems, saved.Tied)
			}
		}
		if n := d.count(want); n != 1 {
			t.Errorf("%s: %d belong there", table, n)
		}
	}
}

// Whom a call is from and to is known when it is made.
func TestACallIsFromWhoeverMakesIt(t *testing.T) {
	d := at(t, world.Seller, "en-US")
	contact := d.make("contacts", "contact", map[string]any{"firstname": "Ada", "lastname": "Byron"})
	f, err := d.service.New(t.Context(), d.caller, d.place, "phonecall", crm.Origin{Record: crm.Reference{Table: "contact", ID: contact.ID, Name: "Ada Byron"}})
	if err != nil {
		t.Fatal(err)
	}
	from, _ := f.Field("from")
	to, _ := f.Field("to")
	if !strings.HasSuffix(from.Input(), ":Tomas Lindqvist") || to.Input() != "contact:"+contact.ID+":Ada Byron" {
		t.Errorf("from %q to %q", from.Input(), to.Input())
	}
}

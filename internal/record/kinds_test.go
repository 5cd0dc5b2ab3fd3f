package record_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// other gives a text that makes a field something else than it is.
func (d *desk) other(f crm.Form, x crm.Field) ([]string, bool) {
	switch x.Kind {
	case crm.KindText, crm.KindMemo, crm.KindPhone:
		return []string{`<img src=x> "ü"` + "😀"}, x.MaxLength == 0 || x.MaxLength > 20
	case crm.KindRichText:
		return []string{"<p>rich &amp; <b>bold</b></p>"}, true
	case crm.KindEmail:
		return []string{"someone@example.com"}, true
	case crm.KindURL:
		return []string{"https://example.com/x?y=1"}, true
	case crm.KindInteger, crm.KindDecimal, crm.KindMoney, crm.KindFloat:
		for _, n := range []string{"17", "3", "1"} {
			low, _ := strconv.ParseFloat(x.Min, 64)
			high, err := strconv.ParseFloat(x.Max, 64)
			v, _ := strconv.ParseFloat(n, 64)
			if n != x.Value.Raw && v >= low && (err != nil || v <= high) {
				return []string{n}, true
			}
		}
	case crm.KindDuration:
		return []string{"2:15"}, true
	case crm.KindBoolean:
		return []string{map[string]string{"true": "false"}[x.Value.Raw] + map[bool]string{true: "true"}[x.Value.Raw != "true"]}, true
	case crm.KindChoice, crm.KindStatus:
		for _, o := range x.Options {
			if n := strconv.Itoa(o.Value); n != x.Value.Raw {
				return []string{n}, true
			}
		}
	case crm.KindChoices:
		if len(x.Options) > 1 {
			return []string{strconv.Itoa(x.Options[0].Value), strconv.Itoa(x.Options[1].Value)}, true
		}
	case crm.KindDateTime:
		return []string{"2027-03-04T10:20"}, true
	case crm.KindDate:
		return []string{"2027-03-04"}, true
	case crm.KindLookup, crm.KindPartyList:
		found, err := d.service.Lookup(d.t.Context(), d.caller, d.place, crm.LookupQuery{Table: f.Ref.Table, Column: x.LogicalName})
		if err != nil {
			d.t.Error(x.LogicalName, err)
		}
		for _, r := range found.Found {
			if r.Key() != x.Value.Raw && r.ID != f.Ref.ID && x.LogicalName != "transactioncurrencyid" {
				return []string{r.Input()}, true
			}
		}
	}
	return nil, false
}

// Every column that can be typed into, on every form, of every kind: saved, read back by another client, and taken back.
func TestEveryColumnOfEveryFormIsSaved(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	var seen []crm.Kind
	for _, table := range []struct{ name, set string }{
		{"account", "accounts"}, {"contact", "contacts"}, {"opportunity", "opportunities"}, {"lead", "leads"}, {"task", "tasks"},
		{"phonecall", "phonecalls"}, {"appointment", "appointments"}, {"email", "emails"}, {"hf_vessel", "hf_vessels"}, {"hf_sitevisit", "hf_sitevisits"},
	} {
		status, answer := d.api(world.Administrator, http.MethodGet, table.set+"?$top=1&$filter=statecode%20eq%200", nil)
		rows, _ := answer["value"].([]any)
		if status != http.StatusOK || len(rows) == 0 {
			t.Log(table.name, "has no rows:", status)
			continue
		}
		first := rows[0].(map[string]any)
		id, _ := first[table.name+"id"].(string)
		if id == "" {
			id, _ = first["activityid"].(string)
		}
		ref := crm.RecordRef{Organization: d.place.Organization.URL, Table: table.name, ID: id}
		start := d.open(ref)
		var forms []crm.Form
		for _, other := range append(start.Forms, crm.FormRef{}) {
			f, err := d.service.Open(t.Context(), d.caller, d.place, ref, other.ID)
			if err != nil {
				t.Fatal(table.name, other, err)
			}
			forms = append(forms, f)
		}
		for i := range forms {
			f, err := d.service.Open(t.Context(), d.caller, d.place, ref, forms[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, column := range f.Fields {
				x, ok := f.Field(column.LogicalName)
				if !ok || x.ReadOnly != "" || x.LogicalName == "ownerid" {
					continue
				}
				texts, possible := d.other(f, x)
				if !possible {
					continue
				}
				if slices.Equal(texts, x.Inputs()) {
					continue // another form has had its turn
				}
				in := typed(f, nil)
				in.Columns[x.LogicalName] = texts
				saved, err := d.service.Save(t.Context(), d.caller, d.place, in)
				if err != nil || saved.Outcome != crm.OutcomeSaved {
					y, _ := saved.Form.Field(x.LogicalName)
					t.Errorf("%s.%s kind %d %q: %v outcome %d %+v %+v", table.name, x.LogicalName, x.Kind, texts, err, saved.Outcome, y.Problem, saved.Form.Problems)
					if f, err = d.service.Open(t.Context(), d.caller, d.place, ref, f.ID); err != nil {
						t.Fatal(err)
					}
					continue
				}
				want := saved.Changes[slices.IndexFunc(saved.Changes, func(c crm.Change) bool { return c.Column.LogicalName == x.LogicalName })].New
				if x.Kind != crm.KindPartyList {
					if got := d.raw(table.set, ref, x); !same(x, got, want.Raw) {
						t.Errorf("%s.%s kind %d holds %q, and the receipt says %q", table.name, x.LogicalName, x.Kind, got, want.Raw)
					}
				}
				seen = append(seen, x.Kind)
				f = saved.Form
				if saved.Undo != "" && !x.Value.Empty() {
					undone, err := d.service.Undo(t.Context(), d.caller, d.place, saved.Undo)
					if err != nil || undone.Outcome != crm.OutcomeSaved {
						t.Errorf("%s.%s is not taken back: %v %d", table.name, x.LogicalName, err, undone.Outcome)
					}
					// Seeded floats have more decimals than their column keeps.
					if y, _ := undone.Form.Field(x.LogicalName); !x.Same(x.Value, y.Value) && (x.Kind != crm.KindFloat || x.Value.Text != y.Value.Text) {
						t.Errorf("%s.%s was %q and is taken back to %q", table.name, x.LogicalName, x.Value.Raw, y.Value.Raw)
					}
					f = undone.Form
				}
			}
		}
	}
	for _, kind := range crm.Kinds() {
		switch kind {
		case crm.KindState, crm.KindStatus, crm.KindID, crm.KindImage, crm.KindFile, crm.KindOther:
			continue
		}
		if !slices.Contains(seen, kind) {
			t.Errorf("no column of kind %d was saved", kind)
		}
	}
}

// raw is what another client reads.
func (d *desk) raw(set string, ref crm.RecordRef, x crm.Field) string {
	if x.Kind == crm.KindLookup {
		id, _ := d.held(set, ref, "_"+x.LogicalName+"_value").(string)
		return id
	}
	switch v := d.held(set, ref, x.LogicalName).(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func same(x crm.Field, held, told string) bool {
	if x.Kind == crm.KindLookup {
		return held != "" && strings.HasSuffix(told, ":"+held)
	}
	return x.Same(crm.Value{Raw: held}, crm.Value{Raw: told})
}

package dataverse

import (
	"slices"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// fill puts a row on the form.
func (s sheet) fill(ref crm.RecordRef, r row, access crm.Access) crm.Form {
	f := s.blank(ref, access)
	f.ETag, _ = r["@odata.etag"].(string)
	f.Title = r.cell(s.plan.PrimaryName).text
	f.State = s.state(r)
	f.Changed = crm.Touched{By: s.reference("modifiedby", r.cell("modifiedby"))}
	f.Changed.At, _ = time.Parse(time.RFC3339, r.cell("modifiedon").raw)
	if id := r.cell(s.plan.image + "id"); s.plan.image != "" && id.set {
		f.Image, f.ImageColumn = &crm.FileValue{Name: id.raw}, s.plan.image
	}
	currency, decimals := currencyOf(r, s.plan)
	for i := range f.Fields {
		x := &f.Fields[i]
		if x.Kind == crm.KindMoney {
			x.Currency = currency
			if decimals >= 0 {
				x.Precision = decimals
			}
		}
		if f.State.Inactive && x.ReadOnly == "" {
			x.ReadOnly = crm.ReadOnlyInactive
		}
		if x.Kind == crm.KindStatus {
			x.Options = reasons(x.Options, f.State)
		}
		x.Value = s.value(*x, r)
		// Who is not told about column security cannot tell an empty value from a hidden one.
		x.Masked = x.Masked || x.Secured && s.permissions == nil && x.Value.Empty()
	}
	each(&f, func(control *crm.Control) {
		if control.Kind == crm.ControlQuickView {
			s.quickView(control, r)
		}
	})
	return f
}

// value reads one column of a row.
func (s sheet) value(x crm.Field, r row) crm.Value {
	cell := r.cell(x.LogicalName)
	switch x.Kind {
	case crm.KindLookup:
		if !cell.set {
			return crm.Value{}
		}
		return x.ValueOfRefs([]crm.Reference{s.reference(x.LogicalName, cell)})
	case crm.KindPartyList:
		return x.ValueOfRefs(s.partiesOf(r, partyMasks[x.LogicalName]))
	case crm.KindFile:
		if !cell.set {
			return crm.Value{}
		}
		name := r.cell(x.LogicalName + "_name").raw
		return crm.Value{Raw: cell.raw, Text: name, File: &crm.FileValue{Name: name}}
	case crm.KindImage:
		id := r.cell(x.LogicalName + "id")
		if !id.set {
			return crm.Value{}
		}
		return crm.Value{Raw: id.raw, File: &crm.FileValue{Name: r.cell(x.LogicalName + "_timestamp").raw}}
	}
	if !cell.set {
		return crm.Value{}
	}
	return x.ValueOf(s.reading, cell.raw, cell.text)
}

// reference reads a lookup. Where the row does not say which table it leads to, there is only one.
func (s sheet) reference(column string, v value) crm.Reference {
	if !v.set {
		return crm.Reference{}
	}
	table := v.table
	if targets := s.plan.fields[column].Targets; table == "" && len(targets) == 1 {
		table = targets[0]
	}
	return crm.Reference{Table: table, ID: v.raw, Name: v.text}
}

// partiesOf reads the people that take one part in an activity.
func (s sheet) partiesOf(r row, mask int) []crm.Reference {
	all, _ := r[s.plan.parties].([]any)
	var refs []crm.Reference
	for _, one := range all {
		party, _ := one.(map[string]any)
		if row(party).cell("participationtypemask").raw != strconv.Itoa(mask) {
			continue
		}
		address := row(party).cell("addressused").raw
		who := row(party).cell("partyid")
		switch {
		case who.set:
			refs = append(refs, crm.Reference{Table: who.table, ID: who.raw, Name: who.text, Address: address})
		case address != "":
			refs = append(refs, crm.Reference{Name: address, Address: address})
		}
	}
	return refs
}

// state reads the state. Activities that are scheduled are as open as open ones (activitypointer, statecode 3).
func (s sheet) state(r row) crm.RecordState {
	var state crm.RecordState
	if code := r.cell("statecode"); code.set {
		n, _ := strconv.Atoi(code.raw)
		state.State = crm.Option{Value: n, Label: code.text}
		state.Inactive = n != 0 && (!s.plan.activity || n != 3)
	}
	if code := r.cell("statuscode"); code.set {
		n, _ := strconv.Atoi(code.raw)
		state.Status = crm.Option{Value: n, Label: code.text}
		for _, o := range s.plan.fields["statuscode"].Options {
			if o.Value == n {
				state.Status.Next = o.Next
			}
		}
	}
	if master := r.cell("masterid"); master.set && state.Inactive {
		into := crm.Reference{Table: s.plan.LogicalName, ID: master.raw, Name: master.text}
		state.Into = &into
	}
	return state
}

// reasons keeps the status reasons that may be chosen while the state stays as it is.
func reasons(options []crm.Option, state crm.RecordState) []crm.Option {
	var kept []crm.Option
	for _, o := range options {
		if o.State == state.State.Value && (o.Value == state.Status.Value || state.Status.Next == nil || slices.Contains(state.Status.Next, o.Value)) {
			kept = append(kept, o)
		}
	}
	return kept
}

// currencyOf reads the record's currency; decimals are -1 when they are not known.
func currencyOf(r row, plan *blueprint) (crm.Currency, int) {
	way, _ := plan.way("transactioncurrencyid", "transactioncurrency")
	expanded, _ := r[way].(map[string]any)
	if expanded == nil {
		return crm.Currency{}, -1
	}
	c := crm.Currency{Symbol: row(expanded).cell("currencysymbol").raw, Code: row(expanded).cell("isocurrencycode").raw}
	n, err := strconv.Atoi(row(expanded).cell("currencyprecision").raw)
	if err != nil || n < 0 || n > 10 {
		return c, -1
	}
	return c, n
}

// quickView fills a quick view from the record that its lookup points to.
func (s sheet) quickView(control *crm.Control, r row) {
	p, view := s.panes[control.Key], control.QuickView
	lookup := r.cell(p.column)
	if !lookup.set {
		return
	}
	ref := s.reference(p.column, lookup)
	view.Record = &ref
	for _, t := range p.targets {
		if t.plan.LogicalName != ref.Table {
			continue
		}
		other, _ := r[t.way].(map[string]any)
		if other == nil {
			view.Refused = true
			return
		}
		elsewhere := sheet{outline: &outline{plan: t.plan}, reading: s.reading, permissions: s.permissions}
		for _, x := range t.fields {
			elsewhere.secure(&x, false)
			x.Value = elsewhere.value(x, row(other))
			view.Fields = append(view.Fields, x)
		}
	}
}

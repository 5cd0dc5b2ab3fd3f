package crm

import (
	"slices"
	"strings"
)

// Apply turns what a person typed into values by the rules of the form, and gives the form with what was typed in it and a
// problem at every field whose text cannot be kept, and the changes: only columns whose value is another one now, in the
// form's order. Whoever saves looks at Valid first; with problems the changes are those of the other fields. Columns that
// the form does not have, or not for typing, never become a change (mass assignment): where somebody has typed into one all
// the same, because the form was another one when they began, they are told.
func (f Form) Apply(in Input) (Form, []Change) {
	f.Fields = slices.Clone(f.Fields)
	f.Problems = nil
	var changes []Change
	for i := range f.Fields {
		x := &f.Fields[i]
		x.Typed, x.Problem = nil, nil
		texts, offered := in.Columns[x.LogicalName]
		if x.Conflict != nil {
			chosen := *x.Conflict
			x.Conflict = &chosen
			if chosen.Overlap {
				x.Conflict.Choice = in.Choices[x.LogicalName]
			}
			if x.Conflict.Choice == Theirs {
				continue
			}
		}
		if !offered {
			if f.New() && x.ReadOnly == "" && x.Required == Mandatory && x.Value.Empty() {
				x.Problem = &Problem{Key: "problem.required"}
			}
			continue
		}
		if change, ok := x.take(f.Reading, texts, in.Plain, f.ETag != ""); ok {
			if x.Conflict != nil && x.Conflict.Overlap && x.Conflict.Choice == "" {
				x.Problem = &Problem{Key: "problem.choose"}
			}
			changes = append(changes, change)
		}
	}
	if lost := f.misplaced(in); len(lost) > 0 && !in.Confirmed {
		f.Problems = append(f.Problems, Problem{Key: "problem.misplaced", Args: map[string]any{"n": len(lost), "columns": strings.Join(lost, ", ")}})
	}
	return f, changes
}

// take reads the texts for a field. It reports false when the value stays what it is. Of a record that is there already it is said
// that a value was missing before, since nobody has touched that.
func (x *Field) take(reading Reading, texts []string, plain, kept bool) (Change, bool) {
	texts = x.meant(texts)
	if x.untouched(texts) {
		if x.require(x.Value); x.Problem != nil && kept {
			x.Problem = &Problem{Key: "problem.required-before"}
		}
		return Change{}, false
	}
	if x.ReadOnly != "" {
		return Change{}, false // Form.misplaced tells
	}
	value, problem := x.parse(reading, texts, plain)
	if problem == nil && x.same(value) {
		x.require(x.Value)
		return Change{}, false
	}
	// An empty slice says that the person emptied the field.
	x.Typed, x.Problem = append([]string{}, texts...), problem
	if problem != nil {
		return Change{}, false
	}
	x.require(value)
	return Change{Column: x.Column, Old: x.Value, New: value}, true
}

// require notes that a value is missing.
func (x *Field) require(value Value) {
	if x.Required == Mandatory && x.ReadOnly == "" && (value.Empty() || x.Kind.Textual() && strings.TrimSpace(value.Raw) == "") {
		x.Problem = &Problem{Key: "problem.required"}
	}
}

// meant brings texts into the form in which they are compared and kept: what browsers do to line ends is undone.
func (x *Field) meant(texts []string) []string {
	texts = filled(texts)
	for i, t := range texts {
		switch x.Kind {
		case KindMemo, KindRichText:
			t = strings.ReplaceAll(t, "\r\n", "\n")
			t = strings.ReplaceAll(t, "\r", "\n")
		case KindText, KindEmail, KindPhone, KindURL:
			t = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ").Replace(t)
		default:
			t = strings.TrimSpace(t)
		}
		texts[i] = t
	}
	if x.Kind == KindDateTime && len(texts) == 2 {
		texts = []string{texts[0] + "T" + texts[1]}
	}
	if x.Kind == KindDateTime && len(texts) == 1 && len(texts[0]) == len("2006-01-02T15:04:00") {
		texts[0] = strings.TrimSuffix(texts[0], ":00")
	}
	if x.Kind == KindChoices {
		slices.Sort(texts)
		texts = slices.Compact(texts)
	}
	return texts
}

// untouched reports whether texts are those that the field's value is shown as; by what name a record is shown does not matter.
func (x *Field) untouched(texts []string) bool {
	return slices.EqualFunc(texts, x.meant(x.Value.Inputs), func(a, b string) bool {
		if x.Kind == KindLookup || x.Kind == KindPartyList {
			r, one := ReferenceFrom(a)
			o, other := ReferenceFrom(b)
			return one && other && r.Key() == o.Key()
		}
		return a == b
	})
}

// Same reports whether two values of the field are one and the same.
func (x Field) Same(a, b Value) bool {
	x.Value = a
	return x.same(b)
}

// same reports whether a value is the one that the record has.
func (x *Field) same(v Value) bool {
	if x.Kind.Numeric() {
		return sameNumber(x.Value.Raw, v.Raw)
	}
	return x.Value.Raw == v.Raw
}

// misplaced names the columns that somebody typed into although this form does not let them.
func (f Form) misplaced(in Input) []string {
	var lost []string
	for column, texts := range in.Columns {
		switch i := f.index(column); {
		case i < 0 && len(filled(texts)) > 0:
			lost = append(lost, column)
		case i >= 0 && f.Fields[i].ReadOnly != "" && !f.Fields[i].untouched(f.Fields[i].meant(texts)):
			lost = append(lost, f.Fields[i].Label)
		}
	}
	slices.Sort(lost)
	return lost
}

// Rebase puts other values under a form, as a record that was read again has them: what is shown, compared with and
// offered for typing are the new ones.
func (f Form) Rebase(values map[string]Value) Form {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		if v, ok := values[f.Fields[i].LogicalName]; ok {
			f.Fields[i].Value = v
		}
	}
	return f
}

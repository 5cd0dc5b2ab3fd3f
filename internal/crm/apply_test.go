package crm

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	berlin, _ = time.LoadLocation("Europe/Berlin")
	german    = Reading{Locale: "de-DE", Zone: berlin, Formats: Formats{Date: "dd.MM.yyyy", Time: "HH:mm", Decimal: ",", Group: "."}}
	plain     = Reading{Locale: "en-US", Zone: time.UTC}
)

const someID = "0c000000-0000-4000-8000-000000000001"

// sample is a field of a kind with what people type into it: what comes of it, and what is refused.
type sample struct {
	field   Field
	typed   []string
	raw     string
	refused map[string]string // text to problem
}

func options(values ...int) (all []Option) {
	for _, v := range values {
		all = append(all, Option{Value: v, Label: strings.Repeat("x", v)})
	}
	return all
}

// samples has one for every kind; nil where nobody types.
func samples() map[Kind]*sample {
	number := map[string]string{"1.5": "problem.number", "abc": "problem.number", "1,2,3": "problem.number", "1e5": "problem.number", "--1": "problem.number", "99999": "problem.most", "-99999": "problem.least", "12.34": "problem.number"}
	bounded := func(precision int) Field {
		return Field{Column: Column{Precision: precision}, Min: "-50000", Max: "50000", Currency: Currency{Symbol: "€", Code: "EUR"}}
	}
	with := func(extra map[string]string) map[string]string {
		all := map[string]string{}
		for k, v := range number {
			all[k] = v
		}
		for k, v := range extra {
			all[k] = v
		}
		return all
	}
	long := map[string]string{strings.Repeat("é", 21): "problem.too_long", strings.Repeat("😀", 11): "problem.too_long", "a\x00b": "problem.characters", "\xff": "problem.characters"}
	text := Field{MaxLength: 20}
	lookup := Field{Column: Column{Targets: []string{"account", "contact"}}}
	choice := Field{Column: Column{Options: options(1, 2, 3)}}
	return map[Kind]*sample{
		KindText:      {text, []string{"<b>näh</b> 😀"}, "<b>näh</b> 😀", long},
		KindMemo:      {text, []string{"a\r\nb"}, "a\nb", long},
		KindRichText:  {text, []string{"<p>a</p>"}, "<p>a</p>", long},
		KindPhone:     {text, []string{"+49 30 1"}, "+49 30 1", long},
		KindEmail:     {text, []string{" a@b.example "}, "a@b.example", map[string]string{"a": "problem.email", "a@b, c@d": "problem.email", "A <a@b.example>": "problem.email"}},
		KindURL:       {text, []string{"b.example/x"}, "https://b.example/x", map[string]string{"javascript:alert(1)": "problem.url", "javascript://x": "problem.url", "https://a b": "problem.url", "https://u:p@x": "problem.url"}},
		KindInteger:   {bounded(0), []string{"−1.234"}, "-1234", with(map[string]string{"1,5": "problem.whole"})},
		KindDecimal:   {bounded(2), []string{"1.234,5"}, "1234.5", with(map[string]string{"1,234": "problem.decimals"})},
		KindFloat:     {bounded(3), []string{"٠,١٢٥"}, "0.125", number},
		KindMoney:     {bounded(2), []string{"€ 1.234,50"}, "1234.5", with(map[string]string{"1,234": "problem.decimals", "$5": "problem.number"})},
		KindDuration:  {bounded(0), []string{"1:30"}, "90", map[string]string{"1:75": "problem.number", "x": "problem.number", "1,5": "problem.whole"}},
		KindBoolean:   {Field{}, []string{"true"}, "true", map[string]string{"yes": "problem.choice"}},
		KindChoice:    {choice, []string{"2"}, "2", map[string]string{"9": "problem.choice", "two": "problem.choice"}},
		KindStatus:    {choice, []string{"2"}, "2", map[string]string{"9": "problem.choice"}},
		KindChoices:   {choice, []string{"3", "", "1"}, "1,3", map[string]string{"9": "problem.choice"}},
		KindDateTime:  {Field{}, []string{"2026-07-01T14:05"}, "2026-07-01T12:05:00Z", map[string]string{"2026-02-30T10:00": "problem.date", "x": "problem.date", "2026-07-01T25:00": "problem.time", "2026-03-29T02:30": "problem.no_such_time", "1700-01-01T00:00": "problem.date_range"}},
		KindDate:      {Field{Behavior: DateOnly}, []string{"24.12.2026"}, "2026-12-24", map[string]string{"2026-13-01": "problem.date", "1.2": "problem.date", "1700-01-01": "problem.date_range"}},
		KindLookup:    {lookup, []string{"account:" + someID + ":Contoso"}, "account:" + someID, map[string]string{"lead:" + someID: "problem.lookup_table", "Contoso": "problem.lookup", "address:a@b.example": "problem.lookup"}},
		KindPartyList: {lookup, []string{"contact:" + someID, "a@b.example"}, "contact:" + someID + ";address:a@b.example", map[string]string{"nobody": "problem.lookup", "lead:" + someID: "problem.lookup_table"}},
		KindState:     nil, KindID: nil, KindImage: nil, KindFile: nil, KindOther: nil,
	}
}

func formOf(reading Reading, fields ...Field) Form {
	return Form{Ref: RecordRef{Table: "t", ID: someID}, Reading: reading, Fields: fields}
}

// Every kind of column is typed into by its rules, and what nobody touches never becomes a change.
func TestEveryKindIsTypedInto(t *testing.T) {
	all := samples()
	for _, kind := range Kinds() {
		s, known := all[kind]
		if !known {
			t.Errorf("kind %d has no sample", kind)
			continue
		}
		if s == nil {
			x := Field{Column: Column{LogicalName: "c", Kind: kind}}
			if _, problem := x.parse(german, []string{"1"}, false); problem == nil {
				t.Errorf("kind %d is typed into", kind)
			}
			continue
		}
		x := s.field
		x.LogicalName, x.Kind = "c", kind
		f := formOf(german, x)
		done, changes := f.Apply(Input{Columns: map[string][]string{"c": s.typed}})
		if !done.Valid() || len(changes) != 1 || changes[0].New.Raw != s.raw || changes[0].New.Text == "" {
			t.Errorf("kind %d: %+v %+v", kind, changes, done.Fields[0].Problem)
			continue
		}
		for text, want := range s.refused {
			got, changes := f.Apply(Input{Columns: map[string][]string{"c": {text}}})
			if p := got.Fields[0].Problem; p == nil || p.Key != want || len(changes) != 0 || got.Fields[0].Input() != text && kind != KindLookup && kind != KindPartyList {
				t.Errorf("kind %d, %q: %+v, %d changes, %q is shown", kind, text, p, len(changes), got.Fields[0].Input())
			}
		}
		// What has been saved is shown, posted back untouched, emptied, and missing.
		f.Fields[0].Value = changes[0].New
		inputs := f.Fields[0].Inputs()
		for name, in := range map[string]map[string][]string{"untouched": {"c": append([]string{""}, inputs...)}, "as typed": {"c": s.typed}, "not offered": {}} {
			if got, changes := f.Apply(Input{Columns: in}); len(changes) != 0 || !got.Valid() {
				t.Errorf("kind %d, %s: %+v", kind, name, changes)
			}
		}
		if _, changes := f.Apply(Input{Columns: map[string][]string{"c": {""}}}); len(changes) != 1 || !changes[0].New.Empty() || changes[0].Old.Raw != s.raw {
			t.Errorf("kind %d is not emptied: %+v", kind, changes)
		}
		f.Fields[0].Required = Mandatory
		if got, _ := f.Apply(Input{Columns: map[string][]string{"c": {""}}}); got.Fields[0].Problem == nil || got.Fields[0].Problem.Key != "problem.required" {
			t.Errorf("kind %d may be left empty", kind)
		}
		f.Fields[0].ReadOnly = ReadOnlySecured
		got, changes := f.Apply(Input{Columns: map[string][]string{"c": {"something else"}}})
		if len(changes) != 0 || len(got.Problems) != 1 || got.Problems[0].Key != "problem.misplaced" {
			t.Errorf("kind %d is written although it is read-only: %+v", kind, changes)
		}
		if got, _ := f.Apply(Input{Columns: map[string][]string{"c": inputs}}); len(got.Problems) != 0 {
			t.Errorf("kind %d: %+v", kind, got.Problems)
		}
	}
}

func TestCardsWriteAsMachinesDo(t *testing.T) {
	f := formOf(german, Field{Column: Column{LogicalName: "n", Kind: KindDecimal, Precision: 2}}, Field{Column: Column{LogicalName: "d", Kind: KindDateTime}})
	_, changes := f.Apply(Input{Plain: true, Columns: map[string][]string{"n": {"1234.5"}, "d": {"2026-07-01", "14:05"}}})
	if len(changes) != 2 || changes[0].New.Raw != "1234.5" || changes[1].New.Raw != "2026-07-01T12:05:00Z" {
		t.Errorf("%+v", changes)
	}
	_, changes = f.Apply(Input{Columns: map[string][]string{"n": {"1.234"}}})
	if len(changes) != 1 || changes[0].New.Raw != "1234" {
		t.Errorf("%+v", changes)
	}
}

func TestSecondsAndMidnightsSurvive(t *testing.T) {
	moment := Field{Column: Column{LogicalName: "d", Kind: KindDateTime}}
	moment.Value = moment.ValueOf(german, "2026-07-01T12:05:33Z", "")
	day := Field{Column: Column{LogicalName: "l", Kind: KindDate}}
	day.Value = day.ValueOf(german, "2026-06-30T22:00:00Z", "")
	clock := Field{Column: Column{LogicalName: "z", Kind: KindDateTime}, Behavior: ZoneIndependent}
	clock.Value = clock.ValueOf(german, "2026-07-01T12:05:00Z", "")
	f := formOf(german, moment, day, clock)
	if diff := cmp.Diff([][]string{{"2026-07-01T14:05"}, {"2026-07-01"}, {"2026-07-01T12:05"}}, [][]string{moment.Value.Inputs, day.Value.Inputs, clock.Value.Inputs}); diff != "" {
		t.Error(diff)
	}
	_, changes := f.Apply(Input{Columns: map[string][]string{"d": {"2026-07-01T14:05"}, "l": {"2026-07-01"}, "z": {"2026-07-01T12:05"}}})
	if len(changes) != 0 {
		t.Errorf("%+v", changes)
	}
	_, changes = f.Apply(Input{Columns: map[string][]string{"l": {"2026-12-24"}, "z": {"2026-07-01T13:00"}}})
	if len(changes) != 2 || changes[0].New.Raw != "2026-12-23T23:00:00Z" || changes[1].New.Raw != "2026-07-01T13:00:00Z" {
		t.Errorf("%+v", changes)
	}
}

func FuzzTypedNumbers(f *testing.F) {
	for _, s := range []string{"1.234,5", "-1", "1,5", "", "٣", "1'000", "9e9", "1 000"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, separated bool) {
		reading := plain
		if separated {
			reading = german
		}
		n, ok := reading.read(text, false)
		if !ok {
			return
		}
		again, ok := reading.read(reading.number(n, true), false)
		if !ok || again != n {
			t.Errorf("%q is %q, shown as %q, and that is %q", text, n, reading.number(n, true), again)
		}
	})
}
